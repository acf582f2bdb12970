//! Holes, as `dump` and `info` call them.

use std::fs::File;
use std::os::unix::fs::FileExt as _;

use rustix::fs::{Advice, FallocateFlags, fadvise, fallocate};

use crate::pmem::skipped;
use crate::scratch::Scratch;

/// Elements of u64 in a hole, as the table of `dump` says.
fn shown_by_dump(scratch: &Scratch) -> (u64, String) {
    let dump = scratch.pmem(["dump", "a", "-t", "u64", "-f", "table", "-w8"]).output().unwrap();
    assert!(dump.status.success());
    let table = String::from_utf8(dump.stdout).unwrap();
    let counts = table.lines().filter_map(|line| line.split_once("hole").map(|(_, rest)| rest));
    let count = |text: &str| -> u64 {
        text.split_whitespace().next().unwrap().replace(['_', ','], "").parse().unwrap()
    };
    (counts.map(count).sum(), table)
}

fn shown_by_info(scratch: &Scratch) -> u64 {
    let info = scratch.pmem(["info", "a", "-t", "u64", "--json"]).output().unwrap();
    let info: serde_json::Value = serde_json::from_slice(&info.stdout).unwrap();
    info["hole_bytes"].as_u64().unwrap()
}

#[test]
fn dump_and_info_agree_whatever_is_cached() {
    const MIB: u64 = 1 << 20;
    let scratch = Scratch::new();
    let file = File::options().create_new(true).read(true).write(true).open(scratch.path("a"));
    let file = file.unwrap();
    // Data, a hole, reserved room, a hole, data, a hole.
    file.set_len(16 * MIB).unwrap();
    file.write_all_at(&[7; 64 << 10], 0).unwrap();
    if fallocate(&file, FallocateFlags::empty(), 4 * MIB, MIB).is_err() {
        return skipped("a file system that reserves room");
    }
    file.write_all_at(&[7; 64 << 10], 8 * MIB).unwrap();
    file.sync_all().unwrap();
    fadvise(&file, 0, None, Advice::DontNeed).unwrap();

    let (cold, table) = shown_by_dump(&scratch);
    assert_eq!(8 * cold, shown_by_info(&scratch), "{table}");
    assert!(8 * cold <= 15 * MIB - (128 << 10), "the reserved room is no hole: {table}");
    file.read_exact_at(&mut vec![0; 16 << 20], 0).unwrap();
    assert_eq!(shown_by_dump(&scratch), (cold, table));
    assert_eq!(8 * cold, shown_by_info(&scratch));
}

#[test]
fn a_file_that_was_grown_has_no_hole_and_a_sparse_one_is_one() {
    for (extra, bytes) in [(&[][..], 0), (&["--sparse"][..], 1 << 20)] {
        let scratch = Scratch::new();
        scratch.does(&[&["grow", "a", "128K", "-t", "u64"], extra].concat());
        assert_eq!(shown_by_info(&scratch), bytes);
        assert_eq!(8 * shown_by_dump(&scratch).0, bytes);
    }
}
