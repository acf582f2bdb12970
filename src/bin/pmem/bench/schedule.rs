//! In which order things are measured, and how often.
//!
//! In a round, everything is done once. So a machine that becomes slower does so for all, and the
//! runs of one measurement are far enough apart to see all of its moods. Among those that do the
//! same, each round begins with another backend.

/// The fewest rounds, unless the user says otherwise.
const FEWEST: u64 = 10;

/// The most rounds, unless the user says otherwise.
const MOST: u64 = 100;

/// Seconds that all rounds together should take; they take longer if the fewest do.
const TOTAL: f64 = 5.0;

/// The order of `backends` that do the same, in a round.
pub(super) fn order(round: u64, backends: usize) -> impl Iterator<Item = usize> {
    let first = (round % backends.max(1) as u64) as usize;
    (0..backends).map(move |index| (first + index) % backends)
}

/// How many rounds to make, if one takes `seconds`.
pub(super) fn rounds(seconds: f64) -> u64 {
    ((TOTAL / seconds.max(1e-9)) as u64).clamp(FEWEST, MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_begin_with_another_backend() {
        for (round, expected) in [(0, [0, 1, 2]), (1, [1, 2, 0]), (2, [2, 0, 1]), (3, [0, 1, 2])] {
            assert_eq!(order(round, 3).collect::<Vec<_>>(), expected);
        }
        assert_eq!(order(u64::MAX, 0).count(), 0);
    }

    #[test]
    fn long_rounds_are_few() {
        for (seconds, expected) in [(0.0, 100), (0.25, 20), (10.0, 10), (0.07, 71)] {
            assert_eq!(rounds(seconds), expected, "{seconds}");
        }
    }
}
