//! The code that `info --open-with` prints, run where its engine is there.

use std::process::Command;

use super::files::{bin, npy, safetensors};
use super::numpy::python;
use crate::pmem::Pmem;
use crate::pmem::skipped;
use crate::scratch::Scratch;

/// The code for an engine.
fn code(scratch: &Scratch, engine: &str, words: &[&str]) -> String {
    let words = [&["info", "--open-with", engine], words].concat();
    let output = scratch.pmem(&words).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), &*stderr), (Some(0), ""), "{words:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Two records of 9 bytes, and the same in the other order.
fn scratch() -> Scratch {
    let record = |x: f32, y: u32, i: u8| [&x.to_le_bytes()[..], &y.to_le_bytes(), &[i]].concat();
    let big = |x: f32, y: u16| [&x.to_be_bytes()[..], &y.to_be_bytes()].concat();
    let pairs: Vec<u8> = [0.5_f32, 1.0, 1.5, 2.0].iter().flat_map(|x| x.to_le_bytes()).collect();
    Scratch::new()
        .file("it's.rec", [record(0.5, 7, 1), record(1.5, 8, 2)].concat())
        .file("big.rec", [vec![9], big(0.5, 7), big(1.5, 8)].concat())
        .file("a.f32", &pairs)
        .file("a.fbin", bin(2, 2, &pairs))
        .file("a.npy", npy("'<f4'", false, "(2, 2)", &pairs))
        .file("a.i24", [1, 0, 0, 255, 255, 255])
        .file(
            "m.safetensors",
            safetensors(&[("b", "U8", "[1]", &[1]), ("w", "F32", "[2,2]", &pairs)]),
        )
}

const RECORD: [&str; 3] = ["it's.rec", "-t", "x:f32,y:u32,i:u8"];
const BIG: [&str; 5] = ["big.rec", "-t", "x:f32be,y:u16be", "--offset", "1"];

/// Files of two pairs of floats, and what says so.
const PAIRS: [&[&str]; 4] =
    [&["a.f32", "-t", "f32x2"], &["a.fbin"], &["a.npy"], &["m.safetensors", "--tensor", "w"]];

#[test]
fn numpy_opens_the_file() {
    let scratch = scratch();
    for words in PAIRS {
        let code = code(&scratch, "numpy", words) + "print(a.dtype, a.tolist())";
        let Some(shown) = python(&scratch, &["numpy"], &code) else { return };
        assert_eq!(shown, "float32 [[0.5, 1.0], [1.5, 2.0]]\n", "{words:?}");
    }
    for (words, expected) in
        [(&RECORD[..], "[(0.5, 7, 1), (1.5, 8, 2)]\n"), (&BIG, "[(0.5, 7), (1.5, 8)]\n")]
    {
        let code = code(&scratch, "numpy", words) + "print(a.tolist())";
        assert_eq!(python(&scratch, &["numpy"], &code).as_deref(), Some(expected), "{words:?}");
    }
    let code = code(&scratch, "numpy", &["a.i24"]);
    assert!(code.starts_with("# First: pmem convert a.i24 -t i24 --to i32 a.npy\n"), "{code}");
}

#[test]
fn torch_opens_the_file() {
    let scratch = scratch();
    for words in PAIRS {
        let code = code(&scratch, "torch", words) + "print(t.dtype, t.tolist())";
        let modules = ["numpy", "torch", "safetensors"];
        let Some(shown) = python(&scratch, &modules, &code) else { return };
        assert_eq!(shown, "torch.float32 [[0.5, 1.0], [1.5, 2.0]]\n", "{words:?}");
    }
    let code = code(&scratch, "torch", &BIG) + "print(t['x'].tolist(), t['y'].tolist())";
    let shown = python(&scratch, &["torch"], &code);
    assert_eq!(shown.as_deref(), Some("[0.5, 1.5] [7, 8]\n"));
}

#[test]
fn polars_opens_the_file() {
    let scratch = scratch();
    for (words, expected) in [
        (PAIRS[0], "[([0.5, 1.0],), ([1.5, 2.0],)]\n"),
        (PAIRS[2], "[([0.5, 1.0],), ([1.5, 2.0],)]\n"),
        (&["a.f32"], "[(0.5,), (1.0,), (1.5,), (2.0,)]\n"),
        (&RECORD, "[(0.5, 7, 1), (1.5, 8, 2)]\n"),
        (&BIG, "[(0.5, 7), (1.5, 8)]\n"),
    ] {
        let code = code(&scratch, "polars", words) + "print(df.rows())";
        let Some(shown) = python(&scratch, &["polars", "numpy"], &code) else { return };
        assert_eq!(shown, expected, "{words:?}");
    }
    let code = code(&scratch, "polars", &["a.i24"]);
    assert!(code.starts_with("# First: pmem convert a.i24 -t i24 a.parquet\n"), "{code}");
}

