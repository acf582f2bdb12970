//! Defects of memories in files.

use std::{
    fs::{self, File},
    marker::PhantomData,
    os::unix::fs::MetadataExt,
    rc::Rc,
};

use bytemuck::Pod;
use platform_mem::{Error, FileMapped, FileOptions, Global, RawMem, TempFile};
use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};

use crate::common::{
    Place,
    counted::{Counted, Ledger, labels, panics},
    grow_found, grow_zeroed,
};

/// A file in memory, and another handle of it that can forbid it to grow or to shrink.
fn sealable() -> (File, File) {
    let flags = MemfdFlags::ALLOW_SEALING | MemfdFlags::CLOEXEC;
    let file = File::from(memfd_create("sealable", flags).unwrap());
    let other = file.try_clone().unwrap();
    (file, other)
}

/// An empty memory in `file` of values that files cannot be trusted to hold.
fn of_counted(file: File) -> FileMapped<Counted> {
    // SAFETY: all callers bring empty files, which hold nothing but values.
    unsafe { FileMapped::new_unchecked(file) }.unwrap()
}

#[test]
fn f01_a_growth_that_fails_leaves_the_elements_mapped() {
    let (file, other) = sealable();
    let mut mem = FileMapped::new(file).unwrap();
    mem.grow_filled(3, 7_u64).unwrap();
    fcntl_add_seals(&other, SealFlags::GROW).unwrap();
    for n in [1, 100_000, 1 << 40] {
        assert!(matches!(mem.grow_filled(n, 8), Err(Error::System(_))));
        mem.allocated_mut()[0] += 1;
    }
    assert_eq!(mem.allocated(), [10, 7, 7]);
    assert_eq!(other.metadata().unwrap().len(), 24);
}

#[test]
fn f02_after_a_growth_that_fails_the_elements_are_dropped_once() {
    let ledger = Rc::new(Ledger::default());
    let (file, other) = sealable();
    let mut mem = of_counted(file);
    mem.grow_filled(3, ledger.make(1)).unwrap();
    fcntl_add_seals(&other, SealFlags::GROW).unwrap();
    mem.grow_filled(100_000, ledger.make(2)).map(|_| ()).unwrap_err();
    ledger.check(3, "after the growth that failed");
    drop(mem);
    ledger.check(0, "at the end");
}

/// Whether the safe constructors, which all ask for [`Pod`], accept a type.
struct Safe<T>(PhantomData<T>);

impl<T: Pod> Safe<T> {
    const ACCEPTED: bool = true;
}

/// What a path resolves to where they do not; that they ask is tested where they are documented.
trait Refused {
    const ACCEPTED: bool = false;
}

impl<T> Refused for Safe<T> {}

#[test]
fn f04_types_that_not_all_bytes_are_a_value_of_have_no_safe_constructor() {
    let accepted = [Safe::<bool>::ACCEPTED, Safe::<&u8>::ACCEPTED, Safe::<String>::ACCEPTED];
    assert_eq!(accepted, [false; 3]);
    assert_eq!([Safe::<(u8, u16)>::ACCEPTED, Safe::<u8>::ACCEPTED], [false, true]);
}

#[test]
fn f06_a_file_has_one_memory() {
    let place = Place::holding(&[1_u64, 2]);
    let mem = place.open::<u64>();
    let refused = FileMapped::<u64>::open(&place.path).unwrap_err();
    assert!(matches!(refused.cause(), Error::Locked));
    assert!(matches!(FileMapped::<u64>::new(place.handle()), Err(Error::Locked)));
    drop(mem);
    assert_eq!(place.open::<u64>().allocated(), [1, 2]);
}

#[test]
fn f07_shrinking_keeps_what_is_not_shown() {
    let place = Place::holding(&[1_u64, 2, 3]);
    let mut mem = place.hidden::<u64>();
    mem.shrink(0).unwrap();
    assert_eq!(grow_zeroed(&mut mem, 2).unwrap(), [1, 2]);
    mem.shrink(1).unwrap();
    assert_eq!(mem.allocated(), [1]);
    drop(mem);
    assert_eq!(place.items::<u64>(), [1, 2, 3]);
}

#[test]
fn f08_opening_does_not_pad() {
    let place = Place::holding(&[1_u64, 2, 3]);
    drop(place.open::<u64>());
    drop(place.hidden::<u64>());
    assert_eq!(place.items::<u64>(), [1, 2, 3]);
}

#[test]
fn f09_a_growth_that_fails_or_panics_leaves_no_zeroes() {
    let place = Place::holding(&[1_u64]);
    let mut mem = place.open::<u64>();
    assert!(panics(
        || _ = mem.grow_with(9, || std::panic::resume_unwind(Box::new("on purpose".to_owned())))
    ));
    assert_eq!(place.items::<u64>(), [1]);
    mem.grow_from_slice(&[2]).unwrap();
    assert_eq!(place.items::<u64>(), [1, 2]);
    drop(mem);
    let write_only = File::options().write(true).open(&place.path).unwrap();
    FileMapped::<u64>::new(write_only).unwrap_err();
    assert_eq!(place.items::<u64>(), [1, 2]);
}

