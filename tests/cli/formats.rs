//! The formats of `dump`.

use crate::pmem::Pmem;

/// Floats that show what a format does with them.
fn special() -> Vec<u8> {
    [0.0, -0.0, 1.5, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e20]
        .iter()
        .flat_map(|value: &f64| value.to_le_bytes())
        .collect()
}

/// A run of `dump` in this format.
fn dump(format: &str, kind: &str, bytes: &[u8]) -> Pmem {
    Pmem::new(["dump", "-f", format, "-t", kind, "a"]).file("a", bytes)
}

#[test]
fn plain() {
    dump("plain", "f64", &special()).stdout("0\n-0\n1.5\nNaN\ninf\n-inf\n1e20\n").exits(0);
    dump("plain", "u8", &[]).exits(0);
}

#[test]
fn csv() {
    dump("csv", "f64", &special())
        .stdout("index,value\n0,0\n1,-0\n2,1.5\n3,NaN\n4,inf\n5,-inf\n6,1e20\n")
        .exits(0);
    dump("csv", "u8", &[]).stdout("index,value\n").exits(0);
    Pmem::new(["dump", "-fcsv", "-r1..", "a"])
        .file("a", [7, 8])
        .stdout("index,value\n1,8\n")
        .exits(0);
}

#[test]
fn json() {
    dump("json", "f64", &special()).stdout("[0,-0,1.5,\"NaN\",\"inf\",\"-inf\",1e20]\n").exits(0);
    dump("json", "u8", &[]).stdout("[]\n").exits(0);
    dump("json", "u128", &[255; 16]).stdout("[340282366920938463463374607431768211455]\n").exits(0);
    let values: Vec<u8> = (0..200_000).map(|index| index as u8).collect();
    let array = dump("json", "u8", &values).succeeds();
    assert_eq!(serde_json::from_slice::<Vec<u8>>(&array).unwrap(), values);
    let tail = Pmem::new(["dump", "-fjson", "-r-2..", "a"]).file("a", [7, 8, 9]);
    tail.stdout("[8,9]\n").exits(0);
}

#[test]
fn ndjson() {
    dump("ndjson", "i16", &[255, 255, 1, 0])
        .stdout("{\"index\":0,\"value\":-1}\n{\"index\":1,\"value\":1}\n")
        .exits(0);
    dump("ndjson", "f16", &[0, 0x80]).stdout("{\"index\":0,\"value\":-0}\n").exits(0);
    dump("ndjson", "u8", &[]).exits(0);
}

#[test]
fn json_is_decimal() {
    Pmem::new(["dump", "-fjson", "-x", "a"])
        .file("a", [1])
        .stderr("pmem: --radix: numbers in JSON are decimal\n")
        .exits(2);
    Pmem::new(["dump", "-fjson", "--radix=10", "a"]).file("a", [1]).stdout("[1]\n").exits(0);
}

#[test]
fn raw() {
    let bytes: Vec<u8> = (0..=255).cycle().take(300_000).collect();
    dump("raw", "u8", &bytes).stdout(bytes.clone()).exits(0);
    // The order of the bytes is that of the file.
    Pmem::new(["dump", "-fraw", "-tu16be", "-r1..2", "a"])
        .file("a", [1, 2, 3, 4, 5, 6])
        .stdout([3, 4])
        .exits(0);
}

#[test]
fn hex() {
    Pmem::new(["dump", "-fhex", "-tu16", "-r1..", "a"])
        .file("a", b"..Hello!")
        .stdout(
            "┌────────┬─────────────────────────┬─────────────────────────┬────────┬────────┐\n\
             │00000002│ 48 65 6c 6c 6f 21       ┊                         │Hello!  ┊        │\n\
             └────────┴─────────────────────────┴─────────────────────────┴────────┴────────┘\n",
        )
        .exits(0);
}

#[test]
fn long_files_keep_their_order() {
    let count = 1_000_000_u32;
    let bytes: Vec<u8> = (0..count).flat_map(u32::to_le_bytes).collect();
    let lines: String = (0..count).map(|value| format!("{value}\n")).collect();
    dump("plain", "u32", &bytes).stdout(lines).exits(0);
    let mut csv = String::from("index,value\n");
    csv.extend((0..count).map(|value| format!("{value},{value}\n")));
    dump("csv", "u32", &bytes).stdout(csv).exits(0);
}

