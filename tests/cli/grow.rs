//! `pmem grow`: what it adds, and what it refuses.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::os::unix::process::CommandExt as _;

use crate::pmem::skipped;
use crate::scratch::{Scratch, outcome};

const FEWER: &str = "'pmem shrink --to' removes some";

#[test]
fn adds_zeroes_and_creates() {
    let scratch = Scratch::new();
    scratch.run(&["grow", "a", "3", "-t", "u16", "--verbose"], 0, "a: 0 -> 3 u16 (6 B)\n");
    assert_eq!(scratch.bytes("a"), [0; 6]);
    let scratch = scratch.file("a", [7; 4096]);
    let line = "a: 512 -> 1024 u64 (8.0 KiB)\n";
    scratch.run(&["grow", "a", "512", "--type=u64", "--verbose", "--sync"], 0, line);
    assert_eq!(scratch.bytes("a"), [[7; 4096], [0; 4096]].concat());
    scratch.does(&["grow", "a", "4KiB", "-t", "u64"]);
    scratch.does(&["grow", "a", "1", "-t", "u128", "--verbose", "--quiet"]);
    assert_eq!(scratch.bytes("a").len(), 12304);
}

#[test]
fn a_growth_by_nothing() {
    let scratch = Scratch::new().file("a", [1, 2]);
    let before = scratch.state("a");
    scratch.run(&["grow", "a", "0", "--verbose"], 0, "a: 2 -> 2 u8 (2 B)\n");
    assert_eq!(scratch.state("a"), before);
    scratch.does(&["grow", "b", "0"]);
    assert!(scratch.bytes("b").is_empty());
}

#[test]
fn to_a_total() {
    let scratch = Scratch::new().file("a", [1; 8]);
    scratch.does(&["grow", "a", "--to", "4", "-t", "u32"]);
    assert_eq!(scratch.bytes("a"), [[1; 8], [0; 8]].concat());
    let before = scratch.state("a");
    scratch.run(&["grow", "a", "4", "--to", "-t", "u32", "--verbose"], 0, "a: 4 -> 4 u32 (16 B)\n");
    let message = format!("a: there are 4 u32 elements already, more than 3; {FEWER}");
    scratch.refuses(&["grow", "a", "3", "--to", "-t", "u32"], &message);
    assert_eq!(scratch.state("a"), before);
    scratch.does(&["grow", "b", "2", "--to"]);
    assert_eq!(scratch.bytes("b"), [0; 2]);
}

#[test]
fn with_a_value() {
    let scratch = Scratch::new().file("a", [9]);
    scratch.does(&["grow", "a", "3", "--fill", "7"]);
    assert_eq!(scratch.bytes("a"), [9, 7, 7, 7]);
    scratch.does(&["grow", "b", "2", "--fill", "-inf", "-t", "f32be"]);
    assert_eq!(scratch.bytes("b"), [0xff, 0x80, 0, 0, 0xff, 0x80, 0, 0]);
    scratch.does(&["grow", "c", "2", "--fill=-0x80", "-t", "i16"]);
    assert_eq!(scratch.bytes("c"), [0x80, 0xff, 0x80, 0xff]);
    // More than is written at once, from an odd place on.
    scratch.does(&["grow", "a", "3M", "--fill", "255"]);
    let bytes = scratch.bytes("a");
    assert_eq!((bytes.len(), &bytes[..4]), (4 + (3 << 20), &[9, 7, 7, 7][..]));
    assert!(bytes[4..].iter().all(|byte| *byte == 255));
}

#[test]
fn wrong_values_create_nothing() {
    let scratch = Scratch::new();
    let bytes = "a file has at most 9223372036854775807 bytes";
    for (arguments, message) in [
        (&["grow", "a", "1", "--fill", "300"][..], "a: 300 is out of range: u8 is 0..=255".into()),
        (
            &["grow", "a", "3B", "-t", "u16"],
            "a: 3 bytes are not a whole number of u16 elements (2 bytes each)".into(),
        ),
        (
            &["grow", "a", "15E", "-t", "u8", "--sparse"],
            format!("a: 17293822569102704640 u8 elements are too many: {bytes}"),
        ),
        (
            &["grow", "a", "1E", "-t", "u64", "--to", "--sparse"],
            format!("a: 1152921504606846976 u64 elements are too many: {bytes}"),
        ),
        (
            &["grow", "a", "1", "--no-create"],
            "a: No such file or directory; without --no-create it is created".into(),
        ),
        (&["grow", "no/a", "1"], "no/a: its directory: No such file or directory".into()),
        (&["grow", "-", "1"], "standard input: it can only be read; name a file (or ./-)".into()),
        (&["grow", ".", "1"], ".: is a directory, not a file of elements".into()),
        (
            &["grow", "/dev/null", "1"],
            "/dev/null: is not a regular file, and only those can be changed".into(),
        ),
    ] {
        scratch.refuses(arguments, &message);
        assert!(scratch.names().is_empty(), "{arguments:?}");
    }
}

