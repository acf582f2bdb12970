//! Elements from a file or a pipe, repeated if there are too few.
//!
//! They go into the file as they come, so that memory stays small. A source that ends early is
//! repeated out of memory if it is small, and otherwise out of the range that it has just filled.

use std::fs::File;
use std::ops::Range;

use anyhow::{Context as _, bail, ensure};

use super::feed::{Chunks, Feed};
use super::{Cycle, Part, Pattern};
use crate::element::{Element, Selection};
use crate::env::Interrupt;
use crate::input::{Source, read_at};
use crate::layout::Layout;

/// Where bytes come from.
pub(crate) struct Supply {
    /// What is read.
    pub(crate) source: Source,
    /// What messages call it.
    pub(crate) name: String,
}

/// The elements that a stream is to fill.
#[derive(Debug)]
pub(crate) struct Destination {
    /// The file, to read back from it.
    pub(crate) file: File,
    /// The bytes of the elements in the file.
    pub(crate) bytes: Range<u64>,
    /// Which of their fields are filled.
    pub(crate) selection: Selection,
}

impl Destination {
    /// Returns the bytes of an element in the file, and of what is read for it.
    fn sizes(&self) -> (u64, u64) {
        (self.selection.whole().size(), self.selection.part().size())
    }

    /// Reads back what the fields of elements were filled with, from the byte `phase` of that on.
    fn read_back(&self, phase: u64, buffer: &mut [u8]) -> anyhow::Result<()> {
        let (whole, part) = self.sizes();
        let offset = self.bytes.start + phase / part * whole;
        let mut elements = vec![0; buffer.len() / part as usize * whole as usize];
        let mut read = read_at(&self.file, &mut elements, offset)?;
        if read < elements.len() {
            // What cannot be read says why if it is asked for alone.
            read += read_at(&self.file, &mut elements[read..], offset + read as u64)?;
        }
        ensure!(read == elements.len(), "the file shrank while it was filled");
        let mut scratch = Vec::new();
        buffer.copy_from_slice(self.selection.gather(&mut elements, &mut scratch));
        Ok(())
    }
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
    if destination.bytes.is_empty() {
        return Ok(Box::new(Cycle::new(vec![0])));
    }
    let is_file = source.len.is_some();
    let chunks = Chunks::new(source, destination.bytes.clone(), destination.sizes());
    let first = chunks.len();
    let mut feed = match is_file {
        true => Feed::File(chunks),
        false => Feed::pipe(chunks, interrupt.clone())?,
    };
    let mut buffer = Vec::new();
    feed.next(&mut buffer).with_context(|| name.clone())?;
    if buffer.len() < first {
        check_source(buffer.len() as u64, destination.selection.part()).context(name)?;
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
pub(crate) fn check_source(bytes: u64, element: &Element) -> anyhow::Result<()> {
    ensure!(bytes > 0, "the file is empty");
    let left_over = Layout::raw(element.clone(), 0, Some(bytes)).left_over();
    match left_over.filter(|left_over| !left_over.is_none()) {
        Some(left_over) => bail!("{left_over}"),
        None => Ok(()),
    }
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
            check_source(self.period, self.destination.selection.part())?;
        }
        Ok(ended)
    }

    /// Reads back what the source has filled.
    fn repeat(&mut self, most: usize) -> anyhow::Result<()> {
        let len = (most as u64).min(self.period - self.phase);
        self.buffer.resize(len as usize, 0);
        self.destination.read_back(self.phase, &mut self.buffer)?;
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
