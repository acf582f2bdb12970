//! The table that people look at.

use anstyle::{AnsiColor, Style};

use super::bar::bar;
use super::baseline::Compared;
use super::difference::Verdict;
use super::grid::{Cell, Side, lines, width};
use super::measured::{Measured, fastest, operations, slowest};
use super::units::{gib, number, percent, time, times};

const FASTEST: Style = AnsiColor::Green.on_default().bold();
const SLOWER: Style = AnsiColor::Red.on_default().bold();
const FASTER: Style = AnsiColor::Green.on_default();
const HEADER: Style = Style::new().bold();

/// The widest and the narrowest bar that is worth its room.
const BAR: std::ops::RangeInclusive<usize> = 8..=24;

/// Where the table is shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    /// Columns that there are; no limit, and no bars, if standard output is no terminal.
    pub(crate) width: Option<usize>,
    /// Whether there are colours.
    pub(crate) color: bool,
}

/// Shows what was measured, and how it compares to an earlier time.
pub(crate) fn table(all: &[Measured], compared: Option<&[Compared]>, look: Look) -> Vec<String> {
    let grouped = look.width.is_some();
    let full = Columns { details: true, comparison: compared.is_some(), grouped };
    let (sides, mut rows) = full.rows(all, compared);
    let Some(limit) = look.width else { return lines(&sides, &rows, look.color) };
    let (mut sides, mut used) = (sides, width(&full.sides(), &rows));
    if used + BAR.start() > limit {
        (sides, rows) = Columns { details: false, ..full }.rows(all, compared);
        used = width(&sides, &rows);
    }
    let room = limit.saturating_sub(used).min(*BAR.end());
    if room >= *BAR.start() {
        sides.push(Side::Left);
        add_bars(&mut rows, all, room);
    }
    lines(&sides, &rows, look.color)
}

/// Puts a bar behind each row: the longer, the slower among those that do the same.
fn add_bars(rows: &mut [Vec<Cell>], all: &[Measured], columns: usize) {
    rows[0].push(Cell::styled("time", HEADER));
    for (row, measured) in rows.iter_mut().skip(1).zip(in_order(all)) {
        let part = measured.summary().median / slowest(all, measured.operation);
        let style = if is_fastest(all, measured) { FASTER } else { Style::new() };
        row.push(Cell::styled(bar(part, columns), style));
    }
}

/// Which columns there are.
#[derive(Clone, Copy, Debug)]
struct Columns {
    /// The columns that a narrow terminal has no room for.
    details: bool,
    /// The comparison with an earlier time.
    comparison: bool,
    /// The name of an operation is there once, not in each row.
    grouped: bool,
}

impl Columns {
    fn names(self) -> Vec<&'static str> {
        let mut names = vec!["op", "backend", "median", "spread"];
        if self.details {
            names.extend(["min", "max", "p95"]);
        }
        names.extend(["GiB/s", "elements/s", "slower"]);
        if self.comparison {
            names.push("baseline");
        }
        names
    }

    fn sides(self) -> Vec<Side> {
        let side = |name: &&str| match *name {
            "op" | "backend" => Side::Left,
            _ => Side::Right,
        };
        self.names().iter().map(side).collect()
    }

    /// The header and one row for each measurement.
    fn rows(self, all: &[Measured], compared: Option<&[Compared]>) -> (Vec<Side>, Vec<Vec<Cell>>) {
        let header = self.names().into_iter().map(|name| Cell::styled(name, HEADER)).collect();
        let mut rows = vec![header];
        let mut last = None;
        for measured in in_order(all) {
            let mut row = self.row(all, measured);
            if self.grouped && last == Some(measured.operation) {
                row[0] = Cell::default();
            }
            last = Some(measured.operation);
            if let Some(compared) = compared {
                row.push(comparison(compared, measured));
            }
            rows.push(row);
        }
        (self.sides(), rows)
    }

    fn row(self, all: &[Measured], measured: &Measured) -> Vec<Cell> {
        let summary = measured.summary();
        let mut row = vec![
            Cell::new(measured.operation.name()),
            Cell::new(measured.backend.name()),
            Cell::new(time(summary.median)),
            Cell::new(format!("±{}", percent(summary.relative_spread()))),
        ];
        if self.details {
            let p95 = summary.p95.map_or_else(|| "-".to_owned(), time);
            row.extend([time(summary.min), time(summary.max), p95].map(Cell::new));
        }
        row.push(Cell::new(gib(measured.per_second(measured.bytes()))));
        row.push(Cell::new(number(measured.per_second(measured.handled))));
        row.push(match is_fastest(all, measured) {
            true => Cell::styled("fastest", FASTEST),
            false => Cell::new(times(summary.median / fastest(all, measured.operation))),
        });
        row
    }
}

