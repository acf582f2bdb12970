//! Values of every type in both byte orders, against `od` where it knows the type.

use std::process::Command;

use crate::pmem::{Pmem, skipped};

/// Bytes without a pattern, the same in every run; with zeroes and ones at the start.
fn bytes(count: usize) -> Vec<u8> {
    let mut state = 0x1234_5678_9abc_def0_u64;
    let mut bytes = vec![0; 32];
    bytes.extend([0xff; 32]);
    while bytes.len() < count {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        bytes.push((state >> 56) as u8);
    }
    bytes.truncate(count);
    bytes
}

/// What `od` shows, a value a line; nothing if there is no `od`.
fn od(kind: &str, order: &str, bytes: &[u8]) -> Option<String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let mut command = Command::new("od");
    let size = &kind[1..];
    command.args(["-An", "-v", &format!("-w{size}"), &format!("--endian={order}"), "-t", kind]);
    let Ok(output) = command.arg(file.path()).output() else {
        skipped("od");
        return None;
    };
    assert!(output.status.success(), "od -t {kind}");
    let text = String::from_utf8(output.stdout).unwrap();
    Some(text.lines().map(|line| format!("{}\n", line.trim())).collect())
}

#[test]
fn integers_are_as_in_od() {
    let bytes = bytes(4096);
    for (name, kind) in [
        ("u8", "u1"),
        ("u16", "u2"),
        ("u32", "u4"),
        ("u64", "u8"),
        ("i8", "d1"),
        ("i16", "d2"),
        ("i32", "d4"),
        ("i64", "d8"),
    ] {
        for (suffix, order) in [("", "little"), ("le", "little"), ("be", "big")] {
            let Some(expected) = od(kind, order, &bytes) else { return };
            let kind = format!("{name}{suffix}");
            Pmem::new(["dump", "-t", &kind, "a"]).file("a", &bytes).stdout(expected).exits(0);
        }
    }
}

#[test]
fn radixes_are_as_in_od() {
    let bytes = bytes(1024);
    for (radix, letter) in [("8", "o"), ("16", "x")] {
        for size in [1, 2, 4, 8] {
            let Some(expected) = od(&format!("{letter}{size}"), "big", &bytes) else { return };
            for sign in ["u", "i"] {
                let kind = format!("{sign}{}be", size * 8);
                Pmem::new(["dump", "-t", &kind, "--radix", radix, "a"])
                    .file("a", &bytes)
                    .stdout(expected.clone())
                    .exits(0);
            }
        }
    }
}

/// The digits of a number that count.
fn digits(number: &str) -> String {
    let mantissa = number.split('e').next().unwrap().replace(['-', '.'], "");
    mantissa.trim_matches('0').to_owned()
}

#[test]
fn floats_read_back_as_the_same_bits() {
    let bytes = bytes(8192);
    let text = |kind| {
        let stdout = Pmem::new(["dump", "-t", kind, "a"]).file("a", &bytes).succeeds();
        String::from_utf8(stdout).unwrap()
    };
    for (text, bytes) in text("f64").lines().zip(bytes.chunks(8)) {
        let value = f64::from_le_bytes(bytes.try_into().unwrap());
        let parsed: f64 = text.parse().unwrap();
        assert!(parsed.to_bits() == value.to_bits() || parsed.is_nan() && value.is_nan(), "{text}");
        assert_eq!(digits(text), digits(&format!("{value:e}")));
    }
    for (text, bytes) in text("f32be").lines().zip(bytes.chunks(4)) {
        let value = f32::from_be_bytes(bytes.try_into().unwrap());
        let parsed: f32 = text.parse().unwrap();
        assert!(parsed.to_bits() == value.to_bits() || parsed.is_nan() && value.is_nan(), "{text}");
    }
}

#[test]
fn floats_of_16_bits() {
    for (kind, bits, text) in [
        ("f16", 0x0000_u16, "0"),
        ("f16", 0x8000, "-0"),
        ("f16", 0x3c00, "1"),
        ("f16", 0x2e66, "0.1"),
        ("f16", 0x7bff, "65504"),
        ("f16", 0x0001, "6e-8"),
        ("f16", 0x7c00, "inf"),
        ("f16", 0xfc00, "-inf"),
        ("f16", 0x7e00, "NaN"),
        ("bf16", 0x3f80, "1"),
        ("bf16", 0x3dcd, "0.1"),
        ("bf16", 0xc2c8, "-100"),
        ("bf16", 0x7f7f, "3.39e38"),
        ("bf16", 0xff80, "-inf"),
        ("bf16", 0x7fc0, "NaN"),
    ] {
        let stdout = format!("{text}\n");
        let little = bits.to_le_bytes();
        Pmem::new(["dump", "-t", kind, "a"]).file("a", little).stdout(stdout.clone()).exits(0);
        let big = format!("{kind}be");
        Pmem::new(["dump", "-t", &big, "a"]).file("a", bits.to_be_bytes()).stdout(stdout).exits(0);
    }
}

#[test]
fn integers_of_128_bits() {
    for value in [0, 1, u128::MAX, 1 << 127, 170_141_183_460_469_231_731_687_303_715_884_105_727] {
        let unsigned = format!("{value}\n");
        let signed = format!("{}\n", value as i128);
        for (kind, bytes, text) in [
            ("u128", value.to_le_bytes(), &unsigned),
            ("u128be", value.to_be_bytes(), &unsigned),
            ("i128", value.to_le_bytes(), &signed),
            ("i128be", value.to_be_bytes(), &signed),
        ] {
            Pmem::new(["dump", "-t", kind, "a"]).file("a", bytes).stdout(text.clone()).exits(0);
        }
    }
}

