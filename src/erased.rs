//! Memories whose type is known only at run time, and memories behind boxes and references.

use std::{fmt, mem::MaybeUninit};

use crate::{
    RawMem, Result,
    raw_mem::{Existing, MakePart},
};

/// What fills the slots of a growth, see [`RawMem::grow`]; it is called once.
pub type Fill<'a, T> = dyn FnMut(usize, (&mut [T], &mut [MaybeUninit<T>])) + 'a;

/// A [`RawMem`] that can be a trait object.
///
/// Every `RawMem` is one, and every trait object of it is a `RawMem` again, with `Send` and `Sync`
/// or without, behind a box or a reference. There is no reason to call its methods directly, nor to
/// implement it: it promises neither more nor less than `RawMem` does.
///
/// # Examples
///
/// ```
/// use platform_mem::{ErasedMem, Global, RawMem, TempFile};
///
/// fn open(on_disk: bool) -> platform_mem::Result<Box<dyn ErasedMem<Item = u64> + Send>> {
///     Ok(if on_disk { Box::new(TempFile::new()?) } else { Box::new(Global::new()) })
/// }
///
/// for on_disk in [false, true] {
///     let mut mem = open(on_disk)?;
///     mem.grow_filled(3, 42)?;
///     assert_eq!(mem.allocated(), [42; 3]);
/// }
/// # platform_mem::Result::Ok(())
/// ```
pub trait ErasedMem {
    /// What the memory holds.
    type Item;

    /// Stands for [`RawMem::allocated`].
    fn erased_allocated(&self) -> &[Self::Item];

    /// Stands for [`RawMem::allocated_mut`].
    fn erased_allocated_mut(&mut self) -> &mut [Self::Item];

    /// Stands for [`RawMem::grow`].
    ///
    /// # Errors
    ///
    /// As there.
    ///
    /// # Safety
    ///
    /// - As there.
    unsafe fn erased_grow(
        &mut self,
        addition: usize,
        fill: &mut Fill<'_, Self::Item>,
    ) -> Result<&mut [Self::Item]>;

    /// Stands for [`RawMem::grow_in_parts`].
    ///
    /// # Errors
    ///
    /// As there.
    ///
    /// # Safety
    ///
    /// - As there.
    #[doc(hidden)]
    unsafe fn erased_grow_in_parts(
        &mut self,
        addition: usize,
        existing: Existing,
        make: &mut MakePart<'_, Self::Item>,
    ) -> Result<&mut [Self::Item]>;

    /// Stands for [`RawMem::grow_assumed`].
    ///
    /// # Errors
    ///
    /// As there.
    ///
    /// # Safety
    ///
    /// - As there.
    unsafe fn erased_grow_assumed(&mut self, addition: usize) -> Result<&mut [Self::Item]>;

    /// Stands for [`RawMem::grow_zeroed`].
    ///
    /// # Errors
    ///
    /// As there.
    ///
    /// # Safety
    ///
    /// - As there.
    unsafe fn erased_grow_zeroed(&mut self, addition: usize) -> Result<&mut [Self::Item]>;

    /// Stands for [`RawMem::shrink`].
    ///
    /// # Errors
    ///
    /// As there.
    fn erased_shrink(&mut self, count: usize) -> Result<()>;

    /// Stands for [`RawMem::reserve`].
    ///
    /// # Errors
    ///
    /// As there.
    fn erased_reserve(&mut self, additional: usize) -> Result<()>;

    /// Stands for [`RawMem::size_hint`].
    fn erased_size_hint(&self) -> Option<usize>;
}

impl<M: RawMem> ErasedMem for M {
    type Item = M::Item;

    fn erased_allocated(&self) -> &[Self::Item] {
        self.allocated()
    }

    fn erased_allocated_mut(&mut self) -> &mut [Self::Item] {
        self.allocated_mut()
    }

