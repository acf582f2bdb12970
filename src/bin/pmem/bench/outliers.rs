//! Runs that do not belong to the others.
//!
//! The method is that of Boris Iglewicz and David Hoaglin, "How to Detect and Handle Outliers"
//! (1993), with the threshold of hyperfine: a modified Z-score, the distance from the median in
//! median absolute deviations, that ten standard deviations would have.

use super::summary::{deviation, median};

/// The score from which on a time is an outlier.
const THRESHOLD: f64 = 1.4826 * 10.0;

/// The fewest runs that have something in common to deviate from.
const FEWEST: usize = 5;

/// What is odd about the times of several runs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Odd {
    /// The first run was much slower than the others: something was not warmed up.
    SlowStart,
    /// So many runs were much slower, or much faster.
    Outliers(usize),
}

/// Returns what is odd about `times`.
pub(crate) fn odd(times: &[f64]) -> Option<Odd> {
    if times.len() < FEWEST {
        return None;
    }
    let middle = median(times);
    let deviation = deviation(times, middle).max(f64::EPSILON * middle);
    let score = |time: &f64| (time - middle) / deviation;
    let outliers = times.iter().filter(|time| score(time).abs() > THRESHOLD).count();
    match outliers {
        0 => None,
        1 if score(&times[0]) > THRESHOLD => Some(Odd::SlowStart),
        _ => Some(Odd::Outliers(outliers)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oddities() {
        for (times, expected) in [
            (&[][..], None),
            (&[1.0, 1000.0], None),
            (&[1.0, 1.1, 1.2, 1.1, 1.0], None),
            (&[50.0, 1.1, 1.2, 1.15, 1.0, 1.1], Some(Odd::SlowStart)),
            (&[1.0, 1.1, 1.2, 1.15, 50.0, 1.1], Some(Odd::Outliers(1))),
            (&[50.0, 1.1, 1.2, 1.15, 50.0, 1.1, 1.0], Some(Odd::Outliers(2))),
            // Nothing deviates but one: the median absolute deviation is zero.
            (&[1.0, 1.0, 1.0, 1.0, 1.1], Some(Odd::Outliers(1))),
            (&[0.0, 0.0, 0.0, 0.0, 0.0], None),
        ] {
            assert_eq!(odd(times), expected, "{times:?}");
        }
    }
}
