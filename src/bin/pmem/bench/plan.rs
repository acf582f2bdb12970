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
    /// Bytes that several memories of a backend may take together; one alone may take more.
    pub(crate) together: u64,
}

impl Plan {
    /// The backends that can do `operation`.
    pub(super) fn contenders(&self, operation: Operation) -> impl Iterator<Item = Backend> + '_ {
        self.backends.iter().copied().filter(move |backend| operation.is_of(*backend))
    }

    /// Bytes of all elements of a full memory.
    pub(super) fn bytes(&self) -> u128 {
        u128::from(self.count) * u128::from(self.element.size())
    }

    /// Bytes that one memory of `backend` takes at most.
    pub(super) fn size(&self, backend: Backend) -> u128 {
        let bytes = self.bytes();
        if backend.is_file() {
            // A file that grows by little reserves blocks ahead.
            return bytes + (bytes / 2).clamp(64 << 10, 16 << 20);
        }
        // A block that grows may have to be copied into one of twice its size.
        if self.operations.contains(&Operation::Append) { 2 * bytes } else { bytes }
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
pub(super) mod tests {
    use super::*;

    /// A plan for these backends.
    pub(crate) fn plan(backends: &[Backend], count: u64, element: &str) -> Plan {
        Plan {
            operations: vec![Operation::Read, Operation::Sync],
            backends: backends.to_vec(),
            element: element.parse().unwrap(),
            count,
            warmup: 0,
            runs: None,
            dir: PathBuf::from("dir"),
            together: 1 << 20,
        }
    }

    #[test]
    fn only_files_are_synced() {
        let of_heaps = plan(&[Backend::Global, Backend::Temp], 1, "u8").without_idle_operations();
        assert_eq!(of_heaps.operations, [Operation::Read]);
        let of_all = plan(&Backend::ALL, 1, "u8").without_idle_operations();
        assert_eq!(of_all.operations, [Operation::Read, Operation::Sync]);
        assert_eq!(of_all.contenders(Operation::Read).count(), 4);
        assert_eq!(of_all.contenders(Operation::Sync).collect::<Vec<_>>(), [Backend::File]);
    }

    #[test]
    fn sizes() {
        let mut plan = plan(&Backend::ALL, 1 << 20, "u64");
        assert_eq!(plan.bytes(), 8 << 20);
        assert_eq!(plan.size(Backend::Global), 8 << 20);
        assert_eq!(plan.size(Backend::File), 12 << 20);
        plan.operations.push(Operation::Append);
        assert_eq!(plan.size(Backend::System), 16 << 20);
    }
}
