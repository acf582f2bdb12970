//! What tells this process from those that it was forked from.
//!
//! A number cannot: in a namespace of its own a child may have the number of its parent. A page
//! that the kernel clears for each child can.

use std::sync::atomic::{AtomicU64, Ordering};

/// A process, told apart from its ancestors and from its children.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Process(u64);

/// The number of the last process, among this one and its ancestors, that asked for its own.
static LAST: AtomicU64 = AtomicU64::new(0);

impl Process {
    /// Returns the process that calls.
    pub(crate) fn current() -> Self {
        let Some(own) = own() else { return Self(std::process::id().into()) };
        // Zero stands for "cleared": a child takes a number that no ancestor had, since it has a
        // copy of theirs.
        let own_number = own.load(Ordering::Relaxed);
        if own_number != 0 {
            return Self(own_number);
        }
        let next = LAST.fetch_add(1, Ordering::Relaxed) + 1;
        match own.compare_exchange(0, next, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => Self(next),
            Err(faster) => Self(faster),
        }
    }
}

/// Returns a number that a forked child finds cleared, if the system has such memory.
#[cfg(all(target_os = "linux", not(platform_mem_portable)))]
fn own() -> Option<&'static AtomicU64> {
    use std::sync::OnceLock;

    use memmap2::MmapMut;

    static PAGE: OnceLock<Option<MmapMut>> = OnceLock::new();

    let page = PAGE.get_or_init(|| {
        let page = MmapMut::map_anon(size_of::<AtomicU64>()).ok()?;
        // SAFETY: the range is the mapping's own, and the kernel changes nothing in this process.
        let status = unsafe {
            libc::madvise(page.as_ptr().cast_mut().cast(), page.len(), libc::MADV_WIPEONFORK)
        };
        (status == 0).then_some(page)
    });
    // SAFETY: the mapping is aligned to a page, large enough, zero to begin with, and lives as long
    // as the process; nobody but this function reaches it.
    page.as_ref().map(|page| unsafe { &*page.as_ptr().cast::<AtomicU64>() })
}

/// Returns nothing: the number of the process has to do.
#[cfg(not(all(target_os = "linux", not(platform_mem_portable))))]
fn own() -> Option<&'static AtomicU64> {
    None
}
