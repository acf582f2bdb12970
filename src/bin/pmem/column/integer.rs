//! Exact sums of integers.

use std::fmt::{self, Display, Formatter};

/// A signed integer of 192 bits: room for 2^64 integers of 128 bits.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Integer {
    low: u128,
    high: i64,
}

impl Integer {
    /// Adds a signed value.
    #[inline]
    pub(crate) fn add(&mut self, value: i128) {
        let (low, carry) = self.low.overflowing_add(value as u128);
        *self = Self { low, high: self.high + i64::from(carry) - i64::from(value < 0) };
    }

    /// Adds an unsigned value.
    #[inline]
    pub(crate) fn add_unsigned(&mut self, value: u128) {
        let (low, carry) = self.low.overflowing_add(value);
        *self = Self { low, high: self.high + i64::from(carry) };
    }

    /// Adds another sum.
    pub(crate) fn merge(&mut self, other: Self) {
        self.add_unsigned(other.low);
        self.high += other.high;
    }

    /// Returns whether the sum is less than zero, and its magnitude from the least digit of 64
    /// bits on.
    fn magnitude(self) -> (bool, [u64; 3]) {
        let negative = self.high < 0;
        let value = match negative {
            true => {
                let (low, carry) = (!self.low).overflowing_add(1);
                Self { low, high: (!self.high).wrapping_add(i64::from(carry)) }
            }
            false => self,
        };
        (negative, [value.low as u64, (value.low >> 64) as u64, value.high as u64])
    }

    /// Returns the sum divided by a number that is not zero, rounded once to the nearest float.
    pub(crate) fn divided(self, by: u64) -> f64 {
        let (negative, digits) = self.magnitude();
        // Long division, bit by bit: 64 bits of the quotient from the first that is set, and
        // whether anything is left.
        let (mut quotient, mut rest, mut exponent) = (0_u64, 0_u128, 192_i32);
        while exponent > -128 && quotient.leading_zeros() > 0 {
            exponent -= 1;
            let bit = match usize::try_from(exponent) {
                Ok(place) => digits[place / 64] >> (place % 64) & 1,
                Err(_) => 0,
            };
            rest = rest << 1 | u128::from(bit);
            let fits = rest >= u128::from(by);
            rest -= if fits { u128::from(by) } else { 0 };
            quotient = quotient << 1 | u64::from(fits);
        }
        let left = (0..exponent.max(0) as usize).any(|at| digits[at / 64] >> (at % 64) & 1 == 1);
        let sticky = quotient | u64::from(rest > 0 || left);
        let magnitude = sticky as f64 * 2.0_f64.powi(exponent);
        if negative { -magnitude } else { magnitude }
    }
}

impl Display for Integer {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        /// The largest power of ten in 64 bits.
        const GROUP: u128 = 10_000_000_000_000_000_000;

        let (negative, mut digits) = self.magnitude();
        let mut groups = Vec::new();
        while digits != [0; 3] {
            let mut rest = 0;
            for digit in digits.iter_mut().rev() {
                let value = rest << 64 | u128::from(*digit);
                *digit = (value / GROUP) as u64;
                rest = value % GROUP;
            }
            groups.push(rest);
        }
        let mut text = groups.pop().unwrap_or(0).to_string();
        groups.iter().rev().for_each(|group| text.push_str(&format!("{group:019}")));
        f.pad_integral(!negative, "", &text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(values: &[i128]) -> Integer {
        values.iter().fold(Integer::default(), |mut sum, value| {
            sum.add(*value);
            sum
        })
    }

    #[test]
    fn beyond_128_bits() {
        let mut sum = total(&[i128::MIN, i128::MIN, -1]);
        assert_eq!(sum.to_string(), "-340282366920938463463374607431768211457");
        sum.add_unsigned(u128::MAX);
        assert_eq!(sum.to_string(), "-2");
        let mut sum = Integer::default();
        (0..3).for_each(|_| sum.add_unsigned(u128::MAX));
        assert_eq!(sum.to_string(), "1020847100762815390390123822295304634365");
        sum.merge(total(&[-5, 5]));
        assert_eq!(sum.divided(3), 2.0_f64.powi(128));
    }

    /// The expected values are those of Python's `float(Fraction(sum, by))`.
    #[test]
    fn quotients_are_rounded_once() {
        for (value, by, expected) in [
            (0, 7, 0.0),
            (10, 3, 3.333_333_333_333_333_5),
            (-10, 3, -3.333_333_333_333_333_5),
            ((1 << 53) + 1, 1, 9_007_199_254_740_992.0),
            ((1 << 54) + 3, 1, 18_014_398_509_481_988.0),
            ((1 << 60) + 1, 3, 384_307_168_202_282_300.0),
            (1, u64::MAX, 5.421_010_862_427_522e-20),
            (i128::MAX, 1, 1.701_411_834_604_692_3e38),
        ] {
            assert_eq!(total(&[value]).divided(by), expected, "{value} / {by}");
        }
    }
}
