//! What a memory in a file does to the file, and what it does not.

mod common;

use std::{
    fs::{self, File},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::Path,
    time::Duration,
};

use common::{Place, grow_found, grow_zeroed, items::Item};
use platform_mem::{Error, FileMapped, FileOptions, RawMem};
use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};

/// A memory, or why there is none.
type Made<T> = platform_mem::Result<FileMapped<T>>;

/// The ways of making a memory of a file that is there.
fn ways<T: Item>() -> [fn(&Path) -> Made<T>; 2] {
    [|path| FileMapped::open(path), |path| FileMapped::from_path(path)]
}

#[test]
fn opening_changes_nothing() {
    for len in [0, 1, 7, 511, 512, 513, 100_000] {
        let place = Place::holding(&u64::run(0..len));
        let before = fs::metadata(&place.path).unwrap();
        std::thread::sleep(Duration::from_millis(12));
        let (bytes, options) = (place.bytes(), FileOptions::new());
        for make in ways::<u64>() {
            drop(make(&place.path).unwrap());
            make(&place.path).unwrap().close().unwrap();
        }
        drop(options.sparse(true).open::<u64>(&place.path).unwrap());
        drop(options.from_file::<u64>(place.handle()).unwrap());
        let after = fs::metadata(&place.path).unwrap();
        assert_eq!(place.bytes(), bytes, "{len}");
        assert_eq!(after.modified().unwrap(), before.modified().unwrap(), "{len}");
        assert_eq!(after.blocks(), before.blocks(), "{len}");
    }
}

#[test]
fn a_file_that_is_not_there_is_created_or_refused() {
    let place = Place::new();
    assert!(matches!(FileMapped::<u64>::open(&place.path), Err(Error::System(_))));
    assert!(!place.path.exists());
    drop(place.hidden::<u64>());
    assert_eq!(place.len(), 0);
}

