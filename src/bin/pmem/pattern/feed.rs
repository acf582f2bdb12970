//! Bytes from elsewhere, in the chunks in which they are to be written.

use std::io::{self, Read as _};
use std::ops::Range;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel, sync_channel};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;

use crate::edit::chunk;
use crate::env::Interrupt;
use crate::input::Source;

/// How long a signal may go unnoticed while nothing comes in.
const PATIENCE: Duration = Duration::from_millis(50);

/// Buffers that wait to be written, at most.
const AHEAD: usize = 2;

/// Reads what is to be written to a range of bytes, and nothing beyond.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "a command has one of them; a box would gain nothing"
)]
pub(super) enum Feed {
    /// A file, which never lets one wait for long.
    File(Chunks),
    /// A pipe, which may: a thread of its own reads it, so that signals are noticed meanwhile.
    Pipe {
        /// Buffers with bytes.
        full: Receiver<io::Result<Vec<u8>>>,
        /// Buffers that were written.
        empty: Sender<Vec<u8>>,
        interrupt: Interrupt,
    },
}

impl Feed {
    /// Starts a thread that reads ahead.
    ///
    /// # Errors
    ///
    /// The system has no thread to spare.
    pub(super) fn pipe(mut chunks: Chunks, interrupt: Interrupt) -> anyhow::Result<Self> {
        let (filled, full) = sync_channel(AHEAD);
        let (empty, emptied) = channel::<Vec<u8>>();
        let read = move || {
            loop {
                let mut buffer = emptied.try_recv().unwrap_or_default();
                let result = chunks.next(&mut buffer);
                let ended = result.is_err() || buffer.is_empty();
                if filled.send(result.map(|()| buffer)).is_err() || ended {
                    return;
                }
            }
        };
        thread::Builder::new().spawn(read).context("no thread for reading")?;
        Ok(Self::Pipe { full, empty, interrupt })
    }

    /// Replaces what is in `buffer` by the next chunk, which is short or empty only at the end.
    ///
    /// # Errors
    ///
    /// Reading fails, or a signal asks to stop.
    pub(super) fn next(&mut self, buffer: &mut Vec<u8>) -> anyhow::Result<()> {
        let (full, empty, interrupt) = match self {
            Self::File(chunks) => return Ok(chunks.next(buffer)?),
            Self::Pipe { full, empty, interrupt } => (full, empty, interrupt),
        };
        loop {
            match full.recv_timeout(PATIENCE) {
                Ok(next) => {
                    // Nobody wants it any more if the reader is done.
                    let _ = empty.send(std::mem::replace(buffer, next?));
                    return Ok(());
                }
                Err(RecvTimeoutError::Timeout) => interrupt.check()?,
                Err(RecvTimeoutError::Disconnected) => {
                    buffer.clear();
                    return Ok(());
                }
            }
        }
    }
}

/// What is read for a range of elements.
#[derive(Debug)]
pub(super) struct Chunks {
    source: Source,
    /// The bytes of the range for which is still to be read.
    bytes: Range<u64>,
    /// Bytes of an element in the file, and of what is read for it.
    sizes: (u64, u64),
}

impl Chunks {
    /// Reads for the elements in a range of bytes of a file: `sizes` are the bytes of an element
    /// there, and of what is read for it.
    pub(super) fn new(source: Source, bytes: Range<u64>, sizes: (u64, u64)) -> Self {
        Self { source, bytes, sizes }
    }

    /// Returns how many bytes the next chunk has, if there are as many.
    pub(super) fn len(&self) -> usize {
        let (whole, part) = self.sizes;
        let Range { start, end } = self.bytes;
        (chunk(start, end - start, whole) / whole * part) as usize
    }

    /// Replaces what is in `buffer` by the next chunk, which is short or empty only at the end.
    fn next(&mut self, buffer: &mut Vec<u8>) -> io::Result<()> {
        let len = self.len();
        buffer.clear();
        buffer.reserve_exact(len);
        let read = (&self.source.file).take(len as u64).read_to_end(buffer)?;
        let (whole, part) = self.sizes;
        let Range { start, end } = self.bytes;
        self.bytes.start = if read < len { end } else { start + len as u64 / part * whole };
        Ok(())
    }
}
