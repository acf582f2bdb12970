//! Growth of a file, and how one that fails is undone.
//!
//! Elements are made in a buffer and written to the file. That takes a third of the time of making
//! them in the mapping, where each new page is faulted in and cleared first. Growth that must see
//! all its slots at once, and more of them than a buffer should hold, happens in the mapping.
//!
//! Until a growth is over, the values that it has made belong to its buffers: if it fails they are
//! dropped there, and the file gets its old length.

use std::{
    mem::{ManuallyDrop, MaybeUninit, needs_drop},
    ptr::NonNull,
};

use super::{FileMapped, storage::Mark};
use crate::{Error, Result, raw_place::layout};

/// Size of a buffer in bytes; it stays in the cache of a core.
const BUFFER: usize = 256 * 1024;

/// Bytes of which a write changes all or none, should the program be killed: a page. Every system
/// has pages of a multiple of that.
const ATOMIC: u64 = 4096;

impl<T> FileMapped<T> {
    /// Elements that a buffer holds, at least one.
    pub(super) const BUFFERED: usize = match BUFFER.checked_div(size_of::<T>()) {
        Some(0) => 1,
        Some(slots) => slots,
        None => usize::MAX,
    };

    /// Grows by `addition` elements, of which `make` makes all but the first `kept` part by part,
    /// see [`MakePart`](crate::raw_mem::MakePart).
    ///
    /// Elements that are in the file already and are not kept are overwritten at the very end, when
    /// nothing can fail any more.
    ///
    /// # Safety
    ///
    /// - `make` leaves values in all slots that it is given.
    /// - `kept` is at most the number of elements found behind the shown ones.
    pub(super) unsafe fn grow_by_writing(
        &mut self,
        addition: usize,
        kept: usize,
        mut make: impl FnMut(usize, &mut [T], &mut [MaybeUninit<T>]),
    ) -> Result<()> {
        let found = self.found(addition);
        let mut growth = Growth::begin(self, addition)?;
        let mut over = Buffer::new(found - kept)?;
        if kept < found {
            let old = growth.mem.place.as_mut_slice();
            // SAFETY: the caller vouches for `make`.
            unsafe { over.fill(found - kept, addition - found, old, &mut make) };
        }
        let mut rest = growth.buffer(found)?;
        // SAFETY: the caller vouches for `make`.
        let written = unsafe { growth.write(found, &mut rest, make) };
        if let Err(cause) = written.and_then(|()| growth.mem.map(growth.len)) {
            return Err(growth.fail(cause));
        }
        // SAFETY: the mapping has `len` slots in the file; those behind the kept elements are not
        // shown, and there are as many of them as values at least.
        unsafe { growth.mem.place.overwrite(growth.old + kept, over.into_values()) };
        rest.forget();
        // SAFETY: the new elements were kept, overwritten or written.
        unsafe { growth.finish() };
        Ok(())
    }

    /// Grows by `addition` elements in the mapping, where `fill` makes those that were not found in
    /// the file, see [`RawMem::grow`](crate::RawMem::grow).
    ///
    /// # Safety
    ///
    /// - `fill` leaves values in all slots behind those that it is told to hold some.
    pub(super) unsafe fn grow_in_mapping(
        &mut self,
        addition: usize,
        fill: impl FnOnce(usize, (&mut [T], &mut [MaybeUninit<T>])),
    ) -> Result<()> {
        let inited = self.found(addition);
        let mut growth = Growth::begin(self, addition)?;
        if let Err(cause) = growth.lengthen() {
            return Err(growth.fail(cause));
        }
        // SAFETY: the new slots are mapped and in the file, the first `inited` of them are stored
        // there, and the caller vouches for `fill`.
        unsafe { growth.mem.place.fill(addition, inited, fill) };
        // SAFETY: the new slots hold values.
        unsafe { growth.finish() };
        Ok(())
    }
}

/// A growth that is not over; undone if it is dropped.
struct Growth<'a, T> {
    mem: &'a mut FileMapped<T>,
    /// Elements that were shown before.
    old: usize,
    /// Elements that are to be shown.
    len: usize,
    /// What the file was before.
    mark: Mark,
}

impl<'a, T> Growth<'a, T> {
    /// Begins a growth by `addition` elements: the file is as we know it, and there are addresses
    /// for its mapping.
    fn begin(mem: &'a mut FileMapped<T>, addition: usize) -> Result<Self> {
        let old = mem.place.len();
        let len = mem.place.len_after(addition)?;
        mem.storage.check()?;
        mem.storage.probe(mem.position(len)?)?;
        // Spare capacity is written to as well; cutting it off makes it zero again. A file that is
        // empty has no header to keep.
        let kept = mem.position(mem.stored)?.min(mem.storage.length());
        let mark = mem.storage.mark_at(kept);
        Ok(Self { mem, old, len, mark })
    }

