//! What keeps a file from being changed although its permissions allow it.

use std::fs::File;
use std::path::Path;

use anyhow::bail;

/// What is to be done to a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Change {
    /// It becomes longer.
    Grow,
    /// It becomes shorter.
    Shrink,
    /// Its bytes are overwritten.
    Write,
}

/// Returns why the system does not permit to change what is at `path`, if an attribute says so.
#[cfg(target_os = "linux")]
pub(super) fn attribute(path: &Path) -> Option<&'static str> {
    use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
    let found = statx(CWD, path, AtFlags::empty(), StatxFlags::empty()).ok()?;
    let has = |attribute| found.stx_attributes.contains(attribute);
    if has(StatxAttributes::IMMUTABLE) {
        Some("it is immutable; 'chattr -i' makes it changeable")
    } else if has(StatxAttributes::APPEND) {
        Some("it is append-only; 'chattr -a' makes it changeable")
    } else {
        None
    }
}

/// Makes sure that no seal of a file in memory forbids the change.
///
/// # Errors
///
/// One does.
#[cfg(target_os = "linux")]
pub(super) fn check_seals(file: &File, change: Change) -> anyhow::Result<()> {
    use rustix::fs::{SealFlags, fcntl_get_seals};
    // What cannot be sealed has no seals.
    let Ok(seals) = fcntl_get_seals(file) else { return Ok(()) };
    let (seal, what) = match change {
        Change::Grow => (SealFlags::GROW, "growing"),
        Change::Shrink => (SealFlags::SHRINK, "shrinking"),
        Change::Write => (SealFlags::WRITE | SealFlags::FUTURE_WRITE, "writing"),
    };
    if seals.intersects(seal) {
        bail!("it is a file in memory (memfd) that is sealed against {what}, for good");
    }
    Ok(())
}

/// Returns nothing: only Linux is asked.
#[cfg(not(target_os = "linux"))]
pub(super) fn attribute(_: &Path) -> Option<&'static str> {
    None
}

/// Finds nothing: only Linux has seals.
///
/// # Errors
///
/// None.
#[cfg(not(target_os = "linux"))]
pub(super) fn check_seals(_: &File, _: Change) -> anyhow::Result<()> {
    Ok(())
}
