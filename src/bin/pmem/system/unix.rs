//! Systems with the calls of POSIX.

use std::ffi::OsStr;
use std::io;
use std::path::Path;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::statvfs::statvfs;
use nix::sys::time::TimeVal;
use nix::sys::utsname::uname;
use nix::unistd::{SysconfVar, sysconf};

use super::Usage;

/// Returns what this process has used so far; zeroes if the system does not tell.
pub(crate) fn usage() -> Usage {
    let seconds = |time: TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 * 1e-6;
    getrusage(UsageWho::RUSAGE_SELF).map_or_else(
        |_| Usage::default(),
        |usage| Usage {
            user: seconds(usage.user_time()),
            system: seconds(usage.system_time()),
            minor_faults: usage.minor_page_faults() as f64,
            major_faults: usage.major_page_faults() as f64,
        },
    )
}

/// Returns how many bytes this user may still write to the file system of `dir`.
///
/// # Errors
///
/// There is no such directory, or the system does not tell.
pub(crate) fn disk_available(dir: &Path) -> io::Result<u64> {
    let status = statvfs(dir)?;
    #[allow(clippy::unnecessary_cast, reason = "the types differ between systems")]
    let (blocks, size) = (status.blocks_available() as u64, status.fragment_size() as u64);
    Ok(blocks.saturating_mul(size))
}

/// Returns the bytes of a page.
pub(super) fn page_size() -> Option<u64> {
    sysconf(SysconfVar::PAGE_SIZE).ok().flatten().and_then(|size| u64::try_from(size).ok())
}

/// Returns the name of the system with its release, and what the machine is called.
pub(super) fn names() -> (Option<String>, Option<String>) {
    let Ok(names) = uname() else { return (None, None) };
    let text = |name: &OsStr| name.to_string_lossy().into_owned();
    let kernel = format!("{} {}", text(names.sysname()), text(names.release()));
    (Some(kernel), Some(text(names.nodename())))
}
