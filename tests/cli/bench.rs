//! `pmem bench`: that it measures everything, writes everything, and leaves nothing. What the
//! times are is not looked at.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::pmem::Pmem;

/// Arguments for as little work as possible.
const LITTLE: [&str; 5] = ["bench", "-n", "1K", "-w", "0"];

/// A run with little work and these arguments.
fn bench(more: &[&str]) -> Pmem {
    let runs = more.iter().any(|argument| argument.starts_with("--runs"));
    let few: &[&str] = if runs { &[] } else { &["-r", "3"] };
    Pmem::new(LITTLE.iter().chain(few).chain(more))
}

/// Standard output of a run that succeeds; standard error may have remarks about the machine.
#[track_caller]
fn text(pmem: Pmem) -> String {
    let Output { status, stdout, stderr } = pmem.runs();
    let said = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(0), "{said}");
    assert!(said.lines().all(|line| line.starts_with("pmem: ")), "{said}");
    assert!(!said.contains(['\r', '\u{1b}']), "{said:?}");
    String::from_utf8(stdout).unwrap()
}

#[track_caller]
fn json(pmem: Pmem) -> Value {
    serde_json::from_str(&text(pmem)).unwrap()
}

/// The last line of standard error of a run that ends with `code`.
#[track_caller]
fn refusal(pmem: Pmem, code: i32) -> String {
    let Output { status, stdout, stderr } = pmem.runs();
    let said = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(code), "{said}");
    assert!(stdout.is_empty() || code == 1);
    said.lines().last().unwrap_or_default().to_owned()
}

/// How many files there are in a directory.
fn files(dir: &Path) -> usize {
    std::fs::read_dir(dir).unwrap().count()
}

#[test]
fn all_operations_of_all_backends() {
    let table = text(bench(&[]));
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].starts_with("op      backend"), "{table}");
    assert_eq!(lines.len(), 1 + 6 * 4 + 1, "{table}");
    for operation in ["grow", "append", "fill", "read", "random", "shrink"] {
        for backend in ["global", "system", "file", "temp"] {
            let is_it = |line: &&&str| line.split_whitespace().take(2).eq([operation, backend]);
            assert_eq!(lines.iter().filter(is_it).count(), 1, "{operation} {backend}");
        }
    }
    assert!(lines.last().unwrap().starts_with("sync    file"), "{table}");
    assert!(table.matches("fastest").count() >= 7, "{table}");
}

#[test]
fn every_type() {
    for name in ["u8", "u16", "u32", "u64be", "u128", "i8", "i16", "i32", "i64", "i128"] {
        assert_eq!(text(bench(&["-t", name, "--op", "read", "-b", "temp"])).lines().count(), 2);
    }
    for name in ["f16", "bf16", "double", "u24", "f8e4m3", "f32x128", "x:f32,y:f32,i:u8"] {
        assert_eq!(text(bench(&["-t", name, "--op", "fill", "-b", "global"])).lines().count(), 2);
    }
}

#[test]
fn all_is_a_word() {
    let rows = |op: &[&str]| text(bench(&[&["-b", "all"], op].concat())).lines().count();
    assert_eq!((rows(&["--op", "all"]), rows(&["--op", "sync,all"])), (26, 26));
}

#[test]
fn lists() {
    for arguments in [
        &["-b", "file,global", "--op", "read,grow"][..],
        &["-b", "file", "-b", "global", "--op=read", "--op=grow"],
        &["--backend=global,file,file", "--op", "grow,read,grow"],
    ] {
        let rows = json(bench(&[arguments, &["--export-json", "-"]].concat()));
        let rows: Vec<&str> = rows["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["command"].as_str().unwrap())
            .collect();
        assert_eq!(rows, ["grow global", "grow file", "read global", "read file"]);
    }
}

#[test]
fn exports_to_files() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let (json, csv) = (path("a.json"), path("a.csv"));
    let (markdown, svg) = (path("a.md"), path("a.svg"));
    let first = ["--export-json", &json, "--export-csv", &csv];
    let second = ["--export-markdown", &markdown, "--export-svg", &svg];
    let table = text(bench(&[first, second].concat()));
    assert!(table.starts_with("op "), "{table}");
    let read = |path| std::fs::read_to_string(path).unwrap();
    let json: Value = serde_json::from_str(&read(json)).unwrap();
    assert_eq!(json["results"].as_array().unwrap().len(), 25);
    let csv = read(csv);
    assert_eq!(csv.lines().count(), 26);
    assert!(csv.starts_with("command,mean,stddev,median,user,system,min,max,"));
    assert_eq!(read(markdown).lines().count(), 27);
    let svg = read(svg);
    assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"));
}