    unsafe fn erased_grow(
        &mut self,
        addition: usize,
        fill: &mut Fill<'_, Self::Item>,
    ) -> Result<&mut [Self::Item]> {
        // SAFETY: the caller promises what `grow` asks for.
        unsafe { self.grow(addition, fill) }
    }

    unsafe fn erased_grow_in_parts(
        &mut self,
        addition: usize,
        existing: Existing,
        make: &mut MakePart<'_, Self::Item>,
    ) -> Result<&mut [Self::Item]> {
        // SAFETY: the caller promises what `grow_in_parts` asks for.
        unsafe { self.grow_in_parts(addition, existing, make) }
    }

    unsafe fn erased_grow_assumed(&mut self, addition: usize) -> Result<&mut [Self::Item]> {
        // SAFETY: the caller promises what `grow_assumed` asks for.
        unsafe { self.grow_assumed(addition) }
    }

    unsafe fn erased_grow_zeroed(&mut self, addition: usize) -> Result<&mut [Self::Item]> {
        // SAFETY: the caller promises what `grow_zeroed` asks for.
        unsafe { self.grow_zeroed(addition) }
    }

    fn erased_shrink(&mut self, count: usize) -> Result<()> {
        self.shrink(count)
    }

    fn erased_reserve(&mut self, additional: usize) -> Result<()> {
        self.reserve(additional)
    }

    fn erased_size_hint(&self) -> Option<usize> {
        self.size_hint()
    }
}

macro_rules! trait_object {
    ($($Object:ty),* $(,)?) => {$(
        impl<T> RawMem for $Object {
            type Item = T;

            fn allocated(&self) -> &[T] {
                self.erased_allocated()
            }

            fn allocated_mut(&mut self) -> &mut [T] {
                self.erased_allocated_mut()
            }

            unsafe fn grow(
                &mut self,
                addition: usize,
                fill: impl FnOnce(usize, (&mut [T], &mut [MaybeUninit<T>])),
            ) -> Result<&mut [T]> {
                let mut fill = Some(fill);
                let mut once = |inited, slots: (&mut _, &mut _)| match fill.take() {
                    Some(fill) => fill(inited, slots),
                    None => unreachable!("a memory calls what fills it once"),
                };
                // SAFETY: `once` is `fill`, for which the caller vouches, as a memory calls it
                // once.
                unsafe { self.erased_grow(addition, &mut once) }
            }

            unsafe fn grow_in_parts(
                &mut self,
                addition: usize,
                existing: Existing,
                mut make: impl FnMut(usize, &mut [T], &mut [MaybeUninit<T>]),
            ) -> Result<&mut [T]> {
                // SAFETY: the caller promises the same.
                unsafe { self.erased_grow_in_parts(addition, existing, &mut make) }
            }

            unsafe fn grow_assumed(&mut self, addition: usize) -> Result<&mut [T]> {
                // SAFETY: the caller promises the same.
                unsafe { self.erased_grow_assumed(addition) }
            }

            unsafe fn grow_zeroed(&mut self, addition: usize) -> Result<&mut [T]> {
                // SAFETY: the caller promises the same.
                unsafe { self.erased_grow_zeroed(addition) }
            }

            fn shrink(&mut self, count: usize) -> Result<()> {
                self.erased_shrink(count)
            }

            fn reserve(&mut self, additional: usize) -> Result<()> {
                self.erased_reserve(additional)
            }

            fn size_hint(&self) -> Option<usize> {
                self.erased_size_hint()
            }
        }

        /// Shows how many elements there are, as nothing is known of them.
        impl<T> fmt::Debug for $Object {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct("ErasedMem").field("len", &self.len()).finish_non_exhaustive()
            }
        }
    )*};
}

trait_object! {
    dyn ErasedMem<Item = T> + '_,
    dyn ErasedMem<Item = T> + Send + '_,
    dyn ErasedMem<Item = T> + Sync + '_,
    dyn ErasedMem<Item = T> + Send + Sync + '_,
}

