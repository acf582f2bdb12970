//! Processes that are killed, or that have little to live on: the file is whole, and what was
//! acknowledged is in it.

mod common;

use std::{
    io::{BufRead, BufReader, Read, Write, stdout},
    process::{Command, ExitStatus},
    thread,
    time::Duration,
};

use common::{Killed, Place, child, child_work, grow_zeroed, items::Item};
use platform_mem::{Error, FileMapped, FileOptions, RawMem, Result};

/// Rounds of killing; more of them can be asked for.
fn rounds() -> u32 {
    std::env::var("KILL_ROUNDS").map_or(50, |rounds| rounds.parse().expect("a number"))
}

/// An element that is no multiple of anything in a page.
type Element = [u8; 24];

/// How far each step of the child grows, in turn; a step that is zero shrinks by one instead.
const STEPS: [usize; 6] = [1, 7, 0, 300, 1, 5_000];

/// How many elements there are after some steps.
fn len_after(steps: usize) -> usize {
    (0..steps).fold(0, |len, step| match STEPS[step % STEPS.len()] {
        0 => len - 1,
        new => len + new,
    })
}

/// Grows and shrinks until killed, and acknowledges each step that is done.
fn grow_and_shrink(path: &str, options: FileOptions, steps: usize) -> Result<()> {
    let mut mem = options.from_path::<Element>(path)?;
    for step in 0..steps {
        let len = mem.allocated().len();
        match STEPS[step % STEPS.len()] {
            0 => mem.shrink(1)?,
            new => _ = mem.grow_from_slice(&Element::run(len..len + new))?,
        }
        stdout().write_all(b"#")?;
        stdout().flush()?;
    }
    Ok(())
}

/// Kills a child after `delay`, and looks at what it leaves.
fn kill(name: &str, sparse: bool, delay: Duration) -> usize {
    let place = Place::new();
    let path = place.path.to_str().unwrap();
    let work = if sparse { format!("sparse:{path}") } else { path.to_owned() };
    let mut holder = child(name, &work).spawn().unwrap();
    let mut output = BufReader::new(holder.stdout.take().unwrap());
    let mut acknowledged = Vec::new();
    output.read_until(b'#', &mut acknowledged).unwrap();
    thread::sleep(delay);
    drop(Killed(holder));
    output.read_to_end(&mut acknowledged).unwrap();
    check(&place, &acknowledged)
}

/// Looks at the file of a process that is gone, and returns how many steps it has acknowledged.
fn check(place: &Place, acknowledged: &[u8]) -> usize {
    let steps = acknowledged.iter().filter(|&&byte| byte == b'#').count();
    let mem = place.open::<Element>();
    let len = mem.allocated().len();
    let (known, next) = (len_after(steps), len_after(steps + 1));
    assert!(len == known || len == next, "{len} elements, {steps} steps: {known} or {next}");
    let whole = len.min(known);
    assert_eq!(mem.allocated()[..whole], Element::run(0..whole), "{steps} steps");
    for (at, element) in mem.allocated().iter().enumerate().skip(whole) {
        let expected = Element::nth(at);
        let written = |(&byte, expected)| byte == 0 || byte == expected;
        assert!(element.iter().zip(expected).all(written), "{at}: {element:?}");
    }
    steps
}

fn killed_at_any_time(name: &str, sparse: bool) {
    if let Some(work) = child_work() {
        let (path, options) = match work.strip_prefix("sparse:") {
            Some(path) => (path, FileOptions::new().sparse(true)),
            None => (work.as_str(), FileOptions::new()),
        };
        grow_and_shrink(path, options, usize::MAX).unwrap();
    }
    let mut steps = 0;
    for round in 0..rounds() {
        steps += kill(name, sparse, Duration::from_micros(u64::from(round) * 617 % 9_000));
    }
    assert!(steps > 3 * rounds() as usize, "only {steps} steps");
}

