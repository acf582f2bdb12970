//! What to measure, and how much of it.

use std::path::PathBuf;

use super::backend::Backend;
use super::operation::Operation;
use crate::element::Element;

/// What to measure.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) operations: Vec<Operation>,
    pub(crate) backends: Vec<Backend>,
    pub(crate) element: Element,
    /// Elements of a full memory.
    pub(crate) count: u64,
    /// Runs before those that count.
    pub(crate) warmup: u64,
    /// Runs that count, of each operation and backend; as many as there is time for if not set.
    pub(crate) runs: Option<u64>,
    /// Where files are put.
    pub(crate) dir: PathBuf,
}

impl Plan {
    /// The backends that can do `operation`.
    pub(super) fn contenders(&self, operation: Operation) -> impl Iterator<Item = Backend> + '_ {
        self.backends.iter().copied().filter(move |backend| operation.is_of(*backend))
    }

    /// Takes out operations that none of the backends can do.
    pub(crate) fn without_idle_operations(mut self) -> Self {
        let operations = std::mem::take(&mut self.operations);
        let busy = |operation: &Operation| self.contenders(*operation).next().is_some();
        let operations = operations.into_iter().filter(busy).collect();
        Self { operations, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_are_synced() {
        let plan = |backends: &[Backend]| Plan {
            operations: vec![Operation::Read, Operation::Sync],
            backends: backends.to_vec(),
            element: "u8".parse().unwrap(),
            count: 1,
            warmup: 0,
            runs: None,
            dir: PathBuf::new(),
        };
        let plan_of_heaps = plan(&[Backend::Global, Backend::Temp]).without_idle_operations();
        assert_eq!(plan_of_heaps.operations, [Operation::Read]);
        let plan_of_all = plan(&Backend::ALL).without_idle_operations();
        assert_eq!(plan_of_all.operations, [Operation::Read, Operation::Sync]);
        assert_eq!(plan_of_all.contenders(Operation::Read).count(), 4);
        assert_eq!(plan_of_all.contenders(Operation::Sync).collect::<Vec<_>>(), [Backend::File]);
    }
}
