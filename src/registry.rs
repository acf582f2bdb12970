#![forbid(unsafe_code)]
//! The files that the memories of this process lie in.
//!
//! The lock of the system belongs to an open file, so a clone of the handle would pass it. The
//! registry knows files by their identity, under whatever name or handle.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{
    Error, Result,
    sys::{Identity, Process},
};

/// What a memory does with its file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Access {
    /// It changes the file, and is the only one to use it.
    Write,
    /// It reads, as others may.
    Read,
}

/// Those who use a file, and their process: one that was forked has a copy of the registry, in
/// which the claims of the other are void.
#[derive(Debug)]
struct Users {
    process: Process,
    /// How many read the file; none means that one writes it.
    readers: usize,
}

static CLAIMED: Mutex<BTreeMap<Identity, Users>> = Mutex::new(BTreeMap::new());

/// An entry in the registry.
#[derive(Debug)]
pub(crate) struct Claim(Identity);

impl Claim {
    /// Enters a file, or refuses it if a memory of this process uses it in a way that forbids it.
    pub(crate) fn new(identity: Identity, access: Access) -> Result<Self> {
        let (process, mut claimed) = (Process::current(), claimed());
        let found = claimed.get(&identity).filter(|users| users.process == process);
        let readers = match (access, found.map(|users| users.readers)) {
            (Access::Write, None) => 0,
            (Access::Read, None) => 1,
            (Access::Read, Some(readers @ 1..)) => readers + 1,
            (Access::Write, Some(_)) | (Access::Read, Some(0)) => return Err(Error::Locked),
        };
        claimed.insert(identity, Users { process, readers });
        Ok(Self(identity))
    }

    /// Tells whether another memory of this process uses the file as well.
    pub(crate) fn is_shared(&self) -> bool {
        claimed().get(&self.0).is_some_and(|users| users.readers > 1)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut claimed = claimed();
        match claimed.get_mut(&self.0) {
            Some(users) if users.readers > 1 => users.readers -= 1,
            _ => _ = claimed.remove(&self.0),
        }
    }
}

/// Returns the registry; a panic elsewhere cannot leave it half-changed.
fn claimed() -> MutexGuard<'static, BTreeMap<Identity, Users>> {
    CLAIMED.lock().unwrap_or_else(PoisonError::into_inner)
}
