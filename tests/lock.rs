//! A file has one memory, wherever and under whatever name; and nothing stays behind.

mod common;

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    thread,
};

use common::{Killed, Place, child, child_work, descriptors_below, mappings_below, unnamed};
use platform_mem::{Error, FileMapped, FileOptions, Lock, RawMem, Result, TempFile};

fn locked<T>(result: Result<T>) -> bool {
    matches!(result.as_ref().map_err(Error::cause), Err(Error::Locked))
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
    let refused = FileMapped::<u64>::open(&place.path).unwrap_err();
    assert!(matches!(refused.cause(), Error::LeftOver { bytes: 3, .. }));
    FileMapped::<u64>::new(File::open(&place.path).unwrap()).map(|_| ()).unwrap_err();
    assert_eq!(place.open::<u8>().allocated(), [1, 2, 3]);
}

#[test]
fn waiting_ends_when_the_other_has_given_the_lock_back() {
    let place = Place::holding(&[1_u64]);
    let mut other = place.handle();
    other.lock().unwrap();
    let options = FileOptions::new().lock(Lock::Wait);
    thread::scope(|scope| {
        let waiting = scope.spawn(|| options.open::<u64>(&place.path).unwrap().allocated().len());
        thread::sleep(std::time::Duration::from_millis(30));
        assert!(!waiting.is_finished(), "it did not wait");
        other.set_len(16).unwrap();
        other.flush().unwrap();
        other.unlock().unwrap();
        assert_eq!(waiting.join().unwrap(), 2, "the file as it was left by the other");
    });
}

#[test]
fn a_memory_of_the_same_process_is_not_waited_for() {
    let place = Place::holding(&[1_u64]);
    let mem = place.open::<u64>();
    assert!(locked(FileOptions::new().lock(Lock::Wait).open::<u64>(&place.path)));
    drop(mem);
}

#[test]
fn processes_that_wait_for_each_other_lose_no_element() {
    const NAME: &str = "processes_that_wait_for_each_other_lose_no_element";
    let options = FileOptions::new().lock(Lock::Wait).sync_on_drop(false);
    if let Some(path) = child_work() {
        for _ in 0..20 {
            let mut mem = options.open::<u64>(&path).unwrap();
            let next = mem.allocated().len() as u64;
            mem.grow_filled(1, next).unwrap();
        }
        return;
    }
    let place = Place::holding::<u64>(&[]);
    let children: Vec<_> = (0..8)
        .map(|_| Killed(child(NAME, place.path.to_str().unwrap()).spawn().unwrap()))
        .collect();
    for mut child in children {
        assert!(child.0.wait().unwrap().success());
    }
    assert_eq!(place.items::<u64>(), (0..160).collect::<Vec<_>>());
}

/// The paths by which this process can open its files below `dir` again.
#[cfg(target_os = "linux")]
fn paths_of_open_files(dir: &std::path::Path) -> Vec<std::path::PathBuf> {
    let open = fs::read_dir("/proc/self/fd").unwrap().map(|entry| entry.unwrap().path());
    open.filter(|path| fs::read_link(path).is_ok_and(|to| to.starts_with(dir))).collect()
}

#[test]
#[cfg(target_os = "linux")]
fn a_temporary_file_is_claimed_like_any_other() {
    let place = Place::new();
    let mut mem = TempFile::<Box<u64>>::new_in(place.dir.path()).unwrap();
    mem.grow_with(3, || Box::new(7)).unwrap();
    let [path] = &paths_of_open_files(place.dir.path())[..] else { panic!("one file is open") };
    assert!(locked(FileMapped::<u64>::open(path)));
    assert!(File::open(path).unwrap().try_lock().is_err(), "other processes are not kept away");
    assert_eq!(mem.allocated(), [const { 7 }; 3].map(Box::new));
}
