//! What a process uses of the machine.

use std::ops::{Add, Sub};

use serde::{Deserialize, Serialize};

/// Processor time in seconds, and page faults.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub(crate) struct Usage {
    /// Time of the processor in the program.
    pub(crate) user: f64,
    /// Time of the processor in the kernel.
    pub(crate) system: f64,
    /// Page faults that needed no reading.
    pub(crate) minor_faults: f64,
    /// Page faults that waited for the disk.
    pub(crate) major_faults: f64,
}

impl Usage {
    /// Returns an equal share of this for each of `parts`.
    pub(crate) fn share(self, parts: f64) -> Self {
        self.with(self, |one, _| one / parts)
    }

    fn with(self, other: Self, compute: impl Fn(f64, f64) -> f64) -> Self {
        Self {
            user: compute(self.user, other.user),
            system: compute(self.system, other.system),
            minor_faults: compute(self.minor_faults, other.minor_faults),
            major_faults: compute(self.major_faults, other.major_faults),
        }
    }
}

impl Add for Usage {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.with(other, |one, two| one + two)
    }
}

impl Sub for Usage {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self.with(other, |one, two| one - two)
    }
}
