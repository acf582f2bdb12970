//! From a feed through the cast to a sink, on all cores, in order.

use std::ops::Range;
use std::path::Path;

use super::cast::Cast;
use super::feed::{Decode, Feed, Part};
use super::opened::Opened;
use super::sink::{Encode, Sink};
use crate::element::Selection;
use crate::env::{Interrupt, Progress};
use crate::error::At as _;
use crate::input::Piece;
use crate::input::parallel::{self, Line};

/// Everything between a feed and a sink.
pub(crate) struct Conversion<'a> {
    /// Makes elements of text, if the feed yields that.
    decode: Option<&'a dyn Decode>,
    /// Which fields are taken.
    selection: &'a Selection,
    cast: &'a Cast,
    encode: &'a dyn Encode,
    /// Which elements are taken.
    range: Range<u64>,
    interrupt: Option<&'a Interrupt>,
    /// The name of what is converted.
    path: &'a Path,
}

impl Conversion<'_> {
    /// Converts all that was opened, until `interrupt` asks to stop. Returns how many elements
    /// that were.
    ///
    /// # Errors
    ///
    /// Reading or writing fails, or a value has no counterpart.
    pub(crate) fn run(
        opened: &mut Opened,
        cast: &Cast,
        (encode, mut sink, output): (Box<dyn Encode>, Box<dyn Sink + '_>, &Path),
        interrupt: Option<&Interrupt>,
        progress: Progress,
    ) -> anyhow::Result<u64> {
        let Opened { feed, decode, selection, range, path, .. } = opened;
        let (decode, range) = (decode.as_deref(), range.clone());
        let encode = &*encode;
        let conversion = Conversion { decode, selection, cast, encode, range, interrupt, path };
        let mut count = 0;
        let exit = Exit { sink: &mut *sink, output, progress, seen: 0, count: &mut count };
        parallel::run(&Run(&conversion), &mut **feed, exit)?;
        named(sink.finish(count), output)?;
        Ok(count)
    }

    /// Does what can be done before it is known which elements came before.
    fn process(&self, part: Part, bytes: &mut Bytes) -> anyhow::Result<Done> {
        match part {
            Part::Claimed(claim, size) => match claim.fetch(&mut bytes.now)? {
                Piece::Data { first, count } => {
                    bytes.now.truncate(count * size);
                    self.convert(first, true, bytes)?;
                    Ok(Done::Encoded(count as u64))
                }
                Piece::Hole { first, count } => Ok(Done::Hole(Hole { first, count, size })),
            },
            Part::Text(place) => {
                let Bytes { now, spare } = bytes;
                spare.clear();
                if let Some(decode) = self.decode {
                    decode.decode(now, place, spare).at(self.path)?;
                }
                std::mem::swap(now, spare);
                Ok(Done::Decoded)
            }
            Part::Elements => Ok(Done::Decoded),
        }
    }

    /// Takes fields, and makes the elements of the sink of them; `raw` says whether they are in the
    /// byte order of a file.
    fn convert(&self, first: u64, raw: bool, bytes: &mut Bytes) -> anyhow::Result<()> {
        self.try_convert(first, raw, bytes).at(self.path)
    }

    /// Does the work of [`Conversion::convert`]; errors do not name the file yet.
    fn try_convert(&self, first: u64, raw: bool, bytes: &mut Bytes) -> anyhow::Result<()> {
        let Bytes { now, spare } = bytes;
        if !self.selection.is_whole() {
            self.selection.gather(now, spare);
            std::mem::swap(now, spare);
        }
        if raw {
            self.selection.part().swap(now);
        }
        if self.cast.apply(now, spare).map_err(|failure| failure.at(first))? {
            std::mem::swap(now, spare);
        }
        if self.encode.encode(first == self.range.start, first, now, spare)? {
            std::mem::swap(now, spare);
        }
        Ok(())
    }

    /// Hands on elements that were decoded, as far as they are in the range.
    fn leave_decoded(&self, exit: &mut Exit<'_>, bytes: &mut Bytes) -> anyhow::Result<bool> {
        let size = self.selection.whole().bytes();
        let there = exit.seen..exit.seen + (bytes.now.len() / size) as u64;
        let wanted = there.start.max(self.range.start)..there.end.min(self.range.end);
        exit.seen = there.end;
        if wanted.start < wanted.end {
            bytes.now.truncate((wanted.end - there.start) as usize * size);
            bytes.now.drain(..(wanted.start - there.start) as usize * size);
            self.convert(wanted.start, false, bytes)?;
            *exit.count += wanted.end - wanted.start;
            exit.write(&bytes.now, wanted.end - wanted.start)?;
        }
        Ok(there.end < self.range.end)
    }

    /// Hands on a hole: as one, if zeroes stay zeroes and the sink can have holes.
    fn leave_hole(
        &self,
        exit: &mut Exit<'_>,
        Hole { first, count, size }: Hole,
        bytes: &mut Bytes,
    ) -> anyhow::Result<()> {
        /// Zeroes that are handed on at once.
        const ROOM: usize = 1 << 18;

        let end = first + count;
        let (mut at, mut part) = (first, 1);
        while at < end {
            bytes.now.clear();
            bytes.now.resize(part as usize * size, 0);
            self.convert(at, true, bytes)?;
            let zero = bytes.now.iter().all(|byte| *byte == 0);
            if zero && at == first && named(exit.sink.hole(count), exit.output)? {
                break;
            }
            exit.write(&bytes.now, part)?;
            exit.progress.advance(part * size as u64);
            if let Some(interrupt) = self.interrupt {
                interrupt.check()?;
            }
            at += part;
            part = ((ROOM / size).max(1) as u64).min(end - at);
        }
        *exit.count += count;
        Ok(())
    }
}

