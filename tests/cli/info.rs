//! `info`.

use std::process::Command;

use serde_json::Value;

use crate::pmem::Pmem;

/// What `info --json` says.
fn json(pmem: Pmem) -> Value {
    serde_json::from_slice(&pmem.succeeds()).unwrap()
}

#[test]
fn names_are_stable() {
    let stdout = Pmem::new(["info", "-t", "u64be", "--json", "a"])
        .file("a", [1; 4099])
        .stderr(
            "pmem: a: 4099 bytes are not a whole number of u64be elements (8 bytes each); 3 bytes \
             are left over\n",
        )
        .succeeds();
    let text = String::from_utf8(stdout).unwrap();
    let names = [
        "path",
        "format",
        "type",
        "offset",
        "shape",
        "element_bytes",
        "elements",
        "bytes",
        "bytes_left_over",
        "bytes_on_disk",
        "hole_bytes",
        "pages_cached",
        "pages_dirty",
        "filesystem",
        "modified",
        "fields",
        "tensors",
    ];
    let places: Vec<_> = names.map(|name| text.find(&format!("\"{name}\":")).unwrap()).into();
    assert!(places.is_sorted(), "{text}");
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value.as_object().unwrap().len(), names.len());
    assert_eq!(value["path"], "a");
    assert_eq!(value["type"], "u64be");
    assert_eq!(value["element_bytes"], 8);
    assert_eq!(value["elements"], 512);
    assert_eq!(value["bytes"], 4099);
    assert_eq!(value["bytes_left_over"], 3);
}

#[test]
#[cfg(target_os = "linux")]
fn agrees_with_stat() {
    let pmem = Pmem::new(["info", "--json", "a"]).file("a", [1; 5000]);
    let path = pmem.directory().join("a");
    let stat = Command::new("stat").args(["-c", "%b %Y"]).arg(&path).output().unwrap();
    let stat = String::from_utf8(stat.stdout).unwrap();
    let (blocks, modified) = stat.trim().split_once(' ').unwrap();
    let mut date = Command::new("date");
    let date = date.args(["-u", "-d", &format!("@{modified}"), "+%FT%TZ"]).output().unwrap();
    let date = String::from_utf8(date.stdout).unwrap();
    let value = json(pmem);
    assert_eq!(value["bytes_on_disk"], blocks.parse::<u64>().unwrap() * 512);
    assert_eq!(value["modified"], date.trim());
    assert_eq!(value["hole_bytes"], 0);
    assert!(value["filesystem"].is_string());
}

#[test]
#[cfg(target_os = "linux")]
fn holes_of_a_large_file() {
    let pmem = Pmem::new(["info", "-t", "u64", "--json", "a"]).file("a", "");
    let file = std::fs::File::options().write(true).open(pmem.directory().join("a")).unwrap();
    file.set_len(1 << 40).unwrap();
    let value = json(pmem);
    assert_eq!(value["elements"], 1_u64 << 37);
    assert_eq!(value["hole_bytes"], 1_u64 << 40);
    assert_eq!(value["bytes_on_disk"], 0);
}

#[test]
#[cfg(target_os = "linux")]
fn room_that_is_reserved_is_no_hole() {
    use crate::scratch::Scratch;
    let scratch = Scratch::new();
    scratch.does(&["grow", "a", "128K", "-t", "u64"]);
    let look = || {
        let output = scratch.pmem(["info", "a", "--json"]).output().unwrap();
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    assert_eq!((&look()["hole_bytes"], &look()["bytes_on_disk"]), (&0.into(), &(1 << 20).into()));
    scratch.does(&["grow", "a", "1M", "--sparse"]);
    assert_eq!(look()["hole_bytes"], 1 << 20);
    // To look at it leaves no trace.
    let hole = Scratch::new().hole("a", 1 << 20);
    let output = hole.pmem(["info", "a", "--json"]).output().unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&output.stdout).unwrap()["pages_cached"], 0);
    // And does not take away what was there.
    hole.bytes("a");
    let output = hole.pmem(["info", "a", "--json"]).output().unwrap();
    assert_ne!(serde_json::from_slice::<Value>(&output.stdout).unwrap()["pages_cached"], 0);
}

#[test]
fn pipes_are_counted() {
    let value = json(Pmem::new(["info", "-t", "u16", "--json", "-"]).stdin([7; 10]));
    assert_eq!(value["path"], "-");
    assert_eq!(value["elements"], 5);
    assert_eq!(value["bytes_on_disk"], Value::Null);
    assert_eq!(value["pages_cached"], Value::Null);
}

#[test]
fn for_people() {
    let text =
        String::from_utf8(Pmem::new(["info", "-t", "f32", "a"]).file("a", [0; 8192]).succeeds())
            .unwrap();
    for line in [
        "file           a",
        "type           f32, 4 bytes each",
        "elements       2,048",
        "bytes          8,192 (8.0 KiB)",
        "left over      0 bytes",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
}

#[test]
fn partial() {
    let message =
        "1 byte is not a whole number of u16 elements (2 bytes each); 1 byte is left over";
    Pmem::new(["info", "-t", "u16", "--partial", "error", "a"])
        .file("a", [1])
        .stderr(format!("pmem: a: {message}\n"))
        .exits(2);
    assert!(
        !Pmem::new(["info", "-t", "u16", "--partial", "ignore", "a"])
            .file("a", [1])
            .succeeds()
            .is_empty()
    );
}

#[test]
fn missing() {
    Pmem::new(["info", "a"]).stderr("pmem: a: No such file or directory\n").exits(2);
    Pmem::new(["info", "."]).stderr("pmem: .: is a directory, not a file of elements\n").exits(2);
}
