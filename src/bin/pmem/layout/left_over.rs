//! Bytes behind the last element of a file.

use std::fmt::{self, Display, Formatter};
use std::path::Path;

use super::Format;
use crate::element::Element;
use crate::env::Env;
use crate::error::At as _;
use crate::text::plural;

/// What to do about bytes that are left over after the last whole element.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum Partial {
    /// Say so on standard error, and go on
    Warn,
    /// Stop with an error
    Error,
    /// Go on silently
    Ignore,
}

impl Partial {
    /// Reports what is left over, the way `self` wants it; `reached` says whether the elements
    /// that are asked for reach the end of the file.
    ///
    /// # Errors
    ///
    /// [`Partial::Error`], and something is left over where it matters.
    pub(crate) fn report(
        self,
        left_over: &LeftOver,
        reached: bool,
        path: &Path,
        env: &Env,
    ) -> anyhow::Result<()> {
        if left_over.is_none() {
            return Ok(());
        }
        match self {
            Self::Warn => env.warn(path, left_over),
            Self::Error if reached => return Err(anyhow::anyhow!("{left_over}")).at(path),
            Self::Error | Self::Ignore => {}
        }
        Ok(())
    }
}

/// What does not fit the elements of a file: bytes behind the last one, or elements that the
/// header counts and the file does not have.
#[derive(Clone, Debug)]
pub(crate) struct LeftOver {
    /// What an element is.
    pub(crate) element: Element,
    /// Place of the first element.
    pub(crate) start: u64,
    /// Bytes behind the last element.
    pub(crate) bytes: u64,
    /// Length of the file.
    pub(crate) len: u64,
    /// Format with a header, and how many elements that counts.
    pub(crate) counted: Option<(Format, u64)>,
    /// How many elements there are.
    pub(crate) count: u64,
}

impl LeftOver {
    /// Returns whether everything fits.
    pub(crate) fn is_none(&self) -> bool {
        let missing = self.counted.is_some_and(|(_, counted)| counted > self.count);
        self.bytes == 0 && !missing && self.start <= self.len
    }
}

impl Display for LeftOver {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { element, start, bytes, len, counted, count } = self;
        if start > len {
            return write!(
                f,
                "the elements begin at byte {start}, after the end: there {} {}",
                if *len == 1 { "is" } else { "are" },
                plural(*len, "byte")
            );
        }
        match counted {
            Some((format, counted)) if counted > count => write!(
                f,
                "the {format} header counts {}, and the file has {count}",
                plural(*counted, "element")
            ),
            Some((format, counted)) => write!(
                f,
                "the {format} header counts {}, and {} behind them",
                plural(*counted, "element"),
                if *bytes == 1 { "1 byte is".into() } else { format!("{bytes} bytes are") },
            ),
            None => {
                let there = len - start;
                let behind = match start {
                    0 => String::new(),
                    _ => format!(" from byte {start} on"),
                };
                write!(
                    f,
                    "{}{behind} {} not a whole number of {element} elements ({} each); {} left \
                     over",
                    plural(there, "byte"),
                    if there == 1 { "is" } else { "are" },
                    plural(element.size(), "byte"),
                    if *bytes == 1 { "1 byte is".into() } else { format!("{bytes} bytes are") },
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Layout;

    #[test]
    fn message() {
        for (element, start, len, text) in [
            (
                "u64",
                0,
                4099,
                "4099 bytes are not a whole number of u64 elements (8 bytes each); \
                 3 bytes are left over",
            ),
            (
                "u64",
                0,
                1,
                "1 byte is not a whole number of u64 elements (8 bytes each); 1 byte is left over",
            ),
            (
                "u16",
                5,
                8,
                "3 bytes from byte 5 on are not a whole number of u16 elements (2 bytes each); \
                 1 byte is left over",
            ),
            ("u16", 9, 1, "the elements begin at byte 9, after the end: there is 1 byte"),
        ] {
            let layout = Layout::raw(element.parse().unwrap(), start, Some(len));
            let left_over = layout.left_over().unwrap();
            assert!(!left_over.is_none());
            assert_eq!(left_over.to_string(), text);
        }
    }
}
