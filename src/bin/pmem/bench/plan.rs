//! What to measure, how much of it, and in which order.
//!
//! A round does everything once. So a machine that becomes slower does so for all cases, and the
//! runs of one case are spread over the whole time. Each round begins with another backend.

use std::path::PathBuf;

use super::case::{Backend, Case, Operation};

/// The rounds to make, unless the user says otherwise.
const ROUNDS: std::ops::RangeInclusive<u64> = 10..=100;

/// Seconds that all rounds together should take; they take longer if the fewest rounds do.
const TOTAL: f64 = 5.0;

/// What to measure.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) operations: Vec<Operation>,
    pub(crate) backends: Vec<Backend>,
    /// The type of the elements.
    pub(crate) element: String,
    /// Bytes of an element.
    pub(crate) size: u64,
    /// Elements of a full memory.
    pub(crate) count: u64,
    /// Warm-up runs of each case.
    pub(crate) warmup: u64,
    /// Runs of each case that count; as many as there is time for if not set.
    pub(crate) runs: Option<u64>,
    /// The directory of the files.
    pub(crate) dir: PathBuf,
    /// Bytes that several memories of a backend may take together; one alone may take more.
    pub(crate) together: u64,
}

impl Plan {
    /// Returns the cases, those with the same operation together.
    pub(super) fn groups(&self) -> Vec<Vec<Case>> {
        let group = |operation: &Operation| {
            let able = self.backends.iter().filter(|backend| operation.is_of(**backend));
            able.map(|backend| Case { operation: *operation, backend: *backend }).collect()
        };
        self.operations.iter().map(group).filter(|cases: &Vec<_>| !cases.is_empty()).collect()
    }

    /// Is there nothing to measure?
    pub(crate) fn is_idle(&self) -> bool {
        self.groups().is_empty()
    }

    /// Returns the bytes of all elements of a full memory.
    pub(super) fn bytes(&self) -> u128 {
        u128::from(self.count) * u128::from(self.size)
    }

    /// Returns the bytes that one memory of `backend` takes at most.
    pub(super) fn most_bytes(&self, backend: Backend) -> u128 {
        let bytes = self.bytes();
        if backend.is_file() {
            // A file that grows by little reserves blocks ahead.
            return bytes + (bytes / 2).clamp(64 << 10, 16 << 20);
        }
        // A block that grows may have to be copied into one of twice its size.
        if self.operations.contains(&Operation::Append) { 2 * bytes } else { bytes }
    }

    /// Returns the number of rounds that count, if one takes `seconds`.
    pub(super) fn rounds(&self, seconds: f64) -> u64 {
        let fitting = (TOTAL / seconds.max(1e-9)) as u64;
        self.runs.unwrap_or(fitting.clamp(*ROUNDS.start(), *ROUNDS.end()))
    }
}

/// Returns the order of the cases of one operation in a round.
pub(super) fn order(round: u64, cases: usize) -> impl Iterator<Item = usize> {
    let first = (round % cases.max(1) as u64) as usize;
    (0..cases).map(move |index| (first + index) % cases)
}

#[cfg(test)]
pub(super) mod tests {
    use clap::ValueEnum as _;

    use super::*;

    /// A plan for these backends.
    pub(crate) fn plan(backends: &[Backend], count: u64, size: u64) -> Plan {
        Plan {
            operations: vec![Operation::Read, Operation::Sync],
            backends: backends.to_vec(),
            element: format!("u{}", 8 * size),
            size,
            count,
            warmup: 0,
            runs: None,
            dir: PathBuf::from("dir"),
            together: 1 << 20,
        }
    }

    #[test]
    fn only_files_are_synced() {
        let names = |backends: &[Backend]| {
            let groups = plan(backends, 1, 1).groups().into_iter();
            groups.map(|group| group.iter().map(Case::to_string).collect()).collect::<Vec<Vec<_>>>()
        };
        assert_eq!(names(&[Backend::Global, Backend::Temp]), [["read global", "read temp"]]);
        let all = names(Backend::value_variants());
        assert_eq!((all[0].len(), &*all[1]), (4, &["sync file".to_owned()][..]));
        assert!(plan(&[], 1, 1).is_idle());
    }

    #[test]
    fn sizes() {
        let mut plan = plan(&[], 1 << 20, 8);
        assert_eq!(plan.bytes(), 8 << 20);
        assert_eq!(plan.most_bytes(Backend::Global), 8 << 20);
        assert_eq!(plan.most_bytes(Backend::File), 12 << 20);
        plan.operations.push(Operation::Append);
        assert_eq!(plan.most_bytes(Backend::System), 16 << 20);
    }

    #[test]
    fn rounds_begin_with_another_backend() {
        for (round, expected) in [(0, [0, 1, 2]), (1, [1, 2, 0]), (2, [2, 0, 1]), (3, [0, 1, 2])] {
            assert_eq!(order(round, 3).collect::<Vec<_>>(), expected);
        }
        assert_eq!(order(u64::MAX, 0).count(), 0);
    }

    #[test]
    fn long_rounds_are_few() {
        let mut plan = plan(&[], 1, 1);
        for (seconds, expected) in [(0.0, 100), (0.25, 20), (10.0, 10), (0.07, 71)] {
            assert_eq!(plan.rounds(seconds), expected, "{seconds}");
        }
        plan.runs = Some(3);
        assert_eq!(plan.rounds(0.0), 3);
    }
}
