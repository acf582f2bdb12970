//! From elements to rows: squeezing, holes, alignment. No I/O.
//!
//! A row that equals the one before it is not shown; the first of such rows is replaced by `*`.
//! The last row of all is shown even so, so that the end of the file can be seen, and a `*` stands
//! for at least one row that is not shown. A hole ends the row before it, however short that is.

use std::io::Write as _;
use std::ops::Range;

use anstyle::Style;

use super::super::choice::IndexRadix;
use super::super::render::Render;
use super::grid::{Cells, ELISION, GAP, Grid, Part, is_left};
use super::look::Look;
use super::paint;
use crate::element::{self, Codec, Lines, append_bits};
use crate::text::plural;

/// Makes rows of elements.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    look: Look,
    grid: Grid,
    parts: Vec<Prepared>,
    /// Whether a row ends with text, which is padded on the right where nobody sees it.
    ends_padded: bool,
}

/// Something that stands in a row, ready to be written.
#[derive(Clone, Debug)]
enum Prepared {
    /// Scalars: their codec, the bytes of a row in which they lie, and how they look.
    Cells(&'static Codec, Range<usize>, element::Cells),
    /// What stands for columns that do not fit, after so many spaces.
    Elision(usize),
}

impl Rows {
    /// Returns rows in this grid.
    pub(super) fn new(look: Look, grid: Grid) -> Self {
        let mut gap = if grid.index == 0 { 0 } else { GAP };
        let prepare = |part: &Part| {
            let first_gap = std::mem::replace(&mut gap, GAP);
            match part {
                Part::Elision => Prepared::Elision(first_gap),
                Part::Cells(cells) => prepared(cells, first_gap, &look),
            }
        };
        let parts = grid.parts.iter().map(prepare).collect();
        let last = grid.parts.last();
        let ends_padded = matches!(last, Some(Part::Cells(cells)) if is_left(cells.kind));
        Self { look, grid, parts, ends_padded }
    }
}

/// Prepares scalars of one type and one width.
fn prepared(cells: &Cells, first_gap: usize, look: &Look) -> Prepared {
    let Cells { kind, offset, count, width, .. } = *cells;
    let size = kind.size();
    let cells = element::Cells {
        size,
        first_gap,
        gap: GAP,
        width,
        radix: look.radix,
        precision: look.precision,
        styles: look.color.then_some(&paint::STYLES),
    };
    Prepared::Cells(kind.codec(), offset..offset + count * size, cells)
}

impl Render for Rows {
    const NAMES_HOLES: bool = true;

    fn columns(&self) -> usize {
        self.grid.elements
    }

    fn elements(&self, before: &[u8], first: u64, elements: &[u8], text: &mut Vec<u8>) {
        let width = self.row_bytes();
        let mut lines = Lines::new(text);
        let mut repeats = self.repeats(before);
        let mut previous = before.chunks(width).next_back().unwrap_or_default();
        let mut at = 0;
        while at < elements.len() {
            let row = &elements[at..elements.len().min(at + width)];
            if self.look.squeeze && row == previous {
                let bytes = repetition(&elements[at..], width);
                // The last repeated row may still be shown, but those before it are not.
                if repeats < 2 && repeats + bytes / width >= 2 {
                    self.star(&mut lines);
                }
                repeats += bytes / width;
                at += bytes;
            } else {
                if repeats == 1 {
                    self.star(&mut lines);
                }
                repeats = 0;
                self.row(first + (at / self.grid.size) as u64, row, &mut lines);
                at += row.len();
            }
            previous = row;
        }
    }

    fn hole(&self, before: &[u8], first: u64, count: u64, text: &mut Vec<u8>) {
        let lines = &mut Lines::new(text);
        if self.repeats(before) == 1 {
            self.star(lines);
        }
        self.index(first, lines);
        lines.spaces(self.first_gap());
        let what = format!("hole  {}", plural(count, "element"));
        self.painted(paint::INDEX, lines, |lines| lines.text().extend_from_slice(what.as_bytes()));
        lines.byte(b'\n');
    }

