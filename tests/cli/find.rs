//! What `find` finds, how it says so, and its status.

use crate::pmem::Pmem;

/// The bytes of little-endian floats.
fn floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// Lines with these texts.
fn lines(texts: &[&str]) -> String {
    texts.iter().map(|text| format!("{text}\n")).collect()
}

#[test]
fn indices_of_values_and_ranges() {
    let values = [1.0, -0.0, 0.0, f32::NAN, f32::INFINITY, -5.0, 0.1, -f32::INFINITY];
    for (operands, found) in [
        (&["0"][..], &["1", "2"][..]),
        (&["-0"], &["1", "2"]),
        (&["0.1"], &["6"]),
        (&["nan"], &["3"]),
        (&["-NaN"], &["3"]),
        (&["inf"], &["4"]),
        (&["-inf"], &["7"]),
        (&["-5", "1"], &["0", "5"]),
        (&["-1..1"], &["1", "2", "6"]),
        (&["-5..=0"], &["1", "2", "5"]),
        (&["..0"], &["5", "7"]),
        (&["1.."], &["0", "4"]),
        (&["-inf..inf", "nan"], &["0", "1", "2", "3", "5", "6", "7"]),
        (&["..", "-v"], &["3"]),
        (&["0", "-v", "-r", "..4"], &["0", "3"]),
        (&["0", "-r", "2.."], &["2"]),
        (&["0.11", "--atol", "0.02"], &["6"]),
        (&["-5.1", "--rtol", "0.02"], &["5"]),
        (&["0.10000001", "--ulp", "1"], &["6"]),
    ] {
        let arguments = ["find", "-t", "f32", "a"].iter().chain(operands);
        Pmem::new(arguments).file("a", floats(&values)).stdout(lines(found)).exits(0);
    }
}

#[test]
fn integers_are_compared_as_integers() {
    let value = u64::MAX - 1;
    let bytes: Vec<u8> =
        [value - 1, value, value + 1].iter().flat_map(|v| v.to_be_bytes()).collect();
    let text = value.to_string();
    let run = |operands: &[&str]| {
        Pmem::new(["find", "-t", "u64be", "a"].iter().chain(operands)).file("a", &bytes)
    };
    run(&[&text]).stdout("1\n").exits(0);
    run(&["0xffff_ffff_ffff_fffe"]).stdout("1\n").exits(0);
    run(&[&format!("{text}..")]).stdout("1\n2\n").exits(0);
    run(&[&text, "--atol", "1"]).stdout("0\n1\n2\n").exits(0);
    run(&[&text, "--atol", "0.9"]).stdout("1\n").exits(0);
    let wide: Vec<u8> = [i128::MIN, i128::MAX].iter().flat_map(|v| v.to_le_bytes()).collect();
    Pmem::new(["find", "-t", "i128", "a", "..0"]).file("a", &wide).stdout("0\n").exits(0);
    let far = u128::MAX.to_string();
    Pmem::new(["find", "-t", "i128", "a", "0", "--atol", &far])
        .file("a", &wide)
        .stdout("0\n1\n")
        .exits(0);
}

#[test]
fn status_and_counts() {
    let run =
        |options: &[&str]| Pmem::new(["find", "a"].iter().chain(options)).file("a", [1, 2, 1, 3]);
    run(&["1"]).stdout("0\n2\n").exits(0);
    run(&["9"]).exits(1);
    run(&["1", "-c"]).stdout("2\n").exits(0);
    run(&["9", "-c"]).stdout("0\n").exits(1);
    run(&["1", "-cv"]).stdout("2\n").exits(0);
    run(&["1", "2", "-c"]).stdout("3\n").exits(0);
    run(&["1", "-c", "-m1"]).stdout("1\n").exits(0);
    run(&["1", "-m", "1"]).stdout("0\n").exits(0);
    run(&["1", "-m", "1B"]).stdout("0\n").exits(0);
    run(&["1", "-m0"]).exits(1);
    run(&["1", "-q"]).exits(0);
    run(&["9", "-q"]).exits(1);
    run(&["1", "-r", "1..2", "-q"]).exits(1);
    run(&["1", "-r", "2..9"])
        .stdout("2\n")
        .stderr("pmem: a: the range 2..9 ends after the last element (there are 4)\n")
        .exits(0);
    Pmem::new(["find", "a", "1"]).file("a", []).exits(1);
    Pmem::new(["find", "a", "1", "-v"]).file("a", []).exits(1);
}

