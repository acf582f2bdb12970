//! Memory in a mapped file.

mod advice;
mod ending;
mod growing;
mod growth;
mod header;
mod mem;
mod open;
mod options;
mod storage;

use std::{fmt, fs::File, ops::Range};

use bytemuck::Pod;

pub(crate) use self::open::check_alignment;
pub use self::options::FileOptions;
use self::{
    options::Length,
    storage::{Ending, Room, Storage},
};
use crate::{
    Error, Result,
    locked_file::LockedFile,
    raw_place::{RawPlace, layout},
    registry::Access,
    sys,
};

/// Alignment that every mapping has, on every system: the smallest page.
pub(crate) const MAP_ALIGN: usize = 4096;

/// Memory in a mapped file: what it holds is there the next time.
///
/// The file holds the elements and nothing else, in the byte order of the machine, behind a header
/// if an [`offset`](FileOptions::offset) is set. After each call it is exactly as long as its
/// elements, unless [`spare_capacity`](FileOptions::spare_capacity) is asked for.
///
/// The safe constructors take elements of which any bytes are a value, [`Pod`]: numbers, arrays of
/// them, structs that derive it. If the compiler says that the bound `Pod` is not satisfied, some
/// bytes are no value of the type, as for `bool`, `char`, enums and references, or it has padding;
/// store an integer instead, or derive [`Pod`] for a struct whose fields all are. The `unsafe`
/// constructors take any `T`, and the caller vouches for what is in the file; bytes of padding are
/// written as they are found, which can be what the heap of this program held before. Elements that
/// take no room are counted while the memory lives; a file cannot remember them.
///
/// ```compile_fail,E0277
/// // A file may hold bytes that are no `bool`.
/// platform_mem::FileMapped::<bool>::open("flags.bin")?;
/// # platform_mem::Result::Ok(())
/// ```
///
/// # What can go wrong
///
/// - **The disk is full.** Growth reserves real blocks, so that this is an error of the growth, and
///   stores to what it has grown by never fail for it; holes that a file has already stay holes. A
///   copy-on-write file system (btrfs, ZFS) needs new blocks for each store and cannot promise
///   that; nor can a file that shares its blocks with a copy (`cp --reflink`, on xfs too), or a
///   [`sparse`](FileOptions::sparse) one. There a store to a full disk raises SIGBUS.
/// - **Somebody else changes the file.** The file is locked against other memories, of this process
///   and of others, but nothing keeps a program from ignoring the lock, and this one from writing
///   through a clone of the handle that it gave to [`new`](Self::new), by path, or through `/proc`.
///   To change bytes of elements while a slice of them is borrowed is undefined behaviour, as for
///   every mapping, which no type can prevent; so let nobody write to the file but the memory. If
///   the file is cut short, touching what is gone raises SIGBUS. The next call that grows or
///   shrinks reports a changed length as an error.
/// - **One file has two identities.** On overlayfs the same file, reached through the lower
///   directory and through the merged one, is two files to the system, and so to the lock. Use one
///   path.
/// - **The file becomes immutable** (`chattr +i`) **or sealed** while a memory lies in it. Growth
///   is an error then. Spare capacity can be stored to, but not cut off when the memory is dropped.
/// - **A child process outlives this one.** The lock belongs to the open file, which a forked child
///   shares: if this process is killed, the file stays locked until the child has ended.
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
    /// 4. The place spans `cap` elements of the mapping of `storage`, from the byte `offset` on,
    ///    and the file is at least as long as those. (The numbers go on from those of
    ///    [`RawPlace`].)
    place: RawPlace<T>,
    /// Elements of the file that are known to hold values, shown or not.
    ///
    /// 5. The file held the values of the first `stored` elements when it was opened, or this
    ///    memory has put them there.
    stored: usize,
    length: Length,
    /// Length of the header in bytes.
    ///
    /// 6. It is a multiple of the alignment of `T`. If the file is not empty, it has a header, and
    ///    that is mapped.
    offset: u64,
    storage: Storage,
}

impl<T> FileMapped<T> {
    /// Makes a memory of an empty file that has no name and vanishes with it. Nobody minds that it
    /// has spare capacity.
    pub(crate) fn temporary(file: File) -> Result<Self> {
        check_alignment::<T>(0)?;
        sys::check_access(&file, Access::Write)?;
        let storage = Storage::new(LockedFile::unnamed(file)?, Room::Reserved, Ending::Discard)?;
        // SAFETY: an empty file holds no bytes that would have to be values.
        unsafe { Self::from_storage(storage, Length::Spare, 0) }
    }

