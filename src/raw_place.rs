//! The one place where slices are made of pointers.

use std::{
    alloc::Layout,
    fmt,
    marker::PhantomData,
    mem::MaybeUninit,
    ptr::{self, NonNull},
    slice,
};

use crate::{Error, Result};

/// A run of slots, the front of which holds values.
///
/// It owns the values but not the memory that they lie in: whoever holds a place drops the values
/// with [`truncate`](Self::truncate) and then gives the memory back.
pub(crate) struct RawPlace<T> {
    /// # Invariants
    ///
    /// 1. `ptr` is aligned, and valid for reads and writes of `cap` slots that span at most
    ///    `isize::MAX` bytes.
    /// 2. `len <= cap`, and the slots `..len` hold values.
    /// 3. Only this place reaches the slots.
    ptr: NonNull<T>,
    len: usize,
    cap: usize,
    values: PhantomData<T>,
}

// SAFETY: by invariant 3 a place is the only way to its values, just as a `Vec<T>` is.
unsafe impl<T: Send> Send for RawPlace<T> {}
// SAFETY: a shared place gives out nothing but `&[T]`.
unsafe impl<T: Sync> Sync for RawPlace<T> {}

impl<T> RawPlace<T> {
    /// Whether elements take no room, so that there is nothing but their number.
    pub(crate) const ZERO_SIZED: bool = size_of::<T>() == 0;

    /// Slots of a place without memory: none, or as many as can be counted if they take no room.
    const FREE_SLOTS: usize = if Self::ZERO_SIZED { usize::MAX } else { 0 };

    /// Returns a place that has no memory yet.
    pub(crate) const fn empty() -> Self {
        Self { ptr: NonNull::dangling(), len: 0, cap: Self::FREE_SLOTS, values: PhantomData }
    }

    /// Returns a place over `slots`, all of which hold values.
    ///
    /// # Safety
    ///
    /// - `slots` outlives the place, and is not used before that is gone.
    /// - When it is gone, they all hold values again.
    pub(crate) const unsafe fn over(slots: &mut [T]) -> Self {
        let (len, cap) = (slots.len(), slots.len());
        let ptr = NonNull::from_mut(slots).cast();
        Self { ptr, len, cap, values: PhantomData }
    }

    /// Returns the number of values.
    #[inline]
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// Returns the number of slots.
    #[inline]
    pub(crate) const fn cap(&self) -> usize {
        self.cap
    }

    /// Returns the number of slots behind the values.
    #[inline]
    pub(crate) const fn free(&self) -> usize {
        self.cap - self.len
    }

    /// Returns where the slots begin.
    #[inline]
    pub(crate) const fn ptr(&self) -> NonNull<T> {
        self.ptr
    }

    /// Returns the number of values after growing by `addition`.
    ///
    /// # Errors
    ///
    /// [`Error::CapacityOverflow`] if that many elements span more than `isize::MAX` bytes.
    pub(crate) fn len_after(&self, addition: usize) -> Result<usize> {
        let len = self.len.checked_add(addition).ok_or(Error::CapacityOverflow)?;
        layout::<T>(len).map(|_| len)
    }

    /// Returns the number of values after shrinking by `count`.
    ///
    /// # Errors
    ///
    /// [`Error::OverShrink`] if there are fewer.
    pub(crate) fn len_before(&self, count: usize) -> Result<usize> {
        let error = Error::OverShrink { to_shrink: count, available: self.len };
        self.len.checked_sub(count).ok_or(error)
    }

    /// Returns the values.
    #[inline]
    pub(crate) const fn as_slice(&self) -> &[T] {
        // SAFETY: invariants 1 and 2 make `..len` readable, `&self` keeps them so.
        unsafe { slice::from_raw_parts(self.ptr.as_ptr(), self.len) }
    }

    /// Returns the values.
    #[inline]
    pub(crate) const fn as_mut_slice(&mut self) -> &mut [T] {
        // SAFETY: invariants 1 and 2 make `..len` writable, `&mut self` and invariant 3 make the
        // borrow the only one.
        unsafe { slice::from_raw_parts_mut(self.ptr.as_ptr(), self.len) }
    }

    /// Returns the last `count` values, or all if there are fewer.
    #[inline]
    pub(crate) fn last_mut(&mut self, count: usize) -> &mut [T] {
        let first = self.len.saturating_sub(count);
        &mut self.as_mut_slice()[first..]
    }

    /// Moves the place onto another run of slots.
    ///
    /// # Safety
    ///
    /// - `ptr` and `cap` keep invariants 1 and 3.
    /// - The first `len` slots of the new run hold the values of the old one.
    pub(crate) unsafe fn rebase(&mut self, ptr: NonNull<T>, cap: usize) {
        debug_assert!(self.len <= cap, "{} values would be lost", self.len - cap);
        debug_assert!(ptr.is_aligned(), "{ptr:?} is not aligned to {}", align_of::<T>());
        (self.ptr, self.cap) = (ptr, cap);
    }