#[test]
#[cfg(target_os = "linux")]
fn exports_on_a_full_disk_leave_what_was_there() {
    use crate::pmem::skipped;
    use crate::scratch::Scratch;

    let Some(scratch) = Scratch::of_size("64k") else { return skipped("leave to mount tmpfs") };
    let scratch = scratch.file("old", "what was there").file("filler", vec![7; 56 << 10]);
    // Twelve results, of which the page that is left has room for some.
    let runs = ["bench", "-q", "-n", "1", "-b", "global,system", "-r", "1"];
    for name in ["old", "new"] {
        let mut command = scratch.pmem(runs.iter().copied().chain(["--export-json", name]));
        let Output { status, stderr, .. } = command.output().unwrap();
        let said = String::from_utf8(stderr).unwrap();
        let message = format!("pmem: {name}: No space left on device; make room on it\n");
        assert_eq!((status.code(), said), (Some(2), message));
        assert_eq!(scratch.bytes("old"), b"what was there");
        assert_eq!(scratch.names(), ["filler", "old"]);
    }
}

#[test]
fn exports_to_standard_output_replace_the_table() {
    let one = ["-b", "temp", "--op", "grow"];
    let json = json(bench(&[&one[..], &["--export-json", "-"]].concat()));
    let result = &json["results"][0];
    for key in ["mean", "stddev", "median", "user", "system", "min", "max", "minor_faults"] {
        assert!(result[key].is_number(), "{key}");
    }
    assert_eq!(result["times"].as_array().unwrap().len(), 3);
    assert_eq!(result["command"], "grow temp");
    assert_eq!(result["operation"], "grow");
    assert_eq!(result["backend"], "temp");
    assert_eq!(result["type"], "u8");
    assert_eq!(result["count"], 1024);
    assert_eq!(result["bytes"], 1024);
    assert_eq!(json["versions"]["pmem"], env!("CARGO_PKG_VERSION"));
    assert_eq!(result["parameters"]["count"], "1024");
    for key in ["host", "kernel", "filesystem", "page_bytes", "processor", "directory"] {
        assert!(json["machine"].as_object().unwrap().contains_key(key), "{key}");
    }
    let csv = text(bench(&[&one[..], &["--export-csv", "-"]].concat()));
    assert_eq!(csv.lines().count(), 2);
    let markdown = text(bench(&[&one[..], &["--export-markdown", "-"]].concat()));
    assert!(markdown.starts_with("| Operation "));
    let svg = text(bench(&[&one[..], &["--export-svg", "-"]].concat()));
    assert!(svg.starts_with("<svg "));
}

#[test]
fn baseline() {
    // A machine that is busy must not hide what is a thousand times slower.
    let one = ["-b", "global", "--op", "read", "-t", "u32", "--runs=9"];
    let past = text(bench(&[&one[..], &["--export-json", "-"]].concat()));
    // Times that are so far from any real ones that no noise of this machine bridges them.
    let steady = |seconds: f64| {
        let mut past: Value = serde_json::from_str(&past).unwrap();
        let times = (0..30).map(|n| seconds * (1.0 + 0.001 * f64::from(n)));
        past["results"][0]["times"] = times.collect();
        past.to_string()
    };
    let now = |past: String| {
        let enough = ["bench", "-n", "1K", "-r", "30", "--baseline", "past"];
        Pmem::new(enough.iter().chain(&one)).file("past", past)
    };
    let table = text(now(steady(1000.0)));
    assert!(table.contains("× faster"), "{table}");
    let said = refusal(now(steady(1e-12)), 1);
    assert!(said.starts_with("pmem: 1 of 1 is slower than before: read global ("), "{said}");
}

