//! The statistics of several runs.

use statrs::statistics::{Data, OrderStatistics as _, Statistics as _};

/// The fewest runs of which a 95th percentile says something: with fewer it is the maximum.
const RUNS_FOR_P95: usize = 20;

/// Scales the median absolute deviation so that it estimates the standard deviation of times that
/// are distributed normally.
const NORMAL: f64 = 1.4826;

/// What is to be said about several times, in their unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Summary {
    pub(crate) median: f64,
    /// Median absolute deviation, as an estimate of the standard deviation: unlike that one, it
    /// does not care how far away the farthest time is.
    pub(crate) spread: f64,
    pub(crate) mean: f64,
    /// Standard deviation of the sample; there is none of one time.
    pub(crate) stddev: Option<f64>,
    pub(crate) min: f64,
    pub(crate) max: f64,
    /// The time that 95 of 100 runs stay below, if there are enough of them.
    pub(crate) p95: Option<f64>,
}

impl Summary {
    /// Sums up `times`, of which there is at least one.
    pub(crate) fn of(times: &[f64]) -> Self {
        let median = median(times);
        Self {
            median,
            spread: NORMAL * deviation(times, median),
            mean: times.mean(),
            stddev: (times.len() > 1).then(|| times.std_dev()),
            min: times.min(),
            max: times.max(),
            p95: (times.len() >= RUNS_FOR_P95).then(|| Data::new(times.to_vec()).quantile(0.95)),
        }
    }

    /// The spread as a part of the median.
    pub(crate) fn relative_spread(&self) -> f64 {
        if self.median > 0.0 { self.spread / self.median } else { 0.0 }
    }
}

/// The time in the middle.
pub(super) fn median(times: &[f64]) -> f64 {
    Data::new(times.to_vec()).median()
}

/// The median of how far `times` are from `median`.
pub(super) fn deviation(times: &[f64], median: f64) -> f64 {
    Data::new(times.iter().map(|time| (time - median).abs()).collect::<Vec<_>>()).median()
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
}
