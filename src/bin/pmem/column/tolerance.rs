//! When two values count as equal although they differ.

use super::key::{greatest_key, key, steps, unkey};
use crate::element::{Number as _, Scalar};

/// How far a value may lie from the one that is expected. One of the conditions is enough.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tolerance {
    /// The greatest difference, and how much more for each unit of the expected value; below zero
    /// if there is no such condition.
    absolute: f64,
    relative: f64,
    /// The greatest difference of integers, if it does not depend on the expected value.
    whole: u128,
    /// The greatest number of steps from value to value.
    ulps: u128,
}

impl Tolerance {
    /// Returns the tolerance of `absolute + relative × |expected|`, or of so many steps.
    pub(crate) fn new(
        absolute: Option<Distance>,
        relative: Option<Distance>,
        ulps: Option<u128>,
    ) -> Self {
        let none = absolute.is_none() && relative.is_none();
        let exact = absolute.unwrap_or_default();
        Self {
            absolute: if none { -1.0 } else { exact.value },
            relative: relative.unwrap_or_default().value,
            whole: exact.whole,
            ulps: ulps.unwrap_or(0),
        }
    }

    /// Returns whether a value is close to the one that is expected.
    ///
    /// Differences are computed in 64-bit floats, and those of integers exactly. Infinities are
    /// close only to themselves, or by steps; NaN is close to nothing.
    #[inline(always)]
    pub(crate) fn is_close<T: Scalar>(&self, value: T, expected: T) -> bool {
        let (a, b) = (value.wide(), expected.wide());
        if T::Wide::FLOAT {
            let by_steps = || !a.is_nan() && !b.is_nan() && steps(value, expected) <= self.ulps;
            self.is_near((a.to_f64() - b.to_f64()).abs(), b.to_f64()) || by_steps()
        } else {
            let steps = steps(value, expected);
            self.is_near_whole(steps, b.to_f64()) || steps <= self.ulps
        }
    }

    /// Returns whether a difference from the value that is expected is small enough.
    #[inline(always)]
    pub(crate) fn is_near(&self, distance: f64, expected: f64) -> bool {
        let near = distance <= self.absolute + self.relative * expected.abs();
        near && distance < f64::INFINITY
    }

    /// Returns whether a difference of integers is small enough.
    #[inline(always)]
    pub(crate) fn is_near_whole(&self, distance: u128, expected: f64) -> bool {
        match self.relative {
            0.0 => distance <= self.whole,
            // The conversion rounds down, and ends at the greatest number there is.
            relative => distance <= (self.absolute + relative * expected.abs()) as u128,
        }
    }

    /// Returns the least and the greatest value that are close to the one that is expected.
    pub(crate) fn around<T: Scalar>(&self, expected: T) -> (T, T) {
        let at = key(expected);
        let close = |key: u128| {
            let value = unkey::<T>(key);
            value.wide() == expected.wide() || self.is_close(value, expected)
        };
        let above = farthest(greatest_key::<T>() - at, |steps| close(at + steps));
        let below = farthest(at, |steps| close(at - steps));
        (unkey(at - below), unkey(at + above))
    }
}

/// Returns the greatest number up to `most` for which a condition holds, that holds for zero and
/// for all numbers below one for which it holds.
pub(crate) fn farthest(most: u128, holds: impl Fn(u128) -> bool) -> u128 {
    let (mut good, mut rest) = (0, most);
    while rest > 0 {
        let step = rest.div_ceil(2);
        if holds(good + step) {
            good += step;
            rest -= step;
        } else {
            rest = step - 1;
        }
    }
    good
}

/// A difference, as it was written.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Distance {
    value: f64,
    /// What integers can differ by: all digits of a whole number.
    whole: u128,
}

impl std::str::FromStr for Distance {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        const EXPECTED: &str = "expected a number that is not negative";

        let value: f64 = text.parse().map_err(|_| EXPECTED)?;
        if !(0.0..f64::INFINITY).contains(&value) || value.is_sign_negative() {
            return Err(EXPECTED);
        }
        Ok(Self { value, whole: text.parse().unwrap_or(value as u128) })
    }
}