#[test]
fn bad_baselines() {
    for (past, wrong) in [
        ("{", "pmem: past: not what 'pmem bench --export-json' writes: EOF"),
        (r#"{"results":[{"command":"ls"}]}"#, "pmem: past: not what 'pmem bench --export-json'"),
        (r#"{"results":[]}"#, "pmem: past: it has no results"),
    ] {
        let said = refusal(bench(&["--baseline", "past"]).file("past", past), 2);
        assert!(said.starts_with(wrong), "{said}");
    }
    let said = refusal(bench(&["--baseline", "nowhere"]), 2);
    assert_eq!(said, "pmem: nowhere: No such file or directory");
    let other = r#"{"results":[{"operation":"grow","backend":"temp","type":"u8","count":7,
                    "times":[1.0]}]}"#;
    let said = refusal(bench(&["--op", "grow", "--baseline", "past"]).file("past", other), 2);
    assert!(said.starts_with("pmem: past: it has no result of these operations"), "{said}");
}

#[test]
fn refusals() {
    for (arguments, message) in [
        (
            &["-b", "globl"][..],
            "pmem: invalid value 'globl' for '--backend <LIST>' [possible values: global, system, \
             file, temp, all]; a similar value exists: 'global'",
        ),
        (
            &["--op", "grwo"],
            "pmem: invalid value 'grwo' for '--op <LIST>' [possible values: grow, append, fill, \
             read, random, shrink, sync, all]; a similar value exists: 'grow'",
        ),
        (
            &["--op", "sync", "-b", "global"],
            "pmem: --op sync: only the backend 'file' can be synced",
        ),
        (&["--dir", "nowhere"], "pmem: nowhere: No such file or directory"),
        (
            &["--export-json", "-", "--export-csv", "-"],
            "pmem: only one export can go to standard output",
        ),
        (&["--export-json", "a", "--export-csv", "./a"], "pmem: ./a: only one export can go there"),
        (&["--export-json", "no/a"], "pmem: no/a: its directory: No such file or directory"),
        (&["--export-json", "."], "pmem: .: is a directory"),
    ] {
        assert_eq!(refusal(bench(arguments), 2), message, "{arguments:?}");
    }
    for (arguments, message) in [
        (&["bench", "-n", "0"][..], "pmem: --count 0: at least one element is needed"),
        (
            &["bench", "-n", "5B", "-t", "u32"],
            "pmem: 5 bytes are not a whole number of u32 elements (4 bytes each)",
        ),
    ] {
        assert_eq!(refusal(Pmem::new(arguments), 2), message, "{arguments:?}");
    }
}

#[test]
fn too_much() {
    let memory = refusal(Pmem::new(["bench", "-n", "1E", "-b", "system", "--op", "read"]), 2);
    let start = "pmem: not enough memory: 1152921504606846976 u8 elements need 1.0 EiB, ";
    assert!(memory.starts_with(start), "{memory}");
    assert!(memory.ends_with(" are available; choose a smaller --count"), "{memory}");
    let disk = refusal(Pmem::new(["bench", "-n", "15E", "-t", "u128", "-b", "file"]), 2);
    assert!(disk.contains("not enough "), "{disk}");
    assert!(disk.contains("17293822569102704640 u128 elements need 16.0 EiB, "), "{disk}");
}

#[test]
fn nothing_is_left_behind() {
    let dir = tempfile::tempdir().unwrap();
    let there = dir.path().to_str().unwrap();
    text(bench(&["--dir", there]));
    assert_eq!(files(dir.path()), 0);
    refusal(bench(&["--dir", there, "--baseline", "past"]).file("past", "{"), 2);
    assert_eq!(files(dir.path()), 0);
}

#[test]
fn remarks_name_what_cannot_be_measured() {
    let Output { stderr, .. } = bench(&["--op", "sync,read", "-b", "file,temp"]).runs();
    let said = String::from_utf8(stderr).unwrap();
    assert!(said.contains("pmem: sync: nothing to measure for temp\n"), "{said}");
}

/// Starts a run that takes for ever, with its files in `dir`.
#[cfg(target_os = "linux")]
fn endless(dir: &Path, more: &[&str]) -> std::process::Child {
    let child = Command::new(env!("CARGO_BIN_EXE_pmem"))
        .args(["bench", "-q", "-n", "1K", "-b", "file,temp", "--runs", "1000000000", "--dir"])
        .arg(dir)
        .args(more)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let about = |name: &str| format!("/proc/{}/{name}", child.id());
    // It has begun when it catches signals and has a file that was in the directory.
    let begun = || {
        let status = std::fs::read_to_string(about("status")).unwrap();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap();
        let catches = u64::from_str_radix(caught.trim(), 16).unwrap() & 0b10 != 0;
        let mut files = std::fs::read_dir(about("fd")).unwrap().flatten();
        let is_there = |link: std::io::Result<std::path::PathBuf>| {
            link.is_ok_and(|link| link.starts_with(dir))
        };
        catches && files.any(|fd| is_there(std::fs::read_link(fd.path())))
    };
    while !begun() {
        std::thread::sleep(Duration::from_millis(1));
    }
    child
}

