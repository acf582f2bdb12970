//! The text of one scalar.

use crate::convert::feed::Place;
use crate::element::Kind;

/// Where an error is: bytes from the start of a text, and what is wrong there.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) offset: usize,
    pub(super) error: anyhow::Error,
}

impl Wrong {
    /// Says what is wrong at a place of a text.
    pub(super) fn at(offset: usize, error: impl Into<anyhow::Error>) -> Self {
        Self { offset, error: error.into() }
    }

    /// Returns the error with its place; the text begins at `start`.
    pub(super) fn located(self, text: &[u8], start: Place) -> anyhow::Error {
        let place = start.after(&text[..self.offset.min(text.len())]);
        self.error.context(place.to_string())
    }
}

/// Parses the text of a scalar, of which `offset` says where it is, into its bytes.
#[inline]
pub(super) fn parse(kind: Kind, text: &[u8], offset: usize, place: &mut [u8]) -> Result<(), Wrong> {
    let codec = kind.codec();
    if (codec.quick)(text, place) {
        return Ok(());
    }
    let parsed = match std::str::from_utf8(text) {
        Ok(text) => (codec.parse)(text, place),
        Err(_) => Err(anyhow::anyhow!("'{}' is not UTF-8", text.escape_ascii())),
    };
    parsed.map_err(|error| Wrong::at(offset, error))
}
