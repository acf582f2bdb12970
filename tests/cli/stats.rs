//! `pmem stats`: figures against those of Python's `fractions`, `math.fsum` and NumPy.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::pmem::{Pmem, skipped};
use crate::scratch::Scratch;

/// Pseudo-random numbers, the same as in the program that computed what is expected.
fn numbers() -> impl Iterator<Item = u64> {
    let next = |state: &u64| {
        let product = state.wrapping_mul(6_364_136_223_846_793_005);
        Some(product.wrapping_add(1_442_695_040_888_963_407))
    };
    std::iter::successors(Some(12_345), next).skip(1).take(50_000)
}

/// Values of a type as bytes.
fn values(element: &str) -> Vec<u8> {
    let of = |bytes: fn(u64) -> Vec<u8>| numbers().flat_map(bytes).collect();
    match element {
        "u8" => of(|x| vec![(x >> 56) as u8]),
        "i16" => of(|x| ((x >> 48) as i16).to_le_bytes().into()),
        "u32" => of(|x| ((x >> 32) as u32).to_le_bytes().into()),
        "i64" => of(|x| x.to_le_bytes().into()),
        "u64" => of(|x| (u64::MAX - (x >> 60)).to_le_bytes().into()),
        "u128" => of(|x| (u128::from(x) << 64 | u128::from(x)).to_le_bytes().into()),
        "f32" => of(|x| ((x >> 40) as f32 / 16_777_216.0 - 0.5).to_le_bytes().into()),
        _ => of(|x| {
            let unit = (x >> 11) as f64 / 9_007_199_254_740_992.0 - 0.5;
            (unit * 2.0_f64.powi((x % 200) as i32 - 100)).to_le_bytes().into()
        }),
    }
}

fn json(arguments: &[&str], bytes: &[u8]) -> String {
    let arguments = ["stats", "-", "--json"].iter().chain(arguments);
    String::from_utf8(Pmem::new(arguments).stdin(bytes).succeeds()).unwrap()
}

fn json_of_file(arguments: &[&str], bytes: &[u8]) -> String {
    let arguments = ["stats", "a", "--json"].iter().chain(arguments);
    String::from_utf8(Pmem::new(arguments).file("a", bytes).succeeds()).unwrap()
}

#[track_caller]
fn assert_has(text: &str, parts: &[&str]) {
    parts.iter().for_each(|part| assert!(text.contains(part), "{part} in {text}"));
}