/// How a measurement compares to an earlier one, in a word.
fn comparison(compared: &[Compared], measured: &Measured) -> Cell {
    let Some(found) = compared.iter().find(|one| one.is_of(measured)) else {
        return Cell::new("new");
    };
    let ratio = found.difference.ratio;
    match found.verdict {
        Verdict::Slower => Cell::styled(format!("{} slower", amount(ratio)), SLOWER),
        Verdict::Faster => Cell::styled(format!("{} faster", amount(1.0 / ratio)), FASTER),
        Verdict::Same => Cell::new("same"),
    }
}

/// How much larger than one a ratio is.
fn amount(ratio: f64) -> String {
    if ratio < 2.0 { percent(ratio - 1.0) } else { times(ratio) }
}

/// Is this the fastest of those that do the same?
pub(super) fn is_fastest(all: &[Measured], measured: &Measured) -> bool {
    measured.summary().median <= fastest(all, measured.operation)
}

/// Operation by operation.
pub(super) fn in_order(all: &[Measured]) -> impl Iterator<Item = &Measured> {
    let of = |operation| all.iter().filter(move |measured| measured.operation == operation);
    operations(all).into_iter().flat_map(of)
}

#[cfg(test)]
mod tests {
    use super::super::baseline::tests::baseline_of;
    use super::super::measured::tests::several;
    use super::*;

    const NARROW: Look = Look { width: Some(80), color: false };

    #[test]
    fn eighty_columns() {
        let expected = "\
op    backend   median  spread   GiB/s  elements/s   slower  time
grow  global   10.0 ms    ±30%    0.75       100 M  fastest  ███████▋
      file     25.0 ms   ±0.0%    0.30      40.0 M    2.50×  ███████████████████
read  global    500 µs   ±0.0%    14.9      2.00 G  fastest  ███████████████████
sync  file      1.50 s   ±0.0%  0.0050       667 k  fastest  ███████████████████";
        let lines = table(&several(), None, NARROW);
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{lines:#?}");
        assert_eq!(lines.join("\n"), expected);
    }

    #[test]
    fn wide_terminals_show_more() {
        for (width, details, bars) in
            [(200, true, true), (110, true, true), (90, false, true), (60, false, false)]
        {
            let lines = table(&several(), None, Look { width: Some(width), color: false });
            assert_eq!(lines[0].contains("p95"), details, "{width}");
            assert_eq!(lines[0].contains("time"), bars, "{width}");
            assert!(lines.iter().all(|line| line.chars().count() <= width.max(62)), "{lines:#?}");
        }
    }

    #[test]
    fn pipes_get_all_columns_in_every_row() {
        let lines = table(&several(), None, Look { width: None, color: false });
        for line in &lines {
            let cells = line.split("  ").filter(|cell| !cell.is_empty()).count();
            assert_eq!(cells, 10, "{line}");
            assert!(!line.ends_with(' '));
        }
        assert!(lines[2].starts_with("grow  file"));
    }

    #[test]
    fn colours() {
        let lines = table(&several(), None, Look { color: true, ..NARROW });
        assert!(lines[1].contains("\u{1b}[1m\u{1b}[32mfastest\u{1b}[0m"), "{:?}", lines[1]);
        assert!(!lines[2].contains("\u{1b}["), "{:?}", lines[2]);
    }

    #[test]
    fn comparison_with_a_baseline() {
        let past =
            baseline_of(&[("grow", "global", &[0.005, 0.0051]), ("read", "global", &[0.1; 9])]);
        let compared = past.compare(&several(), 0.1);
        let lines = table(&several(), Some(&compared), NARROW);
        let last = |line: usize| lines[line].split("  ").filter(|cell| !cell.is_empty()).nth(7);
        assert_eq!(lines[0].split_whitespace().nth(7), Some("baseline"));
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{lines:#?}");
        assert_eq!(last(3).map(str::trim), Some("200× faster"));
        assert!(lines[4].contains("new"), "{lines:#?}");
    }

    #[test]
    fn amounts() {
        for (ratio, expected) in [(1.25, "25%"), (1.999, "100%"), (2.0, "2.00×")] {
            assert_eq!(amount(ratio), expected);
        }
    }
}
