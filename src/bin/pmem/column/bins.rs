//! The bins of a histogram, and which of them a value belongs to.

use crate::element::{Class, Number as _, Scalar};

/// Bins side by side: each holds the values from its edge on to below the next; the last one holds
/// that edge, too.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bins {
    edges: Vec<f64>,
    /// Bins for each unit, where all are equally wide.
    density: f64,
    /// Whether each bin is a power of two.
    powers: bool,
}

impl Bins {
    /// Returns `count` bins of equal width.
    pub(crate) fn equal(from: f64, to: f64, count: usize) -> Self {
        // Halves, so that the difference of any two floats is one.
        let edge = |at: usize| {
            let part = at as f64 / count as f64;
            if to - from == f64::INFINITY {
                (from * (1.0 - part)) + to * part
            } else {
                from + (to - from) * part
            }
        };
        let mut edges: Vec<f64> = (0..count).map(edge).collect();
        edges.push(to);
        let density = count as f64 / (to / 2.0 - from / 2.0) / 2.0;
        Self { edges, density, powers: false }
    }

    /// Returns bins of so many integers each, or nothing where a float does not tell integers
    /// apart. At most `most` of them hold all from `min` to `max`.
    pub(crate) fn of_integers(min: f64, max: f64, most: usize) -> Option<Self> {
        const APART: f64 = 9_007_199_254_740_992.0;
        if min.abs().max(max.abs()) >= APART / 2.0 {
            return None;
        }
        let values = max - min + 1.0;
        let width = (values / most as f64).ceil();
        let count = (values / width).ceil();
        Some(Self::equal(min, min + width * count, count as usize))
    }

    /// Returns one bin for each power of two from the one below `min` to the one above `max`,
    /// which are greater than zero.
    pub(crate) fn powers(min: f64, max: f64) -> Self {
        let (first, last) = (exponent(min), exponent(max));
        let power = |exponent: i32| match exponent {
            1024.. => f64::INFINITY,
            exponent => 2.0_f64.powi(exponent / 2) * 2.0_f64.powi(exponent - exponent / 2),
        };
        Self { edges: (first..=last + 1).map(power).collect(), density: 0.0, powers: true }
    }

    /// Returns how many there are.
    pub(crate) fn len(&self) -> usize {
        self.edges.len() - 1
    }

    /// Returns whether each is a power of two.
    pub(crate) fn are_powers(&self) -> bool {
        self.powers
    }

    /// Returns where each begins, and where the last one ends.
    pub(crate) fn edges(&self) -> &[f64] {
        &self.edges
    }

    /// Returns the bin of a value, if it belongs to one.
    #[inline]
    pub(crate) fn find(&self, value: f64) -> Option<usize> {
        let last = self.len();
        if !(value >= self.edges[0] && value <= self.edges[last]) || value.is_infinite() {
            return None;
        }
        if self.powers {
            let bin = (exponent(value) - exponent(self.edges[0])) as usize;
            // The last bin is not closed here: the next power of two follows.
            return (bin < last).then_some(bin);
        }
        // A guess, which rounding may have moved by one.
        let guess = ((value / 2.0 - self.edges[0] / 2.0) * 2.0 * self.density) as usize;
        let mut bin = guess.min(last - 1);
        while value < self.edges[bin] {
            bin -= 1;
        }
        while bin + 1 < last && value >= self.edges[bin + 1] {
            bin += 1;
        }
        Some(bin)
    }

    /// Counts the values of a block.
    pub(crate) fn count<T: Scalar>(&self, values: &[u8], counts: &mut [u64]) {
        for value in values.chunks_exact(T::SIZE) {
            if let Some(bin) = self.of(T::load(value)) {
                counts[bin] += 1;
            }
        }
    }

    /// Returns the bin of a value of a type, if it belongs to one.
    #[inline]
    pub(crate) fn of<T: Scalar>(&self, value: T) -> Option<usize> {
        let value = value.wide();
        let bin = self.find(value.to_f64())?;
        if T::SIZE < 8 || T::Wide::FLOAT || bin == 0 {
            return Some(bin);
        }
        // Rounding may have moved a large integer up to an edge, which is an integer then.
        let edge = self.edges[bin];
        let below = match T::CLASS {
            Class::Unsigned => (value.to_i128() as u128) < edge as u128,
            _ => value.to_i128() < edge as i128,
        };
        Some(if below && value.to_f64() == edge { bin - 1 } else { bin })
    }
}

/// Returns the power of two that a positive value is at least.
fn exponent(value: f64) -> i32 {
    match value.to_bits() >> 52 {
        0 => -1074 + (63 - value.to_bits().leading_zeros() as i32),
        biased => biased as i32 - 1023,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_open_but_for_the_last() {
        let bins = Bins::equal(0.0, 1.0, 10);
        for (value, bin) in [
            (0.0, Some(0)),
            (-0.0, Some(0)),
            (0.1, Some(1)),
            (0.1_f64.next_down(), Some(0)),
            (0.3, Some(3)),
            (0.3_f64.next_down(), Some(2)),
            (0.7, Some(7)),
            (1.0, Some(9)),
            (1.0_f64.next_up(), None),
            (-1e-300, None),
            (f64::NAN, None),
            (f64::INFINITY, None),
        ] {
            assert_eq!(bins.find(value), bin, "{value}");
        }
    }

    #[test]
    fn extremes() {
        let bins = Bins::equal(-f64::MAX, f64::MAX, 4);
        assert_eq!(bins.find(-f64::MAX), Some(0));
        assert_eq!(bins.find(0.0), Some(2));
        assert_eq!(bins.find(f64::MAX), Some(3));
        let bins = Bins::powers(5e-324, f64::MAX);
        assert_eq!((bins.len(), bins.find(5e-324)), (2098, Some(0)));
        assert_eq!(bins.find(f64::MAX), Some(2097));
    }

    #[test]
    fn integers_share_bins_evenly() {
        let bins = Bins::of_integers(0.0, 255.0, 16).unwrap();
        assert_eq!((bins.len(), bins.edges()[1]), (16, 16.0));
        let bins = Bins::of_integers(-3.0, 3.0, 16).unwrap();
        assert_eq!((bins.len(), bins.find(3.0)), (7, Some(6)));
        assert!(Bins::of_integers(0.0, 1e18, 16).is_none());
    }

    #[test]
    fn powers_of_two() {
        let bins = Bins::powers(0.75, 8.0);
        assert_eq!(bins.edges(), [0.5, 1.0, 2.0, 4.0, 8.0, 16.0]);
        for (value, bin) in [(0.5, Some(0)), (0.99, Some(0)), (1.0, Some(1)), (8.0, Some(4))] {
            assert_eq!(bins.find(value), bin);
        }
        assert_eq!((bins.find(16.0), bins.find(0.0), bins.find(-1.0)), (None, None, None));
        let bins = Bins::powers(1.0, 1e19);
        assert_eq!((bins.of((1_u64 << 60) - 1), bins.of(1_u64 << 60)), (Some(59), Some(60)));
    }
}