#[test]
fn other_names_of_types() {
    for (kind, text) in [
        ("uint32", "67305985\n"),
        ("int32", "67305985\n"),
        ("<u4", "67305985\n"),
        (">u4", "16909060\n"),
        ("uint32be", "16909060\n"),
        ("|u1", "1\n2\n3\n4\n"),
    ] {
        Pmem::new(["dump", "-t", kind, "a"]).file("a", [1, 2, 3, 4]).stdout(text).exits(0);
    }
    for kind in ["float", "float32", "<f4", "f32le"] {
        let one = 1.5_f32.to_le_bytes();
        Pmem::new(["dump", "-t", kind, "a"]).file("a", one).stdout("1.5\n").exits(0);
    }
    for kind in ["double", "float64", "<f8"] {
        let one = 1.5_f64.to_le_bytes();
        Pmem::new(["dump", "-t", kind, "a"]).file("a", one).stdout("1.5\n").exits(0);
    }
    for kind in ["half", "float16", "<f2"] {
        Pmem::new(["dump", "-t", kind, "a"]).file("a", [0, 0x3e]).stdout("1.5\n").exits(0);
    }
    Pmem::new(["dump", "-t", "bfloat16", "a"]).file("a", [0xc0, 0x3f]).stdout("1.5\n").exits(0);
}

/// Types of every kind of element.
const TYPES: [&str; 44] = [
    "u8",
    "u16",
    "u24",
    "u32",
    "u64",
    "u128",
    "i8",
    "i16",
    "i24",
    "i32",
    "i64",
    "i128",
    "f16",
    "bf16",
    "f32",
    "f64",
    "f8e4m3",
    "f8e5m2",
    "bool",
    "cf32",
    "cf64",
    "ci8",
    "ci16",
    "ci32",
    "cu8",
    "str1",
    "str2",
    "str8",
    "hex1",
    "hex8",
    "i24be",
    "f64be",
    "f32x3",
    "i8x2",
    "cf32x2",
    "str2x2",
    "x:f32,y:i16be",
    "@a:i8,b:f64",
    "name:str4,n:i32",
    "f32,f32,u16",
    "a:str3",
    "i:i8,_:u8x4,w:f32",
    "v:f32x2,s:str2",
    "h:hex2,f:bf16x2",
];

/// Bytes of numbers and texts that are likely to be read as something else.
fn awkward() -> Vec<u8> {
    let mut bytes = bytes(600);
    for value in [-0.001_f64, -0.0, f64::NEG_INFINITY, -f64::NAN, -1e-300, -1e300, -0.5, -5.0] {
        bytes.extend(value.to_le_bytes());
        bytes.extend((value as f32).to_le_bytes());
        bytes.extend((value as i64).to_le_bytes());
    }
    for text in [
        "-t u8",
        "--sync",
        "-",
        "--",
        "-5",
        "-inf,",
        "\u{fdd0}ab",
        "a,b\tc",
        "\\x2d",
        " a ",
        "'\"$",
        "-e",
        "..",
        "5:7",
        "1..2",
        "-\u{fdd0}",
        "nan",
        "0x",
        "\u{7f}\u{85}",
        "-\0-",
    ] {
        let mut text = text.as_bytes().to_vec();
        text.resize(8, 0);
        bytes.extend(text);
    }
    // A whole number of elements of every type.
    bytes.resize(bytes.len().next_multiple_of(24 * 7 * 5), b'-');
    bytes
}

/// Values go into a command line, and no command line is too long.
const AT_ONCE: usize = 500;

#[test]
#[cfg(target_os = "linux")]
fn whatever_dump_prints_is_a_value() {
    use std::fs;

    use crate::scratch::Scratch;

    let all = awkward();
    for kind in TYPES {
        let scratch = Scratch::new().file("a", &all);
        let dump = |name: &str| {
            let arguments = ["dump", name, "-t", kind, "-f", "plain", "--partial", "ignore"];
            let output = scratch.pmem(arguments).output().unwrap();
            assert!(output.status.success(), "{kind}: {output:?}");
            String::from_utf8(output.stdout).unwrap()
        };
        let text = dump("a");
        let values: Vec<_> = text.lines().collect();
        let size = all.len() / values.len();
        for values in values.chunks(AT_ONCE) {
            fs::write(scratch.path("b"), vec![0; values.len() * size]).unwrap();
            scratch.does(&[&["fill", "b", "-t", kind][..], values].concat());
            let back = dump("b");
            assert!(back.lines().eq(values.iter().copied()), "{kind}: {values:?}");
        }
        for value in values.iter().rev().step_by(values.len() / 8) {
            fs::write(scratch.path("b"), "").unwrap();
            scratch.does(&["grow", "b", "1", "-t", kind, "--fill", value]);
            assert_eq!(dump("b"), format!("{value}\n"), "{kind}");
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn whatever_dump_prints_of_numbers_starts_a_sequence() {
    use crate::scratch::Scratch;

    for (kind, values) in [
        ("i8", &["-128", "-5"][..]),
        ("i128", &["-170141183460469231731687303715884105728"]),
        ("f32", &["-1e-3", "-0.001", "-.5", "1e20", "-0", "-1e20"]),
        ("bf16", &["-1e-5"]),
        ("f64be", &["-1e-300", "1e300"]),
    ] {
        for value in values {
            let scratch = Scratch::new().file("a", [0; 16]);
            scratch.does(&["fill", "a", "-t", kind, "-r", "0", "--seq", value]);
        }
    }
}
