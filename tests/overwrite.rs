//! Growth over elements that are there already: it is all or nothing, too.

use std::{
    fs,
    panic::{self, AssertUnwindSafe},
};

use platform_mem::{FileMapped, PreAlloc, RawMem};

/// More than one buffer of a growth holds.
const MANY: usize = 100_000;

#[test]
fn clone_that_panics_leaves_the_file_as_it_was() {
    /// Panics when the last of them is cloned.
    #[repr(transparent)]
    struct Number(u64);

    impl Clone for Number {
        fn clone(&self) -> Self {
            assert!(self.0 != MANY as u64 - 1, "on purpose");
            Self(self.0)
        }
    }

    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("data");
    let bytes = vec![7; 8 * MANY];
    fs::write(&path, &bytes).unwrap();
    // SAFETY: any bytes are a number.
    let mut mem = unsafe { FileMapped::from_path_unchecked(&path) }.unwrap();
    let source: Vec<Number> = (0..MANY as u64).map(Number).collect();
    let growth = || mem.grow_from_slice(&source).map(|_| ());
    assert!(panic::catch_unwind(AssertUnwindSafe(growth)).is_err());
    assert_eq!((mem.allocated().len(), mem.stored()), (0, MANY));
    drop(mem);
    assert!(fs::read(&path).unwrap() == bytes, "the file has changed");
}

#[test]
fn slice_over_stored_elements_and_behind_them() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("data");
    fs::write(&path, [7; 80]).unwrap();
    let mut mem = FileMapped::<u64>::from_path(&path).unwrap();
    let source: Vec<u64> = (0..MANY as u64).collect();
    assert_eq!(mem.grow_from_slice(&source[..4]).unwrap(), [0, 1, 2, 3]);
    assert_eq!(mem.grow_from_slice(&source).unwrap(), source);
    assert_eq!(mem.stored(), MANY + 4);
    mem.close().unwrap();
    let stored = FileMapped::<u64>::open(&path).unwrap();
    assert_eq!(stored.allocated()[4..], source);
}

#[test]
fn buffer_keeps_its_values_when_a_fill_panics() {
    let mut buffer = ["one", "two", "three"];
    let mut mem = PreAlloc::new(buffer.as_mut_slice());
    let growth = || {
        // SAFETY: the fill does not return.
        let grown = unsafe {
            mem.grow(2, |_, (_, slots)| {
                slots.fill(std::mem::MaybeUninit::zeroed());
                panic!("on purpose");
            })
        };
        grown.map(|_| ())
    };
    assert!(panic::catch_unwind(AssertUnwindSafe(growth)).is_err());
    assert_eq!(mem.allocated().len(), 0);
    assert_eq!(buffer, ["one", "two", "three"]);
}
