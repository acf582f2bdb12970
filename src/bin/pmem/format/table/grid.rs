//! Where things stand in a row. Pure arithmetic.

use super::super::choice::IndexRadix;
use super::look::Look;
use crate::element::{Class, Column, Element, Form, Kind};

/// Spaces between the index and the values, and between values.
pub(super) const GAP: usize = 2;

/// Stands for columns that do not fit.
pub(super) const ELISION: &str = "…";

/// Where things stand in a row.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Grid {
    /// Characters of the index.
    pub(super) index: usize,
    /// Elements in a row.
    pub(super) elements: usize,
    /// Bytes of an element.
    pub(super) size: usize,
    /// What stands after the index.
    pub(super) parts: Vec<Part>,
    /// Names above the columns, of a record.
    pub(super) names: bool,
}

/// Something that stands in a row.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Part {
    /// Scalars of one type and one width, that lie side by side.
    Cells(Cells),
    /// What stands for columns that do not fit.
    Elision,
}

/// Scalars of one type and one width, that lie side by side.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Cells {
    /// Name of the first.
    pub(super) name: String,
    /// Their type.
    pub(super) kind: Kind,
    /// Bytes from the start of the row.
    pub(super) offset: usize,
    /// How many there are in a row.
    pub(super) count: usize,
    /// Characters of each.
    pub(super) width: usize,
}

impl Grid {
    /// Returns the grid for single scalars and indices up to `last`, with values of at most `width`
    /// characters.
    ///
    /// As many values stand in a row as fit, rounded down to a power of two so that the index
    /// counts in steps that a person can follow; one, even if that does not fit.
    pub(super) fn scalars(look: &Look, last: u64, kind: Kind, width: usize) -> Self {
        let index = index_width(look, last);
        let fitting = room(look, index) / (width + GAP);
        let elements = match look.columns {
            Some(columns) => columns.max(1),
            None => 1 << fitting.max(1).ilog2(),
        };
        let cells = Cells { name: String::new(), kind, offset: 0, count: elements, width };
        let parts = vec![Part::Cells(cells)];
        Self { index, elements, size: kind.size(), parts, names: false }
    }

    /// Returns the grid for arrays and records, one a row, whose columns have these widths.
    ///
    /// Columns that do not fit are left out: first of the middle of each array, then of the middle
    /// of the row. The first and the last column are always there.
    pub(super) fn records(look: &Look, last: u64, element: &Element, widths: &[usize]) -> Self {
        let index = index_width(look, last);
        let names = element.form() == Form::Record;
        let columns: Vec<Cells> = element
            .columns()
            .iter()
            .zip(widths)
            .map(|(column, width)| cells(column, *width, names))
            .collect();
        let room = room(look, index);
        let mut shown = vec![true; columns.len()];
        if taken(&columns, &shown) > room && element.fields().len() > 1 {
            leave_out_middles(element, &mut shown);
        }
        while taken(&columns, &shown) > room {
            // From the right, but the last one stays.
            let others = &shown[..shown.len() - 1];
            match others.iter().rposition(|shown| *shown) {
                Some(column) if column > 0 => shown[column] = false,
                _ => break,
            }
        }
        Self { index, elements: 1, size: element.bytes(), parts: parts(columns, &shown), names }
    }
}

/// Returns the characters of the index.
fn index_width(look: &Look, last: u64) -> usize {
    match look.index {
        IndexRadix::Decimal => last.checked_ilog10().unwrap_or(0) as usize + 1,
        IndexRadix::Hexadecimal => last.checked_ilog2().unwrap_or(0) as usize / 4 + 1,
        IndexRadix::Octal => last.checked_ilog2().unwrap_or(0) as usize / 3 + 1,
        IndexRadix::None => 0,
    }
}

/// Returns the characters that values may take, each with a gap before it.
fn room(look: &Look, index: usize) -> usize {
    // Without an index the first value needs no gap.
    if index == 0 { look.width + GAP } else { look.width.saturating_sub(index) }
}

/// Returns one column of a record, which is at least as wide as its name.
fn cells(column: &Column, width: usize, names: bool) -> Cells {
    let name =
        if names { crate::text::printable(&column.name).into_owned() } else { String::new() };
    let width = width.max(crate::text::width(name.as_bytes())).max(1);
    Cells { kind: column.kind, offset: column.offset, count: 1, width, name }
}

