//! How much of the heap and of the address space a growth of a file takes.

mod common;

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

use common::{Place, child, child_work, items::Item, unnamed};
use platform_mem::{FileMapped, RawMem};

/// Size of the buffer of a growth in bytes.
const BUFFER: usize = 256 * 1024;

thread_local! {
    static LARGEST: Cell<usize> = const { Cell::new(0) };
}

/// The system's allocator, which remembers the largest block that each thread has asked for.
struct Watched;

// SAFETY: every call is handed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Watched {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = LARGEST.try_with(|largest| largest.set(largest.get().max(layout.size())));
        // SAFETY: the caller promises the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: the caller promises the same.
        unsafe { System.dealloc(ptr, layout) }
    }
}

#[global_allocator]
static WATCHED: Watched = Watched;

/// The largest block that `work` asks for.
fn largest(work: impl FnOnce()) -> usize {
    LARGEST.set(0);
    work();
    LARGEST.get()
}

#[test]
fn a_buffer_is_as_large_as_the_growth_but_never_larger_than_its_limit() {
    let mut mem = FileMapped::<u64>::new(unnamed()).unwrap();
    assert_eq!(largest(|| mem.grow_filled(10, 1).map(|_| ()).unwrap()), 80);
    assert_eq!(largest(|| mem.grow_filled(1 << 20, 1).map(|_| ()).unwrap()), BUFFER);
}

#[test]
fn what_is_found_and_kept_takes_no_buffer() {
    let place = Place::holding(&u64::run(0..1000));
    let mut mem = place.hidden::<u64>();
    assert_eq!(largest(|| mem.grow_filled(900, 1).map(|_| ()).unwrap()), 0);
    assert_eq!(largest(|| mem.grow_filled(110, 1).map(|_| ()).unwrap()), 80);
    assert_eq!(mem.allocated()[..1000], u64::run(0..1000));
}

#[test]
fn elements_with_a_drop_stay_in_the_buffer_until_the_growth_is_over() {
    struct Wide([u8; 200_000]);
    impl Drop for Wide {
        fn drop(&mut self) {
            assert_eq!(self.0[0], 7);
        }
    }
    // One of them fits a buffer; two are more than that, and so are made in the mapping.
    let mut mem = platform_mem::TempFile::new().unwrap();
    let one = largest(|| mem.grow_with(1, || Wide([7; 200_000])).map(|_| ()).unwrap());
    assert_eq!(one, 200_000);
    let two = largest(|| mem.grow_with(2, || Wide([7; 200_000])).map(|_| ()).unwrap());
    assert_eq!(two, 0);
}

/// A growth asks for as many addresses as its mapping becomes longer by, not for more.
#[test]
#[cfg(target_os = "linux")]
fn a_growth_needs_addresses_for_the_difference_only() {
    const NAME: &str = "a_growth_needs_addresses_for_the_difference_only";
    const MIB: u64 = 1 << 20;
    if child_work().is_none() {
        let output = child(NAME, "limited").output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        return;
    }
    let options = platform_mem::FileOptions::new().sparse(true).sync_on_drop(false);
    let mut mem = options.from_file::<u8>(unnamed()).unwrap();
    let mut grow = |mib: u64| {
        // SAFETY: any bytes are numbers.
        unsafe { mem.grow_zeroed((mib * MIB) as usize) }.map(|_| ())
    };
    grow(2048).unwrap();
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    let used = pages.split(' ').next().unwrap().parse::<u64>().unwrap() * 4096;
    let most = used + 1024 * MIB;
    let limit = libc::rlimit { rlim_cur: most, rlim_max: most };
    // SAFETY: the structure is ours, and lives until the call returns.
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_AS, &raw const limit) }, 0);
    grow(1100).unwrap_err();
    grow(800).unwrap();
}
