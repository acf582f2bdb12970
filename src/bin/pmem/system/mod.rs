//! What the operating system tells about itself: one file for each kind of system, with the same
//! names in each.

mod filesystem;
mod machine;
#[cfg(not(unix))]
mod other;
mod proc;
#[cfg(unix)]
mod unix;
mod usage;

pub(crate) use self::filesystem::filesystem;
pub(crate) use self::machine::Machine;
#[cfg(not(unix))]
pub(crate) use self::other::{disk_available, usage};
pub(crate) use self::proc::memory_available;
#[cfg(unix)]
pub(crate) use self::unix::{disk_available, usage};
pub(crate) use self::usage::Usage;