#[test]
fn runs() {
    let bytes = [1, 1, 1, 2, 1, 1, 2];
    let run =
        |options: &[&str]| Pmem::new(["find", "a", "--run"].iter().chain(options)).file("a", bytes);
    run(&["1", "1"]).stdout("0\n1\n4\n").exits(0);
    run(&["1", "2"]).stdout("2\n5\n").exits(0);
    run(&["1", "2..", "1"]).stdout("2\n").exits(0);
    run(&["1", "1", "-c"]).stdout("3\n").exits(0);
    run(&["1", "1", "-m2"]).stdout("0\n1\n").exits(0);
    run(&["1", "2", "-r", "..6"]).stdout("2\n").exits(0);
    run(&["2", "2"]).exits(1);
    run(&["1", "-v"])
        .stderr(
            "pmem: the argument '--run' cannot be used with '--invert-match'; try 'pmem find \
             --help'\n",
        )
        .exits(2);
}

/// Runs are found across the blocks in which a file is read, and in the same order.
#[test]
fn runs_across_blocks() {
    let mut bytes = vec![7; 3 << 18];
    let mut expected = String::new();
    for start in [0, (1 << 18) - 2, (1 << 18) - 1 + 10, (2 << 18) - 1, (3 << 18) - 3] {
        bytes[start..start + 3].copy_from_slice(&[1, 2, 3]);
        expected.push_str(&format!("{start}\n"));
    }
    let run = || Pmem::new(["find", "a", "1", "2", "3", "--run"]).file("a", &bytes);
    run().stdout(expected.clone()).exits(0);
    Pmem::new(["find", "-", "1", "2", "3", "--run"]).stdin(bytes.clone()).stdout(expected).exits(0);
}

#[test]
fn formats() {
    let values = floats(&[1.0, f32::NAN, -2.5]);
    let run = |format: &str| {
        Pmem::new(["find", "-t", "f32", "a", "nan", "..0", "-f", format]).file("a", &values)
    };
    run("plain").stdout("1\n2\n").exits(0);
    run("csv").stdout("index,value\n1,NaN\n2,-2.5\n").exits(0);
    run("ndjson")
        .stdout("{\"index\":1,\"value\":\"NaN\"}\n{\"index\":2,\"value\":-2.5}\n")
        .exits(0);
    run("table").stdout("1   NaN\n2  -2.5\n").exits(0);
    for format in ["table", "ndjson", "plain"] {
        Pmem::new(["find", "a", "9", "-f", format]).file("a", [1]).exits(1);
    }
    Pmem::new(["find", "a", "9", "-f", "csv"]).file("a", [1]).stdout("index,value\n").exits(1);
}

#[test]
fn records_and_arrays() {
    let bytes = [1, 2, 0, 3, 2, 0, 1, 9, 0];
    let run = |options: &[&str]| {
        Pmem::new(["find", "-t", "x:u8,y:u16", "a"].iter().chain(options)).file("a", bytes)
    };
    run(&["1,2"]).stdout("0\n").exits(0);
    run(&["1,.."]).stdout("0\n2\n").exits(0);
    run(&["2", "--field", "y"]).stdout("0\n1\n").exits(0);
    run(&["2", "--field", "y", "-f", "csv"]).stdout("index,y\n0,2\n1,2\n").exits(0);
    run(&["2,1", "--field", "y,x"]).stdout("0\n").exits(0);
    run(&["1,2", "-f", "ndjson"]).stdout("{\"index\":0,\"x\":1,\"y\":2}\n").exits(0);
    run(&["..,9", "-f", "table"]).stdout("   x  y\n2  1  9\n").exits(0);
    run(&["2"])
        .stderr(
            "pmem: a: '2' has 1 item, and a x:u8,y:u16 has 2: x,y; --field says which of them is \
             meant\n",
        )
        .exits(2);
    let run = |options: &[&str]| {
        Pmem::new(["find", "-t", "u8x3", "a"].iter().chain(options)).file("a", bytes)
    };
    run(&["3,2,0"]).stdout("1\n").exits(0);
    run(&["9"]).stdout("2\n").exits(0);
    run(&["2", "--field", "1"]).stdout("0\n1\n").exits(0);
    run(&["9.."]).stdout("2\n").exits(0);
    run(&["3,2,0", "1,9,0", "--run"]).stdout("1\n").exits(0);
    Pmem::new(["find", "-t", "s:str2,n:u8", "a", "a..,1", "-f", "csv"])
        .file("a", b"a.\x01")
        .stderr("pmem: a: s: 'a..' is too long: it has 3 bytes, and str2 has 2\n")
        .exits(2);
}

