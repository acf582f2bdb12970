#![forbid(unsafe_code)]
//! How a memory treats its file.

use super::storage::{Ending, Room};
use crate::Lock;

/// How long a file is, compared with the elements in it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Length {
    /// Exactly as long.
    Exact,
    /// Longer, while a memory lies in it.
    Spare,
}

/// How a [`FileMapped`](crate::FileMapped) treats its file.
///
/// # Examples
///
/// ```
/// use platform_mem::{FileMapped, FileOptions, RawMem};
///
/// let dir = tempfile::tempdir()?;
/// let options = FileOptions::new().sparse(true).sync_on_drop(false);
/// let mut mem: FileMapped<u64> = options.from_path(dir.path().join("data.bin"))?;
/// // SAFETY: the new space of a file is zero, and zero is a number.
/// unsafe { mem.grow_assumed(1 << 20) }?;
/// assert_eq!(mem.allocated().len(), 1 << 20);
/// # platform_mem::Result::Ok(())
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct FileOptions {
    pub(super) room: Room,
    pub(super) length: Length,
    pub(super) lock: Lock,
    pub(super) ending: Ending,
    pub(super) offset: u64,
}

impl FileOptions {
    /// Returns the defaults: blocks are reserved, the file is locked, and synced on drop; its
    /// elements begin at its first byte.
    pub const fn new() -> Self {
        Self {
            room: Room::Reserved,
            length: Length::Exact,
            lock: Lock::Try,
            ending: Ending::Sync,
            offset: 0,
        }
    }

    /// Sets at which byte of the file the elements begin; 0 by default.
    ///
    /// The bytes before that are a header, which the memory never changes by itself, see
    /// [`FileMapped::header_mut`](crate::FileMapped::header_mut). A file that is empty has no
    /// header yet; it gets one of zeroes when it first grows. One that is shorter than its header
    /// is refused with [`Error::HeaderCut`](crate::Error::HeaderCut), and an offset at which
    /// elements are not aligned with [`Error::Misaligned`](crate::Error::Misaligned).
    ///
    /// # Examples
    ///
    /// ```
    /// use platform_mem::{FileMapped, FileOptions, RawMem};
    ///
    /// let dir = tempfile::tempdir()?;
    /// let path = dir.path().join("tokens.bin");
    ///
    /// let mut mem: FileMapped<u16> = FileOptions::new().offset(16).from_path(&path)?;
    /// mem.header_mut()?[..4].copy_from_slice(b"TOKS");
    /// mem.grow_from_slice(&[7, 8, 9])?;
    /// mem.close()?;
    ///
    /// let mem: FileMapped<u16> = FileOptions::new().offset(16).open(&path)?;
    /// assert_eq!((&mem.header()[..4], mem.allocated()), (&b"TOKS"[..], &[7, 8, 9][..]));
    /// # platform_mem::Result::Ok(())
    /// ```
    pub const fn offset(mut self, bytes: u64) -> Self {
        self.offset = bytes;
        self
    }

    /// Sets whether growth leaves holes in the file instead of reserving blocks; off by default.
    ///
    /// A hole takes no room on disk until it is written to. If the disk is full then, the store
    /// raises SIGBUS, which ends the program.
    pub const fn sparse(mut self, sparse: bool) -> Self {
        self.room = if sparse { Room::Sparse } else { Room::Reserved };
        self
    }

    /// Sets whether the file is kept longer than its elements while it grows; off by default.
    ///
    /// Many small growths then cost what they cost in a `Vec`: only now and then is the file made
    /// longer, by half of its length, and a growth in between is no system call. Dropping or
    /// closing the memory cuts the file to its elements, and so may a growth that fails.
    ///
    /// A program that is killed leaves the file at its spare length. Behind the elements it holds
    /// zeroes, or elements of a growth that was not over; a reader cannot tell those from the rest,
    /// so this suits files whose elements say by themselves whether they are valid. And as a growth
    /// need not ask the system, one does not notice that another program has cut the file short:
    /// touching what is gone raises SIGBUS.
    pub const fn spare_capacity(mut self, spare: bool) -> Self {
        self.length = if spare { Length::Spare } else { Length::Exact };
        self
    }

    /// Sets how the memory gets the lock of its file; [`Lock::Try`] by default.
    ///
    /// In one process a file is never in two memories at once, whatever is set here: the second is
    /// [`Error::Locked`](crate::Error::Locked) at once, as waiting for it might have no end.
    ///
    /// # Examples
    ///
    /// ```
    /// use platform_mem::{FileMapped, FileOptions, Lock, RawMem};
    ///
    /// let dir = tempfile::tempdir()?;
    /// let options = FileOptions::new().lock(Lock::Wait);
    /// let mut mem: FileMapped<u64> = options.from_path(dir.path().join("data.bin"))?;
    /// mem.grow_filled(1, 42)?;
    /// # platform_mem::Result::Ok(())
    /// ```
    pub const fn lock(mut self, lock: Lock) -> Self {
        self.lock = lock;
        self
    }

    /// Sets whether the memory locks its file against other processes; on by default.
    ///
    /// It stands for [`lock`](Self::lock) with [`Lock::Try`] or [`Lock::None`]. To go without the
    /// lock is for file systems that have none, and for programs that hold it already, through
    /// another handle or as the command that `flock FILE` runs. It hands a duty over to the caller:
    /// while the memory lives, no other process changes the file. If one changes bytes of elements
    /// while this program has a slice of them, that is undefined behaviour; if one cuts the file
    /// short, touching what is gone raises SIGBUS; if both grow it, they overwrite each other's
    /// elements.
    pub const fn locked(self, locked: bool) -> Self {
        self.lock(if locked { Lock::Try } else { Lock::None })
    }

    /// Sets whether dropping the memory waits until its elements are on disk; on by default.
    ///
    /// A drop keeps errors to itself. [`FileMapped::close`](crate::FileMapped::close) does the same
    /// and reports them.
    pub const fn sync_on_drop(mut self, sync: bool) -> Self {
        self.ending = if sync { Ending::Sync } else { Ending::Keep };
        self
    }
}

impl Default for FileOptions {
    fn default() -> Self {
        Self::new()
    }
}