    fn end(&self, before: &[u8], end: u64, text: &mut Vec<u8>) {
        if self.repeats(before) > 0 {
            let row = before.chunks(self.row_bytes()).next_back().unwrap_or_default();
            let elements = (row.len() / self.grid.size) as u64;
            self.row(end - elements, row, &mut Lines::new(text));
        }
    }
}

impl Rows {
    /// Appends the names above the columns, if there are any.
    pub(super) fn names(&self, text: &mut Vec<u8>) {
        if !self.grid.names {
            return;
        }
        let mut line = " ".repeat(self.grid.index);
        let mut gap = self.first_gap();
        for part in &self.grid.parts {
            line.push_str(&" ".repeat(gap));
            match part {
                Part::Elision => line.push_str(ELISION),
                Part::Cells(Cells { name, kind, width, .. }) => {
                    let blank = " ".repeat(width - crate::text::width(name.as_bytes()));
                    match is_left(*kind) {
                        true => line.extend([name, &*blank]),
                        false => line.extend([&*blank, name]),
                    }
                }
            }
            gap = GAP;
        }
        let style = if self.look.color { paint::HEADER } else { Style::new() };
        // Writing to a vector does not fail.
        let _ = writeln!(text, "{style}{}{style:#}", line.trim_end());
    }

    /// Returns the bytes of a row.
    fn row_bytes(&self) -> usize {
        self.grid.elements * self.grid.size
    }

    /// Returns how often the last row of those that went before repeats the one before it: not at
    /// all, once, or twice at least. More than once, a `*` stands there already.
    fn repeats(&self, before: &[u8]) -> usize {
        let mut rows = before.chunks(self.row_bytes()).rev();
        let last = rows.next().unwrap_or_default();
        if self.look.squeeze { rows.take_while(|row| *row == last).count() } else { 0 }
    }

    /// Appends what stands for rows that are not shown.
    fn star(&self, lines: &mut Lines<'_>) {
        self.painted(paint::INDEX, lines, |lines| lines.byte(b'*'));
        lines.byte(b'\n');
    }

    /// Appends one row; the last one may have fewer elements.
    pub(super) fn row(&self, index: u64, row: &[u8], lines: &mut Lines<'_>) {
        self.index(index, lines);
        for part in &self.parts {
            match part {
                Prepared::Cells(codec, bytes, cells) => {
                    let bytes = bytes.start..bytes.end.min(row.len());
                    (codec.cells)(&row[bytes], cells, lines);
                }
                Prepared::Elision(gap) => {
                    lines.spaces(*gap);
                    self.painted(paint::INDEX, lines, |lines| {
                        lines.text().extend_from_slice(ELISION.as_bytes());
                    });
                }
            }
        }
        if self.ends_padded {
            let text = lines.text();
            text.truncate(text.trim_ascii_end().len());
        }
        lines.byte(b'\n');
    }

    /// Spaces between the index, if there is one, and the first value.
    const fn first_gap(&self) -> usize {
        if self.grid.index == 0 { 0 } else { GAP }
    }

    /// Appends the index: in decimal with spaces before it, otherwise with zeroes, as od does.
    fn index(&self, index: u64, lines: &mut Lines<'_>) {
        let width = self.grid.index;
        let bits = match self.look.index {
            IndexRadix::None => return,
            IndexRadix::Decimal => None,
            IndexRadix::Hexadecimal => Some(4),
            IndexRadix::Octal => Some(3),
        };
        self.painted(paint::INDEX, lines, |lines| match bits {
            None => lines.aligned(index, false, width),
            Some(bits) => {
                let needed = index.checked_ilog2().unwrap_or(0) / bits + 1;
                append_bits(index.into(), bits, width.max(needed as usize), lines.text());
            }
        });
    }

    /// Appends something, in colour if there is to be any.
    fn painted(&self, style: Style, lines: &mut Lines<'_>, append: impl FnOnce(&mut Lines<'_>)) {
        // Writing to a vector does not fail.
        if self.look.color {
            let _ = write!(lines.text(), "{style}");
        }
        append(lines);
        if self.look.color {
            let _ = write!(lines.text(), "{style:#}");
        }
    }
}

