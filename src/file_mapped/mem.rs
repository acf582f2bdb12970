//! What makes a [`FileMapped`] a memory.

use std::mem::{self, MaybeUninit, needs_drop};

use super::{FileMapped, growth, options::Length};
use crate::{RawMem, Result, erased::as_slice, raw_mem::Existing, raw_place::RawPlace};

impl<T> FileMapped<T> {
    /// Returns how many of the next `addition` elements are in the file already.
    pub(super) fn found(&self, addition: usize) -> usize {
        addition.min(self.stored - self.place.len())
    }

    /// Tells whether the place has `addition` free slots that a growth had better just fill: if
    /// they take no room, and if the file has spare capacity for some of them.
    #[inline]
    fn has_slots(&mut self, addition: usize) -> Result<bool> {
        if addition == 0 {
            return Ok(true);
        }
        if addition > Self::BUFFERED || self.stored != self.place.len() {
            return Ok(false);
        }
        match self.length {
            _ if addition <= self.place.free() => Ok(true),
            Length::Spare => self.make_spare(addition),
            Length::Exact => Ok(false),
        }
    }

    /// Makes the file longer than `addition` more elements need, if the disk has room for that.
    #[cold]
    fn make_spare(&mut self, addition: usize) -> Result<bool> {
        let len = self.place.len_after(addition)?;
        self.storage.check()?;
        let slots = |bytes: u64| {
            let slots = bytes.saturating_sub(self.offset) / size_of::<T>() as u64;
            usize::try_from(slots).unwrap_or(len)
        };
        let (room, mapped) = (slots(self.storage.room()), slots(self.storage.mapped_bytes()));
        // Elements do not move within what was reserved or mapped, so that is used up first.
        let ahead = match growth::elements(len, size_of::<T>()) {
            _ if room >= len => room,
            ahead if mapped >= len => ahead.min(mapped),
            ahead => ahead,
        };
        self.lengthen(ahead).or_else(|_| self.lengthen(len))?;
        Ok(true)
    }

    /// Makes the file `len` elements long, which is more than it is, and maps them.
    pub(super) fn lengthen(&mut self, len: usize) -> Result<()> {
        let (end, mark) = (self.position(len)?, self.storage.mark());
        self.storage.probe(end)?;
        self.storage.lengthen(end)?;
        self.map(len).map_err(|cause| self.storage.fail(mark, cause))
    }
}

/// Free slots that are not zero, as spare capacity should be; cleared when this is dropped.
struct Emptied<'a, T> {
    place: &'a mut RawPlace<T>,
    count: usize,
}

impl<T> Drop for Emptied<'_, T> {
    fn drop(&mut self) {
        self.place.clear_free(self.count);
    }
}

impl<T> RawMem for FileMapped<T> {
    type Item = T;

    fn allocated(&self) -> &[T] {
        self.place.as_slice()
    }

    fn allocated_mut(&mut self) -> &mut [T] {
        self.place.as_mut_slice()
    }

    #[inline]
    unsafe fn grow(
        &mut self,
        addition: usize,
        fill: impl FnOnce(usize, (&mut [T], &mut [MaybeUninit<T>])),
    ) -> Result<&mut [T]> {
        if self.has_slots(addition)? {
            // Cleared again if the filling unwinds.
            let filling = Emptied { place: &mut self.place, count: addition };
            // SAFETY: there is room, none of the slots holds a value yet, and the caller vouches
            // for `fill`.
            unsafe { filling.place.fill(addition, 0, fill) };
            mem::forget(filling);
            self.stored = self.stored.max(self.place.len());
        } else if addition <= Self::BUFFERED && self.found(addition) == 0 {
            let mut fill = Some(fill);
            let make = |_, old: &mut [T], part: &mut [MaybeUninit<T>]| match fill.take() {
                Some(fill) => fill(0, (old, part)),
                None => unreachable!("so few elements are one part"),
            };
            // SAFETY: the caller vouches for `fill`.
            unsafe { self.grow_by_writing(addition, 0, make) }?;
        } else {
            // SAFETY: the caller vouches for `fill`.
            unsafe { self.grow_in_mapping(addition, fill) }?;
        }
        Ok(self.place.last_mut(addition))
    }

