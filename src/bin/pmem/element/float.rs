//! Floats as elements.

use std::io::Write as _;

use anyhow::{anyhow, bail, ensure};
use half::{bf16, f16};

use super::eight::{F8E4M3, F8E5M2};
use super::integer;
use super::narrow;
use super::radix::Radix;
use super::scalar::{Class, Scalar, Tone};
use super::series::{FloatSeries, Serial, Series};

/// A float: what differs between the widths.
pub(super) trait Float: Copy {
    /// Infinity, if the type has one.
    const INFINITE: Option<Self>;

    /// Returns the value of a finite, positive decimal number; `None`, if that is too large.
    fn positive(text: &str) -> Option<Self>;

    /// Returns the value nearest to a finite number; one that is not finite, if that is too large.
    fn round(value: f64) -> Self;

    /// Appends a positive, finite value.
    fn append_positive(self, text: &mut Vec<u8>);
}

/// Makes floats whose texts are looked for once into [`Float`]s.
macro_rules! narrow {
    ($($T:ident as $Bits:ident, $infinite:expr, $round:expr;)*) => {$(
        impl Float for $T {
            const INFINITE: Option<Self> = $infinite;

            fn positive(text: &str) -> Option<Self> {
                let bits = narrow::nearest::<Self>(text);
                let finite = bits < <Self as narrow::Narrow>::INFINITY;
                finite.then(|| Self::from_bits(bits as $Bits))
            }

            fn round(value: f64) -> Self {
                ($round)(value)
            }

            fn append_positive(self, text: &mut Vec<u8>) {
                narrow::append::<Self>(self.to_bits().into(), text);
            }
        }
    )*};
}

narrow! {
    f16 as u16, Some(Self::INFINITY), |value| f16::from_f32(odd(value));
    bf16 as u16, Some(Self::INFINITY), |value| bf16::from_f32(odd(value));
    F8E4M3 as u8, Self::INFINITE, eight;
    F8E5M2 as u8, Self::INFINITE, eight;
}

/// Returns a float of 32 bits that is odd if digits were cut off, so that rounding it again goes
/// where rounding the whole number would have gone.
fn odd(value: f64) -> f32 {
    let near = value as f32;
    if value.is_nan() || f64::from(near) == value {
        return near;
    }
    let beyond = u32::from(f64::from(near).abs() > value.abs());
    f32::from_bits((near.to_bits() - beyond) | 1)
}

/// Rounds to a float of 8 bits.
fn eight<T: narrow::Narrow + FromBits>(value: f64) -> T {
    let sign = if value.is_sign_negative() { 0x80 } else { 0 };
    let magnitude = match value.is_nan() {
        true => T::NOT_A_NUMBER,
        false => narrow::round::<T>(value.abs()) as u8,
    };
    T::of(sign | magnitude)
}

/// A float that is made of 8 bits.
trait FromBits {
    /// The bits of NaN.
    const NOT_A_NUMBER: u8;

    fn of(bits: u8) -> Self;
}

impl FromBits for F8E4M3 {
    const NOT_A_NUMBER: u8 = Self::NAN.to_bits();

    fn of(bits: u8) -> Self {
        Self::from_bits(bits)
    }
}

impl FromBits for F8E5M2 {
    const NOT_A_NUMBER: u8 = Self::NAN.to_bits();

    fn of(bits: u8) -> Self {
        Self::from_bits(bits)
    }
}

/// Makes the floats of Rust into [`Float`]s.
macro_rules! wide {
    ($($T:ident),*) => {$(
        impl Float for $T {
            const INFINITE: Option<Self> = Some(Self::INFINITY);

            fn positive(text: &str) -> Option<Self> {
                text.parse().ok().filter(|value: &Self| value.is_finite())
            }

            fn round(value: f64) -> Self {
                value as Self
            }

            #[inline]
            fn append_positive(self, text: &mut Vec<u8>) {
                let mut buffer = zmij::Buffer::new();
                let number = buffer.format_finite(self).as_bytes();
                // The value is looked at, and not its text, which has only just been written.
                if self >= 1e13 {
                    append_large(number, text);
                } else if self < 1e-4 {
                    append_small(number, text);
                } else {
                    text.extend_from_slice(number.strip_suffix(b".0").unwrap_or(number));
                }
            }
        }
    )*};
}

