//! Comparing two columns, a chunk of elements at a time.

use std::fmt::Debug;
use std::marker::PhantomData;

use anyhow::bail;

use super::difference::{Difference, Extremes, Gap};
use super::key::steps;
use super::mixed::{Mixed, Texts};
use super::tolerance::Tolerance;
use crate::element::{Job, Kind, Number as _, Scalar};

/// When values count as equal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Equality {
    /// How far they may differ.
    pub(crate) tolerance: Option<Tolerance>,
    /// Whether two NaNs differ.
    pub(crate) nan_differs: bool,
}

/// One scalar of each of some elements, which are little-endian and whole.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Strided<'a> {
    /// The elements.
    pub(crate) elements: &'a [u8],
    /// Bytes of an element.
    pub(crate) size: usize,
    /// Bytes before the scalar in its element.
    pub(crate) offset: usize,
    /// Bytes of the scalar.
    pub(crate) width: usize,
}

impl<'a> Strided<'a> {
    /// Returns the bytes of each scalar.
    pub(super) fn each(self) -> impl Iterator<Item = &'a [u8]> {
        let place = self.offset..self.offset + self.width;
        self.elements.chunks_exact(self.size).map(move |element| &element[place.clone()])
    }
}

/// Compares the values of two columns.
pub(crate) trait Compare: Debug + Send + Sync {
    /// Marks the elements that differ, the first of which has index `first`, and notes how far
    /// all of them lie apart.
    fn mark(
        &self,
        a: Strided<'_>,
        b: Strided<'_>,
        first: u64,
        differs: &mut [bool],
        extremes: &mut Extremes,
    );

    /// Returns whether two values differ.
    fn differs(&self, a: &[u8], b: &[u8]) -> bool;

    /// Returns how far two values lie apart.
    fn difference(&self, a: &[u8], b: &[u8]) -> Difference;
}

/// Returns what compares values of two types: those of one type by their bits, others exactly.
///
/// # Errors
///
/// Text cannot be compared with numbers, nor bytes of different lengths.
pub(crate) fn compare(a: Kind, b: Kind, equality: Equality) -> anyhow::Result<Box<dyn Compare>> {
    if a == b
        && let Some(same) = a.run(OfOneType(equality))
    {
        return Ok(same);
    }
    if let Some(mixed) = Mixed::new(a, b, equality) {
        return Ok(Box::new(mixed));
    }
    match (a, b) {
        (Kind::Str(_), Kind::Str(_)) => Ok(Box::new(Texts)),
        (Kind::Hex(a), Kind::Hex(b)) if a == b => Ok(Box::new(Texts)),
        _ => {
            let name = |kind: Kind| match kind {
                Kind::Str(size) | Kind::Hex(size) => format!("{}{size}", kind.name()),
                _ => kind.name().to_owned(),
            };
            bail!("{} cannot be compared with {}", name(a), name(b))
        }
    }
}

/// Makes a comparison of values of one number type.
struct OfOneType(Equality);

impl Job for OfOneType {
    type Output = Box<dyn Compare>;

    fn run<T: Scalar>(self) -> Box<dyn Compare> {
        Box::new(Same { equality: self.0, scalar: PhantomData::<T> })
    }
}

/// Compares values of one number type.
#[derive(Debug)]
struct Same<T> {
    equality: Equality,
    scalar: PhantomData<T>,
}

impl<T: Scalar> Same<T> {
    /// Returns whether two values differ.
    #[inline(always)]
    fn differ(&self, a: T, b: T) -> bool {
        let both_nan = a.wide().is_nan() & b.wide().is_nan();
        let equal = (steps(a, b) == 0) | both_nan;
        if equal {
            return both_nan & self.equality.nan_differs;
        }
        self.equality.tolerance.is_none_or(|tolerance| !tolerance.is_close(a, b))
    }

    /// Notes how far floats lie apart.
    fn measure_floats(&self, a: &[T], b: &[T], first: u64, extremes: &mut Extremes) {
        let distance = |a: T, b: T| (a.wide().to_f64() - b.wide().to_f64()).abs();
        let part = |a: T, b: T| part(distance(a, b), b.wide().to_f64());
        let ulps = |a: T, b: T| match a.wide().is_nan() | b.wide().is_nan() {
            true => 0,
            false => steps(a, b) as u64,
        };
        // Comparisons with NaN, which infinities make, leave the maximum as it is.
        let (mut absolute, mut relative, mut most) = (0.0, 0.0, 0);
        for (a, b) in a.iter().zip(b) {
            let (distance, part) = (distance(*a, *b), part(*a, *b));
            absolute = if distance > absolute { distance } else { absolute };
            relative = if part > relative { part } else { relative };
        }
        for (a, b) in a.iter().zip(b) {
            most = ulps(*a, *b).max(most);
        }
        extremes.absolute(Gap::Float(absolute), || {
            first + position(a, b, |a, b| distance(a, b) == absolute)
        });
        extremes.relative(relative, || first + position(a, b, |a, b| part(a, b) == relative));
        extremes.ulps(most.into(), || first + position(a, b, |a, b| ulps(a, b) == most));
        let only = |a: T, b: T| u64::from(a.wide().is_nan() & !b.wide().is_nan());
        extremes.nan_only_a += a.iter().zip(b).map(|(a, b)| only(*a, *b)).sum::<u64>();
        extremes.nan_only_b += a.iter().zip(b).map(|(a, b)| only(*b, *a)).sum::<u64>();
    }