#[test]
fn left_over_bytes_are_refused() {
    for len in 0..=7_u8 {
        let place = Place::holding(&(0..len).collect::<Vec<_>>());
        for make in ways::<[u8; 3]>() {
            match make(&place.path).as_ref().map_err(Error::cause) {
                Ok(mem) => assert_eq!((len % 3, mem.stored()), (0, len as usize / 3)),
                Err(Error::LeftOver { bytes, element_size }) => {
                    assert_ne!(len % 3, 0);
                    assert_eq!((*bytes, *element_size), (len.into(), 3));
                }
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(place.bytes(), (0..len).collect::<Vec<_>>());
    }
}

#[test]
fn stored_elements_that_are_not_shown_stay() {
    let place = Place::holding(&u64::run(0..10));
    let mut mem = place.hidden::<u64>();
    assert_eq!((mem.allocated().len(), mem.stored(), mem.size_hint()), (0, 10, Some(10)));
    assert_eq!(mem.grow_filled(3, 99).unwrap(), u64::run(0..3), "kept");
    mem.shrink(1).unwrap();
    mem.reserve(2).unwrap();
    mem.reserve(100).unwrap();
    assert_eq!(place.items::<u64>(), u64::run(0..10));
    assert_eq!(mem.grow_from_slice(&[7]).unwrap(), [7], "overwritten");
    assert_eq!(grow_zeroed(&mut mem, 9).unwrap()[..7], u64::run(3..10), "kept, and two more");
    assert_eq!(place.len(), 12 * 8);
    drop(mem);
    let mut expected = u64::run(0..10);
    expected[2] = 7;
    expected.extend([0, 0]);
    assert_eq!(place.items::<u64>(), expected);
}

#[test]
fn a_length_that_somebody_else_changed_is_an_error() {
    // With and without blocks reserved ahead.
    for len in [3, 200_000] {
        for found in [8, len as u64 * 8 - 8, len as u64 * 8 + 1, len as u64 * 8 + 4096] {
            let place = Place::new();
            let mut mem = place.hidden::<u64>();
            mem.grow_from_slice(&u64::run(0..len)).unwrap();
            place.handle().set_len(found).unwrap();
            let bytes = place.bytes();
            for result in [
                mem.grow_filled(1, 1).map(|_| ()),
                grow_zeroed(&mut mem, 1 << 20).map(|_| ()),
                mem.shrink(1),
                mem.shrink(len),
                mem.reserve(1 << 20),
                mem.close(),
            ] {
                assert!(
                    matches!(result, Err(Error::LengthChanged { expected, found: told })
                        if (expected, told) == (len as u64 * 8, found)),
                    "{len}, {found}: {result:?}"
                );
            }
            assert_eq!(place.bytes(), bytes, "{len}, {found}: the file is as it was left");
        }
    }
}

#[test]
fn handles_that_are_no_use_are_refused_when_the_memory_is_made() {
    let place = Place::holding(&[1_u64]);
    let fifo = place.dir.path().join("fifo");
    rustix::fs::mknodat(rustix::fs::CWD, &fifo, rustix::fs::FileType::Fifo, 0o600.into(), 0)
        .unwrap();
    let both = |path: &Path| File::options().read(true).write(true).open(path).unwrap();
    let handles = [
        ("directory", File::open(place.dir.path()).unwrap()),
        ("FIFO", both(&fifo)),
        ("/dev/null", both(Path::new("/dev/null"))),
        ("/dev/zero", both(Path::new("/dev/zero"))),
        ("read-only", File::open(&place.path).unwrap()),
        ("write-only", File::options().write(true).open(&place.path).unwrap()),
        ("append", File::options().read(true).append(true).open(&place.path).unwrap()),
    ];
    // Not every file system has it.
    let direct =
        File::options().read(true).write(true).custom_flags(libc::O_DIRECT).open(&place.path);
    let direct = direct.ok().map(|handle| ("direct", handle));
    for (name, handle) in handles.into_iter().chain(direct) {
        let refused = FileMapped::<u64>::new(handle);
        assert!(matches!(refused, Err(Error::System(_))), "{name}: {refused:?}");
    }
    for path in [place.dir.path(), &fifo, Path::new("/dev/null"), Path::new("/dev/zero")] {
        assert!(FileMapped::<u64>::open(path).is_err(), "{path:?}");
        assert!(FileMapped::<u64>::from_path(path).is_err(), "{path:?}");
    }
    assert_eq!(place.items::<u64>(), [1]);
}

#[test]
fn seals_are_errors_of_the_call_that_meets_them() {
    let flags = MemfdFlags::ALLOW_SEALING | MemfdFlags::CLOEXEC;
    let file = File::from(memfd_create("sealed", flags).unwrap());
    let other = file.try_clone().unwrap();
    let mut mem = FileMapped::<u64>::new(file).unwrap();
    mem.grow_from_slice(&u64::run(0..5)).unwrap();
    fcntl_add_seals(&other, SealFlags::GROW).unwrap();
    mem.grow_filled(1, 1).map(|_| ()).unwrap_err();
    mem.grow_filled(1 << 20, 1).map(|_| ()).unwrap_err();
    assert_eq!(mem.allocated(), u64::run(0..5));
    mem.shrink(1).unwrap();
    fcntl_add_seals(&other, SealFlags::SHRINK).unwrap();
    mem.shrink(1).unwrap_err();
    assert_eq!(mem.allocated(), u64::run(0..4));
    assert_eq!(other.metadata().unwrap().len(), 32);
}

#[test]
fn blocks_reserved_ahead_are_given_back() {
    let ends: [fn(FileMapped<u64>); 2] = [|mem| mem.close().unwrap(), drop];
    for end in ends {
        let place = Place::new();
        let mut mem = place.hidden::<u64>();
        mem.grow_filled(1, 1).unwrap();
        mem.reserve(1 << 20).unwrap();
        let taken = fs::metadata(&place.path).unwrap().blocks() * 512;
        assert!(taken >= 8 << 20, "{taken} bytes");
        end(mem);
        let kept = fs::metadata(&place.path).unwrap().blocks() * 512;
        assert!(kept <= 4096, "{kept} bytes for one element");
    }
}

#[test]
fn a_sparse_file_takes_no_room() {
    let place = Place::new();
    let mut mem = FileOptions::new().sparse(true).from_path::<u64>(&place.path).unwrap();
    assert_eq!(grow_found(&mut mem, 1 << 20).unwrap().len(), 1 << 20);
    assert_eq!(place.len(), 8 << 20);
    assert!(fs::metadata(&place.path).unwrap().blocks() < 64);
}
