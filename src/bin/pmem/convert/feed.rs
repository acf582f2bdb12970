//! Where elements come from: a file of elements, or text.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::env::wait_for;
use crate::error::At as _;
use crate::input::{Claim, Reader, Source};

/// Yields elements, or text that stands for elements, from front to back.
pub(super) trait Feed: Send {
    /// Puts what comes next into `buffer`, or says how to get it. Returns nothing at the end.
    ///
    /// # Errors
    ///
    /// Reading fails.
    fn next(&mut self, buffer: &mut Vec<u8>) -> anyhow::Result<Option<Part>>;

    /// Returns the bytes of a stream of elements, once it has been read to its end.
    fn len(&self) -> Option<u64> {
        None
    }
}

/// What comes next.
pub(super) enum Part {
    /// Elements that are still to be read, and the bytes of one.
    Claimed(Claim, usize),
    /// Text that begins here.
    Text(Place),
    /// Elements that follow those before them, as they lie in memory.
    Elements,
}

/// A place in a text; lines and columns are counted from 1, columns in bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Place {
    pub(super) line: u64,
    pub(super) column: u64,
}

impl Place {
    /// The beginning.
    pub(super) const START: Self = Self { line: 1, column: 1 };

    /// Returns the place after some text.
    pub(super) fn after(self, text: &[u8]) -> Self {
        let lines = text.iter().filter(|byte| **byte == b'\n').count() as u64;
        match text.iter().rposition(|byte| *byte == b'\n') {
            Some(last) => Self { line: self.line + lines, column: (text.len() - last) as u64 },
            None => Self { line: self.line, column: self.column + text.len() as u64 },
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// Makes elements of text.
pub(super) trait Decode: Sync {
    /// Appends the elements that a text stands for, which begins at `place`.
    ///
    /// # Errors
    ///
    /// Something in it is not a value; the error says where.
    fn decode(&self, text: &[u8], place: Place, elements: &mut Vec<u8>) -> anyhow::Result<()>;
}

/// Yields the elements of a reader.
pub(super) struct Elements {
    pub(super) reader: Reader,
}

impl Feed for Elements {
    fn next(&mut self, buffer: &mut Vec<u8>) -> anyhow::Result<Option<Part>> {
        /// Bytes of a block: it stays in the cache of a core with what becomes of it.
        const BLOCK: usize = 1 << 18;

        let size = self.reader.size();
        buffer.resize((BLOCK / size).max(1) * size, 0);
        Ok(self.reader.claim(buffer)?.map(|claim| Part::Claimed(claim, size)))
    }

    fn len(&self) -> Option<u64> {
        self.reader.stream_len()
    }
}

/// Finds the end of the last whole element of a text.
pub(super) trait Cut: Send {
    /// Returns how many bytes of `text` to hand on, and how many to pass over with them; nothing
    /// if more text is needed first. After `ends`, all of it is handed on.
    ///
    /// # Errors
    ///
    /// The text is not of this format.
    fn cut(&mut self, text: &[u8], ends: bool) -> anyhow::Result<Option<(usize, usize)>>;
}

/// Yields the text of a file, whole elements at a time.
pub(super) struct Texts<C> {
    path: PathBuf,
    file: File,
    /// Text that was read and not handed on.
    rest: Vec<u8>,
    ends: bool,
    place: Place,
    cut: C,
}

impl<C: Cut> Texts<C> {
    /// Yields the text of a source.
    pub(super) fn new(path: &Path, source: Source, cut: C) -> Self {
        let (path, rest) = (path.to_owned(), source.ahead);
        Self { path, file: source.file, rest, ends: false, place: Place::START, cut }
    }

    /// Reads more text, until there are so many bytes, or no more.
    fn read(&mut self, wanted: usize) -> std::io::Result<()> {
        while self.rest.len() < wanted && !self.ends {
            let start = self.rest.len();
            self.rest.resize(wanted, 0);
            let read = wait_for(&self.file).and_then(|()| self.file.read(&mut self.rest[start..]));
            self.rest.truncate(start + *read.as_ref().unwrap_or(&0));
            match read {
                Ok(0) => self.ends = true,
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Looks at the first bytes without handing them on.
    ///
    /// # Errors
    ///
    /// Reading fails.
    pub(super) fn peek(&mut self) -> anyhow::Result<&[u8]> {
        /// Enough for a line with the names of columns.
        const START: usize = 1 << 17;

        self.read(START).at(&self.path)?;
        Ok(&self.rest)
    }

    /// Cuts the text in another way from now on.
    pub(super) fn cut_by<D>(self, cut: D) -> Texts<D> {
        let Self { path, file, rest, ends, place, .. } = self;
        Texts { path, file, rest, ends, place, cut }
    }

    /// Passes over the first bytes.
    pub(super) fn skip(&mut self, count: usize) {
        let count = count.min(self.rest.len());
        self.place = self.place.after(&self.rest[..count]);
        self.rest.drain(..count);
    }
}

impl<C: Cut> Feed for Texts<C> {
    fn next(&mut self, buffer: &mut Vec<u8>) -> anyhow::Result<Option<Part>> {
        /// Bytes of a block: together with its elements it stays in the cache of a core.
        const BLOCK: usize = 1 << 18;
        /// No element is longer.
        const MOST: usize = 1 << 26;

        let mut wanted = BLOCK;
        loop {
            self.read(wanted).at(&self.path)?;
            if let Some((count, skip)) = self.cut.cut(&self.rest, self.ends).at(&self.path)? {
                let place = self.place;
                buffer.clear();
                buffer.extend_from_slice(&self.rest[..count]);
                self.skip(count + skip);
                return Ok((count > 0).then_some(Part::Text(place)));
            }
            if self.ends {
                return Ok(None);
            }
            wanted *= 4;
            if wanted > MOST {
                bail!("{}: line {} does not end", crate::text::Name(&self.path), self.place.line);
            }
        }
    }
}

/// Cuts after a line; a line break in quotes is none, if quotes have a meaning.
pub(super) struct Lines {
    pub(super) quotes: bool,
}

impl Cut for Lines {
    fn cut(&mut self, text: &[u8], ends: bool) -> anyhow::Result<Option<(usize, usize)>> {
        if ends {
            return Ok((!text.is_empty()).then_some((text.len(), 0)));
        }
        let last = match self.quotes && text.contains(&b'"') {
            false => text.iter().rposition(|byte| *byte == b'\n'),
            true => {
                let (mut quoted, mut last) = (false, None);
                for (index, byte) in text.iter().enumerate() {
                    match byte {
                        b'"' => quoted = !quoted,
                        b'\n' if !quoted => last = Some(index),
                        _ => {}
                    }
                }
                last
            }
        };
        Ok(last.map(|last| (last + 1, 0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_after_text() {
        for (text, line, column) in [("", 3, 5), ("abc", 3, 8), ("abc\n", 4, 1), ("\n\nab", 5, 3)] {
            let place = Place { line: 3, column: 5 }.after(text.as_bytes());
            assert_eq!(place, Place { line, column }, "{text:?}");
        }
    }

    #[test]
    fn lines_are_cut_outside_quotes() {
        for (quotes, text, ends, count) in [
            (false, "ab\ncd", false, Some(3)),
            (false, "abcd", false, None),
            (false, "abcd", true, Some(4)),
            (false, "", true, None),
            (true, "a,\"b\nc\"\nd", false, Some(8)),
            (true, "a,\"b\nc", false, None),
            (false, "a\"\nb", false, Some(3)),
        ] {
            let cut = Lines { quotes }.cut(text.as_bytes(), ends).unwrap();
            assert_eq!(cut.map(|(count, _)| count), count, "{text:?}");
        }
    }
}