#[test]
fn table() {
    Pmem::new(["dump", "-ftable", "-w4", "a"])
        .file("a", [1, 22, 255, 0, 5])
        .stdout("0    1   22  255    0\n4    5\n")
        .exits(0);
    Pmem::new(["dump", "-ftable", "-w2", "-Ax", "--radix", "2", "-r4..6", "a"])
        .file("a", [0, 0, 0, 0, 5, 6])
        .stdout("4  00000101  00000110\n")
        .exits(0);
    Pmem::new(["dump", "-ftable", "-An", "-x", "a"])
        .file("a", [0xab, 1])
        .stdout("ab  01\n")
        .exits(0);
    Pmem::new(["dump", "-ftable", "a"]).file("a", "").exits(0);
}

#[test]
fn squeezing() {
    let bytes = [1, 1, 1, 1, 1, 1, 2];
    Pmem::new(["dump", "-ftable", "-w2", "a"])
        .file("a", bytes)
        .stdout("0  1  1\n*\n6  2\n")
        .exits(0);
    Pmem::new(["dump", "-ftable", "-w2", "-v", "a"])
        .file("a", bytes)
        .stdout("0  1  1\n2  1  1\n4  1  1\n6  2\n")
        .exits(0);
    Pmem::new(["dump", "-ftable", "-w2", "a"])
        .file("a", [1; 8])
        .stdout("0  1  1\n*\n6  1  1\n")
        .exits(0);
}

#[test]
fn rows_fit_80_columns() {
    for kind in ["u8", "i16", "u64", "i128", "f16", "bf16", "f32", "f64"] {
        let bytes: Vec<u8> =
            (0..65_536_u32).flat_map(|n| n.wrapping_mul(2_654_435_769).to_be_bytes()).collect();
        let text = String::from_utf8(dump("table", kind, &bytes).succeeds()).unwrap();
        let longest = text.lines().map(str::len).max().unwrap();
        assert!((40..=80).contains(&longest), "{kind}: {longest}");
        let full = text.lines().filter(|line| line.len() == longest).count();
        assert!(full + 2 >= text.lines().count(), "{kind} is aligned");
    }
}

#[test]
fn radix_after_x() {
    for (arguments, shown) in [
        (&["-x", "a"][..], "0a\n"),
        (&["-x", "16", "a"], "0a\n"),
        (&["a", "-x", "2"], "00001010\n"),
        (&["-x", "8", "--", "a"], "012\n"),
        (&["--radix", "10", "a"], "10\n"),
    ] {
        Pmem::new(["dump"].iter().chain(arguments)).file("a", [10]).stdout(shown).exits(0);
    }
    Pmem::new(["dump", "-x", "16"]).file("16", [10]).stdout("0a\n").exits(0);
    Pmem::new(["dump", "a", "b"])
        .stderr("pmem: unexpected argument 'b' found; one file is shown at a time\n")
        .exits(2);
}

#[test]
fn floats_have_no_radix() {
    Pmem::new(["dump", "-x", "-tf64", "a"])
        .file("a", 10.5_f64.to_le_bytes())
        .stderr("pmem: --radix: f64 has no integers\n")
        .exits(2);
}

#[test]
fn a_table_is_as_wide_as_columns_say() {
    for (columns, values) in [("40", 8), ("80", 16), ("", 16), ("0", 16), ("x", 16)] {
        let pmem = Pmem::new(["dump", "a", "-f", "table", "-v"]).env("COLUMNS", columns);
        let table = String::from_utf8(pmem.file("a", [7; 32]).succeeds()).unwrap();
        let row = table.lines().next().unwrap();
        assert_eq!(row.split_whitespace().count(), 1 + values, "{columns}: {table}");
    }
}

#[test]
fn columns_are_as_wide_as_the_values_of_the_whole_range() {
    let numbers = |count: u64| (0..count).flat_map(u64::to_le_bytes).collect::<Vec<u8>>();
    let first = |pmem: Pmem| {
        let table = String::from_utf8(pmem.succeeds()).unwrap();
        table.lines().next().unwrap().to_owned()
    };
    // Too many for one look, and the longest are at the end.
    let table = ["dump", "a", "-t", "u64", "-f", "table"];
    let pmem = Pmem::new(table).file("a", numbers(100_000));
    assert_eq!(first(pmem), "    0      0      1      2      3      4      5      6      7");
    // The range is what counts, not the file.
    let part = table.iter().chain(&["-r", "8..40000"]);
    let pmem = Pmem::new(part).file("a", numbers(100_000));
    assert_eq!(first(pmem), "    8      8      9     10     11     12     13     14     15");
    // Nothing is seen between the places that are looked at: there is some room.
    let pmem = Pmem::new(table).file("a", vec![0; 1 << 20]);
    assert_eq!(first(pmem), format!("     0{}", "     0".repeat(8)));
}