    /// Lets `fill` write `addition` more values, then counts and returns them.
    ///
    /// If `fill` unwinds, the number of values stays as it was.
    ///
    /// # Safety
    ///
    /// - `len + addition <= cap`.
    /// - The first `inited` of the new slots hold values.
    /// - `fill` leaves values in all the others when it returns.
    #[inline]
    pub(crate) unsafe fn fill(
        &mut self,
        addition: usize,
        inited: usize,
        fill: impl FnOnce(usize, (&mut [T], &mut [MaybeUninit<T>])),
    ) -> &mut [T] {
        debug_assert!(addition <= self.cap - self.len, "{addition} values and no room");
        debug_assert!(inited <= addition, "{inited} values in {addition} slots");
        // SAFETY: `len <= cap`, so the pointer stays within the run.
        let behind = unsafe { self.ptr.add(self.len) };
        // SAFETY: the caller promises `addition` slots behind the values; they do not overlap them.
        let new = unsafe { slice::from_raw_parts_mut(behind.as_ptr().cast(), addition) };
        fill(inited, (self.as_mut_slice(), new));
        self.len += addition;
        self.last_mut(addition)
    }

    /// Counts the first `len` slots as values.
    ///
    /// # Safety
    ///
    /// - `len <= cap`, and the slots `..len` hold values.
    pub(crate) unsafe fn assume_len(&mut self, len: usize) {
        debug_assert!(len <= self.cap, "{len} values in {} slots", self.cap);
        self.len = len;
    }

    /// Drops the values from `len` on.
    ///
    /// The number of values is lowered first, so that a panic in a `Drop` leaves none behind that
    /// is dropped again.
    pub(crate) fn truncate(&mut self, len: usize) {
        let Some(count) = self.len.checked_sub(len) else { return };
        self.len = len;
        // SAFETY: `len` is at most the old length, so the pointer stays within the run.
        let first = unsafe { self.ptr.add(len) };
        let values = ptr::slice_from_raw_parts_mut(first.as_ptr(), count);
        // SAFETY: invariant 2 held for these slots until the line above took them out of it.
        unsafe { ptr::drop_in_place(values) };
    }

    /// Stops counting the values from `len` on, without dropping them.
    pub(crate) fn forget_from(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Moves the values from `len` on to the heap.
    ///
    /// # Errors
    ///
    /// [`Error::AllocError`] if the heap has no room for them; nothing has moved then.
    pub(crate) fn split_off(&mut self, len: usize) -> Result<Vec<T>> {
        let count = self.len.saturating_sub(len);
        let layout = layout::<T>(count)?;
        let mut moved = Vec::<T>::new();
        moved
            .try_reserve_exact(count)
            .map_err(|_| Error::AllocError { layout, non_exhaustive: () })?;
        let values = self.last_mut(count).as_ptr();
        // SAFETY: the vector has room for `count` values, which lie in other memory than its own.
        unsafe { moved.as_mut_ptr().copy_from_nonoverlapping(values, count) };
        self.len -= count;
        // SAFETY: the values were just moved in, and are no longer counted here.
        unsafe { moved.set_len(count) };
        Ok(moved)
    }

    /// Writes zero bytes to the first `count` free slots.
    pub(crate) fn clear_free(&mut self, count: usize) {
        let count = count.min(self.free());
        // SAFETY: `len <= cap`, so the pointer stays within the run.
        let behind = unsafe { self.ptr.add(self.len) };
        // SAFETY: so many slots are writable by invariant 1, and hold no values by invariant 2.
        unsafe { behind.write_bytes(0, count) };
    }

    /// Moves `values` into the slots from `first` on, which are not counted as values.
    ///
    /// # Safety
    ///
    /// - `len <= first`, and there are as many slots behind that as values.
    pub(crate) unsafe fn overwrite(&mut self, first: usize, mut values: Vec<T>) {
        debug_assert!(self.len <= first && first + values.len() <= self.cap, "no room at {first}");
        // SAFETY: the caller promises that `first` lies within the run.
        let slots = unsafe { self.ptr.add(first) };
        // SAFETY: the caller promises so many slots, and the vector is other memory.
        unsafe { slots.as_ptr().copy_from_nonoverlapping(values.as_ptr(), values.len()) };
        // SAFETY: the vector forgets the values, which nobody counts until the caller does.
        unsafe { values.set_len(0) };
    }

    /// Moves `values`, which [`split_off`](Self::split_off) took away, back to the end.
    pub(crate) fn put_back(&mut self, mut values: Vec<T>) {
        let count = values.len();
        assert!(count <= self.cap - self.len, "{count} values and no room");
        // SAFETY: `len <= cap`, so the pointer stays within the run.
        let behind = unsafe { self.ptr.add(self.len) };
        // SAFETY: there is room for `count` values behind the present ones, by the assertion and
        // invariant 1, and the vector is other memory.
        unsafe { behind.as_ptr().copy_from_nonoverlapping(values.as_ptr(), count) };
        // SAFETY: nothing is counted twice: the vector forgets what the place counts from now on.
        unsafe { values.set_len(0) };
        self.len += count;
    }
}

/// Returns the layout of `slots` elements.
///
/// # Errors
///
/// [`Error::CapacityOverflow`] if they span more than `isize::MAX` bytes.
pub(crate) fn layout<T>(slots: usize) -> Result<Layout> {
    Layout::array::<T>(slots).map_err(|_| Error::CapacityOverflow)
}

impl<T> fmt::Debug for RawPlace<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawPlace")
            .field("ptr", &self.ptr)
            .field("len", &self.len)
            .field("cap", &self.cap)
            .finish()
    }
}
