//! What work costs: time, and what the process used.

use std::time::Instant;

use crate::system::{Usage, usage};

/// What an execution of an operation costs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Cost {
    /// Time on the clock, in seconds.
    pub(crate) seconds: f64,
    /// Processor time and page faults.
    pub(crate) usage: Usage,
}

impl Cost {
    /// Returns the cost of each of `executions` that cost this together.
    pub(super) fn each(self, executions: u64) -> Self {
        let parts = executions as f64;
        Self { seconds: self.seconds / parts, usage: self.usage.share(parts) }
    }
}

/// Does `work`, and says what it costs.
pub(super) fn of<R>(work: impl FnOnce() -> R) -> (R, Cost) {
    let before = usage();
    let start = Instant::now();
    let result = work();
    let seconds = start.elapsed().as_secs_f64();
    (result, Cost { seconds, usage: usage() - before })
}
