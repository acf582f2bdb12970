//! Arithmetic series of values: a start, and equal steps.

use std::fmt::Debug;

use anyhow::{bail, ensure};
use half::{bf16, f16};

use super::integer;
use super::lists::with_integers;
use super::scalar::Scalar;

/// A type with arithmetic series.
pub(crate) trait Series: Sized {
    /// How a series goes on.
    type Rule: Debug;

    /// Parses the start and the step of a series.
    ///
    /// # Errors
    ///
    /// The start is no value of the type, the step no number, or one of them is not finite.
    fn rule(start: &str, step: &str) -> anyhow::Result<Self::Rule>;

    /// Makes sure that the first `count` values of a series are values of the type.
    ///
    /// # Errors
    ///
    /// They are not.
    fn check(rule: &Self::Rule, count: u64) -> anyhow::Result<()>;

    /// Writes the values of a series, from the one at index `first` on, to `elements`.
    fn fill(rule: &Self::Rule, first: u64, elements: &mut [Self]);
}

/// How a series of integers goes on. The step may be too large for the type, if there is only one
/// value, and may be negative, even if values may not.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IntegerRule<T> {
    start: T,
    negative: bool,
    step: u128,
}

/// Makes series of integer types, that are as wide as unsigned ones.
macro_rules! integers {
    ($($T:ident as $Unsigned:ident),* $(,)?) => {$(
        impl Series for $T {
            type Rule = IntegerRule<Self>;

            fn rule(start: &str, step: &str) -> anyhow::Result<Self::Rule> {
                let start = Self::parse(start)?;
                let (negative, step) = match integer::parse(step) {
                    Ok((negative, step)) => (negative, step.unwrap_or(u128::MAX)),
                    Err(error) => bail!("step {step}: {error}"),
                };
                Ok(IntegerRule { start, negative, step })
            }

            fn check(rule: &Self::Rule, count: u64) -> anyhow::Result<()> {
                let IntegerRule { start, negative, step } = *rule;
                let bound = if negative { Self::MIN } else { Self::MAX };
                let room = start.abs_diff(bound);
                let Some(steps) = u128::from(room).checked_div(step) else { return Ok(()) };
                ensure!(
                    u128::from(count) <= steps.saturating_add(1),
                    "a series from {start} by {}{step} leaves the range {}..={} of {} after {} \
                     value{}, and {count} are wanted",
                    if negative { "-" } else { "" },
                    Self::MIN,
                    Self::MAX,
                    Self::NAME,
                    steps.saturating_add(1),
                    if steps == 0 { "" } else { "s" },
                );
                Ok(())
            }

            fn fill(rule: &Self::Rule, first: u64, elements: &mut [Self]) {
                // Computed modulo a power of two, in which a step down is a large step up.
                let magnitude = rule.step as $Unsigned;
                let step = if rule.negative { magnitude.wrapping_neg() } else { magnitude };
                let start = (rule.start as $Unsigned).wrapping_add(step.wrapping_mul(first as _));
                let mut value = start;
                for element in elements {
                    *element = value as Self;
                    value = value.wrapping_add(step);
                }
            }
        }
    )*};
}

with_integers!(integers);

/// How a series of floats goes on: each value is computed from its index in 64 bits, so that errors
/// do not add up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FloatRule {
    start: f64,
    step: f64,
}

impl FloatRule {
    fn at(self, index: u64) -> f64 {
        let Self { start, step } = self;
        let way = step * index as f64;
        match index {
            // Not the sum, which would make zero of minus zero.
            0 => start,
            // The way may be too far for a number, and where it leads not.
            _ if way.is_infinite() => 2.0 * (start / 2.0 + step / 2.0 * index as f64),
            _ => start + way,
        }
    }
}

/// Makes series of float types, with a way to round to them that is the same on all machines.
macro_rules! floats {
    ($($T:ident by $round:expr),* $(,)?) => {$(
        impl Series for $T {
            type Rule = FloatRule;

            fn rule(start: &str, step: &str) -> anyhow::Result<FloatRule> {
                Self::parse(start)?;
                let rule = FloatRule { start: f64::parse(start)?, step: f64::parse(step)? };
                ensure!(
                    rule.start.is_finite() && rule.step.is_finite(),
                    "the series {start}:{step} is not finite"
                );
                Ok(rule)
            }

            fn check(rule: &FloatRule, count: u64) -> anyhow::Result<()> {
                let round: fn(f64) -> Self = $round;
                let last = rule.at(count.saturating_sub(1));
                let mut largest = Vec::new();
                Self::MAX.append(&mut largest);
                let largest = String::from_utf8_lossy(&largest);
                ensure!(
                    round(last).is_finite(),
                    "the last of {count} values, {last:e}, is out of range: {} is \
                     -{largest}..={largest}",
                    Self::NAME,
                );
                Ok(())
            }

            fn fill(rule: &FloatRule, first: u64, elements: &mut [Self]) {
                let round: fn(f64) -> Self = $round;
                for (index, element) in (first..).zip(elements) {
                    *element = round(rule.at(index));
                }
            }
        }
    )*};
}

floats! {
    f16 by f16::from_f64_const,
    bf16 by bf16::from_f64_const,
    f32 by |value| value as f32,
    f64 by |value| value,
}

#[cfg(test)]
mod tests {
    use std::fmt::Display;

