//! The table that people look at.

use anstyle::{AnsiColor, Style};

use super::difference::{Difference, Verdict};
use super::record::{Record, Report};
use crate::chart::bar;
use crate::text::columns::{Cell, Side, lines, width};
use crate::text::units::{gib, number, percent, time, times};

const FASTEST: Style = AnsiColor::Green.on_default().bold();
const SLOWER: Style = AnsiColor::Red.on_default().bold();
const FASTER: Style = AnsiColor::Green.on_default();
const HEADER: Style = Style::new().bold();

/// The narrowest bar that is worth its room, and the widest.
const BAR: std::ops::RangeInclusive<usize> = 8..=24;

/// Where the table is shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    /// The width of the terminal; without one there are no limit and no bars.
    pub(crate) width: Option<usize>,
    /// Are there colours?
    pub(crate) color: bool,
}

/// How a report compares to a baseline: one entry for each record, empty if the baseline has none.
pub(crate) type Compared = [Option<Difference>];

/// Returns the lines of the table.
pub(crate) fn table(report: &Report, compared: Option<&Compared>, look: Look) -> Vec<String> {
    let mut columns: Vec<_> = COLUMNS.iter().collect();
    let mut grid = Grid::new(report, &columns, compared);
    let Some(limit) = look.width else { return lines(&grid.sides, &grid.rows, look.color) };
    if width(&grid.sides, &grid.rows) + BAR.start() > limit {
        columns.retain(|column| !column.is_detail);
        grid = Grid::new(report, &columns, compared);
    }
    let room = limit.saturating_sub(width(&grid.sides, &grid.rows)).min(*BAR.end());
    grid.name_operations_once();
    if room >= *BAR.start() {
        grid.add_bars(report, room);
    }
    lines(&grid.sides, &grid.rows, look.color)
}

/// One column of the table.
struct Column {
    name: &'static str,
    side: Side,
    /// Is it left out on a narrow terminal?
    is_detail: bool,
    cell: fn(&Record) -> Cell,
}

impl Column {
    const fn new(name: &'static str, cell: fn(&Record) -> Cell) -> Self {
        Self { name, side: Side::Right, is_detail: false, cell }
    }

    const fn on_the_left(self) -> Self {
        Self { side: Side::Left, ..self }
    }

    const fn detail(self) -> Self {
        Self { is_detail: true, ..self }
    }
}

const COLUMNS: [Column; 10] = [
    Column::new("op", |one| Cell::new(one.sample.case.operation.to_string())).on_the_left(),
    Column::new("backend", |one| Cell::new(one.sample.case.backend.to_string())).on_the_left(),
    Column::new("median", |one| Cell::new(time(one.summary.median))),
    Column::new("spread", |one| Cell::new(spread(one))),
    Column::new("min", |one| Cell::new(time(one.summary.min))).detail(),
    Column::new("max", |one| Cell::new(time(one.summary.max))).detail(),
    Column::new("p95", |one| Cell::new(p95(one))).detail(),
    Column::new("GiB/s", |one| Cell::new(gib(one.bytes_per_second))),
    Column::new("elements/s", |one| Cell::new(number(one.elements_per_second))),
    Column::new("slower", |one| match one.is_fastest() {
        true => Cell::styled("fastest", FASTEST),
        false => Cell::new(times(one.relative)),
    }),
];

/// Returns the spread as a part of the median.
pub(super) fn spread(record: &Record) -> String {
    format!("±{}", percent(record.summary.relative_spread()))
}

/// Returns the 95th percentile, if there are enough runs.
pub(super) fn p95(record: &Record) -> String {
    record.summary.p95.map_or_else(|| "-".to_owned(), time)
}

/// The cells of a table: a header, and a row for each record.
struct Grid {
    sides: Vec<Side>,
    rows: Vec<Vec<Cell>>,
}

impl Grid {
    fn new(report: &Report, columns: &[&Column], compared: Option<&Compared>) -> Self {
        let header = columns.iter().map(|column| Cell::styled(column.name, HEADER)).collect();
        let row = |record| columns.iter().map(|column| (column.cell)(record)).collect();
        let rows = std::iter::once(header).chain(report.records.iter().map(row)).collect();
        let mut grid = Self { sides: columns.iter().map(|column| column.side).collect(), rows };
        if let Some(compared) = compared {
            grid.add(Side::Right, "baseline", compared.iter().map(comparison));
        }
        grid
    }

    /// Adds a column.
    fn add(&mut self, side: Side, name: &str, cells: impl Iterator<Item = Cell>) {
        self.sides.push(side);
        let cells = std::iter::once(Cell::styled(name, HEADER)).chain(cells);
        self.rows.iter_mut().zip(cells).for_each(|(row, cell)| row.push(cell));
    }

    /// Leaves the name of an operation out where it is that of the row above.
    fn name_operations_once(&mut self) {
        for index in (1..self.rows.len()).rev() {
            if self.rows[index][0] == self.rows[index - 1][0] {
                self.rows[index][0] = Cell::default();
            }
        }
    }

    /// Adds a bar to each row: the longer, the slower among those of the same operation.
    fn add_bars(&mut self, report: &Report, columns: usize) {
        let bars = report.groups().flat_map(|group| {
            let slowest = group.iter().map(|record| record.relative).fold(0.0, f64::max);
            group.iter().map(move |record| {
                let style = if record.is_fastest() { FASTER } else { Style::new() };
                Cell::styled(bar(record.relative / slowest, columns), style)
            })
        });
        self.add(Side::Left, "time", bars);
    }
}

/// Returns how a record compares to an earlier one.
fn comparison(compared: &Option<Difference>) -> Cell {
    let Some(Difference { ratio, verdict, .. }) = compared else { return Cell::new("new") };
    match verdict {
        Verdict::Slower => Cell::styled(format!("{} slower", amount(*ratio)), SLOWER),
        Verdict::Faster => Cell::styled(format!("{} faster", amount(1.0 / ratio)), FASTER),
        Verdict::Same => Cell::new("same"),
    }
}

/// Returns by how much a ratio exceeds one.
fn amount(ratio: f64) -> String {
    if ratio < 2.0 { percent(ratio - 1.0) } else { times(ratio) }
}

#[cfg(test)]
mod tests {
    use super::super::baseline::Baseline;
    use super::super::case::{Backend, Operation};
    use super::super::record::tests::{report, sample, several};
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
        let past = report([
            sample(Operation::Grow, Backend::Global, &[0.005, 0.0051]),
            sample(Operation::Read, Backend::Global, &[0.1; 9]),
        ]);
        let compared = Baseline(past).compare(&several().records, 0.1);
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
