//! Elements of a source, a block at a time.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use anyhow::{anyhow, ensure};

use super::holes::{Holes, Stretch};
use super::source::{Source, read_at};
use super::stream::Stream;
use crate::error::At as _;
use crate::layout::Layout;

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
    path: Arc<Path>,
    input: Bytes,
    layout: Layout,
    /// Elements that belong together.
    row: usize,
    at: u64,
    end: u64,
}

/// Where the bytes come from.
enum Bytes {
    Dense(Arc<File>),
    /// A file with holes, and the stretch that was found last.
    Sparse(Holes, Option<Stretch>),
    Stream(Stream),
}

/// The next elements, which may still be unread, so that several threads can read at once.
#[derive(Debug)]
pub(crate) enum Claim {
    /// Nothing is left to do: they are in the buffer, or in a hole.
    Ready(Piece),
    /// So many elements lie at a place of a file.
    Unread {
        /// The file.
        file: Arc<File>,
        /// Its name, for errors.
        path: Arc<Path>,
        /// Bytes from its start.
        place: u64,
        /// Bytes of an element.
        size: usize,
        /// Index of the first of them.
        first: u64,
        /// How many there are.
        count: usize,
    },
}

impl Claim {
    /// Puts the elements into `buffer`, the one that was given to [`Reader::claim`].
    ///
    /// # Errors
    ///
    /// Reading fails, or the file has become shorter.
    pub(crate) fn fetch(self, buffer: &mut [u8]) -> anyhow::Result<Piece> {
        let (file, path, place, size, first, count) = match self {
            Self::Ready(piece) => return Ok(piece),
            Self::Unread { file, path, place, size, first, count } => {
                (file, path, place, size, first, count)
            }
        };
        let mut done = 0;
        while done < count * size {
            let read = read_at(&file, &mut buffer[done..count * size], place + done as u64);
            done += match read.at(&path)? {
                0 => return Err(shrank(first + (done / size) as u64)).at(&path),
                read => read,
            };
        }
        Ok(Piece::Data { first, count })
    }
}

impl Reader {
    /// Reads a range of the elements of `source`; of a stream, whatever there is of the range.
    /// Errors name `path`.
    pub(crate) fn new(path: &Path, source: Source, layout: &Layout, range: Range<u64>) -> Self {
        let input = match source.len {
            Some(_) if source.may_have_holes() => {
                Bytes::Sparse(Holes::of(Arc::new(source.file)), None)
            }
            Some(_) => Bytes::Dense(Arc::new(source.file)),
            None => {
                let skip = layout.offset(range.start);
                Bytes::Stream(Stream::new(source.file, source.ahead, skip))
            }
        };
        let (path, layout) = (Arc::from(path), layout.clone());
        Self { path, input, layout, row: 1, at: range.start, end: range.end }
    }

    /// Puts the next elements into `buffer`, which has room for a whole number of elements, or
    /// says that they are in a hole. Returns nothing at the end. Only before a hole and at the end
    /// there are elements that are no whole [row](Self::set_row).
    ///
    /// # Errors
    ///
    /// Reading fails, or a file has become shorter than it was.
    pub(crate) fn next(&mut self, buffer: &mut [u8]) -> anyhow::Result<Option<Piece>> {
        self.try_next(buffer).at(&self.path)
    }

    /// Does the work of [`Reader::next`]; errors do not name the file yet.
    fn try_next(&mut self, buffer: &mut [u8]) -> anyhow::Result<Option<Piece>> {
        let (size, first) = (self.size(), self.at);
        let (file, place, room) = match self.try_claim(buffer)? {
            None => return Ok(None),
            Some(Claim::Ready(piece)) => return Ok(Some(piece)),
            Some(Claim::Unread { file, place, count, .. }) => (file, place, count),
        };
        self.at = first;
        let mut read = read_at(&file, &mut buffer[..room * size], place)?;
        if read < size {
            read += read_at(&file, &mut buffer[read..size], place + read as u64)?;
        }
        let count = read / size;
        ensure!(count > 0, shrank(first));
        self.at += count as u64;
        Ok(Some(Piece::Data { first, count }))
    }

    /// Takes the next elements, for a thread to read; those of a stream are put into `buffer` at
    /// once. Returns nothing at the end.
    ///
    /// # Errors
    ///
    /// Reading fails, or a file has become shorter than it was.
    pub(crate) fn claim(&mut self, buffer: &mut [u8]) -> anyhow::Result<Option<Claim>> {
        self.try_claim(buffer).at(&self.path)
    }

