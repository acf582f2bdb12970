//! Files with a header: recognised, read, changed and kept true.

mod files;
mod kill;
mod numpy;
mod open_with;

use std::process::{Command, Stdio};

use self::files::{bin, fvecs, idx, llmc, npy, safetensors};
use crate::pmem::{Pmem, skipped};
use crate::scratch::Scratch;

/// Returns the little-endian bytes of floats.
fn floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

#[test]
fn every_format_is_read_behind_its_header() {
    let pairs = floats(&[0.5, 1.0, 1.5, 2.0]);
    let tensors = safetensors(&[("w", "F32", "[2,2]", &pairs), ("b", "U8", "[3]", &[7, 8, 9])]);
    for (name, bytes, options, stdout) in [
        ("a.npy", npy("'<f4'", false, "(2, 2)", &pairs), &[][..], "0.5\t1\n1.5\t2\n"),
        ("a.bin", npy("'>i2'", false, "(2,)", &[0, 1, 1, 0]), &[], "1\n256\n"),
        ("a.npy", npy("'<f4'", true, "(1, 4)", &pairs), &[], "0.5\n1\n1.5\n2\n"),
        ("a.npy", npy("'|u1'", false, "()", &[7]), &[], "7\n"),
        ("a.fbin", bin(2, 2, &pairs), &[], "0.5\t1\n1.5\t2\n"),
        ("a.u8bin", bin(2, 1, &[3, 4]), &[], "3\n4\n"),
        ("a", bin(2, 1, &[3, 4]), &["--as", "bin", "-t", "u8x1"], "3\n4\n"),
        ("a.fvecs", fvecs(2, &[0.5, 1.0, 1.5, 2.0]), &[], "2\t0.5\t1\n2\t1.5\t2\n"),
        ("t-ubyte", idx(8, &[2, 2], &[1, 2, 3, 4]), &[], "1\t2\n3\t4\n"),
        ("t.idx", idx(0x0b, &[2], &[0, 1, 1, 0]), &[], "1\n256\n"),
        ("t.bin", llmc(20_240_520, 2, &[1, 0, 2, 0]), &["--as", "llmc"], "1\n2\n"),
        ("t.bin", llmc(20_240_801, 1, &[1, 0, 2, 0]), &["--as", "llmc"], "131073\n"),
        ("m.safetensors", tensors.clone(), &["--tensor", "w"], "0.5\t1\n1.5\t2\n"),
        ("m.safetensors", tensors, &["--tensor", "b"], "7\n8\n9\n"),
    ] {
        let words = [&["dump", name], options].concat();
        Pmem::new(words).file(name, bytes).stdout(stdout).exits(0);
    }
}

#[test]
fn what_fits_no_header_is_raw() {
    for (name, bytes, count) in [
        ("a.npy", &b"\x93NUMP"[..], 5),
        ("a.fbin", &[0, 0, 128, 63, 0, 0, 0, 64], 8),
        ("a.fvecs", &[0; 12], 12),
        ("a.idx", &[0, 0, 7, 1, 0, 0, 0, 1], 8),
        ("a-ubyte", &[], 0),
        ("a.safetensors", &[1, 0, 0, 0, 0, 0, 0, 0, 0], 9),
    ] {
        let stdout = Pmem::new(["dump", name]).file(name, bytes).succeeds();
        assert_eq!(stdout.iter().filter(|byte| **byte == b'\n').count(), count, "{name}");
    }
}

#[test]
fn a_pipe_is_recognised_by_its_magic() {
    let file = npy("'<f4'", false, "(3,)", &floats(&[0.5, 1.0, 1.5]));
    Pmem::new(["dump"]).stdin(file.clone()).stdout("0.5\n1\n1.5\n").exits(0);
    Pmem::new(["dump", "-s", "1", "-"]).stdin(file.clone()).stdout("1\n1.5\n").exits(0);
    Pmem::new(["dump"])
        .stdin(&file[..file.len() - 4])
        .stdout("0.5\n1\n")
        .stderr("pmem: standard input: the npy header counts 3 elements, and the file has 2\n")
        .exits(0);
    Pmem::new(["dump"]).stdin(*b"\x93NUM").stdout("147\n78\n85\n77\n").exits(0);
    Pmem::new(["dump"]).stdin("").exits(0);
}

