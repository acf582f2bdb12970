//! Floats as elements.

use anyhow::{anyhow, bail};
use half::{bf16, f16};

use super::integer;
use super::narrow;
use super::radix::Radix;
use super::scalar::{Scalar, Tone};

/// A float: what differs between the widths.
trait Float: Copy {
    /// The largest finite value.
    const LARGEST: Self;

    /// Not a number.
    const NOT_A_NUMBER: Self;

    /// Infinity.
    const INFINITE: Self;

    /// Makes a value of a finite, positive decimal number; infinity, if that is too large.
    fn positive(text: &str) -> Self;

    /// Appends a positive, finite value.
    fn append_positive(self, text: &mut Vec<u8>);
}

impl Float for f16 {
    const LARGEST: Self = Self::MAX;
    const NOT_A_NUMBER: Self = Self::NAN;
    const INFINITE: Self = Self::INFINITY;

    fn positive(text: &str) -> Self {
        Self::from_bits(narrow::nearest::<Self>(text))
    }

    fn append_positive(self, text: &mut Vec<u8>) {
        narrow::append::<Self>(self.to_bits(), text);
    }
}

impl Float for bf16 {
    const LARGEST: Self = Self::MAX;
    const NOT_A_NUMBER: Self = Self::NAN;
    const INFINITE: Self = Self::INFINITY;

    fn positive(text: &str) -> Self {
        Self::from_bits(narrow::nearest::<Self>(text))
    }

    fn append_positive(self, text: &mut Vec<u8>) {
        narrow::append::<Self>(self.to_bits(), text);
    }
}

/// Makes the floats of Rust into [`Float`]s.
macro_rules! wide {
    ($($T:ident),*) => {$(
        impl Float for $T {
            const LARGEST: Self = Self::MAX;
            const NOT_A_NUMBER: Self = Self::NAN;
            const INFINITE: Self = Self::INFINITY;

            fn positive(text: &str) -> Self {
                text.parse().unwrap_or(Self::NAN)
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

/// Makes float types into elements.
macro_rules! floats {
    ($($T:ident: $longest:literal),* $(,)?) => {$(
        impl Scalar for $T {
            const NAME: &'static str = stringify!($T);
            const INTEGER: bool = false;

            fn swap(self) -> Self {
                Self::from_bits(self.to_bits().swap_bytes())
            }

            fn parse(text: &str) -> anyhow::Result<Self> {
                let (negative, magnitude) = match text.as_bytes().first() {
                    Some(b'-') => (true, &text[1..]),
                    Some(b'+') => (false, &text[1..]),
                    _ => (false, text),
                };
                let value: Self = parse_magnitude(magnitude)
                    .map_err(|error| integer::no_value(text, Self::NAME, error))?;
                if value.is_infinite() && !is_infinity(magnitude) {
                    let mut largest = Vec::new();
                    Self::LARGEST.append(&mut largest);
                    let largest = String::from_utf8_lossy(&largest);
                    bail!("{text} is out of range: {} is -{largest}..={largest}", Self::NAME);
                }
                Ok(if negative { -value } else { value })
            }

            #[inline]
            fn append(self, text: &mut Vec<u8>) {
                if self.is_nan() {
                    text.extend_from_slice(b"NaN");
                    return;
                }
                if self.is_sign_negative() {
                    text.push(b'-');
                }
                if self.is_infinite() {
                    text.extend_from_slice(b"inf");
                } else {
                    let sign = 1 << (size_of::<Self>() * 8 - 1);
                    Self::from_bits(self.to_bits() & !sign).append_positive(text);
                }
            }

            fn append_radix(self, _: Radix, text: &mut Vec<u8>) {
                self.append(text);
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
        }
    )*};
}

// The longest texts: -0.00012345, -1.234e-38, -1.23456789e-38, -1.2345678901234567e-308.
floats! { f16: 11, bf16: 10, f32: 15, f64: 24 }

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

/// Parses a number without its sign.
fn parse_magnitude<T: Float>(text: &str) -> anyhow::Result<T> {
    const WANTED: &str = "a number, inf or NaN is wanted";
    if is_infinity(text) {
        return Ok(T::INFINITE);
    }
    if text.eq_ignore_ascii_case("nan") {
        return Ok(T::NOT_A_NUMBER);
    }
    if !text.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        bail!(WANTED);
    }
    if text.get(..2).is_some_and(|start| ["0x", "0X", "0b", "0B", "0o", "0O"].contains(&start)) {
        let Ok((_, magnitude)) = integer::parse(text) else { bail!(WANTED) };
        let Some(magnitude) = magnitude else { bail!("more than 128 bits") };
        return Ok(T::positive(&magnitude.to_string()));
    }
    let digits = without_separators(text).ok_or_else(|| anyhow!(WANTED))?;
    match digits.parse::<f64>() {
        Ok(_) => Ok(T::positive(&digits)),
        Err(_) => bail!(WANTED),
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
            (-f64::NAN, "NaN"),
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
    fn refused() {
        for text in ["", "-", "abc", "1e", "1_", "0x", "0x1p3", "0x1.8", "0b2"] {
            let error = f32::parse(text).unwrap_err().to_string();
            let shown = if text.is_empty() { "''" } else { text };
            assert_eq!(error, format!("{shown} is no f32 value: a number, inf or NaN is wanted"));
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
