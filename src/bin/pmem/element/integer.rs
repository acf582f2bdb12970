//! Integers as elements.

use anyhow::{anyhow, bail, ensure};

use super::digits::Lines;
use super::lists::with_integers;
use super::radix::Radix;
use super::scalar::{Scalar, Tone};

/// Makes integer types into elements.
macro_rules! integers {
    ($($T:ident as $Unsigned:ident),* $(,)?) => {$(
        #[allow(unused_comparisons, reason = "half of the types have no sign")]
        impl Scalar for $T {
            const NAME: &'static str = stringify!($T);
            const INTEGER: bool = true;

            fn swap(self) -> Self {
                self.swap_bytes()
            }

            fn parse(text: &str) -> anyhow::Result<Self> {
                let range = || format!("{} is {}..={}", Self::NAME, Self::MIN, Self::MAX);
                let (negative, magnitude) =
                    parse(text).map_err(|error| no_value(text, Self::NAME, error))?;
                let value = magnitude.and_then(|magnitude| match negative {
                    false => Self::try_from(magnitude).ok(),
                    true if magnitude == 1 << 127 => Self::try_from(i128::MIN).ok(),
                    true => Self::try_from(-i128::try_from(magnitude).ok()?).ok(),
                });
                value.ok_or_else(|| anyhow!("{text} is out of range: {}", range()))
            }

            #[inline]
            fn append(self, text: &mut Vec<u8>) {
                text.extend_from_slice(itoa::Buffer::new().format(self).as_bytes());
            }

            #[inline(always)]
            fn append_then(self, end: u8, lines: &mut Lines<'_>) {
                if Self::BITS > 64 {
                    let text = lines.text();
                    self.append(text);
                    text.push(end);
                    return;
                }
                if Self::MIN < 0 {
                    lines.sign(self as i64);
                    lines.number((self as i64).unsigned_abs(), end);
                } else {
                    lines.number(self as u64, end);
                }
            }

            #[inline]
            fn append_aligned(self, radix: Radix, width: usize, lines: &mut Lines<'_>) {
                if Self::BITS > 64 || radix != Radix::Decimal {
                    lines.right(width, |text| self.append_radix(radix, text));
                } else if Self::MIN < 0 {
                    lines.aligned((self as i64).unsigned_abs(), self < 0, width);
                } else {
                    lines.aligned(self as u64, false, width);
                }
            }

            fn append_radix(self, radix: Radix, text: &mut Vec<u8>) {
                match radix.bits() {
                    None => self.append(text),
                    Some(bits) => {
                        let digits = radix.digits(Self::BITS);
                        append_bits(u128::from(self as $Unsigned), bits, digits, text);
                    }
                }
            }

            fn width(radix: Radix) -> usize {
                match radix {
                    Radix::Decimal => Self::MAX.to_string().len().max(Self::MIN.to_string().len()),
                    _ => radix.digits(Self::BITS),
                }
            }

            #[inline]
            fn tone(self) -> Tone {
                match self {
                    0 => Tone::Zero,
                    _ if self < 0 => Tone::Negative,
                    _ => Tone::Plain,
                }
            }
        }
    )*};
}

with_integers!(integers);

/// Says that a text is no value of a type.
pub(super) fn no_value(text: &str, name: &str, why: anyhow::Error) -> anyhow::Error {
    // Nothing at all could not be seen.
    let shown = if text.is_empty() { "''" } else { text };
    anyhow!("{shown} is no {name} value: {why}")
}

/// Appends so many digits of so many bits each.
pub(crate) fn append_bits(value: u128, bits: u32, digits: usize, text: &mut Vec<u8>) {
    let start = text.len();
    text.resize(start + digits, b'0');
    // Most numbers fit a register, which takes less time.
    let (mut high, mut low) = (value, value as u64);
    let narrow = value <= u64::MAX.into();
    for place in text[start..].iter_mut().rev() {
        let digit = low & ((1 << bits) - 1);
        *place = b"0123456789abcdef"[digit as usize];
        if narrow {
            low >>= bits;
        } else {
            high >>= bits;
            low = high as u64;
        }
    }
}

