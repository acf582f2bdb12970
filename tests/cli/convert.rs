//! `pmem convert`: types, fields, formats, and what it leaves behind.

use std::fs;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use crate::pmem::Pmem;
use crate::scratch::{Scratch, outcome};

/// The bytes of numbers.
fn bytes<const N: usize>(values: impl IntoIterator<Item = [u8; N]>) -> Vec<u8> {
    values.into_iter().flatten().collect()
}

#[test]
fn types_follow_names() {
    let values = [1.0_f64, -2.5, 0.1, f64::INFINITY, f64::NAN];
    let scratch = Scratch::new().file("a.f64", bytes(values.map(f64::to_le_bytes)));
    scratch.does(&["convert", "a.f64", "a.f32"]);
    assert_eq!(scratch.bytes("a.f32"), bytes(values.map(|value| (value as f32).to_le_bytes())));
    scratch.does(&["convert", "a.f64", "a.f64be"]);
    assert_eq!(scratch.bytes("a.f64be"), bytes(values.map(f64::to_be_bytes)));
    scratch.does(&["convert", "a.f64be", "b.f64"]);
    assert_eq!(scratch.bytes("b.f64"), scratch.bytes("a.f64"));
    scratch.does(&["convert", "a.f64", "a.bin", "--to", "f32be", "-r", "..2"]);
    let values = [1.0_f32, -2.5].map(f32::to_be_bytes);
    assert_eq!(scratch.bytes("a.bin"), bytes(values));
}

#[test]
fn nothing_is_lost_silently() {
    let scratch =
        Scratch::new().file("a.f64", bytes([1.0, 300.0, 2.5, f64::NAN].map(f64::to_le_bytes)));
    let refuses = |arguments: &[&str], message: &str| {
        let arguments = [&["convert", "a.f64", "out.u8"], arguments].concat();
        scratch.refuses(&arguments, &format!("a.f64: element {message}"));
        assert_eq!(scratch.names(), ["a.f64"]);
    };
    refuses(&[], "1: 300 is out of range: u8 is 0..=255; see --on-overflow saturate and wrap");
    let saturate = ["--on-overflow", "saturate"];
    refuses(&saturate, "2: 2.5 is not whole, and u8 is; see --round even, zero, floor and ceil");
    refuses(
        &[&saturate[..], &["--round", "even"]].concat(),
        "3: NaN is not a value of u8; see --nan",
    );
    let all = ["convert", "a.f64", "out.u8", "--round", "ceil", "--nan", "7", "--on-overflow"];
    scratch.does(&[&all[..], &["saturate"]].concat());
    assert_eq!(scratch.bytes("out.u8"), [1, 255, 3, 7]);
    scratch.does(&[&all[..], &["wrap", "--force"]].concat());
    assert_eq!(scratch.bytes("out.u8"), [1, 44, 3, 7]);
    scratch.does(&["convert", "a.f64", "a.f32", "--exact"]);
    scratch.does(&["convert", "a.f32", "a.f16", "--exact"]);
    let scratch = scratch.file("b.f64", 0.1_f64.to_le_bytes());
    let message = "b.f64: element 0: 0.1 is not exactly a value of f32";
    scratch.refuses(&["convert", "b.f64", "b.f32", "--exact"], message);
}

#[test]
fn an_existing_file_stays() {
    let scratch = Scratch::new().file("a.u8", [1, 2]).file("b.u8", [3]);
    let message = "b.u8: the file exists; use --force to replace it";
    scratch.refuses(&["convert", "a.u8", "b.u8"], message);
    assert_eq!(scratch.bytes("b.u8"), [3]);
}

#[test]
fn a_failure_leaves_what_was_there() {
    let scratch = Scratch::new().file("a.u16", [1, 0, 0, 1]).file("b.u8", [3]);
    let (code, _) = outcome(&mut scratch.pmem(["convert", "a.u16", "b.u8", "--force"]));
    assert_eq!((code, scratch.bytes("b.u8")), (2, vec![3]));
    assert_eq!(scratch.names(), ["a.u16", "b.u8"]);
    scratch.does(&["convert", "a.u16", "a.u16", "--to", "u16be", "--force"]);
    assert_eq!(scratch.bytes("a.u16"), [0, 1, 1, 0]);
}

