//! Every system call that this crate makes, under the same name on every platform.
//!
//! Nothing outside of this folder asks for the platform. A call that the system interrupts is made
//! again here; what a system cannot do is an `Unsupported` error.
//!
//! With the feature `faults`, each call can be made to fail, see `fault`.

#[cfg(all(target_os = "linux", not(platform_mem_portable)))]
mod linux;
#[cfg(not(all(target_os = "linux", not(platform_mem_portable))))]
mod portable;

#[cfg(feature = "faults")]
pub mod fault;
mod map;
mod process;
mod values;

use std::{fs::File, io, ops::Range, ptr::NonNull};

#[cfg(all(target_os = "linux", not(platform_mem_portable)))]
use self::linux as platform;
#[cfg(not(all(target_os = "linux", not(platform_mem_portable))))]
use self::portable as platform;
use crate::{Residency, registry::Access};

pub(crate) use self::{
    map::{Hint, Map},
    platform::Identity,
    process::Process,
};

/// The system calls, as a fault plan names them.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[cfg_attr(not(feature = "faults"), expect(unreachable_pub, reason = "public with `faults`"))]
pub enum Call {
    /// Telling how a mapping will be used.
    Advise,
    /// Reserving blocks.
    Allocate,
    /// Asking how much room the file system has.
    Available,
    /// Looking at what a handle is of and for.
    CheckAccess,
    /// Writing the first and the last bytes by which a file becomes longer.
    Extend,
    /// Writing a range of a mapping to disk.
    Flush,
    /// Asking which file a handle is of.
    Identity,
    /// Asking how long a file is.
    Length,
    /// Locking a file.
    Lock,
    /// Mapping a file.
    Map,
    /// Making a mapping longer.
    Remap,
    /// Asking what is in the page cache.
    Residency,
    /// Setting the length of a file.
    SetLength,
    /// Writing a file to disk.
    Sync,
    /// Writing values.
    Write,
    /// Writing zeroes in place of reserving blocks.
    WriteZeroes,
}

/// Makes a call, and makes it again as long as it is interrupted.
fn make<R>(call: Call, mut system: impl FnMut() -> io::Result<R>) -> io::Result<R> {
    loop {
        match injected(call).and_then(|()| system()) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

#[cfg(feature = "faults")]
use fault::injected;

/// Fails in tests only.
#[cfg(not(feature = "faults"))]
#[inline(always)]
#[expect(clippy::unnecessary_wraps, reason = "as its namesake in `fault`")]
const fn injected(_: Call) -> io::Result<()> {
    Ok(())
}

/// Returns what tells `file` from all others, under whatever name.
pub(crate) fn identity(file: &File) -> io::Result<Identity> {
    make(Call::Identity, || platform::identity(file))
}

/// Refuses a handle that a memory cannot lie in: it must be of a regular file, and be open for
/// reading, and for writing at any position if that is what the memory does.
pub(crate) fn check_access(file: &File, access: Access) -> io::Result<()> {
    make(Call::CheckAccess, || platform::check_access(file, access))
}

/// Returns the length of the file in bytes.
pub(crate) fn length(file: &File) -> io::Result<u64> {
    make(Call::Length, || platform::length(file))
}

/// Cuts the file to `length` bytes.
///
/// It also gives back blocks that are reserved behind the end.
pub(crate) fn set_length(file: &File, length: u64) -> io::Result<()> {
    make(Call::SetLength, || platform::set_length(file, length))
}

/// Makes the file longer by a range of bytes that are zero, and for which blocks are reserved.
pub(crate) fn extend(file: &File, bytes: Range<u64>) -> io::Result<()> {
    make(Call::Extend, || platform::extend(file, bytes.clone()))
}

/// Makes the file longer by a range of bytes that are zero, and take no room if they are many.
pub(crate) fn extend_by_hole(file: &File, bytes: Range<u64>) -> io::Result<()> {
    make(Call::SetLength, || platform::extend_by_hole(file, bytes.clone()))
}

/// Reserves blocks for a range of bytes, without changing the length of the file.
pub(crate) fn allocate(file: &File, bytes: Range<u64>) -> io::Result<()> {
    make(Call::Allocate, || platform::allocate(file, bytes.clone()))
}

/// Returns how many bytes more the file system of `file` can be asked for, if it tells.
pub(crate) fn available(file: &File) -> io::Result<Option<u64>> {
    make(Call::Available, || platform::available(file))
}

/// Writes zeroes over a range of bytes.
pub(crate) fn write_zeroes(file: &File, bytes: Range<u64>) -> io::Result<()> {
    make(Call::WriteZeroes, || platform::write_zeroes(file, bytes.clone()))
}

/// Writes values to a place of the file.
///
/// # Safety
///
/// - `values` is valid for reads of `len` bytes, which need not be initialised: values may have
///   padding.
pub(crate) unsafe fn write(
    file: &File,
    values: NonNull<u8>,
    len: usize,
    at: u64,
) -> io::Result<()> {
    // SAFETY: the caller promises the same.
    make(Call::Write, || unsafe { values::write(file, values, len, at) })
}

/// Locks the file for this handle, and tells whether nobody else has locked it.
pub(crate) fn try_lock(file: &File, access: Access) -> io::Result<bool> {
    let lock = || match access {
        Access::Write => file.try_lock(),
        Access::Read => file.try_lock_shared(),
    };
    make(Call::Lock, || match lock() {
        Ok(()) => Ok(true),
        Err(std::fs::TryLockError::WouldBlock) => Ok(false),
        Err(std::fs::TryLockError::Error(error)) => Err(error),
    })
}

/// Locks the file for this handle, and waits until nobody else has locked it.
pub(crate) fn wait_for_lock(file: &File, access: Access) -> io::Result<()> {
    make(Call::Lock, || match access {
        Access::Write => file.lock(),
        Access::Read => file.lock_shared(),
    })
}

/// Gives the lock back.
pub(crate) fn unlock(file: &File) -> io::Result<()> {
    file.unlock()
}

/// Writes the data of the file to disk, stores through its mapping included, and waits for it.
///
/// The mapping comes with the length of the file, as it may be longer than that.
pub(crate) fn sync(file: &File, map: Option<(&Map, u64)>) -> io::Result<()> {
    make(Call::Sync, || platform::sync(file, map))
}

/// Counts the pages of a range of bytes that are in the page cache.
pub(crate) fn residency(file: &File, bytes: Range<u64>) -> io::Result<Residency> {
    make(Call::Residency, || platform::residency(file, bytes.clone()))
}
