//! The formats of files: what stands in front of the elements.

use std::fmt::{self, Debug, Display, Formatter};

/// The format of a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum Format {
    /// Elements and nothing else, from --offset on
    Raw,
}

impl Format {
    /// Returns the name of the format, as `--as` takes it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Raw => "raw",
        }
    }
}

impl Display for Format {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What stands in front of the elements, and counts them.
pub(crate) trait Header: Debug + Send + Sync {
    /// Returns the format.
    fn format(&self) -> Format;

    /// Returns how many elements the header counts.
    fn count(&self) -> u64;

    /// Returns the sizes of the array, as the format has them.
    fn shape(&self) -> Vec<u64>;

    /// Returns what to write where, so that the header counts `count` elements.
    ///
    /// # Errors
    ///
    /// The header has no room for the number, or the format cannot change it.
    fn patches(&self, count: u64) -> anyhow::Result<Vec<Patch>>;

    /// Returns the bytes of a new element as they belong into the file, if they are not all zero.
    fn blank(&self) -> Option<Vec<u8>> {
        None
    }

    /// Makes sure that the bytes of an element may stand in the file.
    ///
    /// # Errors
    ///
    /// They contradict the header.
    fn check_element(&self, bytes: &[u8]) -> anyhow::Result<()> {
        let _ = bytes;
        Ok(())
    }
}

/// Bytes to write over others.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Patch {
    /// Where they go, in bytes from the start of the file.
    pub(crate) offset: u64,
    /// What is written there.
    pub(crate) bytes: Vec<u8>,
}
