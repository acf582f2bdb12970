//! Numbers of elements, as people write them.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use anyhow::{anyhow, bail, ensure};

use super::minus::MINUS;
use crate::element::Element;
use crate::text::plural;

/// A number of elements, or of bytes that must be a whole number of elements.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Count {
    /// So many elements.
    Elements(u64),
    /// The elements of so many bytes.
    Bytes(u64),
}

impl Count {
    /// Returns the number of elements.
    ///
    /// # Errors
    ///
    /// The bytes are not a whole number of elements.
    pub(crate) fn elements(self, element: &Element) -> anyhow::Result<u64> {
        let size = element.size();
        match self {
            Self::Elements(elements) => Ok(elements),
            Self::Bytes(bytes) if bytes.is_multiple_of(size) => Ok(bytes / size),
            Self::Bytes(bytes) => bail!(
                "{} {} not a whole number of {element} elements ({} each)",
                plural(bytes, "byte"),
                if bytes == 1 { "is" } else { "are" },
                plural(size, "byte")
            ),
        }
    }
}

impl Display for Count {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Elements(elements) => write!(f, "{elements}"),
            Self::Bytes(bytes) => write!(f, "{bytes}B"),
        }
    }
}

impl FromStr for Count {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        ensure!(!text.starts_with(MINUS), "a number of elements is never negative");
        refuse_ambiguous(text)?;
        let number = Number::split(text)?;
        let unit = Unit::parse(number.unit)?;
        let value = number.times(unit.factor)?;
        let value = u64::try_from(value)
            .map_err(|_| anyhow!("{value} is too large; the largest is {}", u64::MAX))?;
        Ok(if unit.bytes { Self::Bytes(value) } else { Self::Elements(value) })
    }
}

/// Refuses what can be read in two ways, and says how to write each of them.
fn refuse_ambiguous(text: &str) -> anyhow::Result<()> {
    let hexadecimal = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    if let Some(digits) = hexadecimal.and_then(|digits| digits.strip_suffix('B'))
        && let Ok(bytes) = u64::from_str_radix(&digits.replace('_', ""), 16)
    {
        bail!(
            "can be read in two ways; write {bytes}B for bytes, or 0x{}b for a number in hexadecimal",
            digits.to_lowercase()
        );
    }
    let parts = text.split_once('e').filter(|_| hexadecimal.is_none());
    if let Some((number, power)) = parts
        && number.ends_with(|c: char| c.is_ascii_digit())
        && power.bytes().all(|digit| digit.is_ascii_digit())
    {
        let meant = match number.parse::<u64>().ok().zip(power.parse().ok()) {
            Some((number, power)) => {
                10_u64.checked_pow(power).and_then(|factor| number.checked_mul(factor))
            }
            None => None,
        };
        let meant = meant.map(|meant| format!(", or {meant}")).unwrap_or_default();
        bail!("'e' can be read in two ways; write {number}E for exa{meant}");
    }
    ensure!(
        !text.contains(',') || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b','),
        "digits are not grouped by commas; write {}",
        text.replace(',', "_")
    );
    Ok(())
}

/// The parts of a text.
#[derive(Debug)]
struct Number<'a> {
    radix: u32,
    whole: &'a str,
    fraction: &'a str,
    unit: &'a str,
}

impl<'a> Number<'a> {
    /// Splits a text where its digits end.
    fn split(text: &'a str) -> anyhow::Result<Self> {
        let (radix, digits) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
            Some(digits) => (16, digits),
            None => (10, text),
        };
        let (whole, rest) = match digits.starts_with('.') && radix == 10 {
            true => digits.split_at(0),
            false => take_digits(digits, radix)?,
        };
        match rest.strip_prefix('.') {
            Some(rest) if radix == 10 => {
                let (fraction, unit) = take_digits(rest, radix)?;
                Ok(Self { radix, whole, fraction, unit })
            }
            _ => Ok(Self { radix, whole, fraction: "", unit: rest }),
        }
    }

    /// Returns the number times `factor`, which must be whole.
    fn times(&self, factor: u64) -> anyhow::Result<u128> {
        let too_large = || anyhow!("too large; the largest is {}", u64::MAX);
        let digits = |text: &'a str| text.chars().filter_map(|c| c.to_digit(self.radix));
        // Schoolbook multiplication of the fraction: its digits from the right, with a carry.
        let mut carry = 0;
        for digit in digits(self.fraction).rev() {
            let product = u128::from(digit) * u128::from(factor) + carry;
            ensure!(product.is_multiple_of(10), "not a whole number");
            carry = product / 10;
        }
        let mut whole = 0_u128;
        for digit in digits(self.whole) {
            let shifted = whole.checked_mul(self.radix.into());
            whole = shifted.and_then(|n| n.checked_add(digit.into())).ok_or_else(too_large)?;
        }
        let product = whole.checked_mul(factor.into());
        product.and_then(|n| n.checked_add(carry)).ok_or_else(too_large)
    }
}

