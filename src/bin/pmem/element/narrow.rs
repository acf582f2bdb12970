//! Floats of 8 and 16 bits: exact reading, shortest writing.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::io::Write as _;
use std::thread::LocalKey;

use half::{bf16, f16};

use super::decimal::Decimal;
use super::eight::{F8E4M3, F8E5M2};

/// A float of 8 or 16 bits: all its values are values of `f64`, and so are the midpoints between
/// them.
pub(super) trait Narrow: Copy {
    /// The bits that follow those of the largest finite value: infinity, where the type has one.
    const INFINITY: u16;

    /// The value that would follow the largest finite one.
    const BEYOND: f64;

    /// The value of positive bits.
    fn wide(bits: u16) -> f64;

    /// The texts that this thread knows.
    fn texts() -> &'static LocalKey<Texts>;
}

impl Narrow for f16 {
    const INFINITY: u16 = Self::INFINITY.to_bits();
    const BEYOND: f64 = 65_536.0;

    fn wide(bits: u16) -> f64 {
        Self::from_bits(bits).to_f64()
    }

    fn texts() -> &'static LocalKey<Texts> {
        thread_local!(static TEXTS: Texts = const { RefCell::new(Vec::new()) });
        &TEXTS
    }
}

impl Narrow for bf16 {
    const INFINITY: u16 = Self::INFINITY.to_bits();
    const BEYOND: f64 = f64::from_bits(0x47f0_0000_0000_0000);

    fn wide(bits: u16) -> f64 {
        Self::from_bits(bits).to_f64()
    }

    fn texts() -> &'static LocalKey<Texts> {
        thread_local!(static TEXTS: Texts = const { RefCell::new(Vec::new()) });
        &TEXTS
    }
}

impl Narrow for F8E4M3 {
    const INFINITY: u16 = 0x7f;
    const BEYOND: f64 = 480.0;

    fn wide(bits: u16) -> f64 {
        Self::from_bits(bits as u8).to_f32().into()
    }

    fn texts() -> &'static LocalKey<Texts> {
        thread_local!(static TEXTS: Texts = const { RefCell::new(Vec::new()) });
        &TEXTS
    }
}

impl Narrow for F8E5M2 {
    const INFINITY: u16 = 0x7c;
    const BEYOND: f64 = 65_536.0;

    fn wide(bits: u16) -> f64 {
        Self::from_bits(bits as u8).to_f32().into()
    }

    fn texts() -> &'static LocalKey<Texts> {
        thread_local!(static TEXTS: Texts = const { RefCell::new(Vec::new()) });
        &TEXTS
    }
}

/// Returns the positive bits nearest to the magnitude that `text`, a finite number, names; of two
/// that are equally near the even ones. [`Narrow::INFINITY`], if the number is too large.
pub(super) fn nearest<N: Narrow>(text: &str) -> u16 {
    let value = text.parse::<f64>().unwrap_or(f64::NAN).abs();
    // The text may name a number that is so close to a midpoint that f64 cannot tell.
    round_with::<N>(value, |midpoint| Decimal::new(text).cmp(&exact(midpoint)))
}

/// Returns the positive bits nearest to a magnitude; of two that are equally near the even ones.
/// [`Narrow::INFINITY`], if the magnitude is too large.
pub(super) fn round<N: Narrow>(magnitude: f64) -> u16 {
    round_with::<N>(magnitude, |_| Ordering::Equal)
}

/// Returns the positive bits nearest to a magnitude; `at_midpoint` decides on which side of a
/// midpoint it lies that equals it in 64 bits.
fn round_with<N: Narrow>(magnitude: f64, at_midpoint: impl Fn(f64) -> Ordering) -> u16 {
    let (mut low, mut high) = (0, N::INFINITY);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if N::wide(middle) <= magnitude { low = middle } else { high = middle }
    }
    let next = if high == N::INFINITY { N::BEYOND } else { N::wide(high) };
    let midpoint = f64::midpoint(N::wide(low), next);
    let order = match magnitude.total_cmp(&midpoint) {
        Ordering::Equal => at_midpoint(midpoint),
        order => order,
    };
    match order {
        Ordering::Less => low,
        Ordering::Greater => high,
        Ordering::Equal => low + (low & 1),
    }
}

/// All digits of a value; those of midpoints are fewer than 128.
fn exact(value: f64) -> Decimal {
    Decimal::new(&format!("{value:.128e}"))
}

/// Returns the shortest digits, and the power of ten of the first, that read back as `bits`, which
/// are positive and finite.
pub(super) fn shortest<N: Narrow>(bits: u16) -> (u32, i32) {
    let value = N::wide(bits);
    for places in 0..5 {
        let text = format!("{value:.places$e}");
        let (mantissa, power) = text.split_once('e').unwrap_or((&text, "0"));
        let digits: u32 = mantissa.replace('.', "").parse().unwrap_or(0);
        let power: i32 = power.parse().unwrap_or(0);
        // Above a power of two, where values lie less close, the next digit up may also do.
        for digits in [digits, digits + 1] {
            if nearest::<N>(&format!("{digits}e{}", power - places as i32)) == bits {
                return (digits, power + (digits.ilog10() as i32 - places as i32));
            }
        }
    }
    (0, 0)
}