#[test]
fn clickhouse_opens_the_file() {
    let scratch = scratch();
    for (words, expected) in [
        (PAIRS[0], "\"(0.5,1)\"\n\"(1.5,2)\"\n"),
        (PAIRS[2], "\"[0.5,1]\"\n\"[1.5,2]\"\n"),
        (&["a.f32"], "0.5\n1\n1.5\n2\n"),
        (&RECORD, "0.5,7,1\n1.5,8,2\n"),
    ] {
        let query = code(&scratch, "clickhouse", words);
        let query = query.trim_end().trim_end_matches(';');
        let script = format!("import chdb\nprint(chdb.query({query:?}, 'CSV'), end='')");
        let Some(shown) = python(&scratch, &["chdb"], &script) else { return };
        // A tuple has a column for each of its items.
        let plain = |text: &str| text.replace(['"', '(', ')'], "");
        assert_eq!(plain(&shown), plain(expected), "{words:?}");
    }
    for words in [&BIG[..], PAIRS[1], PAIRS[3]] {
        let query = code(&scratch, "clickhouse", words);
        assert!(query.starts_with("-- First: pmem convert "), "{query}");
    }
}

#[test]
fn what_reads_parquet_gets_it() {
    let scratch = scratch();
    for engine in ["duckdb", "spark"] {
        let code = code(&scratch, engine, &BIG);
        let command = "pmem convert big.rec -t x:f32be,y:u16be --offset 1 big.parquet";
        assert!(code.contains(command), "{code}");
        assert!(code.contains("'big.parquet'") || code.contains("(\"big.parquet\")"), "{code}");
    }
    let all = code(&scratch, "all", PAIRS[3]);
    for title in [
        "# NumPy",
        "# PyTorch",
        "# Polars",
        "-- DuckDB",
        "-- ClickHouse",
        "# Spark",
        "// C",
        "// Rust",
    ] {
        assert!(all.contains(title), "{title}: {all}");
    }
    // Each conversion that is named is one that the program knows.
    if scratch.pmem(["convert", "--help"]).output().unwrap().status.success() {
        for line in all.lines().filter_map(|line| line.split_once("First: ")) {
            let (code, stderr) = scratch.shell(&format!("rm -f m.parquet\n{}", line.1));
            assert_eq!((code, &*stderr), (0, ""), "{}", line.1);
        }
    } else {
        skipped("pmem convert");
    }
}

/// Compiles a program and runs it; nothing, if the compiler is not there.
fn compiled(scratch: &Scratch, compiler: &mut Command, source: &str, code: &str) -> Option<String> {
    std::fs::write(scratch.path(source), code).unwrap();
    let compiled = compiler.args(["-o", "program", source]).current_dir(scratch.path("")).output();
    let Ok(output) = compiled else {
        skipped(&format!("{compiler:?}"));
        return None;
    };
    assert!(output.status.success(), "{code}\n{}", String::from_utf8_lossy(&output.stderr));
    let program = Command::new(scratch.path("program")).current_dir(scratch.path("")).output();
    let program = program.unwrap();
    assert!(program.status.success(), "{}", String::from_utf8_lossy(&program.stderr));
    Some(String::from_utf8(program.stdout).unwrap())
}

#[test]
fn a_program_in_c_reads_the_file() {
    let scratch = scratch();
    for (words, expected) in [
        (PAIRS[1], "2 elements\nvalue 0.5\n"),
        (PAIRS[3], "2 elements\nvalue 0.5\n"),
        (&RECORD, "2 elements\nx 0.5\ny 7\ni 1\n"),
        (&BIG, "2 elements\nx 0.5\ny 7\n"),
        (&["a.i24"], "2 elements\nvalue 01\n"),
        (
            &["a.f32", "-t", "@int:u8,f_int:i64"],
            "1 elements\nf_int 0\nf_int_2 4611686019496935424\n",
        ),
    ] {
        let code = code(&scratch, "c", words);
        let mut gcc = Command::new("gcc");
        gcc.args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-D_POSIX_C_SOURCE=200809L"]);
        let Some(shown) = compiled(&scratch, &mut gcc, "program.c", &code) else { return };
        assert_eq!(shown, expected, "{words:?}");
    }
}

#[test]
fn a_program_in_rust_reads_the_file() {
    let scratch = scratch();
    for (words, expected) in [
        (PAIRS[1], "2 elements\nSome(Element { value: [0.5, 1.0] })\n"),
        (&BIG, "2 elements\nSome(Element { x: 0.5, y: 7 })\n"),
        (&["a.i24"], "2 elements\nSome(Element { value: [1, 0, 0] })\n"),
    ] {
        let code = code(&scratch, "rust", words);
        let mut rustc = Command::new("rustc");
        rustc.arg("--edition=2021");
        let Some(shown) = compiled(&scratch, &mut rustc, "program.rs", &code) else { return };
        assert_eq!(shown, expected, "{words:?}");
    }
}

#[test]
fn what_cannot_be_opened() {
    let file = safetensors(&[("w", "U8", "[1]", &[1])]);
    for (words, path, message) in [
        (&["m.safetensors"][..], "m.safetensors", "name a tensor first, with --tensor"),
        (&["-"], "standard input", "it has no name to open it by"),
        (&["a", "-t", "u8x1", "--field", "0"], "a", "whole elements are opened, without --field"),
    ] {
        let words = [&["info", "--open-with", "c"], words].concat();
        Pmem::new(words)
            .file("m.safetensors", &file)
            .file("a", [1])
            .stdin([1])
            .stderr(format!("pmem: {path}: --open-with: {message}\n"))
            .exits(2);
    }
}