#[test]
fn a_signal_leaves_nothing() {
    let scratch = Scratch::new();
    let mut command = scratch.pmem(["convert", "-", "out.f32", "-t", "f64"]);
    let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let id = child.id().to_string();
    let writer = thread::spawn(move || {
        use std::io::Write as _;
        while pipe.write_all(&[0; 1 << 16]).is_ok() {}
    });
    while scratch.names().is_empty() {
        thread::sleep(Duration::from_millis(1));
    }
    let killed = std::process::Command::new("kill").args(["-INT", &id]).status().unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(
        (output.status.code(), &*stderr),
        (Some(130), "pmem: interrupted; nothing was written\n")
    );
    assert!(scratch.names().is_empty());
}

#[test]
fn a_full_disk_leaves_nothing() {
    let Some(scratch) = Scratch::of_size("1m") else { return crate::pmem::skipped("mount") };
    let scratch = scratch.hole("a.u8", 600 << 10);
    let message = "out.u32: No space left on device; make room on it";
    // Ones, as zeroes would stay a hole.
    fs::write(scratch.path("a.u8"), vec![1; 600 << 10]).unwrap();
    scratch.refuses(&["convert", "a.u8", "out.u32"], message);
    assert_eq!(scratch.names(), ["a.u8"]);
}

#[test]
fn holes_stay_holes() {
    use std::os::unix::fs::MetadataExt as _;
    let scratch = Scratch::new().hole("a.f64", 1 << 40);
    scratch.does(&["convert", "a.f64", "a.f32"]);
    let metadata = fs::metadata(scratch.path("a.f32")).unwrap();
    assert_eq!(metadata.len(), 1 << 39);
    assert!(metadata.blocks() < 100);
}

#[test]
fn fields_are_taken_and_renamed() {
    let scratch = Scratch::new().file("a.bin", [1, 2, 0, 9, 3, 4, 0, 9]);
    let record = "x:u8,y:u16,_:u8";
    let convert = |arguments: &[&str], expected: &[u8]| {
        let start = ["convert", "a.bin", "out", "-t", record, "--force"];
        scratch.does(&[&start[..], arguments].concat());
        assert_eq!(scratch.bytes("out"), expected, "{arguments:?}");
    };
    convert(&["--field", "y"], &[2, 0, 4, 0]);
    convert(&["--field", "y,x", "--to", "u8"], &[2, 1, 4, 3]);
    convert(&["--to", "y:u8,x:u8"], &[2, 1, 4, 3]);
    convert(&["--to", "i16be"], &[0, 1, 0, 2, 0, 3, 0, 4]);
    convert(&[], &[1, 2, 0, 9, 3, 4, 0, 9]);
    convert(&["-r", "1"], &[3, 4, 0, 9]);
}

/// Elements of every kind, and a type for them.
const SHOWN: [(&str, &[u8]); 9] = [
    ("u8", &[0, 1, 255]),
    ("i24be", &[0, 0, 1, 255, 255, 255]),
    ("f32", &[0, 0, 192, 127, 0, 0, 192, 255, 0, 0, 0, 128, 0, 0, 128, 127, 1, 0, 0, 0]),
    ("f16x2", &[0, 60, 1, 0, 0, 124, 0, 252]),
    ("bool", &[0, 1, 2]),
    ("cf32", &[0, 0, 128, 63, 0, 0, 0, 64]),
    ("x:u8,s:str4,h:hex2", b"\x01a,\"\0\x00\xff\x02 b\\\n\x0a\x0b"),
    ("m:u8x2x2,z:ci8", &[1, 2, 3, 4, 5, 6]),
    ("u128", &[255; 16]),
];

#[test]
fn what_dump_prints_reads_back() {
    for (element, bytes) in SHOWN {
        let scratch = Scratch::new().file("in", bytes);
        for format in ["plain", "csv", "ndjson", "json"] {
            let (code, error) = scratch.shell(&format!(
                "pmem dump in -t {element} -f {format} > text &&
                 pmem convert text out --from {format} -t {element} --force"
            ));
            assert_eq!((code, &*error), (0, ""), "{element} {format}");
            assert_eq!(scratch.bytes("out"), bytes, "{element} {format}");
            let arguments = ["convert", "in", "again", "-t", element, "--into", format, "--force"];
            scratch.does(&arguments);
            assert_eq!(scratch.bytes("again"), scratch.bytes("text"), "{element} {format}");
        }
    }
}

