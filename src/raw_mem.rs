//! The trait [`RawMem`] and what belongs to it.

use std::{io, mem::MaybeUninit, ops::RangeBounds};

mod parts;
mod range;
pub mod uninit;

#[doc(hidden)]
pub use self::parts::{Existing, MakePart};
pub(crate) use self::range::resolve;
pub use crate::{
    erased::{ErasedMem, Fill},
    error::{Error, Result},
};

/// Memory that grows and shrinks at its end.
///
/// A memory holds a run of elements, [`allocated`](Self::allocated). Growing appends elements and
/// returns those; shrinking drops the last ones. A call that fails has changed nothing. All counts
/// are in elements, never in bytes.
///
/// # Elements that are there already
///
/// A memory over a file may find elements behind its end that an earlier run of the program left
/// there. Growth that gives each element the same origin ([`grow_filled`](Self::grow_filled),
/// [`grow_zeroed`](Self::grow_zeroed), [`grow_with`](Self::grow_with)) keeps those and makes only
/// the rest, so that a program which opens its file and grows as it did the first time finds its
/// data. Growth that brings its elements along ([`grow_from_slice`](Self::grow_from_slice),
/// [`grow_within`](Self::grow_within)) writes all of them.
///
/// # Implementing it
///
/// Implement [`allocated`](Self::allocated), [`allocated_mut`](Self::allocated_mut),
/// [`grow`](Self::grow) and [`shrink`](Self::shrink). The other methods are made of these four, and
/// can be replaced where a backend knows a faster way.
///
/// Callers rely on this: a `grow` that returns `Ok` has called `fill` exactly once, with exactly
/// `addition` new slots. A `grow` or `shrink` that returns an error has changed nothing. This crate
/// does not rely on an implementation outside of it for its soundness.
///
/// # Examples
///
/// ```
/// use platform_mem::{Global, RawMem};
///
/// fn squares(mem: &mut impl RawMem<Item = u64>, count: u64) -> platform_mem::Result<()> {
///     let mut next = 0..count;
///     mem.grow_with(count as usize, || next.next().map_or(0, |n| n * n))?;
///     Ok(())
/// }
///
/// let mut mem = Global::new();
/// squares(&mut mem, 4)?;
/// mem.shrink(1)?;
/// assert_eq!(mem.allocated(), [0, 1, 4]);
/// # platform_mem::Result::Ok(())
/// ```
pub trait RawMem {
    /// What the memory holds.
    type Item;

    /// Returns the elements.
    fn allocated(&self) -> &[Self::Item];

    /// Returns the elements, to be changed.
    fn allocated_mut(&mut self) -> &mut [Self::Item];

    /// Returns the number of elements.
    fn len(&self) -> usize {
        self.allocated().len()
    }

    /// Tells whether there are no elements.
    fn is_empty(&self) -> bool {
        self.allocated().is_empty()
    }

    /// Grows by `addition` elements, which `fill` makes, and returns those.
    ///
    /// `fill` is called once, with `(inited, (old, new))`: the elements that there were and
    /// `addition` slots for the new ones, which may move to their place only afterwards. The first
    /// `inited` of these slots hold elements already.
    ///
    /// If `fill` panics, the memory has its old length, and what was written to the new slots is
    /// forgotten without being dropped.
    ///
    /// # Errors
    ///
    /// Any [`Error`] for which the memory cannot grow. Elements that were made by then are dropped.
    ///
    /// # Safety
    ///
    /// - When `fill` returns, every slot holds an element.
    /// - The first `inited` slots hold elements even if `fill` panics.
    ///
    /// # Examples
    ///
    /// ```
    /// use platform_mem::{Global, RawMem, raw_mem::uninit};
    ///
    /// let mut mem = Global::<u32>::new();
    /// // SAFETY: all slots that do not hold an element are filled.
    /// let new = unsafe { mem.grow(2, |inited, (_, slots)| uninit::fill(&mut slots[inited..], 7)) }?;
    /// assert_eq!(new, [7, 7]);
    /// # platform_mem::Result::Ok(())
    /// ```
    unsafe fn grow(
        &mut self,
        addition: usize,
        fill: impl FnOnce(usize, (&mut [Self::Item], &mut [MaybeUninit<Self::Item>])),
    ) -> Result<&mut [Self::Item]>;

    /// Grows by elements that `make` writes part by part; serves the memories of this crate.
    ///
    /// # Errors
    ///
    /// As [`grow`](Self::grow).
    ///
    /// # Safety
    ///
    /// - As [`MakePart`] says.
    #[doc(hidden)]
    #[inline]
    unsafe fn grow_in_parts(
        &mut self,
        addition: usize,
        existing: Existing,
        mut make: impl FnMut(usize, &mut [Self::Item], &mut [MaybeUninit<Self::Item>]),
    ) -> Result<&mut [Self::Item]> {
        let fill = |inited, (old, new): (&mut [Self::Item], &mut [MaybeUninit<Self::Item>])| {
            let kept = if existing == Existing::Keep { inited } else { 0 };
            make(0, old, &mut new[kept..]);
        };
        // SAFETY: the slots that are not filled hold elements, and the caller vouches for the rest.
        unsafe { self.grow(addition, fill) }
    }

