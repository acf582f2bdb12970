//! Integers as elements.

use anyhow::{anyhow, bail, ensure};

use super::digits::Lines;
use super::radix::Radix;
use super::scalar::{Class, Scalar, Tone};
use super::series::{IntegerSeries, Serial, Series};

/// An unsigned integer of 24 bits, as PCM and sensors store it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct U24(u32);

/// A signed integer of 24 bits, as PCM and sensors store it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct I24(i32);

impl U24 {
    /// Takes the low 24 bits.
    pub(super) const fn of(bits: u32) -> Self {
        Self(bits << 8 >> 8)
    }
}

impl I24 {
    /// Takes the low 24 bits, and their sign.
    pub(super) const fn of(bits: i32) -> Self {
        Self(bits << 8 >> 8)
    }
}

/// Makes integer types into scalars: their name, their class, the type in which they are computed
/// with, the unsigned type of its width, their bits, and the ways to that type and back.
macro_rules! integers {
    ($($T:ident $name:literal $class:ident: $Wide:ident as $Unsigned:ident, $bits:literal,
       $wide:expr, $narrow:expr;)*) => {$(
        #[allow(unused_comparisons, reason = "half of the types have no sign")]
        impl Scalar for $T {
            const NAME: &'static str = $name;
            const SIZE: usize = $bits / 8;
            const CLASS: Class = Class::$class;

            type Wide = $Wide;

            #[inline(always)]
            fn load(bytes: &[u8]) -> Self {
                let mut wide = [0; size_of::<$Wide>()];
                wide[..Self::SIZE].copy_from_slice(bytes);
                // Shifting there and back extends the sign; for whole types it does nothing.
                let shift = $Wide::BITS - $bits;
                ($narrow)($Wide::from_le_bytes(wide) << shift >> shift)
            }

            #[inline(always)]
            fn store(self, bytes: &mut [u8]) {
                bytes.copy_from_slice(&self.wide().to_le_bytes()[..Self::SIZE]);
            }

            #[inline(always)]
            fn wide(self) -> $Wide {
                ($wide)(self)
            }

            fn parse(text: &str) -> anyhow::Result<Self> {
                let range = <Self as Serial>::LEAST..=<Self as Serial>::GREATEST;
                let (negative, magnitude) =
                    parse(text).map_err(|error| no_value(text, Self::NAME, error))?;
                let value = magnitude.and_then(|magnitude| match negative {
                    false => $Wide::try_from(magnitude).ok(),
                    true if magnitude == 1 << 127 => $Wide::try_from(i128::MIN).ok(),
                    true => $Wide::try_from(-i128::try_from(magnitude).ok()?).ok(),
                });
                let value = value.filter(|value| range.contains(value));
                value.map($narrow).ok_or_else(|| {
                    let (least, greatest) = range.into_inner();
                    anyhow!("{text} is out of range: {} is {least}..={greatest}", Self::NAME)
                })
            }

            #[inline]
            fn append(self, text: &mut Vec<u8>) {
                text.extend_from_slice(itoa::Buffer::new().format(self.wide()).as_bytes());
            }

            #[inline(always)]
            fn append_then(self, end: u8, lines: &mut Lines<'_>) {
                if $bits > 64 {
                    let text = lines.text();
                    self.append(text);
                    text.push(end);
                    return;
                }
                if $Wide::MIN < 0 {
                    lines.sign(self.wide() as i64);
                    lines.number((self.wide() as i64).unsigned_abs(), end);
                } else {
                    lines.number(self.wide() as u64, end);
                }
            }

            #[inline]
            fn append_aligned(self, radix: Radix, width: usize, lines: &mut Lines<'_>) {
                if $bits > 64 || radix != Radix::Decimal {
                    lines.right(width, |text| self.append_radix(radix, text));
                } else if $Wide::MIN < 0 {
                    let value = self.wide() as i64;
                    lines.aligned(value.unsigned_abs(), value < 0, width);
                } else {
                    lines.aligned(self.wide() as u64, false, width);
                }
            }

            fn append_radix(self, radix: Radix, text: &mut Vec<u8>) {
                match radix.bits() {
                    None => self.append(text),
                    Some(each) => {
                        let shift = $Wide::BITS - $bits;
                        let bits = (self.wide() as $Unsigned) << shift >> shift;
                        append_bits(u128::from(bits), each, radix.digits($bits), text);
                    }
                }
            }

            fn width(radix: Radix) -> usize {
                let (least, greatest) = (<Self as Serial>::LEAST, <Self as Serial>::GREATEST);
                match radix {
                    Radix::Decimal => least.to_string().len().max(greatest.to_string().len()),
                    _ => radix.digits($bits),
                }
            }

            #[inline]
            fn tone(self) -> Tone {
                match self.wide() {
                    0 => Tone::Zero,
                    value if value < 0 => Tone::Negative,
                    _ => Tone::Plain,
                }
            }

            #[inline]
            fn uniform(self) -> Self {
                self
            }
        }

        impl Serial for $T {
            const LEAST: $Wide = $Wide::MIN >> ($Wide::BITS - $bits);
            const GREATEST: $Wide = $Wide::MAX >> ($Wide::BITS - $bits);

            fn series(start: &str, step: &str) -> anyhow::Result<Box<dyn Series>> {
                let first = Self::parse(start)?.wide();
                let (negative, step) = match parse(step) {
                    Ok((negative, step)) => (negative, step.unwrap_or(u128::MAX)),
                    Err(error) => bail!("step {}: {error}", shown(step)),
                };
                let bound = if negative { Self::LEAST } else { Self::GREATEST };
                // Computed modulo a power of two, in which a step down is a large step up.
                let magnitude = step as $Unsigned;
                let forward = if negative { magnitude.wrapping_neg() } else { magnitude };
                Ok(Box::new(IntegerSeries {
                    start: first.to_string(),
                    step: format!("{}{step}", if negative { "-" } else { "" }),
                    range: format!("{}..={} of {}", Self::LEAST, Self::GREATEST, Self::NAME),
                    values: u128::from(first.abs_diff(bound))
                        .checked_div(step)
                        .map(|steps| steps.saturating_add(1)),
                    write: move |index: u64, bytes: &mut [u8]| {
                        let start = first as $Unsigned;
                        let mut value = start.wrapping_add(forward.wrapping_mul(index as _));
                        for place in bytes.chunks_exact_mut(Self::SIZE) {
                            place.copy_from_slice(&value.to_le_bytes()[..Self::SIZE]);
                            value = value.wrapping_add(forward);
                        }
                    },
                }))
            }
        }
    )*};
}

