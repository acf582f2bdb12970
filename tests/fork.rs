//! A process that is forked while a memory lies in a file leaves that file alone.
#![cfg(target_os = "linux")]

use std::fs;
use std::sync::{Mutex, MutexGuard, PoisonError};

use platform_mem::{Error, FileMapped, FileOptions, RawMem};

/// Held by each test: a child must not be forked while another thread holds a lock of the library,
/// which nobody would release in the child.
static ALONE: Mutex<()> = Mutex::new(());

/// Waits until no other test forks or uses a memory.
fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[test]
fn child_that_drops_or_closes_its_copy_changes_nothing() {
    let _alone = alone();
    child_ends(drop);
    child_ends(|mem| mem.close().unwrap());
}

fn child_ends(end: fn(FileMapped<u64>)) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("data");
    let options = FileOptions::new().spare_capacity(true);
    let mut mem = options.from_path::<u64>(&path).unwrap();
    mem.grow_filled(3, 7).unwrap();
    let length = || fs::metadata(&path).unwrap().len();
    let before = length();
    // SAFETY: the child only gives up the memory, which takes no lock there, and ends.
    match unsafe { libc::fork() } {
        0 => {
            end(mem);
            // SAFETY: nothing of the parent's is run.
            unsafe { libc::_exit(0) }
        }
        child => {
            let mut status = 0;
            // SAFETY: the status is ours.
            assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
            assert_eq!(status, 0);
        }
    }
    assert_eq!(length(), before, "the child has cut the file");
    assert!(
        matches!(FileMapped::<u64>::open(&path).unwrap_err().cause(), Error::Locked),
        "the child has given the lock back"
    );
    // Not in the spare capacity, but as another process would try.
    let handle = fs::File::open(&path).unwrap();
    assert!(handle.try_lock().is_err(), "the child has given the lock of the system back");
    mem.grow_filled(1000, 8).unwrap();
    assert_eq!(mem.allocated().len(), 1003);
}

#[test]
fn a_child_may_have_the_file_when_the_parent_has_given_it_up() {
    let _alone = alone();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("data");
    let mem = FileMapped::<u64>::from_path(&path).unwrap();
    let (mut read, mut write) = std::io::pipe().unwrap();
    // SAFETY: the child waits, opens a file, and ends.
    match unsafe { libc::fork() } {
        0 => {
            drop(write);
            let _ = std::io::Read::read(&mut read, &mut [0]);
            // Its copy of the registry still has the claim of the parent.
            std::mem::forget(mem);
            let code = i32::from(FileMapped::<u64>::open(&path).is_err());
            // SAFETY: nothing of the parent's is run.
            unsafe { libc::_exit(code) }
        }
        child => {
            drop(mem);
            std::io::Write::write_all(&mut write, &[0]).unwrap();
            let mut status = 0;
            // SAFETY: the status is ours.
            assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
            assert_eq!(status, 0, "the child was refused");
        }
    }
}

/// Runs `work` in a forked child that has the number 1 in a namespace of its own, and tells how it
/// went; nothing if that is not permitted.
fn in_namespace(work: impl FnOnce() -> bool) -> Option<bool> {
    // SAFETY: the call takes a number, and concerns only children to come.
    if unsafe { libc::unshare(libc::CLONE_NEWPID) } != 0 {
        return None;
    }
    // SAFETY: the child does its work and ends.
    match unsafe { libc::fork() } {
        0 => {
            let code = i32::from(!(std::process::id() == 1 && work()));
            // SAFETY: nothing of the parent's is run.
            unsafe { libc::_exit(code) }
        }
        child => {
            let mut status = 0;
            // SAFETY: the status is ours.
            assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
            Some(status == 0)
        }
    }
}

#[test]
fn a_child_with_the_number_of_its_parent_is_told_apart() {
    let _alone = alone();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("data");
    let parent = || {
        let options = FileOptions::new().spare_capacity(true);
        let mut mem = options.from_path::<u64>(&path).unwrap();
        mem.grow_filled(3, 7).unwrap();
        let length = || fs::metadata(&path).unwrap().len();
        let before = length();
        // The child drops its copy of the memory, and has the number 1 like its parent.
        let copy = std::mem::ManuallyDrop::new(mem);
        let dropped = in_namespace(|| {
            // SAFETY: only the child drops it; this process forgets it.
            drop(unsafe { std::ptr::read(&raw const *copy) });
            true
        });
        dropped == Some(true)
            && length() == before
            && fs::File::open(&path).unwrap().try_lock().is_err()
    };
    // What is made of this thread's children concerns no other test.
    let answer = std::thread::scope(|scope| scope.spawn(|| in_namespace(parent)).join().unwrap());
    match answer {
        Some(told_apart) => assert!(told_apart, "the child was taken for its parent"),
        None => {
            #[expect(clippy::print_stderr, reason = "a test that is skipped must not look passed")]
            {
                eprintln!("SKIPPED: no namespaces of our own");
            }
        }
    }
}
