//! Any memory as a vector.
//!
//! Each method that changes the length comes twice: the one whose name begins with `try_` returns
//! the error of the memory, and the other one panics with it, as a `Vec` does when it cannot grow.

mod editing;
mod traits;

use std::{mem::MaybeUninit, ops::RangeFrom, vec};

use crate::{
    Error, RawMem, Result,
    raw_mem::{Existing, resolve, uninit},
};

/// Any memory as a vector.
///
/// It is a slice of the elements that the memory shows, and has the methods of a `Vec` that change
/// their number. Those whose names begin with `try_` return errors; the others panic. What it
/// appends overwrites elements that the memory would find behind its end, see [`RawMem`].
///
/// A memory cannot give an element away without dropping it, so [`pop`](Self::pop),
/// [`remove`](Self::remove) and [`drain`](Self::drain) return clones.
///
/// In a file, every call that changes the length is one or more system calls, unless the memory has
/// [spare capacity](crate::FileOptions::spare_capacity), which a [`TempFile`](crate::TempFile)
/// always has. With it, to push an element costs what it costs in a `Vec`.
///
/// # Examples
///
/// ```
/// use platform_mem::{FileMapped, FileOptions, MemVec};
///
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("primes.bin");
///
/// let options = FileOptions::new().spare_capacity(true);
/// let mut primes = MemVec::new(options.open_or_create::<u32>(&path)?);
/// primes.try_extend((2..30).filter(|n| (2..*n).all(|d| n % d != 0)))?;
/// assert_eq!(primes.try_pop()?, Some(29));
/// primes.into_inner().close()?;
///
/// let primes = MemVec::new(FileMapped::<u32>::open(&path)?);
/// assert_eq!(primes[..], [2, 3, 5, 7, 11, 13, 17, 19, 23]);
/// # platform_mem::Result::Ok(())
/// ```
pub struct MemVec<M>(M);

impl<M: RawMem> MemVec<M> {
    /// Makes a vector of the elements that a memory shows.
    pub const fn new(mem: M) -> Self {
        Self(mem)
    }

    /// Returns the memory.
    pub fn into_inner(self) -> M {
        self.0
    }

    /// Returns the memory, to be looked at.
    pub const fn get_ref(&self) -> &M {
        &self.0
    }

    /// Returns the memory, to be changed.
    pub const fn get_mut(&mut self) -> &mut M {
        &mut self.0
    }