    /// Notes how far integers lie apart.
    fn measure_integers(&self, a: &[T], b: &[T], first: u64, extremes: &mut Extremes) {
        let most = a.iter().zip(b).fold(0, |most, (a, b)| steps(*a, *b).max(most));
        let index = || first + position(a, b, |a, b| steps(a, b) == most);
        extremes.absolute(Gap::Whole(most), index);
        extremes.ulps(most, index);
        let part = |a: T, b: T| part(steps(a, b) as f64, b.wide().to_f64());
        let relative = a.iter().zip(b).fold(0.0, |most, (a, b)| {
            let part = part(*a, *b);
            if part > most { part } else { most }
        });
        extremes.relative(relative, || first + position(a, b, |a, b| part(a, b) == relative));
    }
}

/// Returns a difference as a part of the expected value. What differs infinitely does so in
/// relation to any value.
#[inline(always)]
pub(super) fn part(distance: f64, expected: f64) -> f64 {
    let part = distance / expected.abs();
    if distance == f64::INFINITY { f64::INFINITY } else { part }
}

/// Returns the position of the first pair for which a condition holds.
fn position<T: Copy>(a: &[T], b: &[T], holds: impl Fn(T, T) -> bool) -> u64 {
    a.iter().zip(b).position(|(a, b)| holds(*a, *b)).unwrap_or_default() as u64
}

/// Reads the values of a column.
fn values<T: Scalar>(column: Strided<'_>) -> Vec<T> {
    match T::SIZE == column.size {
        // The compiler makes wide copies of this loop, as it knows both sizes.
        true => column.elements.chunks_exact(T::SIZE).map(T::load).collect(),
        false => column.each().map(T::load).collect(),
    }
}

impl<T: Scalar> Compare for Same<T> {
    fn mark(
        &self,
        a: Strided<'_>,
        b: Strided<'_>,
        first: u64,
        differs: &mut [bool],
        extremes: &mut Extremes,
    ) {
        let (a, b) = (&*values::<T>(a), &*values::<T>(b));
        for ((a, b), differs) in a.iter().zip(b).zip(differs) {
            *differs |= self.differ(*a, *b);
        }
        match T::Wide::FLOAT {
            true => self.measure_floats(a, b, first, extremes),
            false => self.measure_integers(a, b, first, extremes),
        }
    }

    fn differs(&self, a: &[u8], b: &[u8]) -> bool {
        self.differ(T::load(a), T::load(b))
    }

    fn difference(&self, a: &[u8], b: &[u8]) -> Difference {
        let (a, b) = (T::load(a), T::load(b));
        let ulps = steps(a, b);
        if T::Wide::FLOAT {
            let nan = a.wide().is_nan() || b.wide().is_nan();
            let gap = (a.wide().to_f64() - b.wide().to_f64()).abs();
            return Difference { gap: Some(Gap::Float(gap)), ulps: (!nan).then_some(ulps) };
        }
        Difference { gap: Some(Gap::Whole(ulps)), ulps: Some(ulps) }
    }
}

#[cfg(test)]
mod tests {
    use half::f16;
    use proptest::prelude::*;

    use super::*;
    use crate::column::tolerance::Distance;

    const EXACT: Equality = Equality { tolerance: None, nan_differs: false };

    /// What a comparison of two columns says.
    fn compared<T: Scalar>(
        kind: Kind,
        equality: Equality,
        a: &[T],
        b: &[T],
    ) -> (Vec<bool>, Extremes) {
        let bytes = |values: &[T]| {
            let mut bytes = vec![0; values.len() * T::SIZE];
            for (value, place) in values.iter().zip(bytes.chunks_exact_mut(T::SIZE)) {
                value.store(place);
            }
            bytes
        };
        let (a, b) = (bytes(a), bytes(b));
        let strided = |elements| Strided { elements, size: T::SIZE, offset: 0, width: T::SIZE };
        let mut differs = vec![false; a.len() / T::SIZE];
        let mut extremes = Extremes::default();
        let compare = compare(kind, kind, equality).unwrap();
        compare.mark(strided(&*a), strided(&*b), 10, &mut differs, &mut extremes);
        for (at, differs) in differs.iter().enumerate() {
            let place = at * T::SIZE..(at + 1) * T::SIZE;
            assert_eq!(compare.differs(&a[place.clone()], &b[place]), *differs);
        }
        (differs, extremes)
    }

