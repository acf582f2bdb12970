//! What work costs: time, and page faults.

use std::ops::Sub;
use std::time::Instant;

use super::system;

/// What one execution of an operation costs. All times are in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Cost {
    /// Time on the clock.
    pub(crate) seconds: f64,
    /// Time of the processor in the program.
    pub(crate) user: f64,
    /// Time of the processor in the kernel.
    pub(crate) system: f64,
    /// Page faults that needed no reading.
    pub(crate) minor_faults: f64,
    /// Page faults that had to wait for the disk.
    pub(crate) major_faults: f64,
}

impl Cost {
    /// Returns the cost of each of `executions` that cost this together.
    pub(super) fn each(self, executions: u64) -> Self {
        let share = |total: f64| total / executions as f64;
        Self {
            seconds: share(self.seconds),
            user: share(self.user),
            system: share(self.system),
            minor_faults: share(self.minor_faults),
            major_faults: share(self.major_faults),
        }
    }
}

/// What the process has used so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Used {
    pub(super) user: f64,
    pub(super) system: f64,
    pub(super) minor_faults: f64,
    pub(super) major_faults: f64,
}

impl Sub for Used {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Self {
            user: self.user - before.user,
            system: self.system - before.system,
            minor_faults: self.minor_faults - before.minor_faults,
            major_faults: self.major_faults - before.major_faults,
        }
    }
}

/// Does `work`, and says what it costs.
pub(super) fn of<R>(work: impl FnOnce() -> R) -> (R, Cost) {
    let before = system::used();
    let start = Instant::now();
    let result = work();
    let seconds = start.elapsed().as_secs_f64();
    let Used { user, system, minor_faults, major_faults } = system::used() - before;
    (result, Cost { seconds, user, system, minor_faults, major_faults })
}
