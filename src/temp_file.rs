//! Memory in a file without a name.

use std::{fmt, ops::RangeBounds, path::Path};

use crate::{
    Advice, FileMapped, Result,
    erased::{as_slice, delegate},
};

/// Memory in a temporary file, for more elements than the heap should hold.
///
/// The file has no name, is never synced, and its room is free again when the memory is dropped or
/// the program is gone, also after SIGKILL. Nobody else sees its length, so it keeps spare capacity
/// and grows like a `Vec`: now and then by half of its length, without a system call in between.
///
/// The file starts empty, so the elements may be of any type. Bytes of padding in them may be
/// uninitialised in memory, and are written to the file as they are found: what the heap of this
/// program held before can end up there. To shrink by many elements with a `Drop`, the heap must
/// have room for them: they are dropped when the file has been cut. A process that is forked shares
/// the elements, and should leave them alone.
///
/// # Examples
///
/// ```
/// use platform_mem::{RawMem, TempFile};
///
/// let mut mem = TempFile::new()?;
/// mem.grow_from_slice(b"hello world")?;
/// assert_eq!(mem.allocated(), b"hello world");
/// # platform_mem::Result::Ok(())
/// ```
pub struct TempFile<T>(FileMapped<T>);

impl<T> TempFile<T> {
    /// Creates an empty memory in the directory for temporary files, see [`std::env::temp_dir`].
    ///
    /// # Errors
    ///
    /// [`Error::System`](crate::Error::System) if no file can be created there, or if `T` is
    /// aligned to more than a page.
    pub fn new() -> Result<Self> {
        FileMapped::temporary(tempfile::tempfile()?).map(Self)
    }

    /// Creates an empty memory in the directory `dir`.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn new_in(dir: impl AsRef<Path>) -> Result<Self> {
        FileMapped::temporary(tempfile::tempfile_in(dir)?).map(Self)
    }

    /// Tells the system how the elements will be used, also those that the memory grows by.
    ///
    /// # Errors
    ///
    /// [`Error::System`](crate::Error::System) if the system has no such advice.
    pub fn advise(&mut self, advice: Advice) -> Result<()> {
        self.0.advise(advice)
    }

    /// Begins to read a range of elements from disk, and does not wait for it.
    ///
    /// # Errors
    ///
    /// As [`FileMapped::prefetch`].
    pub fn prefetch(&self, range: impl RangeBounds<usize>) -> Result<()> {
        self.0.prefetch(range)
    }

    /// Says that a range of elements will not be needed soon, see [`FileMapped::cool`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn cool(&self, range: impl RangeBounds<usize>) -> Result<()> {
        self.0.cool(range)
    }
}

impl<T> fmt::Debug for TempFile<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TempFile").field(&self.0).finish()
    }
}

as_slice!(impl[T] for TempFile<T>, T);
delegate!(impl[T] RawMem<Item = T> for TempFile<T>, self => self.0);