/// Makes a type a [`RawMem`] by handing every call on to the memory within.
macro_rules! delegate {
    (impl[$($generics:tt)*] RawMem<Item = $Item:ty> for $Type:ty, $self:ident => $inner:expr) => {
        impl<$($generics)*> $crate::RawMem for $Type {
            type Item = $Item;

            fn allocated(&$self) -> &[$Item] {
                $inner.allocated()
            }

            fn allocated_mut(&mut $self) -> &mut [$Item] {
                $inner.allocated_mut()
            }

            #[inline]
            unsafe fn grow(
                &mut $self,
                addition: usize,
                fill: impl FnOnce(usize, (&mut [$Item], &mut [::std::mem::MaybeUninit<$Item>])),
            ) -> $crate::Result<&mut [$Item]> {
                // SAFETY: the caller promises the same.
                unsafe { $inner.grow(addition, fill) }
            }

            #[inline]
            unsafe fn grow_in_parts(
                &mut $self,
                addition: usize,
                existing: $crate::raw_mem::Existing,
                make: impl FnMut(usize, &mut [$Item], &mut [::std::mem::MaybeUninit<$Item>]),
            ) -> $crate::Result<&mut [$Item]> {
                // SAFETY: the caller promises the same.
                unsafe { $inner.grow_in_parts(addition, existing, make) }
            }

            unsafe fn grow_assumed(&mut $self, addition: usize) -> $crate::Result<&mut [$Item]> {
                // SAFETY: the caller promises the same.
                unsafe { $inner.grow_assumed(addition) }
            }

            unsafe fn grow_zeroed(&mut $self, addition: usize) -> $crate::Result<&mut [$Item]> {
                // SAFETY: the caller promises the same.
                unsafe { $inner.grow_zeroed(addition) }
            }

            #[inline]
            fn grow_with(
                &mut $self,
                addition: usize,
                make: impl FnMut() -> $Item,
            ) -> $crate::Result<&mut [$Item]> {
                $inner.grow_with(addition, make)
            }

            #[inline]
            fn grow_filled(
                &mut $self,
                addition: usize,
                value: $Item,
            ) -> $crate::Result<&mut [$Item]>
            where
                $Item: Clone,
            {
                $inner.grow_filled(addition, value)
            }

            fn grow_within(
                &mut $self,
                range: impl ::std::ops::RangeBounds<usize>,
            ) -> $crate::Result<&mut [$Item]>
            where
                $Item: Clone,
            {
                $inner.grow_within(range)
            }

            #[inline]
            fn grow_from_slice(&mut $self, source: &[$Item]) -> $crate::Result<&mut [$Item]>
            where
                $Item: Clone,
            {
                $inner.grow_from_slice(source)
            }

            fn shrink(&mut $self, count: usize) -> $crate::Result<()> {
                $inner.shrink(count)
            }

            fn reserve(&mut $self, additional: usize) -> $crate::Result<()> {
                $inner.reserve(additional)
            }

            fn size_hint(&$self) -> Option<usize> {
                $inner.size_hint()
            }
        }
    };
}

pub(crate) use delegate;

/// Lets a memory be used where a slice of its elements is wanted.
macro_rules! as_slice {
    (impl[$($generics:tt)*] for $Type:ty, $Item:ty) => {
        impl<$($generics)*> AsRef<[$Item]> for $Type {
            fn as_ref(&self) -> &[$Item] {
                $crate::RawMem::allocated(self)
            }
        }

        impl<$($generics)*> AsMut<[$Item]> for $Type {
            fn as_mut(&mut self) -> &mut [$Item] {
                $crate::RawMem::allocated_mut(self)
            }
        }
    };
}

pub(crate) use as_slice;

delegate!(impl[M: RawMem + ?Sized] RawMem<Item = M::Item> for &mut M, self => (**self));
delegate!(impl[M: RawMem + ?Sized] RawMem<Item = M::Item> for Box<M>, self => (**self));
