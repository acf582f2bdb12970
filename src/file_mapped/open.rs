//! How memories in files are made.
//!
//! The bound `Pod` is on each method, not on the `impl`: the compiler then names the bound when it
//! is not met, instead of suggesting the unsafe method beside it.

use std::{
    fs::{File, OpenOptions},
    io,
    path::Path,
};

use bytemuck::Pod;

use super::{FileMapped, FileOptions, MAP_ALIGN, storage::Storage};
use crate::{Error, Result, locked_file::LockedFile, registry::Access, sys};

impl FileOptions {
    /// Makes a memory of an open file, see [`FileMapped::new`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn from_file<T: Pod>(self, file: File) -> Result<FileMapped<T>> {
        // SAFETY: any bytes are a value of a `Pod` type.
        unsafe { self.from_file_unchecked(file) }
    }

    /// Makes a memory of the file at `path`, see [`FileMapped::from_path`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn from_path<T: Pod>(self, path: impl AsRef<Path>) -> Result<FileMapped<T>> {
        // SAFETY: any bytes are a value of a `Pod` type.
        unsafe { self.from_path_unchecked(path) }
    }

    /// Opens the elements of the file at `path`, see [`FileMapped::open`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn open<T: Pod>(self, path: impl AsRef<Path>) -> Result<FileMapped<T>> {
        // SAFETY: any bytes are a value of a `Pod` type.
        unsafe { self.open_unchecked(path) }
    }

    /// Opens the elements of the file at `path`, see [`FileMapped::open_or_create`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn open_or_create<T: Pod>(self, path: impl AsRef<Path>) -> Result<FileMapped<T>> {
        let mut mem = self.from_path(&path)?;
        mem.show_stored().map_err(|error| error.at(path.as_ref()))?;
        Ok(mem)
    }

    /// Makes a memory of an open file, for any `T`.
    ///
    /// # Errors
    ///
    /// As [`FileMapped::new`].
    ///
    /// # Safety
    ///
    /// - The file holds nothing but values of `T`, as they lie in memory of this program, behind
    ///   its [header](Self::offset).
    pub unsafe fn from_file_unchecked<T>(self, file: File) -> Result<FileMapped<T>> {
        check_alignment::<T>(self.offset)?;
        sys::check_access(&file, Access::Write)?;
        let file = LockedFile::new(file, Access::Write, self.lock)?;
        let storage = Storage::new(file, self.room, self.ending)?;
        // SAFETY: the caller vouches for the bytes of the file.
        unsafe { FileMapped::from_storage(storage, self.length, self.offset) }
    }

    /// Makes a memory of the file at `path`, for any `T`.
    ///
    /// # Errors
    ///
    /// As [`FileMapped::from_path`].
    ///
    /// # Safety
    ///
    /// - As for [`from_file_unchecked`](Self::from_file_unchecked).
    pub unsafe fn from_path_unchecked<T>(self, path: impl AsRef<Path>) -> Result<FileMapped<T>> {
        let path = path.as_ref();
        let open = || {
            // Before the file is created.
            check_alignment::<T>(self.offset)?;
            let file = handle().create(true).truncate(false).open(path)?;
            // SAFETY: the caller promises the same.
            unsafe { self.from_file_unchecked(file) }
        };
        open().map_err(|error| error.at(path))
    }

    /// Opens the elements of the file at `path`, for any `T`.
    ///
    /// # Errors
    ///
    /// As [`FileMapped::open`].
    ///
    /// # Safety
    ///
    /// - As for [`from_file_unchecked`](Self::from_file_unchecked).
    pub unsafe fn open_unchecked<T>(self, path: impl AsRef<Path>) -> Result<FileMapped<T>> {
        let path = path.as_ref();
        let open = || {
            let file = handle().open(path)?;
            // SAFETY: the caller promises the same.
            let mut mem = unsafe { self.from_file_unchecked::<T>(file) }?;
            mem.show_stored()?;
            Ok(mem)
        };
        open().map_err(|error: Error| error.at(path))
    }
}

/// Returns how every file is opened.
fn handle() -> OpenOptions {
    let mut options = File::options();
    options.read(true).write(true);
    options
}