    /// Shrinks by `count` elements from the end, and drops them.
    ///
    /// # Errors
    ///
    /// [`Error::OverShrink`] if there are fewer, or any [`Error`] of the backend.
    ///
    /// # Examples
    ///
    /// ```
    /// use platform_mem::{Error, Global, RawMem};
    ///
    /// let mut mem = Global::new();
    /// mem.grow_from_slice(&[1, 2, 3])?;
    /// mem.shrink(2)?;
    /// assert_eq!(mem.allocated(), [1]);
    /// assert!(matches!(mem.shrink(2), Err(Error::OverShrink { to_shrink: 2, available: 1 })));
    /// # platform_mem::Result::Ok(())
    /// ```
    fn shrink(&mut self, count: usize) -> Result<()>;

    /// Makes room for `additional` more elements.
    ///
    /// Until the memory shrinks or a growth fails, growth within that room moves no element, and
    /// fails for no lack of it. Not covered are memory on the heap that a growth needs in between,
    /// as for elements with a `Drop` in a file, and blocks of file systems that cannot reserve any.
    ///
    /// # Errors
    ///
    /// Any [`Error`] for which the memory could not grow by as much;
    /// [`Unsupported`](io::ErrorKind::Unsupported) from a backend that cannot reserve.
    fn reserve(&mut self, additional: usize) -> Result<()> {
        match additional {
            0 => Ok(()),
            _ => Err(io::Error::from(io::ErrorKind::Unsupported).into()),
        }
    }

    /// Returns how many elements the memory can hold as it is, where that is known: the length of a
    /// buffer, or the elements in a file. Code must not rely on that hint for its soundness.
    fn size_hint(&self) -> Option<usize> {
        None
    }

    /// Grows by `addition` elements, which are taken as they are found: in the file that the memory
    /// lies in, or in its buffer. Where nothing is found, they are zero bytes.
    ///
    /// # Errors
    ///
    /// As [`grow`](Self::grow).
    ///
    /// # Safety
    ///
    /// - What is found are elements.
    /// - Zero bytes are a valid `Item`, see [`std::mem::zeroed`], wherever nothing is found.
    ///
    /// # Examples
    ///
    /// ```
    /// use platform_mem::{RawMem, TempFile};
    ///
    /// let mut mem = TempFile::<u64>::new()?;
    /// // SAFETY: the new space of a file is zero, and zero is a number.
    /// assert_eq!(unsafe { mem.grow_assumed(2) }?, [0, 0]);
    /// # platform_mem::Result::Ok(())
    /// ```
    unsafe fn grow_assumed(&mut self, addition: usize) -> Result<&mut [Self::Item]> {
        // SAFETY: the caller vouches for what is found, and that zero bytes are values.
        unsafe { self.grow(addition, |inited, (_, new)| uninit::fill_zeroes(&mut new[inited..])) }
    }

    /// Grows by `addition` elements; those that are not there already are zero bytes.
    ///
    /// # Errors
    ///
    /// As [`grow`](Self::grow).
    ///
    /// # Safety
    ///
    /// - Zero bytes are a valid `Item`, see [`std::mem::zeroed`].
    ///
    /// # Examples
    ///
    /// ```
    /// use platform_mem::{Global, RawMem};
    ///
    /// let mut mem = Global::<(u8, u16)>::new();
    /// // SAFETY: zero is a number.
    /// assert_eq!(unsafe { mem.grow_zeroed(2) }?, [(0, 0), (0, 0)]);
    /// # platform_mem::Result::Ok(())
    /// ```
    unsafe fn grow_zeroed(&mut self, addition: usize) -> Result<&mut [Self::Item]> {
        // SAFETY: the caller vouches that the zero bytes are values.
        unsafe { self.grow(addition, |inited, (_, new)| uninit::fill_zeroes(&mut new[inited..])) }
    }

    /// Does the same as [`grow_zeroed`](Self::grow_zeroed), under its older name.
    ///
    /// # Errors
    ///
    /// As [`grow`](Self::grow).
    ///
    /// # Safety
    ///
    /// - As for [`grow_zeroed`](Self::grow_zeroed).
    unsafe fn grow_zeroed_exact(&mut self, addition: usize) -> Result<&mut [Self::Item]> {
        // SAFETY: the caller promises the same.
        unsafe { self.grow_zeroed(addition) }
    }