#[test]
fn what_contradicts_the_header_is_refused() {
    let file = || npy("'<f4'", false, "(2, 2)", &[0; 16]);
    for (options, message) in [
        (
            &["-t", "f64"][..],
            "--type f64: its npy header says f32x2; --as raw reads it without the header",
        ),
        (
            &["--offset", "128"],
            "--offset: its npy header says that the elements begin at byte 70; --as raw reads it \
             without the header",
        ),
        (&["--tensor", "w"], "--tensor: its format is npy, and only safetensors has tensors"),
        (&["--as", "idx"], "--as idx: it does not begin with two zeroes"),
    ] {
        let words = [&["dump", "a.npy"], options].concat();
        let message = format!("pmem: a.npy: {message}\n");
        Pmem::new(words).file("a.npy", file()).stderr(message).exits(2);
    }
    Pmem::new(["dump", "a.npy", "-t", "f32x2", "-n", "1"])
        .file("a.npy", file())
        .stdout("0\t0\n")
        .exits(0);
    Pmem::new(["dump", "a.npy", "--as", "raw", "--offset", "70", "-n", "2", "-t", "u64"])
        .file("a.npy", file())
        .stdout("0\n0\n")
        .exits(0);
    Pmem::new(["dump", "a.npy"])
        .file("a.npy", npy("'|O'", false, "(1,)", &[0; 8]))
        .stderr(
            "pmem: a.npy: its npy header: its type '|O': Python objects are not supported; --as raw \
             does without\n",
        )
        .exits(2);
}

#[test]
fn growing_and_shrinking_keep_the_header_true() {
    for (name, bytes, options, grown) in [
        ("a.npy", npy("'|u1'", false, "(3, 2)", &[7; 6]), &[][..], "(5, 2)"),
        ("a.npy", npy("'|u1'", true, "(2, 3)", &[7; 6]), &[], "(2, 5)"),
        ("a.u8bin", bin(3, 2, &[7; 6]), &[], ""),
        ("a.idx", idx(8, &[3, 2], &[7; 6]), &[], ""),
        ("a", llmc(20_240_520, 3, &[7; 6]), &["--as", "llmc"], ""),
        ("a.fvecs", fvecs(2, &[7.0; 6]), &[], ""),
    ] {
        let run = |scratch: &Scratch, words: &[&str]| {
            scratch.does(&[words, &["--quiet"], options].concat());
        };
        let count = |scratch: &Scratch| {
            let output = scratch.pmem(["info", "--json", name].iter().chain(options)).output();
            let output = output.unwrap();
            assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
            let facts: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            facts["elements"].as_u64().unwrap()
        };
        let scratch = Scratch::new().file(name, &bytes);
        run(&scratch, &["grow", name, "2"]);
        assert_eq!(count(&scratch), 5, "{name}");
        assert!(String::from_utf8_lossy(&scratch.bytes(name)).contains(grown), "{name}");
        run(&scratch, &["shrink", name, "2"]);
        assert_eq!(scratch.bytes(name), bytes, "{name}");
        run(&scratch, &["shrink", name, "0", "--to"]);
        assert_eq!(count(&scratch), 0, "{name}");
    }
}

#[test]
fn vectors_carry_their_dimension() {
    let scratch = Scratch::new().file("a.fvecs", fvecs(2, &[0.5, 1.0]));
    scratch.does(&["grow", "a.fvecs", "1000"]);
    scratch.does(&["grow", "a.fvecs", "1", "--fill", "2,3,4"]);
    let expected: Vec<f32> = [&[0.5, 1.0][..], &[0.0; 2000], &[3.0, 4.0]].concat();
    assert_eq!(scratch.bytes("a.fvecs"), fvecs(2, &expected));
    const REFUSAL: &str = "a.fvecs: each vector of a vecs file begins with its dimension, which is 2 \
                           here; --field v leaves it as it is";
    scratch.refuses(&["grow", "a.fvecs", "1", "--fill", "3,3,4"], REFUSAL);
    for content in [&["3,1,1"][..], &["--random", "7"], &["3", "--field", "d"]] {
        let words = [&["fill", "a.fvecs"], content].concat();
        assert_eq!(scratch.pmem(&words).output().unwrap().status.code(), Some(2), "{words:?}");
    }
    scratch.refuses(&["fill", "a.fvecs", "3,1,1", "--dry-run"], REFUSAL);
    assert_eq!(scratch.bytes("a.fvecs"), fvecs(2, &expected));
    scratch.does(&["fill", "a.fvecs", "2,5,6", "-r", "0"]);
    scratch.does(&["fill", "a.fvecs", "9", "--field", "v.1", "-r", "1.."]);
    scratch.does(&["fill", "a.fvecs", "--random", "1", "--field", "v", "-r", "1001"]);
    assert_eq!(&scratch.bytes("a.fvecs")[..12], fvecs(2, &[5.0, 6.0]));
    let dumped = scratch.pmem(["dump", "a.fvecs", "--field", "d"]).output().unwrap().stdout;
    assert_eq!(dumped, b"2\n".repeat(1002));
}

