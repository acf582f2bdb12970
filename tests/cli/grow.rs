//! `pmem grow`.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::os::unix::process::CommandExt as _;
use std::time::{Duration, Instant};

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
            "a: 3 bytes is not a whole number of u16 elements (2 bytes each)".into(),
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
            "a: 11 bytes is not a whole number of u64 elements (8 bytes each); 3 bytes are left \
             over; 'pmem shrink -t u8' by 3 removes them, or 'pmem grow -t u8' by 5 completes the \
             last element",
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
        "a: x is not a u128: a whole number is wanted",
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
        let message =
            "pmem: a: Permission denied; to change it, one must be let read and write it\n";
        assert_eq!(refused(&["grow", "a", "1", dry]).unwrap(), (Some(2), message.into()));
        let message = "pmem: b: Permission denied\n";
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
            "a: another program is writing it, and a file has one writer at a time; try again when \
             that is done",
        );
    }
    drop(lock);
    assert_eq!(scratch.bytes("a"), [1; 8]);
    scratch.does(&["grow", "a", "1"]);
}

#[test]
fn a_hole_takes_no_room_and_no_time() {
    let scratch = Scratch::new().file("a", [1; 5]);
    let started = Instant::now();
    scratch.run(
        &["grow", "a", "1T", "--sparse", "--verbose"],
        0,
        "a: 5 -> 1099511627781 u8 (1.0 TiB)\n",
    );
    assert!(started.elapsed() < Duration::from_secs(5));
    let metadata = fs::metadata(scratch.path("a")).unwrap();
    assert_eq!(metadata.len(), (1 << 40) + 5);
    assert!(metadata.blocks() <= 64, "{}", metadata.blocks());
    // All of it can be cut off again at once.
    scratch.does(&["shrink", "a", "5", "--to"]);
    assert_eq!(scratch.bytes("a"), [1; 5]);
}

#[test]
fn room_is_reserved() {
    let scratch = Scratch::new();
    scratch.does(&["grow", "a", "1M"]);
    let metadata = fs::metadata(scratch.path("a")).unwrap();
    assert!(metadata.blocks() * 512 >= 1 << 20, "{}", metadata.blocks());
}

#[test]
fn a_full_disk() {
    let Some(scratch) = Scratch::of_size("1m") else { return skipped("leave to mount tmpfs") };
    let scratch = scratch.file("a", [1; 10]);
    let before = scratch.state("a");
    let need = "No space left on device: 2.0 MiB more is needed and ";
    let advice = "make room, or use --sparse, which reserves none\n";
    for arguments in
        [&["grow", "a", "2M"][..], &["grow", "b", "2M"], &["grow", "b", "2M", "--dry-run"]]
    {
        let (code, said) = outcome(&mut scratch.pmem(arguments));
        assert_eq!(code, 2);
        assert!(said.contains(need) && said.ends_with(advice), "{said}");
        assert_eq!(scratch.state("a"), before);
        assert_eq!(scratch.names(), ["a"]);
    }
}

#[test]
fn a_disk_that_is_full_halfway() {
    let Some(scratch) = Scratch::of_size("2m") else { return skipped("leave to mount tmpfs") };
    let scratch = scratch.file("a", [1; 10]);
    let full = "No space left on device; make room on it";
    for (name, bytes) in [("a", Some(&[1; 10][..])), ("b", None)] {
        scratch
            .refuses(&["grow", name, "8M", "--sparse", "--fill", "7"], &format!("{name}: {full}"));
        assert_eq!(fs::read(scratch.path(name)).ok().as_deref(), bytes, "{name}");
    }
    assert_eq!(scratch.names(), ["a"]);
    let scratch = scratch.hole("c", 8 << 20);
    let (code, said) = outcome(&mut scratch.pmem(["fill", "c", "7"]));
    assert_eq!(code, 2);
    assert!(said.starts_with(&format!("pmem: c: {full}; ")), "{said}");
    assert!(said.ends_with(" of 8388608 elements were written\n"), "{said}");
}

#[test]
fn a_limit_of_file_size_is_an_error_and_no_signal() {
    let scratch = Scratch::new().file("a", [1; 10]).hole("big", 4 << 20);
    let (code, said) = scratch.shell("ulimit -f 8; pmem grow a 1M");
    assert_eq!(code, 2);
    let start =
        "pmem: a: File too large: it would have 1048586 bytes, and 'ulimit -f' sets a limit of ";
    assert!(said.starts_with(start), "{said}");
    assert_eq!(scratch.bytes("a"), [1; 10]);
    // Bytes that are there already may not be written either, behind the limit.
    let (code, said) = scratch.shell("ulimit -f 8; pmem fill big 7 --range 2M..");
    let message = "pmem: big: File too large; the file system or 'ulimit -f' sets the limit; nothing \
                   was written\n";
    assert_eq!((code, &*said), (2, message));
}

#[test]
fn what_was_stored_behind_the_end_is_not_shown() {
    let directory = tempfile::tempdir_in("/dev/shm");
    let Ok(directory) = directory else { return skipped("/dev/shm") };
    for extra in [&[][..], &["--sparse"]] {
        let path = directory.path().join("a");
        fs::write(&path, [1; 10]).unwrap();
        let file = File::options().read(true).write(true).open(&path).unwrap();
        let map = memmap2::MmapOptions::new().len(4096).map_raw(&file).unwrap();
        // SAFETY: the byte is behind the end of the file, but in its last page, which is mapped.
        unsafe { map.as_mut_ptr().wrapping_add(100).write(90) };
        drop(map);
        let scratch = Scratch::new();
        let mut grow = scratch.pmem([OsStr::new("grow"), path.as_os_str(), OsStr::new("1K")]);
        assert_eq!(outcome(grow.args(extra)), (0, String::new()));
        assert_eq!(fs::read(&path).unwrap(), [&[1; 10][..], &[0; 1024]].concat());
    }
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
