//! What `diff` says about two files, and its status.

use crate::pmem::Pmem;

/// The bytes of little-endian floats.
fn floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// A comparison of two files called `a` and `b`.
fn diff(options: &[&str], a: impl AsRef<[u8]>, b: impl AsRef<[u8]>) -> Pmem {
    Pmem::new(["diff", "a", "b"].iter().chain(options)).file("a", a).file("b", b)
}

#[test]
fn equal_files() {
    diff(&[], [1, 2, 3], [1, 2, 3]).stdout("compared   3\ndiffering  0\n").exits(0);
    diff(&["-q"], [1, 2, 3], [1, 2, 3]).exits(0);
    diff(&[], [], []).stdout("compared   0\ndiffering  0\n").exits(0);
    diff(&["-f", "csv"], [7], [7])
        .stdout("index,a,b,difference,ulp\n")
        .stderr("compared   1\ndiffering  0\n")
        .exits(0);
    let summary = "{\"compared\":1,\"differing\":0,\"first_index\":null,\"max_abs\":0,\
                   \"max_abs_index\":null,\"max_rel\":0,\"max_rel_index\":null,\"max_ulp\":0,\
                   \"max_ulp_index\":null,\"nan_only_a\":0,\"nan_only_b\":0,\"elements_a\":1,\
                   \"elements_b\":1}";
    diff(&["-f", "json"], [7], [7])
        .stdout(format!("{{\"differences\":[],\"summary\":{summary}}}\n"))
        .exits(0);
    diff(&["-f", "ndjson"], [7], [7]).stdout(format!("{{\"summary\":{summary}}}\n")).exits(0);
}

#[test]
fn table() {
    let a = floats(&[1.0, -0.0, f32::NAN, 3.0, 2.0]);
    let b = floats(&[1.0, 0.0, -f32::NAN, 3.5, f32::NAN]);
    diff(&["-t", "f32"], &a, &b)
        .stdout(
            "index   a    b  difference      ulp\n    1  -0    0           0        1\n    3   3  \
             3.5         0.5  2097152\n    4   2  NaN         NaN        -\n\ncompared   \
             5\ndiffering  3, the first at index 1\nabsolute   0.5 at index 3\nrelative   \
             0.14285714285714285 at index 3\nulps       2097152 at index 3\nNaN        0 only in \
             a, 1 only in b\n",
        )
        .exits(1);
    diff(&["-t", "f32", "-q"], &a, &b).exits(1);
}

#[test]
fn rows() {
    let (a, b) = ([1, 2, 3, 4], [1, 9, 3, 0]);
    let header = "index,a,b,difference,ulp\n";
    let summary = "compared   4\ndiffering  2, the first at index 1\nabsolute   7 at index \
                   1\nrelative   inf at index 3\nulps       7 at index 1\n";
    let run = |options: &[&str]| diff(&[&["-f", "csv"], options].concat(), a, b).stderr(summary);
    run(&[]).stdout(format!("{header}1,2,9,7,7\n3,4,0,4,4\n")).exits(1);
    run(&["-n1"]).stdout(format!("{header}1,2,9,7,7\n")).exits(1);
    run(&["-n0"]).stdout(header).exits(1);
}

#[test]
fn ndjson_and_json() {
    let summary = "{\"compared\":2,\"differing\":1,\"first_index\":1,\"max_abs\":\"inf\",\
                   \"max_abs_index\":1,\"max_rel\":\"inf\",\"max_rel_index\":1,\"max_ulp\":8388608,\
                   \"max_ulp_index\":1,\"nan_only_a\":0,\"nan_only_b\":0,\"elements_a\":2,\
                   \"elements_b\":2}";
    let row =
        "{\"index\":1,\"a\":\"inf\",\"b\":1.7014118e38,\"difference\":\"inf\",\"ulp\":8388608}";
    let (a, b) = (floats(&[1.0, f32::INFINITY]), floats(&[1.0, 2_f32.powi(127)]));
    diff(&["-t", "f32", "-f", "ndjson"], &a, &b)
        .stdout(format!("{row}\n{{\"summary\":{summary}}}\n"))
        .exits(1);
    diff(&["-t", "f32", "-f", "json"], &a, &b)
        .stdout(format!("{{\"differences\":[{row}],\"summary\":{summary}}}\n"))
        .exits(1);
}

