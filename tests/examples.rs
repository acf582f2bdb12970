//! The examples do what they say, and find their data when they run again.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

/// An example, which `cargo test` has built beside this test, to be run in `dir`.
fn example(name: &str, dir: &Path) -> Command {
    let this = std::env::current_exe().unwrap();
    let program = this.parent().and_then(Path::parent).unwrap().join("examples").join(name);
    let mut command = Command::new(program);
    command.current_dir(dir);
    command
}

/// Runs an example and returns what it prints.
fn run(name: &str, arguments: &[&str], dir: &Path) -> String {
    let output = example(name, dir).args(arguments).output();
    let output = output.unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn bytes(numbers: impl IntoIterator<Item = u64>) -> Vec<u8> {
    numbers.into_iter().flat_map(u64::to_ne_bytes).collect()
}

#[test]
fn examples_run() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["erased", "generic", "global", "temp_file"] {
        run(name, &[], dir.path());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "{name} left something behind");
    }
}

#[test]
fn file_example_finds_its_data_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("data.bin");
    run("file_mapped", &[], dir.path());
    let mut bytes = fs::read(&path).unwrap();
    assert_eq!(bytes.len(), 8000);
    assert_eq!(bytes[..8], 123_u64.to_ne_bytes());
    bytes[8..16].copy_from_slice(&7_u64.to_ne_bytes());
    fs::write(&path, &bytes).unwrap();
    run("file_mapped", &[], dir.path());
    assert_eq!(fs::read(&path).unwrap(), bytes, "the second run changed what the first one stored");
}

#[test]
fn table_keeps_its_rows() {
    let dir = tempfile::tempdir().unwrap();
    run("table", &["pear", "0.25"], dir.path());
    let long = "a name of more than 24 bytes";
    let shown = run("table", &[long, "-1.5"], dir.path());
    assert_eq!(shown, run("table", &[], dir.path()));
    let rows: Vec<_> = shown.lines().map(str::trim_end).collect();
    assert_eq!(rows, [format!("{:24} 0.25", "pear"), format!("{} -1.5", &long[..24])]);
    assert_eq!(fs::read(dir.path().join("table.bin")).unwrap().len(), 64);
}

#[test]
fn event_log_counts_on_after_it_was_killed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("events.bin");
    assert_eq!(run("event_log", &["3"], dir.path()), "0 events found\n");
    for _ in 0..3 {
        let before = fs::metadata(&path).unwrap().len();
        let mut endless = example("event_log", dir.path()).stdout(Stdio::null()).spawn().unwrap();
        while fs::metadata(&path).unwrap().len() < before + 160 {
            thread::sleep(Duration::from_millis(1));
        }
        endless.kill().unwrap();
        endless.wait().unwrap();
    }
    let found = fs::metadata(&path).unwrap().len() / 16;
    let told = run("event_log", &["1"], dir.path());
    let told: u64 = told.split(' ').next().unwrap().parse().unwrap();
    assert!((found - 1..=found).contains(&told), "{told} of {found} events");
    let log = fs::read(&path).unwrap();
    let numbers: Vec<u8> = log.chunks_exact(16).flat_map(|event| &event[..8]).copied().collect();
    assert_eq!(numbers, bytes(0..=told));
}

#[test]
fn merge_sort_sorts_more_than_a_run() {
    let dir = tempfile::tempdir().unwrap();
    let numbers: Vec<u64> =
        (0..10_000).map(|n: u64| n.wrapping_mul(0x9E37_79B9_7F4A_7C15)).collect();
    for (count, part) in [(0, "7"), (1, "7"), (10_000, "999"), (10_000, "1")] {
        fs::write(dir.path().join("in"), bytes(numbers[..count].iter().copied())).unwrap();
        run("merge_sort", &["in", "out", part], dir.path());
        let mut sorted = numbers[..count].to_vec();
        sorted.sort_unstable();
        assert_eq!(fs::read(dir.path().join("out")).unwrap(), bytes(sorted), "{count} by {part}");
    }
}

#[test]
fn heap_works_in_every_memory_and_stays_in_its_file() {
    let dir = tempfile::tempdir().unwrap();
    let first = run("heap", &[], dir.path());
    assert_eq!(first.lines().count(), 5);
    assert!(first.lines().all(|line| line.starts_with("0 found, 50 left")), "{first}");
    let second = run("heap", &[], dir.path());
    assert!(second.lines().last().unwrap().starts_with("50 found, 100 left"), "{second}");
}

#[test]
fn threads_sum_a_file() {
    let dir = tempfile::tempdir().unwrap();
    for count in [0, 1, 100_003_u32] {
        let numbers: Vec<u8> = (0..count).flat_map(|n| (n | 1 << 31).to_ne_bytes()).collect();
        fs::write(dir.path().join("data"), numbers).unwrap();
        let sum = (0..count).map(|n| u128::from(n | 1 << 31)).sum::<u128>();
        assert_eq!(run("threads", &["data"], dir.path()), format!("{sum}\n"));
    }
}
