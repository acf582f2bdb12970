//! Elements from a file or a pipe, repeated if there are too few.
//!
//! They go into the file as they come, so that memory stays small. A source that ends early is
//! repeated out of memory if it is small, and otherwise out of the range that it has just filled.

use std::fs::File;
use std::ops::Range;

use anyhow::{Context as _, ensure};

use super::feed::{Chunks, Feed};
use super::{Cycle, Part, Pattern};
use crate::edit::chunk;
use crate::element::Element;
use crate::env::Interrupt;
use crate::input::{Source, read_at};
use crate::layout::Ragged;

/// Where bytes come from.
pub(crate) struct Supply {
    /// What is read.
    pub(crate) source: Source,
    /// What messages call it.
    pub(crate) name: String,
}

/// The range that a stream is to fill.
#[derive(Debug)]
pub(crate) struct Destination {
    /// The file, to read back from it.
    pub(crate) file: File,
    /// The range.
    pub(crate) bytes: Range<u64>,
    /// What the bytes are.
    pub(crate) element: Element,
}

/// A source that does not fit into memory, or fills all of the range.
#[derive(Debug)]
struct Stream {
    destination: Destination,
    name: String,
    /// Where bytes come from, until that ends.
    feed: Option<Feed>,
    buffer: Vec<u8>,
    /// Is the buffer still to be handed out?
    ahead: bool,
    /// How many bytes came.
    period: u64,
    /// How far the next bytes are into what came.
    phase: u64,
}

/// Returns what is read, again and again. Nothing beyond the range is read.
///
/// # Errors
///
/// Reading fails, there is nothing, or what is there is no whole number of elements.
pub(crate) fn stream(
    Supply { source, name }: Supply,
    destination: Destination,
    interrupt: &Interrupt,
) -> anyhow::Result<Box<dyn Pattern>> {
    let Range { start, end } = destination.bytes;
    if start == end {
        return Ok(Box::new(Cycle::new(vec![0])));
    }
    let chunks = Chunks::new(source.file, start..end);
    let mut feed = match source.len {
        Some(_) => Feed::File(chunks),
        None => Feed::pipe(chunks, interrupt.clone())?,
    };
    let mut buffer = Vec::new();
    feed.next(&mut buffer).with_context(|| name.clone())?;
    if buffer.len() < chunk(start, end - start) {
        check_source(buffer.len() as u64, destination.element).context(name)?;
        return Ok(Box::new(Cycle::new(buffer)));
    }
    let feed = Some(feed);
    Ok(Box::new(Stream { destination, name, feed, buffer, ahead: true, period: 0, phase: 0 }))
}

/// Makes sure that a source of so many bytes can be repeated.
///
/// # Errors
///
/// It is empty, or no whole number of elements.
pub(crate) fn check_source(bytes: u64, element: Element) -> anyhow::Result<()> {
    ensure!(bytes > 0, "is empty; there is nothing to fill with");
    let ragged = Ragged { bytes, element };
    ensure!(ragged.left_over() == 0, "{ragged}");
    Ok(())
}

impl Stream {
    /// Gets the next chunk of the source, and tells whether it is the last; that may be empty.
    fn read_on(&mut self, feed: &mut Feed, most: usize) -> anyhow::Result<bool> {
        if !std::mem::take(&mut self.ahead) {
            feed.next(&mut self.buffer)?;
        }
        self.period += self.buffer.len() as u64;
        let ended = self.buffer.len() < most;
        if ended {
            check_source(self.period, self.destination.element)?;
        }
        Ok(ended)
    }

    /// Reads back what the source has filled.
    fn repeat(&mut self, most: usize) -> anyhow::Result<()> {
        let len = (most as u64).min(self.period - self.phase);
        self.buffer.resize(len as usize, 0);
        let offset = self.destination.bytes.start + self.phase;
        let file = &self.destination.file;
        let mut read = read_at(file, &mut self.buffer, offset)?;
        if read < self.buffer.len() {
            // What cannot be read says why if it is asked for alone.
            read += read_at(file, &mut self.buffer[read..], offset + read as u64)?;
        }
        ensure!(read == self.buffer.len(), "the file shrank while it was filled");
        self.phase = (self.phase + len) % self.period;
        Ok(())
    }
}

impl Pattern for Stream {
    fn next(&mut self, most: usize) -> anyhow::Result<Part<'_>> {
        if let Some(mut feed) = self.feed.take() {
            let ended = self.read_on(&mut feed, most).with_context(|| self.name.clone())?;
            if !ended {
                self.feed = Some(feed);
            }
            if !self.buffer.is_empty() {
                return Ok(Part::from(&*self.buffer));
            }
        }
        self.repeat(most)?;
        Ok(Part::from(&*self.buffer))
    }
}