#[cfg(test)]
mod tests {
    use half::bf16;
    use proptest::prelude::*;

    use super::*;

    fn tolerance(absolute: &str, relative: &str, ulps: u128) -> Tolerance {
        let parsed = |text: &str| (!text.is_empty()).then(|| text.parse().unwrap());
        Tolerance::new(parsed(absolute), parsed(relative), Some(ulps))
    }

    #[test]
    fn closeness() {
        assert!(tolerance("0.5", "", 0).is_close(1.5, 2.0));
        assert!(!tolerance("0.4", "", 0).is_close(1.5, 2.0));
        assert!(tolerance("", "0.25", 0).is_close(1.5, 2.0));
        // Relative to the second.
        assert!(!tolerance("", "0.25", 0).is_close(2.0, 1.5));
        assert!(tolerance("", "", 1).is_close(1.0_f32, 1.0 + f32::EPSILON));
        assert!(!tolerance("", "", 1).is_close(1.0_f32, 1.0 + 2.0 * f32::EPSILON));
        assert!(tolerance("", "", 1).is_close(bf16::from_f32(1.0), bf16::from_f32(1.007_812_5)));
        assert!(!tolerance("", "", 0).is_close(0.0, -0.0));
        assert!(tolerance("0", "", 0).is_close(0.0, -0.0));
    }

    #[test]
    fn what_is_not_finite() {
        let wide = tolerance("1e300", "1", 0);
        let (inf, nan) = (f64::INFINITY, f64::NAN);
        for (a, b) in [(inf, 1.0), (1.0, inf), (inf, -inf), (nan, 1.0), (1.0, nan), (nan, nan)] {
            assert!(!wide.is_close(a, b), "{a} {b}");
        }
        let (least, greatest) = tolerance("", "", 1).around(f64::MAX);
        assert_eq!((least, greatest), (f64::MAX.next_down(), inf));
        assert_eq!(tolerance("", "", u128::MAX >> 2).around(1.0), (-inf, inf));
    }

    #[test]
    fn integers_are_exact() {
        let far = u128::MAX - 1;
        assert!(tolerance(&far.to_string(), "", 0).is_close(far, 0));
        assert!(!tolerance(&far.to_string(), "", 0).is_close(far + 1, 0));
        assert!(!tolerance("9007199254740992", "", 0).is_close(9_007_199_254_740_993_u64, 0));
        assert!(tolerance("9007199254740993", "", 0).is_close(9_007_199_254_740_993_u64, 0));
        assert!(tolerance("1.9", "", 0).is_close(i128::MIN + 1, i128::MIN));
        assert!(!tolerance("1.9", "", 0).is_close(i128::MIN + 2, i128::MIN));
        assert!(
            tolerance("", "0.5", 0).is_close(3_u8, 2) && tolerance("", "0.5", 0).is_close(1_u8, 2)
        );
        assert_eq!(tolerance("10", "", 0).around(250_u8), (240, 255));
        assert_eq!(tolerance("1", "0.1", 0).around(-100_i8), (-111, -89));
    }

    #[test]
    fn distances() {
        for text in ["-1", "-0", "nan", "inf", "", "x", "1,5"] {
            assert!(text.parse::<Distance>().is_err(), "{text}");
        }
    }

    proptest! {
        /// The bounds are close, and their neighbours are not.
        #[test]
        fn around(bits: u32, absolute in 0.0..1e3_f64, relative in 0.0..0.5_f64, ulps in 0..100_u128) {
            let expected = f32::from_bits(bits);
            prop_assume!(expected.is_finite());
            let tolerance = tolerance(&absolute.to_string(), &relative.to_string(), ulps);
            let (least, greatest) = tolerance.around(expected);
            prop_assert!(least <= expected && expected <= greatest);
            prop_assert!(tolerance.is_close(least, expected) && tolerance.is_close(greatest, expected));
            prop_assert!(!tolerance.is_close(least.next_down(), expected) || least == f32::NEG_INFINITY);
            prop_assert!(!tolerance.is_close(greatest.next_up(), expected) || greatest == f32::INFINITY);
        }
    }
}
