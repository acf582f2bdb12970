#![forbid(unsafe_code)]
//! One writer a file.
//!
//! The lock of the system, `flock` on Unix, keeps other processes away and dies with this one. It
//! belongs to an open file, so a clone of the handle would pass it; the registry of this process
//! knows files by their identity and refuses that too.

use std::{
    collections::BTreeSet,
    fs::File,
    io,
    ops::Deref,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{
    Error, Result,
    sys::{self, Identity},
};

/// The files that a memory of this process has locked.
static CLAIMED: Mutex<BTreeSet<Identity>> = Mutex::new(BTreeSet::new());

/// A file, and the right to be its one writer unless that was waived.
#[derive(Debug)]
pub(super) struct LockedFile {
    /// Given up after the lock of the system, and before the file is closed: a file without a name
    /// is gone then, and its identity goes to the next one.
    claim: Option<Claim>,
    file: File,
}

impl LockedFile {
    /// Locks `file`, or tells at once that somebody else holds it.
    pub(super) fn new(file: File) -> Result<Self> {
        let claim = Claim::new(sys::identity(&file)?)?;
        match sys::try_lock(&file) {
            Ok(true) => Ok(Self { file, claim: Some(claim) }),
            Ok(false) => Err(Error::Locked),
            Err(error) => {
                let text =
                    format!("the file cannot be locked ({error}); `locked(false)` forgoes it");
                Err(io::Error::new(error.kind(), text).into())
            }
        }
    }

    /// Takes `file` as it is.
    pub(super) const fn unlocked(file: File) -> Self {
        Self { file, claim: None }
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
        if let Some(claim) = self.claim.take() {
            // Closing would not do if the owner of the handle has kept a clone of it.
            let _ = sys::unlock(&self.file);
            // Before the file is closed: if it has no name, its inode may belong to another file
            // the moment after.
            drop(claim);
        }
    }
}

/// An entry in the registry.
#[derive(Debug)]
struct Claim(Identity);

impl Claim {
    fn new(identity: Identity) -> Result<Self> {
        match claimed().insert(identity) {
            true => Ok(Self(identity)),
            false => Err(Error::Locked),
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        claimed().remove(&self.0);
    }
}

/// Returns the registry; a panic elsewhere cannot leave it half-changed.
fn claimed() -> MutexGuard<'static, BTreeSet<Identity>> {
    CLAIMED.lock().unwrap_or_else(PoisonError::into_inner)
}
