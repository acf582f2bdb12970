//! Memory from an allocator.

use std::{alloc::Layout, fmt, mem::MaybeUninit, ptr::NonNull};

use allocator_api2::alloc::{AllocError, Allocator, Global as GlobalAllocator};

use crate::{
    Error, RawMem, Result,
    erased::{as_slice, delegate},
    raw_mem::uninit,
    raw_place::{RawPlace, layout},
};

/// Memory from an allocator.
///
/// Growth is amortised as in a `Vec`: a block that is full is followed by one of twice its size, or
/// of the size that is needed where that cannot be had. A memory that has shrunk to a quarter of
/// its block keeps twice what it holds, and nothing when it is empty. Elements that take no room
/// are only counted; for them, as for an empty memory, the allocator is not asked.
///
/// # Examples
///
/// ```
/// use allocator_api2::alloc::Global;
/// use platform_mem::{Alloc, RawMem};
///
/// let mut mem = Alloc::new(Global);
/// mem.grow_from_slice(&["one", "two"])?;
/// assert_eq!(mem.allocated(), ["one", "two"]);
/// # platform_mem::Result::Ok(())
/// ```
pub struct Alloc<T, A: Allocator> {
    /// # Invariant
    ///
    /// 4. Unless its capacity is zero or its elements are zero-sized, the place is a block of
    ///    `allocator` with the layout of `cap` elements. (The numbers go on from those of
    ///    [`RawPlace`].)
    place: RawPlace<T>,
    allocator: A,
}

impl<T, A: Allocator> Alloc<T, A> {
    /// Creates an empty memory, without asking the allocator for any.
    pub const fn new(allocator: A) -> Self {
        Self { place: RawPlace::empty(), allocator }
    }

    /// Returns the block that the elements lie in, if there is one.
    fn block(&self) -> Option<(NonNull<u8>, Layout)> {
        let layout = layout::<T>(self.place.cap()).ok()?;
        (layout.size() != 0).then(|| (self.place.ptr().cast(), layout))
    }

    /// Makes room for `addition` more elements, and for more than that if it can be had.
    #[cold]
    fn make_room(&mut self, addition: usize) -> Result<()> {
        let len = self.place.len_after(addition)?;
        let amortised = len.max(self.place.cap().saturating_mul(2)).max(Self::SMALLEST);
        match self.enlarge(amortised) {
            Err(_) if len < amortised => self.enlarge(len),
            result => result,
        }
    }

    /// Capacity below which a block is not worth its bookkeeping; the figures are those of `Vec`.
    const SMALLEST: usize = match size_of::<T>() {
        // Elements that take no room never need a block.
        0 | 1 => 8,
        2..=1024 => 4,
        _ => 1,
    };

    /// Moves the elements to a block of `cap` slots, which are more than there are now, or leaves
    /// everything as it is.
    fn enlarge(&mut self, cap: usize) -> Result<()> {
        let new = layout::<T>(cap)?;
        let block = match self.block() {
            None => self.allocator.allocate(new),
            // SAFETY: by invariant 4 the block is the allocator's and has this layout; the new one
            // is larger.
            Some((ptr, old)) => unsafe { self.allocator.grow(ptr, old, new) },
        };
        self.take(block, new, cap)
    }

    /// Puts the elements into a block that the allocator answered with.
    fn take(
        &mut self,
        block: std::result::Result<NonNull<[u8]>, AllocError>,
        layout: Layout,
        cap: usize,
    ) -> Result<()> {
        let block = block.map_err(|_| Error::AllocError { layout, non_exhaustive: () })?;
        // SAFETY: the allocator answered with a block that fits the layout of `cap` slots. If it
        // delivers more than that we do not use it, so that the layout stays the one to give back.
        // It has moved the elements, which fit: capacity is never lowered below their number.
        unsafe { self.place.rebase(block.cast(), cap) };
        Ok(())
    }

    /// Gives the block back. There must be no elements.
    fn release(&mut self) {
        let Some((ptr, layout)) = self.block() else { return };
        self.place = RawPlace::empty();
        // SAFETY: by invariant 4 the block is the allocator's and has this layout; nothing refers
        // to it any more.
        unsafe { self.allocator.deallocate(ptr, layout) };
    }

    /// Gives back what a memory that has shrunk does not need. A refusal changes nothing.
    fn give_back(&mut self) {
        let len = self.place.len();
        if len == 0 {
            self.release();
        } else if len <= self.place.cap() / 4 {
            let _ = self.lessen(len * 2);
        }
    }

