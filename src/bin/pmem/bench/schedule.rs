//! In which order things are measured, and how often.
//!
//! The backends take turns run by run, so that a machine that becomes slower does so for all of
//! them; and each round begins with another one, so that none always follows the same neighbour.

/// The fewest runs, unless the user says otherwise.
const FEWEST: u64 = 10;

/// The most runs, unless the user says otherwise.
const MOST: u64 = 100;

/// Seconds that all measurements together should take; they take longer if the fewest runs do.
const TOTAL: f64 = 5.0;

/// The order of `backends` in a round.
pub(super) fn order(round: u64, backends: usize) -> impl Iterator<Item = usize> {
    let first = (round % backends.max(1) as u64) as usize;
    (0..backends).map(move |index| (first + index) % backends)
}

/// How many rounds to make of one of `operations`, if a round takes `seconds`.
pub(super) fn rounds(seconds: f64, operations: usize) -> u64 {
    let share = TOTAL / operations.max(1) as f64;
    ((share / seconds.max(1e-9)) as u64).clamp(FEWEST, MOST)
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
        for (seconds, operations, expected) in
            [(0.0, 7, 100), (0.05, 5, 20), (0.05, 1, 100), (10.0, 7, 10), (0.07, 1, 71)]
        {
            assert_eq!(rounds(seconds, operations), expected, "{seconds} {operations}");
        }
    }
}
