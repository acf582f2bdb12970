//! Which values of a column are wanted.

use std::fmt::Debug;
use std::sync::Arc;

use anyhow::{bail, ensure};

use super::gather;
use super::key::{greatest_key, key, unkey};
use super::tolerance::{Tolerance, farthest};
use crate::element::{Column, Job, Kind, Number as _, Scalar};

/// Says of values whether they are wanted. Elements are little-endian, and whole.
pub(crate) trait Predicate: Debug + Send + Sync {
    /// Returns whether one value is wanted.
    fn matches(&self, value: &[u8]) -> bool;

    /// Counts the elements of `size` bytes whose value in `column` is wanted.
    fn count(&self, column: &Column, size: usize, elements: &[u8]) -> u64;

    /// Appends the positions of the elements whose value in `column` is wanted.
    fn select(&self, column: &Column, size: usize, elements: &[u8], hits: &mut Vec<usize>);
}

/// Parses what is wanted of values of a type: a value, or a range of values.
///
/// # Errors
///
/// The text is neither, or the type has no such value.
pub(crate) fn predicate(
    kind: Kind,
    text: &str,
    tolerance: Option<&Tolerance>,
) -> anyhow::Result<Arc<dyn Predicate>> {
    if let Some(interval) = kind.run(Parse { text, tolerance }) {
        return interval;
    }
    let mut bytes = vec![0; kind.size()];
    (kind.codec().parse)(text, &mut bytes)?;
    Ok(Arc::new(Exactly { bytes }))
}

/// Parses for a number type.
struct Parse<'a> {
    text: &'a str,
    tolerance: Option<&'a Tolerance>,
}

impl Job for Parse<'_> {
    type Output = anyhow::Result<Arc<dyn Predicate>>;

    fn run<T: Scalar>(self) -> Self::Output {
        let interval = match self.text.split_once("..") {
            Some((start, end)) => Interval::<T>::range(start, end)?,
            None => Interval::around(T::parse(self.text)?, self.tolerance),
        };
        Ok(Arc::new(interval))
    }
}

/// Values from one to another, both included, in the order of numbers; or NaN.
#[derive(Debug)]
struct Interval<T: Scalar> {
    least: T::Wide,
    greatest: T::Wide,
    nan: bool,
}

impl<T: Scalar> Interval<T> {
    /// Returns one value, and those close to it.
    fn around(value: T, tolerance: Option<&Tolerance>) -> Self {
        if value.wide().is_nan() {
            return Self { nan: true, ..Self::empty() };
        }
        let (least, greatest) = match tolerance {
            Some(tolerance) => tolerance.around(value),
            None => (value, value),
        };
        Self { least: least.wide(), greatest: greatest.wide(), nan: false }
    }

    /// Parses the two sides of a range.
    fn range(start: &str, end: &str) -> anyhow::Result<Self> {
        ensure!(!end.starts_with('.'), "a range of values is written A..B or A..=B");
        let side = |text: &str| {
            let value = T::parse(text)?;
            ensure!(!value.wide().is_nan(), "NaN is in no range");
            anyhow::Ok(value)
        };
        let (lowest, highest) = bounds::<T>();
        let least = if start.is_empty() { lowest } else { side(start)? };
        let greatest = match end.strip_prefix('=') {
            None if end.is_empty() => highest,
            Some(end) => side(end)?,
            None => {
                let end = side(end)?;
                ensure_order(least, end)?;
                match before(end) {
                    Some(greatest) => greatest,
                    None => return Ok(Self::empty()),
                }
            }
        };
        if end.starts_with('=') {
            ensure_order(least, greatest)?;
        }
        Ok(Self { least: least.wide(), greatest: greatest.wide(), nan: false })
    }

    /// Returns no values.
    fn empty() -> Self {
        let (lowest, highest) = bounds::<T>();
        Self { least: highest.wide(), greatest: lowest.wide(), nan: false }
    }

    #[inline(always)]
    fn contains(&self, value: T::Wide) -> bool {
        (self.least <= value) & (value <= self.greatest) | (self.nan & value.is_nan())
    }

    /// Counts the values that are wanted. Each loop has one condition, so that the compiler makes
    /// wide comparisons of it.
    #[inline]
    fn count_in(&self, values: &[T::Wide]) -> usize {
        if self.least == self.greatest {
            return count(values, |value| value == self.least);
        }
        if self.nan {
            return count(values, |value| value.is_nan());
        }
        count(values, |value| (self.least <= value) & (value <= self.greatest))
    }
}

