//! Places in a file, in bytes.

use std::str::FromStr;

use super::Count;

/// A number of bytes from the start of a file: digits alone are bytes here, not elements.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Offset(pub(crate) u64);

impl FromStr for Offset {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        match text.parse()? {
            Count::Elements(bytes) | Count::Bytes(bytes) => Ok(Self(bytes)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_alone_are_bytes() {
        for (text, bytes) in
            [("44", 44), ("0x130", 304), ("1KiB", 1024), ("1KB", 1000), ("512B", 512), ("1K", 1024)]
        {
            assert_eq!(text.parse::<Offset>().unwrap(), Offset(bytes), "{text}");
        }
        for text in ["-1", "0x130B", "1e", "", "1.5"] {
            assert!(text.parse::<Offset>().is_err(), "{text}");
        }
    }
}
