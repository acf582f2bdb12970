#![forbid(unsafe_code)]
//! One writer a file.
//!
//! The lock of the system, `flock` on Unix, keeps other processes away and dies with this one. It
//! belongs to an open file, so a clone of the handle would pass it; the registry of this process
//! knows files by their identity and refuses that too.

use std::{
    collections::BTreeMap,
    fs::File,
    mem,
    ops::Deref,
    process,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{
    Error, Result,
    sys::{self, Identity},
};

/// The files that a memory has locked, and the process of that memory: one that was forked has a
/// copy of the registry, in which the claims of the other are void.
static CLAIMED: Mutex<BTreeMap<Identity, u32>> = Mutex::new(BTreeMap::new());

/// A file, and the right to be its one writer unless that was waived.
#[derive(Debug)]
pub(super) struct LockedFile {
    claim: Option<Claim>,
    /// Whether the lock of the system is held as well.
    locked: bool,
    /// The process that made this; one forked from it leaves the file alone.
    process: u32,
    file: File,
}

impl LockedFile {
    /// Locks `file`, or tells at once that somebody else holds it.
    pub(super) fn new(file: File) -> Result<Self> {
        let claim = Some(Claim::new(sys::identity(&file)?)?);
        match sys::try_lock(&file) {
            Ok(true) => Ok(Self { claim, locked: true, process: process::id(), file }),
            Ok(false) => Err(Error::Locked),
            Err(error) => Err(Error::Unlockable(error)),
        }
    }

    /// Takes `file` without the lock of the system, but not twice in this process: two memories
    /// over one file would hand out references to the same elements.
    pub(super) fn unlocked(file: File) -> Result<Self> {
        let claim = Some(Claim::new(sys::identity(&file)?)?);
        Ok(Self { claim, locked: false, process: process::id(), file })
    }

    /// Takes a file that nobody else can reach.
    pub(super) fn private(file: File) -> Self {
        Self { claim: None, locked: false, process: process::id(), file }
    }

    /// Tells whether this process has made it, and not one that it was forked from.
    pub(super) fn is_ours(&self) -> bool {
        self.process == process::id()
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
        if self.locked {
            // Closing would not do if the owner of the handle has kept a clone of it.
            let _ = sys::unlock(&self.file);
        }
        // Before the file is closed: if it has no name, its inode may belong to another file the
        // moment after.
        drop(claim);
    }
}

/// An entry in the registry.
#[derive(Debug)]
struct Claim(Identity);

impl Claim {
    fn new(identity: Identity) -> Result<Self> {
        let (process, mut claimed) = (process::id(), claimed());
        if claimed.get(&identity) == Some(&process) {
            return Err(Error::Locked);
        }
        claimed.insert(identity, process);
        Ok(Self(identity))
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        claimed().remove(&self.0);
    }
}

/// Returns the registry; a panic elsewhere cannot leave it half-changed.
fn claimed() -> MutexGuard<'static, BTreeMap<Identity, u32>> {
    CLAIMED.lock().unwrap_or_else(PoisonError::into_inner)
}
