#![forbid(unsafe_code)]
//! Telling the system how the elements will be used.

use std::ops::RangeBounds;

use super::FileMapped;
use crate::{Advice, Result, raw_mem::resolve, sys::Hint};

impl<T> FileMapped<T> {
    /// Tells the system how the elements will be used, also those that the memory grows by.
    ///
    /// # Errors
    ///
    /// [`Error::System`](crate::Error::System) if the system has no such advice.
    pub fn advise(&mut self, advice: Advice) -> Result<()> {
        self.storage.advise(advice.into())
    }

    /// Begins to read a range of elements from disk, and does not wait for it.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if there are no such elements; otherwise as
    /// [`advise`](Self::advise).
    pub fn prefetch(&self, range: impl RangeBounds<usize>) -> Result<()> {
        self.hint(Hint::WillNeed, range)
    }

    /// Says that a range of elements will not be needed soon, so that their pages are the first to
    /// leave when memory is short. The elements stay as they are.
    ///
    /// # Errors
    ///
    /// As [`prefetch`](Self::prefetch).
    pub fn cool(&self, range: impl RangeBounds<usize>) -> Result<()> {
        self.hint(Hint::Cold, range)
    }

    fn hint(&self, hint: Hint, range: impl RangeBounds<usize>) -> Result<()> {
        let range = resolve(range, self.place.len())?;
        self.storage.hint(hint, self.mapped_bytes(range)?)
    }
}
