//! `--lock`: who waits for a file, who does not, and who goes without.

use std::fs::File;
use std::io::Read as _;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::scratch::{Scratch, outcome};

const LOCKED: &str = "another program has locked it; --lock wait waits until it is done, and --lock \
                      none does without the lock";

const CHANGES: [&[&str]; 3] = [&["grow", "a", "1"], &["shrink", "a", "1"], &["fill", "a", "7"]];

/// A file of four bytes, and somebody who has locked it.
fn locked() -> (Scratch, File) {
    let scratch = Scratch::new().file("a", [1; 4]);
    let file = File::options().write(true).open(scratch.path("a")).unwrap();
    file.lock().unwrap();
    (scratch, file)
}

#[test]
fn a_refusal_names_the_ways_around() {
    let (scratch, _file) = locked();
    for change in CHANGES {
        scratch.refuses(change, &format!("a: {LOCKED}"));
        scratch.refuses(&[change, &["--lock", "try"]].concat(), &format!("a: {LOCKED}"));
    }
    assert_eq!(scratch.bytes("a"), [1; 4]);
}

#[test]
fn without_the_lock() {
    let (scratch, _file) = locked();
    for (change, bytes) in CHANGES.iter().zip([&[1, 1, 1, 1, 0][..], &[1; 4], &[7; 4]]) {
        scratch.does(&[*change, &["--lock", "none"]].concat());
        assert_eq!(scratch.bytes("a"), bytes);
    }
}

#[test]
fn a_caller_that_holds_the_lock() {
    let scratch = Scratch::new().file("a", [1; 4]);
    let script = |extra: &str| {
        let pmem = env!("CARGO_BIN_EXE_pmem");
        scratch.shell(&format!("flock a '{pmem}' fill a 7 {extra}"))
    };
    assert_eq!(script(""), (2, format!("pmem: a: {LOCKED}\n")));
    assert_eq!(script("--lock none"), (0, String::new()));
    assert_eq!(scratch.bytes("a"), [7; 4]);
}

#[test]
fn waiting_ends_when_the_lock_is_free() {
    for (change, bytes) in CHANGES.iter().zip([&[1, 1, 1, 1, 0][..], &[1; 3], &[7; 4]]) {
        let (scratch, file) = locked();
        let mut command = scratch.pmem(change.iter().chain(&["--lock", "wait"]));
        let running = thread::spawn(move || outcome(&mut command));
        thread::sleep(Duration::from_millis(100));
        assert!(!running.is_finished());
        assert_eq!(scratch.bytes("a"), [1; 4]);
        drop(file);
        assert_eq!(running.join().unwrap(), (0, String::new()), "{change:?}");
        assert_eq!(scratch.bytes("a"), bytes);
    }
}

#[test]
fn a_signal_ends_the_waiting() {
    for change in CHANGES {
        let (scratch, _file) = locked();
        let mut command = scratch.pmem(change.iter().chain(&["--lock", "wait"]));
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        thread::sleep(Duration::from_millis(100));
        kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
        let sent = Instant::now();
        while child.try_wait().unwrap().is_none() && sent.elapsed() < Duration::from_secs(10) {
            thread::sleep(Duration::from_millis(1));
        }
        child.kill().unwrap();
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(143), "{change:?}");
        assert_eq!(said, "pmem: a: terminated; nothing was changed\n");
        assert_eq!(scratch.bytes("a"), [1; 4]);
    }
}

#[test]
fn eight_growths_at_once_of_a_file_that_is_new() {
    let scratch = Scratch::new();
    let value = |number: u8| number.to_string();
    let children: Vec<_> = (1..=8)
        .map(|number| {
            let arguments = ["grow", "a", "100", "--lock", "wait", "--fill", &value(number)];
            scratch.pmem(arguments).spawn().unwrap()
        })
        .collect();
    for child in children {
        assert!(child.wait_with_output().unwrap().status.success());
    }
    let bytes = scratch.bytes("a");
    let mut parts: Vec<_> = bytes.chunks(100).map(<[u8]>::to_vec).collect();
    parts.sort();
    assert_eq!(parts, (1..=8).map(|number| vec![number; 100]).collect::<Vec<_>>());
}

/// Processes and turns of each; `PMEM_SOAK` times as many turns in a long run.
#[test]
fn growing_and_shrinking_at_once_loses_no_element() {
    const PROCESSES: usize = 8;
    const TURNS: usize = 8;

    let times = std::env::var("PMEM_SOAK").map_or(1, |times| times.parse().unwrap());
    let scratch = Scratch::new();
    thread::scope(|scope| {
        for process in 1..=PROCESSES {
            let scratch = &scratch;
            scope.spawn(move || {
                let value = process.to_string();
                for turn in 1..=TURNS * times {
                    // Each grows by three and shrinks by two: what is left is a third of all.
                    let grow = ["grow", "a", "3", "-t", "u32", "--lock", "wait", "--fill", &value];
                    scratch.does(&grow);
                    if turn % 2 == 0 {
                        scratch.does(&["shrink", "a", "2", "-t", "u32", "--lock", "wait"]);
                    }
                }
            });
        }
    });
    let turns = PROCESSES * TURNS * times;
    let bytes = scratch.bytes("a");
    assert_eq!(bytes.len(), 4 * (3 * turns - 2 * (turns / 2)));
    let values = bytes.as_chunks().0.iter().map(|bytes| u32::from_le_bytes(*bytes));
    assert!(values.into_iter().all(|value| (1..=PROCESSES as u32).contains(&value)));
}
