//! From elements to rows: squeezing, holes, alignment. No I/O.
//!
//! A row that equals the one before it is not shown; the first of such rows is replaced by `*`.
//! The last row of all is shown even so, so that the end of the file can be seen. A hole ends the
//! row before it, however short that is.

use std::io::Write as _;

use anstyle::Style;

use super::super::choice::IndexRadix;
use super::super::render::Render;
use super::layout::{GAP, Layout};
use super::look::Look;
use super::paint;
use crate::element::{Lines, Radix, Scalar, Tone, append_bits};

/// Makes rows of elements.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows {
    look: Look,
    layout: Layout,
}

impl Rows {
    /// Returns rows in this layout.
    pub(super) const fn new(look: Look, layout: Layout) -> Self {
        Self { look, layout }
    }
}

impl<T: Scalar> Render<T> for Rows {
    const NAMES_HOLES: bool = true;

    fn columns(&self) -> usize {
        self.layout.columns
    }

    fn values(&self, before: &[T], first: u64, values: &[T], text: &mut Vec<u8>) {
        let columns = self.layout.columns;
        let mut lines = Lines::new(text);
        let mut squeezing = self.repeated(before).is_some();
        let mut previous = before.rchunks(columns).next().unwrap_or_default();
        let mut at = 0;
        while at < values.len() {
            let row = &values[at..values.len().min(at + columns)];
            if self.look.squeeze && same(row, previous) {
                if !squeezing {
                    self.painted(paint::INDEX, &mut lines, |lines| lines.byte(b'*'));
                    lines.byte(b'\n');
                    squeezing = true;
                }
                at += repetition(&values[at..], columns);
            } else {
                squeezing = false;
                self.row(first + at as u64, row, &mut lines);
                at += row.len();
            }
            previous = row;
        }
    }

    fn hole(&self, first: u64, count: u64, text: &mut Vec<u8>) {
        let lines = &mut Lines::new(text);
        self.index(first, lines);
        lines.spaces(self.first_gap());
        let plural = if count == 1 { "" } else { "s" };
        let what = format!("hole  {count} element{plural}");
        self.painted(paint::INDEX, lines, |lines| lines.text().extend_from_slice(what.as_bytes()));
        lines.byte(b'\n');
    }

    fn end(&self, before: &[T], end: u64, text: &mut Vec<u8>) {
        if let Some(row) = self.repeated(before) {
            self.row(end - row.len() as u64, row, &mut Lines::new(text));
        }
    }
}

impl Rows {
    /// Returns the last row of those that went before, if it was squeezed.
    fn repeated<'a, T: Scalar>(&self, before: &'a [T]) -> Option<&'a [T]> {
        let (earlier, last) = before.split_at_checked(self.layout.columns)?;
        (self.look.squeeze && same(earlier, last)).then_some(last)
    }

    /// Appends one row.
    fn row<T: Scalar>(&self, index: u64, row: &[T], lines: &mut Lines<'_>) {
        self.index(index, lines);
        let mut gap = self.first_gap();
        for value in row {
            match value.tone() {
                tone if !self.look.color || tone == Tone::Plain => {
                    value.append_aligned(self.look.radix, gap + self.layout.value, lines);
                }
                tone => self.toned(*value, tone, gap + self.layout.value, lines),
            }
            gap = GAP;
        }
        lines.byte(b'\n');
    }

    /// Spaces between the index, if there is one, and the first value.
    const fn first_gap(&self) -> usize {
        if self.layout.index == 0 { 0 } else { GAP }
    }

    /// Appends a value in the colour that it has; the spaces before it have none.
    fn toned<T: Scalar>(&self, value: T, tone: Tone, width: usize, lines: &mut Lines<'_>) {
        let (style, text) = (paint::style(tone), lines.text());
        let start = text.len();
        value.append_radix(self.look.radix, text);
        // How much stands before the number depends on its length, so it is made first.
        let digits = text.len() - start;
        text.resize(start + digits.max(width), b' ');
        let _ = write!(text, "{style}");
        text[start..].rotate_left(digits);
        let _ = write!(text, "{style:#}");
    }

    /// Appends the index: in decimal with spaces before it, otherwise with zeroes, as od does.
    fn index(&self, index: u64, lines: &mut Lines<'_>) {
        let width = self.layout.index;
        let bits = match self.look.index {
            IndexRadix::None => return,
            IndexRadix::Decimal => None,
            IndexRadix::Hexadecimal => Some(4),
            IndexRadix::Octal => Some(3),
        };
        self.painted(paint::INDEX, lines, |lines| match bits {
            None => index.append_aligned(Radix::Decimal, width, lines),
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

/// Are these rows alike, bit by bit?
fn same<T: Scalar>(a: &[T], b: &[T]) -> bool {
    bytemuck::cast_slice::<T, u8>(a) == bytemuck::cast_slice::<T, u8>(b)
}

/// Returns how many elements from the start on are the first row, again and again.
fn repetition<T: Scalar>(values: &[T], columns: usize) -> usize {
    /// Bytes that are compared at once where much is alike.
    const MUCH: usize = 4096;

    let mut end = columns;
    for step in [(MUCH / size_of::<T>()).next_multiple_of(columns), columns] {
        let again = |end: usize| {
            let next = values.get(end..end + step);
            next.is_some_and(|next| same(next, &values[end - columns..][..step]))
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

    fn rows(squeeze: bool) -> Rows {
        let (radix, index) = (Radix::Decimal, IndexRadix::Decimal);
        let look = Look { radix, index, columns: Some(2), width: 80, color: false, squeeze };
        Rows::new(look, Layout::new(&look, 99_999, 3))
    }

    /// The table of values that come in these pieces.
    fn table(squeeze: bool, pieces: &[&[u8]]) -> String {
        let (rows, mut text, mut first) = (rows(squeeze), Vec::new(), 0);
        let mut before = Before::new(2);
        for piece in pieces {
            rows.values(before.rows(), first, piece, &mut text);
            before.push(piece);
            first += piece.len() as u64;
        }
        rows.end(before.rows(), first, &mut text);
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
        assert_eq!(table(true, &[&[1, 2, 1, 2]]), format!("{row}*\n    2    1    2\n"));
        assert_eq!(table(true, &[&[1, 2, 1, 2, 1, 2]]), format!("{row}*\n    4    1    2\n"));
        assert_eq!(table(true, &[&[1, 2, 1, 2, 1]]), format!("{row}*\n    4    1\n"));
        assert_eq!(table(false, &[&[1, 2, 1, 2]]), format!("{row}    2    1    2\n"));
    }

    #[test]
    fn holes() {
        let (rows, mut text) = (rows(true), Vec::new());
        rows.values(&[], 0, &[0_u8, 0, 0], &mut text);
        Render::<u8>::hole(&rows, 3, 40, &mut text);
        Render::<u8>::hole(&rows, 43, 1, &mut text);
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
