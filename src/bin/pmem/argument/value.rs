//! Values on the command line.

use std::convert::Infallible;
use std::str::FromStr;

use super::minus;
use crate::element::Element;

/// A value, as it was written. What it is worth depends on the type.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Value {
    text: String,
}

impl Value {
    /// Returns what was written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

impl FromStr for Value {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self { text: minus::show(text) })
    }
}

/// Returns the bytes of values as they belong into a file.
///
/// # Errors
///
/// One of them is not a value of the type.
pub(crate) fn encode(element: &Element, values: &[Value]) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(values.len() * element.bytes());
    values.iter().try_for_each(|value| element.parse_value(&value.text, &mut bytes))?;
    element.swap(&mut bytes);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_in_the_order_of_the_file() {
        let values = ["1".parse().unwrap(), "-2".parse().unwrap()];
        for (element, bytes) in [
            ("i8", &[1, 254][..]),
            ("i16", &[1, 0, 254, 255]),
            ("i16be", &[0, 1, 255, 254]),
            ("i24be", &[0, 0, 1, 255, 255, 254]),
            ("f32be", &[0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0]),
        ] {
            assert_eq!(encode(&element.parse().unwrap(), &values).unwrap(), bytes, "{element}");
        }
        let error = encode(&"u8".parse().unwrap(), &values).unwrap_err();
        assert_eq!(error.to_string(), "-2 is out of range: u8 is 0..=255");
    }
}
