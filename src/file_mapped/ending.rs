#![forbid(unsafe_code)]
//! Writing a memory to disk, and giving it up.

use std::{fs::File, ops::RangeBounds};

use super::FileMapped;
use crate::{Result, raw_mem::resolve};

impl<T> FileMapped<T> {
    /// Waits until all elements and the length of the file are on disk.
    ///
    /// # Errors
    ///
    /// [`Error::System`](crate::Error::System) if a write fails, and from then on
    /// [`Error::FlushFailed`](crate::Error::FlushFailed): the kernel reports such a failure once,
    /// and data may be lost.
    pub fn flush(&self) -> Result<()> {
        self.storage.flush()
    }

    /// Waits until a range of elements is on disk.
    ///
    /// # Errors
    ///
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if there are no such elements; otherwise as
    /// [`flush`](Self::flush).
    pub fn flush_range(&self, range: impl RangeBounds<usize>) -> Result<()> {
        let range = resolve(range, self.place.len())?;
        self.storage.flush_range(self.mapped_bytes(range)?)
    }

    /// Drops the memory after [`flush`](Self::flush), and reports what a drop keeps to itself. In a
    /// process forked from the one that has made the memory, it does nothing to the file.
    ///
    /// # Errors
    ///
    /// As [`flush`](Self::flush), and [`Error::LengthChanged`](crate::Error::LengthChanged) if
    /// somebody else has changed the length of the file.
    pub fn close(mut self) -> Result<()> {
        self.place.truncate(0);
        if !self.storage.is_ours() {
            // The file is the business of the process that this one was forked from.
            return Ok(());
        }
        let cut = self.cut_spare();
        self.storage.close().and(cut)
    }

    /// Gives the memory up like [`close`](Self::close), and returns its file.
    ///
    /// # Errors
    ///
    /// As [`close`](Self::close), and [`Error::System`](crate::Error::System) if the system has no
    /// descriptor left.
    ///
    /// # Examples
    ///
    /// ```
    /// use platform_mem::{FileMapped, RawMem};
    ///
    /// let mut mem = FileMapped::<u8>::new(tempfile::tempfile()?)?;
    /// mem.grow_from_slice(b"hello")?;
    /// let file = mem.into_file()?;
    /// assert_eq!(file.metadata()?.len(), 5);
    /// # platform_mem::Result::Ok(())
    /// ```
    pub fn into_file(self) -> Result<File> {
        let file = self.storage.file().try_clone()?;
        self.close()?;
        Ok(file)
    }
}
