//! A file while it is changed.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use platform_mem::{Error, FileMapped, FileOptions};

use super::explain;
use super::path::{directory, is_at};
use crate::error::message;

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
        Ok(Self { before: memory.stored() as u64, memory, file: handle, created: None })
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
            self.file.seek(SeekFrom::Start(before))?;
            self.file.write_all(&bytes)?;
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
        match &self.created {
            // Whoever has put another file in its place wants to keep that one.
            Some(path) if !self.file.metadata().is_ok_and(|file| is_at(&file, path)) => {
                Ok("another file has its name now, and stays")
            }
            Some(path) => match fs::remove_file(path) {
                Ok(()) => Ok("it is gone again"),
                Err(error) => Err(format!("it stays, as it cannot be removed: {}", why(error))),
            },
            None => match self.set_len(self.before) {
                Ok(()) => Ok("it has its old length again"),
                Err(Error::LengthChanged { found, .. }) => {
                    Err(format!("it stays as the other program left it, with {found} bytes"))
                }
                Err(error) => Err(format!(
                    "it stays longer, as it cannot be cut: {}",
                    message(&explain(error))
                )),
            },
        }
    }
}

/// Waits until the names in a directory are on disk, where the system can be asked to.
pub(super) fn sync_directory(directory: &Path) -> anyhow::Result<()> {
    if cfg!(unix) {
        File::open(directory)?.sync_all()?;
    }
    Ok(())
}
