//! Comparing values of different types, exactly.

use super::compare::{Compare, Equality, Strided, part};
use super::difference::{Difference, Extremes, Gap};
use super::key::{key, steps};
use crate::element::{Class, Job, Kind, Number as _, Scalar};

/// A value of any number type, exactly.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Exact {
    /// Below zero by this much.
    Negative(u128),
    /// Zero, or above it by this much.
    Positive(u128),
    Float(f64),
}

impl Exact {
    fn of<T: Scalar>(bytes: &[u8]) -> Self {
        let value = T::load(bytes);
        if T::Wide::FLOAT {
            // All floats that are computed with are 64-bit floats, or narrower.
            return Self::Float(value.wide().to_f64());
        }
        let zero = match T::CLASS {
            Class::Signed => 1 << (8 * T::SIZE - 1),
            _ => 0,
        };
        let (key, magnitude) = (key(value), key(value).abs_diff(zero));
        if key < zero { Self::Negative(magnitude) } else { Self::Positive(magnitude) }
    }

    fn is_nan(self) -> bool {
        matches!(self, Self::Float(value) if value.is_nan())
    }

    /// Returns the value as a float, rounded to the nearest.
    fn to_f64(self) -> f64 {
        match self {
            Self::Negative(magnitude) => -(magnitude as f64),
            Self::Positive(magnitude) => magnitude as f64,
            Self::Float(value) => value,
        }
    }

    /// Returns the integer that a float is, if it is one.
    fn whole(self) -> Option<Self> {
        /// What 128 bits do not hold any more.
        const TOO_LARGE: f64 = 2.0 * (1_u128 << 127) as f64;

        let Self::Float(value) = self else { return Some(self) };
        let magnitude = value.abs();
        let whole = magnitude < TOO_LARGE && magnitude.fract() == 0.0;
        whole.then_some(match value < 0.0 {
            true => Self::Negative(magnitude as u128),
            false => Self::Positive(magnitude as u128),
        })
    }

    /// Returns whether two values are equal; NaN is not. The sign of zero counts between floats.
    fn equals(self, other: Self) -> bool {
        match (self, other) {
            (Self::Float(a), Self::Float(b)) => steps(a, b) == 0 && !a.is_nan(),
            (a, b) => a.whole().is_some_and(|a| Some(a) == b.whole()),
        }
    }

    /// Returns how far two values lie apart: exactly, if both are whole and 128 bits are enough.
    fn gap(self, other: Self) -> Gap {
        let exact = match (self.whole(), other.whole()) {
            (Some(Self::Positive(a)), Some(Self::Positive(b)))
            | (Some(Self::Negative(a)), Some(Self::Negative(b))) => Some(a.abs_diff(b)),
            (Some(Self::Positive(a)), Some(Self::Negative(b)))
            | (Some(Self::Negative(a)), Some(Self::Positive(b))) => a.checked_add(b),
            _ => None,
        };
        match (self, other) {
            (Self::Float(a), Self::Float(b)) => Gap::Float((a - b).abs()),
            (a, b) => exact.map_or_else(|| Gap::Float((a.to_f64() - b.to_f64()).abs()), Gap::Whole),
        }
    }
}

/// Returns how to read a number type exactly.
struct Load;

impl Job for Load {
    type Output = fn(&[u8]) -> Exact;

    fn run<T: Scalar>(self) -> fn(&[u8]) -> Exact {
        Exact::of::<T>
    }
}

/// Compares numbers of two types.
#[derive(Debug)]
pub(super) struct Mixed {
    load_a: fn(&[u8]) -> Exact,
    load_b: fn(&[u8]) -> Exact,
    equality: Equality,
}

impl Mixed {
    /// Returns a comparison of two number types.
    pub(super) fn new(a: Kind, b: Kind, equality: Equality) -> Option<Self> {
        Some(Self { load_a: a.run(Load)?, load_b: b.run(Load)?, equality })
    }

    fn differ(&self, a: Exact, b: Exact) -> bool {
        if a.is_nan() && b.is_nan() {
            return self.equality.nan_differs;
        }
        let close = || {
            self.equality.tolerance.is_some_and(|tolerance| match a.gap(b) {
                Gap::Whole(gap) => tolerance.is_near_whole(gap, b.to_f64()),
                Gap::Float(gap) => tolerance.is_near(gap, b.to_f64()),
            })
        };
        !a.equals(b) && !close()
    }
}

impl Compare for Mixed {
    fn mark(
        &self,
        a: Strided<'_>,
        b: Strided<'_>,
        first: u64,
        differs: &mut [bool],
        extremes: &mut Extremes,
    ) {
        for (index, ((a, b), differs)) in (first..).zip(a.each().zip(b.each()).zip(differs)) {
            let (a, b) = ((self.load_a)(a), (self.load_b)(b));
            *differs |= self.differ(a, b);
            let gap = a.gap(b);
            extremes.absolute(gap, || index);
            extremes.relative(part(gap.to_f64(), b.to_f64()), || index);
            extremes.nan_only_a += u64::from(a.is_nan() && !b.is_nan());
            extremes.nan_only_b += u64::from(b.is_nan() && !a.is_nan());
        }
    }

    fn differs(&self, a: &[u8], b: &[u8]) -> bool {
        self.differ((self.load_a)(a), (self.load_b)(b))
    }

    fn difference(&self, a: &[u8], b: &[u8]) -> Difference {
        let gap = (self.load_a)(a).gap((self.load_b)(b));
        Difference { gap: Some(gap), ulps: None }
    }
}

/// Compares text, or bytes of one length. The zeroes behind a text do not count.
#[derive(Debug)]
pub(super) struct Texts;

impl Compare for Texts {
    fn mark(&self, a: Strided<'_>, b: Strided<'_>, _: u64, differs: &mut [bool], _: &mut Extremes) {
        for ((a, b), differs) in a.each().zip(b.each()).zip(differs) {
            *differs |= self.differs(a, b);
        }
    }

    fn differs(&self, a: &[u8], b: &[u8]) -> bool {
        trimmed(a) != trimmed(b)
    }

    fn difference(&self, _: &[u8], _: &[u8]) -> Difference {
        Difference::default()
    }
}

/// Returns bytes without the zeroes behind them.
fn trimmed(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    &bytes[..end]
}
