//! Rows of elements that do not follow one another.

use super::grid::Grid;
use super::look::Look;
use super::rows::Rows;
use super::show::{even, widths};
use crate::element::{Element, Lines};

/// Makes rows of elements that do not follow one another: an element a row.
#[derive(Clone, Debug)]
pub(crate) struct Sparse {
    rows: Rows,
    /// Bytes of an element.
    size: usize,
}

impl Sparse {
    /// Returns rows for indices up to `last`; columns have room for the values of some elements.
    pub(crate) fn new(look: Look, last: u64, element: &Element, sample: &[u8]) -> Self {
        let widths = even(element, widths(element, sample, &look));
        let grid = Grid::records(&look, last, element, &widths);
        Self { rows: Rows::new(look, grid), size: element.bytes() }
    }

    /// Appends the names of the columns, if they have some.
    pub(crate) fn header(&self, text: &mut Vec<u8>) {
        self.rows.names(text);
    }

    /// Appends a row for each element.
    pub(crate) fn append(&self, indices: &[u64], elements: &[u8], text: &mut Vec<u8>) {
        let mut lines = Lines::new(text);
        for (index, element) in indices.iter().zip(elements.chunks_exact(self.size)) {
            self.rows.row(*index, element, &mut lines);
        }
    }
}
