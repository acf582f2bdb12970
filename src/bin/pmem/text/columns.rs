//! Aligned columns of text.

use anstyle::Style;

/// A piece of text in a column.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) style: Style,
}

impl Cell {
    /// Text without a colour.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), style: Style::new() }
    }

    /// Text with a colour.
    pub(crate) fn styled(text: impl Into<String>, style: Style) -> Self {
        Self { text: text.into(), style }
    }

    fn width(&self) -> usize {
        super::width(self.text.as_bytes())
    }

    fn shown(&self, color: bool) -> String {
        let Self { text, style } = self;
        match color && !style.is_plain() && !text.is_empty() {
            true => format!("{style}{text}{style:#}"),
            false => text.clone(),
        }
    }
}

/// To which side of its column a cell goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// Spaces between two columns.
const GAP: usize = 2;

/// Puts rows of cells below each other, without spaces at the end of a line.
pub(crate) fn lines(sides: &[Side], rows: &[Vec<Cell>], color: bool) -> Vec<String> {
    let widths = widths(sides, rows);
    let line = |row: &Vec<Cell>| {
        let mut line = String::new();
        let mut owed = 0;
        for ((cell, side), width) in row.iter().zip(sides).zip(&widths) {
            let free = width - cell.width();
            let before = if *side == Side::Right { free } else { 0 };
            if !cell.text.is_empty() {
                line.extend(std::iter::repeat_n(' ', owed + before));
                line.push_str(&cell.shown(color));
                owed = free - before + GAP;
            } else {
                owed += free + GAP;
            }
        }
        line
    };
    rows.iter().map(line).collect()
}

/// The columns that the longest line takes, without a last one.
pub(crate) fn width(sides: &[Side], rows: &[Vec<Cell>]) -> usize {
    widths(sides, rows).iter().map(|width| width + GAP).sum()
}

fn widths(sides: &[Side], rows: &[Vec<Cell>]) -> Vec<usize> {
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(Cell::width).max().unwrap_or(0)
    };
    (0..sides.len()).map(width).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned() {
        let cells = |texts: [&str; 3]| texts.map(Cell::new).to_vec();
        let rows = [cells(["op", "µs", "x"]), cells(["grow", "1", ""]), cells(["", "1234", "yz"])];
        let sides = [Side::Left, Side::Right, Side::Left];
        assert_eq!(lines(&sides, &rows, true), ["op      µs  x", "grow     1", "      1234  yz"]);
        assert_eq!(width(&sides, &rows), 4 + 2 + 4 + 2 + 2 + 2);
    }

    #[test]
    fn colours_take_no_room() {
        let bold = Cell::styled("a", Style::new().bold());
        let rows = [vec![bold, Cell::new("b")], vec![Cell::new("long"), Cell::new("c")]];
        let sides = [Side::Right, Side::Left];
        assert_eq!(lines(&sides, &rows, false), ["   a  b", "long  c"]);
        assert_eq!(lines(&sides, &rows, true)[0], "   \u{1b}[1ma\u{1b}[0m  b");
    }
}
