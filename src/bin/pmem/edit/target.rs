//! A file while it is changed.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use platform_mem::{Error, FileMapped, FileOptions};

use super::explain;
use super::obstacle::{Change, check_seals};
use super::path::{directory, is_at, is_removed};
use crate::env::Interrupted;
use crate::error::message;
use crate::input::read_at;
use crate::layout::{Look, Patch};

/// A file that is locked, and that can be put back to what it was.
///
/// The memory holds the lock and changes the length. It maps nothing: bytes are written through the
/// second handle, in whole pages, which need not be read before, and without the room and the
/// signals of a mapping.
#[derive(Debug)]
pub(crate) struct Target {
    memory: FileMapped<u8>,
    file: File,
    before: u64,
    /// What stood where the header was changed.
    header: Vec<Patch>,
    /// Whether bytes are written behind the end, of which the memory does not know.
    appended: bool,
    /// The name of the file, if it was created for this change.
    created: Option<PathBuf>,
}

impl Target {
    /// Locks an open file.
    ///
    /// # Errors
    ///
    /// Another program holds the lock, or the system refuses.
    pub(super) fn lock(file: File, options: FileOptions) -> Result<Self, Error> {
        let handle = file.try_clone()?;
        let memory = options.sync_on_drop(false).from_file::<u8>(file)?;
        let before = memory.stored() as u64;
        Ok(Self {
            memory,
            file: handle,
            before,
            header: Vec::new(),
            appended: false,
            created: None,
        })
    }

    /// Remembers that the file was created for this change, by this name.
    pub(super) fn created_as(self, path: PathBuf) -> Self {
        Self { created: Some(path), ..self }
    }

    /// Returns the length in bytes.
    pub(crate) fn len(&self) -> u64 {
        self.memory.stored() as u64
    }

    /// Returns a handle for reading and writing bytes, whose position is of no account.
    pub(crate) const fn file(&self) -> &File {
        &self.file
    }

    /// Makes the file `len` bytes long. New bytes are zero.
    ///
    /// # Errors
    ///
    /// The system refuses. The length is as before, unless the error says otherwise.
    pub(crate) fn set_len(&mut self, len: u64) -> Result<(), Error> {
        let before = self.len();
        let count = usize::try_from(len).map_err(|_| Error::CapacityOverflow)?;
        self.memory.set_stored(count)?;
        Ok(self.clear_stale(before)?)
    }

    /// Returns the handle for writing bytes behind the end, which make the file longer;
    /// [`Target::undo`] cuts them off.
    pub(crate) fn append(&mut self) -> &File {
        self.appended = true;
        &self.file
    }

    /// Cuts off what was written behind the end.
    fn take_back(&self) -> std::io::Result<()> {
        match self.appended && self.file.metadata()?.len() > self.before {
            true => self.file.set_len(self.before),
            false => Ok(()),
        }
    }

    /// Makes sure that no seal of a file in memory forbids the change.
    ///
    /// # Errors
    ///
    /// One does.
    pub(crate) fn check_seals(&self, change: Change) -> anyhow::Result<()> {
        check_seals(&self.file, change)
    }

    /// Makes sure that the file is still the one at `path`, where others look for the change.
    ///
    /// # Errors
    ///
    /// Another program has removed or renamed it, or has put another file in its place.
    pub(crate) fn check_place(&self, path: &Path) -> anyhow::Result<()> {
        let metadata = self.file.metadata()?;
        if is_at(&metadata, path) {
            return Ok(());
        }
        let what = match (fs::metadata(path).is_ok(), is_removed(&metadata)) {
            (true, _) => "put another file in its place",
            (false, true) => "removed it",
            (false, false) => "renamed it",
        };
        bail!("another program has {what} while it was changed")
    }

    /// Changes the header in front of the elements; [`Target::undo`] puts it back.
    ///
    /// # Errors
    ///
    /// Reading or writing fails.
    pub(crate) fn patch(&mut self, patches: &[Patch]) -> anyhow::Result<()> {
        for Patch { offset, bytes } in patches {
            let mut old = vec![0; bytes.len()];
            self.file.seek(SeekFrom::Start(*offset))?;
            self.file.read_exact(&mut old)?;
            self.header.push(Patch { offset: *offset, bytes: old });
            self.write_at(*offset, bytes)?;
        }
        Ok(())
    }