/// Refuses a range that is written the wrong way round.
fn ensure_order<T: Scalar>(start: T, end: T) -> anyhow::Result<()> {
    if start.wide() > end.wide() {
        bail!("the range of values ends before it starts");
    }
    Ok(())
}

/// Returns the least and the greatest value of a type.
fn bounds<T: Scalar>() -> (T, T) {
    let number = |key| !unkey::<T>(key).wide().is_nan();
    // From the middle on, NaN comes last on either side.
    let (middle, most) = (greatest_key::<T>() / 2, greatest_key::<T>());
    let below = farthest(middle, |steps| number(middle - steps));
    let above = farthest(most - middle, |steps| number(middle + steps));
    (unkey(middle - below), unkey(middle + above))
}

/// Returns the greatest value that is less than another.
fn before<T: Scalar>(end: T) -> Option<T> {
    let mut key = key(end);
    let lowest = self::key(bounds::<T>().0);
    // Zero has two keys.
    while key > lowest {
        key -= 1;
        let value = unkey::<T>(key);
        if value.wide() < end.wide() {
            return Some(value);
        }
    }
    None
}

/// Values that are looked at together: so few that they stay in the nearest cache.
const CHUNK: usize = 1024;

/// Values of which none is wanted, most of the time.
const FEW: usize = 128;

/// Counts values, few enough for a counter of 8 bits at a time: as many of them fit into a register
/// as there are values.
#[inline(always)]
fn count<V: Copy>(values: &[V], wanted: impl Fn(V) -> bool) -> usize {
    let few = values.chunks(FEW);
    few.map(|few| {
        let count = few.iter().fold(0_u8, |count, value| count + u8::from(wanted(*value)));
        usize::from(count)
    })
    .sum()
}

impl<T: Scalar> Predicate for Interval<T> {
    fn matches(&self, value: &[u8]) -> bool {
        self.contains(T::load(value).wide())
    }

    fn count(&self, column: &Column, size: usize, elements: &[u8]) -> u64 {
        let mut values = Vec::with_capacity(CHUNK);
        let chunks = elements.chunks(CHUNK * size);
        chunks
            .map(|chunk| {
                gather::<T>(column, size, chunk, &mut values);
                self.count_in(&values) as u64
            })
            .sum()
    }

    fn select(&self, column: &Column, size: usize, elements: &[u8], hits: &mut Vec<usize>) {
        let mut values = Vec::with_capacity(CHUNK);
        for (chunk, bytes) in elements.chunks(CHUNK * size).enumerate() {
            gather::<T>(column, size, bytes, &mut values);
            for (few, values) in values.chunks(FEW).enumerate() {
                if self.count_in(values) > 0 {
                    let first = chunk * CHUNK + few * FEW;
                    let wanted = |(_, value): &(usize, &T::Wide)| self.contains(**value);
                    let wanted = values.iter().enumerate().filter(wanted);
                    hits.extend(wanted.map(|(position, _)| first + position));
                }
            }
        }
    }
}

/// Exactly these bytes.
#[derive(Debug)]
struct Exactly {
    bytes: Vec<u8>,
}

impl Predicate for Exactly {
    fn matches(&self, value: &[u8]) -> bool {
        self.bytes == value
    }

    fn count(&self, column: &Column, size: usize, elements: &[u8]) -> u64 {
        let mut hits = Vec::new();
        self.select(column, size, elements, &mut hits);
        hits.len() as u64
    }

