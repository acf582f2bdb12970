//! Elements of a source that is read from front to back.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};

use crate::env::wait_for;

/// A source that ends where it ends.
pub(super) struct Stream {
    file: File,
    /// Bytes that were read, and not handed out yet.
    rest: Vec<u8>,
    /// Bytes still to be passed over.
    skip: u64,
    /// Bytes that were read or passed over.
    seen: u64,
    /// How the source ended, once it has.
    end: Option<io::Result<()>>,
}

impl Stream {
    /// Reads `file`, from which the bytes `ahead` were read before, and passes over the first
    /// `skip` bytes.
    pub(super) fn new(file: File, ahead: Vec<u8>, skip: u64) -> Self {
        let seen = ahead.len() as u64;
        let mut stream = Self { file, rest: ahead, skip, seen, end: None };
        stream.jump();
        stream
    }

    /// Goes to the first byte that is wanted, where the source can: the memory of a process has no
    /// length, and can be read at a place.
    fn jump(&mut self) {
        let Some(far) = self.skip.checked_sub(self.seen).filter(|far| *far > 0) else { return };
        let place = self.file.stream_position().ok().and_then(|at| at.checked_add(far));
        let Some(place) = place else { return };
        // Some devices accept any place and stay where they are.
        if self.file.seek(SeekFrom::Start(place)).is_ok_and(|reached| reached == place) {
            self.rest.clear();
            self.seen = self.skip;
            self.skip = 0;
        }
    }

    /// Reads at most `most` elements of `size` bytes, as soon as there is a whole row of them:
    /// whole rows, but for the last. There are none at the end.
    ///
    /// # Errors
    ///
    /// Reading fails, or nobody reads what is written any more. What was read before has been
    /// handed out.
    pub(super) fn fill(
        &mut self,
        buffer: &mut [u8],
        most: usize,
        size: usize,
        row: usize,
    ) -> io::Result<usize> {
        while self.skip > 0 {
            let room = self.skip.min(buffer.len() as u64) as usize;
            match self.fill_some(&mut buffer[..room], 1, 1)? {
                0 => return Ok(0),
                count => self.skip -= count as u64,
            }
        }
        self.fill_some(&mut buffer[..most * size], size, row)
    }

    /// Reads elements without passing over any.
    fn fill_some(&mut self, buffer: &mut [u8], size: usize, row: usize) -> io::Result<usize> {
        let known = self.rest.len().min(buffer.len());
        buffer[..known].copy_from_slice(&self.rest[..known]);
        let enough = buffer.len().min(row * size);
        let mut filled = known;
        while filled < enough && self.end.is_none() {
            match wait_for(&self.file).and_then(|()| self.file.read(&mut buffer[filled..])) {
                Ok(0) => self.end = Some(Ok(())),
                Ok(read) => {
                    filled += read;
                    self.seen += read as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => self.end = Some(Err(error)),
            }
        }
        let count = match filled / size {
            0 => self.take_error().map(|()| 0)?,
            count if count > row => count - count % row,
            count => count,
        };
        self.rest.splice(..known, buffer[count * size..filled].iter().copied());
        Ok(count)
    }

    /// Fails, if that is how the source ended, but only once.
    fn take_error(&mut self) -> io::Result<()> {
        match &mut self.end {
            Some(end) => std::mem::replace(end, Ok(())),
            None => Ok(()),
        }
    }

    /// Returns the bytes of the source, once it has ended.
    pub(super) fn len(&self) -> Option<u64> {
        self.end.as_ref().map(|_| self.seen)
    }
}
