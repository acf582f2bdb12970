//! The least and the greatest of some values, for pictures.

use crate::element::{Number as _, Scalar};

/// The least and the greatest of some values, as floats; nothing if all are NaN.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Extent(Option<(f64, f64)>);

impl Extent {
    /// Returns the extent of one value.
    pub(crate) fn of(value: f64) -> Self {
        Self((!value.is_nan()).then_some((value, value)))
    }

    /// Returns the least and the greatest.
    pub(crate) fn ends(self) -> Option<(f64, f64)> {
        self.0
    }

    /// Adds other values.
    pub(crate) fn merge(&mut self, other: Self) {
        self.0 = match (self.0, other.0) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (one, other) => one.or(other),
        };
    }

    /// Returns the extent of values.
    pub(crate) fn of_all<T: Scalar>(values: &[u8]) -> Self {
        /// Values side by side: the loop over them becomes vector instructions.
        const LANES: usize = 16;
        let mut numbers = values.chunks_exact(T::SIZE).map(|value| T::load(value).wide());
        let Some(start) = numbers.find(|value| !value.is_nan()) else { return Self::default() };
        let (mut least, mut greatest) = ([start; LANES], [start; LANES]);
        let chunks = values.chunks_exact(LANES * T::SIZE);
        let rest = chunks.remainder();
        for chunk in chunks.chain((!rest.is_empty()).then_some(rest)) {
            for (lane, value) in chunk.chunks_exact(T::SIZE).enumerate().take(LANES) {
                let value = T::load(value).wide();
                // A NaN is neither less nor greater.
                least[lane] = if value < least[lane] { value } else { least[lane] };
                greatest[lane] = if value > greatest[lane] { value } else { greatest[lane] };
            }
        }
        let mut extent = Self::of(start.to_f64());
        for value in least.into_iter().chain(greatest) {
            extent.merge(Self::of(value.to_f64()));
        }
        extent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn least_and_greatest() {
        let mut values: Vec<f32> = (0..100).map(|at| (at * 37 % 100) as f32).collect();
        values[0] = f32::NAN;
        values[50] = f32::NAN;
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        assert_eq!(Extent::of_all::<f32>(&bytes).ends(), Some((1.0, 99.0)));
        assert_eq!(Extent::of_all::<f32>(&bytes[..4]).ends(), None);
        assert_eq!(Extent::of_all::<i8>(&[1, 255]).ends(), Some((-1.0, 1.0)));
        let mut extent = Extent::of(f64::NAN);
        extent.merge(Extent::of(2.0));
        assert_eq!(extent.ends(), Some((2.0, 2.0)));
    }
}
