//! Making room at the start of a file, or taking it away, without copying what follows.
//!
//! A mark, an extended attribute, says what is being done, so that whoever finds a file that a kill
//! has left between the steps knows how far it came. The system takes each step as a whole.

use std::fs::File;
use std::io;

/// What is being done to the start of a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Shift {
    /// So many bytes go in.
    Insert(u64),
    /// So many bytes come out.
    Collapse(u64),
}

#[cfg(target_os = "linux")]
impl Shift {
    /// The name of the mark.
    const MARK: &str = "user.pmem.shift";

    /// Returns what was being done to the file when somebody was killed, if the file has become
    /// longer or shorter already.
    pub(crate) fn found(file: &File) -> Option<Self> {
        let mut mark = [0; 64];
        let length = rustix::fs::fgetxattr(file, Self::MARK, &mut mark[..]).ok()?;
        let mark = str::from_utf8(mark.get(..length)?).ok()?;
        let (kind, numbers) = mark.split_once(' ')?;
        let (before, bytes) = numbers.split_once(' ')?;
        let (before, bytes): (u64, u64) = (before.parse().ok()?, bytes.parse().ok()?);
        let now = file.metadata().ok()?.len();
        match kind {
            "insert" if now == before.checked_add(bytes)? => Some(Self::Insert(bytes)),
            "collapse" if now == before.checked_sub(bytes)? => Some(Self::Collapse(bytes)),
            _ => None,
        }
    }

    /// Takes the step, after leaving the mark.
    ///
    /// # Errors
    ///
    /// The file system cannot do it; nothing has changed.
    pub(crate) fn take(self, file: &File) -> io::Result<()> {
        use rustix::fs::{FallocateFlags, XattrFlags, fallocate, fsetxattr};
        let before = file.metadata()?.len();
        let (kind, flag, bytes) = match self {
            Self::Insert(bytes) => ("insert", FallocateFlags::INSERT_RANGE, bytes),
            Self::Collapse(bytes) => ("collapse", FallocateFlags::COLLAPSE_RANGE, bytes),
        };
        let mark = format!("{kind} {before} {bytes}");
        fsetxattr(file, Self::MARK, mark.as_bytes(), XattrFlags::empty())?;
        fallocate(file, flag, 0, bytes).inspect_err(|_| Self::end(file))?;
        Ok(())
    }

    /// Removes the mark: the file is what it is to be.
    pub(crate) fn end(file: &File) {
        // A mark that stays says what the length of the file contradicts.
        let _ = rustix::fs::fremovexattr(file, Self::MARK);
    }
}

#[cfg(not(target_os = "linux"))]
impl Shift {
    /// Returns nothing: it was not possible.
    pub(crate) fn found(_: &File) -> Option<Self> {
        None
    }

    /// Fails: only Linux can do it.
    ///
    /// # Errors
    ///
    /// Always.
    pub(crate) fn take(self, _: &File) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Does nothing.
    pub(crate) fn end(_: &File) {}
}