#[test]
fn tolerances() {
    let (a, b) = (floats(&[1.0, -0.0, 100.0]), floats(&[1.1, 0.0, 101.0]));
    for (options, code) in [
        (&["--atol", "1"][..], 0),
        (&["--atol", "0.2"], 1),
        (&["--rtol", "0.1"], 0),
        (&["--rtol", "0.01"], 1),
        (&["--rtol", "0.009", "--atol", "0.1"], 0),
        (&["--ulp", "1"], 1),
        (&["--ulp", "1000000"], 0),
        (&["--ulp", "0", "--atol", "1"], 0),
    ] {
        diff(&[&["-t", "f32", "-q"], options].concat(), &a, &b).exits(code);
    }
    // Of B, not of A.
    diff(&["-t", "f32", "-q", "--rtol", "0.5"], floats(&[1.0]), floats(&[2.0])).exits(0);
    diff(&["-t", "f32", "-q", "--rtol", "0.5"], floats(&[2.0]), floats(&[1.0])).exits(1);
    // What is close still counts for the greatest difference.
    diff(&["-t", "u8", "--atol", "1"], [5, 6], [5, 7])
        .stdout(
            "compared   2\ndiffering  0\nabsolute   1 at index 1\nrelative   0.14285714285714285 at \
             index 1\nulps       1 at index 1\n",
        )
        .exits(0);
    diff(&["--atol", "x"], [1], [1])
        .stderr("pmem: --atol x: expected a number that is not negative\n")
        .exits(2);
}

#[test]
fn nan() {
    let (a, b) = (floats(&[f32::NAN]), floats(&[-f32::NAN]));
    diff(&["-t", "f32", "-q"], &a, &b).exits(0);
    diff(&["-t", "f32", "-q", "--nan", "differ"], &a, &b).exits(1);
    diff(&["-t", "f32", "-q", "--nan", "differ"], &a, &a).exits(1);
    diff(&["-t", "u32", "-q", "--nan", "differ"], &a, &a).exits(0);
    diff(&["-t", "u32", "-q"], &a, &b).exits(1);
}

#[test]
fn integers_of_128_bits() {
    let far = u128::MAX.to_string();
    let bytes = |value: i128| value.to_le_bytes();
    diff(&["-t", "i128", "-f", "csv"], bytes(i128::MIN), bytes(i128::MAX))
        .stdout(format!("index,a,b,difference,ulp\n0,{},{},{far},{far}\n", i128::MIN, i128::MAX))
        .stderr(format!(
            "compared   1\ndiffering  1, the first at index 0\nabsolute   {far} at index \
             0\nrelative   2 at index 0\nulps       {far} at index 0\n"
        ))
        .exits(1);
    diff(&["-t", "i128", "-q", "--atol", &far], bytes(i128::MIN), bytes(i128::MAX)).exits(0);
}

#[test]
fn other_types_are_compared_exactly() {
    let a: Vec<u8> = [1, (1 << 53) + 1, i64::MAX].iter().flat_map(|v| v.to_le_bytes()).collect();
    let b: Vec<u8> =
        [1.0, 2_f64.powi(53), 2_f64.powi(63)].iter().flat_map(|v| v.to_le_bytes()).collect();
    diff(&["-t", "i64", "--type-b", "f64", "-f", "csv"], &a, &b)
        .stdout(format!(
            "index,a,b,difference,ulp\n1,9007199254740993,9007199254740992,1,\n2,{},\
             9.223372036854776e18,1,\n",
            i64::MAX
        ))
        .stderr(
            "compared   3\ndiffering  2, the first at index 1\nabsolute   1 at index \
             1\nrelative   1.1102230246251565e-16 at index 1\n",
        )
        .exits(1);
    diff(&["-t", "u16", "--type-b", "u16be", "-q"], [1, 2, 3, 4], [2, 1, 4, 3]).exits(0);
    diff(&["-t", "u8", "--type-b", "f32", "-q"], [0, 255], floats(&[-0.0, 255.0])).exits(0);
    diff(&["-t", "i8", "--type-b", "f32", "-q"], [255], floats(&[-1.5])).exits(1);
    diff(&["-t", "u8", "--type-b", "i16", "-q", "--atol", "1"], [0], [255, 255]).exits(0);
    diff(&["-t", "u8", "--type-b", "f32", "--ulp", "1"], [0], floats(&[0.0]))
        .stderr(
            "pmem: --ulp: steps from value to value are those of one type, and here are two: u8 and \
             f32\n",
        )
        .exits(2);
    diff(&["-t", "u8", "--type-b", "str4"], [0], [0; 4])
        .stderr("pmem: b: u8 cannot be compared with str4\n")
        .exits(2);
    diff(&["-t", "u8x2", "--type-b", "u8x3"], [0; 2], [0; 3])
        .stderr(
            "pmem: b: elements of 2 items cannot be compared with elements of 3 items (u8x2 and \
             u8x3)\n",
        )
        .exits(2);
}

