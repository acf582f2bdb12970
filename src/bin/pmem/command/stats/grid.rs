//! The figures of several columns, for people: a row for each column.

use super::text::{Mood, Screen};
use super::values::{Texts, quantiles};
use crate::chart::{histogram, significant};
use crate::column::Figures;
use crate::element::Notation;
use crate::text::{grouped, plural, width};

/// A column of the table.
struct Column {
    name: String,
    /// What is shown first if there is little room; zero is always shown.
    priority: usize,
    cells: Vec<(String, Mood)>,
}

impl Column {
    fn width(&self) -> usize {
        let cells = self.cells.iter().map(|(cell, _)| width(cell.as_bytes()));
        cells.chain([width(self.name.as_bytes())]).max().unwrap_or(0)
    }
}

/// Space between columns.
const GAP: usize = 2;

/// Returns the figures of columns as a table. On a terminal it has what fits, with few digits;
/// elsewhere everything.
pub(super) fn grid(figures: &[Figures], screen: Screen) -> String {
    let mut columns = columns(figures, screen);
    let left_out = if screen.endless { 0 } else { fit(&mut columns, screen.width) };
    let widths: Vec<usize> = columns.iter().map(Column::width).collect();
    let mut text = String::new();
    for row in 0..=figures.len() {
        let mut line = String::new();
        for (at, (column, width)) in columns.iter().zip(&widths).enumerate() {
            let (cell, mood) = match row.checked_sub(1) {
                None => (&column.name, Mood::Title),
                Some(row) => (&column.cells[row].0, column.cells[row].1),
            };
            let pad = " ".repeat(width - crate::text::width(cell.as_bytes()));
            let painted = screen.painted(cell, mood);
            let is_left = at == 0 || column.name == "histogram";
            line += &if is_left { format!("{painted}{pad}") } else { format!("{pad}{painted}") };
            if at + 1 < columns.len() {
                line += &" ".repeat(GAP);
            }
        }
        text += line.trim_end();
        text.push('\n');
    }
    if left_out > 0 {
        let more = plural(left_out as u64, "more figure");
        let note = format!("no room for {more} of each field; --json and -f csv have all");
        text += &format!("\n{}\n", screen.painted(&note, Mood::Faint));
    }
    text
}

/// Leaves out columns until the rest fits, and returns how many.
fn fit(columns: &mut Vec<Column>, room: usize) -> usize {
    let all = columns.len();
    let total = |columns: &[Column]| {
        columns.iter().map(|column| column.width() + GAP).sum::<usize>().saturating_sub(GAP)
    };
    while total(columns) > room
        && let Some(at) = (0..columns.len()).max_by_key(|at| columns[*at].priority)
        && columns[at].priority > 0
    {
        columns.remove(at);
    }
    all - columns.len()
}

/// The figures in the order of the table, with their priorities.
const ORDER: [(&str, usize); 11] = [
    ("count", 16),
    ("nan", 2),
    ("inf", 9),
    ("zeros", 12),
    ("negatives", 14),
    ("min", 1),
    ("max", 1),
    ("mean", 3),
    ("std", 4),
    ("sum", 15),
    ("distinct", 13),
];

/// Returns all columns of the table.
fn columns(figures: &[Figures], screen: Screen) -> Vec<Column> {
    let texts: Vec<Vec<(String, Option<String>)>> = figures.iter().map(all_texts).collect();
    let names = figures.iter().map(|figures| (figures.name.clone(), Mood::Plain)).collect();
    let mut columns = vec![Column { name: "field".into(), priority: 0, cells: names }];
    let order = ORDER.iter().map(|(name, priority)| ((*name).to_owned(), *priority));
    let percents = figures.first().map(|first| &*first.percents).unwrap_or_default();
    let quantiles = percents.iter().map(|percent| (format!("{percent}%"), 6));
    let (before, after): (Vec<_>, Vec<_>) = order.partition(|(name, _)| name != "distinct");
    for (name, priority) in before.into_iter().chain(quantiles).chain(after) {
        let text = |texts: &Vec<(String, Option<String>)>| {
            let text = texts.iter().find(|(other, _)| *other == name);
            let text = text.and_then(|(_, text)| text.clone()).unwrap_or_else(|| "-".into());
            let mood = mood(&name, &text);
            (if screen.endless { text } else { short(&name, &text) }, mood)
        };
        columns.push(Column { cells: texts.iter().map(text).collect(), name, priority });
    }
    if figures.iter().any(|figures| figures.histogram.is_some()) {
        let spark = |figures: &Figures| {
            let bins = figures.histogram.as_ref().map(|histogram| histogram.bins());
            (histogram::spark(&bins.unwrap_or_default(), screen.unicode), Mood::Bar)
        };
        let cells = figures.iter().map(spark).collect();
        columns.push(Column { name: "histogram".into(), priority: 5, cells });
    }
    columns
}

/// Returns all figures as text, with their names.
fn all_texts(figures: &Figures) -> Vec<(String, Option<String>)> {
    let mut texts = Texts::of(figures, Notation::Plain).figures;
    let near = if figures.exact { "" } else { "≈" };
    let named = figures.percents.iter().zip(quantiles(figures, Notation::Plain));
    texts.extend(
        named.map(|(percent, text)| {
            (format!("{percent}%"), text.map(|text| format!("{near}{text}")))
        }),
    );
    let near = if figures.distinct_exact { "" } else { "≈" };
    texts.push(("distinct".into(), Some(format!("{near}{}", figures.distinct))));
    texts
}

/// Returns how a figure is shown.
fn mood(name: &str, text: &str) -> Mood {
    match (name, text) {
        (_, "0" | "-") => Mood::Faint,
        ("nan", _) => Mood::Bad,
        ("inf", _) => Mood::Odd,
        _ => Mood::Plain,
    }
}

/// Returns a number with few digits, counts with all of them.
fn short(name: &str, text: &str) -> String {
    let (near, number) = match text.strip_prefix('≈') {
        Some(number) => ("≈", number),
        None => ("", text),
    };
    let is_count = ["count", "nan", "inf", "zeros", "negatives", "distinct"].contains(&name);
    if is_count && let Ok(count) = number.parse() {
        return format!("{near}{}", grouped(count));
    }
    match number.parse::<f64>() {
        Ok(value) if number.len() > 7 => format!("{near}{}", significant(value, 6)),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers() {
        for (name, text, shown) in [
            ("mean", "0.30000000000000004", "0.3"),
            ("max", "8798315", "8798315"),
            ("distinct", "≈65536", "≈65,536"),
            ("min", "-1.5", "-1.5"),
            ("sum", "340282366920938463463374607431768211455", "3.40282e38"),
            ("min", "NaN", "NaN"),
            ("min", "-", "-"),
        ] {
            assert_eq!(short(name, text), shown);
        }
    }
}
