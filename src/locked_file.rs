#![forbid(unsafe_code)]
//! A file, and the right to use it.
//!
//! The lock of the system, `flock` on Unix, keeps other processes away and dies with this one. The
//! [registry](crate::registry) keeps other memories of this process away.

use std::{fs::File, mem, ops::Deref};

use crate::{
    Error, Result,
    registry::{Access, Claim},
    sys::{self, Process},
};

/// How a memory gets the lock of its file, see [`FileOptions::lock`](crate::FileOptions::lock).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum Lock {
    /// It asks once: a file that another process has locked is [`Error::Locked`].
    #[default]
    Try,
    /// It waits until no other process has the file locked.
    ///
    /// A signal does not end the waiting. A program that must react to signals meanwhile uses
    /// [`Try`](Self::Try) again and again.
    Wait,
    /// It does without, see [`FileOptions::locked`](crate::FileOptions::locked).
    None,
}

/// A file, and the right to use it.
#[derive(Debug)]
pub(crate) struct LockedFile {
    claim: Option<Claim>,
    /// Whether the lock of the system is held as well.
    locked: bool,
    /// The process that made this; one forked from it leaves the file alone.
    process: Process,
    file: File,
}

impl LockedFile {
    /// Claims `file` in this process, and locks it against others as `lock` says.
    pub(crate) fn new(file: File, access: Access, lock: Lock) -> Result<Self> {
        let claim = Claim::new(sys::identity(&file)?, access)?;
        let locked = acquire(&file, access, lock)?;
        Ok(Self { claim: Some(claim), locked, process: Process::current(), file })
    }

    /// Takes a file without a name, and locks it where its file system can.
    ///
    /// Such a file can still be reached, through `/proc`.
    pub(crate) fn unnamed(file: File) -> Result<Self> {
        let claim = Claim::new(sys::identity(&file)?, Access::Write)?;
        let locked = match acquire(&file, Access::Write, Lock::Try) {
            Err(Error::Unlockable(_)) => false,
            locked => locked?,
        };
        Ok(Self { claim: Some(claim), locked, process: Process::current(), file })
    }

    /// Tells whether this process has made it, and not one that it was forked from.
    pub(crate) fn is_ours(&self) -> bool {
        self.process == Process::current()
    }
}

/// Locks `file` as `lock` says, and tells whether there is a lock to give back.
fn acquire(file: &File, access: Access, lock: Lock) -> Result<bool> {
    let locked = match lock {
        Lock::None => return Ok(false),
        Lock::Try => sys::try_lock(file, access),
        Lock::Wait => sys::wait_for_lock(file, access).map(|()| true),
    };
    match locked {
        Ok(true) => Ok(true),
        Ok(false) => Err(Error::Locked),
        Err(error) => Err(Error::Unlockable(error)),
    }
}

impl Deref for LockedFile {
    type Target = File;

    fn deref(&self) -> &File {
        &self.file
    }
}

impl Drop for LockedFile {
    fn drop(&mut self) {
        let claim = self.claim.take();
        if !self.is_ours() {
            // The registry of a forked process is a copy, which another thread may have locked for
            // ever; the lock of the system is still the other process's.
            mem::forget(claim);
            return;
        }
        // Closing would not do if the owner of the handle has kept a clone of it. While others read
        // the file through such a clone, the lock is theirs too.
        if self.locked && !claim.as_ref().is_some_and(Claim::is_shared) {
            let _ = sys::unlock(&self.file);
        }
        // Before the file is closed: if it has no name, its inode may belong to another file the
        // moment after.
        drop(claim);
    }
}
