//! `pmem fill`: values, series, ranges, and what is refused.

use crate::scratch::{Scratch, outcome};

#[test]
fn every_type_in_both_orders() {
    for (kind, values, bytes) in [
        ("u8", ["254", "0x1"], ["fe", "01"]),
        ("i8", ["-2", "-0x80"], ["fe", "80"]),
        ("u16", ["258", "65_535"], ["0201", "ffff"]),
        ("i16", ["-2", "258"], ["feff", "0201"]),
        ("u32", ["67305985", "0b1"], ["01020304", "01000000"]),
        ("i32", ["-2", "-2147483648"], ["feffffff", "00000080"]),
        ("u64", ["578437695752307201", "1"], ["0102030405060708", "0100000000000000"]),
        ("i64", ["-1_000", "+7"], ["18fcffffffffffff", "0700000000000000"]),
        (
            "u128",
            ["340282366920938463463374607431768211455", "18446744073709551616"],
            ["ffffffffffffffffffffffffffffffff", "00000000000000000100000000000000"],
        ),
        (
            "i128",
            ["-170141183460469231731687303715884105728", "-2"],
            ["00000000000000000000000000000080", "feffffffffffffffffffffffffffffff"],
        ),
        ("f16", ["-2", "inf"], ["00c0", "007c"]),
        ("bf16", ["1", "-inf"], ["803f", "80ff"]),
        ("f32", ["-0.5", "-Infinity"], ["000000bf", "000080ff"]),
        ("f64", ["1e0", "-0"], ["000000000000f03f", "0000000000000080"]),
    ] {
        for order in ["", "le", "be"] {
            let expected: Vec<u8> =
                bytes.iter().flat_map(|hex| ordered(order, unhex(hex))).collect();
            let scratch = Scratch::new().file("a", vec![9; expected.len()]);
            let kind = format!("{kind}{order}");
            scratch.does(&["fill", "a", values[0], values[1], "-t", &kind]);
            assert_eq!(scratch.bytes("a"), expected, "{kind}");
        }
    }
}

/// Bytes in the order of the file, out of those with the least significant first.
pub(crate) fn ordered(order: &str, mut bytes: Vec<u8>) -> Vec<u8> {
    if order == "be" {
        bytes.reverse();
    }
    bytes
}

pub(crate) fn unhex(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().chunks(2);
    digits.map(|two| u8::from_str_radix(str::from_utf8(two).unwrap(), 16).unwrap()).collect()
}

#[test]
fn ranges() {
    let line = "a: filled 10..20 of 512 u64 (80 B)\n";
    let scratch = Scratch::new().file("a", [1; 4096]);
    let arguments = ["fill", "a", "42", "-t", "u64", "--range", "10..20", "--sync", "--verbose"];
    scratch.run(&arguments, 0, line);
    let mut expected = vec![1; 4096];
    expected[80..160].copy_from_slice(&42_u64.to_le_bytes().repeat(10));
    assert_eq!(scratch.bytes("a"), expected);
    for range in ["-3..", "-3..-1", "--range=-0x3..", "4093..+3"] {
        let scratch = Scratch::new().file("a", [1; 4096]);
        let range: &[&str] = if range.len() > 9 { &[range] } else { &["-r", range] };
        scratch.does(&[&["fill", "a", "2", "3"], range].concat());
        let expected: &[u8] = match range[range.len() - 1] {
            "-3.." | "--range=-0x3.." => &[1, 2, 3, 2],
            "-3..-1" => &[1, 2, 3, 1],
            "4093..+3" => &[1, 2, 3, 2],
            _ => &[1, 1, 1, 1],
        };
        assert_eq!(scratch.bytes("a")[4092..], *expected, "{range:?}");
        assert_eq!(scratch.bytes("a")[..4092], [1; 4092]);
    }
}

#[test]
fn patterns_across_chunks() {
    let scratch = Scratch::new().file("a", vec![9; 5_000_000]);
    scratch.does(&["fill", "a", "1", "2", "3", "4", "5", "6", "7", "-r", "7..4999999"]);
    let bytes = scratch.bytes("a");
    assert!(bytes[..7].iter().chain(&bytes[4_999_999..]).all(|byte| *byte == 9));
    let wrong = (7..4_999_999).find(|at| bytes[*at] != ((at - 7) % 7 + 1) as u8);
    assert_eq!(wrong, None);
}

#[test]
fn series() {
    for (arguments, expected) in [
        (&["--seq", "250:-50"][..], vec![250, 200, 150, 100, 50, 0]),
        (&["--seq", "-1", "-t", "i16be"], vec![255, 255, 0, 0, 0, 1]),
        (&["--seq", "-0.5:0.25", "-t", "bf16"], vec![0, 0xbf, 0x80, 0xbe, 0, 0]),
    ] {
        let scratch = Scratch::new().file("a", [9; 6]);
        scratch.does(&[&["fill", "a"], arguments].concat());
        assert_eq!(scratch.bytes("a"), expected, "{arguments:?}");
    }
    let scratch = Scratch::new().file("a", vec![9; 5_000_000]);
    scratch.does(&["fill", "a", "--seq", "5:3", "-t", "u32be", "-r", "1.."]);
    let bytes = scratch.bytes("a");
    let values = bytes[4..].as_chunks().0.iter().map(|bytes| u32::from_be_bytes(*bytes));
    assert!(values.eq((0..1_249_999).map(|index| 5 + 3 * index)));
}

