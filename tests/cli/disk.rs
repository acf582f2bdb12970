//! `pmem grow` and the disk: holes, reserved room, full disks, limits.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt as _;
use std::time::{Duration, Instant};

use crate::pmem::skipped;
use crate::scratch::{Scratch, outcome};

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

/// A file system of 64 MiB on an image, of which half is kept for root.
fn half_kept() -> Option<Scratch> {
    let scratch = Scratch::new();
    let script = "truncate -s 64M image && mkfs.ext4 -q -m 50 image && mkdir m && \
                  mount -o loop image m";
    let (code, _) = scratch.shell(script);
    (code == 0).then_some(scratch)
}

#[test]
fn what_is_kept_for_root_is_not_promised() {
    let Some(scratch) = half_kept() else { return skipped("leave to mount ext4") };
    let refused = scratch.shell("pmem grow m/a 40M --dry-run; pmem grow m/a 40M");
    let fits = scratch.shell("pmem grow m/a 10M --dry-run -q; pmem grow m/a 10M");
    let left = scratch.shell("test $(stat -c %s m/a) = 10485760");
    assert_eq!(scratch.shell("umount m").0, 0);
    assert_eq!(refused.0, 2);
    for line in refused.1.lines() {
        assert!(line.contains("No space left on device: 40.0 MiB more is needed"), "{line}");
    }
    assert_eq!(refused.1.lines().count(), 2);
    assert_eq!((fits, left), ((0, String::new()), (0, String::new())));
}
