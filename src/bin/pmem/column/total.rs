//! The sum of a column.

use super::double::{self, Double};
use super::integer::Integer;
use super::spread::power;

/// The sum of a column: of integers exact, of floats compensated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Total {
    /// Of integers.
    Integer(Integer),
    /// Of floats.
    Float(FloatTotal),
}

/// A sum of floats.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct FloatTotal {
    plain: Double,
    /// Sum of values so large that their sum may not be a float, divided by 2^[`HUGE`].
    huge: Double,
    /// How many infinities there were of each sign.
    pub(crate) infinities: [u64; 2],
}

/// The exponent by which huge values are divided.
const HUGE: i32 = 64;

impl FloatTotal {
    /// Adds the sum of values that are not huge.
    pub(crate) fn add_plain(&mut self, sum: Double) {
        self.plain.merge(sum);
    }

    /// Adds values whose magnitude is at most `greatest`.
    pub(crate) fn add(&mut self, values: &[f64], greatest: f64) {
        if greatest < 1e290 {
            return self.add_plain(double::sum(values));
        }
        // Down-scaling takes bits away from the tiniest values, so those stay as they are.
        for value in values {
            match value.abs() < 1e200 {
                true => self.plain.add(*value),
                false => self.huge.add(*value * power(-HUGE)),
            }
        }
    }

    /// Adds the same value many times.
    pub(crate) fn add_times(&mut self, value: f64, times: u64) {
        // A count of 64 bits is two floats; so is each product, with the error of the first.
        for part in [(times >> 32 << 32) as f64, (times & 0xffff_ffff) as f64] {
            let product = value * part;
            self.plain.add(product);
            self.plain.add(value.mul_add(part, -product));
        }
    }

    /// Adds another sum.
    pub(crate) fn merge(&mut self, other: Self) {
        self.plain.merge(other.plain);
        self.huge.merge(other.huge);
        self.infinities[0] += other.infinities[0];
        self.infinities[1] += other.infinities[1];
    }

    /// Returns the infinity or NaN that infinities add up to, if there are any.
    pub(crate) fn not_finite(&self) -> Option<f64> {
        match self.infinities {
            [0, 0] => None,
            [_, 0] => Some(f64::INFINITY),
            [0, _] => Some(f64::NEG_INFINITY),
            _ => Some(f64::NAN),
        }
    }

    /// Returns the sum.
    fn value(&self) -> f64 {
        match self.huge.value() {
            0.0 => self.plain.value(),
            _ => self.all().value() * power(HUGE),
        }
    }

    /// Returns the sum divided by a number.
    fn divided(&self, by: f64) -> f64 {
        match self.huge.value() {
            0.0 => self.plain.divided(by),
            _ => self.all().divided(by) * power(HUGE),
        }
    }

    /// Returns all of the sum, divided by 2^[`HUGE`].
    fn all(&self) -> Double {
        let mut all = self.huge;
        all.merge(self.plain.scaled(power(-HUGE)));
        all
    }
}

impl Total {
    /// Returns the sum of nothing.
    pub(crate) fn zero(float: bool) -> Self {
        match float {
            true => Self::Float(FloatTotal::default()),
            false => Self::Integer(Integer::default()),
        }
    }

    /// Adds another sum of the same type.
    pub(crate) fn merge(&mut self, other: &Self) {
        match (self, other) {
            (Self::Integer(sum), Self::Integer(other)) => sum.merge(*other),
            (Self::Float(sum), Self::Float(other)) => sum.merge(*other),
            // A column has one type.
            _ => {}
        }
    }

    /// Returns the sum, as a float if it is one.
    pub(crate) fn value(&self) -> Result<Integer, f64> {
        match self {
            Self::Integer(sum) => Ok(*sum),
            Self::Float(sum) => Err(sum.not_finite().unwrap_or_else(|| sum.value())),
        }
    }

    /// Returns the mean of `count` values, if there are any.
    pub(crate) fn mean(&self, count: u64) -> Option<f64> {
        match self {
            _ if count == 0 => None,
            Self::Integer(sum) => Some(sum.divided(count)),
            Self::Float(sum) => Some(sum.not_finite().unwrap_or_else(|| sum.divided(count as f64))),
        }
    }

    /// Returns how many infinities there were.
    pub(crate) fn infinities(&self) -> u64 {
        match self {
            Self::Integer(_) => 0,
            Self::Float(sum) => sum.infinities[0] + sum.infinities[1],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(values: &[f64]) -> FloatTotal {
        let mut total = FloatTotal::default();
        for value in values {
            total.add(&[*value], value.abs());
        }
        total
    }

    #[test]
    fn huge_values() {
        assert_eq!(total(&[1e308, 1e308, -1e308]).value(), 1e308);
        assert_eq!(total(&[1e308, 1e308]).value(), f64::INFINITY);
        assert_eq!(total(&[1e308, 1e308]).divided(2.0), 1e308);
        assert_eq!(total(&[1e300, 1.0, -1e300]).value(), 1.0);
        assert_eq!(total(&[1e300, 1e-300, -1e300]).value(), 1e-300);
    }

    #[test]
    fn products_keep_their_error() {
        let mut total = FloatTotal::default();
        total.add_times(0.1, (1 << 40) + 1);
        // `float(Fraction(0.1) * (2**40 + 1))`
        assert_eq!(total.value(), 109_951_162_777.700_01);
    }
}
