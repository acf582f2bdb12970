//! Holes of sparse files.
//!
//! A hole is a stretch of a file for which nothing is stored and nothing is reserved. The system
//! finds what is stored (`SEEK_DATA`), but takes room that is reserved and not written yet for a
//! hole, unless its pages happen to be in the page cache. The extents of the file (`FIEMAP`) have
//! that room, too, whatever is cached; but they can lack what was just written. So only what both
//! call a hole is one. Where a file system does not list extents, as tmpfs, the first decides.

use std::fs::File;
use std::io;
#[cfg(target_os = "linux")]
use std::ops::Range;
use std::sync::Arc;

/// A stretch of a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Stretch {
    /// Bytes that are stored or reserved, up to this place.
    Data(u64),
    /// Bytes that are zero because nothing is stored or reserved, up to this place.
    Hole(u64),
}

/// Finds the holes of a file, best from front to back.
#[derive(Debug)]
pub(crate) struct Holes {
    file: Arc<File>,
    #[cfg(target_os = "linux")]
    extents: Extents,
}

impl Holes {
    /// Returns the holes of `file`.
    pub(crate) fn of(file: Arc<File>) -> Self {
        Self {
            #[cfg(target_os = "linux")]
            extents: Extents::of(Arc::clone(&file)),
            file,
        }
    }

    /// Returns the file.
    pub(crate) fn file(&self) -> &Arc<File> {
        &self.file
    }

    /// Returns the stretch that begins at `at` and ends at `end` at the latest.
    ///
    /// # Errors
    ///
    /// The system fails to tell. One that cannot tell says that all is data.
    #[cfg(target_os = "linux")]
    pub(crate) fn stretch(&mut self, at: u64, end: u64) -> io::Result<Stretch> {
        let hole = match found(&self.file, at, end)? {
            Stretch::Hole(end) => end,
            data => return Ok(data),
        };
        Ok(match self.extents.from(at) {
            Some(reserved) if reserved.start <= at => Stretch::Data(reserved.end.min(end)),
            Some(reserved) => Stretch::Hole(reserved.start.min(hole)),
            None => Stretch::Hole(hole),
        })
    }

    /// Says that all is data: only Linux is asked for holes.
    ///
    /// # Errors
    ///
    /// None.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn stretch(&mut self, _: u64, end: u64) -> io::Result<Stretch> {
        Ok(Stretch::Data(end))
    }
}

/// Returns the bytes of a file of length `len` that are in holes, where the system tells.
///
/// # Errors
///
/// The system fails to tell.
pub(crate) fn hole_bytes(file: &File, len: u64) -> io::Result<Option<u64>> {
    if !cfg!(target_os = "linux") {
        return Ok(None);
    }
    let mut holes = Holes::of(Arc::new(file.try_clone()?));
    let (mut at, mut bytes) = (0, 0);
    while at < len {
        at = match holes.stretch(at, len)? {
            Stretch::Data(end) => end.max(at + 1),
            Stretch::Hole(end) => {
                bytes += end - at;
                end
            }
        };
    }
    Ok(Some(bytes))
}

/// Returns the stretch that begins at `at` as seeking finds it: room that is reserved and not
/// written may be a hole.
#[cfg(target_os = "linux")]
fn found(file: &File, at: u64, end: u64) -> io::Result<Stretch> {
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

/// The stretches of a file for which room is reserved, in order.
#[cfg(target_os = "linux")]
#[derive(Debug)]
struct Extents {
    file: Arc<File>,
    rest: fiemap::Fiemap<Arc<File>>,
    /// The one that was listed last; nothing follows it if it is empty.
    last: Range<u64>,
}

#[cfg(target_os = "linux")]
impl Extents {
    fn of(file: Arc<File>) -> Self {
        Self { rest: fiemap::Fiemap::new(Arc::clone(&file)), file, last: 0..0 }
    }

    /// Returns the first stretch that ends behind `at`, if the file system knows of one.
    fn from(&mut self, at: u64) -> Option<Range<u64>> {
        if at < self.last.start {
            *self = Self::of(Arc::clone(&self.file));
        }
        while self.last.end <= at {
            // A file system that fails to list extents has none to tell of.
            let extent = self.rest.next()?.ok()?;
            let start = extent.fe_logical;
            self.last = start..start.saturating_add(extent.fe_length);
        }
        Some(self.last.clone())
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::os::unix::fs::FileExt as _;

    use rustix::fs::{FallocateFlags, fallocate};

    use super::*;

    const KIB: u64 = 1 << 10;

    /// A file of 4 MiB: data at 0, room at 1 MiB, data at 2 MiB, 64 KiB each. Nothing, where the file
    /// system of temporary files does not list extents.
    fn file() -> Option<File> {
        let file = tempfile::tempfile().unwrap();
        file.set_len(4096 * KIB).unwrap();
        for place in [0, 2048 * KIB] {
            file.write_all_at(&[7; 64 << 10], place).unwrap();
        }
        fallocate(&file, FallocateFlags::empty(), 1024 * KIB, 64 * KIB).unwrap();
        file.sync_all().unwrap();
        let listed = fiemap::Fiemap::new(&file).next().is_some_and(|extent| extent.is_ok());
        listed.then_some(file)
    }

    #[test]
    fn reserved_room_is_no_hole_whatever_is_cached() {
        let Some(file) = file() else { return };
        let file = Arc::new(file);
        let mut holes = Holes::of(Arc::clone(&file));
        let places = [
            (0, Stretch::Data(64)),
            (64, Stretch::Hole(1024)),
            (1024, Stretch::Data(1088)),
            (1088, Stretch::Hole(2048)),
            (2048, Stretch::Data(2112)),
            (2112, Stretch::Hole(4096)),
            // Back again.
            (1060, Stretch::Data(1088)),
            (100, Stretch::Hole(1024)),
        ];
        let kib = |stretch| match stretch {
            Stretch::Data(end) => Stretch::Data(end / KIB),
            Stretch::Hole(end) => Stretch::Hole(end / KIB),
        };
        for _ in 0..2 {
            for (at, stretch) in places {
                let found = holes.stretch(at * KIB, 4096 * KIB).unwrap();
                assert_eq!(kib(found), stretch, "{at}");
            }
            let bytes = hole_bytes(&file, 4096 * KIB).unwrap();
            assert_eq!(bytes, Some((4096 - 3 * 64) * KIB));
            // Now it is in the page cache.
            file.read_exact_at(&mut vec![0; 4 << 20], 0).unwrap();
        }
        assert_eq!(kib(holes.stretch(0, 10 * KIB).unwrap()), Stretch::Data(10));
        assert_eq!(kib(holes.stretch(64 * KIB, 100 * KIB).unwrap()), Stretch::Hole(100));
        assert_eq!(kib(holes.stretch(1024 * KIB, 1030 * KIB).unwrap()), Stretch::Data(1030));
    }

    #[test]
    fn what_was_just_written_is_no_hole() {
        let file = Arc::new(tempfile::tempfile().unwrap());
        file.set_len(1024 * KIB).unwrap();
        file.write_all_at(&[7], 512 * KIB).unwrap();
        let mut holes = Holes::of(file);
        let mut at = 0;
        while let Stretch::Hole(end) = holes.stretch(at, 1024 * KIB).unwrap() {
            at = end;
        }
        assert!(at <= 512 * KIB, "{at}");
    }
}