#[test]
fn records_arrays_and_text() {
    let (a, b) = ([1, 7, 2, 0, 3, 9, 4, 0], [1, 8, 2, 0, 5, 9, 6, 0]);
    let run =
        |options: &[&str]| diff(&[&["-t", "x:u8,_:u8,y:u16", "-f", "csv"], options].concat(), a, b);
    run(&[])
        .stdout("index,field,a,b,difference,ulp\n1,x,3,5,2,2\n1,y,4,6,2,2\n")
        .stderr(
            "compared   2\ndiffering  1, the first at index 1\nabsolute   2 at index 1\nrelative   \
             0.4 at index 1\nulps       2 at index 1\n",
        )
        .exits(1);
    run(&["--field", "y"])
        .stdout("index,field,a,b,difference,ulp\n1,y,4,6,2,2\n")
        .stderr(
            "compared   2\ndiffering  1, the first at index 1\nabsolute   2 at index 1\nrelative   \
             0.3333333333333333 at index 1\nulps       2 at index 1\n",
        )
        .exits(1);
    diff(&["-t", "u8x2", "-n1", "-f", "ndjson"], [1, 2, 3, 4], [1, 3, 3, 5])
        .stdout(
            "{\"index\":0,\"field\":\"1\",\"a\":2,\"b\":3,\"difference\":1,\"ulp\":1}\n\
             {\"summary\":{\"compared\":2,\"differing\":2,\"first_index\":0,\"max_abs\":1,\
             \"max_abs_index\":0,\"max_rel\":0.3333333333333333,\"max_rel_index\":0,\"max_ulp\":1,\
             \"max_ulp_index\":0,\"nan_only_a\":0,\"nan_only_b\":0,\"elements_a\":2,\
             \"elements_b\":2}}\n",
        )
        .exits(1);
    diff(&["-t", "str3"], "abcxy\0", "abcxz\0")
        .stdout(
            "index   a   b  difference  ulp\n    1  xy  xz           -    -\n\ncompared   \
             2\ndiffering  1, the first at index 1\n",
        )
        .exits(1);
    diff(&["-t", "str3", "--type-b", "str4", "-q"], "abcxy\0", "abc\0xy\0\0").exits(0);
}

#[test]
fn lengths() {
    diff(&[], [1, 2, 3], [1, 2])
        .stdout("compared   2\ndiffering  0\n")
        .stderr("pmem: a has 3 elements, and b has 2; 2 elements were compared\n")
        .exits(1);
    diff(&["-q"], [1, 2, 3], [1, 2]).exits(1);
    diff(&["-q"], [], [1]).exits(1);
    diff(&["-q", "-r", "..2"], [1, 2, 3], [1, 2]).exits(0);
    diff(&["-q", "-r", "..3"], [1, 2, 3], [1, 2]).exits(1);
    diff(&["-q", "--skip-a", "1"], [0, 1, 2], [1, 2]).exits(0);
    diff(&["-q", "--skip-b", "1B"], [1, 2], [0, 1, 2]).exits(0);
    diff(&["-q", "--skip-a", "9"], [1, 2], []).exits(0);
    diff(&["--skip-a", "1", "--skip-b", "2", "-f", "csv"], [0, 1, 2], [0, 0, 1, 3])
        .stdout("index,a,b,difference,ulp\n2,2,3,1,1\n")
        .stderr(
            "compared   2\ndiffering  1, the first at index 2\nabsolute   1 at index 2\nrelative   \
             0.3333333333333333 at index 2\nulps       1 at index 2\n",
        )
        .exits(1);
    diff(&["-t", "u16", "-q"], [1, 0, 9], [1, 0])
        .stderr(
            "pmem: a: 3 bytes are not a whole number of u16 elements (2 bytes each); 1 byte is \
             left over\n",
        )
        .exits(0);
}

