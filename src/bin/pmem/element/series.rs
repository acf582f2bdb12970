//! Arithmetic series of values: a start, and equal steps.

use std::fmt::{self, Debug, Formatter};
use std::ops::Range;

use anyhow::ensure;

use super::scalar::Scalar;

/// A type with arithmetic series.
pub(crate) trait Serial: Scalar {
    /// Least finite value.
    const LEAST: Self::Wide;

    /// Greatest finite value.
    const GREATEST: Self::Wide;

    /// Parses the start and the step of a series.
    ///
    /// # Errors
    ///
    /// The start is not a value of the type, the step is not a number, or one of them is not
    /// finite.
    fn series(start: &str, step: &str) -> anyhow::Result<Box<dyn Series>>;
}

/// Values in equal steps.
pub(crate) trait Series: Debug {
    /// Makes sure that the first `count` values are values of the type.
    ///
    /// # Errors
    ///
    /// They are not.
    fn check(&self, count: u64) -> anyhow::Result<()>;

    /// Writes the values, from the one at index `first` on, as little-endian bytes.
    fn write(&self, first: u64, bytes: &mut [u8]);
}

/// A series of integers. The step may be too large for the type, if there is only one value, and
/// may be negative, even if values may not.
pub(super) struct IntegerSeries<W> {
    /// The first value, as messages show it.
    pub(super) start: String,
    /// The step, as messages show it.
    pub(super) step: String,
    /// The range of the type, as messages show it.
    pub(super) range: String,
    /// How many values stay in the range; `None` if all do.
    pub(super) values: Option<u128>,
    /// Writes values from an index on.
    pub(super) write: W,
}

impl<W> Debug for IntegerSeries<W> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("IntegerSeries").field("start", &self.start).finish_non_exhaustive()
    }
}

impl<W: Fn(u64, &mut [u8])> Series for IntegerSeries<W> {
    fn check(&self, count: u64) -> anyhow::Result<()> {
        let Self { start, step, range, values, .. } = self;
        let values = values.unwrap_or(u128::MAX);
        ensure!(
            u128::from(count) <= values,
            "the series from {start} by {step} leaves the range {range} after {values} value{}, \
             and {count} are needed",
            if values == 1 { "" } else { "s" },
        );
        Ok(())
    }

    fn write(&self, first: u64, bytes: &mut [u8]) {
        (self.write)(first, bytes);
    }
}

/// A series of floats: each value is computed from its index in 64 bits, so that errors do not add
/// up.
#[derive(Debug)]
pub(super) struct FloatSeries<T> {
    pub(super) start: f64,
    pub(super) step: f64,
    /// Rounds to the type, in the same way on all machines; infinite or NaN where that has no
    /// finite value.
    pub(super) round: fn(f64) -> T,
    pub(super) range: Range<String>,
    pub(super) is_finite: fn(T) -> bool,
}

impl<T> FloatSeries<T> {
    /// Returns the value at an index, before it is rounded to the type.
    fn at(&self, index: u64) -> f64 {
        let (start, step) = (self.start, self.step);
        let way = step * index as f64;
        match index {
            // Not the sum, which would make zero of minus zero.
            0 => start,
            // The way may be too far for a number where its end is not.
            _ if way.is_infinite() => 2.0 * (start / 2.0 + step / 2.0 * index as f64),
            _ => start + way,
        }
    }
}

impl<T: Scalar> Series for FloatSeries<T> {
    fn check(&self, count: u64) -> anyhow::Result<()> {
        let last = self.at(count.saturating_sub(1));
        ensure!(
            (self.is_finite)((self.round)(last)),
            "the last of {count} values, {last:e}, is out of range: {} is {}..={}",
            T::NAME,
            self.range.start,
            self.range.end,
        );
        Ok(())
    }

    fn write(&self, first: u64, bytes: &mut [u8]) {
        for (index, place) in (first..).zip(bytes.chunks_exact_mut(T::SIZE)) {
            (self.round)(self.at(index)).store(place);
        }
    }
}