wide!(f32, f64);

/// Makes float types into scalars: their name, the characters of their longest text, their bytes,
/// the significant bits of the mantissa with the one that is implied, the bias of the exponent,
/// the type of their bits, and the type in which they are computed with.
macro_rules! floats {
    ($($T:ident $name:literal: $longest:literal, $size:literal, $significant:literal, $bias:literal,
       $Bits:ident, $Wide:ident, $wide:expr;)*) => {$(
        impl Scalar for $T {
            const NAME: &'static str = $name;
            const SIZE: usize = $size;
            const CLASS: Class = Class::Float;

            type Wide = $Wide;

            #[inline(always)]
            fn load(bytes: &[u8]) -> Self {
                let mut bits = [0; $size];
                bits.copy_from_slice(bytes);
                Self::from_bits($Bits::from_le_bytes(bits))
            }

            #[inline(always)]
            fn store(self, bytes: &mut [u8]) {
                bytes.copy_from_slice(&self.to_bits().to_le_bytes());
            }

            #[inline(always)]
            fn wide(self) -> $Wide {
                ($wide)(self)
            }

            fn parse(text: &str) -> anyhow::Result<Self> {
                let (negative, magnitude) = match text.as_bytes().first() {
                    Some(b'-') => (true, &text[1..]),
                    Some(b'+') => (false, &text[1..]),
                    _ => (false, text),
                };
                let value: Option<Self> = if magnitude.eq_ignore_ascii_case("nan") {
                    Some(Self::NAN)
                } else {
                    parse_magnitude(magnitude)
                        .map_err(|error| integer::no_value(text, Self::NAME, error))?
                };
                let value = value.ok_or_else(|| {
                    let greatest = greatest::<Self>(Self::MAX);
                    anyhow!("{text} is out of range: {} is -{greatest}..={greatest}", Self::NAME)
                })?;
                Ok(if negative { -value } else { value })
            }

            #[inline]
            fn append(self, text: &mut Vec<u8>) {
                if self.is_sign_negative() {
                    text.push(b'-');
                }
                if self.is_nan() {
                    text.extend_from_slice(b"NaN");
                } else if self.is_infinite() {
                    text.extend_from_slice(b"inf");
                } else {
                    let sign = 1 << (size_of::<Self>() * 8 - 1);
                    Self::from_bits(self.to_bits() & !sign).append_positive(text);
                }
            }

            fn append_radix(self, _: Radix, text: &mut Vec<u8>) {
                self.append(text);
            }

            fn append_fixed(self, digits: usize, text: &mut Vec<u8>) {
                if self.is_nan() || self.is_infinite() {
                    self.append(text);
                } else {
                    // Writing to a vector does not fail.
                    let _ = write!(text, "{:.digits$}", self.wide());
                }
            }

            fn width(_: Radix) -> usize {
                $longest
            }

            #[inline]
            fn tone(self) -> Tone {
                if self.is_nan() {
                    Tone::Nan
                } else if self.is_infinite() {
                    Tone::Infinite
                } else if self.to_bits() == 0 {
                    Tone::Zero
                } else if self.to_bits() << 1 == 0 {
                    Tone::MinusZero
                } else if self.is_sign_negative() {
                    Tone::Negative
                } else {
                    Tone::Plain
                }
            }

            /// Takes the upper bits, as many as the mantissa has, as a fraction.
            #[inline]
            fn uniform(self) -> Self {
                let fraction = self.to_bits() >> ($size * 8 - $significant);
                let Some(highest) = fraction.checked_ilog2() else { return Self::from_bits(0) };
                let exponent = (highest + $bias - $significant) as $Bits;
                let mantissa = fraction << ($significant - 1 - highest);
                let implied = 1 << ($significant - 1);
                Self::from_bits((exponent << ($significant - 1)) + (mantissa & (implied - 1)))
            }
        }

        impl Serial for $T {
            const LEAST: $Wide = -Self::GREATEST;
            const GREATEST: $Wide = match $name.as_bytes() {
                b"f8e4m3" => 448.0,
                b"f8e5m2" => 57_344.0,
                b"f16" => 65_504.0,
                b"bf16" => f32::from_bits(0x7f7f_0000) as $Wide,
                _ => $Wide::MAX,
            };

            fn series(start: &str, step: &str) -> anyhow::Result<Box<dyn Series>> {
                Self::parse(start)?;
                let (first, each) = (f64::parse(start)?, f64::parse(step)?);
                ensure!(
                    first.is_finite() && each.is_finite(),
                    "the series {start}:{step} is not finite"
                );
                let greatest = greatest::<Self>(Self::MAX);
                Ok(Box::new(FloatSeries::<Self> {
                    start: first,
                    step: each,
                    round: <Self as Float>::round,
                    range: format!("-{greatest}")..greatest,
                    is_finite: |value| !value.is_nan() && !value.is_infinite(),
                }))
            }
        }
    )*};
}

