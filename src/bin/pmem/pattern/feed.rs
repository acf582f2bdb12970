//! Bytes that a thread of its own reads ahead.
//!
//! Reading and writing overlap, and a signal is noticed although a read waits for a pipe.

use std::io::{self, Read};
use std::ops::Range;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;

use crate::edit::chunk;
use crate::interrupt::Interrupt;

/// How long a signal may go unnoticed while nothing comes in.
const PATIENCE: Duration = Duration::from_millis(50);

/// Buffers that wait to be written, at most.
const AHEAD: usize = 2;

/// Reads what is to be written to a range of bytes, in chunks for that range, and nothing beyond.
#[derive(Debug)]
pub(super) struct Feed {
    full: Receiver<io::Result<Vec<u8>>>,
    empty: Sender<Vec<u8>>,
    interrupt: Interrupt,
}

impl Feed {
    /// Starts reading.
    ///
    /// # Errors
    ///
    /// The system has no thread to spare.
    pub(super) fn start(
        reader: Box<dyn Read + Send>,
        bytes: Range<u64>,
        interrupt: Interrupt,
    ) -> anyhow::Result<Self> {
        let (filled, full) = sync_channel(AHEAD);
        let (empty, emptied) = channel();
        thread::Builder::new()
            .spawn(move || read(reader, bytes, &filled, &emptied))
            .context("no thread for reading")?;
        Ok(Self { full, empty, interrupt })
    }

    /// Replaces what is in `buffer` by the next chunk, which is short or empty only at the end.
    ///
    /// # Errors
    ///
    /// Reading fails, or a signal asks to stop.
    pub(super) fn next(&mut self, buffer: &mut Vec<u8>) -> anyhow::Result<()> {
        loop {
            match self.full.recv_timeout(PATIENCE) {
                Ok(next) => {
                    // Nobody wants it any more if the reader is done.
                    let _ = self.empty.send(std::mem::replace(buffer, next?));
                    return Ok(());
                }
                Err(RecvTimeoutError::Timeout) => self.interrupt.check()?,
                Err(RecvTimeoutError::Disconnected) => {
                    buffer.clear();
                    return Ok(());
                }
            }
        }
    }
}

/// Reads until the end, or until nobody wants it any more.
fn read(
    mut reader: Box<dyn Read + Send>,
    bytes: Range<u64>,
    filled: &SyncSender<io::Result<Vec<u8>>>,
    emptied: &Receiver<Vec<u8>>,
) {
    let mut at = bytes.start;
    while at < bytes.end {
        let len = chunk(at, bytes.end - at);
        let mut buffer = emptied.try_recv().unwrap_or_default();
        buffer.clear();
        buffer.reserve_exact(len);
        let result = reader.by_ref().take(len as u64).read_to_end(&mut buffer);
        let ended = result.as_ref().map_or(true, |read| *read < len);
        if filled.send(result.map(|_| buffer)).is_err() || ended {
            return;
        }
        at += len as u64;
    }
}
