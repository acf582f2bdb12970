//! Reading the elements of a file.

mod options;
mod private;
mod window;

use std::{
    fmt,
    fs::File,
    ops::{Deref, RangeBounds},
    path::Path,
};

use bytemuck::Pod;

pub use self::{options::ViewOptions, private::PrivateView};
use self::{private::Private, window::Window};
use crate::{Advice, Result, raw_mem::resolve, sys::Hint};

/// The elements of a file, to be read.
///
/// It needs no right to write the file, and works on media that cannot be written. Many views, of
/// this process and of others, may be of one file; a [`FileMapped`](crate::FileMapped) is kept away
/// from it, and keeps views away. It shows the elements that are in the file when it is made.
///
/// What [`FileMapped`](crate::FileMapped) says about files that others change holds here, too: a
/// program that ignores the lock can change bytes while a slice of the elements is borrowed, which
/// is undefined behaviour, and can cut the file short, after which touching what is gone raises
/// SIGBUS. So can this program, through another handle of the file.
///
/// # Examples
///
/// ```
/// use platform_mem::FileView;
///
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("data.u16");
/// std::fs::write(&path, [1, 0, 2, 0, 3, 0])?;
///
/// let view = FileView::<u16>::open(&path)?;
/// assert_eq!(view[..], [1, 2, 3].map(u16::to_le));
/// # platform_mem::Result::Ok(())
/// ```
pub struct FileView<T>(Window<T>);

impl<T> FileView<T> {
    /// Opens the file at `path` for reading.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new), with the path.
    pub fn open(path: impl AsRef<Path>) -> Result<Self>
    where
        T: Pod,
    {
        ViewOptions::new().open(path)
    }

    /// Makes a view of a file that is open for reading.
    ///
    /// # Errors
    ///
    /// - [`Error::LeftOver`](crate::Error::LeftOver) if its length is no whole number of elements.
    /// - [`Error::Locked`](crate::Error::Locked) if a memory that changes it holds the file.
    /// - [`Error::System`](crate::Error::System) if it is no regular file or not open for reading,
    ///   if the system refuses, or if `T` is aligned to more than a page.
    pub fn new(file: File) -> Result<Self>
    where
        T: Pod,
    {
        ViewOptions::new().from_file(file)
    }

    /// Returns the same elements to be changed; what is changed stays in this process.
    ///
    /// An element takes memory of its own from when its page is first written to. Until then others
    /// who change the file, in spite of the lock, may or may not be seen.
    ///
    /// # Errors
    ///
    /// [`Error::System`](crate::Error::System) if the system refuses.
    ///
    /// # Examples
    ///
    /// ```
    /// use platform_mem::FileView;
    ///
    /// let dir = tempfile::tempdir()?;
    /// let path = dir.path().join("data.bin");
    /// std::fs::write(&path, [3_u8, 1, 2])?;
    ///
    /// let mut elements = FileView::<u8>::open(&path)?.private()?;
    /// elements.sort();
    /// assert_eq!(elements[..], [1, 2, 3]);
    /// assert_eq!(std::fs::read(&path)?, [3, 1, 2]);
    /// # platform_mem::Result::Ok(())
    /// ```
    pub fn private(self) -> Result<PrivateView<T>> {
        Private::over(self.0).map(PrivateView)
    }

    /// Tells the system how the elements will be used.
    ///
    /// # Errors
    ///
    /// [`Error::System`](crate::Error::System) if the system has no such advice.
    pub fn advise(&self, advice: Advice) -> Result<()> {
        self.0.hint(advice.into(), 0..self.len())
    }

    /// Begins to read a range of elements from disk, and does not wait for it.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if there are no such elements; otherwise as
    /// [`advise`](Self::advise).
    pub fn prefetch(&self, range: impl RangeBounds<usize>) -> Result<()> {
        self.0.hint(Hint::WillNeed, resolve(range, self.len())?)
    }
}

impl<T> Deref for FileView<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        self.0.as_slice()
    }
}

impl<T> AsRef<[T]> for FileView<T> {
    fn as_ref(&self) -> &[T] {
        self
    }
}

impl<'a, T> IntoIterator for &'a FileView<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T> fmt::Debug for FileView<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FileView").field(&self.0).finish()
    }
}