#[test]
#[cfg(target_os = "linux")]
fn interruptions_leave_nothing_behind() {
    for (signal, code, word) in [
        ("-INT", Some(130), "pmem: interrupted; "),
        ("-TERM", Some(143), "pmem: terminated; "),
        ("-KILL", None, ""),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let output = stop(endless(dir.path(), &[]), signal);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), code, "{said}");
        if code.is_some() {
            let last = said.lines().last().unwrap();
            assert!(last.starts_with(word) && last.ends_with("; no file is left behind"), "{said}");
        }
        assert_eq!(files(dir.path()), 0, "{signal}");
    }
}

/// Sends a signal, and waits for the end.
#[cfg(target_os = "linux")]
fn stop(child: std::process::Child, signal: &str) -> Output {
    Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    child.wait_with_output().unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn an_interruption_shows_the_whole_rounds() {
    let dir = tempfile::tempdir().unwrap();
    let (old, fresh) = (dir.path().join("old"), dir.path().join("fresh"));
    std::fs::write(&old, "what was there").unwrap();
    let files = ["--export-csv", old.to_str().unwrap(), "--export-svg", fresh.to_str().unwrap()];
    // However long the first rounds take here, some wait is longer.
    for wait in (0..12).map(|doublings| Duration::from_millis(20 << doublings)) {
        let child = endless(dir.path(), &files);
        std::thread::sleep(wait);
        let Output { status, stdout, stderr } = stop(child, "-INT");
        let said = String::from_utf8(stderr).unwrap();
        assert_eq!(status.code(), Some(130), "{said}");
        assert_eq!(std::fs::read(&old).unwrap(), b"what was there");
        assert!(!fresh.exists());
        let table = String::from_utf8(stdout).unwrap();
        let last = said.lines().last().unwrap();
        if table.is_empty() {
            assert!(last.starts_with("pmem: interrupted; nothing was measured; "), "{said}");
            continue;
        }
        assert!(last.starts_with("pmem: interrupted; measured "), "{said}");
        assert_eq!(table.lines().count(), 1 + 6 * 2 + 1, "{table}");
        return;
    }
    panic!("no round was ever whole");
}

#[test]
#[cfg(target_os = "linux")]
fn a_pipe_is_no_directory() {
    let scratch = crate::scratch::Scratch::new();
    assert_eq!(scratch.shell("mkfifo pipe"), (0, String::new()));
    for (backend, code, said) in [("file", 2, "pmem: pipe: Not a directory\n"), ("global", 0, "")] {
        let script =
            "exec > table; exec timeout 20 $0 bench -q -n 1 -r 1 --op grow --dir pipe -b $1";
        let mut command = Command::new("sh");
        command.args(["-c", script, env!("CARGO_BIN_EXE_pmem"), backend]);
        let outcome = crate::scratch::outcome(command.current_dir(scratch.path("")));
        assert_eq!(outcome, (code, said.to_owned()));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn exports_go_into_pipes_and_keep_links() {
    let scratch = crate::scratch::Scratch::new().file("old", "old");
    let script = "mkfifo pipe; ln -s old link
                  cat pipe > read &
                  pmem bench -q -n 1 -r 1 -b global --op grow --export-csv pipe \\
                    --export-markdown link --export-svg /dev/stdout > out
                  wait";
    assert_eq!(scratch.shell(script), (0, String::new()));
    assert_eq!(scratch.names(), ["link", "old", "out", "pipe", "read"]);
    assert!(scratch.bytes("read").starts_with(b"command,mean,"));
    assert!(scratch.bytes("old").starts_with(b"| Operation "));
    let out = String::from_utf8(scratch.bytes("out")).unwrap();
    assert!(out.starts_with("op ") && out.contains("\n<svg "), "{out}");
}

#[test]
fn a_directory_that_is_none() {
    let run = |backend| {
        let arguments = ["bench", "-q", "--dir", "a", "-b", backend, "-n1K", "-r1", "--op", "grow"];
        Pmem::new(arguments).file("a", [1])
    };
    run("file").stderr("pmem: a: Not a directory\n").exits(2);
    // Who makes no files does not need it.
    run("global").succeeds();
}
