//! Files for engines: NumPy, pyarrow, DuckDB and Polars read what we write, and we read theirs.

use std::process::Command;

use crate::pmem::skipped;
use crate::scratch::Scratch;

/// Runs a script of Python in the directory, if these modules are there.
#[track_caller]
fn python(scratch: &Scratch, modules: &str, script: &str) -> bool {
    let import = format!("import {modules}");
    let there = Command::new("python3").args(["-c", &import]).output();
    if !there.is_ok_and(|output| output.status.success()) {
        skipped(modules);
        return false;
    }
    let mut python = Command::new("python3");
    python.args(["-c", &format!("{import}\n{script}"), env!("CARGO_BIN_EXE_pmem")]);
    let output = python.current_dir(scratch.path("")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    true
}

/// Makes a file of records with every type that an engine can have.
const RECORDS: &str = r#"
import sys, subprocess
import numpy as np
pmem = sys.argv[1]
n = 3000
kinds = {"u8":"u1","u16":"u2","u32":"u4","u64":"u8","i8":"i1","i16":"i2","i32":"i4","i64":"i8",
         "f16":"f2","f32":"f4","f64":"f8"}
rng = np.random.default_rng(1)
records = np.zeros(n, [*((k, "<" + v) for k, v in kinds.items()), ("s", "S6"), ("v", "<f4", 3)])
for name, code in kinds.items():
    raw = rng.integers(0, 256, (n, np.dtype(code).itemsize), "u1").tobytes()
    records[name] = np.frombuffer(raw, code)
    if code[0] == "f":
        records[name] = rng.normal(size=n)
records["s"] = [str(i) for i in range(n)]
records["v"] = rng.normal(size=(n, 3))
records.tofile("in.bin")
element = ",".join(f"{k}:{k}" for k in kinds) + ",s:str6,v:f32x3"
def run(*arguments):
    subprocess.run([pmem, "convert", *arguments], check=True)
def same(column, name):
    values = records[name]
    if name == "s":
        assert column == [v.decode() for v in values.tolist()], name
    elif name == "v":
        assert (np.array(column, "f4") == values).all(), name
    else:
        got = np.array(column, values.dtype)
        assert ((got == values) | ((got != got) & (values != values))).all(), name
"#;

#[test]
fn numpy_reads_arrays() {
    let scratch = Scratch::new();
    let script = format!(
        "{RECORDS}
run('in.bin', 'out.npy', '-t', element)
assert (numpy.load('out.npy')['f64'] == records['f64']).all()
assert numpy.load('out.npy')['v'].shape == (n, 3)
run('in.bin', 'v.npy', '-t', element, '--field', 'v', '--to', 'f64be')
assert numpy.load('v.npy').dtype == '>f8'
assert (numpy.load('v.npy') == records['v']).all()
"
    );
    python(&scratch, "numpy", &script);
}

#[test]
fn engines_read_parquet() {
    for (engine, read) in [
        ("pyarrow.parquet", "table = pyarrow.parquet.read_table('out.parquet').to_pydict()"),
        (
            "duckdb",
            "c = duckdb.sql('select * from \"out.parquet\"'); \
             table = dict(zip(c.columns, map(list, zip(*c.fetchall()))))",
        ),
        ("polars", "table = polars.read_parquet('out.parquet').to_dict(as_series=False)"),
    ] {
        let scratch = Scratch::new();
        let script = format!(
            "{RECORDS}
for codec in ['snappy', 'zstd', 'none']:
    run('in.bin', 'out.parquet', '-t', element, '--compression', codec, '--force')
    {read}
    for name in table:
        same(table[name], name)
    assert len(table) == 13
run('out.parquet', 'back.bin')
assert open('back.bin', 'rb').read() == open('in.bin', 'rb').read()
"
        );
        python(&scratch, engine, &script);
    }
}

#[test]
fn engines_read_arrow() {
    for (engine, read) in [
        ("pyarrow.ipc", "table = pyarrow.ipc.open_file('out.arrow').read_all().to_pydict()"),
        ("polars", "table = polars.read_ipc('out.arrow').to_dict(as_series=False)"),
    ] {
        let scratch = Scratch::new();
        let script = format!(
            "{RECORDS}
run('in.bin', 'out.arrow', '-t', element)
{read}
for name in table:
    same(table[name], name)
run('out.arrow', 'back.bin')
assert open('back.bin', 'rb').read() == open('in.bin', 'rb').read()
"
        );
        python(&scratch, engine, &script);
    }
}

#[test]
fn what_others_wrote_comes_back() {
    let scratch = Scratch::new();
    let script = "
import sys, subprocess
import numpy as np
import pyarrow as pa, pyarrow.parquet as pq
def run(*arguments):
    done = subprocess.run([sys.argv[1], 'convert', *arguments], capture_output=True, text=True)
    return done.returncode, done.stderr
a = np.arange(250000, dtype='i4') % 1000
table = pa.table({'a': a, 'b': a / 3, 'd': pa.array(a).dictionary_encode(),
                  'l': pa.FixedSizeListArray.from_arrays(pa.array(np.repeat(a, 2)), 2),
                  'n': pa.array([None] + [1] * (len(a) - 1)), 's': pa.array(['x'] * len(a)),
                  'u': pa.array([[1]] + [[1, 2]] * (len(a) - 1))})
pq.write_table(table, 'a.parquet', row_group_size=70001, use_dictionary=['a'])
assert run('a.parquet', 'a.raw', '--column', 'a') == (0, '')
assert (np.fromfile('a.raw', 'i4') == a).all()
assert run('a.parquet', 'b.f64', '--column', '2') == (0, '')
assert (np.fromfile('b.f64') == a / 3).all()
assert run('a.parquet', 'd.raw', '--column', 'd') == (0, '')
assert (np.fromfile('d.raw', 'i4') == a).all()
assert run('a.parquet', 'l.raw', '--column', 'l', '-t', 'i32x2') == (0, '')
assert (np.fromfile('l.raw', 'i4') == np.repeat(a, 2)).all()
assert run('a.parquet', 's.raw', '--column', 's', '-t', 'str2') == (0, '')
for column, more, message in [
    ('l', [], 'column l is a list; -t says how many items it has, as f32x3 does'),
    ('n', [], 'row 0 has a null, which numbers have not'),
    ('s', [], 'column s has text; -t says how long it may be, as str16 does'),
    ('u', ['-t', 'i64x2'], 'row 0 does not have 2 items'),
    ('z', [], \"no column 'z'; there are a, b, d, l, n, s, u\"),
]:
    assert run('a.parquet', 'x', '--column', column, *more) == (2, f'pmem: a.parquet: {message}\\n'), (column, run('a.parquet', 'x', '--column', column, *more))
with pa.ipc.new_file('a.arrow', table.schema) as file:
    file.write_table(table)
assert run('a.arrow', 'a2.raw', '--column', 'a') == (0, '')
assert run('a.arrow', 'l2.raw', '--column', 'l') == (0, '')
assert (np.fromfile('l2.raw', 'i4') == np.repeat(a, 2)).all()
assert run('a.arrow', 'x', '--column', 'n')[0] == 2
assert run('a.arrow', 'x', '--column', 'u', '-t', 'i64x2')[0] == 2
";
    python(&scratch, "pyarrow", script);
}

#[test]
fn types_that_parquet_lacks_come_back() {
    for (element, bytes) in [
        ("bf16", &[128, 63, 192, 255][..]),
        ("f8e4m3", &[0x7e, 0x01]),
        ("u24be", &[1, 2, 3, 255, 255, 255]),
        ("i128", &[255; 16]),
        ("cf32x2", &[7; 16]),
        ("@x:u8,y:u16be", &[1, 0, 2, 3, 4, 0, 5, 6]),
        ("hex3", &[1, 2, 3]),
        ("m:u8x2x3", &[1, 2, 3, 4, 5, 6]),
        ("bool", &[0, 1, 1]),
    ] {
        for name in ["out.parquet", "out.arrow"] {
            let scratch = Scratch::new().file("in", bytes);
            scratch.does(&["convert", "in", name, "-t", element]);
            scratch.does(&["convert", name, "back"]);
            assert_eq!(scratch.bytes("back"), bytes, "{element} {name}");
        }
    }
    let scratch = Scratch::new().file("in", [255; 16]);
    let message = "in: element 0: 340282366920938463463374607431768211455 is out of range: i128 is \
                   -170141183460469231731687303715884105728..=170141183460469231731687303715884105727";
    let (code, error) = scratch.shell("pmem convert in out.parquet -t u128");
    assert_eq!(code, 2);
    assert!(error.starts_with(&format!("pmem: {message}")), "{error}");
    let message = "in: element 0: value: 255 is neither false nor true";
    scratch.refuses(&["convert", "in", "out.parquet", "-t", "bool"], message);
}

#[test]
fn a_dataset_is_one_table() {
    let bytes: Vec<u8> = (0..10_000_u32).flat_map(u32::to_le_bytes).collect();
    let scratch = Scratch::new().file("a.u32", &bytes);
    scratch.does(&["convert", "a.u32", "set", "--rows-per-file", "3000"]);
    let names = std::fs::read_dir(scratch.path("set")).unwrap();
    let mut names: Vec<_> =
        names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let expected: Vec<_> = (0..4).map(|part| format!("part-{part:08}.parquet")).collect();
    assert_eq!(names, expected);
    let message = "set: it exists; use --force to replace it";
    scratch.refuses(&["convert", "a.u32", "set", "--rows-per-file", "3000"], message);
    scratch.does(&["convert", "a.u32", "set", "--rows-per-file", "1000", "--force"]);
    assert_eq!(scratch.names(), ["a.u32", "set"]);
    assert_eq!(std::fs::read_dir(scratch.path("set")).unwrap().count(), 10);
    let script = "rows = duckdb.sql(\"select value from 'set/*.parquet'\").fetchall()\n\
                  assert [row[0] for row in rows] == list(range(10000))";
    python(&scratch, "duckdb", script);
    std::fs::write(scratch.path("set/notes"), "keep me").unwrap();
    let message = "set: it has 'notes', which is no part of a dataset; remove it first";
    scratch.refuses(&["convert", "a.u32", "set", "--rows-per-file", "9", "--force"], message);
}