#[test]
fn pipes() {
    let run = |options: &[&str]| Pmem::new(["diff"].iter().chain(options)).file("a", [1, 2, 3]);
    run(&["-q", "-", "a"]).stdin([1, 2, 3]).exits(0);
    run(&["-q", "a", "-"]).stdin([1, 2, 4]).exits(1);
    run(&["-", "a"])
        .stdin([1, 2, 3, 4])
        .stdout("compared   3\ndiffering  0\n")
        .stderr("pmem: standard input has 4 elements, and a has 3; 3 elements were compared\n")
        .exits(1);
    run(&["-", "a"])
        .stdin([1])
        .stdout("compared   1\ndiffering  0\n")
        .stderr("pmem: standard input has 1 element, and a has 3; 1 element was compared\n")
        .exits(1);
    run(&["-", "-"]).stderr("pmem: standard input is only one file\n").exits(2);
    run(&["-q", "a", "a", "-f", "csv"]).stderr("pmem: -q prints nothing; leave out -f\n").exits(2);
    run(&["a", "b"]).stderr("pmem: b: No such file or directory\n").exits(2);
}

/// Blocks, and what lies at their borders.
#[test]
fn large_files() {
    let a = vec![7; 1_000_000];
    let mut b = a.clone();
    let mut expected = String::from("index,a,b,difference,ulp\n");
    for index in [0, 131_071, 131_072, 262_144 + 511, 999_999] {
        b[index] = 8;
        expected.push_str(&format!("{index},7,8,1,1\n"));
    }
    let summary = "compared   1,000,000\ndiffering  5, the first at index 0\nabsolute   1 at index \
                   0\nrelative   0.125 at index 0\nulps       1 at index 0\n";
    diff(&["-f", "csv"], &a, &b).stdout(expected.clone()).stderr(summary).exits(1);
    Pmem::new(["diff", "-", "b", "-f", "csv"])
        .file("b", &b)
        .stdin(a)
        .stdout(expected)
        .stderr(summary)
        .exits(1);
}

/// A hole equals a hole without being read, and zeroes that are stored.
#[cfg(target_os = "linux")]
#[test]
fn holes() {
    use std::io::{Seek as _, SeekFrom, Write as _};

    let run = |islands: [(u64, u8); 2]| {
        let pmem = Pmem::new(["diff", "a", "b", "-f", "csv"]);
        for ((place, byte), name) in islands.into_iter().zip(["a", "b"]) {
            let mut file = std::fs::File::create(pmem.directory().join(name)).unwrap();
            file.set_len(1 << 40).unwrap();
            file.seek(SeekFrom::Start(place)).unwrap();
            file.write_all(&[0; 8192]).unwrap();
            file.write_all(&[byte]).unwrap();
        }
        pmem
    };
    let header = "index,a,b,difference,ulp\n";
    run([(1 << 39, 0), (1 << 30, 0)])
        .stdout(header)
        .stderr("compared   1,099,511,627,776\ndiffering  0\n")
        .exits(0);
    let (first, second) = ((1 << 30) + 8192, (1_u64 << 39) + 8192);
    run([(1 << 39, 5), (1 << 30, 6)])
        .stdout(format!("{header}{first},0,6,6,6\n{second},5,0,5,5\n"))
        .stderr(format!(
            "compared   1,099,511,627,776\ndiffering  2, the first at index {first}\nabsolute   6 \
             at index {first}\nrelative   inf at index {second}\nulps       6 at index {first}\n"
        ))
        .exits(1);
}