    #[inline]
    unsafe fn grow_in_parts(
        &mut self,
        addition: usize,
        existing: Existing,
        mut make: impl FnMut(usize, &mut [T], &mut [MaybeUninit<T>]),
    ) -> Result<&mut [T]> {
        if self.has_slots(addition)? {
            // SAFETY: all slots are one part, for which the caller vouches.
            return unsafe { self.grow(addition, |_, (old, new)| make(0, old, new)) };
        }
        let found = self.found(addition);
        if needs_drop::<T>() && found == 0 && addition > Self::BUFFERED {
            // A buffer would have to hold all of them until nothing can fail any more.
            let fill = |_, (old, new): (&mut [T], &mut [MaybeUninit<T>])| make(0, old, new);
            // SAFETY: all slots are one part, for which the caller vouches.
            unsafe { self.grow_in_mapping(addition, fill) }?;
            return Ok(self.place.last_mut(addition));
        }
        let kept = match existing {
            Existing::Keep => found,
            Existing::Overwrite => 0,
        };
        // SAFETY: the caller vouches for `make`.
        unsafe { self.grow_by_writing(addition, kept, make) }?;
        Ok(self.place.last_mut(addition))
    }

    unsafe fn grow_assumed(&mut self, addition: usize) -> Result<&mut [T]> {
        if self.has_slots(addition)? {
            // SAFETY: the caller vouches for the slots.
            return unsafe { self.grow(addition, |_, _| {}) };
        }
        // SAFETY: the caller vouches for the slots.
        unsafe { self.grow_in_mapping(addition, |_, _| {}) }?;
        Ok(self.place.last_mut(addition))
    }

    unsafe fn grow_zeroed(&mut self, addition: usize) -> Result<&mut [T]> {
        // SAFETY: new space in a file is zero, and so is spare capacity; the caller vouches for it.
        unsafe { self.grow_assumed(addition) }
    }

    fn shrink(&mut self, count: usize) -> Result<()> {
        let len = self.place.len_before(count)?;
        let end = self.position(len)?;
        if count == 0 {
            return Ok(());
        }
        if RawPlace::<T>::ZERO_SIZED {
            self.stored = len;
            self.place.truncate(len);
            return Ok(());
        }
        if self.stored > self.place.len() {
            self.storage.check()?;
            // The file keeps what lies behind the shown elements, and so these as well.
            self.place.forget_from(len);
            return Ok(());
        }
        let few = count <= Self::BUFFERED && len > self.place.cap() / 4;
        if self.length == Length::Spare && few {
            self.stored = len;
            let emptied = Emptied { place: &mut self.place, count };
            emptied.place.truncate(len);
            return Ok(());
        }
        self.storage.check()?;
        let removed = if needs_drop::<T>() { self.place.split_off(len)? } else { Vec::new() };
        if let Err(error) = self.storage.set_length(end) {
            self.place.put_back(removed);
            return Err(error);
        }
        self.place.forget_from(len);
        self.stored = len;
        self.follow();
        drop(removed);
        Ok(())
    }

    fn reserve(&mut self, additional: usize) -> Result<()> {
        let len = self.place.len_after(additional)?;
        let end = self.position(len)?;
        if self.storage.room() >= end {
            return Ok(());
        }
        self.storage.check()?;
        self.storage.probe(end)?;
        let mark = self.storage.mark();
        self.storage.reserve(end)?;
        self.map(len).map_err(|cause| self.storage.fail(mark, cause))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.stored)
    }
}

as_slice!(impl[T] for FileMapped<T>, T);
