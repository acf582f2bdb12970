//! `pmem plot`: pictures in characters and in files.

use crate::pmem::Pmem;
use crate::scratch::Scratch;

fn floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn plot(arguments: &[&str], locale: &str, bytes: &[u8]) -> String {
    let size = ["plot", "a", "-t", "f32", "--width", "24", "--height", "5"];
    let pmem = Pmem::new(size.iter().chain(arguments)).env("LC_ALL", locale).file("a", bytes);
    String::from_utf8(pmem.succeeds()).unwrap()
}

#[test]
fn curves_in_ascii_and_braille() {
    let ramp: Vec<f32> = (0..=20).map(|at| at as f32 / 5.0).collect();
    assert_eq!(
        plot(&[], "C", &floats(&ramp)),
        "a  raw  f32  4 bytes each  21 elements\n\
         4 +                  ***\n\
         \x20 |             *****\n\
         2 +        *****\n\
         \x20 |   *****\n\
         0 +***\n\
         \x20 ++-------------------+\n\
         \x20  0                  20\n"
    );
    let braille = plot(&[], "C.UTF-8", &floats(&ramp));
    assert!(braille.contains('⡠') && braille.contains('┤') && braille.contains('└'), "{braille}");
    assert!(braille.lines().all(|line| line.chars().count() <= 38), "{braille}");
}

/// Returns the drawing without its axes.
fn rows(drawing: &str) -> Vec<String> {
    let rows = drawing.lines().filter_map(|line| line.split_once(['|', '+']));
    rows.map(|(_, row)| row.to_owned()).filter(|row| !row.contains('-')).collect()
}

#[test]
fn no_spike_is_lost() {
    let mut values = vec![0.0; 100_000];
    values[72_500] = 5.0;
    values[32_500] = -5.0;
    let rows = rows(&plot(&[], "C", &floats(&values)));
    let at = |row: usize| rows[row].chars().position(|character| character == '*');
    assert_eq!((rows.len(), at(0), at(2), at(4)), (5, Some(14), Some(0), Some(6)), "{rows:?}");
    assert_eq!(rows[0].trim().len(), 1);
}

#[test]
fn nan_leaves_a_gap() {
    let values = [1.0, 1.0, f32::NAN, f32::NAN, f32::NAN, 2.0, 2.0];
    let drawing = plot(&[], "C", &floats(&values));
    let rows = rows(&drawing);
    assert!(rows[0].starts_with("          ") && rows[0].ends_with("***"), "{drawing}");
    assert!(rows[4].starts_with("***") && rows[4].len() < 10, "{drawing}");
    // Of nothing but NaN there is nothing to see.
    Pmem::new(["plot", "a", "-t", "f32"])
        .file("a", floats(&[f32::NAN]))
        .stderr("pmem: a: there are no values to draw\n")
        .exits(0);
}

#[test]
fn between_cuts_off() {
    let values = [0.0, 10.0, 1000.0, 10.0, 0.0];
    let drawing = plot(&["--between", "-10..10"], "C", &floats(&values));
    assert!(drawing.contains("-10 +") && drawing.contains(" 10 +"), "{drawing}");
}

#[test]
fn fields_have_marks_or_colours() {
    let bytes: Vec<u8> = (0..50).flat_map(|at| [at, 50 - at, 0]).collect();
    let run = |color: &str| {
        let arguments = ["plot", "a", "-t", "x:u8,y:u8,n:str1", "--height", "6", "--color", color];
        let pmem = Pmem::new(arguments).env("LC_ALL", "C.UTF-8").file("a", &bytes);
        String::from_utf8(pmem.succeeds()).unwrap()
    };
    let plain = run("never");
    assert!(plain.contains("\n* x   + y\n"), "{plain}");
    assert!(plain.matches('*').count() > 40 && plain.matches('+').count() > 40, "{plain}");
    let coloured = run("always");
    assert!(coloured.contains("\u{1b}[36m━\u{1b}[0m x"), "{coloured}");
}

#[test]
fn a_pipe_is_drawn_like_a_file() {
    for count in [5, 1000, 300_000] {
        let values: Vec<f32> =
            (0..count).map(|at| (at as f32 / count as f32 * 9.0).sin()).collect();
        let bytes = floats(&values);
        let of_file = plot(&[], "C", &bytes);
        let arguments = ["plot", "-", "-t", "f32", "--width", "24", "--height", "5"];
        let of_pipe = Pmem::new(arguments).env("LC_ALL", "C").stdin(bytes).succeeds();
        let of_pipe = String::from_utf8(of_pipe).unwrap();
        let below_title = |text: &str| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(below_title(&of_pipe), below_title(&of_file), "{count}");
    }
}

#[test]
fn pictures_are_files() {
    let scratch =
        Scratch::new().file("a", floats(&[1.0, 2.0, f32::NAN, 3.0, 2.5])).file("b.svg", "old");
    scratch.does(&["plot", "a", "-t", "f32", "--svg", "b.svg"]);
    let svg = String::from_utf8(scratch.bytes("b.svg")).unwrap();
    assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"), "{svg}");
    assert_eq!(svg.matches("<polygon").count(), 2, "a gap divides the curve: {svg}");
    assert!(svg.contains("4 bytes each"), "{svg}");
    // What cannot be drawn leaves the file alone.
    scratch.run(
        &["plot", "a", "-t", "str4", "--svg", "b.svg"],
        2,
        "pmem: str4 has no numbers to draw\n",
    );
    assert_eq!(String::from_utf8(scratch.bytes("b.svg")).unwrap(), svg);
    assert_eq!(scratch.names(), ["a", "b.svg"]);
    let (code, message) = scratch.shell("pmem plot a -t f32 --svg none/b.svg");
    assert!(code == 2 && message.contains("none"), "{message}");
}

#[test]
fn too_many_columns_are_refused() {
    Pmem::new(["plot", "a", "-t", "u8x8"])
        .file("a", [0; 8])
        .stderr(
            "pmem: u8x8 has 8 columns, and at most 7 are drawn at a time; choose some with \
             --field\n",
        )
        .exits(2);
}
