//! `pmem shrink`.

use crate::scratch::Scratch;

#[test]
fn removes_from_the_end() {
    let scratch = Scratch::new().file("a", [1, 2, 3, 4, 5, 6, 7, 8]);
    let line = "a: 4 -> 3 u16 (6 B)\n";
    scratch.run(&["shrink", "a", "1", "-t", "u16", "--verbose", "--sync"], 0, line);
    assert_eq!(scratch.bytes("a"), [1, 2, 3, 4, 5, 6]);
    scratch.does(&["shrink", "a", "2B"]);
    scratch.does(&["shrink", "a", "--to", "3"]);
    assert_eq!(scratch.bytes("a"), [1, 2, 3]);
    scratch.does(&["shrink", "a", "3"]);
    assert!(scratch.bytes("a").is_empty());
}

#[test]
fn more_than_there_are() {
    let scratch = Scratch::new().file("a", [1; 16]);
    let before = scratch.state("a");
    scratch.refuses(
        &["shrink", "a", "3", "-t", "u64"],
        "a: 3 u64 elements cannot be removed: there are only 2",
    );
    scratch.refuses(
        &["shrink", "a", "3", "--to", "-t", "u64"],
        "a: there are only 2 u64 elements, fewer than 3; 'pmem grow --to' adds some",
    );
    scratch.run(
        &["shrink", "a", "2", "--to", "-t", "u64", "--verbose"],
        0,
        "a: 2 -> 2 u64 (16 B)\n",
    );
    scratch.does(&["shrink", "a", "0"]);
    assert_eq!(scratch.state("a"), before);
}

#[test]
fn never_creates() {
    let scratch = Scratch::new();
    for command in [&["shrink", "a", "0"][..], &["shrink", "a", "0", "--to"], &["fill", "a", "1"]] {
        scratch.refuses(command, "a: No such file or directory");
    }
    scratch.refuses(
        &["shrink", "-", "1"],
        "standard input: it can only be read; name a file (or ./-)",
    );
    assert!(scratch.names().is_empty());
}

#[test]
fn a_dry_run_changes_nothing() {
    let scratch = Scratch::new().file("a", [1; 8]);
    let before = scratch.state("a");
    let line = "a: would shrink 2 -> 1 u32 (4 B)\n";
    scratch.run(&["shrink", "a", "1", "-t", "u32", "--dry-run"], 0, line);
    scratch.does(&["shrink", "a", "1", "--dry-run", "-q"]);
    scratch.refuses(
        &["shrink", "a", "9", "--dry-run"],
        "a: 9 u8 elements cannot be removed: there are only 8",
    );
    assert_eq!(scratch.state("a"), before);
}