/// Refuses elements that would not be aligned at `offset` in a mapping.
pub(crate) fn check_alignment<T>(offset: u64) -> Result<()> {
    let align = align_of::<T>();
    if align > MAP_ALIGN {
        let refused = format!("elements aligned to {align} bytes; a file is mapped at {MAP_ALIGN}");
        return Err(io::Error::new(io::ErrorKind::Unsupported, refused).into());
    }
    match offset.is_multiple_of(align as u64) {
        true => Ok(()),
        false => Err(Error::Misaligned { offset, align }),
    }
}

impl<T> FileMapped<T> {
    /// Makes a memory of an open file; it shows nothing until it grows.
    ///
    /// The elements in the file are there to be grown into, see [`RawMem`](crate::RawMem).
    ///
    /// # Errors
    ///
    /// - [`Error::LeftOver`] if the length of the file is no whole number of elements.
    /// - [`Error::Locked`] if another memory holds the file.
    /// - [`Error::System`] if it is no regular file or not open for reading and writing, if the
    ///   system refuses, or if `T` is aligned to more than a page.
    pub fn new(file: File) -> Result<Self>
    where
        T: Pod,
    {
        FileOptions::new().from_file(file)
    }

    /// Makes a memory of the file at `path`, which is created if need be; it shows nothing until it
    /// grows.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new), with the path in [`Error::At`] or in the message of the system.
    pub fn from_path(path: impl AsRef<Path>) -> Result<Self>
    where
        T: Pod,
    {
        FileOptions::new().from_path(path)
    }

    /// Opens the file at `path`, and shows all its elements at once.
    ///
    /// # Errors
    ///
    /// As [`from_path`](Self::from_path).
    pub fn open(path: impl AsRef<Path>) -> Result<Self>
    where
        T: Pod,
    {
        FileOptions::new().open(path)
    }

    /// Opens the file at `path`, which is created if need be, and shows all its elements at once.
    ///
    /// # Errors
    ///
    /// As [`from_path`](Self::from_path).
    ///
    /// # Examples
    ///
    /// ```
    /// use platform_mem::{FileMapped, RawMem};
    ///
    /// let dir = tempfile::tempdir()?;
    /// let path = dir.path().join("runs.bin");
    /// for run in 0..3 {
    ///     let mut runs = FileMapped::<u64>::open_or_create(&path)?;
    ///     assert_eq!(runs.allocated().len(), run);
    ///     runs.grow_filled(1, run as u64)?;
    /// }
    /// # platform_mem::Result::Ok(())
    /// ```
    pub fn open_or_create(path: impl AsRef<Path>) -> Result<Self>
    where
        T: Pod,
    {
        FileOptions::new().open_or_create(path)
    }

    /// Makes a memory of an open file, for any `T`.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    ///
    /// # Safety
    ///
    /// - The file holds nothing but values of `T`, as they lie in memory of this program.
    pub unsafe fn new_unchecked(file: File) -> Result<Self> {
        // SAFETY: the caller promises the same.
        unsafe { FileOptions::new().from_file_unchecked(file) }
    }

    /// Makes a memory of the file at `path`, for any `T`.
    ///
    /// # Errors
    ///
    /// As [`from_path`](Self::from_path).
    ///
    /// # Safety
    ///
    /// - The file holds nothing but values of `T`, as they lie in memory of this program.
    pub unsafe fn from_path_unchecked(path: impl AsRef<Path>) -> Result<Self> {
        // SAFETY: the caller promises the same.
        unsafe { FileOptions::new().from_path_unchecked(path) }
    }

    /// Opens the elements of the file at `path`, for any `T`.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    ///
    /// # Safety
    ///
    /// - The file holds nothing but values of `T`, as they lie in memory of this program.
    pub unsafe fn open_unchecked(path: impl AsRef<Path>) -> Result<Self> {
        // SAFETY: the caller promises the same.
        unsafe { FileOptions::new().open_unchecked(path) }
    }
}

/// Does what [`FileMapped::new`] does.
impl<T: Pod> TryFrom<File> for FileMapped<T> {
    type Error = Error;

    fn try_from(file: File) -> Result<Self> {
        Self::new(file)
    }
}

/// The bound is what the compiler names, for each method that a reader may try.
///
/// ```compile_fail,E0277
/// platform_mem::FileMapped::<&u8>::new(std::fs::File::open("data.bin").unwrap());
/// ```
///
/// ```compile_fail,E0277
/// platform_mem::FileMapped::<String>::from_path("data.bin");
/// ```
///
/// ```compile_fail,E0277
/// platform_mem::FileMapped::<(u8, u16)>::open_or_create("data.bin");
/// ```
#[cfg(doctest)]
struct NotPod;
