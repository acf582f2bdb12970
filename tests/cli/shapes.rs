//! Arrays, records, fields and places: what an element is, and where it lies.

use crate::pmem::Pmem;
use crate::scratch::Scratch;

/// Three records of `x:f32,y:f32be,i:u8`, packed.
fn records() -> Vec<u8> {
    let record = |x: f32, y: f32, i: u8| [&x.to_le_bytes()[..], &y.to_be_bytes(), &[i]].concat();
    [record(1.5, -2.0, 7), record(0.1, f32::NAN, 8), record(0.1, f32::NAN, 8)].concat()
}

const RECORD: &str = "x:f32,y:f32be,i:u8";

/// Dumps records in some format.
fn dump(arguments: &[&str]) -> Pmem {
    Pmem::new(["dump", "-t", RECORD, "a"].iter().chain(arguments)).file("a", records())
}

#[test]
fn records_in_each_format() {
    for (format, shown) in [
        ("plain", "1.5\t-2\t7\n0.1\tNaN\t8\n0.1\tNaN\t8\n"),
        ("csv", "index,x,y,i\n0,1.5,-2,7\n1,0.1,NaN,8\n2,0.1,NaN,8\n"),
        (
            "json",
            "[{\"x\":1.5,\"y\":-2,\"i\":7},{\"x\":0.1,\"y\":\"NaN\",\"i\":8},\
             {\"x\":0.1,\"y\":\"NaN\",\"i\":8}]\n",
        ),
        (
            "ndjson",
            "{\"index\":0,\"x\":1.5,\"y\":-2,\"i\":7}\n{\"index\":1,\"x\":0.1,\"y\":\"NaN\",\"i\":8}\n\
             {\"index\":2,\"x\":0.1,\"y\":\"NaN\",\"i\":8}\n",
        ),
        ("table", "     x    y  i\n0  1.5   -2  7\n1  0.1  NaN  8\n2  0.1  NaN  8\n"),
    ] {
        dump(&["-f", format]).stdout(shown).exits(0);
    }
    dump(&["-f", "raw"]).stdout(records()).exits(0);
}

#[test]
fn arrays_in_each_format() {
    for (format, element, shown) in [
        ("plain", "u8x3", "1\t2\t3\n4\t5\t6\n"),
        ("csv", "u8x3", "index,0,1,2\n0,1,2,3\n1,4,5,6\n"),
        ("json", "u8x3", "[[1,2,3],[4,5,6]]\n"),
        ("ndjson", "u8x3", "{\"index\":0,\"value\":[1,2,3]}\n{\"index\":1,\"value\":[4,5,6]}\n"),
        ("table", "u8x3", "0  1  2  3\n1  4  5  6\n"),
        ("json", "u8x3x2", "[[[1,2],[3,4],[5,6]]]\n"),
        ("csv", "u8x3x2", "index,0.0,0.1,1.0,1.1,2.0,2.1\n0,1,2,3,4,5,6\n"),
        ("json", "cu8x3", "[[{\"re\":1,\"im\":2},{\"re\":3,\"im\":4},{\"re\":5,\"im\":6}]]\n"),
        ("csv", "cu8", "index,re,im\n0,1,2\n1,3,4\n2,5,6\n"),
        ("plain", "u24be", "66051\n263430\n"),
        ("plain", "hex2", "0102\n0304\n0506\n"),
        ("json", "p:u8x2,q:u8", "[{\"p\":[1,2],\"q\":3},{\"p\":[4,5],\"q\":6}]\n"),
        ("csv", "p:u8x2,q:u8", "index,p.0,p.1,q\n0,1,2,3\n1,4,5,6\n"),
    ] {
        let arguments = ["dump", "a", "-t", element, "-f", format];
        Pmem::new(arguments).file("a", [1, 2, 3, 4, 5, 6]).stdout(shown).exits(0);
    }
}

#[test]
fn wide_arrays_leave_out_their_middle() {
    let bytes: Vec<u8> = (0..200).collect();
    let stdout =
        Pmem::new(["dump", "a", "-t", "u8x100", "-f", "table"]).file("a", bytes).succeeds();
    let table = String::from_utf8(stdout).unwrap();
    assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
    assert!(table.lines().next().unwrap().ends_with("…   99"), "{table}");
    assert!(table.starts_with("0    0    1    2 "), "{table}");
}

