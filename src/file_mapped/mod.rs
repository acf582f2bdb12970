//! Memory in a mapped file.

mod growing;
mod growth;
mod mem;
mod options;
mod storage;

use std::{fmt, fs::File, io, ops::RangeBounds, path::Path};

use bytemuck::Pod;

pub use self::options::FileOptions;
use self::{
    options::Length,
    storage::{Ending, Room, Storage},
};
use crate::{
    Error, Result,
    locked_file::LockedFile,
    raw_mem::resolve,
    raw_place::{RawPlace, layout},
};

/// Alignment that every mapping has, on every system: the smallest page.
const MAP_ALIGN: usize = 4096;

/// Memory in a mapped file: what it holds is there the next time.
///
/// The file holds the elements and nothing else, without a header, in the byte order of the
/// machine. After each call it is exactly as long as its elements, unless
/// [`spare_capacity`](FileOptions::spare_capacity) is asked for.
///
/// The safe constructors take elements of which any bytes are a value, [`Pod`]: numbers, arrays of
/// them, structs that derive it. The `unsafe` ones take any `T`, and the caller vouches for what is
/// in the file. Elements that take no room are counted while the memory lives; a file cannot
/// remember them.
///
/// # What can go wrong
///
/// - **The disk is full.** Growth reserves real blocks, so that this is an error of the growth, and
///   stores to what it has grown by never fail for it; holes that a file has already stay holes. A
///   copy-on-write file system (btrfs, ZFS) needs new blocks for each store and cannot promise
///   that; nor can a file that shares its blocks with a copy (`cp --reflink`, on xfs too), or a
///   [`sparse`](FileOptions::sparse) one. There a store to a full disk raises SIGBUS.
/// - **Somebody else changes the file.** The file is locked against other memories, of this process
///   and of others, but a program that ignores the lock can change elements at any time; and so can
///   this one, through a clone of the handle that it gave to [`new`](Self::new). While a slice of
///   the elements is borrowed, that is undefined behaviour, as for every mapping, which no type can
///   prevent. If the file is cut short, touching what is gone raises SIGBUS. The next call that
///   grows or shrinks reports a changed length as an error.
/// - **The process forks.** The file stays the business of the parent. In the child, dropping or
///   closing the memory does nothing to the file; to grow or shrink it there, or to change
///   elements, is to be a second writer that no lock keeps away.
/// - **A limit of file sizes is reached** (`ulimit -f`). Unless the program ignores SIGXFSZ, that
///   signal ends it; if it does, the growth is an error.
/// - **The power fails.** What [`flush`](Self::flush) has returned `Ok` for is on disk; for
///   anything later there is no order.
///
/// # Shrinking
///
/// Elements that the memory has not shown yet stay in the file. While there are any,
/// [`shrink`](crate::RawMem::shrink) shows fewer elements and leaves the file as it is, and what it
/// shows no longer is there to be grown into again.
///
/// # Examples
///
/// ```
/// use platform_mem::{FileMapped, RawMem};
///
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("data.bin");
///
/// let mut mem = FileMapped::<u64>::from_path(&path)?;
/// mem.grow_filled(1000, 42)?;
/// mem.allocated_mut()[0] = 123;
/// mem.close()?;
///
/// let mem = FileMapped::<u64>::open(&path)?;
/// assert_eq!(mem.allocated().len(), 1000);
/// assert_eq!(mem.allocated()[..2], [123, 42]);
/// # platform_mem::Result::Ok(())
/// ```
pub struct FileMapped<T> {
    /// # Invariants
    ///
    /// 4. The place spans the first `cap` elements of the mapping of `storage`, and the file is at
    ///    least as long as those. (The numbers go on from those of [`RawPlace`].)
    place: RawPlace<T>,
    /// Elements of the file that are known to hold values, shown or not.
    ///
    /// 5. The file held the values of the first `stored` elements when it was opened, or this
    ///    memory has put them there.
    stored: usize,
    length: Length,
    storage: Storage,
}

impl<T: Pod> FileMapped<T> {
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
    pub fn new(file: File) -> Result<Self> {
        FileOptions::new().from_file(file)
    }

    /// Makes a memory of the file at `path`, which is created if need be; it shows nothing until it
    /// grows.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn from_path(path: impl AsRef<Path>) -> Result<Self> {
        FileOptions::new().from_path(path)
    }

    /// Opens the file at `path`, and shows all its elements at once.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        FileOptions::new().open(path)
    }

    /// Makes the file hold `count` elements, without mapping or showing any of them.
    ///
    /// New elements are as [`grow_assumed`](crate::RawMem::grow_assumed) finds them. It is growing
    /// and shrinking for those who move the bytes by other means than a mapping, or not at all; the
    /// file may become longer than what can be mapped. Elements that take no room are not stored.
    ///
    /// # Errors
    ///
    /// - [`Error::OverShrink`] if `count` is less than the memory shows.
    /// - Otherwise as growing and shrinking; the file has its old length then.
    ///
    /// # Examples
    ///
    /// ```
    /// use platform_mem::{FileMapped, RawMem};
    ///
    /// let dir = tempfile::tempdir()?;
    /// let mut mem = FileMapped::<u64>::from_path(dir.path().join("data.bin"))?;
    /// mem.set_stored(1000)?;
    /// assert_eq!((mem.stored(), mem.allocated().len()), (1000, 0));
    /// assert_eq!(mem.grow_filled(1, 42)?, [0]);
    /// assert!(mem.set_stored(0).is_err());
    /// # platform_mem::Result::Ok(())
    /// ```
    pub fn set_stored(&mut self, count: usize) -> Result<()> {
        let shown = self.place.len();
        if count < shown {
            let (to_shrink, available) = (self.stored - count, self.stored - shown);
            return Err(Error::OverShrink { to_shrink, available });
        }
        if count == self.stored || RawPlace::<T>::ZERO_SIZED {
            return Ok(());
        }
        self.storage.check()?;
        self.storage.set_length(bytes::<T>(count)?)?;
        self.stored = count;
        self.follow();
        Ok(())
    }
}

