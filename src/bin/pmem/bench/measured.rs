//! What was measured: the costs of several runs of one operation on one backend.

use super::backend::Backend;
use super::cost::Cost;
use super::material::Material;
use super::operation::Operation;
use super::plan::Plan;
use super::runner::Contender;
use super::summary::Summary;
use crate::element::Element;
use bytemuck::Pod;

/// The costs of several runs.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    pub(crate) operation: Operation,
    pub(crate) backend: Backend,
    pub(crate) element: Element,
    /// Elements that the memory holds when it is full.
    pub(crate) count: u64,
    /// Elements that one execution handles.
    pub(crate) handled: u64,
    /// Elements that are handled at a time.
    pub(crate) step: u64,
    /// How often a run did the operation. Costs are those of one execution.
    pub(crate) executions: u64,
    /// One cost for each run.
    pub(crate) costs: Vec<Cost>,
}

impl Measured {
    /// Says what came out for `contender`.
    pub(super) fn new<T: Pod + PartialEq + Send + Sync>(
        contender: Contender,
        plan: &Plan,
        material: &Material<T>,
    ) -> Self {
        let Contender { operation, backend, scale, costs } = contender;
        let (handled, step) = match operation {
            Operation::Append => (material.count, material.step),
            Operation::Random => (material.reads, 1),
            _ => (material.count, material.count),
        };
        Self {
            operation,
            backend,
            element: plan.element.clone(),
            count: plan.count,
            handled: handled as u64,
            step: step as u64,
            executions: scale.executions(),
            costs,
        }
    }

    /// What the measurement is called.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.operation, self.backend)
    }

    /// The time of each run, in seconds.
    pub(crate) fn times(&self) -> Vec<f64> {
        self.costs.iter().map(|cost| cost.seconds).collect()
    }

    /// The statistics of the times.
    pub(crate) fn summary(&self) -> Summary {
        Summary::of(&self.times())
    }

    /// Bytes that one execution handles.
    pub(crate) fn bytes(&self) -> u64 {
        self.handled * self.element.size()
    }

    /// The mean of one figure over all runs.
    pub(crate) fn mean(&self, figure: impl Fn(&Cost) -> f64) -> f64 {
        self.costs.iter().map(figure).sum::<f64>() / self.costs.len().max(1) as f64
    }

    /// How often `amount` goes into a second, at the median time.
    pub(crate) fn per_second(&self, amount: u64) -> f64 {
        amount as f64 / self.summary().median.max(f64::MIN_POSITIVE)
    }
}

/// The shortest median of those that do `operation`.
pub(crate) fn fastest(all: &[Measured], operation: Operation) -> f64 {
    medians(all, operation).fold(f64::INFINITY, f64::min)
}

/// The longest median of those that do `operation`.
pub(crate) fn slowest(all: &[Measured], operation: Operation) -> f64 {
    medians(all, operation).fold(0.0, f64::max)
}

fn medians(all: &[Measured], operation: Operation) -> impl Iterator<Item = f64> {
    let of = move |measured: &&Measured| measured.operation == operation;
    all.iter().filter(of).map(|measured| measured.summary().median)
}

/// The operations that were measured, in their order.
pub(crate) fn operations(all: &[Measured]) -> Vec<Operation> {
    let measured = |operation: &Operation| all.iter().any(|one| one.operation == *operation);
    Operation::ALL.into_iter().filter(measured).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A measurement of a million `u64` with these times.
    pub(crate) fn measured(operation: Operation, backend: Backend, times: &[f64]) -> Measured {
        let cost = |seconds: &f64| Cost { seconds: *seconds, minor_faults: 3.0, ..Cost::default() };
        Measured {
            operation,
            backend,
            element: "u64".parse().unwrap(),
            count: 1_000_000,
            handled: 1_000_000,
            step: 1,
            executions: 2,
            costs: times.iter().map(cost).collect(),
        }
    }

    /// Some operations on some backends.
    pub(crate) fn several() -> Vec<Measured> {
        vec![
            measured(Operation::Grow, Backend::Global, &[0.008, 0.010, 0.012]),
            measured(Operation::Grow, Backend::File, &[0.020, 0.025, 0.025]),
            measured(Operation::Read, Backend::Global, &[0.000_5; 20]),
            measured(Operation::Sync, Backend::File, &[1.5]),
        ]
    }

    #[test]
    fn figures() {
        let all = several();
        assert_eq!(all[0].name(), "grow global");
        assert_eq!(all[0].bytes(), 8_000_000);
        assert!((all[0].per_second(all[0].bytes()) - 8e8).abs() < 1.0);
        assert!((all[0].mean(|cost| cost.minor_faults) - 3.0).abs() < 1e-12);
        assert_eq!(fastest(&all, Operation::Grow), 0.010);
        assert_eq!(slowest(&all, Operation::Grow), 0.025);
        assert_eq!(operations(&all), [Operation::Grow, Operation::Read, Operation::Sync]);
    }
}
