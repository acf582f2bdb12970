//! How often an operation is done within one run, so that the run can be measured.

use super::backend::Backend;
use super::operation::Operation;

/// How long a run should last, in seconds: some 100,000 times what the clock resolves.
const ENOUGH: f64 = 0.003;

/// Files that may be open at the same time.
const FILES: u64 = 32;

/// Memories that may be there at the same time.
const MEMORIES: u64 = 4096;

/// Bytes that several memories may take together; one alone may take more.
const TOGETHER: u64 = 64 << 20;

/// The most that an operation is repeated on one memory.
const REPEATS: u64 = 1 << 20;

/// How often an operation is done within one run.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Scale {
    /// Memories that are set up beforehand, and worked on one after the other.
    pub(super) memories: u64,
    /// How often the operation is done with each of them.
    pub(super) repeats: u64,
}

impl Scale {
    /// Once.
    pub(super) const ONCE: Self = Self { memories: 1, repeats: 1 };

    /// How often the operation is done in all.
    pub(super) const fn executions(self) -> u64 {
        self.memories * self.repeats
    }

    /// Returns how many memories of so many bytes there are at most at the same time.
    pub(super) fn most_memories(backend: Backend, bytes: u64) -> u64 {
        let number = if backend.is_file() { FILES } else { MEMORIES };
        number.min(TOGETHER / bytes.max(1)).max(1)
    }

    /// Returns a larger scale, if a run of `seconds` is too short and more can be done.
    ///
    /// One step is at most a factor of 64, as a first run may be slow for reasons of its own.
    pub(super) fn larger(
        self,
        operation: Operation,
        backend: Backend,
        bytes: u64,
        seconds: f64,
    ) -> Option<Self> {
        if seconds >= ENOUGH {
            return None;
        }
        let factor = (1.25 * ENOUGH / seconds.max(1e-9)).ceil().min(64.0) as u64;
        let larger = if operation.repeats() {
            Self { repeats: (self.repeats * factor).min(REPEATS), ..self }
        } else {
            let most = Self::most_memories(backend, bytes);
            Self { memories: (self.memories * factor).min(most), ..self }
        };
        (larger != self).then_some(larger)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn larger(scale: (u64, u64), of: (Operation, Backend), bytes: u64, s: f64) -> Option<u64> {
        let scale = Scale { memories: scale.0, repeats: scale.1 };
        scale.larger(of.0, of.1, bytes, s).map(Scale::executions)
    }

    #[test]
    fn short_runs_are_made_longer() {
        let (grow, read) = ((Operation::Grow, Backend::Global), (Operation::Read, Backend::File));
        let file = (Operation::Grow, Backend::File);
        for (scale, of, bytes, seconds, executions) in [
            ((1, 1), grow, 1024, 0.003, None),
            ((1, 1), grow, 1024, 0.001, Some(4)),
            ((1, 1), grow, 1024, 1e-6, Some(64)),
            ((4096, 1), grow, 1024, 1e-4, None),
            ((1, 1), grow, TOGETHER, 0.001, None),
            ((1, 1), grow, TOGETHER / 2, 0.001, Some(2)),
            ((1, 1), file, 1024, 1e-6, Some(32)),
            ((32, 1), file, 1024, 0.001, None),
            ((1, 64), read, u64::MAX, 0.0015, Some(192)),
            ((1, REPEATS), read, 1, 0.0, None),
        ] {
            assert_eq!(larger(scale, of, bytes, seconds), executions, "{scale:?} {seconds}");
        }
    }
}
