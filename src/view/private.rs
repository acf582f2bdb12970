//! Elements of a file that are changed for this process only.

use std::{
    fmt,
    ops::{Deref, DerefMut},
};

use super::window::Window;
use crate::{Result, locked_file::LockedFile, raw_place::RawPlace, sys::Map};

/// The elements of a file, to be changed without changing the file, see
/// [`FileView::private`](crate::FileView::private).
pub struct PrivateView<T>(pub(super) Private<T>);

/// A run of elements in a mapping of this process's own.
pub(super) struct Private<T> {
    /// The place spans all elements of the mapping, which are `Pod` and are never dropped.
    place: RawPlace<T>,
    _map: Option<Map>,
    file: LockedFile,
}

impl<T> Private<T> {
    /// Maps the elements of a window anew.
    pub(super) fn over(window: Window<T>) -> Result<Self> {
        let len = window.as_slice().len();
        let (file, bytes) = window.into_file();
        let mut place = RawPlace::empty();
        let mut map = None;
        if !bytes.is_empty() {
            let mapped = Map::private(&file, bytes)?;
            // SAFETY: the mapping is as long and as aligned as that of the window, may be written
            // to, and only this place reaches it. The place counts no values yet.
            unsafe { place.rebase(mapped.ptr().cast(), len) };
            map = Some(mapped);
        }
        // SAFETY: the mapping holds `len` elements, for which any bytes do; elements that take no
        // room are not mapped, and a window shows none of them.
        unsafe { place.assume_len(len) };
        Ok(Self { place, _map: map, file })
    }
}

impl<T> Deref for PrivateView<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        self.0.place.as_slice()
    }
}

impl<T> DerefMut for PrivateView<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        self.0.place.as_mut_slice()
    }
}

impl<T> AsRef<[T]> for PrivateView<T> {
    fn as_ref(&self) -> &[T] {
        self
    }
}

impl<T> AsMut<[T]> for PrivateView<T> {
    fn as_mut(&mut self) -> &mut [T] {
        self
    }
}

impl<T> fmt::Debug for PrivateView<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Private { place, file, .. } = &self.0;
        f.debug_struct("PrivateView").field("place", place).field("file", file).finish()
    }
}
