//! A file has one memory, wherever and under whatever name; and nothing stays behind.

mod common;

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    thread,
};

use common::{Killed, Place, child, child_work, descriptors_below, mappings_below, unnamed};
use platform_mem::{Error, FileMapped, FileOptions, RawMem, Result, TempFile};

fn locked<T>(result: Result<T>) -> bool {
    matches!(result, Err(Error::Locked))
}

#[test]
fn a_second_memory_is_refused_under_any_name() {
    let place = Place::holding(&[1_u64]);
    let (hard, soft) = (place.dir.path().join("hard"), place.dir.path().join("soft"));
    fs::hard_link(&place.path, &hard).unwrap();
    std::os::unix::fs::symlink(&place.path, &soft).unwrap();
    let handle = place.handle();
    let clone = handle.try_clone().unwrap();
    let mem = FileMapped::<u64>::new(handle).unwrap();
    for path in [&place.path, &hard, &soft] {
        assert!(locked(FileMapped::<u64>::open(path)), "{path:?}");
        assert!(locked(FileMapped::<u64>::from_path(path)), "{path:?}");
        assert!(locked(FileMapped::<()>::open(path)), "{path:?}");
    }
    assert!(locked(FileMapped::<u64>::new(clone.try_clone().unwrap())), "a clone of the handle");
    thread::scope(|scope| {
        scope.spawn(|| assert!(locked(FileMapped::<u64>::open(&hard)), "another thread"));
    });
    // The handle that was cloned lives on; the lock does not.
    drop(mem);
    FileMapped::<u64>::open(&hard).unwrap().close().unwrap();
    drop(FileMapped::<u64>::new(clone).unwrap());
    FileMapped::<u64>::open(&soft).unwrap();
}

#[test]
fn the_lock_can_be_forgone() {
    let place = Place::holding(&[1_u64]);
    let options = FileOptions::new().locked(false);
    // Another handle holds the lock, as another process would.
    let other = fs::File::open(&place.path).unwrap();
    other.lock().unwrap();
    assert!(locked(FileMapped::<u64>::open(&place.path)));
    let mut mem = options.open::<u64>(&place.path).unwrap();
    mem.allocated_mut()[0] = 2;
    // In one process, two memories would hand out references to the same elements.
    assert!(locked(options.open::<u64>(&place.path)));
    drop(mem);
    assert!(other.try_lock().is_ok(), "a lock that was not taken was given back");
    assert_eq!(place.items::<u64>(), [2]);
}

#[test]
fn a_foreign_lock_is_respected() {
    let place = Place::holding(&[1_u64]);
    let foreign = place.handle();
    foreign.lock().unwrap();
    assert!(locked(FileMapped::<u64>::open(&place.path)));
    foreign.unlock().unwrap();
    place.open::<u64>();
}

#[test]
fn another_process_is_refused_until_the_holder_is_killed() {
    const NAME: &str = "another_process_is_refused_until_the_holder_is_killed";
    if let Some(path) = child_work() {
        let _mem = FileMapped::<u64>::open(path).unwrap();
        std::io::stdout().write_all(b"\nheld\n").unwrap();
        loop {
            thread::park();
        }
    }
    let place = Place::holding(&[1_u64]);
    for _ in 0..5 {
        let mut holder = Killed(child(NAME, place.path.to_str().unwrap()).spawn().unwrap());
        let lines = BufReader::new(holder.0.stdout.take().unwrap()).lines();
        assert!(lines.map_while(|line| line.ok()).any(|line| line == "held"));
        assert!(locked(FileMapped::<u64>::open(&place.path)));
        drop(holder);
        assert_eq!(place.open::<u64>().allocated(), [1]);
    }
}

/// The inode of an unnamed file is free when it is closed, and is the next one's.
#[test]
fn files_that_come_and_go_do_not_lock_each_other() {
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..2_000 {
                    FileOptions::new().sync_on_drop(false).from_file::<u64>(unnamed()).unwrap();
                }
            });
        }
    });
}

#[test]
fn nothing_stays_open_or_mapped() {
    let place = Place::new();
    let dir = place.dir.path();
    let use_up = |refuse: bool| {
        let mut mem = place.hidden::<u64>();
        let mut temp = TempFile::<u64>::new_in(dir).unwrap();
        for n in [1, 10_000, 1 << 20] {
            mem.grow_filled(n, 1).unwrap();
            temp.grow_filled(n, 1).unwrap();
        }
        assert!(descriptors_below(dir) >= 2 && mappings_below(dir) >= 2, "what is looked for");
        if refuse {
            mem.grow_filled(1 << 58, 1).map(|_| ()).unwrap_err();
            temp.grow_filled(1 << 58, 1).map(|_| ()).unwrap_err();
            FileMapped::<u64>::open(&place.path).map(|_| ()).unwrap_err();
            FileMapped::<[u64; 3]>::new(place.handle()).map(|_| ()).unwrap_err();
        }
        mem
    };
    drop(use_up(false));
    use_up(true).close().unwrap();
    assert_eq!((descriptors_below(dir), mappings_below(dir)), (0, 0));
    assert_eq!(fs::read_dir(dir).unwrap().count(), 1, "the one file with a name");
}

#[test]
fn a_killed_process_leaves_no_temporary_file() {
    const NAME: &str = "a_killed_process_leaves_no_temporary_file";
    if let Some(dir) = child_work() {
        let mut mem = TempFile::<u64>::new_in(dir).unwrap();
        mem.grow_filled(100_000, 1).unwrap();
        std::io::stdout().write_all(b"\nheld\n").unwrap();
        loop {
            thread::park();
        }
    }
    let place = Place::new();
    let mut holder = Killed(child(NAME, place.dir.path().to_str().unwrap()).spawn().unwrap());
    let lines = BufReader::new(holder.0.stdout.take().unwrap()).lines();
    assert!(lines.map_while(|line| line.ok()).any(|line| line == "held"));
    drop(holder);
    assert_eq!(fs::read_dir(place.dir.path()).unwrap().count(), 0);
}

#[test]
fn a_refused_handle_is_not_locked() {
    let place = Place::holding(&[1_u8, 2, 3]);
    assert!(matches!(FileMapped::<u64>::open(&place.path), Err(Error::LeftOver { bytes: 3, .. })));
    FileMapped::<u64>::new(File::open(&place.path).unwrap()).map(|_| ()).unwrap_err();
    assert_eq!(place.open::<u8>().allocated(), [1, 2, 3]);
}