/// The text of every positive value that was shown before, with its length in the last byte.
pub(super) type Texts = RefCell<Vec<[u8; 16]>>;

/// Appends the shortest text of positive, finite bits: in decimal from 1e-4 to below 1e7, and
/// otherwise with an exponent.
///
/// To find the digits takes long, but there are few values: each is looked for once in a thread.
#[inline]
pub(super) fn append<N: Narrow>(bits: u16, text: &mut Vec<u8>) {
    N::texts().with_borrow_mut(|texts| {
        if texts.is_empty() {
            *texts = vec![[0; 16]; usize::from(N::INFINITY)];
        }
        let known = &mut texts[usize::from(bits)];
        if known[15] == 0 {
            let mut new = Vec::with_capacity(16);
            compose::<N>(bits, &mut new);
            known[..new.len()].copy_from_slice(&new);
            known[15] = new.len() as u8;
        }
        let (known, length) = (*known, usize::from(known[15]));
        text.extend_from_slice(&known[..length]);
    });
}

/// Makes the text of positive, finite bits.
fn compose<N: Narrow>(bits: u16, text: &mut Vec<u8>) {
    let value = N::wide(bits);
    if value.fract() == 0.0 && value < 1e7 {
        // In full it is no longer than with zeroes for the digits that may be left out.
        text.extend_from_slice(itoa::Buffer::new().format(value as u32).as_bytes());
        return;
    }
    let (digits, power) = shortest::<N>(bits);
    let scale = power - digits.checked_ilog10().unwrap_or(0) as i32;
    let value: f64 = format!("{digits}e{scale}").parse().unwrap_or(value);
    // Writing to a vector does not fail.
    let _ = match power {
        -4..7 => write!(text, "{value}"),
        _ => write!(text, "{value:e}"),
    };
}

#[cfg(test)]
mod tests {
    use super::super::radix::Radix;
    use super::super::scalar::Scalar as _;
    use super::*;

    /// Returns the length of the longest text.
    fn check_all<N: Narrow>() -> usize {
        let mut longest = 0;
        for bits in 0..N::INFINITY {
            let mut text = Vec::new();
            append::<N>(bits, &mut text);
            let text = String::from_utf8(text).unwrap();
            assert_eq!(nearest::<N>(&text), bits, "{text}");
            longest = longest.max(text.len());
        }
        longest
    }

    #[test]
    fn all_f16_read_back() {
        assert_eq!(check_all::<f16>() + 1, f16::width(Radix::Decimal));
    }

    #[test]
    fn all_bf16_read_back() {
        assert_eq!(check_all::<bf16>() + 1, bf16::width(Radix::Decimal));
    }

    #[test]
    fn all_of_8_bits_read_back() {
        assert_eq!(check_all::<F8E4M3>() + 1, F8E4M3::width(Radix::Decimal));
        assert_eq!(check_all::<F8E5M2>() + 1, F8E5M2::width(Radix::Decimal));
    }

    #[test]
    fn midpoints_go_to_even_and_their_neighbours_do_not() {
        // 1 and 1 + 2^-10 are neighbours; the midpoint is 1.00048828125.
        let one = f16::ONE.to_bits();
        assert_eq!(nearest::<f16>("1.00048828125"), one);
        assert_eq!(nearest::<f16>("1.000488281250000000000000000000000001"), one + 1);
        assert_eq!(nearest::<f16>("1.000488281249999999999999999999999999"), one);
        assert_eq!(nearest::<f16>("1.00146484375"), one + 2);
        assert_eq!(nearest::<f16>("1.001464843749999999999999999999999999"), one + 1);
        assert_eq!(nearest::<f16>("65519.99999999999999999999999"), f16::MAX.to_bits());
        assert_eq!(nearest::<f16>("65520"), f16::INFINITY.to_bits());
    }

    #[test]
    fn texts() {
        for (value, expected) in [
            (f16::from_f32(0.1), "0.1"),
            (f16::ONE, "1"),
            (f16::MAX, "65504"),
            (f16::MIN_POSITIVE_SUBNORMAL, "6e-8"),
            (f16::from_f32(3.140_625), "3.14"),
            (f16::from_f32(2049.0), "2048"),
        ] {
            let mut text = Vec::new();
            append::<f16>(value.to_bits(), &mut text);
            assert_eq!(String::from_utf8(text).unwrap(), expected);
        }
        for (value, expected) in [
            (bf16::from_f32(0.1), "0.1"),
            (bf16::MAX, "3.39e38"),
            (bf16::from_f32(1e10), "1e10"),
            (bf16::from_f32(3.140_625), "3.14"),
        ] {
            let mut text = Vec::new();
            append::<bf16>(value.to_bits(), &mut text);
            assert_eq!(String::from_utf8(text).unwrap(), expected);
        }
    }
}