    #[test]
    fn half_floats_count_their_own_steps() {
        let values = [1.0, 1.5, f32::NAN].map(f16::from_f32);
        let others = [1.0, 1.501, 2.0].map(f16::from_f32);
        let (differs, extremes) = compared(Kind::F16, EXACT, &values, &others);
        assert_eq!(differs, [false, true, true]);
        assert_eq!(extremes.ulps, (1, Some(11)));
        assert_eq!((extremes.nan_only_a, extremes.nan_only_b), (1, 0));
    }

    #[test]
    fn columns_of_records() {
        let (a, b) = ([1, 9, 9, 2, 9, 9], [8, 8, 1, 8, 8, 3]);
        let a = Strided { elements: &a, size: 3, offset: 0, width: 1 };
        let b = Strided { elements: &b, size: 3, offset: 2, width: 1 };
        let mut differs = [false; 2];
        let mut extremes = Extremes::default();
        compare(Kind::U8, Kind::U8, EXACT).unwrap().mark(a, b, 0, &mut differs, &mut extremes);
        assert_eq!(differs, [false, true]);
        assert_eq!(extremes.absolute, (Gap::Whole(1), Some(1)));
    }

    /// The first index with the greatest value of a list.
    fn greatest(values: impl Iterator<Item = f64>) -> (f64, Option<u64>) {
        values.zip(10..).fold(
            (0.0, None),
            |most, (value, index)| {
                if value > most.0 { (value, Some(index)) } else { most }
            },
        )
    }

    proptest! {
        #[test]
        fn floats_are_compared_as_one_by_one(
            pairs in prop::collection::vec((any::<u32>(), -3..3_i32, any::<bool>()), 0..300),
            absolute in 0.0..1e3_f64,
            nan_differs: bool,
        ) {
            let a: Vec<f32> = pairs.iter().map(|(bits, ..)| f32::from_bits(*bits)).collect();
            let b: Vec<f32> = pairs
                .iter()
                .map(|(bits, step, near)| match near {
                    true => f32::from_bits(bits.wrapping_add_signed(*step)),
                    false => f32::from_bits(bits.rotate_left(7)),
                })
                .collect();
            let distance: Distance = absolute.to_string().parse().unwrap();
            let tolerance = Some(Tolerance::new(Some(distance), None, Some(1)));
            let equality = Equality { tolerance, nan_differs };
            let (differs, extremes) = compared(Kind::F32, equality, &a, &b);
            let gaps = || a.iter().zip(&b).map(|(a, b)| (f64::from(*a) - f64::from(*b)).abs());
            for (at, (a, b)) in a.iter().zip(&b).enumerate() {
                let near = gaps().nth(at).unwrap() <= absolute;
                let next = !a.is_nan() && !b.is_nan() && (a.next_up() == *b || a.next_down() == *b);
                let same = match a.is_nan() && b.is_nan() {
                    true => !nan_differs,
                    false => a.to_bits() == b.to_bits(),
                };
                prop_assert_eq!(differs[at], !(same || near || next), "{} {}", a, b);
            }
            let (most, index) = greatest(gaps());
            prop_assert_eq!(extremes.absolute.1, index);
            prop_assert_eq!(extremes.absolute.0.to_f64(), most);
            let parts = gaps().zip(&b).map(|(gap, b)| {
                if gap.is_infinite() { gap } else { gap / f64::from(*b).abs() }
            });
            prop_assert_eq!(extremes.relative, greatest(parts));
            let only = |a: &[f32], b: &[f32]| {
                a.iter().zip(b).filter(|(a, b)| a.is_nan() && !b.is_nan()).count() as u64
            };
            prop_assert_eq!(extremes.nan_only_a, only(&a, &b));
            prop_assert_eq!(extremes.nan_only_b, only(&b, &a));
        }

        #[test]
        fn integers_are_compared_as_one_by_one(
            pairs in prop::collection::vec((any::<i64>(), any::<i64>(), any::<bool>()), 0..300),
        ) {
            let a: Vec<i64> = pairs.iter().map(|(a, ..)| *a).collect();
            let b: Vec<i64> = pairs.iter().map(|(a, b, same)| if *same { *a } else { *b }).collect();
            let (differs, extremes) = compared(Kind::I64, EXACT, &a, &b);
            for (at, (a, b)) in a.iter().zip(&b).enumerate() {
                prop_assert_eq!(differs[at], a != b);
            }
            let gaps: Vec<u128> = a.iter().zip(&b).map(|(a, b)| a.abs_diff(*b).into()).collect();
            let most = gaps.iter().copied().max().unwrap_or(0);
            let index = gaps.iter().position(|gap| *gap == most && most > 0).map(|at| at as u64 + 10);
            prop_assert_eq!(extremes.absolute, (Gap::Whole(most), index));
            prop_assert_eq!(extremes.ulps, (most, index));
        }
    }
}
