//! A mapping of a file, by `memmap2`.

use std::{fs::File, io, ops::Range, ptr::NonNull};

use memmap2::{MmapMut, MmapOptions, MmapRaw};

use super::{Call, make};

/// What the kernel is told about how a mapping will be used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Hint {
    Normal,
    Sequential,
    Random,
    HugePages,
    WillNeed,
    Cold,
}

/// A mapping of a run of bytes of a file.
///
/// It may be longer than the file. A store behind the file's end raises SIGBUS, so this type hands
/// out no slice: who uses the pointer keeps to the length of the file.
#[derive(Debug)]
pub(crate) struct Map(MmapRaw);

impl Map {
    /// Maps the first `len` bytes of `file`, to be read and written.
    pub(crate) fn new(file: &File, len: usize) -> io::Result<Self> {
        make(Call::Map, || MmapOptions::new().len(len).map_raw(file)).map(Self)
    }

    /// Maps a range of bytes of `file`, which need not begin at a page, to be read only.
    pub(crate) fn read(file: &File, bytes: Range<u64>) -> io::Result<Self> {
        make(Call::Map, || options(&bytes)?.map_raw_read_only(file)).map(Self)
    }

    /// Maps a range of bytes of `file`; what is written to them stays in this process.
    pub(crate) fn private(file: &File, bytes: Range<u64>) -> io::Result<Self> {
        let map = make(Call::Map, || {
            let mut options = options(&bytes)?;
            // SAFETY: as a pointer is all that is made of the mapping, nothing is assumed of what
            // others do to the file.
            unsafe { options.no_reserve_swap().map_copy(file) }
        });
        map.map(|map: MmapMut| Self(map.into()))
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

    /// Tells the kernel how a range of bytes will be used.
    pub(crate) fn advise(&self, hint: Hint, bytes: Range<usize>) -> io::Result<()> {
        make(Call::Advise, || super::platform::advise(self, hint, bytes.clone()))
    }

    /// Hands advice that every Unix knows on to the system.
    #[cfg(unix)]
    pub(super) fn advise_by(&self, advice: memmap2::Advice, bytes: Range<usize>) -> io::Result<()> {
        self.0.advise_range(advice, bytes.start, bytes.len())
    }

    /// Returns where the mapping begins, which is at a page if that is where its bytes begin in the
    /// file.
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

/// Returns how to map a range of bytes.
fn options(bytes: &Range<u64>) -> io::Result<MmapOptions> {
    let len = usize::try_from(bytes.end - bytes.start)
        .map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
    let mut options = MmapOptions::new();
    options.offset(bytes.start).len(len);
    Ok(options)
}
