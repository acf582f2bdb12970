//! Files whose length is no whole number of elements.

use std::fmt::{self, Display, Formatter};
use std::path::Path;

use crate::element::Element;
use crate::env::Env;
use crate::error::At as _;

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
    /// Tells about what is left over of `ragged`, the way `self` wants it.
    ///
    /// # Errors
    ///
    /// [`Partial::Error`], and something is left over.
    pub(crate) fn tell(self, ragged: Ragged, path: &Path, env: &Env) -> anyhow::Result<()> {
        if ragged.left_over() == 0 {
            return Ok(());
        }
        match self {
            Self::Warn => env.warn(path, ragged),
            Self::Error => return Err(anyhow::anyhow!("{ragged}")).at(path),
            Self::Ignore => {}
        }
        Ok(())
    }
}

/// A number of bytes, looked at as elements.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ragged {
    /// How many bytes there are.
    pub(crate) bytes: u64,
    /// What they are looked at as.
    pub(crate) element: Element,
}

impl Ragged {
    /// The number of whole elements.
    pub(crate) fn elements(self) -> u64 {
        self.bytes / self.element.size()
    }

    /// The number of bytes after the last whole element.
    pub(crate) fn left_over(self) -> u64 {
        self.bytes % self.element.size()
    }
}

impl Display for Ragged {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { bytes, element } = *self;
        let (size, rest) = (element.size(), self.left_over());
        let plural = if bytes == 1 { "" } else { "s" };
        write!(
            f,
            "{bytes} byte{plural} is not a whole number of {element} elements ({size} bytes \
             each); {rest} byte{} left over",
            if rest == 1 { " is" } else { "s are" },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message() {
        let element = "u64".parse().unwrap();
        for (bytes, text) in [
            (
                4099,
                "4099 bytes is not a whole number of u64 elements (8 bytes each); \
                 3 bytes are left over",
            ),
            (1, "1 byte is not a whole number of u64 elements (8 bytes each); 1 byte is left over"),
        ] {
            assert_eq!(Ragged { bytes, element }.to_string(), text);
        }
    }
}