#[test]
fn operands() {
    let run = |operands: &[&str]| Pmem::new(["find"].iter().chain(operands));
    run(&["5"]).stdin([4, 5]).stdout("1\n").exits(0);
    run(&["-5", "-t", "i8"]).stdin([251]).stdout("0\n").exits(0);
    run(&["-", "5"]).stdin([5]).stdout("0\n").exits(0);
    run(&["--", "-5", "251"]).file("-5", [251]).stdout("0\n").exits(0);
    run(&["-5", "7"])
        .stderr("pmem: FILE -5: expected a file; if that is one, write ./-5\n")
        .exits(2);
    run(&[]).stderr("pmem: VALUE is missing; try 'pmem find --help'\n").exits(2);
    run(&["a", "300"])
        .file("a", [1])
        .stderr("pmem: a: 300 is out of range: u8 is 0..=255\n")
        .exits(2);
    run(&["a", "1", "--atol", "-1"])
        .stderr("pmem: --atol -1: expected a number that is not negative\n")
        .exits(2);
    run(&["a", "1", "-q", "-c"]).stderr("pmem: -q prints nothing; leave out -c\n").exits(2);
    run(&["a", "1"]).stderr("pmem: a: No such file or directory\n").exits(2);
}

#[test]
fn left_over() {
    Pmem::new(["find", "-t", "u16", "a", "1"])
        .file("a", [1, 0, 1])
        .stdout("0\n")
        .stderr(
            "pmem: a: 3 bytes are not a whole number of u16 elements (2 bytes each); 1 byte is \
             left over\n",
        )
        .exits(0);
    Pmem::new(["find", "-t", "u16", "1", "--partial", "ignore"])
        .stdin([1, 0, 1])
        .stdout("0\n")
        .exits(0);
}

/// Matches in a hole come in their place, and a hole costs nothing.
#[cfg(target_os = "linux")]
#[test]
fn holes() {
    use std::io::{Seek as _, SeekFrom, Write as _};

    let run = |operands: &[&str]| {
        let pmem = Pmem::new(["find", "a", "-t", "u16"].iter().chain(operands));
        let mut file = std::fs::File::create(pmem.directory().join("a")).unwrap();
        file.set_len(1 << 40).unwrap();
        file.seek(SeekFrom::Start(1 << 39)).unwrap();
        file.write_all(&[1; 4096]).unwrap();
        pmem
    };
    let island = 1_u64 << 38;
    run(&["0x0101", "-m1"]).stdout(format!("{island}\n")).exits(0);
    run(&["0x0101", "-c"]).stdout("2048\n").exits(0);
    run(&["0", "-c"]).stdout(format!("{}\n", (1_u64 << 39) - 2048)).exits(0);
    run(&["0", "-m3", "-f", "csv"]).stdout("index,value\n0,0\n1,0\n2,0\n").exits(0);
    run(&["0", "0", "0x0101", "--run"]).stdout(format!("{}\n", island - 2)).exits(0);
    run(&["0x0101", "0", "0", "--run"]).stdout(format!("{}\n", island + 2047)).exits(0);
    let after = format!("{}..", island + 2000);
    let first = island + 2048;
    run(&["0", "-r", &after, "-m2"]).stdout(format!("{first}\n{}\n", first + 1)).exits(0);
    run(&["7"]).exits(1);
}
