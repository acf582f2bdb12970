//! Sums that keep what a 64-bit float has no room for.

/// A sum of floats with about twice their precision: what rounding takes away from the high part is
/// gathered in the low one (Neumaier's and Knuth's exact error of an addition).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Double {
    high: f64,
    low: f64,
}

impl Double {
    /// Returns a sum of two parts, the second of which is small.
    pub(crate) fn new(high: f64, low: f64) -> Self {
        let (high, low) = two_sum(high, low);
        Self { high, low }
    }

    /// Adds a value.
    pub(crate) fn add(&mut self, value: f64) {
        let (high, error) = two_sum(self.high, value);
        *self = Self { high, low: self.low + error };
    }

    /// Adds another sum.
    pub(crate) fn merge(&mut self, other: Self) {
        self.add(other.high);
        self.low += other.low;
    }

    /// Returns the difference of two sums.
    pub(crate) fn minus(self, other: Self) -> f64 {
        let (high, error) = two_sum(self.high, -other.high);
        high + (error + (self.low - other.low))
    }

    /// Returns the sum times a power of two.
    pub(crate) fn scaled(self, factor: f64) -> Self {
        Self { high: self.high * factor, low: self.low * factor }
    }

    /// Returns the sum as one float.
    pub(crate) fn value(self) -> f64 {
        self.high + self.low
    }

    /// Returns the sum divided by a number.
    pub(crate) fn divided(self, by: f64) -> f64 {
        let quotient = self.value() / by;
        // What the division left over is exact with a fused multiplication.
        let (high, low) = two_sum(self.high, self.low);
        let rest = quotient.mul_add(-by, high) + low;
        let better = quotient + rest / by;
        if better.is_finite() { better } else { quotient }
    }
}

/// Returns a rounded sum, and exactly what rounding took away.
#[inline(always)]
pub(crate) fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let part = sum - a;
    (sum, (a - (sum - part)) + (b - part))
}

/// Sums side by side: the loop over them becomes vector instructions.
const LANES: usize = 8;

/// Returns the sum of values.
pub(crate) fn sum(values: &[f64]) -> Double {
    let (mut highs, mut lows) = ([0.0; LANES], [0.0; LANES]);
    let (chunks, rest) = values.as_chunks::<LANES>();
    for chunk in chunks {
        for lane in 0..LANES {
            let (high, error) = two_sum(highs[lane], chunk[lane]);
            highs[lane] = high;
            lows[lane] += error;
        }
    }
    let mut sum = Double::default();
    for (high, low) in highs.into_iter().zip(lows) {
        sum.merge(Double { high, low });
    }
    rest.iter().for_each(|value| sum.add(*value));
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cancels_leaves_the_rest() {
        for lone in 0..32 {
            let mut values = vec![0.0; 32];
            (values[lone], values[(lone + 7) % 32]) = (1e100, -1e100);
            values[(lone + 3) % 32] = 1.0;
            assert_eq!(sum(&values).value(), 1.0, "{lone}");
        }
        // `math.fsum([0.1] * 10)` is 1.
        assert_eq!(sum(&[0.1; 10]).value(), 1.0);
    }

    #[test]
    fn quotients_are_rounded_once() {
        // `float(Fraction(2**53 + 1, 3))`
        assert_eq!(Double::new(9_007_199_254_740_992.0, 1.0).divided(3.0), 3_002_399_751_580_331.0);
        assert_eq!(Double::new(f64::MAX, 0.0).divided(2.0), f64::MAX / 2.0);
    }
}
