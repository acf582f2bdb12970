//! What is there when the program is killed, or fails, at a system call.

use std::process::Command;

use super::files::{bin, fvecs, idx, npy};
use crate::pmem::skipped;
use crate::scratch::Scratch;

/// System calls that change a file.
const CALLS: [&str; 5] = ["write", "pwrite64", "writev", "ftruncate", "fallocate"];

/// Runs the program, and does this at the `when`th `call` for the file; is there one?
fn inject(
    scratch: &Scratch,
    name: &str,
    (call, when): (&str, usize),
    what: &str,
    words: &[&str],
) -> bool {
    let log = scratch.path("log");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qqq", "-o"]).arg(&log).arg("-P").arg(scratch.path(name));
    strace.args(["-e", &format!("trace={call}")]);
    strace.args(["-e", &format!("inject={call}:{what}:when={when}")]);
    strace.arg(env!("CARGO_BIN_EXE_pmem")).args(words).current_dir(scratch.path(""));
    strace.output().unwrap();
    let log = std::fs::read_to_string(log).unwrap();
    log.contains("(INJECTED)") || log.contains("+++ killed by SIGKILL +++")
}

/// The number of elements that a file has, for a reader that knows nothing else than its format:
/// all that the header counts are there.
fn count(name: &str, bytes: &[u8]) -> usize {
    let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    let (count, end) = match name.split_once('.').unwrap().1 {
        "npy" => {
            let text = String::from_utf8_lossy(bytes);
            let (_, shape) = text.split_once("'shape': (").unwrap();
            let count = shape.split_once(',').unwrap().0.parse().unwrap();
            (count, 10 + usize::from(bytes[8]) + 2 * count)
        }
        "u8bin" => (number(0), 8 + 2 * number(0)),
        "idx" => {
            let count = u32::from_be_bytes(bytes[4..8].try_into().unwrap()) as usize;
            (count, 12 + 2 * count)
        }
        "fvecs" => {
            assert!(bytes.len().is_multiple_of(12), "{}", bytes.len());
            assert!(bytes.chunks(12).all(|vector| vector[..4] == [2, 0, 0, 0]), "{bytes:?}");
            (bytes.len() / 12, bytes.len())
        }
        other => panic!("{other}"),
    };
    assert!(end <= bytes.len(), "{name}: the header counts {count} elements, which are not there");
    count
}

/// Files, each with two elements.
fn files() -> [(&'static str, Vec<u8>); 4] {
    let mut array = npy("'|u1'", false, "(2, 2)", &[7; 4]);
    // Room for more digits.
    array.splice(array.len() - 5..array.len() - 5, *b"      ");
    array[8] += 6;
    [
        ("a.npy", array),
        ("a.u8bin", bin(2, 2, &[7; 4])),
        ("a.idx", idx(8, &[2, 2], &[7; 4])),
        ("a.fvecs", fvecs(2, &[7.0; 4])),
    ]
}

/// Changes of them, and how many elements there are then.
const CHANGES: [(&[&str], usize); 3] =
    [(&["grow", "1000"], 1002), (&["grow", "1000", "--fill"], 1002), (&["shrink", "1"], 1)];

/// The words of a change of a file.
fn words<'a>(name: &'a str, change: &[&'a str]) -> Vec<&'a str> {
    let mut words = vec![change[0], name, change[1]];
    if change.len() > 2 {
        let value = if name.ends_with(".fvecs") { "2,9,9" } else { "9" };
        words.extend(["--fill", value]);
    }
    words
}

/// Makes every change of every file, with `what` happening at one call after the other, and hands
/// over what became of the file: its name, what it was, the change, the number of elements that
/// there would be, and whether something happened.
fn at_every_call(what: &str, check: impl Fn(&Scratch, &str, &[u8], (&[&str], usize), bool)) {
    if Command::new("strace").arg("-V").output().is_err() {
        return skipped("strace");
    }
    for (name, bytes) in files() {
        for (change, after) in CHANGES {
            let mut seen = 0;
            for call in CALLS {
                for when in 1.. {
                    let scratch = Scratch::new().file(name, &bytes);
                    let words = words(name, change);
                    let happened = inject(&scratch, name, (call, when), what, &words);
                    check(&scratch, name, &bytes, (change, after), happened);
                    if !happened {
                        break;
                    }
                    seen += 1;
                }
            }
            assert!(seen > 0, "{name} {change:?}: nothing happened");
        }
    }
}

#[test]
fn a_reader_can_open_the_file_at_any_moment() {
    at_every_call("signal=SIGKILL", |scratch, name, _, (change, after), killed| {
        let count = count(name, &scratch.bytes(name));
        if !killed {
            return assert_eq!(count, after, "{name} {change:?}");
        }
        let between = name.ends_with(".fvecs") && (2..=after).contains(&count);
        assert!(count == 2 || count == after || between, "{name} {change:?}: {count}");
        // The program knows the file again.
        let dumped = scratch.pmem(["dump", name, "-f", "ndjson"]).output().unwrap();
        let lines = dumped.stdout.iter().filter(|byte| **byte == b'\n').count();
        assert_eq!((dumped.status.code(), lines), (Some(0), count), "{name} {change:?}");
    });
}

#[test]
fn a_failure_leaves_header_and_elements_as_they_were() {
    at_every_call("error=EIO", |scratch, name, bytes, (change, after), failed| {
        let now = scratch.bytes(name);
        match failed {
            true => assert!(now == bytes, "{name} {change:?}"),
            false => assert_eq!(count(name, &now), after, "{name} {change:?}"),
        }
    });
}
