//! Reading a file through a view.

mod common;

use std::{
    fs::{self, File, Permissions},
    ops::Bound,
    os::unix::fs::PermissionsExt,
    thread,
};

use common::{Place, descriptors_below, items::Item, mappings_below, unnamed};
use platform_mem::{
    Advice, Error, FileMapped, FileOptions, FileView, Lock, PrivateView, RawMem, Result,
    ViewOptions,
};

fn locked<T>(result: Result<T>) -> bool {
    matches!(result.as_ref().map_err(Error::cause), Err(Error::Locked))
}

fn view(place: &Place) -> FileView<u64> {
    FileView::open(&place.path).unwrap()
}

#[test]
fn a_view_shows_what_is_in_the_file_and_changes_nothing() {
    for len in [0, 1, 511, 512, 513, 100_000] {
        let place = Place::holding(&u64::run(0..len));
        let before = fs::metadata(&place.path).unwrap().modified().unwrap();
        let view = view(&place);
        assert_eq!(view[..], u64::run(0..len));
        assert_eq!(view.as_ref().len(), len);
        assert_eq!((&view).into_iter().count(), len);
        assert!(view.as_ptr().is_aligned());
        drop(view);
        assert_eq!(fs::metadata(&place.path).unwrap().modified().unwrap(), before);
        assert_eq!(place.items::<u64>(), u64::run(0..len));
    }
}

#[test]
fn an_offset_and_a_range_choose_the_elements() {
    let place = Place::holding(&u64::run(0..2000));
    for (offset, range) in [(0, 3..9), (8, 0..1), (4096, 0..0), (4104, 511..1000), (16_000, 0..0)] {
        let options = ViewOptions::new().offset(offset as u64).range(range.clone());
        let first = offset / 8;
        let expected = u64::run(first + range.start..first + range.end);
        assert_eq!(options.open::<u64>(&place.path).unwrap()[..], expected, "{offset} {range:?}");
    }
    let after = ViewOptions::new().range((Bound::Excluded(3), Bound::Unbounded));
    assert_eq!(after.open::<u64>(&place.path).unwrap()[..], u64::run(4..2000));
    let refused = ViewOptions::new().offset(8).range(..2000).open::<u64>(&place.path).unwrap_err();
    assert!(
        matches!(refused.cause(), Error::OutOfRange { start: 0, end: 2000, len: 1999 }),
        "{refused}"
    );
    let refused = ViewOptions::new().offset(4).open::<u64>(&place.path).unwrap_err();
    assert!(matches!(refused.cause(), Error::Misaligned { offset: 4, align: 8 }), "{refused}");
    let refused = ViewOptions::new().offset(16_008).open::<u64>(&place.path).unwrap_err();
    assert!(matches!(refused.cause(), Error::HeaderCut { header: 16_008, .. }), "{refused}");
}

#[test]
fn left_over_bytes_are_refused_unless_a_range_ends_before_them() {
    let place = Place::holding(&[1_u8, 2, 3, 4, 5, 6, 7]);
    let refused = FileView::<[u8; 3]>::open(&place.path).unwrap_err();
    assert!(matches!(refused.cause(), Error::LeftOver { bytes: 7, element_size: 3 }), "{refused}");
    assert!(refused.to_string().starts_with(&place.path.display().to_string()));
    let options = ViewOptions::new().range(1..2);
    assert_eq!(options.open::<[u8; 3]>(&place.path).unwrap()[..], [[4, 5, 6]]);
    ViewOptions::new().range(1..).open::<[u8; 3]>(&place.path).unwrap_err();
    ViewOptions::new().range(..3).open::<[u8; 3]>(&place.path).unwrap_err();
    assert_eq!(FileView::<()>::open(&place.path).unwrap().len(), 0);
}

#[test]
fn there_are_many_readers_or_one_writer() {
    let place = Place::holding(&u64::run(0..3));
    let (first, second) = (view(&place), view(&place));
    assert!(locked(FileMapped::<u64>::open(&place.path)));
    assert!(locked(FileOptions::new().locked(false).open::<u64>(&place.path)));
    drop(first);
    assert!(locked(FileMapped::<u64>::open(&place.path)), "one reader is left");
    let private = second.private().unwrap();
    assert!(locked(FileMapped::<u64>::open(&place.path)), "it reads the file as well");
    drop(private);
    let mem = place.open::<u64>();
    assert!(locked(FileView::<u64>::open(&place.path)));
    assert!(locked(ViewOptions::new().lock(Lock::None).open::<u64>(&place.path)));
    assert!(locked(ViewOptions::new().lock(Lock::Wait).open::<u64>(&place.path)));
    drop(mem);
    view(&place);
}

#[test]
fn other_processes_may_read_too_but_not_write() {
    let place = Place::holding(&u64::run(0..3));
    let view = view(&place);
    // Handles of their own, as other processes have.
    let (reader, writer) = (place.handle(), place.handle());
    assert!(writer.try_lock().is_err());
    reader.try_lock_shared().unwrap();
    assert_eq!(view[..], u64::run(0..3));
    drop(view);
    reader.unlock().unwrap();
    writer.try_lock().unwrap();
    assert!(locked(FileView::<u64>::open(&place.path)));
    let options = ViewOptions::new().lock(Lock::None);
    assert_eq!(options.open::<u64>(&place.path).unwrap()[..], u64::run(0..3));
}

