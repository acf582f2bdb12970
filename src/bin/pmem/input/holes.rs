//! Holes of sparse files.

use std::fs::File;
use std::io;

#[cfg(target_os = "linux")]
use super::source::disk_bytes;

/// A stretch of a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Stretch {
    /// Bytes that are stored, up to this place.
    Data(u64),
    /// Bytes that are zero because nothing is stored, up to this place.
    Hole(u64),
}

/// Returns the stretch that begins at `at` and ends at `end` at the latest.
///
/// # Errors
///
/// The system fails to tell. One that cannot tell says that all is data.
#[cfg(target_os = "linux")]
pub(crate) fn stretch(file: &File, at: u64, end: u64) -> io::Result<Stretch> {
    use rustix::fs::{SeekFrom, seek};
    use rustix::io::Errno;
    let data = match seek(file, SeekFrom::Data(at)) {
        Ok(data) => data,
        // No data follows. Where the file itself has become too short, reading will tell.
        Err(Errno::NXIO) => {
            let len = file.metadata()?.len();
            return Ok(if at < len { Stretch::Hole(end.min(len)) } else { Stretch::Data(end) });
        }
        Err(Errno::INVAL | Errno::OPNOTSUPP | Errno::SPIPE) => return Ok(Stretch::Data(end)),
        Err(error) => return Err(error.into()),
    };
    if data > at {
        return Ok(Stretch::Hole(data.min(end)));
    }
    match seek(file, SeekFrom::Hole(at)) {
        Ok(hole) => Ok(Stretch::Data(hole.min(end))),
        Err(Errno::NXIO) => Ok(Stretch::Data(end)),
        Err(error) => Err(error.into()),
    }
}

/// Says that all is data: only Linux is asked for holes.
///
/// # Errors
///
/// None.
#[cfg(not(target_os = "linux"))]
pub(crate) fn stretch(_: &File, _: u64, end: u64) -> io::Result<Stretch> {
    Ok(Stretch::Data(end))
}

/// Returns the bytes of a file of length `len` that are in holes, where the system tells. What is
/// reserved for the file is no hole, whether it has been written to or not.
///
/// # Errors
///
/// The system fails to tell.
pub(crate) fn hole_bytes(file: &File, len: u64) -> io::Result<Option<u64>> {
    #[cfg(target_os = "linux")]
    {
        if let Ok(reserved) = reserved_bytes(file, len) {
            return Ok(Some(len.saturating_sub(reserved)));
        }
        let found = holes_found(file, len)?;
        // Where nothing tells what is reserved, it is found as holes, but takes room.
        let room = disk_bytes(&file.metadata()?).unwrap_or(0);
        Ok(Some(found.min(len.saturating_sub(room))))
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = (file, len);
        Ok(None)
    }
}

/// Returns the bytes below `len` that are in extents of a file.
#[cfg(target_os = "linux")]
fn reserved_bytes(file: &File, len: u64) -> io::Result<u64> {
    let mut bytes = 0;
    for extent in fiemap::Fiemap::new(file) {
        let extent = extent?;
        let end = extent.fe_logical.saturating_add(extent.fe_length).min(len);
        bytes += end.saturating_sub(extent.fe_logical);
    }
    Ok(bytes)
}

/// Returns the bytes below `len` that are found to be in holes.
#[cfg(target_os = "linux")]
fn holes_found(file: &File, len: u64) -> io::Result<u64> {
    let (mut at, mut holes) = (0, 0);
    while at < len {
        at = match stretch(file, at, len)? {
            Stretch::Data(end) => end.max(at + 1),
            Stretch::Hole(end) => {
                holes += end - at;
                end
            }
        };
    }
    Ok(holes)
}
