//! A run of elements in a mapping that is only read.

use std::{fmt, ops::Range, ptr::NonNull, slice};

use crate::{
    Error, Result,
    locked_file::LockedFile,
    raw_place::layout,
    sys::{Hint, Map},
};

/// A run of elements in a mapping.
pub(super) struct Window<T> {
    /// # Invariants
    ///
    /// 1. `first` is aligned and valid for reads of `len` elements that span at most `isize::MAX`
    ///    bytes, as long as `map` lives.
    first: NonNull<T>,
    len: usize,
    /// Nothing if there is nothing to map; given up before the file, and with it the lock.
    map: Option<Map>,
    file: LockedFile,
    /// Where the elements begin in the file.
    start: u64,
}

// SAFETY: a window gives out nothing but `&[T]`, like a `Box<[T]>` that nobody writes to.
unsafe impl<T: Send> Send for Window<T> {}
// SAFETY: as above.
unsafe impl<T: Sync> Sync for Window<T> {}

impl<T: bytemuck::Pod> Window<T> {
    /// Maps a range of the elements that begin at byte `offset`, which is aligned for them.
    pub(super) fn new(file: LockedFile, offset: u64, range: Range<usize>) -> Result<Self> {
        let start = offset
            .checked_add(layout::<T>(range.start)?.size() as u64)
            .ok_or(Error::CapacityOverflow)?;
        let (len, bytes) = (range.len(), layout::<T>(range.len())?.size());
        let map = match bytes {
            0 => None,
            bytes => Some(Map::read(&file, start..start + bytes as u64)?),
        };
        // The elements are aligned in the file, and so in a mapping, which is aligned to a page.
        let first = map.as_ref().map_or(NonNull::dangling(), |map| map.ptr().cast());
        debug_assert!(first.is_aligned(), "{first:?} is not aligned to {}", align_of::<T>());
        Ok(Self { first, len, map, file, start })
    }
}

impl<T> Window<T> {
    /// Returns the elements.
    #[inline]
    pub(super) const fn as_slice(&self) -> &[T] {
        // SAFETY: invariant 1; the elements are `Pod`, for which any bytes do.
        unsafe { slice::from_raw_parts(self.first.as_ptr(), self.len) }
    }

    /// Tells the kernel how a range of the elements will be used.
    pub(super) fn hint(&self, hint: Hint, range: Range<usize>) -> Result<()> {
        let size = size_of::<T>();
        match &self.map {
            Some(map) if !range.is_empty() => {
                Ok(map.advise(hint, range.start * size..range.end * size)?)
            }
            _ => Ok(()),
        }
    }

    /// Returns the file, and where the elements are in it.
    pub(super) fn into_file(self) -> (LockedFile, Range<u64>) {
        let bytes = size_of_val(self.as_slice()) as u64;
        (self.file, self.start..self.start + bytes)
    }
}

impl<T> fmt::Debug for Window<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Window")
            .field("first", &self.first)
            .field("len", &self.len)
            .field("start", &self.start)
            .field("file", &self.file)
            .finish()
    }
}
