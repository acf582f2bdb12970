//! Whether one sample of times is slower than another beyond the noise of both.
//!
//! The test is Welch's t-test, one-sided, on the logarithms of the times: the noise of times
//! multiplies and has a long tail to the right, which a logarithm makes short. Welch's form does
//! not assume that both samples are equally noisy. Many comparisons are made at once, so their
//! p-values are adjusted by the method of Holm.
//!
//! A significant difference need not matter: it must also be as large as the user says.

use statrs::distribution::{ContinuousCDF as _, StudentsT};
use statrs::statistics::Statistics as _;

/// The accepted chance that any of the comparisons finds a difference where there is none.
const SIGNIFICANCE: f64 = 0.01;

/// Two samples, compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Difference {
    /// How many times as long as the old median the new one is.
    pub(crate) ratio: f64,
    /// The chance that samples of equally fast memories differ as much, adjusted for the number of
    /// comparisons; there is none if a sample is too small.
    pub(crate) p: Option<f64>,
    /// What the difference means.
    pub(crate) verdict: Verdict,
}

/// What a difference means.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    Slower,
    Same,
    Faster,
}

impl Difference {
    /// Returns what the difference means, if one of less than `least`, as a part, does not matter.
    pub(super) fn judge(&self, least: f64) -> Verdict {
        let significant = self.p.is_some_and(|p| p < SIGNIFICANCE);
        match self.ratio {
            ratio if significant && ratio >= 1.0 + least => Verdict::Slower,
            ratio if significant && ratio <= 1.0 / (1.0 + least) => Verdict::Faster,
            _ => Verdict::Same,
        }
    }
}

/// Returns the chance that samples of the same distribution differ at least as much as these, in the
/// same direction. There is none for samples of fewer than two times.
pub(super) fn welch(old: &[f64], new: &[f64]) -> Option<f64> {
    // A time of zero, below what the clock resolves, has no logarithm.
    let logs = |times: &[f64]| times.iter().map(|time| time.max(1e-9).ln()).collect::<Vec<_>>();
    let (old, new) = (logs(old), logs(new));
    if old.len() < 2 || new.len() < 2 {
        return None;
    }
    let square_error = |sample: &[f64]| sample.iter().variance() / sample.len() as f64;
    let (old_square, new_square) = (square_error(&old), square_error(&new));
    let sum = old_square + new_square;
    let distance = ((&new).mean() - (&old).mean()).abs();
    if sum == 0.0 {
        return Some(if distance > 0.0 { 0.0 } else { 0.5 });
    }
    let part = |square: f64, sample: &[f64]| square * square / (sample.len() - 1) as f64;
    let freedom = sum * sum / (part(old_square, &old) + part(new_square, &new));
    let t = distance / sum.sqrt();
    StudentsT::new(0.0, 1.0, freedom).ok().map(|distribution| distribution.sf(t))
}

/// Adjusts the p-values of comparisons made together, by the method of Holm.
pub(super) fn adjust(p_values: &mut [&mut f64]) {
    p_values.sort_by(|a, b| a.total_cmp(b));
    let count = p_values.len();
    let mut least: f64 = 0.0;
    for (rank, p) in p_values.iter_mut().enumerate() {
        least = least.max((**p * (count - rank) as f64).min(1.0));
        **p = least;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn welch_agrees_with_scipy() {
        // scipy.stats.ttest_ind(np.log(new), np.log(old), equal_var=False, alternative='greater')
        let old = [1.00, 1.05, 0.98, 1.02, 1.01];
        let new = [1.10, 1.12, 1.30, 1.08, 1.15, 1.11];
        let p = welch(&old, &new).unwrap();
        assert!((p - 0.002_715_789_013_276_442).abs() < 1e-7, "{p}");
        assert_eq!(welch(&new, &old), Some(p));
    }

    #[test]
    fn small_and_constant_samples() {
        assert_eq!(welch(&[1.0], &[2.0, 2.1]), None);
        assert_eq!(welch(&[1.0, 1.1], &[]), None);
        assert_eq!(welch(&[1.0, 1.0], &[1.0, 1.0]), Some(0.5));
        assert_eq!(welch(&[1.0, 1.0], &[2.0, 2.0]), Some(0.0));
        assert!(welch(&[0.0, 0.0], &[0.0, 1.0]).is_some());
    }

    #[test]
    fn holm() {
        let mut values = [0.04, 0.01, 0.03, 0.9];
        let [a, b, c, d] = &mut values;
        adjust(&mut [a, b, c, d]);
        for (found, wanted) in values.into_iter().zip([0.09, 0.04, 0.09, 0.9]) {
            assert!((found - wanted).abs() < 1e-12, "{values:?}");
        }
        adjust(&mut []);
    }
}
