//! How often one run does an operation, so that the run is long enough to be measured.

use super::case::{Backend, Operation};
use super::plan::Plan;

/// How long a run should last, in seconds: some 100,000 times what the clock resolves.
const ENOUGH: f64 = 0.003;

/// Files that may be open at the same time.
const FILES: u64 = 32;

/// Memories that may exist at the same time.
const MEMORIES: u64 = 4096;

/// The most repetitions on one memory.
const REPEATS: u64 = 1 << 20;

/// How often one run does an operation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Scale {
    /// Memories that are set up beforehand and used one after the other.
    pub(super) memories: u64,
    /// How often the operation is done on each of them.
    pub(super) repeats: u64,
}

impl Scale {
    /// Once.
    pub(super) const ONCE: Self = Self { memories: 1, repeats: 1 };

    /// Returns how often the operation is done in all.
    pub(super) const fn executions(self) -> u64 {
        self.memories * self.repeats
    }

    /// Returns how many memories of a backend may exist at the same time.
    pub(super) fn most_memories(plan: &Plan, backend: Backend) -> u64 {
        let number = if backend.is_file() { FILES } else { MEMORIES };
        let size = u64::try_from(plan.most_bytes(backend)).unwrap_or(u64::MAX);
        number.min(plan.together / size.max(1)).max(1)
    }

    /// Returns a larger scale if a run of `seconds` is too short and more can be done, with at most
    /// `most` memories.
    ///
    /// One step is at most a factor of 64, as a first run may be slow for reasons of its own.
    pub(super) fn larger(self, operation: Operation, most: u64, seconds: f64) -> Option<Self> {
        if seconds >= ENOUGH {
            return None;
        }
        let factor = (1.25 * ENOUGH / seconds.max(1e-9)).ceil().min(64.0) as u64;
        let larger = match operation.repeats() {
            true => Self { repeats: (self.repeats * factor).min(REPEATS), ..self },
            false => Self { memories: (self.memories * factor).min(most), ..self },
        };
        (larger != self).then_some(larger)
    }
}

#[cfg(test)]
mod tests {
    use super::super::plan::tests::plan;
    use super::*;

    #[test]
    fn short_runs_are_made_longer() {
        use Operation::{Grow, Read};
        for (memories, repeats, operation, most, seconds, executions) in [
            (1, 1, Grow, 4096, 0.003, None),
            (1, 1, Grow, 4096, 0.001, Some(4)),
            (1, 1, Grow, 4096, 1e-6, Some(64)),
            (4096, 1, Grow, 4096, 1e-4, None),
            (1, 1, Grow, 1, 0.001, None),
            (1, 1, Grow, 2, 0.001, Some(2)),
            (1, 64, Read, 1, 0.0015, Some(192)),
            (1, REPEATS, Read, 1, 0.0, None),
        ] {
            let scale = Scale { memories, repeats };
            let found = scale.larger(operation, most, seconds).map(Scale::executions);
            assert_eq!(found, executions, "{scale:?} {seconds}");
        }
    }

    #[test]
    fn memories_fit_together() {
        let most = |backend, count| Scale::most_memories(&plan(&[backend], count, 1), backend);
        // The plan lets memories take a mebibyte together.
        assert_eq!(most(Backend::Global, 1), 4096);
        assert_eq!(most(Backend::Global, 1 << 10), 1 << 10);
        assert_eq!(most(Backend::Global, 1 << 30), 1);
        // A file takes 64 KiB more, which it reserves ahead.
        assert_eq!(most(Backend::Temp, 1 << 10), 15);
        assert_eq!(most(Backend::File, u64::MAX), 1);
    }
}