    /// Puts the header back that was there before the change.
    fn restore_header(&mut self) -> std::io::Result<()> {
        for Patch { offset, bytes } in std::mem::take(&mut self.header).into_iter().rev() {
            self.write_at(offset, &bytes)?;
        }
        Ok(())
    }

    /// Writes bytes at a place.
    ///
    /// # Errors
    ///
    /// The system refuses.
    pub(crate) fn write_at(&mut self, offset: u64, bytes: &[u8]) -> std::io::Result<()> {
        self.file.seek(SeekFrom::Start(offset))?;
        self.file.write_all(bytes)
    }

    /// Writes zeroes over what is not zero of the first new page.
    ///
    /// tmpfs keeps what was stored, through a mapping, behind the end of a file in its last page.
    fn clear_stale(&mut self, before: u64) -> std::io::Result<()> {
        /// The largest page of any system.
        const PAGE: u64 = 64 * 1024;

        let rest = (before.next_multiple_of(PAGE) - before).min(self.len().saturating_sub(before));
        if rest == 0 {
            return Ok(());
        }
        let mut bytes = vec![0; rest as usize];
        self.file.seek(SeekFrom::Start(before))?;
        self.file.read_exact(&mut bytes)?;
        if bytes.iter().any(|byte| *byte != 0) {
            bytes.fill(0);
            self.write_at(before, &bytes)?;
        }
        Ok(())
    }

    /// Waits until the bytes, the length and, of a new file, the name are on disk.
    ///
    /// # Errors
    ///
    /// The system reports that they are not.
    pub(crate) fn sync(&self) -> anyhow::Result<()> {
        self.memory.flush().map_err(explain).context("writing it to disk")?;
        match &self.created {
            Some(path) => sync_directory(directory(path)).context("writing its name to disk"),
            None => Ok(()),
        }
    }

    /// Gives the file its old length again, or removes it if it was created; says which.
    ///
    /// # Errors
    ///
    /// That fails; the text says what is left.
    pub(crate) fn undo(mut self) -> Result<&'static str, String> {
        let why = |error| message(&anyhow::Error::from(error));
        // Before the elements go that the new one counts.
        if let Err(error) = self.restore_header() {
            return Err(format!("its header cannot be restored: {}", why(error)));
        }
        match &self.created {
            // Whoever has put another file in its place wants to keep that one.
            Some(path) if !self.file.metadata().is_ok_and(|file| is_at(&file, path)) => {
                Ok(match fs::symlink_metadata(path) {
                    Ok(_) => "another file has its name now and was not removed",
                    Err(_) => "the new file is not there any more",
                })
            }
            Some(path) => match fs::remove_file(path) {
                Ok(()) => Ok("the new file was removed"),
                Err(error) => Err(format!("the new file cannot be removed: {}", why(error))),
            },
            None => {
                match self.take_back().map_err(Error::from).and_then(|()| self.set_len(self.before))
                {
                    Ok(()) => Ok("the file has its old length again"),
                    Err(Error::LengthChanged { found, .. }) => {
                        Err(format!("the other program left it with {found} bytes"))
                    }
                    Err(error) => Err(format!(
                        "the file is longer than before and cannot be cut: {}",
                        message(&explain(error))
                    )),
                }
            }
        }
    }
}

impl Target {
    /// Undoes what was done, and says so after the cause.
    pub(crate) fn undone(self, cause: anyhow::Error) -> anyhow::Error {
        let interrupted = cause.downcast_ref::<Interrupted>().copied();
        match (interrupted, self.undo()) {
            (Some(interrupted), Ok(undone)) => interrupted.exit(undone).into(),
            (Some(interrupted), Err(left)) => interrupted.exit(left).into(),
            (None, Ok(_)) => cause,
            (None, Err(left)) => anyhow!("{}; {left}", message(&cause)),
        }
    }
}

impl Look for Target {
    fn len(&self) -> Option<u64> {
        Some(Self::len(self))
    }

    fn look_at(&mut self, offset: u64, bytes: &mut [u8]) -> std::io::Result<usize> {
        read_at(&self.file, bytes, offset)
    }
}

/// Waits until the names in a directory are on disk, where the system can be asked to.
pub(super) fn sync_directory(directory: &Path) -> anyhow::Result<()> {
    if cfg!(unix) {
        File::open(directory)?.sync_all()?;
    }
    Ok(())
}