#[test]
fn text_is_harmless_and_quoted_where_it_must_be() {
    let file = b"a,b\0\0\x1b[1m\"q\"\0\0\0";
    let run = |format| Pmem::new(["dump", "a", "-t", "str5", "-f", format]).file("a", file);
    run("plain").stdout("a,b\n\\u{1b}[1m\"\nq\"\n").exits(0);
    run("csv").stdout("index,value\n0,\"a,b\"\n1,\"\\u{1b}[1m\"\"\"\n2,\"q\"\"\"\n").exits(0);
    run("json").stdout("[\"a,b\",\"\\\\u{1b}[1m\\\"\",\"q\\\"\"]\n").exits(0);
    run("table").stdout("0  a,b         \\u{1b}[1m\"  q\"\n").exits(0);
}

#[test]
fn fields_in_the_order_given() {
    dump(&["--field", "i,x"]).stdout("7\t1.5\n8\t0.1\n8\t0.1\n").exits(0);
    dump(&["--field", "y", "-f", "csv"]).stdout("index,y\n0,-2\n1,NaN\n2,NaN\n").exits(0);
    dump(&["--field", "i", "-f", "raw"]).stdout([7, 8, 8]).exits(0);
    dump(&["--field", "z"]).stderr("pmem: a: no field 'z'; there are x, y, i\n").exits(2);
    let run = |field| {
        Pmem::new(["dump", "a", "-t", "u8x3", "--field", field, "-f", "csv"]).file("a", [1, 2, 3])
    };
    run("2,0").stdout("index,2,0\n0,3,1\n").exits(0);
    run("3").stderr("pmem: a: no item '3'; the items of u8x3 are 0 to 2\n").exits(2);
}

#[test]
fn elements_behind_a_header() {
    let file = [&[9; 5][..], &[1, 0, 2, 0, 3, 0]].concat();
    let run = |arguments: &[&str]| {
        let arguments = ["dump", "a", "-t", "u16", "--offset", "5"].iter().chain(arguments);
        Pmem::new(arguments).file("a", &file)
    };
    run(&[]).stdout("1\n2\n3\n").exits(0);
    run(&["-r", "-1"]).stdout("3\n").exits(0);
    Pmem::new(["dump", "-t", "u16", "--offset", "5"]).stdin(&*file).stdout("1\n2\n3\n").exits(0);
    Pmem::new(["dump", "a", "--offset", "99"])
        .file("a", &file)
        .stderr("pmem: a: the elements begin at byte 99, after the end: there are 11 bytes\n")
        .exits(0);
}

#[test]
fn what_is_before_the_elements_never_changes() {
    let scratch = Scratch::new().file("a", b"header!".repeat(3));
    fn at<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
        [arguments, &["--offset", "7", "-t", "u16"]].concat()
    }
    scratch.does(&at(&["grow", "a", "2", "--fill", "258"]));
    assert_eq!(scratch.bytes("a"), [&b"header!".repeat(3)[..], &[2, 1, 2, 1]].concat());
    scratch.does(&at(&["fill", "a", "0x4142"]));
    assert_eq!(scratch.bytes("a"), [&b"header!"[..], &b"BA".repeat(9)].concat());
    scratch.does(&at(&["shrink", "a", "--to", "0"]));
    assert_eq!(scratch.bytes("a"), b"header!");
    scratch.refuses(
        &["grow", "a", "1", "--offset", "8"],
        "a: the elements begin at byte 8, after the end: there are 7 bytes",
    );
    assert_eq!(scratch.bytes("a"), b"header!");
}

#[test]
fn a_field_is_filled_and_nothing_else() {
    let scratch = Scratch::new().file("a", [1, 2, 3, 4, 5, 6, 7, 8]);
    let element = ["-t", "a:u8,_:u8,b:u16be"];
    let run = |arguments: &[&str]| scratch.does(&[&["fill", "a"], arguments, &element].concat());
    run(&["258", "--field", "b"]);
    assert_eq!(scratch.bytes("a"), [1, 2, 1, 2, 5, 6, 1, 2]);
    // Padding stays, also when every field is written.
    run(&["9,515"]);
    assert_eq!(scratch.bytes("a"), [9, 2, 2, 3, 9, 6, 2, 3]);
    run(&["--seq", "1", "--field", "b"]);
    assert_eq!(scratch.bytes("a"), [9, 2, 0, 1, 9, 6, 0, 2]);
    run(&["7", "--field", "a", "-r", "1"]);
    assert_eq!(scratch.bytes("a"), [9, 2, 0, 1, 7, 6, 0, 2]);
    scratch.refuses(
        &["fill", "a", "1", "-t", "a:u8,_:u8,b:u16"],
        "a: '1' has 1 item, and a a:u8,b:u16 has 2: a,b",
    );
}

