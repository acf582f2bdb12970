//! How often one run executes an operation, so that the run is long enough to be measured.

use super::case::Case;
use super::plan::Plan;

/// How long a run should last, in seconds: some 100,000 times what the clock resolves.
const ENOUGH: f64 = 0.003;

/// Files that may be open at the same time.
const FILES: u64 = 32;

/// Memories that may exist at the same time.
const MEMORIES: u64 = 4096;

/// The most executions on one memory.
const REPEATS: u64 = 1 << 20;

/// Returns the most executions of `case` in one run: each needs a memory of its own, unless the
/// operation leaves the memory as it found it.
pub(super) fn most(plan: &Plan, case: Case) -> u64 {
    if case.operation.repeats() {
        return REPEATS;
    }
    let number = if case.backend.is_file() { FILES } else { MEMORIES };
    let size = u64::try_from(plan.most_bytes(case.backend)).unwrap_or(u64::MAX);
    number.min(plan.together / size.max(1)).max(1)
}

/// Returns a larger number of executions, at `most` so many, if a run of `seconds` is too short.
///
/// One step is at most a factor of 64, as a first run may be slow for reasons of its own.
pub(super) fn larger(executions: u64, most: u64, seconds: f64) -> Option<u64> {
    let factor = (1.25 * ENOUGH / seconds.max(1e-9)).ceil().min(64.0) as u64;
    let larger = (executions * factor).min(most);
    (seconds < ENOUGH && larger != executions).then_some(larger)
}

#[cfg(test)]
mod tests {
    use super::super::case::{Backend, Operation};
    use super::super::plan::tests::plan;
    use super::*;

    #[test]
    fn short_runs_are_made_longer() {
        for (executions, most, seconds, expected) in [
            (1, 4096, 0.003, None),
            (1, 4096, 0.001, Some(4)),
            (1, 4096, 1e-6, Some(64)),
            (4096, 4096, 1e-4, None),
            (1, 1, 0.001, None),
            (1, 2, 0.001, Some(2)),
            (64, REPEATS, 0.0015, Some(192)),
            (REPEATS, REPEATS, 0.0, None),
        ] {
            assert_eq!(larger(executions, most, seconds), expected, "{executions} {seconds}");
        }
    }

    #[test]
    fn memories_fit_together() {
        use Operation::{Grow, Read};
        // The plan lets memories take a mebibyte together.
        for (operation, backend, count, expected) in [
            (Grow, Backend::Global, 1, 4096),
            (Grow, Backend::Global, 1 << 10, 1 << 10),
            (Grow, Backend::Global, 1 << 30, 1),
            // A file takes 64 KiB more, which it reserves ahead.
            (Grow, Backend::Temp, 1 << 10, 15),
            (Grow, Backend::File, u64::MAX, 1),
            (Read, Backend::File, 1 << 30, REPEATS),
        ] {
            let case = Case { operation, backend };
            assert_eq!(most(&plan(&[backend], count, 1), case), expected, "{case} of {count}");
        }
    }
}
