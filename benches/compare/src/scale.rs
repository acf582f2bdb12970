//! How cost grows with the number of elements: time, and the memory that is the program's own.
//!
//! Each figure comes from a process of its own, as a peak of memory cannot be reset.

use std::{
    env, fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use platform_mem::{ErasedMem, FileOptions, Global, RawMem, Result, TempFile};

/// The first argument of the process that measures.
pub const ONE: &str = "--one";

const BACKENDS: [&str; 3] = ["Global", "FileMapped", "TempFile"];
const OPERATIONS: [&str; 4] = ["grow_filled", "grow_zeroed", "append 512", "shrink to none"];
const LOG_COUNTS: [u32; 5] = [10, 15, 20, 25, 30];

/// Prints the table.
pub fn print(dir: &Path) {
    println!("| operation | memory | {} |", LOG_COUNTS.map(|log| format!("2^{log}")).join(" | "));
    println!("|---|---|{}", "---|".repeat(LOG_COUNTS.len()));
    for operation in OPERATIONS {
        for backend in BACKENDS {
            let cells = LOG_COUNTS.map(|log| cell(dir, backend, operation, log));
            println!("| {operation} | `{backend}` | {} |", cells.join(" | "));
        }
    }
}

/// Measures one figure in a process of its own.
fn cell(dir: &Path, backend: &str, operation: &str, log: u32) -> String {
    let program = env::current_exe().expect("this program has a path");
    let output = Command::new(program)
        .args([ONE, backend, operation, &log.to_string()])
        .arg(dir)
        .output()
        .expect("this program runs again");
    match output.status.success() {
        true => String::from_utf8_lossy(&output.stdout).into_owned(),
        false => "–".into(),
    }
}

/// Measures what the arguments say, and prints it.
pub fn one(args: &[String]) -> Result<()> {
    let [backend, operation, log, dir] = args else { panic!("four arguments") };
    let count = 1 << log.parse::<u32>().expect("a power of two");
    let mut mem = memory(backend, Path::new(dir))?;
    if operation == "shrink to none" {
        mem.grow_filled(count, 7)?;
    }
    let start = Instant::now();
    match operation.as_str() {
        "grow_filled" => crate::contest::seen(mem.grow_filled(count, 7)?),
        // SAFETY: zero is a number.
        "grow_zeroed" => crate::contest::seen(unsafe { mem.grow_zeroed(count) }?),
        "append 512" => {
            for _ in 0..count / 512 {
                mem.grow_from_slice(&[7; 512])?;
            }
        }
        "shrink to none" => mem.shrink(count)?,
        other => panic!("{other} is no operation"),
    }
    print!("{}, {}", time(start.elapsed()), own_memory());
    Ok(())
}

fn memory(backend: &str, dir: &Path) -> Result<Box<dyn ErasedMem<Item = u64>>> {
    Ok(match backend {
        "Global" => Box::new(Global::new()),
        "TempFile" => Box::new(TempFile::new_in(dir)?),
        "FileMapped" => {
            let file = tempfile::tempfile_in(dir)?;
            Box::new(FileOptions::new().sync_on_drop(false).from_file(file)?)
        }
        other => panic!("{other} is no memory"),
    })
}

fn time(time: Duration) -> String {
    match time.as_secs_f64() {
        seconds @ 1.0.. => format!("{seconds:.2} s"),
        seconds @ 1e-3.. => format!("{:.1} ms", seconds * 1e3),
        seconds => format!("{:.1} µs", seconds * 1e6),
    }
}

/// Returns the peak of the memory that this process had, pages of mapped files included.
fn own_memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kib = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    match kib {
        Some(kib @ 1_048_576.0..) => format!("{:.1} GiB", kib / 1_048_576.0),
        Some(kib) => format!("{:.1} MiB", kib / 1024.0),
        None => "?".into(),
    }
}
