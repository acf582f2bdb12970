//! Where things stand in a row. Pure arithmetic.

use super::super::choice::IndexRadix;
use super::look::Look;

/// Spaces between the index and the values, and between values.
pub(super) const GAP: usize = 2;

/// Where things stand in a row.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Layout {
    /// Characters of the index.
    pub(super) index: usize,
    /// Characters of a value.
    pub(super) value: usize,
    /// Values in a row.
    pub(super) columns: usize,
}

impl Layout {
    /// Returns the layout for indices up to `last`, and values of at most `value` characters.
    ///
    /// As many values stand in a row as fit, rounded down to a power of two so that the index
    /// counts in steps that a person can follow; one, even if that does not fit.
    pub(super) fn new(look: &Look, last: u64, value: usize) -> Self {
        let index = match look.index {
            IndexRadix::Decimal => last.checked_ilog10().unwrap_or(0) as usize + 1,
            IndexRadix::Hexadecimal => last.checked_ilog2().unwrap_or(0) as usize / 4 + 1,
            IndexRadix::Octal => last.checked_ilog2().unwrap_or(0) as usize / 3 + 1,
            IndexRadix::None => 0,
        };
        // Without an index the first value needs no gap.
        let room = if index == 0 { look.width + GAP } else { look.width.saturating_sub(index) };
        let fitting = room / (value + GAP);
        let columns = match look.columns {
            Some(columns) => columns.max(1),
            None => 1 << fitting.max(1).ilog2(),
        };
        Self { index, value, columns }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::element::Radix;

    fn look(width: usize, index: IndexRadix) -> Look {
        let (radix, color, squeeze) = (Radix::Decimal, false, true);
        Look { radix, index, columns: None, width, color, squeeze }
    }

    #[test]
    fn layouts() {
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
            let layout = Layout::new(&look(width, radix), last, value);
            assert_eq!(layout, Layout { index, value, columns }, "{width} {radix:?} {last}");
        }
    }

    proptest! {
        #[test]
        fn rows_fit(width in 45_usize..500, last: u64, value in 1_usize..20) {
            let layout = Layout::new(&look(width, IndexRadix::Decimal), last, value);
            let row = layout.index + layout.columns * (GAP + layout.value);
            prop_assert!(row <= width);
        }
    }
}
