//! Elements of a source, a block at a time.

use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::ensure;

use crate::error::At as _;
use crate::holes::{Stretch, stretch};
use crate::source::{Source, read_at};

/// A run of elements.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Piece {
    /// So many elements are in the buffer.
    Data {
        /// Index of the first of them.
        first: u64,
        /// How many there are, at least one.
        count: usize,
    },
    /// So many elements are in a hole, and were not read.
    Hole {
        /// Index of the first of them.
        first: u64,
        /// How many there are, at least one.
        count: u64,
    },
}

/// Reads a range of elements from front to back.
pub(crate) struct Reader {
    path: PathBuf,
    input: Input,
    size: u64,
    at: u64,
    end: u64,
}

/// Where the bytes come from.
enum Input {
    Dense(File),
    /// A file with holes, and the stretch that was found last.
    Sparse(File, Option<Stretch>),
    Stream(Stream),
}

/// A source that ends where it ends.
struct Stream {
    file: File,
    /// Bytes of an element that has not come whole yet.
    rest: Vec<u8>,
    /// Elements still to be passed over.
    skip: u64,
    ended: bool,
}

impl Reader {
    /// Reads elements of `size` bytes; of a stream, whatever there is of the range. Errors name
    /// `path`.
    pub(crate) fn new(path: &Path, source: Source, size: u64, range: Range<u64>) -> Self {
        let input = match source.len {
            Some(_) if source.may_have_holes() => Input::Sparse(source.file, None),
            Some(_) => Input::Dense(source.file),
            None => {
                let (file, skip, rest) = (source.file, range.start, Vec::new());
                Input::Stream(Stream { file, rest, skip, ended: false })
            }
        };
        Self { path: path.to_owned(), input, size, at: range.start, end: range.end }
    }

    /// Puts the next elements into `buffer`, which has room for a whole number of elements, or
    /// says that they are in a hole. Returns nothing at the end.
    ///
    /// # Errors
    ///
    /// Reading fails, or a file has become shorter than it was.
    pub(crate) fn next(&mut self, buffer: &mut [u8]) -> anyhow::Result<Option<Piece>> {
        self.try_next(buffer).at(&self.path)
    }

    /// Does the work of [`Reader::next`]; errors do not name the file yet.
    fn try_next(&mut self, buffer: &mut [u8]) -> anyhow::Result<Option<Piece>> {
        let (first, size) = (self.at, self.size);
        let room = (self.end - first).min(buffer.len() as u64 / size);
        if room == 0 {
            return Ok(None);
        }
        let (file, room) = match &mut self.input {
            Input::Stream(stream) => {
                let count = stream.fill(&mut buffer[..(room * size) as usize], size)?;
                self.at += count as u64;
                return Ok((count > 0).then_some(Piece::Data { first, count }));
            }
            Input::Dense(file) => (&*file, room),
            Input::Sparse(file, found) => match elements_ahead(file, found, first, self.end, size)?
            {
                Stretch::Hole(end) => {
                    self.at = end;
                    return Ok(Some(Piece::Hole { first, count: end - first }));
                }
                Stretch::Data(end) => (&*file, room.min(end - first)),
            },
        };
        let read = read_at(file, &mut buffer[..(room * size) as usize], first * size)?;
        let count = read as u64 / size;
        ensure!(count > 0, "the file shrank while it was read: element {first} is gone");
        self.at += count;
        Ok(Some(Piece::Data { first, count: count as usize }))
    }

    /// Like [`Reader::next`], but writes the zeroes of a hole into the buffer.
    ///
    /// # Errors
    ///
    /// As [`Reader::next`].
    pub(crate) fn next_dense(&mut self, buffer: &mut [u8]) -> anyhow::Result<Option<Piece>> {
        match self.next(buffer)? {
            Some(Piece::Hole { first, count }) => {
                let count = count.min(buffer.len() as u64 / self.size);
                self.at = first + count;
                buffer[..(count * self.size) as usize].fill(0);
                Ok(Some(Piece::Data { first, count: count as usize }))
            }
            piece => Ok(piece),
        }
    }

    /// Bytes of one element.
    pub(crate) fn size(&self) -> usize {
        self.size as usize
    }

    /// The index of the next element.
    pub(crate) fn position(&self) -> u64 {
        self.at
    }

    /// The index after the last element; of a stream without an end that was asked for, the
    /// largest number there is.
    pub(crate) fn end(&self) -> u64 {
        self.end
    }

    /// Goes back by so many elements that were read last. False if that is not possible, or if a
    /// hole may follow: then nothing has happened.
    pub(crate) fn unread(&mut self, count: u64) -> bool {
        let possible = matches!(self.input, Input::Dense(_));
        if possible {
            self.at -= count;
        }
        possible
    }

    /// Returns the bytes of a stream, once it has been read to its end.
    pub(crate) fn stream_len(&self) -> Option<u64> {
        match &self.input {
            Input::Stream(stream) if stream.ended => {
                Some((self.at - stream.skip) * self.size + stream.rest.len() as u64)
            }
            _ => None,
        }
    }
}

/// Returns the stretch of whole elements that begins with element `first`: an element of which a
/// single byte is stored counts as data.
fn elements_ahead(
    file: &File,
    found: &mut Option<Stretch>,
    first: u64,
    end: u64,
    size: u64,
) -> io::Result<Stretch> {
    loop {
        let next = match *found {
            Some(Stretch::Data(place)) if place > first * size => {
                return Ok(Stretch::Data(place.div_ceil(size).min(end)));
            }
            Some(Stretch::Hole(place)) if place >= (first + 1) * size => {
                return Ok(Stretch::Hole((place / size).min(end)));
            }
            // The element is partly hole, partly data.
            Some(Stretch::Hole(place)) if place > first * size => Stretch::Data(place + 1),
            _ => stretch(file, first * size, end * size)?,
        };
        *found = Some(next);
    }
}

impl Stream {
    /// Reads whole elements, as soon as there is at least one. None are there at the end.
    fn fill(&mut self, buffer: &mut [u8], size: u64) -> io::Result<usize> {
        while self.skip > 0 {
            let room = self.skip.min(buffer.len() as u64 / size);
            let count = self.fill_some(&mut buffer[..(room * size) as usize], size as usize)?;
            if count == 0 {
                return Ok(0);
            }
            self.skip -= count as u64;
        }
        self.fill_some(buffer, size as usize)
    }

    /// Reads whole elements without passing over any.
    fn fill_some(&mut self, buffer: &mut [u8], size: usize) -> io::Result<usize> {
        let mut filled = self.rest.len();
        buffer[..filled].copy_from_slice(&self.rest);
        while filled < size && !self.ended {
            match self.file.read(&mut buffer[filled..]) {
                Ok(0) => self.ended = true,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        let count = filled / size;
        self.rest.clear();
        self.rest.extend_from_slice(&buffer[count * size..filled]);
        Ok(count)
    }
}
