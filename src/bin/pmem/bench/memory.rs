//! The memory that is measured: one type, whatever the backend.

use std::path::Path;

use platform_mem::{ErasedMem, FileMapped, FileOptions, Global, Result, System, TempFile};

use super::backend::Backend;
use bytemuck::Pod;

/// A memory of a backend that was chosen at run time.
pub(super) enum Memory<T> {
    /// A file that can be synced.
    File(FileMapped<T>),
    /// Anything else.
    Other(Box<dyn ErasedMem<Item = T>>),
}

impl<T: Pod + PartialEq + Send + Sync> Memory<T> {
    /// Returns an empty memory; a file lies in `dir` and has no name, so that it is gone when the
    /// memory or the program is.
    pub(super) fn new(backend: Backend, dir: &Path) -> Result<Self> {
        Ok(match backend {
            Backend::Global => Self::Other(Box::new(Global::<T>::new())),
            Backend::System => Self::Other(Box::new(System::<T>::new())),
            Backend::Temp => Self::Other(Box::new(TempFile::<T>::new_in(dir)?)),
            Backend::File => {
                let file = tempfile::tempfile_in(dir)?;
                Self::File(FileOptions::new().sync_on_drop(false).from_file(file)?)
            }
        })
    }

    /// Returns what all backends have in common.
    pub(super) fn any(&mut self) -> &mut dyn ErasedMem<Item = T> {
        match self {
            Self::File(file) => file,
            Self::Other(other) => &mut **other,
        }
    }

    /// Waits until the elements are on disk, if the backend has one.
    pub(super) fn sync(&self) -> Result<()> {
        match self {
            Self::File(file) => file.flush(),
            Self::Other(_) => Ok(()),
        }
    }
}
