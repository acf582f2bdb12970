//! What a memory in a file does to the file, and what it does not.

mod common;

use std::{
    fs::{self, File},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::Path,
    time::Duration,
};

use common::{Place, grow_found, grow_zeroed, items::Item};
use platform_mem::{Error, FileMapped, FileOptions, RawMem, Residency};
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

#[test]
fn a_clone_of_the_handle_that_appends_spoils_no_growth() {
    use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

    type Grow = fn(&mut FileMapped<u64>) -> platform_mem::Result<()>;
    let grows: [Grow; 6] = [
        |mem| mem.grow_filled(1, 7).map(|_| ()),
        |mem| mem.grow_filled(1000, 7).map(|_| ()),
        |mem| mem.grow_filled(300_000, 7).map(|_| ()),
        |mem| grow_zeroed(mem, 1000).map(|_| ()),
        |mem| grow_zeroed(mem, 300_000).map(|_| ()),
        |mem| mem.set_stored(2000),
    ];
    for spare in [false, true] {
        for (at, grow) in grows.iter().enumerate() {
            let place = Place::holding(&u64::run(0..3));
            let (handle, options) = (place.handle(), FileOptions::new().spare_capacity(spare));
            let clone = handle.try_clone().unwrap();
            let mut mem: FileMapped<u64> = options.from_file(handle).unwrap();
            assert_eq!(grow_found(&mut mem, 3).unwrap(), u64::run(0..3));
            let flags = fcntl_getfl(&clone).unwrap();
            fcntl_setfl(&clone, flags | OFlags::APPEND).unwrap();
            let refused = grow(&mut mem);
            assert!(matches!(refused, Ok(()) | Err(Error::LengthChanged { .. })), "{refused:?}");
            fcntl_setfl(&clone, flags).unwrap();
            mem.grow_filled(1, 9).unwrap();
            let (shown, stored) = (mem.allocated().to_vec(), mem.stored());
            mem.close().unwrap();
            assert_eq!(place.items::<u64>()[..shown.len()], shown, "{at}, spare {spare}");
            assert_eq!(place.items::<u64>().len(), stored, "{at}, spare {spare}");
            assert_eq!(shown[..3], u64::run(0..3), "{at}, spare {spare}");
        }
    }
}

#[test]
fn a_write_that_is_cut_short_is_an_error() {
    const NAME: &str = "a_write_that_is_cut_short_is_an_error";
    let Some(path) = common::child_work() else {
        let place = Place::new();
        let output = common::child(NAME, place.path.to_str().unwrap()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        assert_eq!(place.items::<u64>(), [1, 1]);
        return;
    };
    // SAFETY: the signal is ignored, which runs no code.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
    let limit = libc::rlimit { rlim_cur: 100, rlim_max: 100 };
    // SAFETY: the structure is ours, and lives until the call returns.
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_FSIZE, &raw const limit) }, 0);
    // Sparse, or reserving the blocks would be refused before anything is written.
    let options = FileOptions::new().sparse(true);
    let mut mem = options.from_path::<u64>(&path).unwrap();
    mem.grow_filled(2, 1).unwrap();
    let refused = mem.grow_filled(20, 2).map(|_| ()).unwrap_err();
    assert_eq!(std::io::Error::from(refused).kind(), std::io::ErrorKind::FileTooLarge);
    assert_eq!(mem.allocated(), [1, 1]);
}

/// tmpfs keeps what a mapping has written behind the end of a file.
#[test]
fn a_large_growth_shows_zeroes_whatever_was_behind_the_end() {
    let place = Place::in_memory().with(&[1_u64]);
    let map = memmap2::MmapOptions::new().len(4096).map_raw(&place.handle()).unwrap();
    for at in 8..4096 {
        // SAFETY: the page is mapped, and nobody else uses it.
        let byte = unsafe { map.as_mut_ptr().add(at) };
        // SAFETY: as above.
        unsafe { byte.write_volatile(0xAA) };
    }
    drop(map);
    for sparse in [false, true] {
        let options = FileOptions::new().sparse(sparse).sync_on_drop(false);
        let mut mem = options.open::<u64>(&place.path).unwrap();
        assert!(grow_zeroed(&mut mem, 300_000).unwrap().iter().all(|n| *n == 0), "{sparse}");
        mem.shrink(300_000).unwrap();
    }
}

#[test]
fn huge_pages_are_refused_when_the_memory_is_made() {
    let flags = MemfdFlags::HUGETLB | MemfdFlags::CLOEXEC;
    let Ok(file) = memfd_create("huge", flags) else {
        return common::skip("huge_pages", "the kernel has no huge pages for files");
    };
    let refused = FileMapped::<u64>::new(File::from(file)).unwrap_err();
    assert!(refused.to_string().contains("hugetlbfs"), "{refused}");
}

#[test]
fn flushing_a_range_flushes_that_range() {
    let place = Place::new();
    let mut mem = place.hidden::<u64>();
    mem.grow_filled(20 * 512, 1).unwrap();
    mem.flush().unwrap();
    mem.allocated_mut().fill(2);
    mem.flush_range(10 * 512..12 * 512).unwrap();
    match Residency::of(&place.handle(), 10 * 4096..12 * 4096) {
        Ok(residency) => assert_eq!(residency.dirty, 0, "{residency:?}"),
        Err(unknown) => common::skip("flushing_a_range", unknown),
    }
}

#[test]
fn nothing_is_in_the_page_cache_of_nothing() {
    let place = Place::holding(&u64::run(0..1000));
    for at in [0, 8, 8000, 1 << 40] {
        match Residency::of(&place.handle(), at..at) {
            Ok(residency) => assert_eq!(residency, Residency::default(), "{at}"),
            Err(unknown) => common::skip("nothing_is_in_the_page_cache", unknown),
        }
    }
}

#[test]
fn elements_aligned_to_more_than_a_page_are_refused() {
    #[repr(align(8192))]
    struct Wide {
        _bytes: [u8; 8192],
    }

    let place = Place::new();
    // SAFETY: the file does not hold anything.
    let refused = unsafe { FileMapped::<Wide>::from_path_unchecked(&place.path) }.unwrap_err();
    assert!(refused.to_string().contains("aligned to 8192 bytes"), "{refused}");
    assert!(!place.path.exists());
    // SAFETY: as above.
    let refused = unsafe { FileMapped::<Wide>::new_unchecked(common::unnamed()) };
    assert!(refused.is_err());
    assert!(platform_mem::TempFile::<Wide>::new().is_err());
}
