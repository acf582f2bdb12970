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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::compare::compare;
    use super::*;

    /// Whether two values of two types differ, and how far they lie apart.
    fn compared(a: (Kind, &str), b: (Kind, &str)) -> (bool, Option<Gap>) {
        let bytes = |(kind, text): (Kind, &str)| {
            let mut bytes = vec![0; kind.size()];
            (kind.codec().parse)(text, &mut bytes).unwrap();
            bytes
        };
        let equality = Equality { tolerance: None, nan_differs: false };
        let compare = compare(a.0, b.0, equality).unwrap();
        let (a, b) = (bytes(a), bytes(b));
        (compare.differs(&a, &b), compare.difference(&a, &b).gap)
    }

    #[test]
    fn exactly() {
        use Kind::{Bool, F16, F32, F64, I8, I64, I128, U8, U24, U64, U128};
        for (a, b, equal) in [
            ((I64, "9007199254740993"), (F64, "9007199254740992"), false),
            ((I64, "9007199254740992"), (F64, "9007199254740992"), true),
            ((U64, "18446744073709551615"), (F64, "18446744073709551616"), false),
            ((U128, "18446744073709551616"), (F64, "18446744073709551616"), true),
            ((I128, "-1"), (U128, "340282366920938463463374607431768211455"), false),
            ((I8, "-128"), (I64, "-128"), true),
            ((I8, "-1"), (F16, "-1"), true),
            ((U8, "0"), (F32, "-0"), true),
            ((F32, "0"), (F64, "-0"), false),
            ((F32, "0.1"), (F64, "0.1"), false),
            ((F32, "NaN"), (F64, "-NaN"), true),
            ((F32, "NaN"), (U8, "0"), false),
            ((F32, "inf"), (F64, "inf"), true),
            ((F32, "inf"), (U128, "1"), false),
            ((U24, "7"), (Bool, "true"), false),
            ((U24, "1"), (Bool, "true"), true),
        ] {
            assert_eq!(compared(a, b).0, !equal, "{a:?} {b:?}");
            assert_eq!(compared(b, a).0, !equal, "{b:?} {a:?}");
        }
    }

    #[test]
    fn gaps() {
        let gap = |a, b| compared(a, b).1.unwrap();
        let most = u128::MAX.to_string();
        assert_eq!(gap((Kind::I8, "-1"), (Kind::U128, "5")), Gap::Whole(6));
        assert_eq!(gap((Kind::I8, "-1"), (Kind::U128, &most)), Gap::Float(u128::MAX as f64));
        assert_eq!(gap((Kind::U8, "3"), (Kind::F64, "1.5")), Gap::Float(1.5));
        assert_eq!(gap((Kind::U8, "3"), (Kind::F64, "-inf")), Gap::Float(f64::INFINITY));
        assert_eq!(gap((Kind::F32, "3"), (Kind::F64, "1")), Gap::Float(2.0));
    }

    proptest! {
        /// Every integer that a 32-bit float is equals it, and the next one does not.
        #[test]
        fn integers_and_floats(value in -(1_i64 << 62)..1_i64 << 62) {
            let float = value as f32;
            let (float, whole) = (float.to_string(), float as i64);
            let differs = |whole: i64| compared((Kind::I64, &whole.to_string()), (Kind::F32, &float)).0;
            prop_assert!(!differs(whole));
            prop_assert!(differs(whole + 1));
        }
    }
}
