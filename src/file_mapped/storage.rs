//! A file and its mapping, in bytes.
//!
//! A growth goes through these steps, and each that can fail leaves nothing behind:
//!
//! 1. The file still has the length that it was left with.
//! 2. The mapping covers the new length. A mapping longer than its file does no harm, so this needs
//!    no undoing.
//! 3. Blocks are reserved behind the end of the file, ahead of need if the disk has room.
//! 4. The file gets its new length, or is written to behind its end.
//!
//! Cutting the file to its old length undoes steps 3 and 4: that also gives back blocks behind the
//! end, all of which ext4 keeps when it refuses a reservation halfway.

use std::{cmp::Ordering, fs::File, io, mem, ops::Range, ptr::NonNull, sync::OnceLock};

use super::{growth, lock::LockedFile};
use crate::{
    Error, Result,
    sys::{self, Map},
};

/// Whether new space in the file gets blocks on disk at once.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Room {
    /// Yes, so that a full disk is an error of the growth.
    Reserved,
    /// No, the file gets a hole.
    Sparse,
}

/// What becomes of the file when its storage is dropped.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Ending {
    /// It vanishes, so nothing needs to be put in order.
    Discard,
    /// It stays.
    Keep,
    /// It stays, and is on disk.
    Sync,
}

/// A file and its mapping.
#[derive(Debug)]
pub(super) struct Storage {
    /// Given up before the file, and with it the lock.
    map: Option<Map>,
    file: LockedFile,
    /// The length that the file has as far as we know.
    length: u64,
    /// Where the blocks end that are known to be reserved; not before `length`.
    reserved: u64,
    room: Room,
    ending: Ending,
    /// The first failure of a flush; the kernel does not repeat it.
    failed_flush: OnceLock<(io::ErrorKind, String)>,
}

impl Storage {
    /// Takes over a file, without changing or mapping it.
    pub(super) fn new(file: LockedFile, room: Room, ending: Ending) -> Result<Self> {
        let length = sys::length(&file)?;
        let failed_flush = OnceLock::new();
        Ok(Self { map: None, file, length, reserved: length, room, ending, failed_flush })
    }

    /// Returns the length of the file.
    pub(super) const fn length(&self) -> u64 {
        self.length
    }

    /// Returns where the mapping begins, aligned to a page, and its length, if there is one.
    pub(super) fn mapped(&self) -> Option<(NonNull<u8>, usize)> {
        self.map.as_ref().map(|map| (map.ptr(), map.len()))
    }

    /// Makes sure that nobody else has changed the length of the file.
    pub(super) fn check(&self) -> Result<()> {
        let (expected, found) = (self.length, sys::length(&self.file)?);
        match expected == found {
            true => Ok(()),
            false => Err(Error::LengthChanged { expected, found }),
        }
    }

    /// Maps at least the first `bytes`, which may lie behind the end of the file.
    ///
    /// The mapping may move. On an error it is as it was.
    pub(super) fn map(&mut self, bytes: u64) -> Result<()> {
        let needed = usize::try_from(bytes).map_err(|_| Error::CapacityOverflow)?;
        let file: &File = &self.file;
        match &mut self.map {
            None if needed == 0 => {}
            None => {
                let map = Map::new(file, growth::mapping(0, needed));
                self.map = Some(map.or_else(|_| Map::new(file, needed))?);
            }
            Some(map) if needed <= map.len() => {}
            Some(map) => map
                .resize(file, growth::mapping(map.len(), needed))
                .or_else(|_| map.resize(file, needed))?,
        }
        Ok(())
    }

    /// Makes the file `bytes` long. On an error it has its old length.
    pub(super) fn set_length(&mut self, bytes: u64) -> Result<()> {
        match bytes.cmp(&self.length) {
            Ordering::Less => self.cut(bytes),
            Ordering::Equal => Ok(()),
            Ordering::Greater => self.lengthen(bytes).map_err(|cause| self.undo(cause.into())),
        }
    }

    /// Reserves blocks up to `bytes`, which may lie behind the end of the file.
    pub(super) fn reserve(&mut self, bytes: u64) -> Result<()> {
        match self.room {
            Room::Reserved if bytes > self.reserved => {
                self.allocate(bytes).map_err(|cause| self.undo(cause.into()))
            }
            _ => Ok(()),
        }
    }

