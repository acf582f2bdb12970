//! What the operating system knows: one file for each kind of system, with the same names.

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
pub(super) use self::other::{disk_available, kernel, page_size, used};
#[cfg(unix)]
pub(super) use self::unix::{disk_available, kernel, page_size, used};

/// The name of a system.
#[derive(Clone, Debug, Default)]
pub(super) struct Kernel {
    /// Which system it is, with its release.
    pub(super) name: Option<String>,
    /// What the machine is called.
    pub(super) host: Option<String>,
}
