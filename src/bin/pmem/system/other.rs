//! Systems of which nothing is known.

use std::io;
use std::path::Path;

use super::Usage;

/// Returns zeroes, as the system does not tell.
pub(crate) fn usage() -> Usage {
    Usage::default()
}

/// Returns no limit to what may be written to the file system of `dir`.
///
/// # Errors
///
/// There is no such directory.
pub(crate) fn disk_available(dir: &Path) -> io::Result<u64> {
    std::fs::metadata(dir).map(|_| u64::MAX)
}

/// Returns nothing: the bytes of a page are not known.
pub(super) fn page_size() -> Option<u64> {
    None
}

/// Returns the name of the system.
pub(super) fn names() -> (Option<String>, Option<String>) {
    (Some(std::env::consts::OS.to_owned()), None)
}