    /// Writes `len` bytes of values at a place of the file, which becomes longer if need be.
    ///
    /// On an error the file may have been written to, and may be longer.
    ///
    /// # Safety
    ///
    /// - `values` is valid for reads of `len` bytes, which need not be initialised.
    pub(super) unsafe fn write(&mut self, values: NonNull<u8>, len: usize, at: u64) -> Result<()> {
        let end = at + len as u64;
        if end > self.length && self.room == Room::Reserved {
            self.allocate_ahead(end).map_err(|cause| self.undo(cause.into()))?;
        }
        // SAFETY: the caller promises the same.
        let written = unsafe { sys::write(&self.file, values, len, at) };
        let longer = self.length.max(end);
        self.length = match &written {
            Ok(()) => longer,
            Err(_) => sys::length(&self.file).unwrap_or(longer),
        };
        self.reserved = self.reserved.max(self.length);
        Ok(written?)
    }

    fn cut(&mut self, bytes: u64) -> Result<()> {
        sys::set_length(&self.file, bytes)?;
        (self.length, self.reserved) = (bytes, bytes);
        Ok(())
    }

    fn lengthen(&mut self, bytes: u64) -> io::Result<()> {
        match self.room {
            Room::Sparse => sys::set_length(&self.file, bytes)?,
            Room::Reserved => {
                self.allocate_ahead(bytes)?;
                sys::extend(&self.file, bytes)?;
            }
        }
        self.length = bytes;
        self.reserved = self.reserved.max(bytes);
        Ok(())
    }

    /// Reserves blocks up to `bytes`, and more if that can be had.
    fn allocate_ahead(&mut self, bytes: u64) -> io::Result<()> {
        if bytes <= self.reserved {
            return Ok(());
        }
        let ahead = growth::blocks(self.length, bytes);
        match self.allocate(ahead) {
            Ok(()) => Ok(()),
            // The one way left to make sure of the blocks is to write them.
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                sys::write_zeroes(&self.file, self.length..bytes)
            }
            Err(error) if ahead == bytes => Err(error),
            Err(_) => {
                self.give_back()?;
                self.allocate(bytes)
            }
        }
    }

    fn allocate(&mut self, end: u64) -> io::Result<()> {
        sys::allocate(&self.file, self.reserved..end)?;
        self.reserved = end;
        Ok(())
    }

    /// Gives blocks behind the end of the file back.
    fn give_back(&mut self) -> io::Result<()> {
        sys::set_length(&self.file, self.length)?;
        self.reserved = self.length;
        Ok(())
    }

    /// Restores the length of the file after `cause`, and returns what to report.
    fn undo(&mut self, cause: Error) -> Error {
        match self.give_back() {
            Ok(()) => cause,
            Err(undo) => {
                self.length = sys::length(&self.file).unwrap_or(self.length);
                self.reserved = self.length;
                Error::Undo { cause: Box::new(cause), undo }
            }
        }
    }

    /// Writes everything to disk and waits for it.
    pub(super) fn flush(&self) -> Result<()> {
        self.latched(|| sys::sync(&self.file))
    }

    /// Writes a range of mapped bytes to disk and waits for it.
    pub(super) fn flush_range(&self, bytes: Range<usize>) -> Result<()> {
        self.latched(|| match &self.map {
            Some(map) if !bytes.is_empty() => map.flush(bytes),
            _ => Ok(()),
        })
    }

    fn latched(&self, flush: impl FnOnce() -> io::Result<()>) -> Result<()> {
        if let Some((kind, first)) = self.failed_flush.get() {
            return Err(Error::FlushFailed { kind: *kind, first: first.clone() });
        }
        flush().map_err(|error| {
            self.failed_flush.get_or_init(|| (error.kind(), error.to_string()));
            error.into()
        })
    }

    /// Puts the file in order and on disk, and reports what dropping keeps to itself.
    pub(super) fn close(&mut self) -> Result<()> {
        match mem::replace(&mut self.ending, Ending::Discard) {
            Ending::Discard => Ok(()),
            Ending::Keep | Ending::Sync => {
                let trimmed = self.trim();
                self.flush().and(trimmed)
            }
        }
    }

    /// Gives back what was reserved ahead, unless somebody else has changed the file.
    fn trim(&mut self) -> Result<()> {
        if self.reserved > self.length {
            self.check()?;
            self.give_back()?;
        }
        Ok(())
    }
}

impl Drop for Storage {
    fn drop(&mut self) {
        if self.ending != Ending::Discard {
            let _ = self.trim();
        }
        if self.ending == Ending::Sync {
            let _ = self.flush();
        }
    }
}
