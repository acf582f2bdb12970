//! A file and its mapping, in bytes.
//!
//! A growth goes through these steps, and each that can fail leaves nothing behind:
//!
//! 1. The file still has the length that it was left with.
//! 2. There are addresses for a longer mapping. No disk space is asked for that could not be used.
//! 3. Blocks are reserved behind the end of the file, ahead of need if the disk has room; then the
//!    file gets its new length, or is written to behind its end. A large growth sets the length
//!    first, which the system refuses faster than a reservation if there is a limit.
//! 4. The mapping becomes longer, and may move. One that cannot stays where it is.
//!
//! Cutting the file to its old length undoes step 3: that also gives back blocks behind the end,
//! all of which ext4 keeps when it refuses a reservation halfway. Blocks that were reserved before
//! are reserved again. If the cutting fails, the next call begins with it.

mod mapping;

use std::{cmp::Ordering, fs::File, io, mem, ptr::NonNull, sync::OnceLock};

use self::mapping::Advised;
use super::growth;
use crate::{
    Error, Result,
    locked_file::LockedFile,
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

/// A length of the file and of its blocks, to return to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Mark {
    length: u64,
    reserved: u64,
}

/// A file and its mapping.
#[derive(Debug)]
pub(super) struct Storage {
    /// Given up before the file, and with it the lock.
    map: Option<Map>,
    file: LockedFile,
    /// The length that the file should have.
    length: u64,
    /// Whether the file may be longer than that, because it could not be cut.
    too_long: bool,
    /// Where the blocks end that are known to be reserved; not before `length`.
    reserved: u64,
    /// Whether the file has become longer since it was opened or cut, so that reserving ahead may
    /// pay.
    growing: bool,
    room: Room,
    ending: Ending,
    advised: Advised,
    /// The first failure of a flush; the kernel does not repeat it.
    failed_flush: OnceLock<(io::ErrorKind, String)>,
}

impl Storage {
    /// Takes over a file, without changing or mapping it.
    pub(super) fn new(file: LockedFile, room: Room, ending: Ending) -> Result<Self> {
        let length = sys::length(&file)?;
        Ok(Self {
            map: None,
            file,
            length,
            too_long: false,
            reserved: length,
            growing: false,
            room,
            ending,
            advised: Advised::default(),
            failed_flush: OnceLock::new(),
        })
    }

    /// Tells whether the file is there when the storage is gone.
    pub(super) fn stays(&self) -> bool {
        self.ending != Ending::Discard
    }

    /// Makes dropping leave the file alone, as nothing has been done to it.
    pub(super) const fn leave(&mut self) {
        self.ending = Ending::Discard;
    }

    /// Returns the handle of the file.
    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// Returns the length of the file.
    pub(super) const fn length(&self) -> u64 {
        self.length
    }

    /// Makes sure that nobody else has changed the length of the file.
    ///
    /// If an earlier call has left it too long, it is cut now.
    pub(super) fn check(&mut self) -> Result<()> {
        let (expected, found) = (self.length, sys::length(&self.file)?);
        match found.cmp(&expected) {
            // Blocks that a reservation has left behind the end go the same way.
            Ordering::Equal | Ordering::Greater if self.too_long => Ok(self.restore(self.mark())?),
            Ordering::Equal => Ok(()),
            _ => Err(Error::LengthChanged { expected, found }),
        }
    }

    /// Returns what [`take_back`](Self::take_back) can return to.
    pub(super) const fn mark(&self) -> Mark {
        self.mark_at(self.length)
    }

    /// Returns the same for a file that is to be `length` bytes long then.
    pub(super) const fn mark_at(&self, length: u64) -> Mark {
        Mark { length, reserved: self.reserved }
    }

    /// Undoes what was done since `mark`. A file that stays too long is cut by the next call.
    pub(super) fn take_back(&mut self, mark: Mark) -> io::Result<()> {
        match self.mark() != mark || self.too_long {
            true => self.restore(mark),
            false => Ok(()),
        }
    }

    /// Undoes what was done since `mark` because of `cause`, and returns what to report.
    pub(super) fn fail(&mut self, mark: Mark, cause: Error) -> Error {
        match (self.take_back(mark), cause) {
            (Ok(()), Error::Undo { cause, .. }) => *cause,
            (Ok(()), cause) | (Err(_), cause @ Error::Undo { .. }) => cause,
            (Err(undo), cause) => Error::Undo { cause: Box::new(cause), undo },
        }
    }

    /// Returns how long the file can become without moving, and without asking for blocks.
    pub(super) fn room(&self) -> u64 {
        match self.room {
            Room::Sparse => self.mapped_bytes(),
            Room::Reserved => self.mapped_bytes().min(self.reserved),
        }
    }

    /// Tells whether this process has made the memory, and not one that it was forked from.
    pub(super) fn is_ours(&self) -> bool {
        self.file.is_ours()
    }

    /// Makes the file `bytes` long. On an error it has its old length.
    pub(super) fn set_length(&mut self, bytes: u64) -> Result<()> {
        match bytes < self.length {
            true => self.cut(bytes),
            false => self.lengthen(bytes),
        }
    }

    /// Makes the file at least `bytes` long, by zeroes. On an error it has its old length.
    pub(super) fn lengthen(&mut self, bytes: u64) -> Result<()> {
        if bytes <= self.length {
            return Ok(());
        }
        let mark = self.mark();
        self.extend(bytes).map_err(|cause| self.undo(cause, mark))
    }