/// What to say about a text that has nothing of a number.
const EXPECTED: &str = "expected a number, like 1000, 4K or 8MB (see 'pmem help counts')";

/// Splits off digits with `_` between them, at least one.
fn take_digits(text: &str, radix: u32) -> anyhow::Result<(&str, &str)> {
    let end = text.find(|c: char| !c.is_digit(radix) && c != '_').unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    ensure!(!digits.is_empty(), EXPECTED);
    let misplaced = digits.starts_with('_') || digits.ends_with('_') || digits.contains("__");
    ensure!(!misplaced, "'_' belongs between two digits");
    Ok((digits, rest))
}

/// What a number is multiplied with.
#[derive(Debug)]
struct Unit {
    factor: u64,
    bytes: bool,
}

impl Unit {
    /// Parses a unit: a unit that ends in `B` is bytes, everything else counts elements.
    fn parse(text: &str) -> anyhow::Result<Self> {
        // Rather two numbers than one with a unit, as in 1:2 and 1-2.
        ensure!(!text.starts_with([':', '-', '.', ',', ';', '+', MINUS[1]]), EXPECTED);
        let unknown = || anyhow!("'{text}' is not a unit; there are K M G T P E, KiB, KB and B");
        let (prefix, bytes) = match text.strip_suffix('B') {
            Some(prefix) => (prefix, true),
            None => (text, false),
        };
        if let Some(prefix) = text.strip_suffix('b')
            && Self::parse(prefix).is_ok_and(|unit| !unit.bytes)
        {
            bail!("'{text}' is not a unit; write {prefix}B for bytes");
        }
        let mut letters = prefix.chars().map(|letter| letter.to_ascii_uppercase());
        let power = match letters.next() {
            None => return Ok(Self { factor: 1, bytes }),
            Some(letter) => 1 + "KMGTPE".find(letter).ok_or_else(unknown)? as u32,
        };
        let base: u64 = match (letters.next(), bytes) {
            (None, true) => 1000,
            (None, false) | (Some('I'), _) => 1024,
            _ => return Err(unknown()),
        };
        ensure!(letters.next().is_none(), unknown());
        Ok(Self { factor: base.pow(power), bytes })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn accepted() {
        use Count::{Bytes, Elements};
        for (text, count) in [
            ("0", Elements(0)),
            ("1000", Elements(1000)),
            ("1_000", Elements(1000)),
            ("0x3e8", Elements(1000)),
            ("0X3E8", Elements(1000)),
            ("0x10K", Elements(16 << 10)),
            ("007", Elements(7)),
            ("4K", Elements(4096)),
            ("4k", Elements(4096)),
            ("4Ki", Elements(4096)),
            ("4KI", Elements(4096)),
            ("2M", Elements(2 << 20)),
            ("1G", Elements(1 << 30)),
            ("1T", Elements(1 << 40)),
            ("1P", Elements(1 << 50)),
            ("15E", Elements(15 << 60)),
            ("4KiB", Bytes(4096)),
            ("4KB", Bytes(4000)),
            ("4kB", Bytes(4000)),
            ("8MB", Bytes(8_000_000)),
            ("512B", Bytes(512)),
            ("1.5K", Elements(1536)),
            ("1.0", Elements(1)),
            ("0.5KiB", Bytes(512)),
            ("1.001KB", Bytes(1001)),
            ("0.000000000931322574615478515625G", Elements(1)),
            ("18446744073709551615", Elements(u64::MAX)),
            ("0xffffffffffffffff", Elements(u64::MAX)),
        ] {
            assert_eq!(text.parse::<Count>().unwrap(), count, "{text}");
        }
    }

    #[test]
    fn refused() {
        for (text, message) in [
            ("", "expected a number, like 1000, 4K or 8MB (see 'pmem help counts')"),
            ("K", "expected a number, like 1000, 4K or 8MB (see 'pmem help counts')"),
            ("-1", "a number of elements is never negative"),
            ("+1", "expected a number, like 1000, 4K or 8MB (see 'pmem help counts')"),
            ("0x", "expected a number, like 1000, 4K or 8MB (see 'pmem help counts')"),
            ("1.K", "expected a number, like 1000, 4K or 8MB (see 'pmem help counts')"),
            ("1_", "'_' belongs between two digits"),
            ("1__0", "'_' belongs between two digits"),
            ("_1", "'_' belongs between two digits"),
            ("2b", "'b' is not a unit; write B for bytes"),
            ("2kb", "'kb' is not a unit; write kB for bytes"),
            ("2Kib", "'Kib' is not a unit; write KiB for bytes"),
            ("1X", "'X' is not a unit; there are K M G T P E, KiB, KB and B"),
            ("1KK", "'KK' is not a unit; there are K M G T P E, KiB, KB and B"),
            ("1:2", "expected a number, like 1000, 4K or 8MB (see 'pmem help counts')"),
            ("1-2", "expected a number, like 1000, 4K or 8MB (see 'pmem help counts')"),
            ("1..2", "expected a number, like 1000, 4K or 8MB (see 'pmem help counts')"),
            ("1iB", "'iB' is not a unit; there are K M G T P E, KiB, KB and B"),
            ("1 K", "' K' is not a unit; there are K M G T P E, KiB, KB and B"),
            ("1e", "'e' can be read in two ways; write 1E for exa"),
            ("1e3", "'e' can be read in two ways; write 1E for exa, or 1000"),
            (
                "0x10B",
                "can be read in two ways; write 16B for bytes, or 0x10b for a number in hexadecimal",
            ),
            (
                "0xAB",
                "can be read in two ways; write 10B for bytes, or 0xab for a number in hexadecimal",
            ),
            ("1,000", "digits are not grouped by commas; write 1_000"),
            ("1.5", "not a whole number"),
            ("0.3K", "not a whole number"),
            ("16E", "18446744073709551616 is too large; the largest is 18446744073709551615"),
            (
                "18446744073709551616",
                "18446744073709551616 is too large; the largest is 18446744073709551615",
            ),
        ] {
            assert_eq!(text.parse::<Count>().unwrap_err().to_string(), message, "{text}");
        }
    }

    #[test]
    fn bytes_are_whole_elements() {
        let element: Element = "u64".parse().unwrap();
        assert_eq!(Count::Bytes(4096).elements(&element).unwrap(), 512);
        assert_eq!(
            Count::Bytes(4100).elements(&element).unwrap_err().to_string(),
            "4100 bytes are not a whole number of u64 elements (8 bytes each)"
        );
    }

    proptest! {
        #[test]
        fn plain_numbers_are_themselves(number: u64) {
            for text in [format!("{number}"), format!("{number:#x}"), format!("{number}.0")] {
                prop_assert_eq!(text.parse::<Count>().unwrap(), Count::Elements(number));
            }
            let bytes = format!("{number}B").parse::<Count>().unwrap();
            prop_assert_eq!(bytes, Count::Bytes(number));
        }

        #[test]
        fn units_multiply(number in 0..1_u64 << 40, power in 0_usize..7) {
            let unit = ["", "K", "M", "G", "T", "P", "E"][power];
            let wanted = number.checked_mul(1 << (10 * power));
            let parsed = format!("{number}{unit}").parse::<Count>().ok();
            prop_assert_eq!(parsed, wanted.map(Count::Elements));
        }

        #[test]
        fn no_text_panics(text: String) {
            let _ = text.parse::<Count>();
        }

        #[test]
        fn no_likely_text_panics(text in "[0-9xX_.]{0,30}[kKmMeEiIbB]{0,3}") {
            let _ = text.parse::<Count>();
        }
    }
}
