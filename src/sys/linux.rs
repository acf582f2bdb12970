//! The calls as Linux has them.

use std::{
    fs::File,
    io,
    ops::Range,
    os::{
        fd::AsRawFd,
        unix::fs::{FileExt, MetadataExt},
    },
};

use memmap2::Advice;
use rustix::fs::{FallocateFlags, FsWord, OFlags};

use super::{Hint, Map};
use crate::{Residency, registry::Access};

/// What tells one file from all others, under whatever name: its device and its inode.
pub(crate) type Identity = (u64, u64);

/// What `statfs(2)` calls hugetlbfs.
const HUGETLBFS: FsWord = 0x958_458f6;

/// What `statfs(2)` calls file systems that lie in memory: tmpfs and ramfs.
const IN_MEMORY: [FsWord; 2] = [0x0102_1994, 0x8584_58f6];

/// Zeroes to write where a file system cannot allocate.
static ZEROES: [u8; 64 * 1024] = [0; 64 * 1024];

pub(super) fn identity(file: &File) -> io::Result<Identity> {
    file.metadata().map(|metadata| (metadata.dev(), metadata.ino()))
}

pub(super) fn check_access(file: &File, access: Access) -> io::Result<()> {
    if !file.metadata()?.is_file() {
        return Err(refused("not a regular file"));
    }
    if rustix::fs::fstatfs(file)?.f_type == HUGETLBFS {
        return Err(refused("the file lies on hugetlbfs, which has whole huge pages only"));
    }
    let flags = rustix::fs::fcntl_getfl(file)?;
    let mode = flags & OFlags::RWMODE;
    if mode == OFlags::WRONLY {
        return Err(refused("the file is not open for reading"));
    }
    match access {
        Access::Read => Ok(()),
        Access::Write if flags.contains(OFlags::DIRECT) => {
            Err(refused("the file is open for direct writing, which takes whole blocks only"))
        }
        Access::Write if flags.contains(OFlags::APPEND) => {
            Err(refused("the file is open for appending only, not for writing anywhere"))
        }
        Access::Write if mode == OFlags::RDWR => Ok(()),
        Access::Write => Err(refused("the file is not open for writing")),
    }
}

fn refused(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, why)
}

pub(super) fn length(file: &File) -> io::Result<u64> {
    Ok(rustix::fs::fstat(file)?.st_size.unsigned_abs())
}

pub(super) fn set_length(file: &File, length: u64) -> io::Result<()> {
    file.set_len(length)
}

/// Writes the last byte, which takes a tenth of the time of [`set_length`] on ext4, a hundredth on
/// xfs.
pub(super) fn extend(file: &File, bytes: Range<u64>) -> io::Result<()> {
    if page_end(bytes.start) < bytes.end {
        file.write_all_at(&[0], bytes.end - 1)?;
    }
    clear_page(file, bytes)
}

pub(super) fn extend_by_hole(file: &File, bytes: Range<u64>) -> io::Result<()> {
    set_length(file, bytes.end)?;
    clear_page(file, bytes)
}

/// Writes zeroes to the rest of the page that the file ended in: tmpfs keeps what was stored there
/// through a mapping, behind the end of the file.
fn clear_page(file: &File, bytes: Range<u64>) -> io::Result<()> {
    write_zeroes(file, bytes.start..bytes.end.min(page_end(bytes.start)))
}

fn page_end(offset: u64) -> u64 {
    offset.next_multiple_of(page_size() as u64)
}

fn page_start(address: usize) -> usize {
    address - address % page_size()
}

/// Asks the C library, not the kernel's auxiliary vector as `rustix` does, which valgrind hides.
fn page_size() -> usize {
    // SAFETY: the call reads a number that never changes.
    let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(size).unwrap_or(4096).max(1)
}

/// Asks the file system, as `df` does, and the kernel about memory if that is where files lie.
///
/// A file system that gives no figures has no limit of its own.
pub(super) fn available(file: &File) -> io::Result<Option<u64>> {
    let system = rustix::fs::fstatfs(file)?;
    let blocks = (system.f_blocks != 0).then_some(system.f_bavail);
    let room = blocks.map(|blocks| blocks.saturating_mul(system.f_bsize.unsigned_abs()));
    let memory = IN_MEMORY.contains(&system.f_type).then(available_memory).flatten();
    Ok(room.into_iter().chain(memory).min())
}