    /// Makes a memory of a file that is not mapped yet.
    ///
    /// # Safety
    ///
    /// - The file holds nothing but values of `T` behind a header of `offset` bytes, which is a
    ///   multiple of the alignment of `T`.
    unsafe fn from_storage(mut storage: Storage, length: Length, offset: u64) -> Result<Self> {
        let mapped = elements::<T>(storage.length(), offset)
            .and_then(|stored| storage.map(offset.min(storage.length())).map(|()| stored));
        match mapped {
            Ok(stored) => Ok(Self { place: RawPlace::empty(), stored, length, offset, storage }),
            Err(error) => {
                storage.leave();
                Err(error)
            }
        }
    }

    /// Returns the number of elements in the file, shown or not.
    pub const fn stored(&self) -> usize {
        self.stored
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
    pub fn set_stored(&mut self, count: usize) -> Result<()>
    where
        T: Pod,
    {
        let shown = self.place.len();
        if count < shown {
            let (to_shrink, available) = (self.stored - count, self.stored - shown);
            return Err(Error::OverShrink { to_shrink, available });
        }
        if count == self.stored || RawPlace::<T>::ZERO_SIZED {
            return Ok(());
        }
        self.storage.check()?;
        let mark = self.storage.mark();
        self.storage.set_length(self.position(count)?)?;
        self.storage.map(self.offset).map_err(|cause| self.storage.fail(mark, cause))?;
        self.stored = count;
        self.follow();
        Ok(())
    }

    /// Cuts the file to its elements, unless somebody else has changed its length.
    fn cut_spare(&mut self) -> Result<()> {
        let length = self.position(self.stored)?;
        let discarded = !self.storage.stays();
        if discarded || RawPlace::<T>::ZERO_SIZED || self.storage.length() <= length {
            return Ok(());
        }
        self.storage.check()?;
        self.storage.set_length(length)
    }

    /// Shows all elements of the file. If that fails, dropping the memory leaves the file alone.
    fn show_stored(&mut self) -> Result<()> {
        if let Err(error) = self.map(self.stored) {
            self.storage.leave();
            return Err(error);
        }
        // SAFETY: the place spans `stored` elements, and by invariant 5 they hold values. (It has
        // more slots than that only if they take no room, of which a file stores none.)
        unsafe { self.place.assume_len(self.stored) };
        Ok(())
    }

    /// Returns where the element `index` is in the file: so long is a file with so many elements.
    fn position(&self, index: usize) -> Result<u64> {
        let elements = layout::<T>(index)?.size() as u64;
        let position = self.offset.checked_add(elements);
        position.filter(|bytes| *bytes <= isize::MAX as u64).ok_or(Error::CapacityOverflow)
    }

    /// Returns where a range of elements that are shown, and so mapped, lies in the mapping.
    fn mapped_bytes(&self, range: Range<usize>) -> Result<Range<usize>> {
        Ok(self.position(range.start)? as usize..self.position(range.end)? as usize)
    }

    /// Makes the mapping cover at least `len` elements, and the place follow it.
    fn map(&mut self, len: usize) -> Result<()> {
        self.storage.map(self.position(len)?)?;
        self.follow();
        Ok(())
    }

    /// Puts the place onto the mapping, where it is now, as far as the file goes.
    fn follow(&mut self) {
        let in_file = usize::try_from(self.storage.length()).unwrap_or(usize::MAX);
        let offset = usize::try_from(self.offset).unwrap_or(usize::MAX);
        let (Some((base, mapped)), size @ 1..) = (self.storage.mapped(), size_of::<T>()) else {
            return;
        };
        let covered = in_file.min(mapped);
        // A file that is empty again has no header either.
        let header = if offset <= covered { offset } else { 0 };
        // SAFETY: the header is covered by the mapping.
        let first = unsafe { base.add(header) };
        // SAFETY: the place is aligned by invariant 6, and has as many slots as are both mapped and
        // in the file. It is the same file at any address, so the values are in their slots; those
        // that are shown were mapped before, and a mapping never becomes shorter.
        unsafe { self.place.rebase(first.cast(), covered.saturating_sub(offset) / size) };
    }
}

/// Returns how many elements are behind the header in a file of `bytes` bytes.
///
/// # Errors
///
/// [`Error::HeaderCut`] or [`Error::LeftOver`].
pub(crate) fn elements<T>(bytes: u64, header: u64) -> Result<usize> {
    let element_size = size_of::<T>();
    let behind = match bytes.checked_sub(header) {
        // An empty file gets its header when it grows.
        None if bytes == 0 => 0,
        None => return Err(Error::HeaderCut { bytes, header }),
        Some(behind) => behind,
    };
    match behind.checked_div(element_size as u64) {
        None => Ok(0),
        Some(_) if !behind.is_multiple_of(element_size as u64) => {
            Err(Error::LeftOver { bytes: behind, element_size })
        }
        Some(count) => usize::try_from(count).map_err(|_| Error::CapacityOverflow),
    }
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
            .field("offset", &self.offset)
            .field("storage", &self.storage)
            .finish()
    }
}