#[test]
fn nothing_is_written_on_a_mistake() {
    let scratch = Scratch::new().file("a", [1; 10]).file("empty", []).file("odd", [1; 3]);
    let before = scratch.state("a");
    for (arguments, message) in [
        (&["300"][..], "a: 300 is out of range: u8 is 0..=255"),
        (&["1", "-1"], "a: -1 is out of range: u8 is 0..=255"),
        (&["-0x1"], "a: -0x1 is out of range: u8 is 0..=255"),
        (&["1.5", "-t", "i32"], "a: '1.5' is not an i32: expected a whole number"),
        (&["1e9", "-t", "f16"], "a: 1e9 is out of range: f16 is -65504..=65504"),
        (&["1", "-r", "5..11"], "a: the range 5..11 ends after the last element (there are 10)"),
        (
            &["1", "-r", "-11.."],
            "a: the range begins 1 element before the first one (there are 10)",
        ),
        (
            &["--seq", "250"],
            "a: the series from 250 by 1 leaves the range 0..=255 of u8 after 6 values, and 10 are \
             needed",
        ),
        (
            &["--seq", "-3:-50", "-t", "i8", "-r", "..4"],
            "a: the series from -3 by -50 leaves the range -128..=127 of i8 after 3 values, and 4 \
             are needed",
        ),
        (
            &["--seq", "60000:9999", "-t", "f16"],
            "a: the last of 5 values, 9.9996e4, is out of range: f16 is -65504..=65504",
        ),
        (&["--seq", "x"], "a: --seq x: 'x' is not a u8: expected a whole number"),
        (&["--seq", "1:2:3"], "a: --seq 1:2:3: step 2:3: expected a whole number"),
        (&["--from", "none"], "a: --from: none: No such file or directory"),
        (&["--from", "."], "a: --from: .: is a directory, not a file of elements"),
        (&["--from", "a"], "a: a file cannot be filled from itself; copy it first"),
        (&["--from", "empty"], "a: --from empty: the file is empty"),
        (
            &["--from", "odd", "-t", "u16"],
            "a: --from odd: 3 bytes are not a whole number of u16 elements (2 bytes each); 1 byte is \
             left over",
        ),
        (&["--from", "-"], "a: --from standard input: the file is empty; nothing was written"),
        (
            &["1", "-t", "u32"],
            "a: 10 bytes are not a whole number of u32 elements (4 bytes each); 2 bytes are left \
             over; --partial ignore leaves them as they are",
        ),
    ] {
        let arguments = [&["fill", "a"], arguments].concat();
        scratch.refuses(&arguments, message);
        assert_eq!(scratch.state("a"), before, "{arguments:?}");
    }
}

#[test]
fn one_kind_of_content() {
    let scratch = Scratch::new().file("a", [1; 10]);
    for arguments in [&[][..], &["1", "--seq", "1"], &["--random", "--seq", "1"], &["--from"]] {
        let (code, said) = outcome(&mut scratch.pmem([&["fill", "a"], arguments].concat()));
        assert_eq!((code, said.lines().count()), (2, 1), "{said}");
    }
    scratch.refuses(
        &["fill", "--random", "a"],
        "--random a: 'a' is not a u64: expected a whole number; FILE goes before --random, or write \
         --random=SEED",
    );
    assert_eq!(scratch.bytes("a"), [1; 10]);
}

#[test]
fn left_over_bytes_are_never_touched() {
    let scratch = Scratch::new().file("a", [1; 11]);
    for content in [&["7"][..], &["--seq", "7:0"], &["--from", "b"]] {
        let scratch = Scratch::new().file("a", [1; 11]).file("b", [7, 0, 0, 0]);
        let arguments = [&["fill", "a", "-t", "u32", "--partial", "ignore"], content].concat();
        scratch.does(&arguments);
        assert_eq!(scratch.bytes("a"), [7, 0, 0, 0, 7, 0, 0, 0, 1, 1, 1]);
    }
    scratch.does(&["fill", "a", "7", "-t", "u128", "--partial", "ignore"]);
    assert_eq!(scratch.bytes("a"), [1; 11]);
}

#[test]
fn a_dry_run_changes_nothing() {
    let scratch = Scratch::new().file("a", [1; 10]).file("b", [2]);
    let before = scratch.state("a");
    for (content, seed) in [
        (&["3"][..], ""),
        (&["--seq", "1"], ""),
        (&["--random", "5"], ", seed 5"),
        (&["--from", "b"], ""),
        (&["--from", "-"], ""),
    ] {
        let arguments = [&["fill", "a", "--dry-run", "-r", "2.."], content].concat();
        scratch.run(&arguments, 0, &format!("a: would fill 2..10 of 10 u8 (8 B){seed}\n"));
    }
    scratch.does(&["fill", "a", "3", "--dry-run", "--quiet"]);
    scratch.refuses(&["fill", "a", "256", "--dry-run"], "a: 256 is out of range: u8 is 0..=255");
    assert_eq!(scratch.state("a"), before);
}

#[test]
fn help() {
    for command in ["grow", "shrink", "fill"] {
        let help = String::from_utf8(crate::pmem::Pmem::new([command, "-h"]).succeeds()).unwrap();
        assert!(help.lines().count() <= 24, "{help}");
        let help = crate::pmem::Pmem::new([command, "--help"]).succeeds();
        let help = String::from_utf8(help).unwrap();
        assert!(help.contains(&format!("Examples:\n  pmem {command} ")), "{help}");
    }
}

#[test]
fn a_negative_value_without_a_whole_part() {
    let scratch = Scratch::new().file("a", [0; 8]);
    scratch.does(&["fill", "a", "-.5", "-1.5", "-t", "f32"]);
    assert_eq!(scratch.bytes("a"), [(-0.5_f32).to_le_bytes(), (-1.5_f32).to_le_bytes()].concat());
}
