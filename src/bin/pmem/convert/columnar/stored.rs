//! Types that columnar formats have, and what the others widen to.

use anyhow::{anyhow, bail};

use super::VALUE;
use crate::convert::cast::{Cast, Failure, Wishes};
use crate::convert::sink::Encode;
use crate::element::{Element, Field, Kind, Order, Packing};

/// Returns the element in which all values of another are stored: little-endian, and of types that
/// columnar formats have.
///
/// # Errors
///
/// There is no such element.
pub(super) fn stored(element: &Element) -> anyhow::Result<Element> {
    let fields = element.fields().iter().filter(|field| !field.is_padding()).map(|field| {
        let kind = match field.kind {
            Kind::U24 => Kind::U32,
            Kind::I24 => Kind::I32,
            Kind::Bf16 | Kind::F8E4M3 | Kind::F8E5M2 => Kind::F32,
            Kind::U128 => Kind::I128,
            kind => kind,
        };
        Field { kind, order: Order::Little, ..field.clone() }
    });
    Element::new(fields.collect(), element.form(), Packing::Packed)
}

/// Returns the name of the column that a field is.
pub(super) fn name(field: &Field) -> &str {
    if field.name.is_empty() { VALUE } else { &field.name }
}

/// Scalars of a field that are a column of a file: all items, or one part of complex ones.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    pub(super) kind: Kind,
    /// Bytes from the start of the element.
    pub(super) offset: usize,
    /// Bytes from one item to the next.
    pub(super) stride: usize,
    /// Array dimensions.
    pub(super) sizes: Vec<usize>,
}

impl Leaf {
    /// Returns the leaves of a field: one, or two of complex numbers.
    pub(super) fn of(field: &Field) -> Vec<Self> {
        let size = field.kind.size();
        let parts = if field.complex { 2 } else { 1 };
        let sizes: Vec<usize> =
            field.dimensions.sizes().iter().map(|size| *size as usize).collect();
        let leaf = |part| Self {
            kind: field.kind,
            offset: field.offset + part * size,
            stride: parts * size,
            sizes: sizes.clone(),
        };
        (0..parts).map(leaf).collect()
    }

    /// Returns how many items an element has.
    pub(super) fn items(&self) -> usize {
        self.sizes.iter().product()
    }

    /// Returns the bytes of the items of some elements of `size` bytes.
    pub(super) fn values<'a>(
        &'a self,
        elements: &'a [u8],
        size: usize,
    ) -> impl Iterator<Item = &'a [u8]> {
        let (width, items) = (self.kind.size(), self.items());
        elements.chunks_exact(size).flat_map(move |element| {
            (0..items).map(move |item| &element[self.offset + item * self.stride..][..width])
        })
    }
}

/// Makes elements into those that are stored.
pub(in crate::convert) struct Stored {
    cast: Cast,
    element: Element,
}

impl Stored {
    /// Prepares to store elements.
    ///
    /// # Errors
    ///
    /// They cannot be stored.
    pub(in crate::convert) fn new(element: &Element) -> anyhow::Result<Self> {
        let stored = stored(element)?;
        let exact = Wishes { exact: true, ..Wishes::default() };
        Ok(Self { cast: Cast::new(element, &stored, &exact)?, element: stored })
    }

    /// Makes sure that columns can have the values.
    fn check(&self, elements: &[u8]) -> Result<(), Failure> {
        let fields = self.element.fields().iter();
        for field in fields.filter(|field| is_picky(field.kind)) {
            for leaf in Leaf::of(field) {
                let mut values = leaf.values(elements, self.element.bytes());
                let Some(at) = values.position(|value| wrong(field.kind, value).is_some()) else {
                    continue;
                };
                let value = leaf.values(elements, self.element.bytes()).nth(at);
                let what = value.and_then(|value| wrong(field.kind, value)).unwrap_or_default();
                let what = format!("{}: {what}", name(field));
                return Err(Failure { index: at / leaf.items(), what });
            }
        }
        Ok(())
    }
}

/// Are there values of this type that columns cannot have?
fn is_picky(kind: Kind) -> bool {
    matches!(kind, Kind::Bool | Kind::I128 | Kind::Str(_))
}

/// Says why a column cannot have a value, if so.
fn wrong(kind: Kind, value: &[u8]) -> Option<String> {
    /// The first integer with more digits than decimals have.
    const TOO_LARGE: u128 = 10_u128.pow(38);

    match kind {
        Kind::Bool if value[0] > 1 => Some(format!("{} is neither false nor true", value[0])),
        Kind::I128 => {
            let number = i128::from_le_bytes(value.try_into().unwrap_or_default());
            let fits = number.unsigned_abs() < TOO_LARGE;
            (!fits).then(|| format!("{number} has more than 38 digits; --to f64 rounds it"))
        }
        Kind::Str(_) if std::str::from_utf8(text(value)).is_err() => {
            Some(format!("'{}' is not UTF-8", text(value).escape_ascii()))
        }
        _ => None,
    }
}

/// Returns the bytes before the first NUL.
pub(super) fn text(value: &[u8]) -> &[u8] {
    &value[..value.iter().position(|byte| *byte == 0).unwrap_or(value.len())]
}

impl Encode for Stored {
    fn encode(
        &self,
        _: bool,
        first: u64,
        elements: &mut Vec<u8>,
        scratch: &mut Vec<u8>,
    ) -> anyhow::Result<bool> {
        let moved = self.cast.apply(elements, scratch).map_err(|failure| failure.at(first))?;
        let stored = if moved { &**scratch } else { &**elements };
        self.check(stored).map_err(|failure| failure.at(first))?;
        Ok(moved)
    }
}

/// Refuses what an element cannot come from.
pub(super) fn needs_file(path: &std::path::Path, format: &str) -> anyhow::Result<()> {
    if path.as_os_str() == "-" {
        bail!("{format} is read from its end; name a file");
    }
    Ok(())
}

/// Finds a column by its name or its number.
pub(super) fn find(names: &[String], wanted: &str) -> anyhow::Result<usize> {
    let number = wanted.parse().ok().and_then(|number: usize| number.checked_sub(1));
    let number = number.filter(|number| *number < names.len());
    let found = names.iter().position(|name| name == wanted).or(number);
    found.ok_or_else(|| anyhow!("no column '{wanted}'; there are {}", names.join(", ")))
}

/// Returns the column that a field of an element is.
pub(super) fn root(names: &[String], field: &Field, column: Option<&str>) -> anyhow::Result<usize> {
    match column {
        Some(column) => find(names, column),
        None if field.name.is_empty() && names.len() == 1 => Ok(0),
        None if field.name.is_empty() && !names.iter().any(|name| name == VALUE) => {
            bail!("there are {} columns: {}; --column says which", names.len(), names.join(", "))
        }
        None => find(names, name(field)),
    }
}