#[test]
fn f10_a_shrinking_that_fails_changes_nothing() {
    let ledger = Rc::new(Ledger::default());
    let (file, other) = sealable();
    let mut mem = of_counted(file);
    let mut label = 0..;
    mem.grow_with(3, || ledger.make(label.next().unwrap())).unwrap();
    fcntl_add_seals(&other, SealFlags::SHRINK).unwrap();
    assert!(matches!(mem.shrink(2), Err(Error::System(_))));
    assert_eq!(labels(mem.allocated()), [0, 1, 2]);
    drop(mem);
    ledger.check(0, "at the end");
}

#[test]
fn f13_what_a_mapping_cannot_align_is_refused() {
    #[derive(Clone, Debug)]
    #[repr(align(8192))]
    struct Huge;
    #[derive(Clone, Debug)]
    #[repr(align(8192))]
    struct HugeByte(#[expect(dead_code, reason = "only its size counts")] u8);

    let place = Place::new();
    assert!(matches!(TempFile::<HugeByte>::new(), Err(Error::System(_))));
    assert!(matches!(TempFile::<Huge>::new(), Err(Error::System(_))));
    // SAFETY: there is no file.
    assert!(unsafe { FileMapped::<HugeByte>::from_path_unchecked(&place.path) }.is_err());
    assert!(!place.path.exists(), "refused, but created");
    let mut mem = Global::new();
    assert!(mem.grow_filled(3, HugeByte(1)).unwrap().as_ptr().is_aligned());
}

#[test]
fn f14_growth_takes_its_room_on_disk() {
    let place = Place::new();
    let mut mem = place.hidden::<u64>();
    for n in [1, 1000, 1 << 20] {
        grow_zeroed(&mut mem, n).unwrap();
        let file = fs::metadata(&place.path).unwrap();
        assert!(
            file.blocks() * 512 >= file.len(),
            "{} blocks, {} bytes",
            file.blocks(),
            file.len()
        );
    }
}

#[test]
fn f16_a_file_that_was_cut_short_is_an_error() {
    let place = Place::holding(&[1_u64, 2]);
    let mut mem = place.open::<u64>();
    place.handle().set_len(8).unwrap();
    let changed = |result| matches!(result, Err(Error::LengthChanged { expected: 16, found: 8 }));
    assert!(changed(mem.grow_filled(1, 3).map(|_| ())));
    assert!(changed(mem.shrink(1)));
    drop(mem);
    assert_eq!(place.items::<u64>(), [1]);
}

#[test]
fn f20_zero_sized_elements_are_only_counted() {
    let place = Place::holding(&[1_u8, 2, 3]);
    let mut mem = place.open::<()>();
    assert_eq!(mem.allocated().len(), 0, "a file does not remember them");
    mem.grow_filled(5, ()).unwrap();
    mem.shrink(2).unwrap();
    mem.flush_range(1..3).unwrap();
    assert_eq!(mem.allocated().len(), 3);
    mem.close().unwrap();
    assert_eq!(place.items::<u8>(), [1, 2, 3]);
}

#[test]
#[cfg(feature = "faults")]
fn f21_a_temporary_file_is_never_synced() {
    let made = platform_mem::fault::watch(|| {
        TempFile::new().unwrap().grow_filled(100_000, 1_u64).map(|_| ()).unwrap();
    })
    .made;
    assert!(!made.is_empty());
    assert!(!made.contains(&platform_mem::fault::Call::Sync), "{made:?}");
}

#[test]
fn f22_flush_and_close_report() {
    let place = Place::new();
    let mut mem = place.hidden::<u64>();
    mem.grow_filled(3, 1).unwrap();
    mem.flush().unwrap();
    mem.flush_range(1..).unwrap();
    assert!(matches!(mem.flush_range(2..9), Err(Error::OutOfRange { start: 2, end: 9, len: 3 })));
    place.handle().set_len(8).unwrap();
    assert!(matches!(mem.close(), Err(Error::LengthChanged { expected: 24, found: 8 })));
}

#[test]
fn f27_handles_that_no_memory_can_lie_in_are_refused_at_once() {
    let place = Place::holding(&[1_u64]);
    let handles = [
        File::open(place.dir.path()).unwrap(),
        File::options().read(true).write(true).open("/dev/null").unwrap(),
        File::open(&place.path).unwrap(),
        File::options().write(true).open(&place.path).unwrap(),
    ];
    for handle in handles {
        assert!(matches!(FileMapped::<u64>::new(handle), Err(Error::System(_))));
    }
}

#[test]
fn f28_growth_by_nothing_touches_nothing() {
    let place = Place::holding(&[1_u64]);
    let mut mem = FileOptions::new().sync_on_drop(false).open::<u64>(&place.path).unwrap();
    let start = mem.allocated().as_ptr();
    // A look at the file would find that its length is wrong.
    place.handle().set_len(9).unwrap();
    assert_eq!(mem.grow_filled(0, 1).unwrap(), []);
    assert_eq!(grow_found(&mut mem, 0).unwrap(), []);
    mem.reserve(0).unwrap();
    mem.shrink(0).unwrap();
    assert_eq!(mem.allocated().as_ptr(), start);
}

/// Not among the published defects, but asked of ours: what cannot be shown can be kept.
#[test]
fn memories_are_shown_whatever_they_hold() {
    struct Silent;

    let mut mem = TempFile::<Silent>::new().unwrap();
    mem.grow_with(2, || Silent).unwrap();
    assert!(format!("{mem:?}").starts_with("TempFile"));
    let odd = Error::LeftOver { bytes: 1, element_size: 0 };
    assert!(odd.to_string().contains("0 bytes are left over"));
}