    /// Grows by `addition` elements; those that are not there already are made by `make`.
    ///
    /// # Errors
    ///
    /// As [`grow`](Self::grow).
    ///
    /// # Panics
    ///
    /// Only if `make` does; the memory is as before then, and what was made is dropped.
    #[inline]
    fn grow_with(
        &mut self,
        addition: usize,
        mut make: impl FnMut() -> Self::Item,
    ) -> Result<&mut [Self::Item]> {
        let make = |_, _: &mut [_], part: &mut [_]| uninit::fill_with(part, &mut make);
        // SAFETY: `fill_with` writes all slots.
        unsafe { self.grow_in_parts(addition, Existing::Keep, make) }
    }

    /// Does the same as [`grow_with`](Self::grow_with), under its older name.
    ///
    /// # Errors
    ///
    /// As [`grow`](Self::grow).
    ///
    /// # Safety
    ///
    /// - None beyond those of safe code; it was unsafe before and stays so for its callers.
    unsafe fn grow_with_exact(
        &mut self,
        addition: usize,
        make: impl FnMut() -> Self::Item,
    ) -> Result<&mut [Self::Item]> {
        self.grow_with(addition, make)
    }

    /// Grows by `addition` elements; those that are not there already are clones of `value`.
    ///
    /// # Errors
    ///
    /// As [`grow`](Self::grow).
    ///
    /// # Panics
    ///
    /// Only if `Clone` does; the memory is as before then, and what was made is dropped.
    ///
    /// # Examples
    ///
    /// ```
    /// use platform_mem::{Global, RawMem};
    ///
    /// let mut mem = Global::new();
    /// mem.grow_filled(2, 'a')?;
    /// assert_eq!(mem.grow_filled(1, 'b')?, ['b']);
    /// assert_eq!(mem.allocated(), ['a', 'a', 'b']);
    /// # platform_mem::Result::Ok(())
    /// ```
    #[inline]
    fn grow_filled(&mut self, addition: usize, value: Self::Item) -> Result<&mut [Self::Item]>
    where
        Self::Item: Clone,
    {
        let mut value = Some(value);
        let make = |left, _: &mut [_], part: &mut [_]| {
            // The last part gets the value itself.
            let value = if left == 0 { value.take() } else { value.clone() };
            uninit::fill(part, value.unwrap_or_else(|| unreachable!("the last part comes once")));
        };
        // SAFETY: `fill` writes all slots.
        unsafe { self.grow_in_parts(addition, Existing::Keep, make) }
    }

    /// Does the same as [`grow_filled`](Self::grow_filled), under its older name.
    ///
    /// # Errors
    ///
    /// As [`grow`](Self::grow).
    ///
    /// # Safety
    ///
    /// - None beyond those of safe code; it was unsafe before and stays so for its callers.
    unsafe fn grow_filled_exact(
        &mut self,
        addition: usize,
        value: Self::Item,
    ) -> Result<&mut [Self::Item]>
    where
        Self::Item: Clone,
    {
        self.grow_filled(addition, value)
    }

    /// Grows by clones of the elements in `range`.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfRange`] if there are no such elements; otherwise as [`grow`](Self::grow).
    ///
    /// # Panics
    ///
    /// Only if `Clone` does; the memory has its old length then, and what was made is dropped.
    ///
    /// # Examples
    ///
    /// ```
    /// use platform_mem::{Global, RawMem};
    ///
    /// let mut mem = Global::new();
    /// mem.grow_from_slice(&[1, 2, 3])?;
    /// assert_eq!(mem.grow_within(1..)?, [2, 3]);
    /// # platform_mem::Result::Ok(())
    /// ```
    fn grow_within(&mut self, range: impl RangeBounds<usize>) -> Result<&mut [Self::Item]>
    where
        Self::Item: Clone,
    {
        let range = resolve(range, self.allocated().len())?;
        let (count, mut start) = (range.len(), range.start);
        let make = |_, old: &mut [Self::Item], part: &mut [_]| {
            let end = start + part.len();
            uninit::write_clone_of_slice(part, &old[start..end]);
            start = end;
        };
        // SAFETY: `write_clone_of_slice` writes all slots.
        unsafe { self.grow_in_parts(count, Existing::Overwrite, make) }
    }

    /// Grows by clones of the elements of `source`.
    ///
    /// # Errors
    ///
    /// As [`grow`](Self::grow).
    ///
    /// # Panics
    ///
    /// Only if `Clone` does; the memory has its old length then, and what was made is dropped.
    #[inline]
    fn grow_from_slice(&mut self, source: &[Self::Item]) -> Result<&mut [Self::Item]>
    where
        Self::Item: Clone,
    {
        let mut rest = source;
        let make = |_, _: &mut [_], part: &mut [_]| {
            let (now, later) = rest.split_at(part.len());
            uninit::write_clone_of_slice(part, now);
            rest = later;
        };
        // SAFETY: `write_clone_of_slice` writes all slots.
        unsafe { self.grow_in_parts(source.len(), Existing::Overwrite, make) }
    }
}