// The longest texts: -0.014, -6.1e-5, -0.00012345, -1.234e-38, -1.23456789e-38,
// -1.2345678901234567e-308.
floats! {
    F8E4M3 "f8e4m3": 6, 1, 4, 7, u8, f32, |value: F8E4M3| value.to_f32();
    F8E5M2 "f8e5m2": 8, 1, 3, 15, u8, f32, |value: F8E5M2| value.to_f32();
    f16 "f16": 11, 2, 11, 15, u16, f32, |value: f16| value.to_f32();
    bf16 "bf16": 10, 2, 8, 127, u16, f32, |value: bf16| value.to_f32();
    f32 "f32": 15, 4, 24, 127, u32, f32, |value| value;
    f64 "f64": 24, 8, 53, 1023, u64, f64, |value| value;
}

/// Returns the text of the greatest value.
fn greatest<T: Scalar>(value: T) -> String {
    let mut text = Vec::new();
    value.append(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}

/// Appends a number that may have an exponent, of two or three digits, without the plus of that.
fn append_large(number: &[u8], text: &mut Vec<u8>) {
    let plus = match number {
        [.., b'+', _, _] => number.len() - 3,
        [.., b'+', _, _, _] => number.len() - 4,
        _ => {
            text.extend_from_slice(number.strip_suffix(b".0").unwrap_or(number));
            return;
        }
    };
    text.extend_from_slice(&number[..plus]);
    text.extend_from_slice(&number[plus + 1..]);
}

/// Appends a number below 1e-4, with an exponent unless it is zero.
fn append_small(number: &[u8], text: &mut Vec<u8>) {
    let Some(digits) = number.strip_prefix(b"0.0000") else {
        text.extend_from_slice(number.strip_suffix(b".0").unwrap_or(number));
        return;
    };
    let zeroes = digits.iter().take_while(|digit| **digit == b'0').count();
    let Some((first, rest)) = digits[zeroes..].split_first() else { return };
    text.push(*first);
    if !rest.is_empty() {
        text.push(b'.');
        text.extend_from_slice(rest);
    }
    text.extend_from_slice(b"e-");
    (5 + zeroes as u64).append(text);
}

/// Is this a name of infinity?
fn is_infinity(text: &str) -> bool {
    text.eq_ignore_ascii_case("inf") || text.eq_ignore_ascii_case("infinity")
}

/// Parses a number without its sign, which is not NaN. `None` stands for one that is too large.
///
/// # Errors
///
/// The text is not a number, or infinite where the type has no infinity.
fn parse_magnitude<T: Float>(text: &str) -> anyhow::Result<Option<T>> {
    const EXPECTED: &str = "expected a number, inf or NaN";
    if is_infinity(text) {
        ensure!(T::INFINITE.is_some(), "the type has no infinity");
        return Ok(T::INFINITE);
    }
    if !text.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        bail!(EXPECTED);
    }
    if text.get(..2).is_some_and(|start| ["0x", "0X", "0b", "0B", "0o", "0O"].contains(&start)) {
        let Ok((_, magnitude)) = integer::parse(text) else { bail!(EXPECTED) };
        let Some(magnitude) = magnitude else { bail!("more than 128 bits") };
        return Ok(T::positive(&magnitude.to_string()));
    }
    let digits = without_separators(text).ok_or_else(|| anyhow!(EXPECTED))?;
    match digits.parse::<f64>() {
        Ok(_) => Ok(T::positive(&digits)),
        Err(_) => bail!(EXPECTED),
    }
}

