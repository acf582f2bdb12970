//! Mean and variance of parts of a column, put together without losing precision.

use super::double::Double;

/// The mean of values, and the sum of the squares of what they differ from it by.
///
/// Parts are put together by the formula of Chan, Golub and LeVeque. The mean has twice the
/// precision of a float, so that a small spread far from zero is not lost.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Spread {
    count: u64,
    mean: Double,
    squares: f64,
    /// All values were divided by two to this power, so that their squares are neither infinite
    /// nor zero.
    exponent: i32,
}

impl Spread {
    /// Returns the spread of values around a mean: `mean` is `pivot` plus what the sum of the
    /// differences from the pivot says.
    pub(crate) fn around(pivot: Double, count: u64, sum: f64, squares: f64, exponent: i32) -> Self {
        let shift = sum / count as f64;
        let mut mean = pivot;
        mean.add(shift);
        Self { count, mean, squares: (squares - sum * shift).max(0.0), exponent }
    }

    /// Returns the spread of `count` equal values.
    pub(crate) fn constant(value: f64, count: u64) -> Self {
        Self { count, mean: Double::new(value, 0.0), squares: 0.0, exponent: scale_of(value.abs()) }
            .scaled_mean()
    }

    /// Divides the mean, which is not scaled yet.
    fn scaled_mean(self) -> Self {
        Self { mean: self.mean.scaled(power(-self.exponent)), ..self }
    }

    /// Adds another part.
    pub(crate) fn merge(&mut self, other: Self) {
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = other;
            return;
        }
        let exponent = self.exponent.max(other.exponent);
        let (a, b) = (self.at(exponent), other.at(exponent));
        let count = a.count + b.count;
        let difference = b.mean.minus(a.mean);
        let part = b.count as f64 / count as f64;
        let mut mean = a.mean;
        mean.add(difference * part);
        let squares = a.squares + b.squares + difference * difference * (a.count as f64 * part);
        *self = Self { count, mean, squares, exponent };
    }

    /// Returns the same with another exponent, which is not smaller.
    fn at(self, exponent: i32) -> Self {
        if exponent == self.exponent {
            return self;
        }
        let factor = power(self.exponent - exponent);
        let squares = self.squares * factor * factor;
        Self { mean: self.mean.scaled(factor), squares, exponent, ..self }
    }

    /// Returns the standard deviation of the population.
    pub(crate) fn deviation(self) -> f64 {
        (self.squares / self.count as f64).sqrt() * power(self.exponent)
    }
}

/// How far values are scaled whose squares would not be floats.
const FAR: i32 = 600;

/// Returns the power of two by which values of at most this magnitude are divided.
pub(crate) fn scale_of(greatest: f64) -> i32 {
    match greatest {
        greatest if greatest >= 1e150 => FAR,
        greatest if greatest <= 1e-140 => -FAR,
        _ => 0,
    }
}

/// Returns a power of two.
pub(crate) fn power(exponent: i32) -> f64 {
    2.0_f64.powi(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(a: f64, b: f64) -> f64 {
        let mut spread = Spread::constant(a, 1);
        spread.merge(Spread::constant(b, 1));
        spread.deviation()
    }

    #[test]
    fn pairs() {
        assert_eq!(pair(1.0, 3.0), 1.0);
        assert_eq!(pair(1e308, -1e308), 1e308);
        assert_eq!(pair(4e-300, 2e-300), 1e-300);
        assert_eq!(pair(0.0, 2e-300), 1e-300);
        assert_eq!(pair(1e200, 0.0), 5e199);
        assert_eq!(pair(1.0, 1e-300), 0.5);
    }

    #[test]
    fn small_spread_far_from_zero() {
        let mut spread = Spread::default();
        for part in 0..1000 {
            spread.merge(Spread::constant(1e15 + f64::from(part % 2), 1));
        }
        assert!((spread.deviation() - 0.5).abs() < 1e-12, "{spread:?}");
    }
}
