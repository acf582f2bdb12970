//! Writing memory that a slice of bytes cannot stand for, as some of it may be uninitialised.

use std::{fs::File, io, ptr::NonNull};

/// Writes `len` bytes of values.
///
/// # Safety
///
/// - As for [`super::write`].
#[cfg(unix)]
pub(super) unsafe fn write(
    file: &File,
    values: NonNull<u8>,
    len: usize,
    at: u64,
) -> io::Result<()> {
    use std::os::fd::AsRawFd;

    #[cfg(not(target_os = "linux"))]
    use libc::{off_t, pwrite};
    #[cfg(target_os = "linux")]
    use libc::{off64_t as off_t, pwrite64 as pwrite};

    let mut written = 0;
    while written < len {
        let offset = off_t::try_from(at + written as u64)
            .map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
        // SAFETY: `written < len`, so the pointer stays within the values.
        let rest = unsafe { values.add(written) };
        // SAFETY: the descriptor is open while `file` is borrowed, and the caller promises that so
        // many bytes can be read. The kernel does not mind what they are.
        let count =
            unsafe { pwrite(file.as_raw_fd(), rest.as_ptr().cast(), len - written, offset) };
        match usize::try_from(count) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => written += count,
            Err(_) => return Err(io::Error::last_os_error()),
        }
    }
    Ok(())
}

/// Refuses; no memory lies in a file on such a system.
///
/// # Safety
///
/// - None.
#[cfg(not(unix))]
pub(super) unsafe fn write(_: &File, _: NonNull<u8>, _: usize, _: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
