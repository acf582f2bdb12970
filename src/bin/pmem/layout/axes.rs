//! Arrays of several axes as elements: an element is what lies behind the axis along which the
//! array grows.

use anyhow::{anyhow, ensure};

use crate::element::{Dimensions, Element, Field, Form, Packing};
use crate::text::plural;

/// Which axis varies slowest, and so is the one along which the array grows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Slowest {
    /// The first, as in C.
    First,
    /// The last, as in Fortran.
    Last,
}

/// The axes of an array, and the elements that they make.
#[derive(Clone, Debug)]
pub(super) struct Axes {
    sizes: Vec<u64>,
    slowest: Slowest,
    count: u64,
    /// Elements that one more along the slowest axis adds.
    step: u64,
}

impl Axes {
    /// Makes elements of an array of `item`s with these sizes, the first axis first.
    ///
    /// What lies behind the slowest axis is one element. Where that is more than an element can
    /// hold, or where the items are records, which cannot be nested, each item is one.
    ///
    /// # Errors
    ///
    /// No file can be that large.
    pub(super) fn new(
        item: &Element,
        sizes: Vec<u64>,
        slowest: Slowest,
    ) -> anyhow::Result<(Self, Element)> {
        let mut behind = sizes.clone();
        if slowest == Slowest::Last {
            behind.reverse();
        }
        let along = if behind.is_empty() { 1 } else { behind.remove(0) };
        let per = product(&behind);
        let items = per.and_then(|per| per.checked_mul(along));
        let bytes = items.and_then(|items| items.checked_mul(item.size()));
        let (per, items) = per
            .zip(items)
            .filter(|_| bytes.is_some_and(|bytes| i64::try_from(bytes).is_ok()))
            .ok_or_else(|| anyhow!("the shape {} is larger than any file", shown(&sizes)))?;
        let axes = |count, step| Self { sizes: sizes.clone(), slowest, count, step };
        Ok(match array(item, &behind) {
            Some(element) => (axes(along, 1), element),
            None => (axes(items, per), item.clone()),
        })
    }

    /// Returns the number of elements.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Returns the sizes, the first axis first.
    pub(super) fn sizes(&self) -> &[u64] {
        &self.sizes
    }

    /// Returns the index of the axis along which the array grows.
    pub(super) fn growing(&self) -> Option<usize> {
        match self.slowest {
            Slowest::First => (!self.sizes.is_empty()).then_some(0),
            Slowest::Last => self.sizes.len().checked_sub(1),
        }
    }

    /// Returns the size of the slowest axis with which there are `count` elements.
    ///
    /// # Errors
    ///
    /// There is no such size.
    pub(super) fn along(&self, count: u64) -> anyhow::Result<u64> {
        ensure!(
            !self.sizes.is_empty(),
            "an array without axes is a single element, of which there is always one"
        );
        ensure!(self.step > 0, "an array of the shape {} has no elements", shown(&self.sizes));
        ensure!(
            count.is_multiple_of(self.step),
            "the shape {} has {} for each index of the axis that grows, and {count} is no multiple",
            shown(&self.sizes),
            plural(self.step, "element")
        );
        Ok(count / self.step)
    }
}

/// Returns the product of sizes; `None` if it is too large.
pub(super) fn product(sizes: &[u64]) -> Option<u64> {
    // A zero later on must not hide an overflow before it.
    if sizes.contains(&0) {
        return Some(0);
    }
    sizes.iter().try_fold(1_u64, |product, size| product.checked_mul(*size))
}

/// Returns an array of `item`s as one element, the slowest axis first, if it can be one.
fn array(item: &Element, sizes: &[u64]) -> Option<Element> {
    if sizes.is_empty() {
        return Some(item.clone());
    }
    let [field] = item.fields() else { return None };
    if item.form() == Form::Record {
        return None;
    }
    let field = Field { dimensions: dimensions(sizes)?, ..field.clone() };
    Element::new(vec![field], Form::Plain, Packing::Packed).ok()
}

/// Returns sizes as the dimensions of a field. The fastest ones become one if there are too many.
pub(super) fn dimensions(sizes: &[u64]) -> Option<Dimensions> {
    let (slow, fast) = sizes.split_at(sizes.len().min(Dimensions::MOST - 1));
    let fast = if fast.is_empty() { None } else { Some(product(fast)?) };
    slow.iter().copied().chain(fast).try_fold(Dimensions::default(), |dimensions, size| {
        dimensions.with(u32::try_from(size).ok().filter(|size| *size > 0)?)
    })
}

/// Shows sizes as NumPy does.
pub(crate) fn shown(sizes: &[u64]) -> String {
    let sizes: Vec<_> = sizes.iter().map(u64::to_string).collect();
    match &*sizes {
        [one] => format!("({one},)"),
        sizes => format!("({})", sizes.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axes(item: &str, sizes: &[u64], slowest: Slowest) -> anyhow::Result<(Axes, Element)> {
        Axes::new(&item.parse().unwrap(), sizes.to_vec(), slowest)
    }

    #[test]
    fn elements() {
        for (item, sizes, slowest, element, count, step) in [
            ("f32", &[][..], Slowest::First, "f32", 1, 1),
            ("f32", &[7], Slowest::First, "f32", 7, 1),
            ("f32", &[7, 128], Slowest::First, "f32x128", 7, 1),
            ("f32", &[2, 3, 5], Slowest::First, "f32x3x5", 2, 1),
            ("f32", &[2, 3, 5], Slowest::Last, "f32x3x2", 5, 1),
            ("f32", &[2, 3, 4, 5, 6], Slowest::First, "f32x3x4x30", 2, 1),
            ("cf32", &[2, 3], Slowest::First, "cf32x3", 2, 1),
            ("x:u8,y:u8", &[2, 3], Slowest::First, "x:u8,y:u8", 6, 3),
            ("u8", &[2, 224, 224, 3], Slowest::First, "u8", 301_056, 150_528),
            ("u8", &[5, 0], Slowest::First, "u8", 0, 0),
            ("u8", &[0, 5], Slowest::First, "u8x5", 0, 1),
            ("u8", &[u64::MAX, 0], Slowest::First, "u8", 0, 0),
        ] {
            let (axes, found) = axes(item, sizes, slowest).unwrap();
            assert_eq!(found.to_string(), element, "{sizes:?}");
            assert_eq!((axes.count(), axes.step), (count, step), "{sizes:?}");
        }
    }

    #[test]
    fn more_than_a_file() {
        for sizes in [&[u64::MAX][..], &[1 << 61], &[1 << 32, 1 << 32], &[1, 1 << 40, 1 << 40]] {
            assert!(axes("f32", sizes, Slowest::First).is_err(), "{sizes:?}");
        }
    }

    #[test]
    fn sizes_along_the_slowest_axis() {
        let along = |item, sizes: &[u64], count| {
            let (axes, _) = axes(item, sizes, Slowest::First).unwrap();
            axes.along(count).map_err(|error| error.to_string())
        };
        assert_eq!(along("f32", &[7, 128], 9), Ok(9));
        assert_eq!(along("x:u8,y:u8", &[2, 3], 9), Ok(3));
        assert!(along("x:u8,y:u8", &[2, 3], 8).unwrap_err().contains("3 elements"));
        assert!(along("f32", &[], 2).unwrap_err().contains("always one"));
        assert!(along("f32", &[5, 0], 0).unwrap_err().contains("(5, 0)"));
    }
}