    fn select(&self, column: &Column, size: usize, elements: &[u8], hits: &mut Vec<usize>) {
        let at = column.offset..column.offset + self.bytes.len();
        let elements = elements.chunks_exact(size).enumerate();
        let wanted = elements.filter(|(_, element)| element[at.clone()] == *self.bytes);
        hits.extend(wanted.map(|(position, _)| position));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::element::{Element, Order};

    /// The values of a list that are wanted, by each of the three ways to ask.
    fn wanted(element: &str, text: &str, values: &[&str]) -> anyhow::Result<Vec<usize>> {
        let element: Element = element.parse().unwrap();
        let column = Column { order: Order::Little, ..element.columns()[0].clone() };
        let mut bytes = Vec::new();
        for value in values {
            element.parse_value(value, &mut bytes).unwrap();
        }
        let predicate = predicate(column.kind, text, None)?;
        let mut hits = Vec::new();
        predicate.select(&column, element.bytes(), &bytes, &mut hits);
        assert_eq!(predicate.count(&column, element.bytes(), &bytes), hits.len() as u64);
        let each = bytes.chunks(element.bytes()).enumerate();
        let each = each.filter(|(_, value)| predicate.matches(value)).map(|(position, _)| position);
        assert_eq!(each.collect::<Vec<_>>(), hits);
        Ok(hits)
    }

    const FLOATS: [&str; 9] = ["-inf", "-1", "-0", "0", "5e-324", "1", "1.5", "inf", "NaN"];

    #[test]
    fn values_and_ranges() {
        for (text, hits) in [
            ("0", &[2, 3][..]),
            ("-0", &[2, 3]),
            ("inf", &[7]),
            ("-inf", &[0]),
            ("nan", &[8]),
            ("-NaN", &[8]),
            ("..", &[0, 1, 2, 3, 4, 5, 6, 7]),
            ("..0", &[0, 1]),
            ("..-0", &[0, 1]),
            ("..=0", &[0, 1, 2, 3]),
            ("0..", &[2, 3, 4, 5, 6, 7]),
            ("-1..1", &[1, 2, 3, 4]),
            ("-1..=1", &[1, 2, 3, 4, 5]),
            ("0..0", &[]),
            ("..-inf", &[]),
            ("..=-inf", &[0]),
            ("1..inf", &[5, 6]),
            ("1..=inf", &[5, 6, 7]),
            ("0x10..", &[7]),
        ] {
            assert_eq!(wanted("f64", text, &FLOATS).unwrap(), hits, "{text}");
        }
        assert!(wanted("u8", "..0", &["0", "255"]).unwrap().is_empty());
        assert_eq!(wanted("u8", "0x10..=255", &["0", "255"]).unwrap(), [1]);
        assert_eq!(wanted("i24", "..0", &["-8388608", "0"]).unwrap(), [0]);
        assert_eq!(wanted("f8e4m3", "448..", &["448", "NaN", "-448"]).unwrap(), [0]);
        assert_eq!(wanted("bool", "false..", &["true", "false"]).unwrap(), [0, 1]);
        assert_eq!(wanted("u128", "1..", &["0", "1"]).unwrap(), [1]);
        assert_eq!(wanted("str4", "a..", &["a..", "a"]).unwrap(), [0]);
        // Rounded to the type first.
        assert_eq!(wanted("f32", "0.1", &["0.1", "0.1000001"]).unwrap(), [0]);
    }

    #[test]
    fn refused() {
        for (text, message) in [
            ("300", "300 is out of range: u8 is 0..=255"),
            ("0..256", "256 is out of range: u8 is 0..=255"),
            ("5..3", "the range of values ends before it starts"),
            ("5..=3", "the range of values ends before it starts"),
            ("1...3", "a range of values is written A..B or A..=B"),
            ("1..x", "'x' is not a u8: expected a whole number"),
            ("nan", "'nan' is not a u8: expected a whole number"),
        ] {
            assert_eq!(wanted("u8", text, &[]).unwrap_err().to_string(), message, "{text}");
        }
        let error = wanted("f32", "0..nan", &[]).unwrap_err();
        assert_eq!(error.to_string(), "NaN is in no range");
    }

    proptest! {
        #[test]
        fn all_positions_are_found(bytes: Vec<u8>, start: u8, length in 0..20_u8) {
            let end = start.saturating_add(length);
            let texts: Vec<String> = bytes.iter().map(u8::to_string).collect();
            let texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
            let hits = wanted("u8", &format!("{start}..={end}"), &texts).unwrap();
            let slow: Vec<usize> =
                (0..bytes.len()).filter(|at| (start..=end).contains(&bytes[*at])).collect();
            prop_assert_eq!(hits, slow);
        }

        #[test]
        fn ranges_are_those_of_floats(values in prop::collection::vec(any::<f32>(), 0..300),
                                      a: f32, b: f32) {
            prop_assume!(a <= b);
            let texts: Vec<String> = values.iter().map(f32::to_string).collect();
            let texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
            let hits = wanted("f32", &format!("{a}..{b}"), &texts).unwrap();
            let slow: Vec<usize> =
                (0..values.len()).filter(|at| (a..b).contains(&values[*at])).collect();
            prop_assert_eq!(hits, slow);
        }
    }
}