    /// Makes room for `additional` more elements, see [`RawMem::reserve`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn try_reserve(&mut self, additional: usize) -> Result<()> {
        self.0.reserve(additional)
    }

    /// Appends an element.
    ///
    /// # Errors
    ///
    /// As [`RawMem::grow`]; the element is dropped.
    #[inline]
    pub fn try_push(&mut self, value: M::Item) -> Result<()> {
        let mut value = Some(value);
        self.append(1, || value.take().unwrap_or_else(|| unreachable!("it is asked for once")))
    }

    /// Appends an element.
    ///
    /// # Panics
    ///
    /// If the memory cannot grow.
    #[inline]
    pub fn push(&mut self, value: M::Item) {
        done(self.try_push(value));
    }

    /// Appends clones of the elements of `values`.
    ///
    /// # Errors
    ///
    /// As [`RawMem::grow`].
    #[inline]
    pub fn try_extend_from_slice(&mut self, values: &[M::Item]) -> Result<()>
    where
        M::Item: Clone,
    {
        self.0.grow_from_slice(values).map(|_| ())
    }

    /// Appends clones of the elements of `values`.
    ///
    /// # Panics
    ///
    /// If the memory cannot grow, or if `Clone` panics.
    #[inline]
    pub fn extend_from_slice(&mut self, values: &[M::Item])
    where
        M::Item: Clone,
    {
        done(self.try_extend_from_slice(values));
    }

    /// Appends all elements of an iterator.
    ///
    /// # Errors
    ///
    /// As [`RawMem::grow`]; what was appended by then is removed again.
    pub fn try_extend(&mut self, values: impl IntoIterator<Item = M::Item>) -> Result<()> {
        let before = self.len();
        let appended = self.append_all(values.into_iter());
        appended.inspect_err(|_| {
            // What cannot be removed is for the memory to tell, at its next call.
            let _ = self.try_truncate(before);
        })
    }

    /// Changes the number of elements to `len`, by removing the last or by appending clones of
    /// `value`.
    ///
    /// # Errors
    ///
    /// As [`RawMem::grow`] and [`RawMem::shrink`].
    pub fn try_resize(&mut self, len: usize, value: M::Item) -> Result<()>
    where
        M::Item: Clone,
    {
        match len.checked_sub(self.len()) {
            Some(more) => self.append(more, || value.clone()),
            None => self.try_truncate(len),
        }
    }

    /// Changes the number of elements to `len`, by removing the last or by appending clones of
    /// `value`.
    ///
    /// # Panics
    ///
    /// If the memory cannot grow or shrink, or if `Clone` panics.
    pub fn resize(&mut self, len: usize, value: M::Item)
    where
        M::Item: Clone,
    {
        done(self.try_resize(len, value));
    }

    /// Drops the elements from `len` on, if there are any.
    ///
    /// # Errors
    ///
    /// As [`RawMem::shrink`].
    pub fn try_truncate(&mut self, len: usize) -> Result<()> {
        self.0.shrink(self.len().saturating_sub(len))
    }

    /// Drops the elements from `len` on, if there are any.
    ///
    /// # Panics
    ///
    /// If the memory cannot shrink, which only memories in files can fail to.
    pub fn truncate(&mut self, len: usize) {
        done(self.try_truncate(len));
    }

    /// Drops all elements.
    ///
    /// # Errors
    ///
    /// As [`RawMem::shrink`].
    pub fn try_clear(&mut self) -> Result<()> {
        self.try_truncate(0)
    }

    /// Drops all elements.
    ///
    /// # Panics
    ///
    /// As [`truncate`](Self::truncate).
    pub fn clear(&mut self) {
        self.truncate(0);
    }

    /// Removes the last element and returns it.
    ///
    /// # Errors
    ///
    /// As [`RawMem::shrink`].
    #[inline]
    pub fn try_pop(&mut self) -> Result<Option<M::Item>>
    where
        M::Item: Clone,
    {
        let Some(last) = self.last().cloned() else { return Ok(None) };
        self.0.shrink(1)?;
        Ok(Some(last))
    }

    /// Removes the last element and returns it.
    ///
    /// # Panics
    ///
    /// As [`truncate`](Self::truncate), or if `Clone` panics.
    #[inline]
    pub fn pop(&mut self) -> Option<M::Item>
    where
        M::Item: Clone,
    {
        done(self.try_pop())
    }

    /// Removes the elements from an index on, and returns them.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfRange`] if there is no such index, [`Error::AllocError`] if the heap has no
    /// room for the elements; otherwise as [`RawMem::shrink`].
    pub fn try_drain(&mut self, range: RangeFrom<usize>) -> Result<vec::IntoIter<M::Item>>
    where
        M::Item: Clone,
    {
        let from = resolve(range, self.len())?.start;
        let mut drained = buffer(self.len() - from)?;
        drained.extend_from_slice(&self[from..]);
        self.try_truncate(from)?;
        Ok(drained.into_iter())
    }

    /// Removes the elements from an index on, and returns them.
    ///
    /// # Panics
    ///
    /// If there is no such index, if the heap has no room for them, if the memory cannot shrink, or
    /// if `Clone` panics.
    pub fn drain(&mut self, range: RangeFrom<usize>) -> vec::IntoIter<M::Item>
    where
        M::Item: Clone,
    {
        done(self.try_drain(range))
    }

    /// Appends `count` elements, which `make` makes.
    #[inline]
    fn append(&mut self, count: usize, mut make: impl FnMut() -> M::Item) -> Result<()> {
        let make = |_, _: &mut [M::Item], part: &mut [MaybeUninit<M::Item>]| {
            uninit::fill_with(part, &mut make);
        };
        // SAFETY: `fill_with` writes all slots, and drops what it has written if it panics.
        unsafe { self.0.grow_in_parts(count, Existing::Overwrite, make) }.map(|_| ())
    }

    /// Appends all elements of an iterator, as many at a time as fit a buffer on the heap.
    fn append_all(&mut self, mut values: impl Iterator<Item = M::Item>) -> Result<()> {
        const BUFFER: usize = 16 * 1024;
        let most = (BUFFER / size_of::<M::Item>().max(1)).max(1);
        // It is but a hint, and the memory may not be one that reserves.
        let _ = self.try_reserve(values.size_hint().0);
        let mut part = buffer(most)?;
        loop {
            part.extend(values.by_ref().take(most));
            if part.is_empty() {
                return Ok(());
            }
            let mut made = part.drain(..);
            let count = made.len();
            self.append(count, || {
                made.next().unwrap_or_else(|| unreachable!("so many are in the buffer"))
            })?;
        }
    }
}

/// Returns a buffer on the heap for `count` values.
fn buffer<T>(count: usize) -> Result<Vec<T>> {
    let layout = crate::raw_place::layout::<T>(count)?;
    let mut values = Vec::new();
    match values.try_reserve_exact(count) {
        Ok(()) => Ok(values),
        Err(_) => Err(Error::AllocError { layout, non_exhaustive: () }),
    }
}

/// Returns what was done, or panics with the error.
#[inline]
#[track_caller]
fn done<R>(result: Result<R>) -> R {
    match result {
        Ok(done) => done,
        Err(error) => refused(&error),
    }
}

#[cold]
#[track_caller]
fn refused(error: &Error) -> ! {
    panic!("{error}")
}