#[test]
fn a_killed_process_leaves_whole_elements() {
    killed_at_any_time("a_killed_process_leaves_whole_elements", false);
}

#[test]
fn a_killed_process_leaves_whole_elements_in_a_sparse_file() {
    killed_at_any_time("a_killed_process_leaves_whole_elements_in_a_sparse_file", true);
}

#[test]
fn a_process_killed_at_a_system_call_leaves_whole_elements() {
    const NAME: &str = "a_process_killed_at_a_system_call_leaves_whole_elements";
    if let Some(path) = child_work() {
        return grow_and_shrink(&path, FileOptions::new(), 60).unwrap();
    }
    if Command::new("strace").arg("-V").output().is_err() {
        return common::skip(NAME, "strace is not there");
    }
    let mut killed = 0;
    for call in ["fallocate", "ftruncate", "fstat", "mmap", "mremap", "pwrite64"] {
        for when in 1..10 {
            let place = Place::new();
            let work = child(NAME, place.path.to_str().unwrap());
            let mut strace = Command::new("strace");
            strace.args(["-f", "-qqq", "-o", "/dev/null", "-P"]).arg(&place.path);
            strace.args(["-e", &format!("trace={call}")]);
            strace.args(["-e", &format!("inject={call}:signal=SIGKILL:when={when}")]);
            strace.arg(work.get_program()).args(work.get_args());
            strace.envs(work.get_envs().filter_map(|(name, value)| Some((name, value?))));
            let output = strace.output().unwrap();
            killed += u32::from(!output.status.success());
            check(&place, &output.stdout);
        }
    }
    assert!(killed > 35, "only {killed} processes were killed");
}

/// Runs the test `name` again in a process that the shell has prepared with `limits`.
fn limited(name: &str, limits: &str, place: &Place) -> ExitStatus {
    let work = child(name, place.path.to_str().unwrap());
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("{limits} && exec \"$0\" \"$@\"")]);
    shell.arg(work.get_program()).args(work.get_args());
    shell.envs(work.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell.status().unwrap()
}

/// Growth that a limit of the process refuses.
fn refused(path: &str, kind: impl Fn(&std::io::Error) -> bool) {
    let mut mem = FileMapped::<u64>::from_path(path).unwrap();
    mem.grow_from_slice(&u64::run(0..1000)).unwrap();
    for n in [1 << 27, 1 << 25] {
        for result in [
            mem.grow_filled(n, 1).map(|_| ()),
            grow_zeroed(&mut mem, n).map(|_| ()),
            mem.reserve(n).and_then(|()| mem.grow_filled(n, 1).map(|_| ())),
        ] {
            assert!(matches!(&result, Err(Error::System(error)) if kind(error)), "{result:?}");
        }
        assert_eq!(mem.allocated(), u64::run(0..1000));
        assert_eq!(std::fs::metadata(path).unwrap().len(), 8000);
    }
    mem.grow_filled(1, 1).unwrap();
}

#[test]
fn a_limit_on_the_size_of_files_is_an_error() {
    const NAME: &str = "a_limit_on_the_size_of_files_is_an_error";
    if let Some(path) = child_work() {
        return refused(&path, |error| error.raw_os_error() == Some(libc::EFBIG));
    }
    let place = Place::new();
    assert!(limited(NAME, "trap '' XFSZ; ulimit -f 40000", &place).success());
    assert_eq!(place.len(), 8008);
}

#[test]
fn a_limit_on_addresses_is_an_error() {
    const NAME: &str = "a_limit_on_addresses_is_an_error";
    if let Some(path) = child_work() {
        return refused(&path, |error| error.raw_os_error() == Some(libc::ENOMEM));
    }
    if std::env::var_os("ASAN_OPTIONS").is_some() {
        return common::skip(NAME, "the sanitizer needs more addresses than the limit");
    }
    let place = Place::new();
    assert!(limited(NAME, "ulimit -v 200000", &place).success());
    assert_eq!(place.len(), 8008);
}