/// Returns how much memory can be had without driving others out, swap included.
fn available_memory() -> Option<u64> {
    let info = std::fs::read_to_string("/proc/meminfo").ok()?;
    let kib = |name: &str| {
        let line = info.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<u64>().ok()
    };
    Some((kib("MemAvailable:")? + kib("SwapFree:").unwrap_or(0)).saturating_mul(1024))
}

pub(super) fn allocate(file: &File, bytes: Range<u64>) -> io::Result<()> {
    let len = bytes.end - bytes.start;
    Ok(rustix::fs::fallocate(file, FallocateFlags::KEEP_SIZE, bytes.start, len)?)
}

pub(super) fn write_zeroes(file: &File, bytes: Range<u64>) -> io::Result<()> {
    let mut at = bytes.start;
    while at < bytes.end {
        let left = usize::try_from(bytes.end - at).unwrap_or(usize::MAX);
        let chunk = &ZEROES[..left.min(ZEROES.len())];
        file.write_all_at(chunk, at)?;
        at += chunk.len() as u64;
    }
    Ok(())
}

/// Stores through mappings are data of the file: `fdatasync` finds them without `msync`.
pub(super) fn sync(file: &File, _: Option<(&Map, u64)>) -> io::Result<()> {
    file.sync_data()
}

pub(super) fn advise(map: &Map, hint: Hint, bytes: Range<usize>) -> io::Result<()> {
    let advice = match hint {
        Hint::Normal => Advice::Normal,
        Hint::Sequential => Advice::Sequential,
        Hint::Random => Advice::Random,
        Hint::HugePages => Advice::HugePage,
        Hint::WillNeed => Advice::WillNeed,
        Hint::Cold => return cold(map, bytes),
    };
    map.advise_by(advice, bytes)
}

/// Makes pages the first to go when memory is short; `memmap2` does not know that advice.
fn cold(map: &Map, bytes: Range<usize>) -> io::Result<()> {
    let first = map.ptr().as_ptr().addr() + bytes.start;
    let before = first - page_start(first);
    let from = map.ptr().as_ptr().wrapping_add(bytes.start).wrapping_sub(before);
    // SAFETY: the pages are of a mapping that is borrowed, and keep what they hold.
    let status = unsafe { libc::madvise(from.cast(), bytes.len() + before, libc::MADV_COLD) };
    if status == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Asks `cachestat(2)`, as `mincore(2)` answers falsely to those who cannot write the file.
pub(super) fn residency(file: &File, bytes: Range<u64>) -> io::Result<Residency> {
    /// `struct cachestat_range` of `linux/mman.h`; a length of zero means "to the end".
    #[repr(C)]
    struct Bytes {
        offset: u64,
        len: u64,
    }

    /// `struct cachestat` of `linux/mman.h`, all in pages.
    #[repr(C)]
    #[derive(Default)]
    struct Pages {
        cached: u64,
        dirty: u64,
        writeback: u64,
        evicted: u64,
        recently_evicted: u64,
    }

    /// The number of the call is the same on every architecture.
    const CACHESTAT: libc::c_long = 451;

    if bytes.is_empty() {
        return Ok(Residency::default());
    }
    let range = Bytes { offset: bytes.start, len: bytes.end - bytes.start };
    let mut pages = Pages::default();
    // SAFETY: the descriptor is open while `file` is borrowed, and the kernel reads the one
    // structure and writes the other, which are laid out as it expects them.
    let status = unsafe { libc::syscall(CACHESTAT, file.as_raw_fd(), &range, &mut pages, 0) };
    match status {
        0 => {
            // A page that is changed while it is being written counts in both.
            let dirty = pages.dirty.saturating_add(pages.writeback).min(pages.cached);
            Ok(Residency { cached: pages.cached, dirty })
        }
        _ => Err(io::Error::last_os_error()),
    }
}
