//! `pmem fill`.

use std::fs::File;
use std::process::Stdio;

use crate::scratch::{Scratch, outcome};

/// Bytes in the order of the file, out of those with the least significant first.
fn ordered(order: &str, mut bytes: Vec<u8>) -> Vec<u8> {
    if order == "be" {
        bytes.reverse();
    }
    bytes
}

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

fn unhex(text: &str) -> Vec<u8> {
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
    for range in ["-3..", "-3..-1", "--range=-0x3..", "4093", "4096..", "5..5"] {
        let scratch = Scratch::new().file("a", [1; 4096]);
        let range: &[&str] = if range.len() > 9 { &[range] } else { &["-r", range] };
        scratch.does(&[&["fill", "a", "2", "3"], range].concat());
        let expected: &[u8] = match range[range.len() - 1] {
            "-3.." | "--range=-0x3.." => &[1, 2, 3, 2],
            "-3..-1" => &[1, 2, 3, 1],
            "4093" => &[1, 2, 1, 1],
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
fn nothing_is_written_on_a_mistake() {
    let scratch = Scratch::new().file("a", [1; 10]).file("empty", []).file("odd", [1; 3]);
    let before = scratch.state("a");
    for (arguments, message) in [
        (&["300"][..], "a: 300 is out of range: u8 is 0..=255"),
        (&["1", "-1"], "a: -1 is out of range: u8 is 0..=255"),
        (&["-0x1"], "a: -0x1 is out of range: u8 is 0..=255"),
        (&["1.5", "-t", "i32"], "a: 1.5 is not a i32: a whole number is wanted"),
        (&["1e9", "-t", "f16"], "a: 1e9 is out of range: f16 is -65504..=65504"),
        (&["1", "-r", "5..11"], "a: the range 5..11 reaches beyond the 10 elements there are"),
        (&["1", "-r", "-11.."], "a: the range begins 1 before the 10 elements there are"),
        (
            &["--seq", "250"],
            "a: a series from 250 by 1 leaves the range 0..=255 of u8 after 6 values, and 10 are \
             wanted",
        ),
        (
            &["--seq", "-3:-50", "-t", "i8", "-r", "..4"],
            "a: a series from -3 by -50 leaves the range -128..=127 of i8 after 3 values, and 4 \
             are wanted",
        ),
        (
            &["--seq", "60000:9999", "-t", "f16"],
            "a: the last of 5 values, 9.9996e4, is out of range: f16 is -65504..=65504",
        ),
        (&["--seq", "x"], "a: x is not a u8: a whole number is wanted"),
        (&["--seq", "1:2:3"], "a: step 2:3: a whole number is wanted"),
        (&["--from", "none"], "none: No such file or directory"),
        (&["--from", "."], ".: is a directory, not a file of elements"),
        (&["--from", "a"], "a: it cannot be filled from itself; copy it first"),
        (&["--from", "empty"], "a: --from empty: is empty; there is nothing to fill with"),
        (
            &["--from", "odd", "-t", "u16"],
            "a: --from odd: 3 bytes is not a whole number of u16 elements (2 bytes each); 1 byte is \
             left over",
        ),
        (
            &["--from", "-"],
            "a: --from standard input: is empty; there is nothing to fill with; nothing was written",
        ),
        (
            &["1", "-t", "u32"],
            "a: 10 bytes is not a whole number of u32 elements (4 bytes each); 2 bytes are left \
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
        "--random a: a is not a u64: a whole number is wanted; FILE goes before --random, or write \
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

/// The generator as its authors describe it.
fn words(mut seed: u64) -> impl Iterator<Item = u64> {
    let mut state = [0; 4].map(|_: u64| {
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    });
    std::iter::repeat_with(move || {
        let [s0, s1, s2, s3] = state;
        let (mut s2, mut s3) = (s2 ^ s0, s3 ^ s1);
        let (s1, s0) = (s1 ^ s2, s0 ^ s3);
        s2 ^= state[1] << 17;
        s3 = s3.rotate_left(45);
        let word = state[0].wrapping_add(state[3]).rotate_left(23).wrapping_add(state[0]);
        state = [s0, s1, s2, s3];
        word
    })
}

#[test]
fn random_bytes_are_the_same_everywhere() {
    let scratch = Scratch::new().file("a", [9; 16]);
    scratch.does(&["fill", "a", "--random", "42"]);
    let fixed = "9f6876444f4d76d0";
    let first: Vec<u8> = words(42).take(2).flat_map(u64::to_le_bytes).collect();
    assert_eq!(scratch.bytes("a"), first);
    assert_eq!(first[..8], unhex(fixed)[..], "{:02x?}", first);
    // Across chunks, and from an odd place on, the stream goes on where it was.
    let scratch = Scratch::new().file("a", vec![9; 3_000_000]);
    scratch.does(&["fill", "a", "--random=42", "-r", "3.."]);
    let expected: Vec<u8> = words(42).take(375_000).flat_map(u64::to_le_bytes).collect();
    assert!(scratch.bytes("a")[3..] == expected[..3_000_000 - 3]);
}

#[test]
fn random_elements_of_every_type() {
    let bytes: Vec<u8> = words(7).take(8).flat_map(u64::to_le_bytes).collect();
    let element = |size: usize, at: usize| {
        let mut wide = [0; 8];
        wide[..size].copy_from_slice(&bytes[at * size..][..size]);
        u64::from_le_bytes(wide)
    };
    for (kind, size) in [("u16", 2), ("i32", 4), ("u64", 8), ("u128", 16), ("i8", 1)] {
        for order in ["le", "be"] {
            let scratch = Scratch::new().file("a", [9; 64]);
            scratch.does(&["fill", "a", "--random", "7", "-t", &format!("{kind}{order}")]);
            let expected: Vec<u8> =
                bytes.chunks(size).flat_map(|chunk| ordered(order, chunk.to_vec())).collect();
            assert_eq!(scratch.bytes("a"), expected, "{kind}{order}");
        }
    }
    let filled = |kind: &str| {
        let scratch = Scratch::new().file("a", [9; 64]);
        scratch.does(&["fill", "a", "--random", "7", "-t", kind]);
        scratch.bytes("a")
    };
    for (at, value) in filled("f64be").as_chunks().0.iter().enumerate() {
        let expected = (element(8, at) >> 11) as f64 / 2_f64.powi(53);
        assert_eq!(f64::from_be_bytes(*value), expected);
    }
    for (at, value) in filled("f32").as_chunks().0.iter().enumerate() {
        let expected = (element(4, at) >> 8) as f32 / 2_f32.powi(24);
        assert_eq!(f32::from_le_bytes(*value), expected);
    }
    for (at, value) in filled("f16").as_chunks().0.iter().enumerate() {
        let expected = (element(2, at) >> 5) as f32 / 2048.0;
        assert_eq!(half::f16::from_le_bytes(*value).to_f32(), expected);
    }
    for (at, value) in filled("bf16").as_chunks().0.iter().enumerate() {
        let expected = (element(2, at) >> 8) as f32 / 256.0;
        assert_eq!(half::bf16::from_le_bytes(*value).to_f32(), expected);
    }
}

#[test]
fn a_seed_that_was_picked_is_told() {
    let scratch = Scratch::new().file("a", [9; 100]).file("b", [9; 100]);
    let (code, said) = outcome(&mut scratch.pmem(["fill", "a", "--random", "--verbose"]));
    assert_eq!(code, 0);
    let start = "a: filled 0..100 of 100 u8 (100 B), seed ";
    let seed = said.strip_prefix(start).unwrap_or_else(|| panic!("{said}")).trim();
    scratch.does(&["fill", "b", "--random", seed]);
    assert_eq!(scratch.bytes("a"), scratch.bytes("b"));
    scratch.does(&["fill", "b", "--random"]);
    assert_ne!(scratch.bytes("a"), scratch.bytes("b"), "two seeds are the same");
}

#[test]
fn from_another_file() {
    // Shorter than the range, longer, repeated out of memory, and out of the file itself.
    for (source, target, start) in [
        (3, 10, 0),
        (10, 3, 1),
        (7, 3_000_001, 2),
        (1_500_003, 5_000_000, 1),
        ((1 << 20) + 4095, 4_000_000, 1),
        (1 << 20, 4 << 20, 0),
        (4_000_000, 4_000_000, 0),
    ] {
        let bytes: Vec<u8> = words(1).take(source / 8 + 1).flat_map(u64::to_le_bytes).collect();
        let bytes = &bytes[..source];
        let mut expected = vec![9; start];
        expected.extend(bytes.iter().cycle().take(target - start));
        for from in ["b", "-", "pipe"] {
            let scratch = Scratch::new().file("a", vec![9; target]).file("b", bytes);
            let range = format!("{start}..");
            if from == "pipe" {
                let script = format!("cat b | pmem fill a --from - -r {range}");
                // The reader goes away when it has enough.
                assert_eq!(scratch.shell(&script).0, 0);
            } else {
                let mut fill = scratch.pmem(["fill", "a", "--from", from, "-r", &range]);
                let fill = fill.stdin(Stdio::from(File::open(scratch.path("b")).unwrap()));
                assert_eq!(outcome(fill), (0, String::new()));
            }
            assert!(scratch.bytes("a") == expected, "{source} to {start}..{target} by {from}");
        }
    }
}

#[test]
fn a_stream_that_ends_within_an_element() {
    let scratch = Scratch::new().file("a", vec![9; 4 << 20]);
    let script = "head -c 2500001 /dev/zero | pmem fill a --from - -t u16";
    let message = "pmem: a: --from standard input: 2500001 bytes is not a whole number of u16 \
                   elements (2 bytes each); 1 byte is left over; 1048576 of 2097152 elements were \
                   written\n";
    assert_eq!(scratch.shell(script), (2, message.into()));
    let bytes = scratch.bytes("a");
    assert!(bytes[..2 << 20].iter().all(|byte| *byte == 0));
    assert!(bytes[2 << 20..].iter().all(|byte| *byte == 9));
}

#[test]
fn no_more_is_read_than_is_written() {
    let scratch = Scratch::new().file("a", [9; 3]).file("b", [9; 2]).file("c", [1, 2, 3, 4, 5]);
    let script = "cat c | { pmem fill a --from - && pmem fill b --from -; }";
    assert_eq!(scratch.shell(script), (0, String::new()));
    assert_eq!((scratch.bytes("a"), scratch.bytes("b")), (vec![1, 2, 3], vec![4, 5]));
    let script = "pmem fill a --from /dev/zero; pmem fill b --from /proc/self/comm -r 0";
    assert_eq!(scratch.shell(script), (0, String::new()));
    assert_eq!((scratch.bytes("a"), scratch.bytes("b")), (vec![0; 3], vec![b'p', 5]));
}

#[test]
fn memory_stays_small() {
    let scratch = Scratch::new().hole("a", 256 << 20).hole("b", 3 << 20);
    for content in ["1 2 3", "--seq 0 -t u64", "--random 1", "--from b", "--from - < /dev/zero"] {
        let script = format!("ulimit -v 60000; pmem fill a {content}");
        assert_eq!(scratch.shell(&script), (0, String::new()), "{content}");
    }
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