#[test]
fn many_records_are_filled_in_all_blocks() {
    let scratch = Scratch::new().file("a", vec![5; 9 * 200_000]);
    scratch.does(&["fill", "a", "1,2,3", "-t", "x:f32,y:f32,i:u8"]);
    let record = [&1.0_f32.to_le_bytes()[..], &2.0_f32.to_le_bytes(), &[3]].concat();
    assert_eq!(scratch.bytes("a"), record.repeat(200_000));
    std::fs::write(scratch.path("b"), [1, 2, 3]).unwrap();
    scratch.does(&["fill", "a", "--from", "b", "-t", "x:f32,y:f32,i:u8", "--field", "i"]);
    let bytes = scratch.bytes("a");
    let filled = bytes.chunks(9).zip([1, 2, 3].into_iter().cycle());
    assert!(filled.clone().all(|(element, i)| element[..8] == record[..8] && element[8] == i));
}

#[test]
fn the_type_of_an_extension() {
    Pmem::new(["dump", "a.i16be"]).file("a.i16be", [255, 255, 0, 1]).stdout("-1\n1\n").exits(0);
    Pmem::new(["dump", "a.s24"]).file("a.s24", [255, 255, 255]).stdout("-1\n").exits(0);
    Pmem::new(["dump", "-t", "u8", "a.i16be"]).file("a.i16be", [7]).stdout("7\n").exits(0);
}

#[test]
fn standard_input_without_a_file() {
    Pmem::new(["dump", "-t", "u16"]).stdin([1, 0, 2, 0]).stdout("1\n2\n").exits(0);
    let value: serde_json::Value =
        serde_json::from_slice(&Pmem::new(["info", "--json"]).stdin([1, 2, 3]).succeeds()).unwrap();
    assert_eq!(value["elements"], 3);
}

#[test]
fn info_shows_fields_with_their_places() {
    let json = Pmem::new(["info", "a", "-t", "@x:f32,i:u8", "--json"]).file("a", [0; 16]);
    let value: serde_json::Value = serde_json::from_slice(&json.succeeds()).unwrap();
    assert_eq!(value["type"], "@x:f32,i:u8");
    assert_eq!((&value["elements"], &value["element_bytes"]), (&2.into(), &8.into()));
    assert_eq!(value["fields"][1]["offset"], 4);
    let text = Pmem::new(["info", "a", "-t", "@x:f32,i:u8"]).file("a", [0; 16]).succeeds();
    let text = String::from_utf8(text).unwrap();
    assert!(text.contains("  u8           byte 4  i\n"), "{text}");
}

#[test]
fn options_that_would_do_nothing_are_refused() {
    for (arguments, message) in [
        (
            &["-w", "4", "-f", "plain"][..],
            "-w: plain has no rows of several elements; an element is an array of N with -t f32xN",
        ),
        (
            &["-w", "4", "-t", "u8x2", "-f", "table"],
            "-w: a row is one u8x2 element; an element is an array of N with -t f32xN",
        ),
        (&["--precision", "2"], "--precision: only tables round floats"),
        (&["--precision", "2", "-f", "table"], "--precision: there are no floats"),
        (&["-A", "x"], "-A: plain, json and raw have no indices; table, csv and ndjson have"),
        (&["-x", "-f", "raw"], "--radix: raw bytes have no radix"),
    ] {
        Pmem::new(["dump", "a"].iter().chain(arguments))
            .file("a", [0; 4])
            .stderr(format!("pmem: {message}\n"))
            .exits(2);
    }
}

#[test]
fn floats_of_a_table_are_rounded() {
    let bytes: Vec<u8> = [1.0_f32, -0.126, 100.0].iter().flat_map(|x| x.to_le_bytes()).collect();
    Pmem::new(["dump", "a", "-t", "f32", "-f", "table", "--precision", "2", "-w", "1"])
        .file("a", bytes)
        .stdout("0    1.00\n1   -0.13\n2  100.00\n")
        .exits(0);
}
