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
