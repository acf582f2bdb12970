//! `set_stored`: growing and shrinking a file that is not mapped.
#![forbid(unsafe_code)]

use std::fs;

use platform_mem::{Error, FileMapped, FileOptions, RawMem};

#[test]
fn behind_what_is_shown() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("data");
    fs::write(&path, [7; 40]).unwrap();
    let mut mem = FileMapped::<u64>::from_path(&path).unwrap();
    mem.grow_filled(2, 0).unwrap();
    let seven = u64::from_ne_bytes([7; 8]);
    for (count, len) in [(5, 40), (4, 32), (1000, 8000), (3, 24), (2, 16), (4, 32)] {
        mem.set_stored(count).unwrap();
        assert_eq!(mem.stored(), count);
        assert_eq!(fs::metadata(&path).unwrap().len(), len);
        assert_eq!(mem.allocated(), [seven; 2]);
    }
    assert!(matches!(mem.set_stored(1), Err(Error::OverShrink { to_shrink: 3, available: 2 })));
    assert!(matches!(mem.set_stored(usize::MAX / 4), Err(Error::CapacityOverflow)));
    assert_eq!(mem.grow_filled(3, 9).unwrap(), [0, 0, 9]);
    mem.close().unwrap();
    assert_eq!(fs::read(&path).unwrap().len(), 40);
}

#[test]
fn a_length_that_somebody_else_changed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("data");
    let mut mem: FileMapped<u8> = FileOptions::new().sparse(true).from_path(&path).unwrap();
    mem.set_stored(1 << 40).unwrap();
    fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(5).unwrap();
    let result = mem.set_stored(10);
    assert!(matches!(result, Err(Error::LengthChanged { found: 5, .. })), "{result:?}");
    assert_eq!(fs::read(&path).unwrap(), [0; 5]);
}
