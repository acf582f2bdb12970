#![forbid(unsafe_code)]
//! What a vector is besides: a slice, a list to extend, a place to write bytes to.

use std::{
    fmt, io,
    ops::{Deref, DerefMut, Index, IndexMut},
    slice::{self, SliceIndex},
};

use super::{MemVec, done};
use crate::RawMem;

impl<M: RawMem> Deref for MemVec<M> {
    type Target = [M::Item];

    #[inline]
    fn deref(&self) -> &[M::Item] {
        self.0.allocated()
    }
}

impl<M: RawMem> DerefMut for MemVec<M> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [M::Item] {
        self.0.allocated_mut()
    }
}

impl<M: RawMem> AsRef<[M::Item]> for MemVec<M> {
    fn as_ref(&self) -> &[M::Item] {
        self
    }
}

impl<M: RawMem> AsMut<[M::Item]> for MemVec<M> {
    fn as_mut(&mut self) -> &mut [M::Item] {
        self
    }
}

impl<M: RawMem, I: SliceIndex<[M::Item]>> Index<I> for MemVec<M> {
    type Output = I::Output;

    #[inline]
    fn index(&self, index: I) -> &I::Output {
        &self.0.allocated()[index]
    }
}

impl<M: RawMem, I: SliceIndex<[M::Item]>> IndexMut<I> for MemVec<M> {
    #[inline]
    fn index_mut(&mut self, index: I) -> &mut I::Output {
        &mut self.0.allocated_mut()[index]
    }
}

impl<'a, M: RawMem> IntoIterator for &'a MemVec<M> {
    type Item = &'a M::Item;
    type IntoIter = slice::Iter<'a, M::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, M: RawMem> IntoIterator for &'a mut MemVec<M> {
    type Item = &'a mut M::Item;
    type IntoIter = slice::IterMut<'a, M::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

/// Panics if the memory cannot grow; [`MemVec::try_extend`] returns the error.
impl<M: RawMem> Extend<M::Item> for MemVec<M> {
    fn extend<I: IntoIterator<Item = M::Item>>(&mut self, values: I) {
        done(self.try_extend(values));
    }
}

/// Panics if the memory cannot grow.
impl<M: RawMem + Default> FromIterator<M::Item> for MemVec<M> {
    fn from_iter<I: IntoIterator<Item = M::Item>>(values: I) -> Self {
        let mut vec = Self::default();
        vec.extend(values);
        vec
    }
}

impl<M: RawMem> From<M> for MemVec<M> {
    fn from(mem: M) -> Self {
        Self::new(mem)
    }
}

impl<M: RawMem + Default> Default for MemVec<M> {
    fn default() -> Self {
        Self::new(M::default())
    }
}

impl<M: RawMem<Item: fmt::Debug>> fmt::Debug for MemVec<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.allocated().fmt(f)
    }
}

/// Appends bytes. Flushing does nothing: a memory in a file has a method of its own for that.
impl<M: RawMem<Item = u8>> io::Write for MemVec<M> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.try_extend_from_slice(bytes)?;
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        Ok(self.try_extend_from_slice(bytes)?)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