#[test]
fn views_over_clones_of_a_handle_keep_their_lock() {
    let place = Place::holding(&u64::run(0..3));
    let handle = File::open(&place.path).unwrap();
    let views = [0, 1].map(|_| FileView::<u64>::new(handle.try_clone().unwrap()).unwrap());
    let [first, second] = views;
    drop(first);
    assert!(place.handle().try_lock().is_err(), "the other view has lost its lock");
    drop(second);
    // The handle that was cloned lives on; the lock does not.
    place.handle().try_lock().unwrap();
}

#[test]
fn a_file_that_may_not_be_written_can_be_read() {
    let place = Place::holding(&u64::run(0..3));
    fs::set_permissions(&place.path, Permissions::from_mode(0o444)).unwrap();
    assert_eq!(view(&place)[..], u64::run(0..3));
    let handle = File::open(&place.path).unwrap();
    assert_eq!(FileView::<u64>::new(handle).unwrap()[..], u64::run(0..3));
    for refused in [
        FileView::<u64>::new(File::options().write(true).open("/dev/null").unwrap()),
        FileView::<u64>::open("/dev/zero"),
        FileView::<u64>::open(place.dir.path()),
    ] {
        assert!(matches!(refused, Err(Error::System(_))), "{refused:?}");
    }
    let write_only = File::options().write(true).open(&place.path);
    if let Ok(handle) = write_only {
        assert!(FileView::<u64>::new(handle).is_err());
    }
}

#[test]
fn what_is_changed_in_private_stays_there() {
    let place = Place::holding(&u64::run(0..2000));
    let mut elements: PrivateView<u64> =
        ViewOptions::new().range(10..1990).open(&place.path).unwrap().private().unwrap();
    assert_eq!(elements[..], u64::run(10..1990));
    elements.reverse();
    elements.as_mut()[0] = 5;
    let mut expected = u64::run(10..1990);
    expected.reverse();
    expected[0] = 5;
    assert_eq!(elements.as_ref(), expected);
    drop(elements);
    assert_eq!(place.items::<u64>(), u64::run(0..2000));
    let empty = Place::holding::<u64>(&[]);
    assert_eq!(view(&empty).private().unwrap()[..], []);
}

#[test]
fn threads_share_a_view() {
    let place = Place::holding(&u64::run(0..10_000));
    let (view, expected) = (view(&place), u64::run(0..10_000));
    thread::scope(|scope| {
        for part in 0..4 {
            let (view, expected) = (&view, &expected);
            scope.spawn(move || {
                let range = part * 2500..(part + 1) * 2500;
                assert_eq!(view[range.clone()], expected[range]);
            });
        }
    });
    let moved = thread::spawn(move || view.len());
    assert_eq!(moved.join().unwrap(), 10_000);
}

#[test]
fn nothing_stays_open_or_mapped() {
    let place = Place::holding(&u64::run(0..10_000));
    let dir = place.dir.path();
    let views = (view(&place), view(&place).private().unwrap());
    assert!(descriptors_below(dir) == 2 && mappings_below(dir) == 2, "what is looked for");
    FileView::<[u64; 3]>::open(&place.path).unwrap_err();
    drop(views);
    assert_eq!((descriptors_below(dir), mappings_below(dir)), (0, 0));
}

#[test]
fn advice_changes_no_element() {
    let all = [Advice::Normal, Advice::Sequential, Advice::Random, Advice::HugePages];
    let place = Place::holding(&u64::run(0..10_000));
    let view = view(&place);
    let mut mem = FileMapped::<u64>::new(unnamed()).unwrap();
    for advice in all {
        // A kernel may be built without huge pages.
        assert!(view.advise(advice).is_ok() || advice == Advice::HugePages, "{advice:?}");
        assert!(mem.advise(advice).is_ok() || advice == Advice::HugePages, "{advice:?}");
        mem.grow_from_slice(&u64::run(0..10_000)).unwrap();
        mem.prefetch(3..).unwrap();
        mem.cool(..).unwrap();
        view.prefetch(..5000).unwrap();
    }
    assert_eq!(view[..], u64::run(0..10_000));
    assert_eq!(mem.allocated(), u64::run(0..10_000).repeat(4));
    assert!(matches!(mem.prefetch(..40_001), Err(Error::OutOfRange { .. })));
    assert!(matches!(view.prefetch(10_001..), Err(Error::OutOfRange { .. })));
    FileMapped::<u64>::new(unnamed()).unwrap().prefetch(..).unwrap();
}

/// The flags by which the kernel shows how a mapping of a file below `dir` will be used.
#[cfg(target_os = "linux")]
fn flags_of_mapping(dir: &std::path::Path) -> Vec<String> {
    let maps = fs::read_to_string("/proc/self/smaps").unwrap();
    let dir = dir.to_str().unwrap();
    let mut mapping = maps.lines().skip_while(|line| !line.contains(dir));
    let flags = mapping.find_map(|line| line.strip_prefix("VmFlags:")).unwrap_or_default();
    flags.split_whitespace().map(str::to_owned).collect()
}

#[test]
#[cfg(target_os = "linux")]
fn advice_is_remembered_when_the_mapping_is_made_and_moves() {
    let place = Place::new();
    let mut mem = place.hidden::<u64>();
    mem.advise(Advice::Random).unwrap();
    for count in [1, 10_000, 1 << 20] {
        mem.grow_filled(count, 1).unwrap();
        let flags = flags_of_mapping(place.dir.path());
        assert!(flags.iter().any(|flag| flag == "rr"), "{count}: {flags:?}");
    }
    mem.advise(Advice::Sequential).unwrap();
    mem.grow_filled(1 << 20, 1).unwrap();
    let flags = flags_of_mapping(place.dir.path());
    assert!(flags.iter().any(|flag| flag == "sr"), "{flags:?}");
}