/// Returns the characters that the columns take which are shown.
fn taken(columns: &[Cells], shown: &[bool]) -> usize {
    let widths = columns.iter().zip(shown).filter(|(_, shown)| **shown);
    let elided = shown.windows(2).filter(|pair| pair[0] && !pair[1]).count();
    widths.map(|(column, _)| GAP + column.width).sum::<usize>() + elided * (GAP + 1)
}

/// Leaves out the middle of each array, but for its first two items and its last one.
fn leave_out_middles(element: &Element, shown: &mut [bool]) {
    let mut first = 0;
    for field in element.fields().iter().filter(|field| !field.is_padding()) {
        let count = field.scalars();
        if count > 4 {
            shown[first + 2..first + count - 1].fill(false);
        }
        first += count;
    }
}

/// Puts together what stands in a row.
fn parts(columns: Vec<Cells>, shown: &[bool]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for (column, shown) in columns.into_iter().zip(shown) {
        match parts.last_mut() {
            Some(Part::Elision) if !shown => {}
            _ if !shown => parts.push(Part::Elision),
            Some(Part::Cells(last))
                if last.kind == column.kind
                    && last.width == column.width
                    && column.name.is_empty()
                    && last.offset + last.count * last.kind.size() == column.offset =>
            {
                last.count += 1;
            }
            _ => parts.push(Part::Cells(column)),
        }
    }
    parts
}

/// Returns whether values stand on the left of their column.
pub(super) fn is_left(kind: Kind) -> bool {
    matches!(kind.codec().class, Class::Text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::element::Radix;

    fn look(width: usize, index: IndexRadix) -> Look {
        let (radix, color, squeeze) = (Radix::Decimal, false, true);
        Look { radix, index, columns: None, precision: None, width, color, squeeze }
    }

    #[test]
    fn grids() {
        for (width, radix, last, value, index, columns) in [
            (80, IndexRadix::Decimal, 0, 3, 1, 8),
            (80, IndexRadix::Decimal, 999, 3, 3, 8),
            (81, IndexRadix::Decimal, 9, 3, 1, 16),
            (80, IndexRadix::Decimal, 1000, 20, 4, 2),
            (80, IndexRadix::Hexadecimal, 255, 20, 2, 2),
            (80, IndexRadix::Octal, 255, 20, 3, 2),
            (86, IndexRadix::None, 255, 20, 0, 4),
            (85, IndexRadix::None, 255, 20, 0, 2),
            (10, IndexRadix::Decimal, u64::MAX, 40, 20, 1),
        ] {
            let grid = Grid::scalars(&look(width, radix), last, Kind::U8, value);
            assert_eq!((grid.index, grid.elements), (index, columns), "{width} {radix:?} {last}");
        }
    }

    /// The columns of a grid of values that are three characters wide, by their offsets.
    fn shown(element: &str, width: usize) -> String {
        let element: Element = element.parse().unwrap();
        let widths = vec![3; element.columns().len()];
        let grid = Grid::records(&look(width, IndexRadix::Decimal), 9, &element, &widths);
        let part = |part: &Part| match part {
            Part::Cells(cells) => format!("{}x{}", cells.offset, cells.count),
            Part::Elision => ELISION.to_owned(),
        };
        grid.parts.iter().map(part).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_does_not_fit_is_left_out() {
        assert_eq!(shown("u8x4", 21), "0x4");
        assert_eq!(shown("u8x4", 20), "0x2 … 3x1");
        assert_eq!(shown("u8x100", 30), "0x4 … 99x1");
        assert_eq!(shown("u8x100", 3), "0x1 … 99x1");
        assert_eq!(shown("a:u8,b:u8x9,c:u16", 80), "0x1 1x1 2x1 3x1 4x1 5x1 6x1 7x1 8x1 9x1 10x1");
        assert_eq!(shown("a:u8,b:u8x9,c:u16", 40), "0x1 1x1 2x1 … 9x1 10x1");
        assert_eq!(shown("a:u8,b:u8x9,c:u16", 20), "0x1 1x1 … 10x1");
    }

    proptest! {
        #[test]
        fn rows_fit(width in 45_usize..500, last: u64, value in 1_usize..20) {
            let grid = Grid::scalars(&look(width, IndexRadix::Decimal), last, Kind::U64, value);
            let row = grid.index + grid.elements * (GAP + value);
            prop_assert!(row <= width);
        }
    }
}
