//! Elements behind a header.

mod common;

use std::fs;

use common::{Place, grow_found, grow_zeroed, items::Item};
use platform_mem::{Error, FileMapped, FileOptions, RawMem, Result};

const OPTIONS: FileOptions = FileOptions::new().sync_on_drop(false);

/// A file with a header of `header` bytes, all of them 7, and some elements.
fn file(header: usize, elements: usize) -> Place {
    let mut bytes = vec![7_u8; header];
    bytes.extend_from_slice(bytemuck::cast_slice(&u64::run(0..elements)));
    Place::holding(&bytes)
}

/// The file as it should be.
fn expect(place: &Place, header: &[u8], elements: &[u64]) {
    let bytes = place.bytes();
    assert_eq!(bytes[..header.len()], *header);
    let behind: Vec<u64> =
        bytes[header.len()..].chunks_exact(8).map(bytemuck::pod_read_unaligned).collect();
    assert_eq!(behind, elements);
    assert_eq!(bytes.len(), header.len() + elements.len() * 8);
}

#[test]
fn elements_begin_at_the_offset_and_the_header_stays() {
    for header in [8, 16, 4096, 65_536, 100_000] {
        for spare in [false, true] {
            let place = file(header, 10);
            let options = OPTIONS.offset(header as u64).spare_capacity(spare);
            let mut mem: FileMapped<u64> = options.open(&place.path).unwrap();
            assert_eq!(mem.allocated(), u64::run(0..10));
            mem.grow_from_slice(&u64::run(10..30)).unwrap();
            mem.grow_filled(50_000, 1).unwrap();
            mem.grow_within(..2).unwrap();
            mem.shrink(50_001).unwrap();
            grow_zeroed(&mut mem, 2).unwrap();
            mem.reserve(1000).unwrap();
            mem.flush_range(3..31).unwrap();
            assert_eq!(mem.header(), vec![7; header]);
            let mut expected = u64::run(0..30);
            expected.extend([1, 0, 0]);
            assert_eq!(mem.allocated(), expected);
            mem.close().unwrap();
            expect(&place, &vec![7; header], &expected);
        }
    }
}

#[test]
fn the_header_is_written_as_bytes() {
    let place = file(24, 3);
    let options = OPTIONS.offset(24);
    let mut mem: FileMapped<u64> = options.from_path(&place.path).unwrap();
    mem.header_mut().unwrap()[4..6].copy_from_slice(b"ab");
    assert_eq!(grow_found(&mut mem, 4).unwrap()[..3], u64::run(0..3));
    mem.header_mut().unwrap()[23] = b'z';
    assert_eq!(
        mem.header(),
        b"\x07\x07\x07\x07ab\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07z"
    );
    mem.flush().unwrap();
    let header = mem.header().to_vec();
    drop(mem);
    let mut elements = u64::run(0..3);
    elements.push(0);
    expect(&place, &header, &elements);
}

#[test]
fn an_empty_file_gets_its_header_when_it_grows() {
    type Grow = fn(&mut FileMapped<u64>) -> Result<()>;
    let grows: [(Grow, &[u64]); 5] = [
        (|mem| mem.grow_filled(2, 5).map(|_| ()), &[5, 5]),
        (|mem| grow_zeroed(mem, 1).map(|_| ()), &[0]),
        (|mem| mem.set_stored(2), &[0, 0]),
        (|mem| mem.header_mut().map(|_| ()), &[]),
        (|mem| mem.grow_filled(1, 5).map(|_| ()).and_then(|()| mem.shrink(1)), &[]),
    ];
    for header in [16, 70_000] {
        for (grow, elements) in grows {
            for spare in [false, true] {
                let place = Place::new();
                let options = OPTIONS.offset(header).spare_capacity(spare);
                let mut mem: FileMapped<u64> = options.open_or_create(&place.path).unwrap();
                assert_eq!((place.len(), mem.header()), (0, &[][..]));
                grow(&mut mem).unwrap();
                assert_eq!(mem.header(), vec![0; header as usize]);
                mem.header_mut().unwrap().fill(9);
                drop(mem);
                expect(&place, &vec![9; header as usize], elements);
            }
        }
    }
}

