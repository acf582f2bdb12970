#![forbid(unsafe_code)]
//! The calls as far as the standard library has them.
//!
//! Blocks cannot be reserved ahead, so a growth writes zeroes. Memory in files needs a system on
//! which a mapping may be longer than its file, which is every Unix.

use std::{
    fs::File,
    io::{self, Seek, SeekFrom, Write},
    ops::Range,
};

use super::{Hint, Map};
use crate::{Residency, registry::Access};

/// The device and the inode.
pub(crate) type Identity = (u64, u64);

#[cfg(unix)]
pub(super) fn identity(file: &File) -> io::Result<Identity> {
    use std::os::unix::fs::MetadataExt;
    file.metadata().map(|metadata| (metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
pub(super) fn identity(_: &File) -> io::Result<Identity> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(super) fn check_access(file: &File, _: Access) -> io::Result<()> {
    if !cfg!(unix) {
        return Err(io::ErrorKind::Unsupported.into());
    }
    match file.metadata()?.is_file() {
        true => Ok(()),
        false => Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file")),
    }
}

pub(super) fn length(file: &File) -> io::Result<u64> {
    file.metadata().map(|metadata| metadata.len())
}

pub(super) fn set_length(file: &File, length: u64) -> io::Result<()> {
    file.set_len(length)
}

pub(super) fn extend(file: &File, bytes: Range<u64>) -> io::Result<()> {
    file.set_len(bytes.end)
}

pub(super) fn extend_by_hole(file: &File, bytes: Range<u64>) -> io::Result<()> {
    file.set_len(bytes.end)
}

pub(super) fn available(_: &File) -> io::Result<Option<u64>> {
    Ok(None)
}

pub(super) fn allocate(_: &File, _: Range<u64>) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(super) fn write_zeroes(mut file: &File, bytes: Range<u64>) -> io::Result<()> {
    file.seek(SeekFrom::Start(bytes.start))?;
    io::copy(&mut io::Read::take(io::repeat(0), bytes.end - bytes.start), &mut file)?;
    file.flush()
}

pub(super) fn sync(file: &File, map: Option<(&Map, u64)>) -> io::Result<()> {
    if let Some((map, length)) = map {
        let len = usize::try_from(length).unwrap_or(usize::MAX).min(map.len());
        if len > 0 {
            map.flush(0..len)?;
        }
    }
    file.sync_all()
}

pub(super) fn advise(map: &Map, hint: Hint, bytes: Range<usize>) -> io::Result<()> {
    #[cfg(unix)]
    {
        use memmap2::Advice;
        let advice = match hint {
            Hint::Normal => Advice::Normal,
            Hint::Sequential => Advice::Sequential,
            Hint::Random => Advice::Random,
            Hint::WillNeed => Advice::WillNeed,
            Hint::HugePages | Hint::Cold => return Err(io::ErrorKind::Unsupported.into()),
        };
        map.advise_by(advice, bytes)
    }
    #[cfg(not(unix))]
    {
        let _ = (map, hint, bytes);
        Err(io::ErrorKind::Unsupported.into())
    }
}

pub(super) fn residency(_: &File, _: Range<u64>) -> io::Result<Residency> {
    Err(io::ErrorKind::Unsupported.into())
}
