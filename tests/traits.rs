//! The traits of the standard library that a user expects of memories.

mod common;

use std::{
    fs::File,
    io::{Read, Seek},
    os::fd::AsFd,
};

use allocator_api2::alloc::Global as GlobalAllocator;
use common::{Place, items::Item, unnamed};
use platform_mem::{
    Alloc, ErasedMem, Error, FileMapped, FileOptions, FileView, Global, PreAlloc, RawMem, System,
    TempFile,
};

#[test]
fn debug_names_the_type() {
    let place = Place::holding(&[1_u64]);
    let view = FileView::<u64>::open(&place.path).unwrap();
    for (shown, name) in [
        (format!("{:?}", Alloc::<u64, _>::new(GlobalAllocator)), "Alloc { place: RawPlace"),
        (format!("{:?}", Global::<u64>::new()), "Global(Alloc"),
        (format!("{:?}", System::<u64>::new()), "System(Alloc"),
        (format!("{:?}", TempFile::<u64>::new().unwrap()), "TempFile(FileMapped"),
        (format!("{:?}", FileMapped::<u64>::new(unnamed()).unwrap()), "FileMapped { place"),
        (format!("{:?}", PreAlloc::new(vec![1_u64])), "PreAlloc { place: [1], len: 0 }"),
        (format!("{:?}", FileOptions::new()), "FileOptions {"),
        (format!("{view:?}"), "FileView(Window"),
        (format!("{:?}", view.private().unwrap()), "PrivateView {"),
    ] {
        assert!(shown.starts_with(name), "{shown}");
    }
    let mut erased: Box<dyn ErasedMem<Item = String> + Send> = Box::new(Global::new());
    erased.grow_filled(2, String::new()).unwrap();
    assert_eq!(format!("{erased:?}"), "ErasedMem { len: 2, .. }");
}

#[test]
fn memories_are_slices_where_one_is_wanted() {
    fn sum(elements: impl AsRef<[u64]>) -> u64 {
        elements.as_ref().iter().sum()
    }

    fn doubled<M: RawMem<Item = u64> + AsRef<[u64]> + AsMut<[u64]>>(mut mem: M) -> u64 {
        assert!(mem.is_empty());
        mem.grow_from_slice(&[1, 2, 3]).unwrap();
        mem.as_mut().iter_mut().for_each(|n| *n *= 2);
        assert_eq!((mem.len(), mem.is_empty()), (3, false));
        sum(mem)
    }

    assert_eq!(doubled(Alloc::<_, GlobalAllocator>::default()), 12);
    assert_eq!(doubled(Global::default()), 12);
    assert_eq!(doubled(System::default()), 12);
    assert_eq!(doubled(TempFile::new().unwrap()), 12);
    assert_eq!(doubled(FileMapped::try_from(unnamed()).unwrap()), 12);
    assert_eq!(doubled(PreAlloc::from(vec![0; 3])), 12);
}

#[test]
fn the_file_of_a_memory_is_lent_and_given_back() {
    let options = FileOptions::new().spare_capacity(true).offset(8);
    let mut mem: FileMapped<u64> = options.from_file(unnamed()).unwrap();
    mem.grow_from_slice(&u64::run(0..3)).unwrap();
    let lent = File::from(mem.as_fd().try_clone_to_owned().unwrap());
    assert!(lent.metadata().unwrap().len() > 32, "spare capacity");
    let mut file = mem.into_file().unwrap();
    let mut bytes = Vec::new();
    file.rewind().unwrap();
    file.read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes[8..], *bytemuck::cast_slice::<u64, u8>(&u64::run(0..3)));
    // The lock was given back with the memory.
    let again: FileMapped<u64> = FileOptions::new().offset(8).from_file(file).unwrap();
    assert_eq!(again.stored(), 3);
}

#[test]
fn a_file_that_is_no_use_is_refused_by_try_from() {
    let refused = FileMapped::<u64>::try_from(File::open("/dev/null").unwrap());
    assert!(matches!(refused, Err(Error::System(_))));
}