#[test]
fn bytes_left_over() {
    let scratch = Scratch::new().file("a", [1; 11]);
    let before = scratch.state("a");
    for command in ["grow", "shrink"] {
        scratch.refuses(
            &[command, "a", "1", "-t", "u64"],
            "a: 11 bytes are not a whole number of u64 elements (8 bytes each); 3 bytes are left \
             over; 'pmem shrink a 3 -t u8' removes them, and 'pmem grow a 5 -t u8' completes the \
             last element with zeroes",
        );
    }
    assert_eq!(scratch.state("a"), before);
}

#[test]
fn a_pipe_is_refused_at_once() {
    let scratch = Scratch::new();
    assert_eq!(scratch.shell("mkfifo a"), (0, String::new()));
    for command in ["grow", "shrink", "fill"] {
        let message = "a: is not a regular file, and only those can be changed";
        scratch.refuses(&[command, "a", "1"], message);
    }
}

#[test]
fn a_dry_run_changes_nothing() {
    let scratch = Scratch::new().file("a", [1; 8]);
    let before = scratch.state("a");
    scratch.run(
        &["grow", "a", "8", "--fill", "3", "--sparse", "--sync", "--dry-run"],
        0,
        "a: would grow 8 -> 16 u8 (16 B)\n",
    );
    let (code, said) = outcome(&mut scratch.pmem(["grow", "b", "8", "-t", "u64", "--dry-run"]));
    assert_eq!(code, 0);
    assert!(said.starts_with("b: would create 0 -> 8 u64 (64 B), 64 B to reserve, "), "{said}");
    scratch.does(&["grow", "b", "8", "--dry-run", "--quiet"]);
    let (code, said) = outcome(&mut scratch.pmem(["grow", "a", "1E", "--dry-run"]));
    assert_eq!(code, 2);
    let start = "pmem: a: No space left on device: 1.0 EiB more is needed and ";
    assert!(said.starts_with(start), "{said}");
    scratch.refuses(
        &["grow", "a", "8", "-t", "u128", "--dry-run", "--fill", "x"],
        "a: 'x' is not a u128: expected a whole number",
    );
    assert_eq!(scratch.state("a"), before);
    assert_eq!(scratch.names(), ["a"]);
}

#[test]
fn a_dry_run_sees_what_may_not_be_changed() {
    let scratch = Scratch::new().file("a", [1; 8]);
    let refused = |arguments: &[&str]| {
        let mut command = scratch.pmem(arguments);
        command.uid(65534).gid(65534);
        match command.output() {
            Ok(output) => {
                Some((output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned()))
            }
            Err(_) => None,
        }
    };
    if refused(&["--version"]).is_none_or(|(code, _)| code != Some(0)) {
        skipped("other user to run as");
        return;
    }
    fs::set_permissions(scratch.path(""), std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .unwrap();
    for dry in ["--dry-run", "--verbose"] {
        let message = "pmem: a: Permission denied; a change needs read and write permission\n";
        assert_eq!(refused(&["grow", "a", "1", dry]).unwrap(), (Some(2), message.into()));
        let message = "pmem: b: its directory: Permission denied; a new file needs permission to write to \
                       it\n";
        assert_eq!(refused(&["grow", "b", "1", dry]).unwrap(), (Some(2), message.into()));
    }
}

#[test]
fn a_locked_file_is_refused() {
    let scratch = Scratch::new().file("a", [1; 8]);
    let lock = File::open(scratch.path("a")).unwrap();
    lock.lock().unwrap();
    for arguments in [
        &["grow", "a", "1"][..],
        &["grow", "a", "1", "--dry-run"],
        &["shrink", "a", "1"],
        &["fill", "a", "1"],
    ] {
        scratch.refuses(
            arguments,
            "a: another program has locked it; --lock wait waits until it is done, and --lock none \
             does without the lock",
        );
    }
    drop(lock);
    assert_eq!(scratch.bytes("a"), [1; 8]);
    scratch.does(&["grow", "a", "1"]);
}

#[test]
fn links_and_odd_names() {
    let scratch = Scratch::new();
    symlink("target", scratch.path("link")).unwrap();
    scratch.does(&["grow", "link", "2"]);
    assert_eq!(scratch.bytes("target"), [0; 2]);
    assert!(fs::symlink_metadata(scratch.path("link")).unwrap().is_symlink());
    scratch.does(&["grow", "--", "-t", "2"]);
    assert_eq!(scratch.bytes("-t"), [0; 2]);
    scratch.does(&["grow", "./-", "2"]);
    assert_eq!(scratch.bytes("-"), [0; 2]);
    let name = OsStr::from_bytes(b"\xff\n");
    let said = outcome(&mut scratch.pmem([
        OsStr::new("grow"),
        name,
        OsStr::new("2"),
        OsStr::new("--verbose"),
    ]));
    assert_eq!(said, (0, "\\xff\\n: 0 -> 2 u8 (2 B)\n".into()));
    assert_eq!(scratch.bytes(name), [0; 2]);
    symlink("loop", scratch.path("loop")).unwrap();
    let (code, _) = outcome(&mut scratch.pmem(["grow", "loop", "1"]));
    assert_eq!(code, 2);
}
