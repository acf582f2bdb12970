//! Files that come and go in several threads are never taken for one another.
#![forbid(unsafe_code)]

use std::thread;

use platform_mem::{FileMapped, RawMem};

/// A file without a name frees its inode when it is closed, and the next file gets the same.
#[test]
fn inode_of_a_dropped_file_is_free() {
    let dir = tempfile::tempdir().unwrap();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for n in 0..3000 {
                    let file = tempfile::tempfile_in(dir.path()).unwrap();
                    let mem = FileMapped::<u64>::new(file);
                    let mut mem = mem.unwrap_or_else(|error| panic!("file {n}: {error}"));
                    assert_eq!(mem.grow_filled(0, 0).unwrap(), []);
                }
            });
        }
    });
}
