//! One field of an element.

use super::kind::Kind;
use super::order::Order;

/// Array dimensions of a field, at most [`Dimensions::MOST`].
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub(crate) struct Dimensions {
    sizes: [u32; Self::MOST],
    count: u8,
}

impl Dimensions {
    /// How many dimensions there may be.
    pub(crate) const MOST: usize = 3;

    /// Returns the dimensions with one more, which varies fastest; `None` if there is no room.
    pub(crate) fn with(mut self, size: u32) -> Option<Self> {
        *self.sizes.get_mut(usize::from(self.count))? = size;
        self.count += 1;
        Some(self)
    }

    /// Returns the sizes, the slowest dimension first.
    pub(crate) fn sizes(&self) -> &[u32] {
        &self.sizes[..usize::from(self.count)]
    }

    /// Returns how many items there are, if that is a number of 64 bits.
    pub(super) fn items(&self) -> Option<u64> {
        self.sizes().iter().try_fold(1_u64, |items, size| items.checked_mul(u64::from(*size)))
    }
}

/// One field of an element: a scalar, or an array of them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Field {
    /// Name; empty for the one field of a plain element, `_` for padding.
    pub(crate) name: String,
    /// Type of the scalars.
    pub(crate) kind: Kind,
    /// Order of the bytes of each scalar.
    pub(crate) order: Order,
    /// Whether an item is a complex number, made of two scalars.
    pub(crate) complex: bool,
    /// Array dimensions; none for a single item.
    pub(crate) dimensions: Dimensions,
    /// Bytes from the start of the element.
    pub(crate) offset: usize,
}

impl Field {
    /// Returns whether the field is padding, which is never shown and never changed.
    pub(crate) fn is_padding(&self) -> bool {
        self.name == "_"
    }

    /// Returns the number of scalars.
    pub(crate) fn scalars(&self) -> usize {
        // `Element::new` has checked that the product is small.
        let items: u32 = self.dimensions.sizes().iter().product();
        items as usize * if self.complex { 2 } else { 1 }
    }

    /// Returns the bytes of the field.
    pub(crate) fn size(&self) -> usize {
        self.kind.size() * self.scalars()
    }

    /// Returns the names of the scalars, one after another, as columns of a table are called:
    /// `x`, or `x.re`, `x.im`, or `x.0`, `x.1`; in two dimensions `x.0.0`, `x.0.1`.
    pub(super) fn columns(&self) -> impl Iterator<Item = String> + '_ {
        (0..self.scalars()).map(|scalar| {
            let (mut item, part) = match self.complex {
                true => (scalar / 2, Some(if scalar % 2 == 0 { "re" } else { "im" })),
                false => (scalar, None),
            };
            let mut parts = Vec::new();
            for size in self.dimensions.sizes().iter().rev() {
                parts.push((item % *size as usize).to_string());
                item /= *size as usize;
            }
            parts.reverse();
            parts.extend(part.map(str::to_owned));
            if !self.name.is_empty() {
                parts.insert(0, self.name.clone());
            }
            parts.join(".")
        })
    }
}