/// Takes out the `_` between digits; nothing if one is elsewhere.
fn without_separators(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let between_digits = |at: usize| {
        let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        at > 0 && is_digit(at - 1) && is_digit(at + 1)
    };
    let fine = (0..bytes.len()).all(|at| bytes[at] != b'_' || between_digits(at));
    fine.then(|| text.replace('_', ""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text<T: Scalar>(value: T) -> String {
        let mut text = Vec::new();
        value.append(&mut text);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn rounding_to_16_bits_happens_once() {
        let tie = 1.0 + 2.0_f64.powi(-11);
        let above = 1.0 + 2.0_f64.powi(-10);
        assert_eq!(<f16 as Float>::round(tie).to_f64(), 1.0);
        assert_eq!(<f16 as Float>::round(tie + 2.0_f64.powi(-52)).to_f64(), above);
        assert_eq!(
            <bf16 as Float>::round(-1.0 - 2.0_f64.powi(-8) - 2.0_f64.powi(-52)).to_f64(),
            -1.0 - 2.0_f64.powi(-7)
        );
        assert_eq!(<f16 as Float>::round(65_519.999_999), f16::MAX);
        assert!(<F8E4M3 as Float>::round(f64::NAN).is_nan());
    }

    #[test]
    fn shown() {
        for (value, expected) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (-2.5, "-2.5"),
            (0.1, "0.1"),
            (1e20, "1e20"),
            (1e15, "1000000000000000"),
            (0.0001, "0.0001"),
            (0.00012, "0.00012"),
            (0.00001, "1e-5"),
            (0.00009876, "9.876e-5"),
            (1.5e-6, "1.5e-6"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e308"),
            (f64::NAN, "NaN"),
            (-f64::NAN, "-NaN"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(text(value), expected);
        }
        assert_eq!(text(0.1_f32), "0.1");
        assert_eq!(text(1.5e-6_f32), "1.5e-6");
        assert_eq!(text(1e13_f32), "1e13");
        assert_eq!(text(f16::from_f32(-0.0)), "-0");
        assert_eq!(text(f16::NEG_INFINITY), "-inf");
        assert_eq!(text(bf16::NAN), "NaN");
    }

    #[test]
    fn parsed() {
        for (text, value) in [
            ("1", 1.0),
            ("+1.5", 1.5),
            (".5", 0.5),
            ("1e3", 1000.0),
            ("1_000.5", 1000.5),
            ("0x10", 16.0),
            ("0b101", 5.0),
            ("inf", f64::INFINITY),
            ("-Infinity", f64::NEG_INFINITY),
            ("1e-999", 0.0),
        ] {
            assert_eq!(f64::parse(text).unwrap(), value, "{text}");
        }
        assert!(f64::parse("nan").unwrap().is_nan());
        assert!(f64::parse("-0").unwrap().is_sign_negative());
        assert_eq!(
            f16::parse("1e5").unwrap_err().to_string(),
            "1e5 is out of range: f16 is -65504..=65504"
        );
        for text in ["", "-", "--1", "abc", "1__0", "_1", "1_.5", "0x", "1e", "infi", "1,5"] {
            assert!(f64::parse(text).is_err(), "{text}");
            assert!(f16::parse(text).is_err(), "{text}");
        }
        for text in ["1e39", "-1e39"] {
            assert!(f32::parse(text).is_err());
            assert!(bf16::parse(text).is_err());
        }
    }

    #[test]
    fn of_8_bits() {
        for (bits, expected) in [
            (0x00, "0"),
            (0x80, "-0"),
            (0x38, "1"),
            (0x7e, "448"),
            (0x01, "0.002"),
            (0x7f, "NaN"),
            (0xff, "-NaN"),
        ] {
            assert_eq!(text(F8E4M3::from_bits(bits)), expected);
            assert_eq!(F8E4M3::parse(expected).unwrap().to_bits(), bits, "{expected}");
        }
        assert_eq!(
            F8E4M3::parse("465").unwrap_err().to_string(),
            "465 is out of range: f8e4m3 is -448..=448"
        );
        assert_eq!(F8E4M3::parse("464").unwrap().to_bits(), 0x7e);
        assert_eq!(
            F8E4M3::parse("inf").unwrap_err().to_string(),
            "'inf' is not an f8e4m3: the type has no infinity"
        );
        assert_eq!(F8E5M2::parse("-inf").unwrap().to_bits(), 0xfc);
        assert_eq!(text(F8E5M2::from_bits(0x7b)), "57344");
    }

    #[test]
    fn sign_of_nan_is_kept() {
        assert_eq!(f32::parse("-NaN").unwrap().to_bits(), 0xffc0_0000);
        assert_eq!(f32::parse("NaN").unwrap().to_bits(), 0x7fc0_0000);
        assert_eq!(bf16::parse("-nan").unwrap().to_bits(), 0xffc0);
    }

    #[test]
    fn uniform_bits_are_fractions() {
        assert_eq!(f64::from_bits(0).uniform(), 0.0);
        assert_eq!(f64::from_bits(1 << 63).uniform(), 0.5);
        assert_eq!(f64::from_bits(u64::MAX).uniform(), 1.0 - f64::EPSILON / 2.0);
        assert_eq!(f32::from_bits(1 << 31).uniform(), 0.5);
        assert_eq!(f32::from_bits(u32::MAX).uniform(), 1.0 - f32::EPSILON / 2.0);
        for bits in 0..=u16::MAX {
            let value = f16::from_bits(bits).uniform().to_f64();
            assert_eq!(value, f64::from(bits >> 5) / 2048.0);
            let value = bf16::from_bits(bits).uniform().to_f64();
            assert_eq!(value, f64::from(bits >> 8) / 256.0);
        }
        for bits in 0..=u8::MAX {
            let value = F8E4M3::from_bits(bits).uniform().to_f32();
            assert_eq!(value, f32::from(bits >> 4) / 16.0);
            let value = F8E5M2::from_bits(bits).uniform().to_f32();
            assert_eq!(value, f32::from(bits >> 5) / 8.0);
        }
    }

    #[test]
    fn refused() {
        for text in ["", "-", "abc", "1e", "1_", "0x", "0x1p3", "0x1.8", "0b2"] {
            let error = f32::parse(text).unwrap_err().to_string();
            assert_eq!(error, format!("'{text}' is not an f32: expected a number, inf or NaN"));
        }
    }

    proptest! {
        #[test]
        fn f64_reads_back(bits: u64) {
            let value = f64::from_bits(bits);
            prop_assume!(!value.is_nan());
            let text = text(value);
            prop_assert!(text.len() <= f64::width(Radix::Decimal));
            prop_assert_eq!(f64::parse(&text).unwrap().to_bits(), bits);
        }

        #[test]
        fn f32_reads_back(bits: u32) {
            let value = f32::from_bits(bits);
            prop_assume!(!value.is_nan());
            let text = text(value);
            prop_assert!(text.len() <= f32::width(Radix::Decimal));
            prop_assert_eq!(f32::parse(&text).unwrap().to_bits(), bits);
        }

        #[test]
        fn f16_takes_the_nearest(value in -65519.0..65519.0_f64) {
            let parsed = f16::parse(&text(value)).unwrap();
            let distance = |bits| (f16::from_bits(bits).to_f64() - value).abs();
            let bits = parsed.to_bits();
            for neighbour in [bits.saturating_sub(1), bits + 1] {
                let other = distance(neighbour);
                prop_assert!(distance(bits) <= other || !other.is_finite());
            }
        }

        #[test]
        fn no_text_panics(text: String) {
            let _ = f64::parse(&text);
            let _ = bf16::parse(&text);
        }
    }
}
