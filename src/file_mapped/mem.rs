//! What makes a [`FileMapped`] a memory.

use std::mem::{MaybeUninit, needs_drop};

use super::{FileMapped, bytes, growth, options::Length};
use crate::{
    RawMem, Result,
    raw_mem::{Existing, uninit},
    raw_place::RawPlace,
};

/// Size in bytes that no system's pages exceed, huge ones aside.
const LARGEST_PAGE: usize = 64 * 1024;

impl<T> FileMapped<T> {
    /// Returns how many of the next `addition` elements are in the file already.
    fn found(&self, addition: usize) -> usize {
        addition.min(self.stored - self.place.len())
    }

    /// Tells whether the place has `addition` free slots, which a growth needs only fill: always if
    /// they take no room, and if the file has spare capacity.
    #[inline]
    fn has_slots(&mut self, addition: usize) -> Result<bool> {
        if addition <= self.place.free() {
            return Ok(addition == 0 || self.stored == self.place.len());
        }
        match self.length {
            Length::Spare if self.stored == self.place.len() => self.make_spare(addition),
            _ => Ok(false),
        }
    }

    /// Makes the file longer than `addition` more elements need, if the disk has room for that.
    #[cold]
    fn make_spare(&mut self, addition: usize) -> Result<bool> {
        let len = self.place.len_after(addition)?;
        self.storage.check()?;
        let ahead = growth::elements(len, size_of::<T>());
        self.lengthen(ahead).or_else(|_| self.lengthen(len))?;
        Ok(true)
    }

    /// Makes the file `len` elements long, which is more than are stored in it.
    fn lengthen(&mut self, len: usize) -> Result<()> {
        self.map(len)?;
        self.storage.set_length(bytes::<T>(len)?)?;
        // SAFETY: that is how long the file is now.
        unsafe { self.follow(len) };
        Ok(())
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

    unsafe fn grow(
        &mut self,
        addition: usize,
        fill: impl FnOnce(usize, (&mut [T], &mut [MaybeUninit<T>])),
    ) -> Result<&mut [T]> {
        if self.has_slots(addition)? {
            // SAFETY: there is room, none of the slots holds a value yet, and the caller vouches
            // for `fill`.
            unsafe { self.place.fill(addition, 0, fill) };
            self.stored = self.place.len().max(self.stored);
            return Ok(self.place.last_mut(addition));
        }
        let inited = self.found(addition);
        if inited == 0 && addition <= Self::BUFFERED {
            let mut fill = Some(fill);
            let make = |_, old: &mut [T], part: &mut [MaybeUninit<T>]| {
                if let Some(fill) = fill.take() {
                    fill(0, (old, part));
                }
            };
            // SAFETY: so many elements are one part, for which the caller vouches; none is kept.
            unsafe { self.grow_by_writing(addition, 0, make) }?;
        } else {
            // SAFETY: the caller vouches for `fill`.
            unsafe { self.grow_in_mapping(addition, inited, fill) }?;
        }
        Ok(self.place.last_mut(addition))
    }

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
        let kept = match existing {
            Existing::Keep => self.found(addition),
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
        unsafe { self.grow_in_mapping(addition, self.found(addition), |_, _| {}) }?;
        Ok(self.place.last_mut(addition))
    }

    unsafe fn grow_zeroed(&mut self, addition: usize) -> Result<&mut [T]> {
        if addition <= Self::BUFFERED || self.length == Length::Spare {
            let fill = |inited, (_, new): (&mut [T], &mut [MaybeUninit<T>])| {
                uninit::fill_zeroes(&mut new[inited..]);
            };
            // SAFETY: the slots are filled with zero bytes, for which the caller vouches.
            return unsafe { self.grow(addition, fill) };
        }
        // New space in a file is zero, but for what a store through another mapping has left behind
        // the end in its page; tmpfs keeps that.
        let fill = |inited, (_, new): (&mut [T], &mut [MaybeUninit<T>])| {
            let slots = LARGEST_PAGE.div_ceil(size_of::<T>()).min(addition - inited);
            uninit::fill_zeroes(&mut new[inited..][..slots]);
        };
        // SAFETY: all bytes are zero, for which the caller vouches.
        unsafe { self.grow_in_mapping(addition, self.found(addition), fill) }?;
        Ok(self.place.last_mut(addition))
    }

    fn shrink(&mut self, count: usize) -> Result<()> {
        let len = self.place.len_before(count)?;
        if count == 0 {
            return Ok(());
        }
        if RawPlace::<T>::ZERO_SIZED {
            self.stored = len;
            self.place.truncate(len);
            return Ok(());
        }
        self.storage.check()?;
        if self.stored > self.place.len() {
            // The file keeps what lies behind the shown elements, and so these as well.
            self.place.forget_from(len);
            return Ok(());
        }
        let removed = if needs_drop::<T>() { self.place.split_off(len)? } else { Vec::new() };
        if let Err(error) = self.storage.set_length(bytes::<T>(len)?) {
            self.place.put_back(removed);
            return Err(error);
        }
        self.place.forget_from(len);
        self.stored = len;
        // SAFETY: that is how long the file is now.
        unsafe { self.follow(len) };
        drop(removed);
        Ok(())
    }

    fn reserve(&mut self, additional: usize) -> Result<()> {
        let len = self.place.len_after(additional)?;
        if additional == 0 || RawPlace::<T>::ZERO_SIZED {
            return Ok(());
        }
        self.storage.check()?;
        self.map(len)?;
        self.storage.reserve(bytes::<T>(len)?)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.stored)
    }
}
