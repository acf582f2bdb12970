//! Curves over an index, with axes, made of characters.

use std::ops::Range;

use anstyle::AnsiColor;

use super::canvas::{Canvas, Dots, MARKS};
use super::label::{labels, round_numbers};
use crate::text::grouped;

/// The least and the greatest value in each column of dots; nothing where there is a gap.
#[derive(Clone, Debug)]
pub(crate) struct Curve {
    /// What the curve is called.
    pub(crate) name: String,
    /// The values of each column of dots.
    pub(crate) parts: Vec<Option<(f64, f64)>>,
}

/// Curves, and what they are drawn on.
#[derive(Clone, Debug)]
pub(crate) struct Chart<'a> {
    /// The curves, at most as many as there are colours.
    pub(crate) curves: &'a [Curve],
    /// The values from the bottom to the top.
    pub(crate) values: (f64, f64),
    /// The indices from the left to the right.
    pub(crate) indices: Range<u64>,
    /// Lines of the drawing without its axis.
    pub(crate) height: usize,
    /// What characters are made of.
    pub(crate) dots: Dots,
    /// Are colours wanted?
    pub(crate) color: bool,
}

/// Colours of curves.
const COLORS: [AnsiColor; 7] = [
    AnsiColor::Cyan,
    AnsiColor::Yellow,
    AnsiColor::Magenta,
    AnsiColor::Green,
    AnsiColor::Red,
    AnsiColor::Blue,
    AnsiColor::White,
];

