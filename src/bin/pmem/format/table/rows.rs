//! From elements to rows: squeezing, holes, alignment. No I/O.
//!
//! A row that equals the one before it is not shown; the first of such rows is replaced by `*`.
//! The last row of all is shown even so, so that the end of the file can be seen. A hole ends the
//! row before it, however short that is.

use std::io::Write as _;

use anstyle::Style;

use super::super::choice::IndexRadix;
use super::layout::{GAP, Layout};
use super::look::Look;
use super::paint;
use crate::element::{Scalar, Tone};

/// Makes rows of elements that come in pieces.
#[derive(Debug)]
pub(super) struct Rows<T> {
    look: Look,
    layout: Layout,
    /// The index of the first element that no finished row holds, and the elements from there on.
    next: u64,
    pending: Vec<T>,
    /// The row before, and where its last repetition that was not shown begins.
    previous: Vec<T>,
    squeezed: Option<u64>,
    /// Scratch for one number.
    number: Vec<u8>,
}

impl<T: Scalar> Rows<T> {
    /// Returns rows in this layout.
    pub(super) fn new(look: Look, layout: Layout) -> Self {
        let (pending, previous) = (Vec::new(), Vec::new());
        Self { look, layout, next: 0, pending, previous, squeezed: None, number: Vec::new() }
    }

    /// Appends the rows that are complete with `values`, the first of which has index `first`.
    pub(super) fn values(&mut self, first: u64, mut values: &[T], text: &mut Vec<u8>) {
        if self.pending.is_empty() {
            self.next = first;
        } else {
            let missing = self.layout.columns - self.pending.len();
            let (completing, rest) = values.split_at(missing.min(values.len()));
            self.pending.extend_from_slice(completing);
            values = rest;
            if self.pending.len() == self.layout.columns {
                let row = std::mem::take(&mut self.pending);
                self.row(&row, text);
                self.pending = row;
                self.pending.clear();
            }
        }
        let rows = values.chunks_exact(self.layout.columns);
        self.pending.extend_from_slice(rows.remainder());
        for row in rows {
            self.row(row, text);
        }
    }

    /// Appends a line that stands for a hole of `count` elements, the first of which has index
    /// `first`.
    pub(super) fn hole(&mut self, first: u64, count: u64, text: &mut Vec<u8>) {
        self.flush_pending(text);
        self.squeezed = None;
        self.previous.clear();
        self.index(first, text);
        let gap = if self.layout.index == 0 { 0 } else { GAP };
        pad(gap, text);
        let plural = if count == 1 { "" } else { "s" };
        self.painted(paint::INDEX, format!("hole  {count} element{plural}").as_bytes(), text);
        text.push(b'\n');
    }

    /// Appends what is left at the end.
    pub(super) fn finish(&mut self, text: &mut Vec<u8>) {
        self.flush_pending(text);
        if let Some(index) = self.squeezed.take() {
            let row = std::mem::take(&mut self.previous);
            self.line(index, &row, text);
        }
    }

    /// Appends a row that is shorter than the others.
    fn flush_pending(&mut self, text: &mut Vec<u8>) {
        if !self.pending.is_empty() {
            let row = std::mem::take(&mut self.pending);
            self.row(&row, text);
        }
    }

    /// Appends the next row, or squeezes it.
    fn row(&mut self, row: &[T], text: &mut Vec<u8>) {
        let index = self.next;
        self.next += row.len() as u64;
        if self.look.squeeze {
            if bytemuck::cast_slice::<T, u8>(row) == bytemuck::cast_slice::<T, u8>(&self.previous) {
                if self.squeezed.is_none() {
                    self.painted(paint::INDEX, b"*", text);
                    text.push(b'\n');
                }
                self.squeezed = Some(index);
                return;
            }
            self.squeezed = None;
            self.previous.clear();
            self.previous.extend_from_slice(row);
        }
        self.line(index, row, text);
    }

    /// Appends one row.
    fn line(&mut self, index: u64, row: &[T], text: &mut Vec<u8>) {
        self.index(index, text);
        let mut gap = if self.layout.index == 0 { 0 } else { GAP };
        for value in row {
            self.number.clear();
            value.append_radix(self.look.radix, &mut self.number);
            pad(gap + self.layout.value.saturating_sub(self.number.len()), text);
            match value.tone() {
                tone if !self.look.color || tone == Tone::Plain => {
                    text.extend_from_slice(&self.number);
                }
                tone => self.painted(paint::style(tone), &self.number, text),
            }
            gap = GAP;
        }
        text.push(b'\n');
    }

