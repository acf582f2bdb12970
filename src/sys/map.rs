//! A shared, writable mapping of a file, by `memmap2`.

use std::{fs::File, io, ops::Range, ptr::NonNull};

use memmap2::{MmapOptions, MmapRaw};

use super::{Call, make};

/// A mapping of the front of a file.
///
/// It may be longer than the file. A store behind the file's end raises SIGBUS, so this type hands
/// out no slice: who uses the pointer keeps to the length of the file.
#[derive(Debug)]
pub(crate) struct Map(MmapRaw);

impl Map {
    /// Maps the first `len` bytes of `file`.
    pub(crate) fn new(file: &File, len: usize) -> io::Result<Self> {
        make(Call::Map, || MmapOptions::new().len(len).map_raw(file)).map(Self)
    }

    /// Makes the mapping `len` bytes long, at another address if need be.
    ///
    /// What was mapped is not read again. On an error the mapping is as it was.
    #[cfg(all(target_os = "linux", not(platform_mem_portable)))]
    pub(crate) fn resize(&mut self, _: &File, len: usize) -> io::Result<()> {
        let options = memmap2::RemapOptions::new().may_move(true);
        make(Call::Remap, || {
            // SAFETY: the mapping gives out no references of its own; who holds its pointer asks
            // for it again after a call of this function.
            unsafe { self.0.remap(len, options) }
        })
    }

    /// Makes the mapping `len` bytes long, at another address if need be.
    ///
    /// On an error the mapping is as it was: the new one stands before the old one is given up.
    #[cfg(not(all(target_os = "linux", not(platform_mem_portable))))]
    pub(crate) fn resize(&mut self, file: &File, len: usize) -> io::Result<()> {
        make(Call::Remap, || Self::new(file, len)).map(|map| *self = map)
    }

    /// Returns where the mapping begins; it is aligned to a page.
    pub(crate) fn ptr(&self) -> NonNull<u8> {
        NonNull::new(self.0.as_mut_ptr())
            .unwrap_or_else(|| unreachable!("nothing is mapped at zero"))
    }

    /// Returns the length of the mapping in bytes.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Writes the changed pages of a range of bytes to disk, and waits for it.
    pub(crate) fn flush(&self, bytes: Range<usize>) -> io::Result<()> {
        make(Call::Flush, || self.0.flush_range(bytes.start, bytes.len()))
    }
}
