#![forbid(unsafe_code)]

use std::{fs::File, io, ops::Range};

use crate::sys;

/// How much of a file is in the page cache.
///
/// # Examples
///
/// ```
/// use platform_mem::Residency;
/// use std::io::Write;
///
/// let mut file = tempfile::tempfile()?;
/// file.write_all(b"cached")?;
/// match Residency::of(&file, 0..6) {
///     Ok(residency) => assert_eq!(residency.cached, 1),
///     Err(unknown) => eprintln!("the kernel does not tell: {unknown}"),
/// }
/// # std::io::Result::Ok(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Residency {
    /// Pages that are in the page cache.
    pub cached: u64,
    /// Pages among those that are not on disk yet, also those that are on their way.
    pub dirty: u64,
}

impl Residency {
    /// Asks the kernel about the pages that a range of bytes of `file` touches.
    ///
    /// # Errors
    ///
    /// On Linux before 6.5 and on other systems, where nobody tells; and for a file that the caller
    /// could not write, of which the kernel does not tell.
    pub fn of(file: &File, bytes: Range<u64>) -> io::Result<Self> {
        sys::residency(file, bytes)
    }
}
