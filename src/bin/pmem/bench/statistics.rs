//! Statistics of several runs, and whether some runs are unlike the others.
//!
//! Outliers are found by the method of Boris Iglewicz and David Hoaglin, "How to Detect and Handle
//! Outliers" (1993), with the threshold of hyperfine: a modified Z-score, the distance from the
//! median in median absolute deviations, that ten standard deviations would have.

use serde::Serialize;
use statrs::statistics::{Data, OrderStatistics as _, Statistics as _};

/// The fewest runs with a 95th percentile: with fewer it would be the maximum.
const RUNS_FOR_P95: usize = 20;

/// Scales the median absolute deviation to the standard deviation of a normal distribution.
const NORMAL: f64 = 1.4826;

/// The score from which on a time is an outlier.
const THRESHOLD: f64 = NORMAL * 10.0;

/// The fewest runs among which there can be outliers.
const FEWEST: usize = 5;

/// Statistics of several times, in their unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Summary {
    pub(crate) mean: f64,
    /// Standard deviation of the sample; there is none of one time.
    pub(crate) stddev: Option<f64>,
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
    /// The median absolute deviation, scaled to estimate the standard deviation. Unlike that one,
    /// it does not depend on how far away the farthest time is.
    pub(crate) spread: f64,
    /// The time that 95 of 100 runs stay below, if there are enough of them.
    pub(crate) p95: Option<f64>,
    /// What is odd about the times, if anything is.
    #[serde(skip)]
    pub(crate) odd: Option<Odd>,
}

/// What is odd about the times of several runs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Odd {
    /// The first run was much slower than the others: something was not warmed up.
    SlowStart,
    /// Other runs were much slower, or much faster.
    Outliers,
}

impl Summary {
    /// Sums up `times`, of which there is at least one.
    pub(crate) fn of(times: &[f64]) -> Self {
        let middle = median(times.to_vec());
        let deviation = median(times.iter().map(|time| (time - middle).abs()).collect());
        Self {
            mean: times.mean(),
            stddev: (times.len() > 1).then(|| times.std_dev()),
            median: middle,
            min: times.min(),
            max: times.max(),
            spread: NORMAL * deviation,
            p95: (times.len() >= RUNS_FOR_P95).then(|| Data::new(times.to_vec()).quantile(0.95)),
            odd: odd(times, middle, deviation),
        }
    }

    /// The spread as a part of the median.
    pub(crate) fn relative_spread(&self) -> f64 {
        if self.median > 0.0 { self.spread / self.median } else { 0.0 }
    }
}

/// Returns the time in the middle.
fn median(times: Vec<f64>) -> f64 {
    Data::new(times).median()
}

/// Returns what is odd about `times`, which have this median and median absolute deviation.
fn odd(times: &[f64], median: f64, deviation: f64) -> Option<Odd> {
    if times.len() < FEWEST {
        return None;
    }
    let score = |time: &f64| (time - median) / deviation.max(f64::EPSILON * median);
    let outliers = times.iter().filter(|time| score(time).abs() > THRESHOLD).count();
    match outliers {
        0 => None,
        1 if score(&times[0]) > THRESHOLD => Some(Odd::SlowStart),
        _ => Some(Odd::Outliers),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asserts that two numbers are the same but for rounding.
    fn assert_close(found: f64, wanted: f64) {
        assert!((found - wanted).abs() <= 1e-9 * wanted.abs().max(1.0), "{found} is not {wanted}");
    }

    #[test]
    fn known_values() {
        // Checked with NumPy: np.std(…, ddof=1), np.median, scipy.stats.median_abs_deviation.
        let summary = Summary::of(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]);
        assert_close(summary.median, 4.5);
        assert_close(summary.mean, 5.0);
        assert_close(summary.stddev.unwrap(), 2.138_089_935_299_395);
        assert_close(summary.spread, 1.4826 * 0.5);
        assert_close(summary.min, 2.0);
        assert_close(summary.max, 9.0);
        assert_eq!(summary.p95, None);
        assert_close(summary.relative_spread(), 1.4826 * 0.5 / 4.5);
    }

    #[test]
    fn one_time() {
        let summary = Summary::of(&[3.0]);
        assert_eq!((summary.median, summary.mean, summary.stddev), (3.0, 3.0, None));
        assert_eq!((summary.min, summary.max, summary.spread), (3.0, 3.0, 0.0));
    }

    #[test]
    fn percentile_needs_twenty_runs() {
        let times: Vec<f64> = (1..=20).map(f64::from).collect();
        assert_eq!(Summary::of(&times[..19]).p95, None);
        // np.quantile(…, 0.95, method='median_unbiased')
        assert_close(Summary::of(&times).p95.unwrap(), 19.65);
    }

    #[test]
    fn no_time_at_all_is_no_spread() {
        assert_eq!(Summary::of(&[0.0, 0.0]).relative_spread(), 0.0);
    }

    #[test]
    fn oddities() {
        for (times, expected) in [
            (&[1.0][..], None),
            (&[1.0, 1000.0], None),
            (&[1.0, 1.1, 1.2, 1.1, 1.0], None),
            (&[50.0, 1.1, 1.2, 1.15, 1.0, 1.1], Some(Odd::SlowStart)),
            (&[1.0, 1.1, 1.2, 1.15, 50.0, 1.1], Some(Odd::Outliers)),
            (&[50.0, 1.1, 1.2, 1.15, 50.0, 1.1, 1.0], Some(Odd::Outliers)),
            // Nothing deviates but one: the median absolute deviation is zero.
            (&[1.0, 1.0, 1.0, 1.0, 1.1], Some(Odd::Outliers)),
            (&[0.0, 0.0, 0.0, 0.0, 0.0], None),
        ] {
            assert_eq!(Summary::of(times).odd, expected, "{times:?}");
        }
    }
}