/// `sum` and `mean` are those of `Fraction`, rounded once; `std` is its square root.
#[test]
fn figures_of_every_kind_of_type() {
    for (element, std, parts) in [
        (
            "u8",
            73.823_374_400_459_37,
            [
                r#""count":50000,"nan":0,"inf":0,"zeros":196,"negatives":0"#,
                r#""min":0,"min_index":160,"max":255,"max_index":195"#,
                r#""sum":6367518,"mean":127.35036,"#,
                r#""quantiles":{"1":2,"25":63,"50":127,"75":191,"99":253}"#,
                r#""distinct":256,"distinct_exact":true"#,
            ],
        ),
        (
            "i16",
            18_964.481_726_243_466,
            [
                r#""zeros":2,"negatives":24935"#,
                r#""min":-32768,"min_index":4799,"max":32766,"max_index":23604"#,
                r#""sum":2336935,"mean":46.7387,"#,
                r#""quantiles":{"1":-32132,"25":-16412,"50":84,"75":16440,"99":32078}"#,
                r#""distinct":34951,"distinct_exact":true"#,
            ],
        ),
        (
            "u32",
            1_238_543_793.378_617,
            [
                r#""negatives":0"#,
                r#""min":17713,"min_index":9384,"max":4294869860,"max_index":2944"#,
                r#""sum":107249800439563,"mean":2144996008.79126,"#,
                r#"{"1":44087587,"25":1073211901,"50":2141262169,"75":3214117967,"99":4251657961}"#,
                r#""distinct_exact":false"#,
            ],
        ),
        (
            "i64",
            5.338_026_798_408_161e18,
            [
                r#""negatives":24935"#,
                r#""min":-9223327986504961036,"min_index":4896,"max":9222903088496336154"#,
                r#""sum":664822019826644184424,"mean":1.3296440396532884e16,"#,
                r#""25":-4619476791037108303,"50":23755327219866978,"75":4627567068852522477"#,
                r#""max_index":48870"#,
            ],
        ),
        (
            "u64",
            4.606_708_657_772_923,
            [
                r#""negatives":0"#,
                r#""min":18446744073709551600,"min_index":10,"max":18446744073709551615"#,
                r#""sum":922337203685477580375434,"mean":1.8446744073709552e19,"#,
                r#""25":18446744073709551604,"50":18446744073709551608"#,
                r#""distinct":16,"#,
            ],
        ),
        (
            "u128",
            9.812_754_894_283_981e37,
            [
                r#""negatives":0"#,
                r#""min":1403368999611723825454933133278364,"min_index":9384"#,
                r#""sum":8497204620827909349554903942148781717613928,"#,
                r#""mean":1.699440924165582e38,"#,
                r#""50":169648267186494373642748015922944679665"#,
            ],
        ),
        (
            "f32",
            0.288_370_948_667_957_54,
            [
                r#""negatives":25065"#,
                r#""min":-0.4999959,"min_index":9384,"max":0.4999773,"max_index":2944"#,
                r#""sum":-28.96142190694809,"mean":-0.0005792284381389618,"#,
                r#""25":-0.25012344,"50":-0.0014485717,"75":0.24834514,"99":0.4899162"#,
                r#""distinct_exact":false"#,
            ],
        ),
        (
            "f64",
            1.505_805_495_120_298e28,
            [
                r#""negatives":25065"#,
                r#""min":-3.160389554216798e29,"min_index":29109,"max":3.1367401123921706e29"#,
                r#""sum":2.9487916715952176e30,"mean":5.897583343190435e25,"#,
                r#""25":-0.21892902647298035,"50":-1.0427402008280545e-31"#,
                r#""max_index":31261"#,
            ],
        ),
    ] {
        let bytes = values(element);
        let of_pipe = json(&["-t", element], &bytes);
        assert_eq!(json_of_file(&["-t", element], &bytes), of_pipe, "{element}");
        assert_has(&of_pipe, &parts);
        let figures: Value = serde_json::from_str(&of_pipe).unwrap();
        let error = (figures["std"].as_f64().unwrap() - std).abs();
        assert!(error <= std * 1e-14, "{element}: {of_pipe}");
        let size = bytes.len() / 50_000;
        let big: Vec<u8> = bytes.chunks(size).flat_map(|v| v.iter().rev().copied()).collect();
        if size > 1 {
            assert_eq!(json_of_file(&["-t", &format!("{element}be")], &big), of_pipe);
        }
    }
}

#[test]
fn estimates_of_distinct_values_are_near() {
    for (element, distinct) in [("u32", 49_999.0), ("i64", 50_000.0), ("f32", 49_934.0)] {
        let figures: Value =
            serde_json::from_str(&json(&["-t", element], &values(element))).unwrap();
        let estimate = figures["distinct"].as_f64().unwrap();
        assert!((estimate / distinct - 1.0).abs() < 0.03, "{element}: {estimate}");
    }
}