    /// Appends the index: in decimal with spaces before it, otherwise with zeroes, as od does.
    fn index(&mut self, index: u64, text: &mut Vec<u8>) {
        let width = self.layout.index;
        self.number.clear();
        // Writing to a vector does not fail.
        let _ = match self.look.index {
            IndexRadix::None => Ok(()),
            IndexRadix::Decimal => {
                index.append(&mut self.number);
                pad(width.saturating_sub(self.number.len()), text);
                Ok(())
            }
            IndexRadix::Hexadecimal => write!(self.number, "{index:0width$x}"),
            IndexRadix::Octal => write!(self.number, "{index:0width$o}"),
        };
        self.painted(paint::INDEX, &self.number, text);
    }

    /// Appends `plain`, in colour if there is to be any.
    fn painted(&self, style: Style, plain: &[u8], text: &mut Vec<u8>) {
        if self.look.color && !plain.is_empty() {
            let _ = write!(text, "{style}");
            text.extend_from_slice(plain);
            let _ = write!(text, "{style:#}");
        } else {
            text.extend_from_slice(plain);
        }
    }
}

/// As many spaces as are needed at once, most of the time.
const SPACES: &[u8] = &[b' '; 64];

/// Appends spaces.
fn pad(count: usize, text: &mut Vec<u8>) {
    match SPACES.get(..count) {
        Some(spaces) => text.extend_from_slice(spaces),
        None => text.resize(text.len() + count, b' '),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::element::Radix;

    fn rows(squeeze: bool) -> Rows<u8> {
        let (radix, index) = (Radix::Decimal, IndexRadix::Decimal);
        let look = Look { radix, index, columns: Some(2), width: 80, color: false, squeeze };
        Rows::new(look, Layout::new(&look, 99, 3))
    }

    fn table(squeeze: bool, pieces: &[&[u8]]) -> String {
        let (mut rows, mut text, mut first) = (rows(squeeze), Vec::new(), 0);
        for piece in pieces {
            rows.values(first, piece, &mut text);
            first += piece.len() as u64;
        }
        rows.finish(&mut text);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn aligned() {
        assert_eq!(table(true, &[&[1, 22, 255]]), " 0    1   22\n 2  255\n");
    }

    #[test]
    fn repeated_rows() {
        let row = " 0    1    2\n";
        assert_eq!(table(true, &[&[1, 2]]), row);
        assert_eq!(table(true, &[&[1, 2, 1, 2]]), format!("{row}*\n 2    1    2\n"));
        assert_eq!(table(true, &[&[1, 2, 1, 2, 1, 2]]), format!("{row}*\n 4    1    2\n"));
        assert_eq!(table(true, &[&[1, 2, 1, 2, 1]]), format!("{row}*\n 4    1\n"));
        assert_eq!(table(false, &[&[1, 2, 1, 2]]), format!("{row} 2    1    2\n"));
    }

    #[test]
    fn holes() {
        let (mut rows, mut text) = (rows(true), Vec::new());
        rows.values(0, &[0, 0, 0], &mut text);
        rows.hole(3, 40, &mut text);
        rows.values(43, &[0, 0], &mut text);
        rows.finish(&mut text);
        let text = String::from_utf8(text).unwrap();
        assert_eq!(text, " 0    0    0\n 2    0\n 3  hole  40 elements\n43    0    0\n");
    }

    proptest! {
        #[test]
        fn pieces_do_not_matter(values: Vec<u8>, cut in 0_usize..50) {
            let (start, end) = values.split_at(cut.min(values.len()));
            prop_assert_eq!(table(true, &[&values]), table(true, &[start, end]));
        }

        #[test]
        fn squeezing_loses_nothing(values in prop::collection::vec(0_u8..2, 0..40)) {
            let all = table(false, &[&values]);
            let mut unsqueezed = String::new();
            let mut row = 0;
            for line in table(true, &[&values]).lines().filter(|line| *line != "*") {
                let index: usize = line[..2].trim().parse().unwrap();
                while row < index {
                    let before = unsqueezed.lines().last().unwrap()[2..].to_owned();
                    unsqueezed.push_str(&format!("{row:2}{before}\n"));
                    row += 2;
                }
                unsqueezed.push_str(&format!("{line}\n"));
                row += 2;
            }
            prop_assert_eq!(unsqueezed, all);
        }
    }
}
