//! Truth values as elements.

use super::integer;
use super::radix::Radix;
use super::scalar::{Class, Scalar, Tone};

/// A byte that is `false` or `true`. Other bytes than 0 and 1 are shown as numbers, so that no
/// text stands for two of them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Boolean(u8);

impl Boolean {
    /// Makes a truth value of its byte.
    pub(super) const fn of(byte: u8) -> Self {
        Self(byte)
    }
}

impl Scalar for Boolean {
    const NAME: &'static str = "bool";
    const SIZE: usize = 1;
    const CLASS: Class = Class::Bool;

    type Wide = u8;

    #[inline(always)]
    fn load(bytes: &[u8]) -> Self {
        Self(bytes[0])
    }

    #[inline(always)]
    fn store(self, bytes: &mut [u8]) {
        bytes[0] = self.0;
    }

    #[inline(always)]
    fn wide(self) -> u8 {
        self.0
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        match text {
            "false" => Ok(Self(0)),
            "true" => Ok(Self(1)),
            _ => u8::parse(text).map(Self).map_err(|_| {
                integer::no_value(text, Self::NAME, anyhow::anyhow!("expected true or false"))
            }),
        }
    }

    #[inline]
    fn append(self, text: &mut Vec<u8>) {
        match self.0 {
            0 => text.extend_from_slice(b"false"),
            1 => text.extend_from_slice(b"true"),
            other => other.append(text),
        }
    }

    fn append_radix(self, radix: Radix, text: &mut Vec<u8>) {
        match radix {
            Radix::Decimal => self.append(text),
            _ => self.0.append_radix(radix, text),
        }
    }

    fn width(radix: Radix) -> usize {
        match radix {
            Radix::Decimal => "false".len(),
            _ => u8::width(radix),
        }
    }

    fn tone(self) -> Tone {
        if self.0 == 0 { Tone::Zero } else { Tone::Plain }
    }

    fn uniform(self) -> Self {
        Self(self.0 & 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_reads_back() {
        for byte in 0..=u8::MAX {
            let mut text = Vec::new();
            Boolean(byte).append(&mut text);
            let text = String::from_utf8(text).unwrap();
            assert_eq!(Boolean::parse(&text).unwrap(), Boolean(byte), "{text}");
        }
        assert_eq!(
            Boolean::parse("yes").unwrap_err().to_string(),
            "'yes' is not a bool: expected true or false"
        );
    }
}