#[test]
fn text_names_the_place_of_an_error() {
    let scratch = Scratch::new().file("a.txt", "1\n2\n x3\n").file("a.csv", "a,b\n1,2\n3,?\n");
    let message = "a.txt: line 3, column 2: 'x3' is not a u8: expected a whole number";
    scratch.refuses(&["convert", "a.txt", "out.u8"], message);
    let message = "a.csv: line 3, column 3: '?' is not a u8: expected a whole number";
    scratch.refuses(&["convert", "a.csv", "out.u8", "--column", "b"], message);
    let message = "a.csv: no column 'c'; there are a, b";
    scratch.refuses(&["convert", "a.csv", "out.u8", "--column", "c"], message);
    let message = "a.txt: plain has no type of its own; -t says what its elements are";
    scratch.refuses(&["convert", "a.txt", "out.bin"], message);
    assert_eq!(scratch.names(), ["a.csv", "a.txt"]);
    scratch.does(&["convert", "a.csv", "out.u8", "--column", "1"]);
    assert_eq!(scratch.bytes("out.u8"), [1, 3]);
}

#[test]
fn text_of_many_blocks_keeps_its_order() {
    let text: String = (0..400_000_u32).map(|value| format!("{value}\n")).collect();
    let expected = bytes((0..400_000_u32).map(u32::to_le_bytes));
    let scratch = Scratch::new().file("a.txt", &text);
    scratch.does(&["convert", "a.txt", "a.u32"]);
    assert!(scratch.bytes("a.u32") == expected);
    scratch.does(&["convert", "a.txt", "b.u32", "-r", "100000..+3"]);
    assert_eq!(scratch.bytes("b.u32"), bytes((100_000..100_003_u32).map(u32::to_le_bytes)));
    scratch.does(&["convert", "a.u32", "b.txt"]);
    assert!(scratch.bytes("b.txt") == text.as_bytes());
}

#[test]
fn pipes() {
    Pmem::new(["convert", "-", "-", "-t", "u8", "--to", "u16be"])
        .stdin([1, 2])
        .stdout([0, 1, 0, 2])
        .exits(0);
    Pmem::new(["convert", "-", "-", "--from", "plain", "--to", "u8"])
        .stdin("1\n2\n")
        .stdout([1, 2])
        .exits(0);
    Pmem::new(["convert", "-", "-", "-t", "u8", "--into", "npy"])
        .stdin([1, 2])
        .stderr(
            "pmem: the number of elements stands in front of them, and is not known yet; convert \
             to a file, or from one\n",
        )
        .exits(2);
}

#[test]
fn vectors() {
    let scratch = Scratch::new().file("a.u8", [1, 2, 3, 4]);
    scratch.does(&["convert", "a.u8", "a.u8bin", "-t", "u8x2"]);
    assert_eq!(scratch.bytes("a.u8bin"), [2, 0, 0, 0, 2, 0, 0, 0, 1, 2, 3, 4]);
    scratch.does(&["convert", "a.u8", "a.bvecs", "-t", "u8x2"]);
    assert_eq!(scratch.bytes("a.bvecs"), [2, 0, 0, 0, 1, 2, 2, 0, 0, 0, 3, 4]);
    scratch.does(&["convert", "a.u8", "a.fvecs", "-t", "u8x4"]);
    assert_eq!(scratch.bytes("a.fvecs").len(), 20);
    let (code, error) = scratch.shell("pmem dump a.u8 | pmem convert - b.u8bin --from plain");
    assert_eq!((code, &*error), (0, ""));
    assert_eq!(scratch.bytes("b.u8bin")[..8], [4, 0, 0, 0, 1, 0, 0, 0]);
}

