//! The figures of a single column, for people: one below the other, with a histogram beside them.

use super::text::{Mood, Screen};
use super::values::{float, quantiles, value};
use crate::chart::histogram;
use crate::column::{Extreme, Figures, Moments};
use crate::element::Notation;
use crate::text::{grouped, width};

/// A figure: its name, its value, and what is said about it.
struct Line {
    name: String,
    value: String,
    note: String,
    mood: Mood,
}

/// Space between the figures and the histogram.
const GAP: usize = 3;

/// Columns that a histogram needs at least.
const LEAST: usize = 20;

/// Returns the figures of a column as text.
pub(super) fn sheet(figures: &Figures, screen: Screen) -> String {
    let lines = lines(figures);
    let longest = |text: fn(&Line) -> &str| {
        lines.iter().map(|line| width(text(line).as_bytes())).max().unwrap_or(0)
    };
    let (names, values) = (longest(|line| &line.name), longest(|line| &line.value));
    let notes = longest(|line| &line.note);
    let left = names + 2 + values + if notes > 0 { notes + 2 } else { 0 };
    let bins = figures.histogram.as_ref().map(|histogram| histogram.bins()).unwrap_or_default();
    let beside = screen.width >= left + GAP + LEAST;
    let room = if beside { screen.width - left - GAP } else { screen.width };
    let bars = histogram::lines(&bins, room, screen.unicode);
    let mut text = String::new();
    for at in 0..lines.len().max(if beside { bars.len() } else { 0 }) {
        let mut row = String::new();
        if let Some(Line { name, value, note, mood }) = lines.get(at) {
            let pad = " ".repeat(values - width(value.as_bytes()));
            row = format!("{name:names$}  {pad}{}", screen.painted(value, *mood));
            if !note.is_empty() {
                row += &format!("  {}", screen.painted(note, Mood::Faint));
            }
        }
        if let Some(bar) = bars.get(at).filter(|_| beside) {
            let used = match lines.get(at) {
                Some(line) if !line.note.is_empty() => {
                    names + 4 + values + width(line.note.as_bytes())
                }
                Some(_) => names + 2 + values,
                None => 0,
            };
            row += &format!("{}{}", " ".repeat(left + GAP - used), screen.painted(bar, Mood::Bar));
        }
        text += row.trim_end();
        text.push('\n');
    }
    if !beside && !bars.is_empty() {
        text.push('\n');
        for bar in bars {
            text += screen.painted(&bar, Mood::Bar).trim_end();
            text.push('\n');
        }
    }
    text
}

/// Returns the figures, one after the other.
fn lines(figures: &Figures) -> Vec<Line> {
    let Moments { count, nan, zeros, negatives, min, max, total, .. } = &figures.moments;
    let mut lines = vec![counted("count", *count, None, Mood::Plain)];
    let all = Some(*count);
    if figures.is_number {
        let infinities = total.infinities();
        lines.push(counted("nan", *nan, all, if *nan > 0 { Mood::Bad } else { Mood::Faint }));
        let mood = if infinities > 0 { Mood::Odd } else { Mood::Faint };
        lines.push(counted("inf", infinities, all, mood));
    }
    if figures.has_zeros {
        lines.push(counted("zeros", *zeros, all, Mood::Plain));
    }
    if figures.is_number {
        lines.push(counted("negatives", *negatives, all, Mood::Plain));
        lines.push(extreme("min", min, figures));
        lines.push(extreme("max", max, figures));
        let sum = match total.value() {
            Ok(sum) => sum.to_string(),
            Err(sum) => float(sum, Notation::Plain),
        };
        lines.push(plain("sum", Some(sum)));
        for (name, value) in [("mean", figures.mean()), ("std", figures.deviation())] {
            lines.push(plain(name, value.map(|value| float(value, Notation::Plain))));
        }
        let named = figures.percents.iter().zip(quantiles(figures, Notation::Plain));
        let near = if figures.exact { "" } else { "≈ " };
        lines.extend(named.map(|(percent, value)| {
            plain(&format!("{percent}%"), value.map(|value| format!("{near}{value}")))
        }));
    }
    let near = if figures.distinct_exact { "" } else { "≈ " };
    lines.push(plain("distinct", Some(format!("{near}{}", grouped(figures.distinct)))));
    lines
}

/// Returns a figure; a dash, if it is not known.
fn plain(name: &str, value: Option<String>) -> Line {
    let mood = if value.is_none() { Mood::Faint } else { Mood::Plain };
    let value = value.unwrap_or_else(|| "-".into());
    Line { name: name.to_owned(), value, note: String::new(), mood }
}

/// Returns a number of values, and which part of all they are.
fn counted(name: &str, number: u64, all: Option<u64>, mood: Mood) -> Line {
    let note = match all {
        Some(all) if number > 0 => share(number, all),
        _ => String::new(),
    };
    let mood = if number == 0 { Mood::Faint } else { mood };
    Line { name: name.to_owned(), value: grouped(number), note, mood }
}

/// Returns which part of `all` a number is: `12.5%`; never 0% of some, or 100% of not all.
fn share(number: u64, all: u64) -> String {
    let tenths = (u128::from(number) * 1000 + u128::from(all) / 2) / u128::from(all.max(1));
    match tenths {
        0 => String::from("<0.1%"),
        1000 if number < all => String::from(">99.9%"),
        _ => format!("{}.{}%", tenths / 10, tenths % 10),
    }
}

/// Returns the least or the greatest value, and where it is.
fn extreme(name: &str, extreme: &Option<Extreme>, figures: &Figures) -> Line {
    let Some(extreme) = extreme else { return plain(name, None) };
    let value = value(figures.kind, &extreme.bytes, Notation::Plain);
    Line { note: format!("at {}", extreme.index), ..plain(name, Some(value)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares() {
        for (number, all, text) in [
            (1, 8, "12.5%"),
            (8, 8, "100.0%"),
            (1, 1_000_000, "<0.1%"),
            (999_999, 1_000_000, ">99.9%"),
            (u64::MAX, u64::MAX, "100.0%"),
        ] {
            assert_eq!(share(number, all), text);
        }
    }
}