#[test]
fn a_file_that_is_shorter_or_longer_than_its_header_says() {
    let whole = npy("'<u2'", false, "(3,)", &[1, 0, 2, 0, 3, 0]);
    let (short, long) = (whole[..whole.len() - 3].to_vec(), [&whole[..], &[9]].concat());
    for (file, told, shown, left_over) in [
        (short, "the npy header counts 3 elements, and the file has 1", "1\n", 1),
        (long, "the npy header counts 3 elements, and 1 byte is behind them", "1\n2\n3\n", 1),
    ] {
        let told = format!("a.npy: {told}");
        let warning = format!("pmem: {told}\n");
        let run = |words: &[&str]| Pmem::new(words).file("a.npy", &file);
        run(&["dump", "a.npy"]).stdout(shown).stderr(&*warning).exits(0);
        run(&["dump", "a.npy", "--partial", "ignore"]).stdout(shown).exits(0);
        run(&["dump", "a.npy", "--partial", "error"]).stderr(&*warning).exits(2);
        let facts = run(&["info", "--json", "a.npy"]).stderr(warning).succeeds();
        let facts: serde_json::Value = serde_json::from_slice(&facts).unwrap();
        assert_eq!(facts["bytes_left_over"], left_over);
        let scratch = Scratch::new().file("a.npy", &file);
        scratch.refuses(&["fill", "a.npy", "1"], &told);
        scratch.refuses(&["fill", "a.npy", "1", "--partial", "ignore"], &told);
        for words in [["grow", "a.npy", "1"], ["shrink", "a.npy", "1"]] {
            let output = scratch.pmem(words).output().unwrap();
            assert_eq!(output.status.code(), Some(2));
            let stderr = String::from_utf8(output.stderr).unwrap();
            let advice = stderr.strip_prefix(&format!("pmem: {told}; '")).expect(&stderr);
            // What is advised helps.
            let (command, _) = advice.split_once('\'').unwrap();
            let copy = Scratch::new().file("a.npy", &file);
            assert_eq!(copy.shell(&format!("{command}\npmem grow a.npy 1")), (0, "".into()));
        }
        assert_eq!(scratch.bytes("a.npy"), file);
    }
}

#[test]
fn headers_are_not_begun_and_do_not_grow_themselves() {
    let scratch = Scratch::new()
        .file("empty.fvecs", "")
        .file("tight.npy", npy("'|u1'", false, "(9,)", &[0; 9]))
        .file("zero.npy", npy("'|u1'", false, "()", &[7]))
        .file("m.safetensors", safetensors(&[("w", "U8", "[2]", &[1, 2])]));
    for (name, format) in [("a.npy", "npy"), ("a.fbin", "bin"), ("empty.fvecs", "vecs")] {
        scratch.refuses(
            &["grow", name, "1"],
            &format!(
                "{name}: a new {format} file needs a header, which 'pmem convert' writes; --as raw \
                 does without"
            ),
        );
    }
    scratch.does(&["grow", "a.npy", "1", "--as", "raw"]);
    // The header that is written here has no room for a second digit.
    scratch.refuses(
        &["grow", "tight.npy", "1"],
        "tight.npy: its npy header has no room for the number 10; 'pmem convert' writes a new one",
    );
    scratch.refuses(
        &["grow", "zero.npy", "1"],
        "zero.npy: an array without axes is a single element, of which there is always one",
    );
    for word in ["grow", "shrink"] {
        scratch.refuses(
            &[word, "m.safetensors", "1", "--tensor", "w"],
            "m.safetensors: a tensor of a .safetensors file keeps its length; 'pmem convert' writes \
             it anew",
        );
    }
    scratch.does(&["fill", "m.safetensors", "5", "--tensor", "w", "-r", "1"]);
    assert_eq!(scratch.bytes("m.safetensors"), safetensors(&[("w", "U8", "[2]", &[1, 5])]));
}