/// Bytes on their way: what they are now, and room for what they become.
#[derive(Default)]
struct Bytes {
    now: Vec<u8>,
    spare: Vec<u8>,
}

/// What one thread works on.
#[derive(Default)]
struct Block {
    bytes: Bytes,
    /// What the feed has said, until the thread has taken care of it.
    part: Option<anyhow::Result<Part>>,
    /// What came out.
    done: Option<anyhow::Result<Done>>,
    /// Bytes of the input that it takes.
    read: u64,
}

/// What has been done about a part.
enum Done {
    /// So many elements are ready for the sink.
    Encoded(u64),
    /// There are elements whose index is not known yet.
    Decoded,
    /// There are only zeroes.
    Hole(Hole),
}

/// Elements in a hole.
struct Hole {
    /// Index of the first.
    first: u64,
    /// How many there are.
    count: u64,
    /// Bytes of one.
    size: usize,
}

/// Where results go.
struct Exit<'a> {
    sink: &'a mut dyn Sink,
    /// The name of what is written.
    output: &'a Path,
    progress: Progress,
    /// Elements that came by.
    seen: u64,
    /// Elements that were taken.
    count: &'a mut u64,
}

impl Exit<'_> {
    /// Writes what was made of `count` elements.
    fn write(&mut self, bytes: &[u8], count: u64) -> anyhow::Result<()> {
        named(self.sink.write(bytes, count), self.output)
    }
}

/// Names what is written in an error, unless that is standard output, whose errors say so.
fn named<T>(result: anyhow::Result<T>, output: &Path) -> anyhow::Result<T> {
    if output.as_os_str() == "-" { result } else { result.at(output) }
}

/// A conversion while it runs.
struct Run<'a>(&'a Conversion<'a>);

impl<'a> Line for Run<'a> {
    type Entry = &'a mut dyn Feed;
    type Exit = Exit<'a>;
    type Block = Block;

    fn block(&self) -> Block {
        Block::default()
    }

    fn enter(&self, feed: &mut &'a mut dyn Feed, block: &mut Block) -> bool {
        block.part = feed.next(&mut block.bytes.now).transpose();
        block.read = block.bytes.now.len() as u64;
        matches!(block.part, Some(Ok(_)))
    }

    fn work(&self, block: &mut Block) {
        let Some(part) = block.part.take() else { return };
        block.done = Some(part.and_then(|part| self.0.process(part, &mut block.bytes)));
    }

    fn leave(&self, exit: &mut Exit<'a>, block: &mut Block) -> anyhow::Result<bool> {
        let Some(done) = block.done.take() else { return Ok(false) };
        if let Some(interrupt) = self.0.interrupt {
            interrupt.check()?;
        }
        match done? {
            Done::Encoded(count) => {
                *exit.count += count;
                exit.write(&block.bytes.now, count)?;
            }
            Done::Hole(hole) => {
                self.0.leave_hole(exit, hole, &mut block.bytes)?;
                return Ok(true);
            }
            Done::Decoded if !self.0.leave_decoded(exit, &mut block.bytes)? => return Ok(false),
            Done::Decoded => {}
        }
        exit.progress.advance(block.read);
        Ok(true)
    }
}
