//! Spare capacity: the file is longer than its elements while a memory lies in it.

use std::{
    fs, mem,
    panic::{self, AssertUnwindSafe},
    path::Path,
};

use platform_mem::{Error, FileMapped, FileOptions, RawMem, Result};

fn spare(path: &Path) -> Result<FileMapped<u64>> {
    FileOptions::new().spare_capacity(true).sync_on_drop(false).from_path(path)
}

fn numbers(bytes: &[u8]) -> Vec<u64> {
    bytes.chunks_exact(8).map(|bytes| u64::from_le_bytes(bytes.try_into().unwrap())).collect()
}

#[test]
fn file_is_cut_to_its_elements() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("data");
    for end in [drop, |mem: FileMapped<u64>| mem.close().unwrap()] {
        let mut mem = spare(&path).unwrap();
        let old = mem.stored();
        mem.grow_assumed_all();
        for n in 0..20_000 {
            assert_eq!(mem.grow_filled(1, n).unwrap(), [n]);
        }
        assert!(
            fs::metadata(&path).unwrap().len() > (old as u64 + 20_000) * 8,
            "no spare capacity"
        );
        mem.shrink(5).unwrap();
        mem.grow_from_slice(&[1, 2]).unwrap();
        let expected = mem.allocated().to_vec();
        end(mem);
        assert_eq!(numbers(&fs::read(&path).unwrap()), expected);
    }
}

/// Shows what is stored, the safe way: growth keeps what is there.
trait ShowAll {
    fn grow_assumed_all(&mut self);
}

impl ShowAll for FileMapped<u64> {
    fn grow_assumed_all(&mut self) {
        let stored = self.stored();
        self.grow_filled(stored, u64::MAX).unwrap();
        assert!(!self.allocated().contains(&u64::MAX), "a stored element was overwritten");
    }
}

#[test]
fn killed_program_leaves_elements_and_zeroes() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("data");
    let mut mem = spare(&path).unwrap();
    mem.grow_from_slice(&[1, 2, 3]).unwrap();
    // A program that is killed drops nothing.
    mem::forget(mem);
    let left = numbers(&fs::read(&path).unwrap());
    assert_eq!(left[..3], [1, 2, 3]);
    assert!(left.len() > 3 && left[3..].iter().all(|&n| n == 0), "{:?}", &left[..8]);
}

#[test]
fn growth_in_spare_capacity_moves_nothing() {
    let mut mem = FileOptions::new()
        .spare_capacity(true)
        .from_file::<u64>(tempfile::tempfile().unwrap())
        .unwrap();
    mem.grow_filled(1, 7).unwrap();
    let first = mem.allocated().as_ptr();
    for n in 0..4000 {
        mem.grow_filled(1, n).unwrap();
        assert_eq!(mem.allocated().as_ptr(), first);
    }
}

#[test]
fn foreign_file_is_not_cut() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("data");
    let mut mem = spare(&path).unwrap();
    mem.grow_filled(1, 7).unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_len(1 << 20).unwrap();
    assert!(matches!(mem.close(), Err(Error::LengthChanged { found: 0x10_0000, .. })));
    assert_eq!(fs::metadata(&path).unwrap().len(), 1 << 20);
}

#[test]
fn growth_that_panics_leaves_zeroes() {
    let file = tempfile::tempfile().unwrap();
    let mut mem = FileOptions::new().spare_capacity(true).from_file::<u64>(file).unwrap();
    mem.grow_filled(1, 1).unwrap();
    let mut calls = 0;
    let growth = panic::catch_unwind(AssertUnwindSafe(|| {
        let make = || {
            calls += 1;
            assert!(calls < 3, "on purpose");
            7
        };
        mem.grow_with(4, make).map(|_| ())
    }));
    assert!(growth.is_err());
    // SAFETY: any bytes are a number.
    assert_eq!(unsafe { mem.grow_zeroed(4) }.unwrap(), [0; 4]);
}

#[test]
fn large_growth_that_panics_leaves_zeroes() {
    const MANY: usize = 200_000;
    let file = tempfile::tempfile().unwrap();
    let mut mem = FileOptions::new().spare_capacity(true).from_file::<u64>(file).unwrap();
    mem.grow_filled(1, 1).unwrap();
    let mut calls = 0;
    let growth = panic::catch_unwind(AssertUnwindSafe(|| {
        let make = || {
            calls += 1;
            assert!(calls < MANY, "on purpose");
            7
        };
        mem.grow_with(MANY, make).map(|_| ())
    }));
    assert!(growth.is_err());
    assert_eq!(mem.allocated(), [1]);
    for count in [4, MANY] {
        // SAFETY: any bytes are a number.
        let zeroes = unsafe { mem.grow_zeroed(count) }.unwrap();
        assert!(zeroes.iter().all(|&n| n == 0), "{count}");
    }
}

#[test]
fn what_shrinking_leaves_is_zero() {
    let file = tempfile::tempfile().unwrap();
    let mut mem = FileOptions::new().spare_capacity(true).from_file::<u64>(file).unwrap();
    mem.grow_filled(100, 7).unwrap();
    mem.shrink(10).unwrap();
    // SAFETY: any bytes are a number.
    assert_eq!(unsafe { mem.grow_zeroed(10) }.unwrap(), [0; 10]);
    assert_eq!(mem.allocated()[..90], [7; 90]);
}

#[test]
fn reserving_keeps_elements_in_place() {
    let file = tempfile::tempfile().unwrap();
    let mut mem = FileOptions::new().spare_capacity(true).from_file::<u64>(file).unwrap();
    mem.grow_filled(1, 7).unwrap();
    mem.reserve(1_000_000).unwrap();
    let first = mem.allocated().as_ptr();
    for _ in 0..1000 {
        mem.grow_filled(1000, 8).unwrap();
        assert_eq!(mem.allocated().as_ptr(), first);
    }
}

#[test]
fn elements_that_take_no_room_leave_the_file_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("data");
    fs::write(&path, [7; 4096]).unwrap();
    let mut mem = FileOptions::new().spare_capacity(true).open::<()>(&path).unwrap();
    mem.grow_filled(3, ()).unwrap();
    drop(mem);
    assert_eq!(fs::read(&path).unwrap(), [7; 4096]);
}

#[test]
fn file_is_cut_although_a_drop_panics() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("on purpose");
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("data");
    let options = FileOptions::new().spare_capacity(true);
    // SAFETY: the file is empty.
    let mut mem = unsafe { options.from_path_unchecked::<(u64, Bomb)>(&path) }.unwrap();
    mem.grow_with(1, || (1, Bomb)).unwrap();
    assert!(panic::catch_unwind(AssertUnwindSafe(|| drop(mem))).is_err());
    assert_eq!(fs::metadata(&path).unwrap().len(), 8);
}

#[test]
fn what_was_behind_the_end_is_zero_again() {
    let dir = tempfile::tempdir().unwrap();
    let mut mem = spare(&dir.path().join("data")).unwrap();
    // Few enough that the file is not cut, and many enough that it could be.
    for (grown, shrunk) in [(8192, 2), (20_000, 500)] {
        mem.grow_filled(grown, 7).unwrap();
        mem.shrink(shrunk).unwrap();
        // SAFETY: zero is a number.
        let new = unsafe { mem.grow_zeroed(shrunk) }.unwrap();
        assert!(new.iter().all(|element| *element == 0), "{grown} {shrunk}");
    }
}