#[test]
fn tensors_are_listed() {
    let file = safetensors(&[("w", "BF16", "[2,2]", &[0; 8]), ("b", "F4", "[2]", &[7])]);
    let start = file.len() - 9;
    let run = |words: &[&str]| Pmem::new(words).file("m.safetensors", &file);
    let facts = run(&["info", "--json", "m.safetensors"]).succeeds();
    let facts: serde_json::Value = serde_json::from_slice(&facts).unwrap();
    let tensors = serde_json::json!([
        {"name": "w", "type": "bf16x2", "shape": [2, 2], "offset": start},
        {"name": "b", "type": "F4", "shape": [2], "offset": start + 8},
    ]);
    assert_eq!(facts["tensors"], tensors);
    assert_eq!(
        (&facts["type"], &facts["elements"]),
        (&serde_json::Value::Null, &serde_json::Value::Null)
    );
    let facts = run(&["info", "--json", "m.safetensors", "--tensor", "w"]).succeeds();
    let facts: serde_json::Value = serde_json::from_slice(&facts).unwrap();
    assert_eq!((facts["type"].as_str(), &facts["tensors"]), (Some("bf16x2"), &tensors));
    let text = String::from_utf8(run(&["info", "m.safetensors"]).succeeds()).unwrap();
    assert!(text.contains(&format!("\n  bf16x2  (2, 2)  byte {start}  w\n")), "{text}");
    for (words, message) in [
        (&["dump", "m.safetensors"][..], "it has tensors; name one with --tensor: w, b"),
        (&["dump", "m.safetensors", "--tensor", "x"], "--tensor x: no such tensor: w, b"),
        (&["dump", "m.safetensors", "--tensor", "b"], "--tensor b: its type F4 is not known here"),
        (&["info", "m.safetensors", "-t", "u8"], "--type: it has tensors; name one with --tensor"),
    ] {
        run(words).stderr(format!("pmem: m.safetensors: {message}\n")).exits(2);
    }
    let short = &file[..file.len() - 1];
    Pmem::new(["info", "m.safetensors", "--partial", "error"])
        .file("m.safetensors", short)
        .stderr(format!(
            "pmem: m.safetensors: its last tensor ends at byte {}, and the file at byte {}\n",
            file.len(),
            file.len() - 1
        ))
        .exits(2);
}

#[test]
fn examples_of_the_help_work_on_the_samples() {
    let help = String::from_utf8(Pmem::new(["help", "formats"]).succeeds()).unwrap();
    let examples: Vec<_> = help.lines().filter(|line| line.starts_with("  pmem ")).collect();
    assert!(!examples.is_empty(), "{help}");
    for example in examples {
        let mut scratch = Scratch::new();
        for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/samples")).unwrap() {
            let path = entry.unwrap().path();
            scratch = scratch.file(path.file_name().unwrap(), std::fs::read(&path).unwrap());
        }
        let (code, stderr) = scratch.shell(&format!("exec > /dev/null\n{example}\n"));
        assert_eq!((code, &*stderr), (0, ""), "{example}");
    }
}

#[test]
fn samples_are_made_by_their_script() {
    let scratch = Scratch::new();
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/samples");
    let script = Command::new("python3")
        .arg(format!("{samples}/make.py"))
        .current_dir(scratch.path(""))
        .status();
    let Ok(status) = script else { return skipped("python3") };
    assert!(status.success());
    for name in scratch.names() {
        assert!(
            scratch.bytes(&name) == std::fs::read(format!("{samples}/{name}")).unwrap(),
            "{name}"
        );
    }
}

#[test]
fn files_in_the_repository() {
    let files = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/headers/files");
    for (name, element, json) in [
        (
            "records.npy",
            "id:u32,pos:f32x2,tag:str3",
            r#"[{"id":7,"pos":[0.5,-1],"tag":"ab"},{"id":8,"pos":[1.5,2],"tag":"c"}]"#,
        ),
        ("aligned.npy", "@i:u8,x:f64", r#"[{"i":1,"x":0.5}]"#),
        ("python2.npy", "i32bex2", "[[1,2],[3,4]]"),
        ("fortran.npy", "u16x2", "[[0,3],[1,4],[2,5]]"),
        ("unicode.npy", "\"∂\":f32", r#"[{"∂":0.5}]"#),
        ("point.npy", "f64", "[0.5]"),
    ] {
        let path = format!("{files}/{name}");
        let facts = Pmem::new(["info", "--json", &*path]).succeeds();
        let facts: serde_json::Value = serde_json::from_slice(&facts).unwrap();
        assert_eq!(facts["type"], element, "{name}");
        Pmem::new(["dump", "-f", "json", &*path]).stdout(format!("{json}\n")).exits(0);
    }
}

#[test]
fn a_pipe_is_not_waited_for() {
    use std::io::{Read as _, Write as _};

    let mut child = Command::new(env!("CARGO_BIN_EXE_pmem"))
        .args(["dump", "-f", "plain"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(&[7]).unwrap();
    // Were more than the first byte waited for, this would never come.
    let mut seen = [0; 2];
    child.stdout.take().unwrap().read_exact(&mut seen).unwrap();
    assert_eq!(&seen, b"7\n");
    drop(stdin);
    child.wait().unwrap();
}
