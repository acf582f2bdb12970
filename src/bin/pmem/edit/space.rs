//! Is there room for a growth? Asked before the disk is touched.

use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::ensure;

use crate::text::Size;

/// What a growth needs, and what there is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Space {
    /// Bytes that are needed on disk.
    need: u64,
    /// Bytes that are free for this user, where that is known.
    free: Option<u64>,
}

impl Space {
    /// Asks the file system that `path` is in about a growth of a file of `before` bytes, which
    /// occupies `room` on disk, to `after` bytes.
    pub(crate) fn ask(path: &Path, before: u64, room: u64, after: u64) -> Self {
        // xfs gives back the room of files removed just now a moment later.
        const TRIES: usize = 10;
        const MOMENT: Duration = Duration::from_millis(20);

        let mut space = Self::ask_once(path, before, room, after);
        for _ in 1..TRIES {
            if space.check().is_ok() {
                break;
            }
            thread::sleep(MOMENT);
            space = Self::ask_once(path, before, room, after);
        }
        space
    }

    /// Asks without any patience.
    fn ask_once(path: &Path, before: u64, room: u64, after: u64) -> Self {
        let Some((free, block)) = free(path) else {
            return Self { need: after - before, free: None };
        };
        // The rest of the last block belongs to the file, and so may blocks behind its end.
        let there = before.checked_next_multiple_of(block).unwrap_or(before).max(room);
        Self { need: after.saturating_sub(there), free: Some(free) }
    }

    /// Makes sure that the need can be met, as far as that is known.
    ///
    /// # Errors
    ///
    /// There is less than is needed.
    pub(crate) fn check(self) -> anyhow::Result<()> {
        ensure!(self.free.is_none_or(|free| self.need <= free), "{}", self.shortage());
        Ok(())
    }

    /// What to say if it did not suffice.
    pub(crate) fn shortage(self) -> String {
        let free = match self.free {
            // File systems need some room of their own, too.
            Some(free) if free < self.need => format!(" and {} is free", Size(free)),
            _ => String::new(),
        };
        format!(
            "No space left on device: {} more is needed{free}; make room, or use --sparse, which \
             reserves none",
            Size(self.need)
        )
    }
}

/// Shows the need, and what there is.
impl std::fmt::Display for Space {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} to reserve", Size(self.need))?;
        match self.free {
            Some(free) => write!(f, ", {} free", Size(free)),
            None => Ok(()),
        }
    }
}

/// Returns the free bytes of a file system, and the size of its blocks; nothing, if it does not
/// count them.
#[cfg(target_os = "linux")]
fn free(path: &Path) -> Option<(u64, u64)> {
    let system = rustix::fs::statvfs(path).ok()?;
    let block = system.f_frsize.max(1);
    // What is kept for root is not promised even to root, who may be root of a namespace only.
    (system.f_blocks > 0).then(|| (system.f_bavail.saturating_mul(block), block))
}

/// Returns nothing, as the standard library does not tell.
#[cfg(not(target_os = "linux"))]
fn free(_: &Path) -> Option<(u64, u64)> {
    None
}

/// Makes sure that files may be `length` bytes long.
///
/// # Errors
///
/// The limit of this process is lower.
pub(crate) fn check_limit(length: u64) -> anyhow::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, getrlimit};
        if let Some(limit) = getrlimit(Resource::Fsize).current {
            ensure!(
                length <= limit,
                "File too large: it would have {length} bytes, and 'ulimit -f' sets a limit of \
                 {limit}"
            );
        }
    }
    let _ = length;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortage_says_how_much() {
        assert!(Space { need: 1, free: None }.check().is_ok());
        assert!(Space { need: 4096, free: Some(4096) }.check().is_ok());
        assert_eq!(
            Space { need: 8192, free: Some(4096) }.check().unwrap_err().to_string(),
            "No space left on device: 8.0 KiB more is needed and 4.0 KiB is free; make room, or \
             use --sparse, which reserves none"
        );
        // The file system refused, although it counts enough as free.
        assert!(!Space { need: 4096, free: Some(8192) }.shortage().contains("free"));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn room_that_the_file_has_is_not_needed() {
        let here = Path::new(".");
        let need = |before, room, after| Space::ask_once(here, before, room, after).need;
        let (_, block) = free(here).unwrap();
        assert_eq!(need(0, 0, 10 * block), 10 * block);
        assert_eq!(need(3, block, block), 0);
        assert_eq!(need(3, block, block + 5), 5);
        assert_eq!(need(block, 8 * block, 4 * block), 0);
        assert_eq!(need(block, 8 * block, 9 * block), block);
        assert_eq!(need(9 * block, 0, 10 * block), block);
    }
}
