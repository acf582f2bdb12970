//! What is measured: an operation of a backend.

use std::fmt::{self, Display, Formatter};

use clap::ValueEnum;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use serde::{Deserialize, Serialize};

/// A kind of memory.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Backend {
    /// The allocator of the program
    Global,
    /// The allocator of the operating system
    System,
    /// A mapped file, locked and with its blocks reserved
    File,
    /// A mapped file without a name, never synced
    Temp,
}

impl Backend {
    /// Do its elements lie in a file?
    pub(crate) const fn is_file(self) -> bool {
        matches!(self, Self::File | Self::Temp)
    }
}

/// Something that a memory does.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize, ValueEnum)]
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

/// An operation of a backend.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Case {
    pub(crate) operation: Operation,
    pub(crate) backend: Backend,
}

impl Display for Case {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.operation, self.backend)
    }
}

macro_rules! shown_as_typed {
    ($($Type:ident)*) => {$(
        impl Display for $Type {
            fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                f.pad(self.to_possible_value().as_ref().map_or("", PossibleValue::get_name))
            }
        }
    )*};
}

shown_as_typed! { Backend Operation }

/// One of several things, or all of them, as the command line names them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Choice<T> {
    One(T),
    All,
}

impl<T: ValueEnum + PartialEq + Copy> Choice<T> {
    /// Understands the name of a thing, and `all`.
    pub(crate) fn parser() -> impl TypedValueParser<Value = Self>
    where
        T: Send + Sync + 'static,
    {
        let names = T::value_variants().iter().filter_map(ValueEnum::to_possible_value);
        let all = PossibleValue::new("all").help("All of them");
        PossibleValuesParser::new(names.chain([all]))
            .map(|name| T::from_str(&name, false).map_or(Self::All, Self::One))
    }

    /// Returns what `choices` name, each once, in the order of their definition.
    pub(crate) fn resolve(choices: &[Self]) -> Vec<T> {
        let all = choices.contains(&Self::All);
        let chosen = |one: &T| all || choices.contains(&Self::One(*one));
        T::value_variants().iter().copied().filter(chosen).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices() {
        use Backend::{File, Global, Temp};
        for (choices, backends) in [
            (&[Choice::All][..], Backend::value_variants()),
            (&[Choice::One(Temp), Choice::One(Global), Choice::One(Temp)], &[Global, Temp]),
            (&[Choice::One(File), Choice::All], Backend::value_variants()),
            (&[], &[]),
        ] {
            assert_eq!(Choice::resolve(choices), backends, "{choices:?}");
        }
    }

    #[test]
    fn one_name_for_people_and_for_files() {
        let case = |operation, backend| Case { operation, backend };
        for operation in Operation::value_variants() {
            for backend in Backend::value_variants() {
                let case = case(*operation, *backend);
                let json = serde_json::to_value(case).unwrap();
                let name = format!("{} {}", json["operation"], json["backend"]).replace('"', "");
                assert_eq!(case.to_string(), name);
            }
        }
    }
}
