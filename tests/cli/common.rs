//! What all commands have in common: help, refusals, colours, exit codes.

use crate::pmem::Pmem;
use crate::scratch::Scratch;

#[test]
fn version() {
    let version = format!("pmem {}\n", env!("CARGO_PKG_VERSION"));
    for flag in ["-V", "--version"] {
        Pmem::new([flag]).stdout(version.clone()).exits(0);
        Pmem::new(["dump", flag]).stdout(version.clone()).exits(0);
    }
}

#[test]
fn short_help_fits_a_screen() {
    let commands = [
        "",
        "dump",
        "info",
        "find",
        "diff",
        "grow",
        "shrink",
        "fill",
        "bench",
        "completions",
        "man",
    ];
    for command in commands {
        let arguments = [command, "-h"].into_iter().filter(|word| !word.is_empty());
        let help = Pmem::new(arguments).env("COLUMNS", "80").succeeds();
        let help = String::from_utf8(help).unwrap();
        // With a line for the next prompt.
        assert!(help.lines().count() < 24, "{help}");
    }
}

#[test]
fn long_help_has_examples() {
    for command in ["dump", "info", "find", "diff", "bench", "completions", "man"] {
        let help = String::from_utf8(Pmem::new([command, "--help"]).succeeds()).unwrap();
        assert!(help.contains(&format!("Examples:\n  pmem {command} ")) || command == "man");
        assert!(help.contains("--color"));
        let same = String::from_utf8(Pmem::new(["help", command]).succeeds()).unwrap();
        assert_eq!(same, help);
    }
}

#[test]
fn examples_work_when_pasted() {
    for word in ["dump", "info", "grow", "shrink", "fill", "types", "counts", "ranges", "values"] {
        let help = String::from_utf8(Pmem::new(["help", word]).succeeds()).unwrap();
        // Pipes need other programs, and the growth of 16 GiB a large disk.
        let fit = |line: &&str| !line.contains(" | ") && !line.contains(" 1G ");
        let examples: Vec<_> =
            help.lines().filter(|line| line.starts_with("  pmem ")).filter(fit).collect();
        assert!(!examples.is_empty(), "{help}");
        for example in examples {
            let scratch = Scratch::new()
                .file("data.bin", [0; 8192])
                .file("tile.bin", [1; 64])
                .file("scan.bin", [0; 26])
                .file("points.bin", [0; 99])
                .file("tokens.bin", [0; 20])
                .file("vectors.bin", [0; 4096])
                .file("audio.wav", [0; 50]);
            let (code, stderr) = scratch.shell(&format!("exec > /dev/null\n{example}\n"));
            assert_eq!(code, 0, "{example}: {stderr}");
        }
    }
}

#[test]
fn topics() {
    for (topic, word) in [
        ("types", "bfloat16"),
        ("formats", "safetensors"),
        ("counts", "1_000"),
        ("ranges", "-8.."),
        ("values", "-1e-3"),
    ] {
        let help = String::from_utf8(Pmem::new(["help", topic]).succeeds()).unwrap();
        assert!(help.contains(word), "{help}");
    }
    let output = Pmem::new(["help", "tipes"]).runs();
    let message = String::from_utf8(output.stderr).unwrap();
    let start = "pmem: help tipes: no such command or topic; there are dump info ";
    assert!(message.starts_with(start), "{message}");
    assert!(message.ends_with(" man help types formats counts ranges values\n"), "{message}");
    assert_eq!((message.lines().count(), output.status.code()), (1, Some(2)));
}

#[test]
fn wrong_words_are_one_line_with_a_suggestion() {
    for (arguments, message) in [
        (
            &["dump", "--tpye", "u8", "a"][..],
            "unexpected argument '--tpye' found; a similar argument exists: '--type'; try 'pmem \
             dump --help'",
        ),
        (
            &["dmp", "a"],
            "unrecognized subcommand 'dmp'; a similar subcommand exists: 'dump'; try 'pmem --help'",
        ),
        (&["dump", "-t", "u4", "a"], "--type u4: types are named by their bits; did you mean u32?"),
        (&["dump", "-t", "U64", "a"], "--type U64: no such type; did you mean u64?"),
        (&["dump", "-n", "2b", "a"], "--count 2b: 'b' is not a unit; write B for bytes"),
        (&["dump", "-n", "-8", "a"], "--count -8: a number of elements is never negative"),
        (&["grow", "a", "-5"], "COUNT -5: a number of elements is never negative"),
        (&["dump", "-w", "1K", "a"], "--columns 1K: expected a number from 1 to 65536"),
        (&["dump", "-w", "-1", "a"], "--columns -1: expected a number from 1 to 65536"),
        (&["dump", ""], "FILE : '' is not the name of a file"),
        (
            &["dump", "-t", "\u{1b}[31m", "a"],
            "--type \\u{1b}[31m: no such type; there are u8 u16 u24 u32 u64 u128 i8 i16 i24 i32 i64 \
             i128 f16 bf16 f32 f64 f8e4m3 f8e5m2 bool (see 'pmem help types')",
        ),
        (
            &["shrink"],
            "the following required arguments were not provided: <FILE> <COUNT>; try 'pmem shrink \
             --help'",
        ),
    ] {
        Pmem::new(arguments).stderr(format!("pmem: {message}\n")).exits(2);
    }
}

