//! How much memory each backend takes and gives back, at the edges of its rules.

mod common;

use common::{allocator::Checked, items::Item};
use platform_mem::{Alloc, Error, RawMem};

/// Bytes of the block for one element of `N` bytes.
fn bytes_of_the_first<const N: usize>() -> usize {
    let checked = Checked::default();
    let mut mem = Alloc::new(&checked);
    mem.grow_filled(1, [7_u8; N]).unwrap();
    checked.bytes()
}

#[test]
fn the_smallest_block_is_that_of_a_vec() {
    assert_eq!(bytes_of_the_first::<1>(), 8);
    assert_eq!(bytes_of_the_first::<2>(), 4 * 2);
    assert_eq!(bytes_of_the_first::<1024>(), 4 * 1024);
    assert_eq!(bytes_of_the_first::<1025>(), 1025);
}

#[test]
fn a_block_that_is_full_is_followed_by_one_of_twice_its_size() {
    let checked = Checked::default();
    let mut mem = Alloc::new(&checked);
    mem.grow_from_slice(&u64::run(0..10)).unwrap();
    assert_eq!(checked.bytes(), 10 * 8, "a first growth takes what it needs");
    mem.grow_filled(1, 1).unwrap();
    assert_eq!(checked.bytes(), 20 * 8);
}

#[test]
fn the_exact_size_is_tried_when_twice_the_size_is_refused() {
    let checked = Checked::default();
    let mut mem = Alloc::new(&checked);
    mem.grow_from_slice(&u64::run(0..10)).unwrap();
    checked.refuse_larger_than(11 * 8);
    mem.grow_from_slice(&u64::run(10..11)).unwrap();
    assert_eq!(mem.allocated(), u64::run(0..11));
    assert_eq!(checked.bytes(), 11 * 8);
    // What was refused at its exact size is not asked for twice.
    let calls = checked.calls.get();
    assert!(matches!(mem.reserve(100), Err(Error::AllocError { .. })));
    assert_eq!(checked.calls.get(), calls + 1);
}

#[test]
fn a_memory_that_shrinks_to_a_quarter_keeps_twice_what_it_holds() {
    let checked = Checked::default();
    let mut mem = Alloc::new(&checked);
    mem.grow_from_slice(&u64::run(0..64)).unwrap();
    mem.shrink(64 - 17).unwrap();
    assert_eq!(checked.bytes(), 64 * 8, "more than a quarter is left");
    mem.shrink(1).unwrap();
    assert_eq!(checked.bytes(), 32 * 8, "a quarter is left");
    assert_eq!(mem.allocated(), u64::run(0..16));
    mem.shrink(16).unwrap();
    assert_eq!(checked.blocks(), 0);
}
