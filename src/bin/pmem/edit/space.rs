//! Is there room for a growth? Asked before the disk is touched.

use std::path::Path;

use anyhow::ensure;

use crate::size::Size;

/// What a growth needs, and what there is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Space {
    /// Bytes that are needed on disk.
    need: u64,
    /// Bytes that are free for this user, where that is known.
    free: Option<u64>,
}

impl Space {
    /// Asks the file system that `directory` is in.
    pub(crate) fn ask(directory: &Path, need: u64) -> Self {
        Self { need, free: free(directory) }
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
            Some(free) => format!(" and {} is free", Size(free)),
            None => String::new(),
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

/// Returns the free bytes of a file system; nothing, if it does not count them.
#[cfg(target_os = "linux")]
fn free(directory: &Path) -> Option<u64> {
    let system = rustix::fs::statvfs(directory).ok()?;
    // Some file systems keep a share for root.
    let is_root = rustix::process::geteuid().is_root();
    let blocks = if is_root { system.f_bfree } else { system.f_bavail };
    (system.f_blocks > 0).then(|| blocks.saturating_mul(system.f_frsize))
}

/// Returns nothing, as the standard library does not tell.
#[cfg(not(target_os = "linux"))]
fn free(_: &Path) -> Option<u64> {
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
    }
}