    /// Moves the elements to a block of `cap` slots, which are fewer than there are now, or leaves
    /// everything as it is.
    fn lessen(&mut self, cap: usize) -> Result<()> {
        let Some((ptr, old)) = self.block() else { return Ok(()) };
        let new = layout::<T>(cap)?;
        // SAFETY: by invariant 4 the block is the allocator's and has this layout; the new one is
        // smaller.
        let block = unsafe { self.allocator.shrink(ptr, old, new) };
        self.take(block, new, cap)
    }
}

impl<T, A: Allocator> RawMem for Alloc<T, A> {
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
        self.reserve(addition)?;
        // SAFETY: there is room for so many elements, none of which is there yet, and the caller
        // vouches for `fill`.
        Ok(unsafe { self.place.fill(addition, 0, fill) })
    }

    unsafe fn grow_zeroed(&mut self, addition: usize) -> Result<&mut [T]> {
        if self.place.cap() == 0 && addition > 0 {
            // A block that is new may come as zero pages, which nobody has to write.
            let new = layout::<T>(addition)?;
            let block = self.allocator.allocate_zeroed(new);
            self.take(block, new, addition)?;
            // SAFETY: there is room for `addition` elements, and the caller vouches that the zero
            // bytes in them are such.
            return Ok(unsafe { self.place.fill(addition, addition, |_, _| {}) });
        }
        // SAFETY: all slots are filled with zero bytes, for which the caller vouches.
        unsafe { self.grow(addition, |_, (_, new)| uninit::fill_zeroes(new)) }
    }

    fn shrink(&mut self, count: usize) -> Result<()> {
        let len = self.place.len_before(count)?;
        if count != 0 {
            self.place.truncate(len);
            self.give_back();
        }
        Ok(())
    }

    #[inline]
    fn reserve(&mut self, additional: usize) -> Result<()> {
        match additional <= self.place.free() {
            true => Ok(()),
            false => self.make_room(additional),
        }
    }
}

impl<T, A: Allocator> Drop for Alloc<T, A> {
    fn drop(&mut self) {
        /// Gives the block back even if the `Drop` of an element panics.
        struct Release<'a, T, A: Allocator>(&'a mut Alloc<T, A>);

        impl<T, A: Allocator> Drop for Release<'_, T, A> {
            fn drop(&mut self) {
                self.0.release();
            }
        }

        let guard = Release(self);
        guard.0.place.truncate(0);
    }
}

impl<T, A: Allocator + Default> Default for Alloc<T, A> {
    fn default() -> Self {
        Self::new(A::default())
    }
}

as_slice!(impl[T, A: Allocator] for Alloc<T, A>, T);

impl<T, A: Allocator> fmt::Debug for Alloc<T, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Alloc").field("place", &self.place).finish_non_exhaustive()
    }
}

macro_rules! over {
    ($(#[$doc:meta])* $Name:ident, $Allocator:ty, $allocator:expr) => {
        $(#[$doc])*
        pub struct $Name<T>(Alloc<T, $Allocator>);

        impl<T> $Name<T> {
            /// Creates an empty memory, without allocating.
            pub const fn new() -> Self {
                Self(Alloc::new($allocator))
            }
        }

        impl<T> Default for $Name<T> {
            fn default() -> Self {
                Self::new()
            }
        }

        impl<T> fmt::Debug for $Name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($Name)).field(&self.0).finish()
            }
        }

        as_slice!(impl[T] for $Name<T>, T);
        delegate!(impl[T] RawMem<Item = T> for $Name<T>, self => self.0);
    };
}

over! {
    /// Memory from the allocator of the program, the one that `#[global_allocator]` sets.
    ///
    /// # Examples
    ///
    /// ```
    /// use platform_mem::{Global, RawMem};
    ///
    /// let mut mem = Global::new();
    /// mem.grow_filled(3, 42_u64)?;
    /// mem.shrink(1)?;
    /// assert_eq!(mem.allocated(), [42, 42]);
    /// # platform_mem::Result::Ok(())
    /// ```
    Global, GlobalAllocator, GlobalAllocator
}

over! {
    /// Memory from the allocator of the operating system, whatever allocator the program has set.
    ///
    /// # Examples
    ///
    /// ```
    /// use platform_mem::{RawMem, System};
    ///
    /// let mut mem = System::new();
    /// mem.grow_from_slice(b"hello")?;
    /// assert_eq!(mem.allocated(), b"hello");
    /// # platform_mem::Result::Ok(())
    /// ```
    System, std::alloc::System, std::alloc::System
}
