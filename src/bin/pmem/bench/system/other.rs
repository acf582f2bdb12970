//! Systems of which nothing is known.

use std::io;
use std::path::Path;

use super::super::cost::Used;
use super::Kernel;

/// What the process has used so far: unknown.
pub(crate) fn used() -> Used {
    Used::default()
}

/// Bytes that may still be written to the file system of `dir`: enough, as far as is known.
///
/// # Errors
///
/// There is no such directory.
pub(crate) fn disk_available(dir: &Path) -> io::Result<u64> {
    std::fs::metadata(dir).map(|_| u64::MAX)
}

/// Bytes of a page: unknown.
pub(crate) fn page_size() -> Option<u64> {
    None
}

/// The name of the system.
pub(crate) fn kernel() -> Kernel {
    Kernel { name: Some(std::env::consts::OS.to_owned()), host: None }
}