    /// Makes the file long enough, and the mapping as well.
    fn lengthen(&mut self) -> Result<()> {
        self.mem.storage.lengthen(self.mem.position(self.len)?)?;
        self.mem.map(self.len)
    }

    /// Allocates a buffer for the elements behind the first `found` new ones.
    ///
    /// Values that need to be dropped stay in it until the growth is over, so they all must fit.
    fn buffer(&self, found: usize) -> Result<Buffer<T>> {
        let part = if needs_drop::<T>() { usize::MAX } else { FileMapped::<T>::BUFFERED };
        Buffer::new(part.min(self.len - self.old - found))
    }

    /// Makes the elements behind the first `found` new ones, and writes them to the file.
    ///
    /// # Safety
    ///
    /// - `make` leaves values in all slots that it is given.
    unsafe fn write(
        &mut self,
        found: usize,
        buffer: &mut Buffer<T>,
        mut make: impl FnMut(usize, &mut [T], &mut [MaybeUninit<T>]),
    ) -> Result<()> {
        let mut next = self.old + found;
        let (from, end) = (self.mem.position(next)?, self.mem.position(self.len)?);
        if from / ATOMIC != end.saturating_sub(1) / ATOMIC {
            // A program that is killed between two pages leaves the file at its full length, with
            // zeroes for the elements that were not written yet.
            self.mem.storage.lengthen(end)?;
        }
        while next < self.len {
            buffer.forget();
            let count = buffer.slots.min(self.len - next);
            let left = self.len - next - count;
            // SAFETY: the caller vouches for `make`.
            unsafe { buffer.fill(count, left, self.mem.place.as_mut_slice(), &mut make) };
            let ((values, len), at) = (buffer.values(), self.mem.position(next)?);
            // SAFETY: so many bytes of values are in the buffer.
            unsafe { self.mem.storage.write(values, len, at) }?;
            next += count;
        }
        Ok(())
    }

    /// Shows the new elements.
    ///
    /// # Safety
    ///
    /// - The elements `old..len` hold values, are mapped, and lie in the file.
    unsafe fn finish(self) {
        let len = self.len;
        let mut this = ManuallyDrop::new(self);
        let mem = &mut *this.mem;
        mem.stored = mem.stored.max(len);
        mem.follow();
        // SAFETY: the caller vouches for the elements.
        unsafe { mem.place.assume_len(len) };
    }

    /// Undoes the growth, and returns what to report.
    fn fail(self, cause: Error) -> Error {
        let mut this = ManuallyDrop::new(self);
        let mark = this.mark;
        let error = this.mem.storage.fail(mark, cause);
        this.mem.follow();
        error
    }
}

impl<T> Drop for Growth<'_, T> {
    fn drop(&mut self) {
        let _ = self.mem.storage.take_back(self.mark);
        self.mem.follow();
    }
}

/// Values on their way to the file.
struct Buffer<T> {
    values: Vec<T>,
    /// How many values fit, whatever the allocator has delivered.
    slots: usize,
}

impl<T> Buffer<T> {
    /// Allocates a buffer for `slots` values.
    fn new(slots: usize) -> Result<Self> {
        let layout = layout::<T>(slots)?;
        let mut values = Vec::new();
        match values.try_reserve_exact(slots) {
            Ok(()) => Ok(Self { values, slots }),
            Err(_) => Err(Error::AllocError { layout, non_exhaustive: () }),
        }
    }

    /// Lets `make` fill the first `count` slots of the empty buffer.
    ///
    /// # Safety
    ///
    /// - `make` leaves values in all slots that it is given.
    unsafe fn fill(
        &mut self,
        count: usize,
        left: usize,
        old: &mut [T],
        make: &mut impl FnMut(usize, &mut [T], &mut [MaybeUninit<T>]),
    ) {
        make(left, old, &mut self.values.spare_capacity_mut()[..count]);
        // SAFETY: the caller vouches for the values.
        unsafe { self.values.set_len(count) };
    }

    /// Returns where the values begin, and their size in bytes.
    fn values(&mut self) -> (NonNull<u8>, usize) {
        let len = size_of_val(self.values.as_slice());
        (NonNull::from_mut(self.values.as_mut_slice()).cast(), len)
    }

    /// Returns the values.
    fn into_values(self) -> Vec<T> {
        self.values
    }

    /// Forgets the values, which have moved to the file.
    fn forget(&mut self) {
        // SAFETY: no values are left, which are as many as there are slots for.
        unsafe { self.values.set_len(0) };
    }
}