#[test]
fn an_empty_file_that_does_not_grow_stays_empty() {
    let place = Place::new();
    let options = OPTIONS.offset(16);
    for _ in 0..2 {
        let mut mem: FileMapped<u64> = options.open_or_create(&place.path).unwrap();
        mem.shrink(0).unwrap();
        mem.reserve(100).unwrap();
        mem.grow_filled(usize::MAX / 16, 1).map(|_| ()).unwrap_err();
        assert_eq!(mem.header(), []);
        mem.close().unwrap();
        assert_eq!(place.len(), 0);
    }
}

#[test]
fn a_growth_that_panics_leaves_an_empty_file_empty() {
    let place = Place::new();
    let mut mem: FileMapped<u64> = OPTIONS.offset(16).from_path(&place.path).unwrap();
    for count in [3, 200_000] {
        let growth = std::panic::AssertUnwindSafe(|| {
            // SAFETY: it panics before it returns.
            unsafe { mem.grow(count, |_, _| std::panic::resume_unwind(Box::new(()))) }.map(|_| ())
        });
        std::panic::catch_unwind(growth).unwrap_err();
        assert_eq!((place.len(), mem.header()), (0, &[][..]), "{count}");
    }
    mem.grow_filled(1, 5).unwrap();
    drop(mem);
    expect(&place, &[0; 16], &[5]);
}

#[test]
fn offsets_and_files_that_do_not_fit_are_refused() {
    let place = file(16, 1);
    for offset in [1, 4, 12, 20] {
        let refused = OPTIONS.offset(offset).open::<u64>(&place.path).unwrap_err();
        assert!(
            matches!(refused.cause(), Error::Misaligned { offset: told, align: 8 }
                if *told == offset),
            "{refused}"
        );
        let new = place.dir.path().join("new");
        OPTIONS.offset(offset).from_path::<u64>(&new).unwrap_err();
        assert!(!new.exists(), "a file was created for nothing");
    }
    for offset in [32, 4096, 1 << 62, u64::MAX - 7] {
        let refused = OPTIONS.offset(offset).open::<u64>(&place.path).unwrap_err();
        assert!(
            matches!(refused.cause(), Error::HeaderCut { bytes: 24, header } if *header == offset),
            "{refused}"
        );
    }
    let refused = OPTIONS.offset(20).open::<[u8; 3]>(&place.path).unwrap_err();
    assert!(matches!(refused.cause(), Error::LeftOver { bytes: 4, element_size: 3 }), "{refused}");
    assert_eq!(place.bytes(), file(16, 1).bytes());
    let empty = Place::holding::<u8>(&[]);
    let mut mem: FileMapped<u8> = OPTIONS.offset(u64::MAX).from_path(&empty.path).unwrap();
    assert!(matches!(mem.grow_filled(1, 1).map(|_| ()), Err(Error::CapacityOverflow)));
    assert!(matches!(mem.header_mut().map(|_| ()), Err(Error::CapacityOverflow)));
    drop(mem);
    assert_eq!(fs::read(&empty.path).unwrap(), []);
}

#[test]
fn the_path_is_in_the_error() {
    let place = Place::new();
    let path = place.dir.path().join("missing/data.bin");
    let shown = path.display().to_string();
    for error in [
        FileMapped::<u64>::from_path(&path).unwrap_err(),
        FileMapped::<u64>::open(&path).unwrap_err(),
        FileMapped::<u64>::open_or_create(&path).unwrap_err(),
    ] {
        assert!(error.to_string().starts_with(&shown), "{error}");
        let Error::System(system) = error else { panic!("{error}") };
        assert_eq!(system.kind(), std::io::ErrorKind::NotFound);
    }
    let place = Place::holding(&[1_u8, 2, 3]);
    let error = FileMapped::<u64>::open(&place.path).unwrap_err();
    assert!(error.to_string().starts_with(&place.path.display().to_string()), "{error}");
    assert_eq!(std::io::Error::from(error).kind(), std::io::ErrorKind::InvalidData);
}
