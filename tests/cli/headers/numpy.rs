//! NumPy writes files, and reads what became of them.

use std::process::Command;

use crate::pmem::skipped;
use crate::scratch::Scratch;

/// Runs a script of Python in the directory, if all these modules are there.
pub(super) fn python(scratch: &Scratch, modules: &[&str], script: &str) -> Option<String> {
    let run = |script: &str| {
        Command::new("python3").args(["-c", script]).current_dir(scratch.path("")).output()
    };
    for module in modules {
        let found = run(&format!("import {module}"));
        if !found.is_ok_and(|output| output.status.success()) {
            skipped(&format!("{module} for Python"));
            return None;
        }
    }
    let output = run(script).unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}\n{stderr}");
    Some(String::from_utf8(output.stdout).unwrap())
}

/// Writes arrays of many types, orders and versions, and what is in them as JSON, the axis that
/// varies slowest first.
const WRITE: &str = r#"
import json, warnings
import numpy as np
warnings.simplefilter("ignore")
arrays = []
for code in "|u1 |i1 <u2 >u2 <i4 >i4 <u8 >i8 <f2 >f2 <f4 >f4 <f8 >f8 |b1 |S3".split():
    for shape in [(), (0,), (5,), (3, 2), (2, 3, 4), (2, 1, 3, 2), (2, 1, 2, 1, 2)]:
        size = int(np.prod(shape))
        a = (np.arange(size) % 2 if code == "|b1" else np.arange(size)).astype(code).reshape(shape)
        for order in "CF":
            arrays.append(np.asarray(a, order=order))
for dtype in [
    [("x", "<f4"), ("y", ">u2")],
    [("m", "<f4", (2, 3)), ("s", "S4")],
    np.dtype([("i", "u1"), ("x", "<f8"), ("j", "<u2")], align=True),
    {"names": ["a", "b"], "formats": ["<u2", "<f8"], "offsets": [3, 9], "itemsize": 21},
    [(("title", "name"), "<i4")],
    [("\u00e9 x", "<i4"), ("q", "u1")],
    [("\u2202", "<i4"), ("q", "u1")],
]:
    for shape in [(3,), (0,), (2, 2)]:
        a = np.zeros(shape, dtype)
        for number, name in enumerate(a.dtype.names):
            a[name].flat = np.arange(a[name].size) + number
        arrays.append(a)
def plain(a):
    if a.dtype.names:
        return [{name: plain(row[name]) for name in a.dtype.names} for row in a.ravel()]
    if a.dtype.kind == "S":
        return np.char.decode(a).tolist()
    return a.tolist()
def shown(a):
    if a.dtype.names or a.ndim == 0:
        value = plain(a.reshape(-1))
        return value
    c = a.T if a.flags.f_contiguous and not a.flags.c_contiguous else a
    behind = c.shape[1:]
    # Three axes are all that an element has.
    return plain(c.reshape(c.shape[:1] + behind[:2] + (-1,)) if len(behind) > 3 else c)
with open("expected", "w") as out:
    for number, a in enumerate(arrays):
        with open(f"{number}.npy", "wb") as file:
            version = [(1, 0), (2, 0), (3, 0)][number % 3] if not a.dtype.names else None
            np.lib.format.write_array(file, a, version=version)
        out.write(json.dumps([a.dtype.names is not None and a.ndim > 1, shown(a)]) + "\n")
"#;

#[test]
fn arrays_of_numpy_are_read() {
    let scratch = Scratch::new();
    if python(&scratch, &["numpy"], WRITE).is_none() {
        return;
    }
    let expected = String::from_utf8(scratch.bytes("expected")).unwrap();
    for (number, line) in expected.lines().enumerate() {
        let name = format!("{number}.npy");
        let output = scratch.pmem(["dump", "-f", "json", &name]).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), &*stderr), (Some(0), ""), "{name}: {line}");
        let shown: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let expected: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(numbers(&shown), numbers(&expected[1]), "{name}");
    }
}

/// Makes all numbers floats, so that `1` equals `1.0`.
fn numbers(value: &serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Number(number) => number.as_f64().into(),
        Value::Bool(yes) => f64::from(u8::from(*yes)).into(),
        Value::Array(items) => items.iter().map(numbers).collect(),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| (name.clone(), numbers(value)));
            Value::Object(fields.collect())
        }
        other => other.clone(),
    }
}

#[test]
fn numpy_reads_what_has_grown() {
    const MAKE: &str = r#"
import numpy as np
np.save("c.npy", np.arange(6, dtype=">i2").reshape(3, 2))
np.save("f.npy", np.asfortranarray(np.arange(24, dtype="<i4").reshape(2, 3, 4)))
np.save("r.npy", np.ones(3, dtype=[("i", "u1"), ("x", "<f4")]))
np.save("e.npy", np.zeros((0, 3), dtype="<f8"))
np.lib.format.write_array(open("v.npy", "wb"), np.arange(9, dtype="u1"), version=(2, 0))
"#;
    const CHECK: &str = r#"
import numpy as np
c = np.load("c.npy")
assert c.shape == (1003, 2) and (c[:3].ravel() == range(6)).all() and (c[3:] == 7).all()
f = np.load("f.npy")
assert f.shape == (2, 3, 1004) and (f[..., 4:] == 0).all(), f
assert (f[..., :4] == np.arange(24).reshape(2, 3, 4)).all(), f
r = np.load("r.npy")
assert r.shape == (1003,) and (r["x"][3:] == 0.5).all() and (r["i"][3:] == 2).all(), r
e = np.load("e.npy")
assert e.shape == (1000, 3), e
v = np.load("v.npy")
assert v.shape == (1009,), v
"#;
    let scratch = Scratch::new();
    if python(&scratch, &["numpy"], MAKE).is_none() {
        return;
    }
    scratch.does(&["grow", "c.npy", "1000", "--fill", "7"]);
    scratch.does(&["grow", "f.npy", "1000"]);
    scratch.does(&["grow", "r.npy", "1000", "--fill", "2,0.5"]);
    scratch.does(&["grow", "e.npy", "1000"]);
    scratch.does(&["grow", "v.npy", "1000", "--sparse"]);
    python(&scratch, &["numpy"], CHECK);
    for (name, count) in [("c", "2"), ("f", "0"), ("r", "1"), ("e", "0"), ("v", "9")] {
        scratch.does(&["shrink", &format!("{name}.npy"), count, "--to"]);
    }
    python(
        &scratch,
        &["numpy"],
        "import numpy as np\nfor name in 'cfrev': print(np.load(f'{name}.npy').shape)",
    )
    .inspect(|shapes| assert_eq!(shapes, "(2, 2)\n(2, 3, 0)\n(1,)\n(0, 3)\n(9,)\n"));
}
