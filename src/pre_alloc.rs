//! Memory in a buffer that somebody else owns.

use std::{
    fmt,
    mem::{self, MaybeUninit, needs_drop},
    ops::DerefMut,
};

use crate::{
    Error, RawMem, Result,
    erased::as_slice,
    raw_mem::{Existing, uninit},
    raw_place::{RawPlace, layout},
};

/// Memory in a buffer that is there already: a slice, an array in a box, a `Vec`.
///
/// It shows nothing until it grows, and grows to the end of the buffer. The buffer's own values
/// stay until growth overwrites them, and are dropped then; what the memory shrinks by stays in the
/// buffer likewise. So each slot of the buffer holds a value at all times, and the buffer can be
/// had back with [`into_inner`](Self::into_inner). Elements with a `Drop` cost an allocation during
/// each growth, for the values that it overwrites; so does the `unsafe` method
/// [`grow`](RawMem::grow) for any.
///
/// # Examples
///
/// ```
/// use platform_mem::{Error, PreAlloc, RawMem};
///
/// let mut buffer = [0_u8; 4];
/// let mut mem = PreAlloc::new(buffer.as_mut_slice());
/// mem.grow_from_slice(b"abc")?;
/// assert!(matches!(mem.grow_filled(2, 0), Err(Error::OverGrow { to_grow: 2, available: 1 })));
/// assert_eq!(buffer, *b"abc\0");
/// # platform_mem::Result::Ok(())
/// ```
pub struct PreAlloc<P> {
    place: P,
    len: usize,
}

impl<T, P: DerefMut<Target = [T]>> PreAlloc<P> {
    /// Creates a memory that shows nothing yet of the buffer `place`.
    pub const fn new(place: P) -> Self {
        Self { place, len: 0 }
    }

    /// Returns the buffer with all its values, shown or not.
    pub fn into_inner(self) -> P {
        self.place
    }

    /// Returns the slots that are shown after growing by `addition`.
    fn slots_after(&mut self, addition: usize) -> Result<&mut [T]> {
        let len = self.len.checked_add(addition).ok_or(Error::CapacityOverflow)?;
        layout::<T>(len)?;
        let slots = &mut *self.place;
        let available = slots.len().saturating_sub(self.len);
        slots.get_mut(..len).ok_or(Error::OverGrow { to_grow: addition, available })
    }

    /// Counts `addition` more elements and returns those.
    ///
    /// The buffer answers anew each time it is asked for its slice; one that has become shorter
    /// shows fewer elements.
    fn show(&mut self, addition: usize) -> &mut [T] {
        let first = self.len;
        self.len += addition;
        let shown = self.allocated_mut();
        let first = first.min(shown.len());
        &mut shown[first..]
    }
}

/// Which of the buffer's own values are put back if the filling unwinds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Saved {
    /// All of them.
    All,
    /// Those that may have been dropped, since a value that needs no drop is as good as another.
    Droppable,
}

/// The slots of a growth, and the values that it overwrites.
struct Overwriting<T> {
    place: RawPlace<T>,
    /// The buffer's own values, to be put back if the filling unwinds, else to be dropped.
    own: Vec<T>,
}

impl<T> Overwriting<T> {
    /// Takes the values from `len` on out of `slots`.
    ///
    /// # Safety
    ///
    /// - `slots` outlives the returned value, and is not used before that is gone.
    unsafe fn new(slots: &mut [T], len: usize, saved: Saved) -> Result<Self> {
        // SAFETY: the caller keeps the slots for us.
        let mut place = unsafe { RawPlace::over(slots) };
        let save = saved == Saved::All || needs_drop::<T>();
        let own = if save { place.split_off(len)? } else { Vec::new() };
        place.forget_from(len);
        Ok(Self { place, own })
    }
}

impl<T> Drop for Overwriting<T> {
    fn drop(&mut self) {
        self.place.put_back(mem::take(&mut self.own));
    }
}

