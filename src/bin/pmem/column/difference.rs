//! How far two columns lie apart.

use std::cmp::Ordering;

use crate::element::{Kind, Notation};

/// How far two values lie apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Gap {
    /// Integers, exactly.
    Whole(u128),
    /// Floats, or a float and an integer.
    Float(f64),
}

impl Gap {
    /// Returns the order of two gaps; a float is compared with an integer as a float.
    fn order(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => Some(a.cmp(&b)),
            (a, b) => a.to_f64().partial_cmp(&b.to_f64()),
        }
    }

    /// Returns the gap as a float, rounded to the nearest.
    pub(crate) fn to_f64(self) -> f64 {
        match self {
            Self::Whole(gap) => gap as f64,
            Self::Float(gap) => gap,
        }
    }

    /// Returns the gap as text.
    pub(crate) fn text(self, notation: Notation) -> String {
        match self {
            Self::Whole(gap) => gap.to_string(),
            Self::Float(gap) => {
                let mut text = Vec::new();
                (Kind::F64.codec().append)(&gap.to_le_bytes(), notation, &mut text);
                String::from_utf8_lossy(&text).into_owned()
            }
        }
    }
}

/// How far two values lie apart, as far as that can be said.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Difference {
    /// Their difference, without a sign.
    pub(crate) gap: Option<Gap>,
    /// Steps from one value of the type to the other.
    pub(crate) ulps: Option<u128>,
}

/// The greatest differences of many values, each with the index of the first that has it, and how
/// often only one value is NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Extremes {
    pub(crate) absolute: (Gap, Option<u64>),
    pub(crate) relative: (f64, Option<u64>),
    pub(crate) ulps: (u128, Option<u64>),
    pub(crate) nan_only_a: u64,
    pub(crate) nan_only_b: u64,
}

impl Default for Extremes {
    fn default() -> Self {
        Self {
            absolute: (Gap::Whole(0), None),
            relative: (0.0, None),
            ulps: (0, None),
            nan_only_a: 0,
            nan_only_b: 0,
        }
    }
}

impl Extremes {
    /// Takes an absolute difference, which counts if it is greater than those before; `index` is
    /// asked only then.
    pub(crate) fn absolute(&mut self, gap: Gap, index: impl FnOnce() -> u64) {
        if gap.order(self.absolute.0) == Some(Ordering::Greater) {
            self.absolute = (gap, Some(index()));
        }
    }

    /// Takes a relative difference.
    pub(crate) fn relative(&mut self, part: f64, index: impl FnOnce() -> u64) {
        if part > self.relative.0 {
            self.relative = (part, Some(index()));
        }
    }

    /// Takes a number of steps.
    pub(crate) fn ulps(&mut self, steps: u128, index: impl FnOnce() -> u64) {
        if steps > self.ulps.0 {
            self.ulps = (steps, Some(index()));
        }
    }

    /// Takes those of elements that come later.
    pub(crate) fn merge(&mut self, later: &Self) {
        // Where there is no index there is no difference.
        self.absolute(later.absolute.0, || later.absolute.1.unwrap_or_default());
        self.relative(later.relative.0, || later.relative.1.unwrap_or_default());
        self.ulps(later.ulps.0, || later.ulps.1.unwrap_or_default());
        self.nan_only_a += later.nan_only_a;
        self.nan_only_b += later.nan_only_b;
    }
}
