//! The bytes of a file before its elements, and the handle of the file.

use std::slice;

use super::FileMapped;
use crate::Result;

impl<T> FileMapped<T> {
    /// Returns the bytes of the file before its elements, see
    /// [`FileOptions::offset`](crate::FileOptions::offset).
    ///
    /// There are none while the file is empty.
    pub fn header(&self) -> &[u8] {
        let Some((base, len)) = self.mapped_header() else { return &[] };
        // SAFETY: by invariant 6 the header is mapped and in the file, and no element lies in it;
        // `&self` keeps it so.
        unsafe { slice::from_raw_parts(base.as_ptr(), len) }
    }

    /// Returns the bytes of the file before its elements, to be changed. A file that is empty gets
    /// its header first, of zeroes.
    ///
    /// # Errors
    ///
    /// As growth, if the file is empty.
    pub fn header_mut(&mut self) -> Result<&mut [u8]> {
        if self.storage.length() < self.offset {
            self.storage.check()?;
            self.lengthen(0)?;
        }
        let Some((base, len)) = self.mapped_header() else { return Ok(&mut []) };
        // SAFETY: by invariant 6 the header is mapped and in the file, and no element lies in it;
        // `&mut self` makes the borrow the only one.
        Ok(unsafe { slice::from_raw_parts_mut(base.as_ptr(), len) })
    }

    /// Returns where the header is mapped and its length, unless the file is empty.
    fn mapped_header(&self) -> Option<(std::ptr::NonNull<u8>, usize)> {
        let (base, _) = self.storage.mapped()?;
        (self.storage.length() >= self.offset).then_some((base, self.offset as usize))
    }
}

/// Writing through the descriptor is writing by somebody else: while a slice of the elements is
/// borrowed it is undefined behaviour, see [`FileMapped`].
#[cfg(unix)]
impl<T: bytemuck::Pod> std::os::fd::AsFd for FileMapped<T> {
    fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
        std::os::fd::AsFd::as_fd(self.storage.file())
    }
}
