//! Growth of a file, and how one that fails is undone.
//!
//! Elements are made in a buffer and written to the file. That takes a third of the time of making
//! them in the mapping, where each new page is faulted in and cleared first. Growth that must see
//! all its slots at once, and more of them than a buffer should hold, happens in the mapping.

use std::{
    io,
    mem::{ManuallyDrop, MaybeUninit, needs_drop},
    ptr::NonNull,
};

use super::{FileMapped, bytes, storage::Mark};
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

    /// Grows by `addition` elements, the first `kept` of which are in the file already; `make` makes
    /// the others part by part, see [`RawMem::grow_in_parts`](crate::RawMem::grow_in_parts).
    ///
    /// # Safety
    ///
    /// - `make` leaves values in all slots that it is given.
    /// - `kept` is at most `addition` and the number of elements stored behind the shown ones.
    pub(super) unsafe fn grow_by_writing(
        &mut self,
        addition: usize,
        kept: usize,
        make: impl FnMut(usize, &mut [T], &mut [MaybeUninit<T>]),
    ) -> Result<()> {
        let mut growth = Growth::begin(self, addition, kept)?;
        // SAFETY: the caller vouches for `make`.
        match unsafe { growth.write(make) } {
            // SAFETY: all elements behind those that were kept have been written.
            Ok(()) => unsafe { growth.finish() },
            Err(cause) => return Err(growth.fail(cause)),
        }
        Ok(())
    }

    /// Grows by `addition` elements, the first `kept` of which are in the file already; the others
    /// are zero bytes.
    ///
    /// # Safety
    ///
    /// - Zero bytes are a `T`.
    /// - `kept` is at most `addition` and the number of elements stored behind the shown ones.
    pub(super) unsafe fn grow_by_zeroes(&mut self, addition: usize, kept: usize) -> Result<()> {
        let growth = Growth::begin(self, addition, kept)?;
        let length = bytes::<T>(growth.in_file())?;
        match growth.mem.storage.set_length(length) {
            // SAFETY: new space in the file is zero.
            Ok(()) => unsafe { growth.finish() },
            Err(cause) => return Err(growth.fail(cause)),
        }
        Ok(())
    }

    /// Grows by `addition` elements, the first `inited` of which are in the file already; `fill`
    /// makes the others in the mapping, see [`RawMem::grow`](crate::RawMem::grow).
    ///
    /// # Safety
    ///
    /// - `fill` leaves values in all slots from `inited` on.
    /// - `inited` is at most `addition` and the number of elements stored behind the shown ones.
    pub(super) unsafe fn grow_in_mapping(
        &mut self,
        addition: usize,
        inited: usize,
        fill: impl FnOnce(usize, (&mut [T], &mut [MaybeUninit<T>])),
    ) -> Result<()> {
        let growth = Growth::begin(self, addition, 0)?;
        let in_file = growth.in_file();
        growth.mem.storage.set_length(bytes::<T>(in_file)?)?;
        // SAFETY: that is how long the file is now.
        unsafe { growth.mem.follow(in_file) };
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
    /// # Invariant
    ///
    /// 6. The elements `start..start + made` were made by this growth and lie in the file; those
    ///    between `old` and `start` were stored there already.
    start: usize,
    made: usize,
    /// What the file was before.
    mark: Mark,
}

impl<'a, T> Growth<'a, T> {
    /// Begins a growth by `addition` elements, the first `kept` of which are not made anew: the file
    /// is as we know it, and the mapping has room.
    fn begin(mem: &'a mut FileMapped<T>, addition: usize, kept: usize) -> Result<Self> {
        let old = mem.place.len();
        let len = mem.place.len_after(addition)?;
        mem.storage.check()?;
        mem.map(len)?;
        let mark = mem.storage.mark();
        Ok(Self { mem, old, len, start: old + kept, made: 0, mark })
    }

    /// Returns how many elements the file holds when the growth is over.
    fn in_file(&self) -> usize {
        self.mem.stored.max(self.len)
    }

