//! The backends: what memory there is to choose from.

use std::fmt::{self, Display, Formatter};

use serde::Serialize;

/// A kind of memory.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Backend {
    Global,
    System,
    File,
    Temp,
}

impl Backend {
    /// All of them, in the order in which they are shown.
    pub(crate) const ALL: [Self; 4] = [Self::Global, Self::System, Self::File, Self::Temp];

    /// The name of the backend.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::System => "system",
            Self::File => "file",
            Self::Temp => "temp",
        }
    }

    /// Do its elements lie in a file?
    pub(crate) const fn is_file(self) -> bool {
        matches!(self, Self::File | Self::Temp)
    }
}

impl Display for Backend {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What the command line calls backends.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum Choice {
    /// The allocator of the program
    Global,
    /// The allocator of the operating system
    System,
    /// A mapped file, locked and with its blocks reserved
    File,
    /// A mapped file without a name, never synced
    Temp,
    /// All of them
    All,
}

impl Choice {
    /// Returns the backends that `choices` name, each once.
    pub(crate) fn resolve(choices: &[Self]) -> Vec<Backend> {
        let chosen = |backend: &Backend| {
            choices.iter().any(|choice| match choice {
                Self::All => true,
                Self::Global => *backend == Backend::Global,
                Self::System => *backend == Backend::System,
                Self::File => *backend == Backend::File,
                Self::Temp => *backend == Backend::Temp,
            })
        };
        Backend::ALL.into_iter().filter(chosen).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices() {
        for (choices, backends) in [
            (&[Choice::All][..], &Backend::ALL[..]),
            (&[Choice::Temp, Choice::Global, Choice::Temp], &[Backend::Global, Backend::Temp]),
            (&[Choice::File, Choice::All], &Backend::ALL),
        ] {
            assert_eq!(Choice::resolve(choices), backends, "{choices:?}");
        }
    }
}