    /// Reserves blocks up to `bytes`, which may lie behind the end of the file.
    ///
    /// A file system that cannot do that is left to growth, which writes zeroes there.
    pub(super) fn reserve(&mut self, bytes: u64) -> Result<()> {
        if self.room == Room::Sparse || bytes <= self.reserved {
            return Ok(());
        }
        let mark = self.mark();
        match self.allocate(bytes) {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(()),
            allocated => allocated.map_err(|cause| self.undo(cause, mark)),
        }
    }

    /// Writes `len` bytes of values at a place of the file, which becomes longer if need be.
    ///
    /// On an error the file may be longer, and [`take_back`](Self::take_back) must follow.
    ///
    /// # Safety
    ///
    /// - `values` is valid for reads of `len` bytes, which need not be initialised.
    pub(super) unsafe fn write(&mut self, values: NonNull<u8>, len: usize, at: u64) -> Result<()> {
        let end = at + len as u64;
        self.too_long = true;
        if end > self.length && self.room == Room::Reserved {
            match self.allocate_ahead(end) {
                // What is written has blocks, too.
                Err(error) if error.kind() == io::ErrorKind::Unsupported => {}
                allocated => allocated?,
            }
        }
        // SAFETY: the caller promises the same.
        unsafe { sys::write(&self.file, values, len, at) }?;
        self.confirm(end)?;
        self.has_grown(end);
        self.too_long = false;
        Ok(())
    }

    /// Makes sure that the file is as long as one that was written to up to `bytes`: somebody who
    /// has a clone of the handle can make every write append.
    fn confirm(&self, bytes: u64) -> Result<()> {
        let (expected, found) = (self.length.max(bytes), sys::length(&self.file)?);
        match found == expected {
            true => Ok(()),
            false => Err(Error::LengthChanged { expected, found }),
        }
    }

    fn cut(&mut self, bytes: u64) -> Result<()> {
        sys::set_length(&self.file, bytes)?;
        (self.length, self.reserved, self.growing) = (bytes, bytes, false);
        Ok(())
    }

    /// Makes the file longer, which has one of the two lengths at any time.
    fn extend(&mut self, bytes: u64) -> Result<()> {
        let new = self.length..bytes;
        if self.room == Room::Sparse || growth::is_large(self.length, bytes) {
            sys::extend_by_hole(&self.file, new.clone())?;
        }
        if self.room == Room::Reserved {
            match self.allocate_ahead(bytes) {
                Ok(()) if growth::is_large(self.length, bytes) => {}
                Ok(()) => sys::extend(&self.file, new)?,
                // The one way left to make sure of the blocks is to write them.
                Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                    sys::extend(&self.file, new.clone())?;
                    sys::write_zeroes(&self.file, new)?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        self.confirm(bytes)?;
        self.has_grown(bytes);
        Ok(())
    }

    fn has_grown(&mut self, bytes: u64) {
        self.growing = true;
        self.length = self.length.max(bytes);
        self.reserved = self.reserved.max(bytes);
    }

    /// Reserves blocks up to `bytes`, and more if that can be had and is likely to be used.
    fn allocate_ahead(&mut self, bytes: u64) -> io::Result<()> {
        if bytes <= self.reserved {
            return Ok(());
        }
        let ahead = if self.growing { growth::blocks(self.length, bytes) } else { bytes };
        match self.allocate(ahead) {
            Err(error) if ahead != bytes && error.kind() != io::ErrorKind::Unsupported => {
                // Within a write the file may still become too long.
                let too_long = self.too_long;
                self.restore(self.mark())?;
                self.too_long = too_long;
                self.allocate(bytes)
            }
            allocated => allocated,
        }
    }

    /// Reserves blocks up to `end`: a large run in steps, and none at all if the file system says
    /// that there are too few. One that lies in memory would use up all of it before it refuses.
    fn allocate(&mut self, end: u64) -> io::Result<()> {
        while self.reserved < end {
            if growth::is_large(self.reserved, end)
                && let Ok(Some(available)) = sys::available(&self.file)
                && available < end - self.reserved
            {
                return Err(io::ErrorKind::StorageFull.into());
            }
            let next = growth::step(self.reserved, end);
            sys::allocate(&self.file, self.reserved..next)?;
            self.reserved = next;
        }
        Ok(())
    }

    /// Gives the file the length and the blocks of `mark`.
    ///
    /// Blocks that were reserved ahead are had anew, as far as the disk has them: when it is full,
    /// somebody else may be faster, and ext4 may keep a few back for itself.
    fn restore(&mut self, mark: Mark) -> io::Result<()> {
        (self.length, self.too_long) = (mark.length, true);
        sys::set_length(&self.file, mark.length)?;
        (self.reserved, self.too_long) = (mark.length, false);
        if mark.reserved > mark.length && self.room == Room::Reserved {
            // What was had of them before that failed would be left behind the end of the file.
            if self.allocate(mark.reserved).is_err() {
                let _ = sys::set_length(&self.file, mark.length);
            }
        }
        Ok(())
    }

    /// Returns to `mark` after `cause`, and returns what to report.
    fn undo(&mut self, cause: impl Into<Error>, mark: Mark) -> Error {
        match self.restore(mark) {
            Ok(()) => cause.into(),
            Err(undo) => Error::Undo { cause: Box::new(cause.into()), undo },
        }
    }

    /// Writes everything to disk and waits for it.
    pub(super) fn flush(&self) -> Result<()> {
        self.latched(|| sys::sync(&self.file, self.map.as_ref().map(|map| (map, self.length))))
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
        self.check()?;
        if self.reserved > self.length {
            self.cut(self.length)?;
        }
        Ok(())
    }
}

impl Drop for Storage {
    fn drop(&mut self) {
        if !self.is_ours() {
            return;
        }
        if self.ending != Ending::Discard {
            let _ = self.trim();
        }
        if self.ending == Ending::Sync {
            let _ = self.flush();
        }
    }
}