impl<T, P: DerefMut<Target = [T]>> PreAlloc<P> {
    /// Grows by `addition` elements, which `fill` makes in place of the buffer's own.
    ///
    /// # Safety
    ///
    /// - As for [`RawMem::grow`]; if only what is droppable is saved, `fill` leaves values in the
    ///   slots of others even if it panics.
    unsafe fn overwrite(
        &mut self,
        addition: usize,
        saved: Saved,
        fill: impl FnOnce(usize, (&mut [T], &mut [MaybeUninit<T>])),
    ) -> Result<&mut [T]> {
        let len = self.len;
        let slots = self.slots_after(addition)?;
        // SAFETY: the borrow of the slots lasts until the fill is over, and they are not used else.
        let mut overwriting = unsafe { Overwriting::new(slots, len, saved) }?;
        // SAFETY: the place spans `len + addition` slots, and the caller vouches for `fill`. Should
        // it unwind, values that were saved are put back, and others are in their slots.
        unsafe { overwriting.place.fill(addition, 0, fill) };
        let overwritten = mem::take(&mut overwriting.own);
        drop(overwriting);
        // Last of what can panic: the new values are the buffer's own until they are shown.
        drop(overwritten);
        Ok(self.show(addition))
    }
}

impl<T, P: DerefMut<Target = [T]>> RawMem for PreAlloc<P> {
    type Item = T;

    fn allocated(&self) -> &[T] {
        let slots = &*self.place;
        slots.get(..self.len).unwrap_or(slots)
    }

    fn allocated_mut(&mut self) -> &mut [T] {
        let slots = &mut *self.place;
        let len = self.len.min(slots.len());
        &mut slots[..len]
    }

    unsafe fn grow(
        &mut self,
        addition: usize,
        fill: impl FnOnce(usize, (&mut [T], &mut [MaybeUninit<T>])),
    ) -> Result<&mut [T]> {
        // SAFETY: the caller vouches for `fill`.
        unsafe { self.overwrite(addition, Saved::All, fill) }
    }

    unsafe fn grow_in_parts(
        &mut self,
        addition: usize,
        _: Existing,
        mut make: impl FnMut(usize, &mut [T], &mut [MaybeUninit<T>]),
    ) -> Result<&mut [T]> {
        let fill = |_, (old, new): (&mut [T], &mut [MaybeUninit<T>])| make(0, old, new);
        // SAFETY: the caller vouches for `make`, also for what it leaves when it panics.
        unsafe { self.overwrite(addition, Saved::Droppable, fill) }
    }

    unsafe fn grow_zeroed(&mut self, addition: usize) -> Result<&mut [T]> {
        let fill = |_, (_, new): (&mut [T], &mut [MaybeUninit<T>])| uninit::fill_zeroes(new);
        // SAFETY: filling with zeroes does not panic, and the caller vouches for them.
        unsafe { self.overwrite(addition, Saved::Droppable, fill) }
    }

    unsafe fn grow_assumed(&mut self, addition: usize) -> Result<&mut [T]> {
        self.slots_after(addition)?;
        Ok(self.show(addition))
    }

    fn shrink(&mut self, count: usize) -> Result<()> {
        let error = Error::OverShrink { to_shrink: count, available: self.len };
        self.len = self.len.checked_sub(count).ok_or(error)?;
        Ok(())
    }

    fn reserve(&mut self, additional: usize) -> Result<()> {
        self.slots_after(additional).map(|_| ())
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.place.len())
    }
}

as_slice!(impl[T, P: DerefMut<Target = [T]>] for PreAlloc<P>, T);

impl<T, P: DerefMut<Target = [T]>> From<P> for PreAlloc<P> {
    fn from(place: P) -> Self {
        Self::new(place)
    }
}

impl<P: fmt::Debug> fmt::Debug for PreAlloc<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PreAlloc").field("place", &self.place).field("len", &self.len).finish()
    }
}
