//! Programs that are killed: at each of their system calls, and at any moment.
//!
//! `PMEM_KILLS=10000 cargo test --test cli kills` kills as often at random moments.

use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;
use std::{fs, os::unix::process::ExitStatusExt as _};

use crate::pmem::skipped;
use crate::scratch::Scratch;

const OLD: u8 = 1;
const NEW: u8 = 7;

/// A change of the file `a`, and what it may leave when it is killed.
struct Change {
    arguments: &'static [&'static str],
    /// Elements before and after.
    lengths: (usize, usize),
    /// Those that it overwrites.
    written: std::ops::Range<usize>,
}

const CHANGES: [Change; 5] = [
    Change { arguments: &["grow", "a", "5000"], lengths: (3000, 8000), written: 0..0 },
    Change {
        arguments: &["grow", "a", "5000", "--fill", "7", "--sync"],
        lengths: (3000, 8000),
        written: 3000..8000,
    },
    Change {
        arguments: &["grow", "a", "5000", "--sparse", "--fill", "7"],
        lengths: (3000, 8000),
        written: 3000..8000,
    },
    Change { arguments: &["shrink", "a", "1000", "--sync"], lengths: (3000, 2000), written: 0..0 },
    Change {
        arguments: &["fill", "a", "7", "-r", "100..2900", "--sync"],
        lengths: (3000, 3000),
        written: 100..2900,
    },
];

impl Change {
    /// A file of `OLD`, as it is before the change, behind a header if there is one.
    fn file(&self, header: &[u8]) -> Vec<u8> {
        [header, &vec![OLD; self.lengths.0]].concat()
    }

    /// Looks at what is left: old elements are there unless they were to be overwritten or removed,
    /// and new ones are zero or as asked for.
    #[track_caller]
    fn check(&self, scratch: &Scratch, header: &[u8], case: &str) {
        let bytes = scratch.bytes("a");
        assert_eq!(&bytes[..header.len()], header, "{case}");
        let elements = &bytes[header.len()..];
        let (before, after) = self.lengths;
        let len = elements.len();
        assert!(len == before || len == after, "{case}: {len} elements");
        for (at, &element) in elements.iter().enumerate() {
            let kept = element == if at < before { OLD } else { 0 };
            let changed = self.written.contains(&at) && element == NEW;
            assert!(kept || changed, "{case}: element {at} is {element}");
        }
        assert_eq!(scratch.names(), ["a"], "{case}");
    }
}

/// The program below strace.
fn traced(scratch: &Scratch, flags: &[&str], arguments: &[&str]) -> Command {
    let mut command = Command::new("strace");
    command.arg("-qq").args(flags).arg(env!("CARGO_BIN_EXE_pmem"));
    command.args(arguments).current_dir(scratch.path("")).stdin(Stdio::null());
    command.stderr(Stdio::null());
    command
}

/// The system calls of a change from the first that asks for the lock on, each with how often it
/// was called up to then.
fn calls(scratch: &Scratch, arguments: &[&str]) -> Vec<(String, usize)> {
    let log = scratch.path("../").join(format!("trace-{}", std::process::id()));
    let flags = ["-o", log.to_str().unwrap()];
    assert!(traced(scratch, &flags, arguments).status().unwrap().success());
    let text = fs::read_to_string(&log).unwrap();
    fs::remove_file(log).unwrap();
    let mut calls: Vec<(String, usize)> = Vec::new();
    for line in text.lines() {
        let Some((name, _)) = line.split_once('(') else { continue };
        let before = calls.iter().filter(|(call, _)| call == name).count();
        calls.push((name.to_owned(), before + 1));
    }
    let first = calls.iter().position(|(name, _)| name == "flock").unwrap();
    calls.split_off(first)
}

#[test]
fn at_each_system_call() {
    if Command::new("strace").arg("-V").output().is_err() {
        return skipped("strace");
    }
    for (number, change) in CHANGES.iter().enumerate() {
        let header: &[u8] = if number % 2 == 0 { b"" } else { b"header" };
        let offset = header.len().to_string();
        let arguments = [change.arguments, &["--offset", &offset]].concat();
        let scratch = Scratch::new().file("a", change.file(header));
        let calls = calls(&scratch, &arguments);
        assert!(calls.len() > 10, "{calls:?}");
        for (call, times) in calls {
            let scratch = Scratch::new().file("a", change.file(header));
            let kill = format!("-einject={call}:signal=KILL:when={times}");
            let flags = ["-o", "/dev/null", &format!("-etrace={call}"), &kill];
            let status = traced(&scratch, &flags, &arguments).status().unwrap();
            let case = format!("{arguments:?}, {call} {times}");
            assert_eq!(status.signal(), Some(9), "{case}");
            change.check(&scratch, header, &case);
        }
    }
}

/// Waits for a moment, and kills.
fn kill_after(mut child: Child, delay: Duration) -> ExitStatus {
    thread::sleep(delay);
    let _ = child.kill();
    child.wait().unwrap()
}

#[test]
fn at_random_moments() {
    let kills = std::env::var("PMEM_KILLS").map_or(100, |kills| kills.parse().unwrap());
    let scratch = Scratch::new();
    let (mut state, mut killed, mut longest) = (0x9e37_79b9_7f4a_7c15_u64, 0, 4000);
    for round in 0.. {
        if killed >= kills {
            break;
        }
        assert!(round < 20 * kills + 1000, "only {killed} of {round} were killed");
        let change = &CHANGES[round % CHANGES.len()];
        fs::write(scratch.path("a"), change.file(b"")).unwrap();
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let delay = Duration::from_micros((state >> 33) % longest);
        let child = scratch.pmem(change.arguments).stderr(Stdio::null()).spawn().unwrap();
        let ended = kill_after(child, delay);
        change.check(&scratch, b"", &format!("{:?} after {delay:?}", change.arguments));
        // So that about half of them are killed, whatever the speed of the machine.
        match ended.signal() {
            Some(_) => (killed, longest) = (killed + 1, longest + longest / 50),
            None => longest = (longest - longest / 50).max(100),
        }
    }
}
