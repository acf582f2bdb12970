//! Writing many bytes, a chunk at a time.

use std::fs::File;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::ops::Range;

use super::explain;
use crate::interrupt::Interrupt;
use crate::pattern::Pattern;
use crate::progress::Progress;

/// Bytes written at once.
const CHUNK: u64 = 1 << 20;

/// The smallest page. A page that is written as a whole need not be read from disk before.
const PAGE: u64 = 4096;

/// Returns how many of the `left` bytes to write next at `offset`. All chunks but the last end with
/// a page.
pub(crate) fn chunk(offset: u64, left: u64) -> usize {
    let to_page = offset.next_multiple_of(PAGE) - offset;
    left.min(CHUNK + to_page) as usize
}

/// Why writing ended early.
#[derive(Debug)]
pub(crate) struct Stopped {
    /// Bytes that were written.
    pub(crate) written: u64,
    /// What happened then.
    pub(crate) cause: anyhow::Error,
}

/// Writes `pattern` over a range of bytes, which begins and ends with an element.
///
/// # Errors
///
/// The pattern ends, writing fails, or a signal asks to stop.
pub(crate) fn write(
    mut file: &File,
    bytes: Range<u64>,
    pattern: &mut dyn Pattern,
    interrupt: &Interrupt,
    mut progress: Progress,
) -> Result<(), Stopped> {
    let mut at = bytes.start;
    let mut step = || -> anyhow::Result<bool> {
        interrupt.check()?;
        if at == bytes.end {
            return Ok(false);
        }
        let part = pattern.next(chunk(at, bytes.end - at))?;
        file.seek(SeekFrom::Start(at)).map_err(explain)?;
        file.write_all(part).map_err(explain)?;
        at += part.len() as u64;
        progress.advance(part.len() as u64);
        Ok(true)
    };
    let end = loop {
        match step() {
            Ok(true) => {}
            Ok(false) => break Ok(()),
            Err(cause) => break Err(cause),
        }
    };
    end.map_err(|cause| Stopped { written: at - bytes.start, cause })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_end_with_pages() {
        for (offset, left, expected) in [
            (0, 10, 10),
            (0, CHUNK, CHUNK),
            (0, CHUNK + 1, CHUNK),
            (4095, 2 * CHUNK, CHUNK + 1),
            (1, 2 * CHUNK, CHUNK + 4095),
            (8192, u64::MAX - 8192, CHUNK),
        ] {
            assert_eq!(chunk(offset, left) as u64, expected, "{left} at {offset}");
        }
    }
}
