#![forbid(unsafe_code)]
//! Inserting and removing anywhere.

use std::ops::RangeBounds;

use super::{MemVec, done};
use crate::{RawMem, Result, raw_mem::resolve};

impl<M: RawMem> MemVec<M> {
    /// Inserts an element at an index, before the one that is there.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if the index is greater than the number of
    /// elements; otherwise as [`RawMem::grow`].
    pub fn try_insert(&mut self, index: usize, value: M::Item) -> Result<()> {
        resolve(index..index, self.len())?;
        self.try_push(value)?;
        self[index..].rotate_right(1);
        Ok(())
    }

    /// Inserts an element at an index, before the one that is there.
    ///
    /// # Panics
    ///
    /// If the index is greater than the number of elements, or if the memory cannot grow.
    #[track_caller]
    pub fn insert(&mut self, index: usize, value: M::Item) {
        done(self.try_insert(index, value));
    }

    /// Inserts clones of the elements of `values` at an index, before the element that is there.
    ///
    /// # Errors
    ///
    /// As [`try_insert`](Self::try_insert).
    pub fn try_insert_from_slice(&mut self, index: usize, values: &[M::Item]) -> Result<()>
    where
        M::Item: Clone,
    {
        resolve(index..index, self.len())?;
        self.try_extend_from_slice(values)?;
        self[index..].rotate_right(values.len());
        Ok(())
    }

    /// Inserts clones of the elements of `values` at an index, before the element that is there.
    ///
    /// # Panics
    ///
    /// As [`insert`](Self::insert), or if `Clone` panics.
    #[track_caller]
    pub fn insert_from_slice(&mut self, index: usize, values: &[M::Item])
    where
        M::Item: Clone,
    {
        done(self.try_insert_from_slice(index, values));
    }

    /// Removes the element at an index and returns it.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if there is no such element; otherwise as
    /// [`RawMem::shrink`].
    pub fn try_remove(&mut self, index: usize) -> Result<M::Item>
    where
        M::Item: Clone,
    {
        let range = resolve(index..=index, self.len())?;
        let removed = self[index].clone();
        self.try_remove_range(range)?;
        Ok(removed)
    }

    /// Removes the element at an index and returns it.
    ///
    /// # Panics
    ///
    /// If there is no such element, if the memory cannot shrink, or if `Clone` panics.
    #[track_caller]
    pub fn remove(&mut self, index: usize) -> M::Item
    where
        M::Item: Clone,
    {
        done(self.try_remove(index))
    }

    /// Drops a range of elements; those behind it move up.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if there are no such elements; otherwise as
    /// [`RawMem::shrink`].
    pub fn try_remove_range(&mut self, range: impl RangeBounds<usize>) -> Result<()> {
        let range = resolve(range, self.len())?;
        let count = range.len();
        self[range.start..].rotate_left(count);
        let removed = self.0.shrink(count);
        if removed.is_err() {
            self[range.start..].rotate_right(count);
        }
        removed
    }

    /// Drops a range of elements; those behind it move up.
    ///
    /// # Panics
    ///
    /// If there are no such elements, or if the memory cannot shrink.
    #[track_caller]
    pub fn remove_range(&mut self, range: impl RangeBounds<usize>) {
        done(self.try_remove_range(range));
    }
}
