//! What somebody reads who has made a mistake, or has met an obstacle.

use std::fs::{self, File};
use std::os::fd::AsRawFd as _;
use std::process::Command;

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};
use rustix::io::{FdFlags, fcntl_setfd};

use crate::pmem::skipped;
use crate::scratch::{Scratch, outcome};

#[test]
fn arguments_are_called_by_the_names_that_help_has() {
    let scratch = Scratch::new().file("a", [1; 8]);
    const NUMBER: &str = "expected a whole number that is not negative";
    for (arguments, message) in [
        (&["dump", "a", "-5"][..], "FILE -5: expected a file; if that is one, write ./-5"),
        (&["dump", "a", ""], "FILE : '' is not the name of a file"),
        (&["dump", "a", "--precision", "x"], &format!("--precision x: {NUMBER}")),
        (&["dump", "a", "--precision", "-1"], &format!("--precision -1: {NUMBER}")),
        (&["dump", "a", "--precision", "100"], "--precision 100: 100 is not in 0..=99"),
        (
            &["dump", "a", "--precision", "99999999999999999999"],
            "--precision \
          99999999999999999999: the number is too large",
        ),
        (&["bench", "-w", "x"], &format!("--warmup x: {NUMBER}")),
        (
            &["fill", "a", "--random", "-1"],
            "--random -1: -1 is out of range: u64 is 0..=18446744073709551615; FILE goes before \
             --random, or write --random=SEED",
        ),
        (&["fill", "a", "--seq", "0:x"], "a: --seq 0:x: step x: expected a whole number"),
        (&["fill", "a", "--from", "no"], "a: --from: no: No such file or directory"),
    ] {
        scratch.refuses(arguments, message);
    }
    scratch.run(&["fill", "a", "7", "-r", "3..3"], 0, "pmem: a: the range has no elements\n");
    assert_eq!(scratch.bytes("a"), [1; 8]);
}

#[test]
fn what_can_be_read_in_two_ways_is_refused_everywhere() {
    let scratch = Scratch::new().file("a", [1; 8]);
    let hexadecimal =
        "0x1B: can be read in two ways; write 1B for bytes, or 0x1b for a number in hexadecimal";
    let exa = "1e3: 'e' can be read in two ways; write 1E for exa, or 1000";
    for (before, name) in [
        (&["grow", "a"][..], "COUNT"),
        (&["shrink", "a"], "COUNT"),
        (&["dump", "a", "-n"], "--count"),
        (&["dump", "a", "--skip"], "--skip"),
        (&["dump", "a", "-r"], "--range"),
        (&["fill", "a", "7", "-r"], "--range"),
        (&["dump", "a", "--offset"], "--offset"),
        (&["bench", "-n"], "--count"),
    ] {
        scratch.refuses(&[before, &["0x1B"]].concat(), &format!("{name} {hexadecimal}"));
        scratch.refuses(&[before, &["1e3"]].concat(), &format!("{name} {exa}"));
    }
    for (value, message) in [
        ("1e", "'1e' is not a u8: expected a whole number"),
        ("1:2", "'1:2' is not a u8: expected a whole number"),
        ("1,000", "'1,000' is not a u8: expected a whole number"),
    ] {
        scratch.refuses(&["fill", "a", value], &format!("a: {message}"));
    }
    assert_eq!(scratch.bytes("a"), [1; 8]);
}

/// Sets or takes away an attribute of a file, where that is allowed.
fn chattr(scratch: &Scratch, attribute: &str, name: &str) -> bool {
    let status = Command::new("chattr").arg(attribute).arg(scratch.path(name)).output();
    status.is_ok_and(|output| output.status.success())
}

#[test]
fn attributes_are_named() {
    let scratch = Scratch::new().file("a", [1; 8]);
    fs::create_dir(scratch.path("d")).unwrap();
    for (attribute, what) in [("i", "immutable"), ("a", "append-only")] {
        if !chattr(&scratch, &format!("+{attribute}"), "a") {
            return skipped("chattr");
        }
        for change in [&["grow", "a", "1"][..], &["shrink", "a", "1"], &["fill", "a", "1"]] {
            let message = format!(
                "a: Operation not permitted; it is {what}; 'chattr -{attribute}' makes it changeable"
            );
            scratch.refuses(change, &message);
            scratch.refuses(&[change, &["--dry-run"]].concat(), &message);
        }
        assert!(chattr(&scratch, &format!("-{attribute}"), "a"));
    }
    assert!(chattr(&scratch, "+i", "d"));
    let message = "d/b: its directory: Operation not permitted; it is immutable; 'chattr -i' makes \
                   it changeable";
    scratch.refuses(&["grow", "d/b", "1"], message);
    scratch.refuses(&["grow", "d/b", "1", "--dry-run"], message);
    assert!(chattr(&scratch, "-i", "d"));
}

#[test]
fn seals_are_named() {
    let scratch = Scratch::new();
    for (seal, refused, what) in [
        (SealFlags::GROW, &["grow"][..], "growing"),
        (SealFlags::SHRINK, &["shrink"], "shrinking"),
        (SealFlags::WRITE, &["grow", "fill"], "writing"),
        (SealFlags::FUTURE_WRITE, &["grow", "fill"], "writing"),
    ] {
        for command in ["grow", "shrink", "fill"] {
            let file = memfd_create("memory", MemfdFlags::ALLOW_SEALING).unwrap();
            rustix::io::write(&file, &[1; 8]).unwrap();
            fcntl_add_seals(&file, seal).unwrap();
            // The program is to have it open.
            fcntl_setfd(&file, FdFlags::empty()).unwrap();
            let file = File::from(file);
            let path = format!("/proc/self/fd/{}", file.as_raw_fd());
            for extra in [&["--dry-run", "--quiet"][..], &[]] {
                let arguments = [&[command, &path, "1"], extra].concat();
                let (code, said) = outcome(&mut scratch.pmem(arguments));
                let expected = match refused.contains(&command) {
                    true => format!(
                        "pmem: {path}: it is a file in memory (memfd) that is sealed against \
                         {what}, for good\n"
                    ),
                    false => String::new(),
                };
                assert_eq!((code, &*said), (2 * i32::from(!expected.is_empty()), &*expected));
            }
        }
    }
}

#[test]
fn room_that_cannot_be_reserved_names_sparse() {
    let scratch = Scratch::new().file("a", [1; 8]);
    let mut command = Command::new("strace");
    command.args(["-qq", "-o/dev/null", "-etrace=fallocate", "-einject=fallocate:error=EINVAL"]);
    command.arg(env!("CARGO_BIN_EXE_pmem")).args(["grow", "a", "1M"]);
    if Command::new("strace").arg("-V").output().is_err() {
        return skipped("strace");
    }
    let ended = outcome(command.current_dir(scratch.path("")));
    let message = "pmem: a: Invalid argument; --sparse grows it without reserving room\n";
    assert_eq!(ended, (2, message.into()));
    assert_eq!(scratch.bytes("a"), [1; 8]);
}