    /// Does the work of [`Reader::claim`]; errors do not name the file yet.
    fn try_claim(&mut self, buffer: &mut [u8]) -> anyhow::Result<Option<Claim>> {
        let (first, size) = (self.at, self.size());
        let room = (self.end - first).min((buffer.len() / size) as u64);
        if room == 0 {
            return Ok(None);
        }
        let layout = &self.layout;
        let (file, room) = match &mut self.input {
            Bytes::Stream(stream) => {
                let count = stream.fill(buffer, room as usize, size, self.row)?;
                self.at += count as u64;
                let piece = Piece::Data { first, count };
                return Ok((count > 0).then_some(Claim::Ready(piece)));
            }
            Bytes::Dense(file) => (&*file, room),
            Bytes::Sparse(holes, found) => {
                match elements_ahead(holes, found, layout, first..self.end, first + room)? {
                    Stretch::Hole(end) => {
                        // It was found some time ago, and the file may have shrunk meanwhile.
                        let there = layout.elements_before(holes.file().metadata()?.len());
                        ensure!(first < there, shrank(first));
                        self.at = end.min(there);
                        let piece = Piece::Hole { first, count: self.at - first };
                        return Ok(Some(Claim::Ready(piece)));
                    }
                    Stretch::Data(end) => (holes.file(), room.min(end - first)),
                }
            }
        };
        let (file, path, place) = (Arc::clone(file), Arc::clone(&self.path), layout.offset(first));
        self.at += room;
        Ok(Some(Claim::Unread { file, path, place, size, first, count: room as usize }))
    }

    /// Like [`Reader::next`], but writes the zeroes of a hole into the buffer.
    ///
    /// # Errors
    ///
    /// As [`Reader::next`].
    pub(crate) fn next_dense(&mut self, buffer: &mut [u8]) -> anyhow::Result<Option<Piece>> {
        match self.next(buffer)? {
            Some(Piece::Hole { first, count }) => {
                let count = count.min((buffer.len() / self.size()) as u64) as usize;
                self.at = first + count as u64;
                buffer[..count * self.size()].fill(0);
                Ok(Some(Piece::Data { first, count }))
            }
            piece => Ok(piece),
        }
    }

    /// Is this read from front to back, because nobody knows where it ends?
    pub(crate) fn is_stream(&self) -> bool {
        matches!(self.input, Bytes::Stream(_))
    }

    /// Leaves standard input, if that is a file, where the elements that were read end: whoever
    /// reads on begins there.
    pub(crate) fn leave(&mut self) {
        let file = match &self.input {
            Bytes::Dense(file) => file,
            Bytes::Sparse(holes, _) => holes.file(),
            Bytes::Stream(_) => return,
        };
        if self.path.as_os_str() == "-" {
            // What cannot be told to others is lost to them only.
            let _ = (&**file).seek(SeekFrom::Start(self.layout.offset(self.at)));
        }
    }

    /// Bytes of one element.
    pub(crate) fn size(&self) -> usize {
        self.layout.element().bytes()
    }

    /// Returns a buffer of about so many bytes, with room for whole rows and for one at least.
    pub(crate) fn buffer(&self, bytes: usize) -> Vec<u8> {
        let row = self.row * self.size();
        vec![0; (bytes / row).max(1) * row]
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

    /// From now on, so many elements belong together.
    pub(crate) fn set_row(&mut self, elements: usize) {
        self.row = elements;
    }

    /// Goes to an element of a file, which is read next.
    pub(crate) fn go_to(&mut self, index: u64) {
        if let Bytes::Sparse(_, found) = &mut self.input {
            *found = None;
        }
        self.at = index;
    }

    /// Goes back in a file to the element at `index`, as if nothing from there on had been read.
    pub(crate) fn go_back(&mut self, index: u64) {
        self.at = self.at.min(index);
    }

    /// Returns where the elements lie.
    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Returns the bytes of a stream, once it has been read to its end.
    pub(crate) fn stream_len(&self) -> Option<u64> {
        match &self.input {
            Bytes::Stream(stream) => stream.len(),
            _ => None,
        }
    }
}

/// Says that a file has become too short.
fn shrank(first: u64) -> anyhow::Error {
    anyhow!("the file shrank while it was read: element {first} is gone")
}

/// Returns the stretch of whole elements at the start of a range, its end counted in elements: an
/// element of which a single byte is stored counts as data. Data is followed to its end, or to
/// element `far`.
fn elements_ahead(
    holes: &mut Holes,
    found: &mut Option<Stretch>,
    layout: &Layout,
    range: Range<u64>,
    far: u64,
) -> io::Result<Stretch> {
    let Range { start: first, end } = range;
    let mut data_end = first;
    loop {
        let begin = layout.offset(data_end);
        let next = match *found {
            Some(Stretch::Data(place)) if place > begin => {
                data_end = layout.elements_begun_before(place).min(end);
                if data_end >= far {
                    return Ok(Stretch::Data(data_end));
                }
                continue;
            }
            Some(Stretch::Hole(place)) if place >= layout.offset(data_end + 1) => {
                return Ok(match data_end == first {
                    true => Stretch::Hole(layout.elements_before(place).min(end)),
                    false => Stretch::Data(data_end),
                });
            }
            // The element is partly hole, partly data.
            Some(Stretch::Hole(place)) if place > begin => Stretch::Data(place + 1),
            _ => holes.stretch(begin, layout.offset(end))?,
        };
        *found = Some(next);
    }
}
