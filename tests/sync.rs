//! What is promised to be on disk is asked of the kernel, which nothing else shows as long as the
//! power stays on.
#![cfg(target_os = "linux")]

mod common;

use std::{fs, process::Command};

use common::{Place, child, child_work};
use platform_mem::{FileMapped, RawMem};

#[test]
fn flushing_and_dropping_ask_the_kernel() {
    const NAME: &str = "flushing_and_dropping_ask_the_kernel";
    if let Some(path) = child_work() {
        let mut mem = FileMapped::<u64>::from_path(path).unwrap();
        mem.grow_filled(3000, 7).unwrap();
        mem.flush_range(1000..2000).unwrap();
        mem.flush().unwrap();
        return;
    }
    if Command::new("strace").arg("-V").output().is_err() {
        return common::skip(NAME, "strace is not there");
    }
    if std::env::var_os("ASAN_OPTIONS").is_some() {
        return common::skip(NAME, "the sanitizer looks for leaks in a way that strace prevents");
    }
    let place = Place::new();
    let calls = place.path.with_extension("calls");
    let work = child(NAME, place.path.to_str().unwrap());
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qqq", "-e", "trace=fdatasync,msync", "-o"]).arg(&calls);
    strace.arg(work.get_program()).args(work.get_args());
    strace.envs(work.get_envs().filter_map(|(name, value)| Some((name, value?))));
    assert!(strace.output().unwrap().status.success());
    let calls = fs::read_to_string(calls).unwrap();
    // A thousand elements, from the start of the page that the first of them lies in.
    let range = calls.lines().filter(|call| call.contains("msync(") && call.contains("MS_SYNC"));
    let lengths = range.filter_map(|call| call.split(", ").nth(1)?.parse::<usize>().ok());
    assert!(lengths.clone().any(|length| length >= 8000), "{calls}");
    assert_eq!(calls.matches("fdatasync(").count(), 2, "a flush and a drop: {calls}");
}