#[test]
fn without_a_command_there_is_help() {
    let help = String::from_utf8(Pmem::new(["-h"]).succeeds()).unwrap();
    assert!(help.starts_with("Look at, change and measure files of numbers\n"), "{help}");
    Pmem::new([""; 0]).stderr(help).exits(2);
}

#[test]
fn colours() {
    let red = "\u{1b}[1m\u{1b}[31mNaN\u{1b}[0m";
    let grey = "\u{1b}[90m0\u{1b}[0m";
    let (plain, painted) = ("0  NaN\n".to_owned(), format!("{grey}  {red}\n"));
    let run = |flag: &[&str], variables: &[(&str, &str)], stdout: &str| {
        let arguments = ["dump", "-t", "f64", "-f", "table", "a"].iter().chain(flag);
        let pmem = Pmem::new(arguments).file("a", f64::NAN.to_le_bytes()).stdout(stdout);
        variables.iter().fold(pmem, |pmem, (name, value)| pmem.env(name, value)).exits(0);
    };
    run(&[], &[], &plain);
    run(&["--color", "always"], &[], &painted);
    run(&["--color=always"], &[("NO_COLOR", "1")], &painted);
    run(&[], &[("CLICOLOR_FORCE", "1")], &painted);
    run(&[], &[("CLICOLOR_FORCE", "0")], &plain);
    run(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")], &painted);
    run(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &plain);
    run(&["--color", "never"], &[("CLICOLOR_FORCE", "1")], &plain);
}

#[test]
fn a_number_with_a_minus_is_no_file() {
    for (arguments, name) in [
        (&["grow", "-inf", "5"][..], "FILE -inf"),
        (&["shrink", "-0x10", "5"], "FILE -0x10"),
        (&["fill", "-1_0", "5"], "FILE -1_0"),
        (&["dump", "-nan"], "FILE -nan"),
        (&["fill", "a", "--from", "-inf"], "--from -inf"),
    ] {
        let word = name.rsplit(' ').next().unwrap();
        let message = format!("pmem: {name}: expected a file; if that is one, write ./{word}\n");
        Pmem::new(arguments).stderr(message).exits(2);
        Pmem::new(["dump", "--", word]).file(word, [7]).stdout("7\n").exits(0);
    }
}

#[test]
fn of_repeated_flags_the_last_counts() {
    for (flags, stdout) in [
        (&["-t", "u8", "-t", "u16"][..], "513\n"),
        (&["-n9", "--length=3", "-l1"], "1\n"),
        (&["-r", "..", "-r", "1"], "2\n"),
        (&["-q", "-q", "-x", "-x", "-n1"], "01\n"),
        (&["-f", "csv", "-f", "raw"], "\u{1}\u{2}"),
        (&["--color=always", "--color=never", "-f", "table", "-An"], "1  2\n"),
    ] {
        let arguments = ["dump", "a"].iter().chain(flags);
        Pmem::new(arguments).file("a", [1, 2]).stdout(stdout).exits(0);
    }
}

#[test]
fn options_of_every_command_may_precede_it() {
    for arguments in [
        &["-t", "u16", "dump", "a"][..],
        &["--type=u16", "dump", "a"],
        &["--type", "u8", "dump", "-t", "u16", "a"],
        &["-q", "--color", "never", "-tu16", "dump", "a"],
    ] {
        Pmem::new(arguments).file("a", [1, 2]).stdout("513\n").exits(0);
    }
    Pmem::new(["-t", "u4", "dump", "a"])
        .stderr("pmem: --type u4: types are named by their bits; did you mean u32?\n")
        .exits(2);
}

#[test]
fn help_fits_80_columns() {
    for word in [
        "dump",
        "info",
        "find",
        "diff",
        "grow",
        "shrink",
        "fill",
        "bench",
        "completions",
        "man",
        "help",
        "types",
        "formats",
        "counts",
        "ranges",
        "values",
    ] {
        let help = Pmem::new(["help", word]).succeeds();
        for line in String::from_utf8(help).unwrap().lines() {
            assert!(line.chars().count() <= 80, "{word}: {line}");
        }
    }
}
