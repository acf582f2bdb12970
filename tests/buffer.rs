//! How much of the heap a growth of a file takes.

mod common;

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

use common::{Place, items::Item, unnamed};
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
    // SAFETY: the file is empty.
    let mut mem = unsafe { FileMapped::new_unchecked(unnamed()) }.unwrap();
    let one = largest(|| mem.grow_with(1, || Wide([7; 200_000])).map(|_| ()).unwrap());
    assert_eq!(one, 200_000);
    let two = largest(|| mem.grow_with(2, || Wide([7; 200_000])).map(|_| ()).unwrap());
    assert_eq!(two, 0);
}
