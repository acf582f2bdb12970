//! What somebody in front of a terminal sees.

use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::pmem::skipped;
use crate::scratch::Scratch;

/// What the program shows on a terminal with so many columns, if there can be one.
fn shown(scratch: &Scratch, columns: u32, arguments: &str) -> Option<String> {
    let program = env!("CARGO_BIN_EXE_pmem");
    let mut script = Command::new("script");
    let line = format!("stty cols {columns} rows 24; '{program}' {arguments}");
    script.args(["-qec", &line, "/dev/null"]).current_dir(scratch.path(""));
    script.env("TERM", "xterm").env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    match script.stdin(Stdio::null()).output() {
        Ok(output) => Some(String::from_utf8(output.stdout).unwrap().replace('\r', "")),
        Err(_) => {
            skipped("script, which makes a terminal");
            None
        }
    }
}

#[test]
fn the_first_line_of_a_table_says_what_it_shows() {
    let long = "a-name-that-is-longer-than-a-terminal-is-wide-and-goes-on-and-on-to-here.bin";
    let scratch = Scratch::new().file("a", [0; 800]).file(long, [0; 8]);
    for (columns, arguments, line) in [
        (80, "dump a -t u64", "a  raw  u64  8 bytes each  100 elements"),
        (40, "dump a -t u64", "a  raw  u64  8 bytes each  100 elements"),
        (
            80,
            &format!("dump {long}"),
            "…rminal-is-wide-and-goes-on-and-on-to-here.bin  raw  u8  1 byte each  8 elements",
        ),
        (20, &format!("dump {long} -t u64"), "…ere.bin  raw  u64  8 bytes each  1 element"),
        (
            80,
            "dump - -t u8 < /dev/zero -n 1",
            "standard input  raw  u8  1 byte each  a stream of elements",
        ),
    ] {
        let Some(shown) = shown(&scratch, columns, &format!("{arguments} --color never")) else {
            return;
        };
        let first = shown.lines().next().unwrap();
        assert!(first.ends_with(line.trim_start_matches('…')) && first.contains(line), "{shown}");
        assert!(columns < 40 || first.chars().count() <= columns as usize, "{shown}");
    }
}

#[test]
fn a_table_is_as_wide_as_the_terminal_behind_a_pipe() {
    let scratch = Scratch::new().file("a", [7; 64]);
    for (columns, arguments, values) in [
        (40, "dump a -v --color never -f table | cat", 8),
        (80, "dump a -v --color never -f table | cat", 16),
        (200, "dump a -v --color never -f table | cat", 64),
        (40, "dump a -v --color never -f table", 8),
    ] {
        let Some(shown) = shown(&scratch, columns, arguments) else { return };
        let row = shown.lines().find(|line| line.starts_with(" 0 ")).expect("a row");
        assert_eq!(row.split_whitespace().count(), 1 + values, "{columns} {arguments}: {shown}");
    }
}

#[test]
fn help_is_coloured_as_asked() {
    let scratch = Scratch::new();
    for (arguments, coloured) in [
        ("dump -h", true),
        ("--color never dump -h", false),
        ("dump -h --color=never", false),
        ("help dump --color never", false),
        ("--color always --help | cat", true),
        ("--help | cat", false),
    ] {
        let Some(shown) = shown(&scratch, 80, arguments) else { return };
        assert_eq!(shown.contains('\u{1b}'), coloured, "{arguments}");
    }
}

#[test]
fn a_signal_leaves_no_colour_behind() {
    let scratch = Scratch::new();
    let program = env!("CARGO_BIN_EXE_pmem");
    for signal in ["INT", "QUIT", "TERM"] {
        let dump = format!("'{program}' dump - -v -t f64 -f table --color always < /dev/zero");
        let line = format!("timeout --foreground --preserve-status -s {signal} 0.2 {dump}");
        let mut script = Command::new("script");
        script.args(["-qec", &line, "/dev/null"]).current_dir(scratch.path(""));
        let Ok(output) = script.stdin(Stdio::null()).output() else { return skipped("script") };
        // A shell names the signal that has ended the program, and then it has not caught it.
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.len() > 10_000 && text.contains("\u{1b}[0m"));
        let end = &text[text.len() - 60..];
        let rows = text.rsplit("\r\n").find(|row| row.contains('\u{1b}')).unwrap();
        assert!(text.ends_with("\r\n"), "{signal}: {end:?}");
        assert!(rows.ends_with("\u{1b}[0m"), "{signal}: {end:?}");
    }
}

#[test]
fn what_comes_slowly_is_shown_at_once() {
    let program = env!("CARGO_BIN_EXE_pmem");
    for (format, shown) in [
        ("plain", "97\n98\n"),
        ("csv", "index,value\n0,97\n1,98\n"),
        ("raw", "ab"),
        ("table", "       0   97   98\n"),
    ] {
        let mut command = Command::new(program);
        command.args(["dump", "-", "-f", format]);
        if format == "table" {
            command.arg("-w2");
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (mut input, mut output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        input.write_all(b"ab").unwrap();
        let mut seen = vec![0; shown.len()];
        let reader = thread::spawn(move || {
            output.read_exact(&mut seen).unwrap();
            seen
        });
        let in_time = (0..200).any(|_| {
            thread::sleep(Duration::from_millis(50));
            reader.is_finished()
        });
        drop(input);
        assert!(in_time, "{format}");
        assert_eq!(String::from_utf8(reader.join().unwrap()).unwrap(), shown);
        child.wait().unwrap();
    }
}