integers! {
    u8 "u8" Unsigned: u8 as u8, 8, |value| value, |value| value;
    u16 "u16" Unsigned: u16 as u16, 16, |value| value, |value| value;
    U24 "u24" Unsigned: u32 as u32, 24, |value: U24| value.0, U24;
    u32 "u32" Unsigned: u32 as u32, 32, |value| value, |value| value;
    u64 "u64" Unsigned: u64 as u64, 64, |value| value, |value| value;
    u128 "u128" Unsigned: u128 as u128, 128, |value| value, |value| value;
    i8 "i8" Signed: i8 as u8, 8, |value| value, |value| value;
    i16 "i16" Signed: i16 as u16, 16, |value| value, |value| value;
    I24 "i24" Signed: i32 as u32, 24, |value: I24| value.0, I24;
    i32 "i32" Signed: i32 as u32, 32, |value| value, |value| value;
    i64 "i64" Signed: i64 as u64, 64, |value| value, |value| value;
    i128 "i128" Signed: i128 as u128, 128, |value| value, |value| value;
}

/// Says that a text is not a value of a type.
pub(super) fn no_value(text: &str, name: &str, why: anyhow::Error) -> anyhow::Error {
    let article = if name.starts_with(['i', 'f']) { "an" } else { "a" };
    anyhow!("'{text}' is not {article} {name}: {why}")
}

/// Returns a text for a message: nothing at all could not be seen.
pub(super) fn shown(text: &str) -> &str {
    if text.is_empty() { "''" } else { text }
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

/// Parses a sign and a magnitude, which is `None` where 128 bits are not enough.
///
/// # Errors
///
/// The text is not a whole number.
pub(super) fn parse(text: &str) -> anyhow::Result<(bool, Option<u128>)> {
    const EXPECTED: &str = "expected a whole number";

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
        let Some(digit) = character.to_digit(radix) else { bail!(EXPECTED) };
        after_digit = true;
        value = value.and_then(|value| value.checked_mul(radix.into())?.checked_add(digit.into()));
    }
    ensure!(after_digit, EXPECTED);
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
            ("1.5", "'1.5' is not a u8: expected a whole number"),
            ("", "'' is not a u8: expected a whole number"),
            ("-", "'-' is not a u8: expected a whole number"),
            ("0x", "'0x' is not a u8: expected a whole number"),
            ("_1", "'_1' is not a u8: expected a whole number"),
            ("1_", "'1_' is not a u8: expected a whole number"),
            ("1__0", "'1__0' is not a u8: expected a whole number"),
            ("ü", "'ü' is not a u8: expected a whole number"),
        ] {
            assert_eq!(u8::parse(value).unwrap_err().to_string(), message);
        }
        assert!(i128::parse("170141183460469231731687303715884105728").is_err());
        assert!(i128::parse("-170141183460469231731687303715884105729").is_err());
    }

    #[test]
    fn of_24_bits() {
        assert_eq!(I24::parse("-8388608").unwrap().wide(), -8_388_608);
        assert_eq!(
            I24::parse("8388608").unwrap_err().to_string(),
            "8388608 is out of range: i24 is -8388608..=8388607"
        );
        assert!(U24::parse("16777216").is_err() && U24::parse("16777215").is_ok());
        for value in [-8_388_608, -1, 0, 1, 8_388_607] {
            let mut bytes = [0; 3];
            I24(value).store(&mut bytes);
            assert_eq!(bytes, value.to_le_bytes()[..3]);
            assert_eq!(I24::load(&bytes).wide(), value);
        }
        assert_eq!(text(I24(-1), Radix::Hexadecimal), "ffffff");
        assert_eq!(text(I24(-1), Radix::Decimal), "-1");
        assert_eq!(I24::width(Radix::Decimal), 8);
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
