//! All pairs of scalar types, against NumPy where it has them, and against exact arithmetic.

use std::process::Command;

use crate::pmem::skipped;
use crate::scratch::Scratch;

/// Converts many values between all types that NumPy has, with every option, and compares.
const ALL_PAIRS: &str = r#"
import fractions, itertools, math, subprocess, sys
import numpy as np
pmem = sys.argv[1]
names = {"u8":"u1","u16":"u2","u32":"u4","u64":"u8","i8":"i1","i16":"i2","i32":"i4","i64":"i8",
         "f16":"f2","f32":"f4","f64":"f8"}
rng = np.random.default_rng(1)
def values(name):
    t = np.dtype(names[name])
    if t.kind == "f":
        bits = rng.integers(0, 2 ** (8 * t.itemsize), 600, dtype="u8").astype(f"u{t.itemsize}")
        some = np.array([0, -0.0, 0.5, 1.5, 2.5, -1.5, 127.5, 255, 256, 65535, 65536, 2**31, 2**32,
                         2.0**63, 2.0**64, math.inf, -math.inf, math.nan, 1e-8, 65519.99, 65520])
        with np.errstate(all="ignore"):
            return np.concatenate([bits.view(t), some.astype(t), np.arange(-50, 50).astype(t) / 4])
    ends = np.iinfo(t)
    near = [ends.min, ends.min + 1, ends.max, ends.max - 1, 0, 1, 100, 127]
    wide = [2**53 + 1, 2**53 - 1, 2**24 + 1, 65519, 65520, 255, 256, 2**63 - 1, 2**31]
    wide = [v for v in wide if v <= ends.max]
    return np.concatenate([np.array(near + wide, t), rng.integers(ends.min, ends.max, 300, t)])
def run(a, b, data, *options):
    command = [pmem, "convert", "-", "-", "-t", a, "--to", b, *options]
    done = subprocess.run(command, input=data.tobytes(), capture_output=True)
    return done.returncode, done.stdout
rounds = {"even": round, "zero": math.trunc, "floor": math.floor, "ceil": math.ceil}
def expected(value, b, how, round_how):
    """What one value becomes; None if that is an error."""
    t = np.dtype(names[b])
    if t.kind == "f":
        with np.errstate(all="ignore"):
            new = value.astype(t)
            if math.isfinite(value) and math.isinf(new):
                return {"error": None, "saturate": np.sign(new) * np.finfo(t).max, "wrap": new}[how]
            return new
    if value.dtype.kind == "f":
        if math.isnan(value):
            return None
        if math.isinf(value):
            ends = np.iinfo(t)
            return (ends.max if value > 0 else ends.min) if how == "saturate" else None
        if round_how is None and float(value) != math.trunc(float(value)):
            return None
        exact = rounds[round_how or "zero"](float(value))
    else:
        exact = int(value)
    ends = np.iinfo(t)
    if ends.min <= exact <= ends.max:
        return exact
    low = exact % 2 ** (8 * t.itemsize)
    return {"error": None, "saturate": ends.max if exact > 0 else ends.min,
            "wrap": low if low <= ends.max else low - 2 ** (8 * t.itemsize)}[how]
for a, b in itertools.product(names, names):
    data = values(a)
    whole = a[0] == "f" and b[0] != "f"
    cases = [("error", None), ("saturate", None), ("wrap", None)]
    if whole:
        cases += [("saturate", name) for name in rounds] + [("wrap", "zero")]
    for how, round_how in cases:
        want = [expected(value, b, how, round_how) for value in data]
        fine = np.array([value is not None for value in want])
        options = ["--on-overflow", how] + (["--round", round_how] if round_how else [])
        code, out = run(a, b, data[fine], *options)
        new = np.array([v for v in want if v is not None], names[b])
        assert code == 0, (a, b, options)
        got = np.frombuffer(out, names[b])
        same = (got == new) | ((got != got) & (new != new))
        assert len(got) == len(new) and same.all(), (a, b, options, data[fine][~same], got[~same])
        for value in data[~fine][:1] if (how, round_how) == ("error", None) else []:
            code, out = run(a, b, np.array([value]), *options)
            assert (code, out) == (2, b""), (a, b, options, value)
    back = run(b, a, np.frombuffer(run(a, a, data)[1], names[a])[:0])
    assert back == (0, b"")
print("fine")
"#;

#[test]
fn all_pairs_agree_with_exact_arithmetic() {
    if !Command::new("python3").args(["-c", "import numpy"]).status().is_ok_and(|s| s.success()) {
        return skipped("NumPy");
    }
    let mut python = Command::new("python3");
    let output = python.args(["-c", ALL_PAIRS, env!("CARGO_BIN_EXE_pmem")]).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "fine\n", "{error}");
}

#[test]
fn types_that_numpy_lacks() {
    for (from, value, to, expected) in [
        ("u24", "16777215", "i32", Some("16777215")),
        ("i32", "-8388608", "i24", Some("-8388608")),
        ("i32", "8388608", "i24", None),
        ("u128", "340282366920938463463374607431768211455", "i128", None),
        ("u128", "340282366920938463463374607431768211455", "f64", Some("3.402823669209385e38")),
        ("i128", "-170141183460469231731687303715884105728", "f32", Some("-1.7014118e38")),
        ("u128", "340282366920938463463374607431768211455", "f32", None),
        ("f64", "1e30", "u128", Some("1000000000000000019884624838656")),
        ("f32", "448", "f8e4m3", Some("448")),
        ("f32", "464", "f8e4m3", Some("448")),
        ("f32", "465", "f8e4m3", None),
        ("f32", "inf", "f8e4m3", None),
        ("f32", "inf", "f8e5m2", Some("inf")),
        ("f64", "1.00390625000001", "bf16", Some("1.01")),
        ("bool", "true", "f32", Some("1")),
        ("u8", "1", "bool", Some("true")),
        ("u8", "2", "bool", None),
    ] {
        let scratch = Scratch::new();
        let script = format!(
            "pmem grow in 1 -t {from} --fill {value} && pmem convert in out -t {from} --to {to} 2> error &&
             pmem dump out -t {to} > shown"
        );
        let (code, _) = scratch.shell(&script);
        match expected {
            Some(expected) => {
                let shown = String::from_utf8(scratch.bytes("shown")).unwrap();
                assert_eq!(shown.trim_end(), expected, "{from} {value} {to}");
            }
            None => assert_eq!(code, 2, "{from} {value} {to}"),
        }
    }
}
