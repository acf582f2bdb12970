//! What `dump` shows: ranges, bytes left over, and what is wrong.

use crate::pmem::Pmem;

/// Lines with these numbers.
fn lines(numbers: impl IntoIterator<Item = u8>) -> String {
    numbers.into_iter().map(|number| format!("{number}\n")).collect()
}

#[test]
fn ranges() {
    let bytes: Vec<u8> = (0..100).collect();
    for (range, shown) in [
        ("10..20", 10..20),
        ("10..=20", 10..21),
        ("10..+5", 10..15),
        ("90..", 90..100),
        ("..5", 0..5),
        ("..", 0..100),
        ("7", 7..8),
        ("-8..", 92..100),
        ("-8..-4", 92..96),
        ("-1", 99..100),
        ("0x10..0x12", 16..18),
        ("5B..7B", 5..7),
    ] {
        let run = |arguments: &[&str]| {
            Pmem::new(arguments).file("a", &bytes).stdout(lines(shown.clone())).exits(0);
        };
        run(&["dump", "a", "--range", range]);
        run(&["dump", "-r", range, "a"]);
        run(&["dump", &format!("--range={range}"), "a"]);
    }
}

#[test]
fn skip_and_count() {
    let bytes: Vec<u8> = (0..100).collect();
    for (arguments, shown) in [
        (&["-s", "10", "-n", "5"][..], 10..15),
        (&["--skip", "-8"], 92..100),
        (&["--skip=-8", "--count=2"], 92..94),
        (&["-s", "-8", "--length", "2"], 92..94),
        (&["-s95", "-l2"], 95..97),
        (&["-n", "3"], 0..3),
        (&["-n", "0"], 0..0),
        (&["-s", "4B", "-n", "2B"], 4..6),
    ] {
        let arguments = ["dump", "a"].iter().chain(arguments);
        Pmem::new(arguments).file("a", &bytes).stdout(lines(shown)).exits(0);
    }
}

#[test]
fn counts_are_elements_unless_they_are_bytes() {
    let bytes: Vec<u8> = (0..8_u16).flat_map(u16::to_le_bytes).collect();
    let run = |arguments: &[&str]| {
        Pmem::new(["dump", "-tu16", "a"].iter().chain(arguments)).file("a", &bytes)
    };
    run(&["-s2", "-n2"]).stdout(lines([2, 3])).exits(0);
    run(&["-s4B", "-n4B"]).stdout(lines([2, 3])).exits(0);
    run(&["-s3B"])
        .stderr("pmem: a: 3 bytes are not a whole number of u16 elements (2 bytes each)\n")
        .exits(2);
}

#[test]
fn a_range_without_elements_is_reported() {
    Pmem::new(["dump", "a", "-r", "2..2"])
        .file("a", [0; 4])
        .stderr("pmem: a: the range has no elements\n")
        .exits(0);
    Pmem::new(["dump", "a", "-s", "1", "-n", "99"]).file("a", [0, 1]).stdout("1\n").exits(0);
}

#[test]
fn beyond_the_end() {
    for (range, message, shown) in [
        ("2..9", "the range 2..9 ends after the last element (there are 4)", 2..4),
        ("9..", "the range 9.. begins after the last element (there are 4)", 4..4),
        ("-9..", "the range begins 5 elements before the first one (there are 4)", 0..4),
    ] {
        Pmem::new(["dump", "-r", range, "a"])
            .file("a", [0, 1, 2, 3])
            .stderr(format!("pmem: a: {message}\n"))
            .stdout(lines(shown))
            .exits(0);
    }
    Pmem::new(["dump", "-n9", "-"]).stdin([0, 1]).stdout(lines([0, 1])).exits(0);
    Pmem::new(["dump", "-r0..9", "-"])
        .stdin([0, 1])
        .stderr("pmem: standard input: the range 0..9 ends after the last element (there are 2)\n")
        .stdout(lines([0, 1]))
        .exits(0);
}

#[test]
fn backwards() {
    Pmem::new(["dump", "-r20..10", "a"])
        .file("a", [0; 30])
        .stderr("pmem: a: the range ends before it starts\n")
        .exits(2);
}

#[test]
fn left_over() {
    let message = "11 bytes are not a whole number of u64 elements (8 bytes each); 3 bytes are left \
                   over\n";
    let bytes = [1, 0, 0, 0, 0, 0, 0, 0, 9, 9, 9];
    let run = |how: &[&str]| Pmem::new(["dump", "-tu64", "a"].iter().chain(how)).file("a", bytes);
    run(&[]).stdout("1\n").stderr(format!("pmem: a: {message}")).exits(0);
    run(&["--partial", "warn"]).stdout("1\n").stderr(format!("pmem: a: {message}")).exits(0);
    run(&["--partial", "ignore"]).stdout("1\n").exits(0);
    run(&["--partial", "error"]).stderr(format!("pmem: a: {message}")).exits(2);
    let stream = format!("pmem: standard input: {message}");
    let run = |how: &str| Pmem::new(["dump", "-tu64", "--partial", how, "-"]).stdin(bytes);
    run("warn").stdout("1\n").stderr(stream.clone()).exits(0);
    run("ignore").stdout("1\n").exits(0);
    run("error").stdout("1\n").stderr(stream).exits(2);
}

#[test]
fn element_larger_than_the_file() {
    Pmem::new(["dump", "-tu128", "a"])
        .file("a", [1])
        .stderr(
            "pmem: a: 1 byte is not a whole number of u128 elements (16 bytes each); 1 byte is \
             left over\n",
        )
        .exits(0);
}

#[test]
fn one_byte() {
    Pmem::new(["dump", "a"]).file("a", [255]).stdout("255\n").exits(0);
    Pmem::new(["dump", "-ti8", "a"]).file("a", [255]).stdout("-1\n").exits(0);
}

#[test]
fn what_is_wrong() {
    Pmem::new(["dump", "a"]).stderr("pmem: a: No such file or directory\n").exits(2);
    Pmem::new(["dump", "."]).stderr("pmem: .: is a directory, not a file of elements\n").exits(2);
}
