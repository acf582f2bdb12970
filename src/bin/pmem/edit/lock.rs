//! Whose turn it is to change a file.

use std::fs::File;
use std::thread;
use std::time::Duration;

use platform_mem::{Error, FileOptions, Lock};

use super::target::Target;
use crate::env::Interrupt;

/// What to do about the lock of a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum LockMode {
    /// Stop with an error if another program has locked the file
    Try,
    /// Wait until no other program has locked the file
    Wait,
    /// Neither look at the lock nor take it
    None,
}

/// How the lock of a file is had. A signal that asks to stop ends the waiting.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn<'a> {
    pub(crate) mode: LockMode,
    pub(crate) interrupt: &'a Interrupt,
}

impl Turn<'_> {
    /// Locks an open file.
    ///
    /// # Errors
    ///
    /// Of the outer result: a signal asks to stop. Of the inner one: another program holds the lock,
    /// or the system refuses.
    pub(super) fn lock(
        self,
        file: &File,
        options: FileOptions,
    ) -> anyhow::Result<Result<Target, Error>> {
        /// How long to wait before asking again: not for long, as others may wait as well.
        const MOMENT: Duration = Duration::from_millis(2);

        let lock = if self.mode == LockMode::None { Lock::None } else { Lock::Try };
        loop {
            self.interrupt
                .check()
                .map_err(|interrupted| interrupted.exit("nothing was changed"))?;
            match Target::lock(file.try_clone()?, options.lock(lock)) {
                Err(Error::Locked) if self.mode == LockMode::Wait => thread::sleep(MOMENT),
                locked => return Ok(locked),
            }
        }
    }
}
