//! Writing many bytes, a chunk at a time.

use std::fs::File;
use std::io::{self, ErrorKind, IoSlice, Seek as _, SeekFrom, Write as _};
use std::ops::Range;

use platform_mem::Error;

use super::explain;
use crate::env::Interrupt;
use crate::env::Progress;
use crate::pattern::{Part, Pattern};

/// Bytes written at once; they are still in the cache of a core that has just made them.
const CHUNK: u64 = 512 * 1024;

/// The smallest page. A page that is written as a whole need not be read from disk before.
const PAGE: u64 = 4096;

/// Returns how many of the `left` bytes to write next at `offset`: whole elements of `size` bytes.
/// All chunks but the last end with a page, where elements do.
pub(crate) fn chunk(offset: u64, left: u64, size: u64) -> u64 {
    let to_page = offset.next_multiple_of(PAGE) - offset;
    let most = CHUNK + to_page;
    left.min((most - most % size).max(size))
}

/// Why writing ended early.
#[derive(Debug)]
pub(crate) struct Stopped {
    /// Bytes that were written.
    pub(crate) written: u64,
    /// What happened then.
    pub(crate) cause: anyhow::Error,
}

/// The length that a file has while it is written. Nobody else may change it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Length {
    /// So many bytes.
    Fixed(u64),
    /// It ends where the next bytes go.
    Growing,
}

/// Writes `pattern` to a range of bytes, elements of `size` bytes, of a file of such a length.
///
/// # Errors
///
/// The pattern ends, writing fails, the length of the file changes, or a signal asks to stop.
pub(crate) fn write(
    file: &File,
    length: Length,
    bytes: Range<u64>,
    size: u64,
    pattern: &mut dyn Pattern,
    interrupt: &Interrupt,
    mut progress: Progress,
) -> Result<(), Stopped> {
    let mut at = bytes.start;
    let mut write = || -> anyhow::Result<()> {
        while at < bytes.end {
            interrupt.check()?;
            let part = pattern.next(chunk(at, bytes.end - at, size) as usize)?;
            let before = at;
            let written = write_part(file, length, part, &mut at);
            progress.advance(at - before);
            written.map_err(explain)?;
        }
        length.check(file, at).map_err(explain)?;
        Ok(interrupt.check()?)
    };
    write().map_err(|cause| Stopped { written: at - bytes.start, cause })
}

impl Length {
    /// Makes sure that nobody else has changed the length of a file that is written up to `at`.
    fn check(self, file: &File, at: u64) -> Result<(), Error> {
        let expected = if let Self::Fixed(length) = self { length } else { at };
        let found = file.metadata()?.len();
        if found == expected { Ok(()) } else { Err(Error::LengthChanged { expected, found }) }
    }
}

/// Writes a part of a pattern to the place `at`, and moves that on by what was written.
///
/// The length of the file is looked at before, as writing would make a file longer that another
/// program has just cut. It may be cut between the look and the write, too: so the last byte of a
/// file is written by itself, after one more look. A write before that ends inside the file, and
/// cannot give it the length back that it had.
fn write_part(file: &File, length: Length, part: Part, at: &mut u64) -> Result<(), Error> {
    let Part { bytes, len } = part;
    length.check(file, *at)?;
    let ends = matches!(length, Length::Fixed(length) if *at + len as u64 == length);
    let inside = if ends { len.saturating_sub(1) } else { len };
    write_repeated(file, bytes, 0..inside, at)?;
    if inside < len {
        length.check(file, *at)?;
        write_repeated(file, bytes, inside..len, at)?;
    }
    Ok(())
}

/// Writes a range of the repetitions of `bytes`. All of them go to the system at once, so that what
/// repeats is not copied before, and no page is written in two steps.
fn write_repeated(
    mut file: &File,
    bytes: &[u8],
    range: Range<usize>,
    at: &mut u64,
) -> Result<(), Error> {
    file.seek(SeekFrom::Start(*at))?;
    let mut done = range.start;
    while done < range.end {
        let written = match range.end <= bytes.len() {
            true => file.write(&bytes[done..range.end]),
            false => file.write_vectored(&slices(bytes, done..range.end)),
        };
        match written {
            Ok(0) => return Err(io::Error::from(ErrorKind::WriteZero).into()),
            Ok(written) => {
                done += written;
                *at += written as u64;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Returns where a range of the repetitions of `bytes` lies.
fn slices(bytes: &[u8], range: Range<usize>) -> Vec<IoSlice<'_>> {
    let mut at = range.start;
    let mut slices = Vec::new();
    while at < range.end {
        let first = at % bytes.len();
        let end = bytes.len().min(first + range.end - at);
        slices.push(IoSlice::new(&bytes[first..end]));
        at += end - first;
    }
    slices
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_end_with_pages() {
        for (offset, left, size, expected) in [
            (0, 10, 1, 10),
            (0, CHUNK, 8, CHUNK),
            (0, 2 * CHUNK, 8, CHUNK),
            (4095, 2 * CHUNK, 1, CHUNK + 1),
            (4092, 2 * CHUNK, 4, CHUNK + 4),
            (1, 2 * CHUNK, 1, CHUNK + 4095),
            (8192, u64::MAX - 8191, 1, CHUNK),
            // Elements that do not end with a page are whole all the same.
            (0, 6 * CHUNK, 3, CHUNK - 2),
            (45, 8 * CHUNK, 4, CHUNK + 4048),
            (0, 4 * CHUNK, 2 * CHUNK, 2 * CHUNK),
        ] {
            assert_eq!(chunk(offset, left, size), expected, "{left} at {offset} of {size}");
        }
    }

    #[test]
    fn slices_of_repetitions() {
        for (range, expected) in [
            (0..8, &[&b"abc"[..], b"abc", b"ab"][..]),
            (2..4, &[b"c", b"a"]),
            (4..5, &[b"b"]),
            (3..3, &[]),
        ] {
            let slices: Vec<_> = slices(b"abc", range.clone());
            assert!(slices.iter().map(|slice| &**slice).eq(expected.iter().copied()), "{range:?}");
        }
    }
}
