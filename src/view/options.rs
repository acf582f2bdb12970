#![forbid(unsafe_code)]
//! Which elements of a file a view shows.

use std::{
    fs::File,
    ops::{Bound, RangeBounds},
    path::Path,
};

use bytemuck::Pod;

use super::{FileView, window::Window};
use crate::{
    Error, Lock, Result,
    file_mapped::{check_alignment, elements},
    locked_file::LockedFile,
    raw_mem::resolve,
    registry::Access,
    sys,
};

/// Which elements of a file a [`FileView`] shows, and how it gets the lock.
///
/// # Examples
///
/// ```
/// use platform_mem::{FileView, ViewOptions};
///
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("data.bin");
/// std::fs::write(&path, b"header--0123456789")?;
///
/// let view: FileView<u8> = ViewOptions::new().offset(8).range(2..5).open(&path)?;
/// assert_eq!(view[..], *b"234");
/// # platform_mem::Result::Ok(())
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct ViewOptions {
    offset: u64,
    range: (Bound<usize>, Bound<usize>),
    lock: Lock,
}

impl ViewOptions {
    /// Returns the defaults: all elements from the first byte on, and a lock that is shared with
    /// other views.
    pub const fn new() -> Self {
        Self { offset: 0, range: (Bound::Unbounded, Bound::Unbounded), lock: Lock::Try }
    }

    /// Sets at which byte of the file the elements begin, see
    /// [`FileOptions::offset`](crate::FileOptions::offset).
    pub const fn offset(mut self, bytes: u64) -> Self {
        self.offset = bytes;
        self
    }

    /// Sets which elements are shown; all by default.
    ///
    /// If the range has an end, bytes behind it need not be a whole number of elements.
    pub fn range(mut self, range: impl RangeBounds<usize>) -> Self {
        self.range = (range.start_bound().cloned(), range.end_bound().cloned());
        self
    }

    /// Sets how the view gets its lock, which it shares with other views; [`Lock::Try`] by default.
    ///
    /// Without it, the caller sees to it that nobody changes the file, see
    /// [`FileOptions::locked`](crate::FileOptions::locked). In one process, a file is never at the
    /// same time in a view and in a memory that changes it.
    pub const fn lock(mut self, lock: Lock) -> Self {
        self.lock = lock;
        self
    }

    /// Opens the file at `path` for reading.
    ///
    /// # Errors
    ///
    /// As [`from_file`](Self::from_file), with the path.
    pub fn open<T: Pod>(self, path: impl AsRef<Path>) -> Result<FileView<T>> {
        let path = path.as_ref();
        let open = || self.from_file(File::open(path)?);
        open().map_err(|error: Error| error.at(path))
    }

    /// Makes a view of a file that is open for reading.
    ///
    /// # Errors
    ///
    /// As [`FileView::new`], and [`Error::OutOfRange`] if there are no such elements.
    pub fn from_file<T: Pod>(self, file: File) -> Result<FileView<T>> {
        check_alignment::<T>(self.offset)?;
        sys::check_access(&file, Access::Read)?;
        let file = LockedFile::new(file, Access::Read, self.lock)?;
        let count = match elements::<T>(sys::length(&file)?, self.offset) {
            Err(Error::LeftOver { bytes, element_size }) if self.range.1 != Bound::Unbounded => {
                usize::try_from(bytes / element_size as u64).map_err(|_| Error::CapacityOverflow)?
            }
            count => count?,
        };
        Window::new(file, self.offset, resolve(self.range, count)?).map(FileView)
    }
}

impl Default for ViewOptions {
    fn default() -> Self {
        Self::new()
    }
}