/// Parses a sign and a magnitude, which is nothing where 128 bits are not enough.
///
/// # Errors
///
/// The text is no whole number.
pub(super) fn parse(text: &str) -> anyhow::Result<(bool, Option<u128>)> {
    let (negative, text) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let (radix, digits) = match text.get(..2) {
        Some("0x" | "0X") => (16, &text[2..]),
        Some("0b" | "0B") => (2, &text[2..]),
        Some("0o" | "0O") => (8, &text[2..]),
        _ => (10, text),
    };
    let mut value = Some(0_u128);
    let mut after_digit = false;
    for character in digits.chars() {
        if character == '_' && after_digit {
            after_digit = false;
            continue;
        }
        let Some(digit) = character.to_digit(radix) else {
            bail!("a whole number is wanted");
        };
        after_digit = true;
        value = value.and_then(|value| value.checked_mul(radix.into())?.checked_add(digit.into()));
    }
    ensure!(after_digit, "a whole number is wanted");
    Ok((negative, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text<T: Scalar>(value: T, radix: Radix) -> String {
        let mut text = Vec::new();
        value.append_radix(radix, &mut text);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn parsed() {
        assert_eq!(u8::parse("255").unwrap(), 255);
        assert_eq!(u8::parse("0xff").unwrap(), 255);
        assert_eq!(u8::parse("0b1111_0000").unwrap(), 240);
        assert_eq!(u8::parse("0o17").unwrap(), 15);
        assert_eq!(u8::parse("+1").unwrap(), 1);
        assert_eq!(u8::parse("-0").unwrap(), 0);
        assert_eq!(i8::parse("-128").unwrap(), -128);
        assert_eq!(i8::parse("-0x80").unwrap(), -128);
        assert_eq!(u64::parse("1_000").unwrap(), 1000);
        assert_eq!(u128::parse(&u128::MAX.to_string()).unwrap(), u128::MAX);
        assert_eq!(i128::parse(&i128::MIN.to_string()).unwrap(), i128::MIN);
    }

    #[test]
    fn refused() {
        for (value, message) in [
            ("300", "300 is out of range: u8 is 0..=255"),
            ("-1", "-1 is out of range: u8 is 0..=255"),
            (
                "999999999999999999999999999999999999999999",
                "999999999999999999999999999999999999999999 is out of range: u8 is 0..=255",
            ),
            ("1.5", "1.5 is no u8 value: a whole number is wanted"),
            ("", "'' is no u8 value: a whole number is wanted"),
            ("-", "- is no u8 value: a whole number is wanted"),
            ("0x", "0x is no u8 value: a whole number is wanted"),
            ("_1", "_1 is no u8 value: a whole number is wanted"),
            ("1_", "1_ is no u8 value: a whole number is wanted"),
            ("1__0", "1__0 is no u8 value: a whole number is wanted"),
            ("ü", "ü is no u8 value: a whole number is wanted"),
        ] {
            assert_eq!(u8::parse(value).unwrap_err().to_string(), message);
        }
        assert!(i128::parse("170141183460469231731687303715884105728").is_err());
        assert!(i128::parse("-170141183460469231731687303715884105729").is_err());
    }

    #[test]
    fn shown() {
        assert_eq!(text(-5_i8, Radix::Hexadecimal), "fb");
        assert_eq!(text(10_u16, Radix::Hexadecimal), "000a");
        assert_eq!(text(10_u8, Radix::Binary), "00001010");
        assert_eq!(text(u64::MAX, Radix::Octal), "1777777777777777777777");
        assert_eq!(text(u128::MAX, Radix::Octal).len(), u128::width(Radix::Octal));
        assert_eq!(text(i128::MIN, Radix::Decimal), i128::MIN.to_string());
        assert_eq!(i128::width(Radix::Decimal), 40);
        assert_eq!(u128::width(Radix::Decimal), 39);
    }
}