impl<T> FileMapped<T> {
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

    /// Makes a memory of an empty file that has no name and vanishes with it.
    pub(crate) fn temporary(file: File) -> Result<Self> {
        Self::check_alignment()?;
        let storage = Storage::new(LockedFile::unnamed(file)?, Room::Reserved, Ending::Discard)?;
        // SAFETY: an empty file holds no bytes that would have to be values.
        unsafe { Self::from_storage(storage, Length::Exact) }
    }

    /// Refuses elements for which a mapping is not aligned.
    fn check_alignment() -> Result<()> {
        let align = align_of::<T>();
        match align <= MAP_ALIGN {
            true => Ok(()),
            false => Err(io::Error::new(
                io::ErrorKind::Unsupported,
                format!("elements aligned to {align} bytes; a file is mapped at {MAP_ALIGN}"),
            )
            .into()),
        }
    }

    /// Makes a memory of a file that is not mapped yet.
    ///
    /// # Safety
    ///
    /// - The file holds nothing but values of `T`.
    unsafe fn from_storage(mut storage: Storage, length: Length) -> Result<Self> {
        let (bytes, element_size) = (storage.length(), size_of::<T>());
        let stored = match element_size {
            0 => 0,
            size if bytes.is_multiple_of(size as u64) => bytes / size as u64,
            _ => {
                storage.leave();
                return Err(Error::LeftOver { bytes, element_size });
            }
        };
        let stored = usize::try_from(stored).map_err(|_| Error::CapacityOverflow)?;
        Ok(Self { place: RawPlace::empty(), stored, length, storage })
    }

    /// Returns the number of elements in the file, shown or not.
    pub const fn stored(&self) -> usize {
        self.stored
    }

    /// Waits until all elements and the length of the file are on disk.
    ///
    /// # Errors
    ///
    /// [`Error::System`] if a write fails, and from then on [`Error::FlushFailed`]: the kernel
    /// reports such a failure once, and data may be lost.
    pub fn flush(&self) -> Result<()> {
        self.storage.flush()
    }

    /// Waits until a range of elements is on disk.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfRange`] if there are no such elements; otherwise as [`flush`](Self::flush).
    pub fn flush_range(&self, range: impl RangeBounds<usize>) -> Result<()> {
        let range = resolve(range, self.place.len())?;
        let size = size_of::<T>();
        self.storage.flush_range(range.start * size..range.end * size)
    }

    /// Drops the memory after [`flush`](Self::flush), and reports what a drop keeps to itself. In a
    /// process forked from the one that has made the memory, it does nothing to the file.
    ///
    /// # Errors
    ///
    /// As [`flush`](Self::flush), and [`Error::LengthChanged`] if somebody else has changed the
    /// length of the file.
    pub fn close(mut self) -> Result<()> {
        self.place.truncate(0);
        if !self.storage.is_ours() {
            // The file is the business of the process that this one was forked from.
            return Ok(());
        }
        let cut = self.cut_spare();
        self.storage.close().and(cut)
    }

    /// Cuts the file to its elements, unless somebody else has changed its length.
    fn cut_spare(&mut self) -> Result<()> {
        let length = bytes::<T>(self.stored)?;
        if RawPlace::<T>::ZERO_SIZED || self.storage.length() == length {
            return Ok(());
        }
        self.storage.check()?;
        self.storage.set_length(length)
    }

    /// Shows all elements of the file.
    fn show_stored(&mut self) -> Result<()> {
        self.map(self.stored)?;
        // SAFETY: the place spans `stored` elements, and by invariant 5 they hold values. (It has
        // more slots than that only if they take no room, of which a file stores none.)
        unsafe { self.place.assume_len(self.stored) };
        Ok(())
    }

    /// Makes the mapping cover at least `len` elements, and the place follow it.
    fn map(&mut self, len: usize) -> Result<()> {
        self.storage.map(bytes::<T>(len)?)?;
        self.follow();
        Ok(())
    }

    /// Puts the place onto the mapping, where it is now, as far as the file goes.
    fn follow(&mut self) {
        let in_file = usize::try_from(self.storage.length()).unwrap_or(usize::MAX);
        if let (Some((base, mapped)), size @ 1..) = (self.storage.mapped(), size_of::<T>()) {
            // SAFETY: that many elements are both mapped and in the file. It is the same file at
            // any address, so the values are in their slots; those that are shown were mapped
            // before, and a mapping never becomes shorter.
            unsafe { self.place.rebase(base.cast(), in_file.min(mapped) / size) };
        }
    }
}

/// Returns the size of `len` elements.
fn bytes<T>(len: usize) -> Result<u64> {
    layout::<T>(len).map(|layout| layout.size() as u64)
}

impl<T> Drop for FileMapped<T> {
    fn drop(&mut self) {
        /// Cuts the file even if the `Drop` of an element panics.
        struct Cut<'a, T>(&'a mut FileMapped<T>);

        impl<T> Drop for Cut<'_, T> {
            fn drop(&mut self) {
                if self.0.storage.is_ours() {
                    let _ = self.0.cut_spare();
                }
            }
        }

        let cut = Cut(self);
        cut.0.place.truncate(0);
    }
}

impl<T> fmt::Debug for FileMapped<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileMapped")
            .field("place", &self.place)
            .field("stored", &self.stored)
            .field("length", &self.length)
            .field("storage", &self.storage)
            .finish()
    }
}