impl Chart<'_> {
    /// Returns how wide the numbers beside the drawing are.
    pub(crate) fn margin(values: (f64, f64), height: usize) -> usize {
        let ticks = round_numbers(values.0, values.1, (height / 3).max(2));
        labels(&ticks).iter().map(String::len).max().unwrap_or(0)
    }

    /// Returns the drawing.
    pub(crate) fn lines(&self) -> Vec<String> {
        let (across, _) = self.dots.size();
        let columns = self.curves.iter().map(|curve| curve.parts.len()).max().unwrap_or(0) / across;
        let mut canvas = Canvas::new(self.dots, columns, self.height);
        self.curves.iter().enumerate().for_each(|(at, curve)| self.draw(&mut canvas, at, curve));
        let unicode = self.dots == Dots::Braille;
        let ticks = self.ticks();
        let margin = ticks.iter().flatten().map(String::len).max().unwrap_or(0);
        let mut lines: Vec<String> = self.legend().into_iter().collect();
        for (row, tick) in ticks.iter().enumerate() {
            let axis = match (tick, unicode) {
                (Some(_), true) => '┤',
                (Some(_), false) => '+',
                (None, true) => '│',
                (None, false) => '|',
            };
            let label = tick.as_deref().unwrap_or_default();
            let drawn = self.painted(canvas.row(row));
            lines.push(format!("{label:>margin$} {axis}{drawn}").trim_end().to_owned());
        }
        lines.extend(self.index_axis(margin, columns, unicode));
        lines
    }

    /// Returns the row of dots of a value, counted from the top.
    fn row(&self, value: f64) -> usize {
        let (low, high) = self.values;
        let last = self.height * self.dots.size().1 - 1;
        // Halves, so that the difference of any two floats is one.
        let part = (high / 2.0 - value / 2.0) / (high / 2.0 - low / 2.0);
        (part * last as f64).round().clamp(0.0, last as f64) as usize
    }

    /// Puts a curve on the canvas.
    fn draw(&self, canvas: &mut Canvas, at: usize, curve: &Curve) {
        let (low, high) = self.values;
        for (x, part) in curve.parts.iter().enumerate() {
            if let Some((min, max)) = *part
                && max >= low
                && min <= high
            {
                (self.row(max)..=self.row(min)).for_each(|y| canvas.put(at, x, y));
            }
        }
    }

    /// Returns what colour or mark each curve has, if there are several.
    fn legend(&self) -> Option<String> {
        let entry = |(at, curve): (usize, &Curve)| {
            let mark = match self.dots {
                Dots::Braille => '━',
                Dots::Marks => MARKS[at % MARKS.len()],
            };
            format!("{} {}", self.colored(&mark.to_string(), Some(at)), curve.name)
        };
        let entries: Vec<String> = self.curves.iter().enumerate().map(entry).collect();
        (entries.len() > 1).then(|| entries.join("   "))
    }

    /// Returns the characters of a row in their colours.
    fn painted(&self, row: impl Iterator<Item = (char, Option<usize>)>) -> String {
        let (mut text, mut run, mut owner) = (String::new(), String::new(), None);
        for (character, curve) in row {
            if curve != owner {
                text += &self.colored(&run, owner);
                (run, owner) = (String::new(), curve);
            }
            run.push(character);
        }
        text += &if owner.is_none() { String::new() } else { self.colored(&run, owner) };
        text
    }

    fn colored(&self, text: &str, curve: Option<usize>) -> String {
        match curve {
            Some(curve) if self.color => {
                let style = COLORS[curve % COLORS.len()].on_default();
                format!("{style}{text}{style:#}")
            }
            _ => text.to_owned(),
        }
    }

    /// Returns the number beside each row that has one.
    fn ticks(&self) -> Vec<Option<String>> {
        let (low, high) = self.values;
        let ticks = round_numbers(low, high, (self.height / 3).max(2));
        let mut rows = vec![None; self.height];
        for (tick, label) in ticks.iter().zip(labels(&ticks)) {
            rows[self.row(*tick) / self.dots.size().1] = Some(label);
        }
        rows
    }

    /// Returns the axis below the drawing, and the indices below it.
    fn index_axis(&self, margin: usize, columns: usize, unicode: bool) -> [String; 2] {
        let Range { start, end } = self.indices;
        let last = end.saturating_sub(1).max(start);
        let (mut axis, mut numbers) =
            (vec![if unicode { '─' } else { '-' }; columns], String::new());
        let about = (columns / 16).max(1);
        let mut ticks = round_numbers(start as f64, last as f64, about);
        if ticks.is_empty() {
            ticks.push(start as f64);
        }
        for tick in ticks.iter().filter(|tick| tick.fract() == 0.0) {
            let index = *tick as u64;
            // The first element is on the left, the last one on the right.
            let part = u128::from(index.saturating_sub(start)) * (columns as u128 - 1);
            let x = (part / u128::from((last - start).max(1))) as usize;
            let (label, x) = (grouped(index), x.min(columns.saturating_sub(1)));
            let at = (margin + 2 + x).saturating_sub(label.len() / 2);
            let fits = at + label.len() <= margin + 2 + columns;
            if fits && (numbers.is_empty() || at > numbers.len() + 1) {
                numbers += &" ".repeat(at - numbers.len());
                numbers += &label;
                if let Some(place) = axis.get_mut(x) {
                    *place = if unicode { '┬' } else { '+' };
                }
            }
        }
        let corner = if unicode { '└' } else { '+' };
        let axis: String = axis.into_iter().collect();
        [format!("{:margin$} {corner}{axis}", ""), numbers]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(curves: &[Curve], dots: Dots) -> Vec<String> {
        let (values, indices) = ((0.0, 3.0), 0..8);
        Chart { curves, values, indices, height: 4, dots, color: false }.lines()
    }

    fn curve(name: &str, values: &[f64]) -> Curve {
        let part = |value: &f64| (!value.is_nan()).then_some((*value, *value));
        Curve { name: name.into(), parts: values.iter().map(part).collect() }
    }

    #[test]
    fn a_gap_where_nothing_is() {
        let values = [0.0, 1.0, 2.0, 3.0, f64::NAN, 3.0, 0.0, 9.0];
        assert_eq!(
            chart(&[curve("", &values)], Dots::Marks),
            ["  |   * *", "2 +  *", "  | *", "0 +*     *", "  +--------", "  0"][..]
                .iter()
                .collect::<Vec<_>>()
        );
    }

    #[test]
    fn all_between_least_and_greatest() {
        let parts = vec![Some((0.0, 3.0)), None, Some((1.0, 2.0)), None];
        let lines = chart(&[Curve { name: "a".into(), parts }], Dots::Braille);
        assert!(lines[0].ends_with("⡇"), "{lines:?}");
        assert_eq!(lines[1].chars().skip(3).collect::<String>(), "⡇⡀", "{lines:?}");
    }

    #[test]
    fn several_curves_have_a_legend() {
        let lines = chart(&[curve("a", &[1.0, 1.0]), curve("b", &[2.0, 2.0])], Dots::Marks);
        assert_eq!(lines[0], "* a   + b");
    }
}