/// Returns how many bytes from the start on are the first row, again and again.
fn repetition(elements: &[u8], row: usize) -> usize {
    /// Bytes that are compared at once where much is alike.
    const MUCH: usize = 4096;

    let mut end = row;
    for step in [MUCH.next_multiple_of(row), row] {
        let again = |end: usize| {
            let next = elements.get(end..end + step);
            next.is_some_and(|next| *next == elements[end - row..][..step])
        };
        while again(end) {
            end += step;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::render::Before;
    use super::*;
    use crate::element::{Kind, Radix};

    fn rows(squeeze: bool) -> Rows {
        let (radix, index) = (Radix::Decimal, IndexRadix::Decimal);
        let (width, color, precision) = (80, false, None);
        let look = Look { radix, index, columns: Some(2), precision, width, color, squeeze };
        Rows::new(look, Grid::scalars(&look, 99_999, Kind::U8, 3))
    }

    /// The table of values that come in these pieces.
    fn table(squeeze: bool, pieces: &[&[u8]]) -> String {
        let (rows, mut text, mut first) = (rows(squeeze), Vec::new(), 0);
        let mut before = Before::new(2);
        for piece in pieces {
            rows.elements(before.rows_mut(), first, piece, &mut text);
            before.push(piece);
            first += piece.len() as u64;
        }
        rows.end(before.rows_mut(), first, &mut text);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn aligned() {
        assert_eq!(table(true, &[&[1, 22, 255]]), "    0    1   22\n    2  255\n");
    }

    #[test]
    fn repeated_rows() {
        let row = "    0    1    2\n";
        assert_eq!(table(true, &[&[1, 2]]), row);
        assert_eq!(table(true, &[&[1, 2, 1, 2]]), format!("{row}    2    1    2\n"));
        assert_eq!(table(true, &[&[1, 2, 1, 2, 3]]), format!("{row}*\n    4    3\n"));
        assert_eq!(table(true, &[&[1, 2, 1, 2, 1, 2]]), format!("{row}*\n    4    1    2\n"));
        assert_eq!(table(true, &[&[1, 2, 1, 2, 1]]), format!("{row}*\n    4    1\n"));
        assert_eq!(table(false, &[&[1, 2, 1, 2]]), format!("{row}    2    1    2\n"));
    }

    #[test]
    fn holes() {
        let (rows, mut text) = (rows(true), Vec::new());
        rows.elements(&[], 0, &[0_u8, 0, 0], &mut text);
        rows.hole(&[0, 0, 0], 3, 40, &mut text);
        rows.hole(&[], 43, 1, &mut text);
        let text = String::from_utf8(text).unwrap();
        assert_eq!(
            text,
            "    0    0    0\n    2    0\n    3  hole  40 elements\n   43  hole  1 element\n"
        );
    }

    /// Long runs of equal rows, with others between them.
    fn runs() -> impl Strategy<Value = Vec<u8>> {
        let run = (0_u8..3, prop_oneof![1_usize..9, 4000_usize..4300]);
        prop::collection::vec(run, 0..6).prop_map(|runs| {
            runs.into_iter().flat_map(|(value, count)| vec![value; count]).collect()
        })
    }

    proptest! {
        #[test]
        fn blocks_do_not_matter(values in runs(), cuts in [0_usize..9000, 0_usize..40]) {
            let [cut, next] = cuts;
            let (start, rest) = values.split_at((2 * cut).min(values.len()));
            let (middle, end) = rest.split_at((2 * next).min(rest.len()));
            let pieces: Vec<_> =
                [start, middle, end].into_iter().filter(|piece| !piece.is_empty()).collect();
            prop_assert_eq!(table(true, &[&values]), table(true, &pieces));
        }

        #[test]
        fn squeezing_loses_nothing(values in runs()) {
            let all = table(false, &[&values]);
            let mut unsqueezed = String::new();
            let mut row = 0;
            for line in table(true, &[&values]).lines().filter(|line| *line != "*") {
                let index: usize = line[..5].trim().parse().unwrap();
                while row < index {
                    let before = unsqueezed.lines().last().unwrap()[5..].to_owned();
                    unsqueezed.push_str(&format!("{row:5}{before}\n"));
                    row += 2;
                }
                unsqueezed.push_str(&format!("{line}\n"));
                row += 2;
            }
            prop_assert_eq!(unsqueezed, all);
        }
    }
}