    /// Makes the elements and writes them to the file.
    ///
    /// # Safety
    ///
    /// - `make` leaves values in all slots that it is given.
    unsafe fn write(
        &mut self,
        mut make: impl FnMut(usize, &mut [T], &mut [MaybeUninit<T>]),
    ) -> Result<()> {
        let (from, end) = (bytes::<T>(self.start)?, bytes::<T>(self.in_file())?);
        if from / ATOMIC != end.saturating_sub(1) / ATOMIC {
            // A program that is killed between two pages leaves the file at its full length, with
            // zeroes for the elements that were not written yet.
            self.mem.storage.set_length(end)?;
        }
        let mut buffer = Buffer::<T>::new((self.len - self.start).min(FileMapped::<T>::BUFFERED))?;
        loop {
            let missing = self.len - self.start - self.made;
            let Some(slots) = buffer.slots(missing) else { break };
            let count = slots.len();
            make(missing - count, self.mem.place.as_mut_slice(), slots);
            // SAFETY: the caller promises that these slots hold values now.
            unsafe { buffer.assume_len(count) };
            let at = bytes::<T>(self.start + self.made)?;
            let (values, len) = buffer.values();
            // SAFETY: so many bytes of values are in the buffer.
            unsafe { self.mem.storage.write(values, len, at) }?;
            buffer.forget();
            self.made += count;
        }
        Ok(())
    }

    /// Shows the new elements.
    ///
    /// # Safety
    ///
    /// - The elements `old..len` hold values, and lie in the file.
    unsafe fn finish(self) {
        let (in_file, len) = (self.in_file(), self.len);
        let mut this = ManuallyDrop::new(self);
        let mem = &mut *this.mem;
        mem.stored = in_file;
        // SAFETY: the file holds so many elements.
        unsafe { mem.follow(in_file) };
        // SAFETY: `begin` has mapped `len` elements, and the caller vouches for them.
        unsafe { mem.place.assume_len(len) };
    }

    /// Undoes the growth, and returns what to report.
    fn fail(self, cause: Error) -> Error {
        match (ManuallyDrop::new(self).undo(), cause) {
            (Ok(()), Error::Undo { cause, .. }) => *cause,
            (Ok(()), cause) | (Err(_), cause @ Error::Undo { .. }) => cause,
            (Err(undo), cause) => Error::Undo { cause: Box::new(cause), undo },
        }
    }

    /// Makes the memory and the file what they were.
    fn undo(&mut self) -> io::Result<()> {
        let Self { ref mut mem, old, start, made, mark, .. } = *self;
        mem.place.forget_from(old);
        if needs_drop::<T>() {
            // SAFETY: the file holds what was made, by invariant 6.
            unsafe { mem.follow(mem.stored.max(start + made)) };
            // SAFETY: the slots `old..start + made` hold values, by invariant 6.
            unsafe { mem.place.assume_len(start + made) };
            mem.place.truncate(start);
            mem.place.forget_from(old);
            // Elements behind may have been overwritten by some that are dropped by now.
            mem.stored = mem.stored.min(start);
        }
        // SAFETY: the file held so many elements before the growth.
        unsafe { mem.follow(mem.stored) };
        mem.storage.take_back(mark)
    }
}

impl<T> Drop for Growth<'_, T> {
    fn drop(&mut self) {
        let _ = self.undo();
    }
}

/// Values on their way to the file.
struct Buffer<T>(Vec<T>);

impl<T> Buffer<T> {
    /// Allocates a buffer for `capacity` values.
    fn new(capacity: usize) -> Result<Self> {
        let layout = layout::<T>(capacity)?;
        let mut values = Vec::new();
        match values.try_reserve_exact(capacity) {
            Ok(()) => Ok(Self(values)),
            Err(_) => Err(Error::AllocError { layout, non_exhaustive: () }),
        }
    }

    /// Returns as many free slots as there are, at most `count`; nothing if that is none.
    fn slots(&mut self, count: usize) -> Option<&mut [MaybeUninit<T>]> {
        let slots = self.0.spare_capacity_mut();
        let count = count.min(slots.len());
        slots.get_mut(..count).filter(|slots| !slots.is_empty())
    }

    /// Counts the first `count` slots as values.
    ///
    /// # Safety
    ///
    /// - They hold values.
    unsafe fn assume_len(&mut self, count: usize) {
        // SAFETY: the caller vouches for the values, and slots beyond the capacity hold none.
        unsafe { self.0.set_len(count) };
    }

    /// Returns where the values begin, and their size in bytes.
    fn values(&mut self) -> (NonNull<u8>, usize) {
        (NonNull::from_mut(self.0.as_mut_slice()).cast(), size_of_val(self.0.as_slice()))
    }

    /// Forgets the values, which have moved to the file.
    fn forget(&mut self) {
        // SAFETY: no values are left, which are as many as there are slots for.
        unsafe { self.0.set_len(0) };
    }
}