#[test]
fn adding() {
    let scratch = Scratch::new().file("a.u8", [1, 2]).file("b.u16", [9, 0]);
    scratch.does(&["convert", "a.u8", "b.u16", "--append"]);
    assert_eq!(scratch.bytes("b.u16"), [9, 0, 1, 0, 2, 0]);
    scratch.does(&["convert", "a.u8", "new.u16", "--append"]);
    assert_eq!(scratch.bytes("new.u16"), [1, 0, 2, 0]);
    let (code, error) = scratch.shell("echo 7 | pmem convert - b.u16 --from plain --append");
    assert_eq!((code, &*error), (0, ""));
    assert_eq!(scratch.bytes("b.u16"), [9, 0, 1, 0, 2, 0, 7, 0]);
    // A text whose second line is wrong: the first one goes again.
    let before = scratch.bytes("b.u16");
    let lines = "1\n".repeat(200_000) + "x\n";
    let scratch = scratch.file("a.txt", lines);
    let message = "a.txt: line 200001, column 1: 'x' is not a u16: expected a whole number";
    scratch.refuses(&["convert", "a.txt", "b.u16", "--append"], message);
    assert_eq!(scratch.bytes("b.u16"), before);
    let scratch = scratch.file("odd.u16", [1]);
    let (code, error) = outcome(&mut scratch.pmem(["convert", "a.u8", "odd.u16", "--append"]));
    assert_eq!(code, 2);
    assert!(error.starts_with("pmem: odd.u16: 1 byte is not a whole number"), "{error}");
}

#[test]
fn useless_options_are_errors() {
    let scratch = Scratch::new().file("a.u8", [1]);
    for (arguments, message) in [
        (&["--round", "even"][..], "a.u8: --round: no floats become integers"),
        (&["--nan", "0"], "a.u8: --nan: no floats become integers; floats keep NaN"),
        (&["--column", "x"], "--column: raw has fields; use --field"),
        (&["--compression", "zstd"], "--compression: raw is not compressed"),
    ] {
        scratch.refuses(&[&["convert", "a.u8", "out"], arguments].concat(), message);
    }
    assert_eq!(scratch.names(), ["a.u8"]);
}

/// Does the file system of the directory insert without copying?
fn inserts(scratch: &Scratch) -> bool {
    let script = "head -c 8192 /dev/zero > probe; fallocate -i -o 0 -l 4096 probe 2> /dev/null";
    let fine = scratch.shell(script).0 == 0;
    let _ = fs::remove_file(scratch.path("probe"));
    if !fine {
        crate::pmem::skipped("file system that inserts without copying");
    }
    fine
}

#[test]
fn a_header_goes_in_and_out_in_place() {
    let bytes: Vec<u8> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
    let scratch = Scratch::new().file("a.u32", &bytes);
    if !inserts(&scratch) {
        return;
    }
    let inode =
        |name| std::os::unix::fs::MetadataExt::ino(&fs::metadata(scratch.path(name)).unwrap());
    let before = inode("a.u32");
    scratch.does(&["convert", "a.u32", "a.npy", "--in-place"]);
    assert_eq!((scratch.names(), inode("a.npy")), (vec!["a.npy".to_owned()], before));
    let npy = scratch.bytes("a.npy");
    assert!(npy.starts_with(b"\x93NUMPY") && npy.len() == bytes.len() + 4096);
    assert!(npy[4096..] == bytes);
    let (code, error) = scratch.shell("test $(pmem dump a.npy -r 99999) = 99999");
    assert_eq!((code, &*error), (0, ""));
    scratch.does(&["convert", "a.npy", "b.u32", "--in-place"]);
    assert_eq!(scratch.names(), ["b.u32"]);
    assert!(scratch.bytes("b.u32") == bytes);
    scratch.does(&["convert", "b.u32", "c.npy"]);
    let message = "c.npy: its header has 128 bytes, and only whole blocks of 4096 can be taken away; \
                   without --in-place the elements are copied";
    scratch.refuses(&["convert", "c.npy", "d.u32", "--in-place"], message);
    let message = "c.npy: the file exists; with --in-place nothing is replaced";
    scratch.refuses(&["convert", "b.u32", "c.npy", "--in-place"], message);
}

#[test]
fn a_kill_between_the_steps_is_recognised() {
    let bytes = vec![7; 10_000];
    let scratch = Scratch::new().file("a.u8", &bytes);
    if !inserts(&scratch) {
        return;
    }
    let kill = "setfattr -n user.pmem.shift -v 'insert 10000 4096' a.u8 2> /dev/null &&
                fallocate -i -o 0 -l 4096 a.u8";
    if scratch.shell(kill).0 != 0 {
        return crate::pmem::skipped("setfattr");
    }
    scratch.does(&["convert", "a.u8", "a.npy", "--in-place"]);
    let npy = scratch.bytes("a.npy");
    assert!(npy.len() == 14_096 && npy.starts_with(b"\x93NUMPY") && npy[4096..] == bytes);
}
