//! What a table is to look like.

use super::super::choice::IndexRadix;
use crate::element::Radix;

/// What a table is to look like, as far as the user has a say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    /// Radix of integers.
    pub(crate) radix: Radix,
    /// Radix of the index.
    pub(crate) index: IndexRadix,
    /// Values in a row; `None` for what fits.
    pub(crate) columns: Option<usize>,
    /// Digits behind the point of floats; `None` for the shortest text.
    pub(crate) precision: Option<usize>,
    /// Characters in a line.
    pub(crate) width: usize,
    /// Are colours wanted?
    pub(crate) color: bool,
    /// Are repeated rows squeezed?
    pub(crate) squeeze: bool,
}
