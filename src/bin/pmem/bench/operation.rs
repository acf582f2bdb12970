//! The operations: what is measured.

use std::fmt::{self, Display, Formatter};

use serde::Serialize;

use super::backend::Backend;

/// Something that a memory does.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Operation {
    /// One large growth from nothing, every element written
    Grow,
    /// Many small growths, up to the same size
    Append,
    /// Overwriting every element
    Fill,
    /// Reading every element, in order
    Read,
    /// Reading elements at random places, one after the other
    Random,
    /// Giving all elements back
    Shrink,
    /// Waiting until all elements are on disk
    Sync,
}

impl Operation {
    /// All of them, in the order in which they are measured and shown.
    pub(crate) const ALL: [Self; 7] =
        [Self::Grow, Self::Append, Self::Fill, Self::Read, Self::Random, Self::Shrink, Self::Sync];

    /// The name of the operation.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Grow => "grow",
            Self::Append => "append",
            Self::Fill => "fill",
            Self::Read => "read",
            Self::Random => "random",
            Self::Shrink => "shrink",
            Self::Sync => "sync",
        }
    }

    /// Can `backend` do it? Only a file that stays can be synced.
    pub(crate) fn is_of(self, backend: Backend) -> bool {
        self != Self::Sync || backend == Backend::File
    }

    /// Does it need a memory that is full?
    pub(crate) const fn starts_full(self) -> bool {
        !matches!(self, Self::Grow | Self::Append)
    }

    /// Does it leave the memory as it found it, so that it can be done again at once?
    pub(crate) const fn repeats(self) -> bool {
        matches!(self, Self::Fill | Self::Read | Self::Random)
    }
}

impl Display for Operation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
