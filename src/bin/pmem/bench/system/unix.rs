//! Systems with the calls of POSIX.

use std::io;
use std::path::Path;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::statvfs::statvfs;
use nix::sys::time::TimeVal;
use nix::sys::utsname::uname;
use nix::unistd::{SysconfVar, sysconf};

use super::super::cost::Used;
use super::Kernel;

/// What the process has used so far; nothing if the system does not tell.
pub(crate) fn used() -> Used {
    let seconds = |time: TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 * 1e-6;
    getrusage(UsageWho::RUSAGE_SELF).map_or_else(
        |_| Used::default(),
        |usage| Used {
            user: seconds(usage.user_time()),
            system: seconds(usage.system_time()),
            minor_faults: usage.minor_page_faults() as f64,
            major_faults: usage.major_page_faults() as f64,
        },
    )
}

/// Bytes that this user may still write to the file system of `dir`.
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

/// Bytes of a page.
pub(crate) fn page_size() -> Option<u64> {
    sysconf(SysconfVar::PAGE_SIZE).ok().flatten().and_then(|size| u64::try_from(size).ok())
}

/// The name of the system.
pub(crate) fn kernel() -> Kernel {
    let Ok(names) = uname() else { return Kernel::default() };
    let text = |name: &std::ffi::OsStr| name.to_string_lossy().into_owned();
    Kernel {
        name: Some(format!("{} {}", text(names.sysname()), text(names.release()))),
        host: Some(text(names.nodename())),
    }
}
