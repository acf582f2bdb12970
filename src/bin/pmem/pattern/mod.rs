//! What to fill files with.

mod checked;
mod cycle;
mod feed;
mod overlay;
mod random;
mod sequence;
mod stream;

pub(crate) use self::checked::Checked;
pub(crate) use self::cycle::{Cycle, Values};
pub(crate) use self::overlay::Overlay;
pub(crate) use self::random::{Seed, random};
pub(crate) use self::sequence::sequence;
pub(crate) use self::stream::{Destination, Supply, check_source, stream};

/// Bytes of elements without an end, as they belong into a file.
pub(crate) trait Pattern {
    /// Makes sure that there are `count` elements.
    ///
    /// # Errors
    ///
    /// One of them is no value of the type.
    fn check(&self, count: u64) -> anyhow::Result<()> {
        let _ = count;
        Ok(())
    }

    /// Returns the next bytes: at least one element, and at most `most` bytes, which is a whole
    /// number of elements.
    ///
    /// # Errors
    ///
    /// They cannot be had.
    fn next(&mut self, most: usize) -> anyhow::Result<Part<'_>>;
}

/// Some bytes of a pattern.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'a> {
    /// The bytes, or the front of them, which repeats.
    pub(crate) bytes: &'a [u8],
    /// How many there are.
    pub(crate) len: usize,
}

impl<'a> From<&'a [u8]> for Part<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self { bytes, len: bytes.len() }
    }
}