    use super::*;
    use crate::element::Job;
    use crate::element::kind::Kind;

    fn series<T: Scalar>(start: &str, step: &str, count: u64) -> anyhow::Result<Vec<T>> {
        let rule = T::rule(start, step)?;
        T::check(&rule, count)?;
        let mut elements = vec![T::zeroed(); count as usize];
        let (front, back) = elements.split_at_mut(count as usize / 3);
        T::fill(&rule, front.len() as u64, back);
        T::fill(&rule, 0, front);
        Ok(elements)
    }

    #[test]
    fn values() {
        assert_eq!(series::<u8>("250", "1", 6).unwrap(), [250, 251, 252, 253, 254, 255]);
        assert_eq!(series::<u8>("4", "-2", 3).unwrap(), [4, 2, 0]);
        assert_eq!(series::<i8>("-128", "85", 4).unwrap(), [-128, -43, 42, 127]);
        assert_eq!(series::<i8>("127", "-255", 2).unwrap(), [127, -128]);
        assert_eq!(series::<u16>("7", "0", 3).unwrap(), [7, 7, 7]);
        assert_eq!(series::<u8>("7", "1000", 1).unwrap(), [7]);
        assert_eq!(series::<u128>(&u128::MAX.to_string(), "-1", 2).unwrap()[1], u128::MAX - 1);
        let half = "170141183460469231731687303715884105728";
        assert_eq!(series::<i128>(&format!("-{half}"), half, 2).unwrap(), [i128::MIN, 0]);
        assert_eq!(series::<f64>("0", "0.1", 4).unwrap(), [0.0, 0.1, 0.2, 0.1 * 3.0]);
        assert_eq!(series::<f64>("-0", "1", 2).unwrap()[0].to_bits(), (-0.0_f64).to_bits());
        assert_eq!(series::<f64>("-1.5e308", "1e308", 4).unwrap()[3], 1.5e308);
        assert_eq!(series::<f32>("1", "-0.5", 4).unwrap(), [1.0, 0.5, 0.0, -0.5]);
        assert_eq!(series::<f16>("65472", "32", 2).unwrap()[1], f16::MAX);
        assert_eq!(series::<bf16>("1", "1", 2).unwrap(), [bf16::ONE, bf16::from_f32(2.0)]);
    }

    fn error<T: Scalar>(start: &str, step: &str, count: u64) -> String {
        series::<T>(start, step, count).err().map_or_else(String::new, |error| error.to_string())
    }

    #[test]
    fn refused() {
        assert_eq!(
            error::<u8>("250", "1", 7),
            "a series from 250 by 1 leaves the range 0..=255 of u8 after 6 values, and 7 are wanted"
        );
        assert_eq!(
            error::<i8>("0", "-100", 3),
            "a series from 0 by -100 leaves the range -128..=127 of i8 after 2 values, and 3 are \
             wanted"
        );
        assert_eq!(error::<u8>("256", "1", 1), "256 is out of range: u8 is 0..=255");
        assert_eq!(error::<u8>("0", "0.5", 1), "step 0.5: a whole number is wanted");
        assert_eq!(error::<f64>("inf", "1", 1), "the series inf:1 is not finite");
        assert_eq!(error::<f64>("0", "nan", 1), "the series 0:nan is not finite");
        assert_eq!(
            error::<f16>("65504", "32", 2),
            "the last of 2 values, 6.5536e4, is out of range: f16 is -65504..=65504"
        );
        assert!(error::<f32>("0", "1e38", 5).contains("out of range"));
        assert!(error::<f64>("0", "1e308", 3).contains("out of range"));
        assert!(error::<bf16>("0", "-1e38", 5).contains("out of range"));
    }

    /// Checks that a series may end exactly at the bounds of a type, and not one further.
    struct Bounds;

    impl Job for Bounds {
        type Output = ();

        fn run<T: Scalar>(self) {
            if !T::INTEGER {
                return;
            }
            for (bound, step) in bounds::<T>() {
                let start = T::parse(&bound).map(|_| bound.clone()).unwrap();
                let back = if step == "1" { "-1" } else { "1" };
                let inwards = series::<T>(&start, back, 100).unwrap();
                let mut text = Vec::new();
                inwards[99].append(&mut text);
                let inner = String::from_utf8(text).unwrap();
                assert!(series::<T>(&inner, step, 100).is_ok(), "{} {bound}", T::NAME);
                assert!(series::<T>(&inner, step, 101).is_err(), "{} {bound}", T::NAME);
                assert!(series::<T>(&bound, step, 1).is_ok(), "{} {bound}", T::NAME);
            }
        }
    }

    fn bounds<T: Scalar>() -> [(String, &'static str); 2] {
        fn texts(min: impl Display, max: impl Display) -> [(String, &'static str); 2] {
            [(max.to_string(), "1"), (min.to_string(), "-1")]
        }
        match (&T::NAME[..1], size_of::<T>()) {
            ("u", size) => texts(0, u128::MAX >> (128 - 8 * size)),
            (_, size) => texts(i128::MIN >> (128 - 8 * size), i128::MAX >> (128 - 8 * size)),
        }
    }

    #[test]
    fn bounds_of_every_integer() {
        for kind in Kind::ALL {
            kind.run(Bounds);
        }
    }
}
