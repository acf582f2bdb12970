#![forbid(unsafe_code)]
//! What a range of indices means in a memory.

use std::ops::{Bound, Range, RangeBounds};

use crate::{Error, Result};

/// Returns the indices that `range` means in `len` elements.
///
/// # Errors
///
/// [`Error::OutOfRange`] if there are no such elements.
pub(crate) fn resolve(range: impl RangeBounds<usize>, len: usize) -> Result<Range<usize>> {
    let start = match range.start_bound() {
        Bound::Included(&start) => start,
        Bound::Excluded(&before) => before.saturating_add(1),
        Bound::Unbounded => 0,
    };
    let end = match range.end_bound() {
        Bound::Included(&last) => last.saturating_add(1),
        Bound::Excluded(&end) => end,
        Bound::Unbounded => len,
    };
    match start <= end && end <= len {
        true => Ok(start..end),
        false => Err(Error::OutOfRange { start, end, len }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        for (bounds, expected) in [
            ((Bound::Unbounded, Bound::Unbounded), Some(0..4)),
            ((Bound::Included(4), Bound::Unbounded), Some(4..4)),
            ((Bound::Included(1), Bound::Included(3)), Some(1..4)),
            ((Bound::Excluded(1), Bound::Excluded(3)), Some(2..3)),
            ((Bound::Included(5), Bound::Unbounded), None),
            ((Bound::Included(3), Bound::Excluded(2)), None),
            ((Bound::Unbounded, Bound::Included(usize::MAX)), None),
            ((Bound::Excluded(usize::MAX), Bound::Unbounded), None),
        ] {
            assert_eq!(resolve(bounds, 4).ok(), expected, "{bounds:?}");
        }
    }
}