fn floats(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// Sums are those of `math.fsum`.
#[test]
fn hard_sums() {
    let cancelling = [1e100, 1.0, -1e100].repeat(1000);
    let tiny = [1e-300, 3e-300].repeat(500);
    let huge = [1e308, 1e308, -1e308, -1e308, 7.0];
    for (values, parts) in [
        (&[0.1; 10][..], [r#""sum":1,"mean":0.1,"#, r#""std":0,"#]),
        (&cancelling, [r#""sum":1000,"mean":0.3333333333333333,"#, r#""min_index":2"#]),
        (&tiny, [r#""sum":2e-297,"mean":2e-300,"#, r#""max":3e-300"#]),
        (&huge, [r#""sum":7,"mean":1.4,"#, r#""std":8.944271909999158e307,"#]),
        (&[1e308, 1e308], [r#""sum":"inf","mean":1e308,"#, r#""std":0,"#]),
        (&[1e15, 1e15 + 1.0], [r#""sum":2000000000000001,"#, r#""std":0.5,"#]),
    ] {
        assert_has(&json(&["-t", "f64"], &floats(values)), &parts);
    }
}

#[test]
fn nan_takes_part_in_nothing_and_infinities_do() {
    let (nan, inf) = (f64::NAN, f64::INFINITY);
    for (values, expected) in [
        (
            &[nan, -0.0, 2.0, 0.0, -nan, -1.0][..],
            r#"{"count":6,"nan":2,"inf":0,"zeros":2,"negatives":1,"min":-1,"min_index":5,"max":2,"max_index":2,"sum":1,"mean":0.25,"std":1.0897247358851685,"quantiles":{"50":-0},"quantiles_exact":true,"distinct":3,"distinct_exact":false,"histogram":null}"#,
        ),
        (
            &[inf, 1.0, nan],
            r#"{"count":3,"nan":1,"inf":1,"zeros":0,"negatives":0,"min":1,"min_index":1,"max":"inf","max_index":0,"sum":"inf","mean":"inf","std":"NaN","quantiles":{"50":1},"quantiles_exact":true,"distinct":2,"distinct_exact":false,"histogram":null}"#,
        ),
        (
            &[inf, -inf],
            r#"{"count":2,"nan":0,"inf":2,"zeros":0,"negatives":1,"min":"-inf","min_index":1,"max":"inf","max_index":0,"sum":"NaN","mean":"NaN","std":"NaN","quantiles":{"50":"-inf"},"quantiles_exact":true,"distinct":2,"distinct_exact":false,"histogram":null}"#,
        ),
        (
            &[nan],
            r#"{"count":1,"nan":1,"inf":0,"zeros":0,"negatives":0,"min":null,"min_index":null,"max":null,"max_index":null,"sum":0,"mean":null,"std":null,"quantiles":{"50":null},"quantiles_exact":true,"distinct":0,"distinct_exact":false,"histogram":null}"#,
        ),
        (
            &[],
            r#"{"count":0,"nan":0,"inf":0,"zeros":0,"negatives":0,"min":null,"min_index":null,"max":null,"max_index":null,"sum":0,"mean":null,"std":null,"quantiles":{"50":null},"quantiles_exact":true,"distinct":0,"distinct_exact":false,"histogram":null}"#,
        ),
    ] {
        for run in [json, json_of_file] {
            let figures = run(&["-t", "f64", "--quantiles", "50"], &floats(values));
            assert_eq!(figures.trim_end(), expected);
        }
    }
}

#[test]
fn zero_of_either_sign_is_one_value_also_in_small_types() {
    // f16: 0, -0, 1, NaN, -2.
    let bytes = [0, 0, 0, 0x80, 0, 0x3c, 1, 0x7e, 0, 0xc0];
    let figures = json(&["-t", "f16", "--quantiles", "0,100"], &bytes);
    assert_has(&figures, &[r#""nan":1"#, r#""zeros":2"#, r#""negatives":1"#, r#""distinct":3"#]);
    assert_has(&figures, &[r#""min":-2,"min_index":4"#, r#"{"0":-2,"100":1}"#, r#""sum":-1"#]);
    let figures = json(&["-t", "f8e4m3"], &[0x7e, 0xff, 0x01]);
    assert_has(&figures, &[r#""max":448"#, r#""nan":1"#, r#""min":0.002"#]);
}

#[test]
fn fields_items_and_norms() {
    let record = "a:u8,v:i16x2,n:str4";
    let mut bytes = vec![1, 3, 0, 4, 0];
    bytes.extend(b"ab\0\0");
    bytes.extend([9, 0xfb, 0xff, 12, 0]);
    bytes.extend(b"ab\0x");
    let rows = |arguments: &[&str]| {
        let arguments = ["stats", "a", "-f", "csv", "--quantiles", "50"].iter().chain(arguments);
        String::from_utf8(Pmem::new(arguments).file("a", &bytes).succeeds()).unwrap()
    };
    assert_eq!(
        rows(&["-t", record]),
        "field,count,nan,inf,zeros,negatives,min,min_index,max,max_index,sum,mean,std,q50,distinct,\
         distinct_exact\n\
         a,2,0,0,0,0,1,0,9,1,10,5,4,1,2,true\n\
         v.0,2,0,0,0,1,-5,1,3,0,-2,-1,4,-5,2,true\n\
         v.1,2,0,0,0,0,4,0,12,1,16,8,4,4,2,true\n\
         n,2,,,,,,,,,,,,,1,false\n"
    );
    assert_has(&rows(&["-t", record, "--flat"]), &["\nv,4,0,0,0,1,-5,1,12,1,14,3.5,"]);
    let norms = rows(&["-t", record, "--norms"]);
    assert_has(&norms, &["\nv,2,0,0,0,0,5,0,13,1,18,9,4,5,2,false\n"]);
    assert_eq!(norms.lines().count(), 2);
    assert_has(&rows(&["-t", record, "--field", "v.1"]), &["\nv.1,2,"]);
    let fields = json_of_file(&["-t", "u8x3"], &[1, 2, 3]);
    assert_has(&fields, &[r#"{"fields":{"0":{"count":1,"#, r#""2":{"count":1"#]);
}

#[test]
fn truth_values_are_counted() {
    let figures = json(&["-t", "bool"], &[0, 1, 1]);
    assert_has(&figures, &[r#""count":3,"nan":null"#, r#""zeros":1,"#, r#""distinct":2"#]);
    assert_has(&figures, &[r#""mean":null"#, r#""quantiles":null"#]);
}

#[test]
fn ranges_have_the_indices_of_the_file() {
    let figures = json_of_file(&["-r", "3..6"], &[0, 9, 9, 5, 4, 7, 1]);
    assert_has(&figures, &[r#""min":4,"min_index":4,"max":7,"max_index":5"#, r#""sum":16"#]);
    let stats = |arguments: &[&str], stderr: &str| {
        let arguments = ["stats", "a", "--json"].iter().chain(arguments);
        let output = Pmem::new(arguments).file("a", [1, 2, 3]).stderr(stderr).succeeds();
        String::from_utf8(output).unwrap()
    };
    stats(&["-r", "2..9"], "pmem: a: the range 2..9 ends after the last element (there are 3)\n");
    let left = "pmem: a: 3 bytes are not a whole number of u16 elements (2 bytes each); 1 byte is \
                left over\n";
    assert_has(&stats(&["-t", "u16"], left), &[r#""count":1,"#]);
}

#[test]
fn histograms() {
    let bins = |arguments: &[&str], bytes: &[u8]| {
        let of_pipe = json(arguments, bytes);
        assert_eq!(json_of_file(arguments, bytes), of_pipe);
        let figures: Value = serde_json::from_str(&of_pipe).unwrap();
        let bins = figures["histogram"].as_array().unwrap().clone();
        let number = |value: &Value| value.as_f64().unwrap();
        let bins = bins
            .iter()
            .map(|bin| (number(&bin["from"]), number(&bin["to"]), bin["count"].as_u64().unwrap()));
        bins.collect::<Vec<_>>()
    };
    // Each integer belongs to a bin as wide as the others.
    assert_eq!(
        bins(&["--hist"], &[0, 1, 1, 3]),
        [(0., 1., 1), (1., 2., 2), (2., 3., 0), (3., 4., 1)]
    );
    let all: Vec<u8> = (0..=255).collect();
    assert!(bins(&["--hist"], &all).iter().all(|bin| bin.2 == 16));
    // As NumPy has it: half-open, but for the last.
    let values = floats(&[0.0, 0.25, 0.5, 0.75, 1.0, f64::NAN, f64::INFINITY, -3.0]);
    assert_eq!(
        bins(&["-t", "f64", "--bins", "2", "--between", "0..1"], &values),
        [(0.0, 0.5, 2), (0.5, 1.0, 3)]
    );
    assert_eq!(
        bins(&["-t", "f64", "--bins", "1", "--between", "..-3"], &floats(&[-4.0, -3.0, 0.0])),
        [(-4.0, -3.0, 2)]
    );
    assert_eq!(
        bins(&["-t", "f64", "--log"], &floats(&[0.75, 1.0, 1.5, 7.9, 0.0, -2.0])),
        [(0.5, 1.0, 1), (1.0, 2.0, 2), (2.0, 4.0, 0), (4.0, 8.0, 1)]
    );
    let large = [(1_u64 << 60) - 1, 1 << 60].map(u64::to_le_bytes).concat();
    let counts: Vec<u64> = bins(&["-t", "u64", "--log"], &large).iter().map(|bin| bin.2).collect();
    assert_eq!(counts, [1, 1]);
}

#[test]
fn what_makes_no_sense_is_refused() {
    for (arguments, message) in [
        (&["--norms"][..], "--norms: u8 has no array of numbers"),
        (
            &["-f", "csv", "--hist"],
            "csv has no room for a histogram; leave out --hist, --bins, --between and --log, or \
             write --json",
        ),
        (&["--quantiles", "101"], "--quantiles 101: '101' is not a percentage from 0 to 100"),
        (&["--quantiles", "5,5.0"], "--quantiles 5,5.0: 5 is there twice"),
        (&["--between", "3..1"], "--between 3..1: the range ends before it starts"),
        (&["--between", "7"], "--between 7: expected a range of values, like 0..1 or -3.."),
    ] {
        let arguments = ["stats", "a"].iter().chain(arguments);
        let output = Pmem::new(arguments).file("a", [1]).runs();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.starts_with(&format!("pmem: {message}")), "{stderr}");
        assert_eq!(stderr.lines().count(), 1);
    }
}

#[test]
fn figures_and_histogram_stand_side_by_side() {
    let run = |locale: &str, bars: [&str; 3]| {
        let text = [
            "a  raw  u8  1 byte each  4 elements".into(),
            String::new(),
            format!("count         4            0 {}", bars[0]),
            format!("nan           0            1 {}", bars[1]),
            format!("inf           0            2 {}", bars[2]),
            "zeros         1  25.0%".into(),
            "negatives     0".into(),
            "min           0  at 0".into(),
            "max           2  at 3".into(),
            "sum           4".into(),
            "mean          1".into(),
            "std       0.7071067811865476".into(),
            "50%           1".into(),
            "distinct      3".into(),
        ];
        let text = text.join("\n") + "\n";
        let arguments = ["stats", "a", "--hist", "--quantiles", "50"];
        let shown = Pmem::new(arguments).env("LC_ALL", locale).file("a", [0, 1, 1, 2]).succeeds();
        let shown = String::from_utf8(shown).unwrap();
        // Spaces align the columns.
        let words = |text: &str| {
            let lines =
                text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
            lines.collect::<Vec<_>>()
        };
        assert_eq!(words(&shown), words(&text), "{shown}");
        assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
    };
    let (long, half) = (36, 18);
    let bar = |count: usize, number: u64| format!("▕{} {number}", "█".repeat(count));
    let (one, two) = (bar(half, 1), bar(long, 2));
    run("C.UTF-8", [&one, &two, &one]);
    run(
        "C",
        [
            &format!("|{} 1", "#".repeat(half)),
            &format!("|{} 2", "#".repeat(long)),
            &format!("|{} 1", "#".repeat(half)),
        ],
    );
}

#[test]
fn a_hole_costs_nothing() {
    let scratch = Scratch::new().hole("a", 1 << 40);
    let path = scratch.path("a");
    let mut file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
    std::io::Seek::seek(&mut file, std::io::SeekFrom::Start(1 << 39)).unwrap();
    file.write_all(&7.5_f32.to_le_bytes()).unwrap();
    for command in ["stats a -t f32 --json --hist", "stats a -t u16 --json", "plot a -t f32"] {
        // What a shell has waited for counts as read by it.
        let script = format!(
            "'{}' {command} > out; while read name bytes; do [ $name = rchar: ] && echo $bytes; \
             done < /proc/$$/io; true",
            env!("CARGO_BIN_EXE_pmem")
        );
        let mut shell = Command::new("sh");
        let output = shell.args(["-c", &script]).current_dir(scratch.path("")).output().unwrap();
        let read: u64 = String::from_utf8(output.stdout).unwrap().trim().parse().unwrap();
        assert!(read < 1 << 20, "{command} read {read} bytes");
    }
    let figures = String::from_utf8(
        scratch.pmem(["stats", "a", "-t", "f32", "--json"]).output().unwrap().stdout,
    )
    .unwrap();
    assert_has(
        &figures,
        &[
            r#""count":274877906944,"nan":0,"inf":0,"zeros":274877906943"#,
            r#""min":0,"min_index":0,"max":7.5,"max_index":137438953472,"sum":7.5"#,
            r#""99":0"#,
            r#""distinct":2"#,
        ],
    );
}

#[test]
fn the_number_of_threads_does_not_show() {
    let record = "a:f32,b:i64,c:f64,d:u8";
    let bytes = &values("i64").repeat(6)[..21 * 100_000];
    let scratch = Scratch::new().file("a", bytes);
    for command in ["stats a --hist", "stats a --json --log", "plot a --field a,b,d"] {
        let words: Vec<&str> = command.split(' ').chain(["-t", record]).collect();
        let all = scratch.pmem(&words).output().unwrap();
        let mut one = Command::new("taskset");
        one.args(["-c", "0", env!("CARGO_BIN_EXE_pmem")]).args(&words);
        let Ok(one) = one.current_dir(scratch.path("")).output() else {
            return skipped("taskset");
        };
        assert!(all.status.success() && !all.stdout.is_empty(), "{all:?}");
        assert_eq!(all.stdout, one.stdout, "{command}");
    }
}

#[test]
fn how_a_pipe_comes_in_does_not_show() {
    let bytes = values("f64");
    let at_once = json(&["-t", "f64"], &bytes);
    let mut command = Command::new(env!("CARGO_BIN_EXE_pmem"));
    command
        .args(["stats", "-", "-t", "f64", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    for part in bytes.chunks(9999) {
        pipe.write_all(part).unwrap();
        std::thread::sleep(Duration::from_millis(1));
    }
    drop(pipe);
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), at_once);
}
