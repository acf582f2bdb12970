//! Ctrl-C, SIGTERM and the end of the terminal while a file is changed.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::scratch::Scratch;

const SIGNALS: [(Signal, i32, &str); 5] = [
    (Signal::INT, 130, "interrupted"),
    (Signal::TERM, 143, "terminated"),
    (Signal::QUIT, 131, "quit"),
    (Signal::USR1, 138, "stopped by SIGUSR1"),
    (Signal::XCPU, 152, "out of time, see 'ulimit -t'"),
];

/// What takes longer never happens.
const PATIENCE: Duration = Duration::from_secs(10);

/// Is it so, sooner or later?
fn happens(mut so: impl FnMut() -> bool) -> bool {
    let started = Instant::now();
    while !so() {
        if started.elapsed() > PATIENCE {
            return false;
        }
        thread::sleep(Duration::from_micros(200));
    }
    true
}

/// Sends a signal, and returns the exit code and what was said.
#[track_caller]
fn stop(child: &mut Child, signal: Signal) -> (Option<i32>, String) {
    kill_process(Pid::from_child(child), signal).unwrap();
    let ended = happens(|| child.try_wait().unwrap().is_some());
    child.kill().unwrap();
    assert!(ended, "it goes on");
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    (child.wait().unwrap().code(), said)
}

fn len(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}

#[test]
fn a_growth_is_undone() {
    for (signal, code, word) in SIGNALS {
        let scratch = Scratch::new().file("a", [1; 10]);
        for (name, bytes, state) in [
            ("a", Some(vec![1; 10]), "the file has its old length again"),
            ("b", None, "the new file was removed"),
        ] {
            // More than can be written until the signal comes.
            let mut grow = scratch.pmem(["grow", name, "32G", "--sparse", "--fill", "7"]);
            let mut child = grow.stderr(Stdio::piped()).spawn().unwrap();
            let grown = happens(|| len(&scratch.path(name)) > 10);
            let ended = stop(&mut child, signal);
            assert!(grown);
            assert_eq!(ended, (Some(code), format!("pmem: {name}: {word}; {state}\n")));
            assert_eq!(fs::read(scratch.path(name)).ok(), bytes);
        }
    }
}

#[test]
fn a_fill_says_how_far_it_came() {
    for (signal, code, word) in SIGNALS {
        let scratch = Scratch::new().hole("a", 8 << 20);
        let mut fill = scratch.pmem(["fill", "a", "--from", "-", "-t", "u16"]);
        let fill = fill.stdin(Stdio::piped()).stderr(Stdio::piped());
        let mut child = fill.spawn().unwrap();
        // What comes is written once there is a chunk of it; the pipe stays open.
        let mut pipe = child.stdin.take().unwrap();
        pipe.write_all(&vec![7; (2 << 20) + 5000]).unwrap();
        let written = |at: usize| scratch.bytes("a")[at] == 7;
        let began = happens(|| written((2 << 20) - 1));
        let message = format!("pmem: a: {word}; 1048576 of 4194304 elements were written\n");
        assert_eq!(stop(&mut child, signal), (Some(code), message));
        assert!(began);
        assert!(!written(2 << 20));
        drop(pipe);
    }
}

#[test]
fn a_fill_that_waits_for_its_first_element() {
    for (signal, code, word) in SIGNALS {
        let scratch = Scratch::new().file("a", [1; 10]);
        let mut fill = scratch.pmem(["fill", "a", "--from", "-"]);
        let mut child = fill.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        pipe.write_all(&[7]).unwrap();
        // By then it has a thread that reads.
        let tasks = format!("/proc/{}/task", child.id());
        let began = happens(|| fs::read_dir(&tasks).is_ok_and(|tasks| tasks.count() == 2));
        let message = format!("pmem: a: {word}; nothing was written\n");
        assert_eq!(stop(&mut child, signal), (Some(code), message));
        assert!(began);
        assert_eq!(scratch.bytes("a"), [1; 10]);
        drop(pipe);
    }
}

/// The program, by way of the program `env`, which sets what SIGHUP does.
fn growth(scratch: &Scratch, hangup: &str, count: &str) -> Command {
    let mut command = Command::new("env");
    command.args([hangup, env!("CARGO_BIN_EXE_pmem"), "grow", "a", count]);
    command.args(["--sparse", "--fill", "7"]).current_dir(scratch.path(""));
    command
}

#[test]
fn a_growth_is_undone_if_the_terminal_goes_away() {
    let scratch = Scratch::new().file("a", [1; 10]);
    let mut grow = growth(&scratch, "--default-signal=HUP", "32G");
    let mut child = grow.stderr(Stdio::piped()).spawn().unwrap();
    let grown = happens(|| len(&scratch.path("a")) > 10);
    let message = "pmem: a: hung up; the file has its old length again\n";
    assert_eq!(stop(&mut child, Signal::HUP), (Some(129), message.to_owned()));
    assert!(grown);
    assert_eq!(scratch.bytes("a"), [1; 10]);
}

#[test]
fn a_growth_goes_on_after_nohup() {
    let scratch = Scratch::new().file("a", [1; 10]);
    let mut grow = growth(&scratch, "--ignore-signal=HUP", "64M");
    let mut child = grow.stderr(Stdio::piped()).spawn().unwrap();
    let grown = happens(|| len(&scratch.path("a")) > 10);
    assert_eq!(stop(&mut child, Signal::HUP), (Some(0), String::new()));
    assert!(grown);
    assert_eq!(len(&scratch.path("a")), 10 + (64 << 20));
}
