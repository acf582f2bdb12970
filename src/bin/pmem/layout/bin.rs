//! Vectors of one dimension: their number, their dimension, both `u32`, then one after another.
//! What a number is, the extension says: `.fbin`, `.f16bin`, `.u8bin`, `.i8bin`, `.ibin`.

use std::io;
use std::path::Path;

use anyhow::{anyhow, ensure};

use super::axes::{Axes, Slowest};
use super::format::extension;
use super::look::read;
use super::{Format, Header, Layout, Look, Patch};
use crate::element::{Element, Kind, Order};

/// Where the first vector begins.
const START: u64 = 8;

/// A dimension beyond this is no dimension, unless the length of the file confirms it.
pub(super) const MOST_LIKELY: u32 = 1 << 16;

/// A header.
#[derive(Debug)]
struct Bin {
    axes: Axes,
}

/// Returns the type of the numbers that the name of a file tells.
fn number(path: &Path) -> Option<Kind> {
    match extension(path) {
        "fbin" => Some(Kind::F32),
        "f16bin" => Some(Kind::F16),
        "u8bin" => Some(Kind::U8),
        "i8bin" => Some(Kind::I8),
        "ibin" => Some(Kind::I32),
        _ => None,
    }
}

/// Returns whether the first bytes of a file of such a name can be a header.
///
/// # Errors
///
/// Reading fails.
pub(super) fn fits(path: &Path, file: &mut dyn Look) -> io::Result<bool> {
    let mut start = [0; START as usize];
    let Some(kind) = number(path) else { return Ok(false) };
    if file.look_at(0, &mut start)? < start.len() {
        return Ok(false);
    }
    let (count, dimension) = numbers(start);
    let vectors = u128::from(count) * u128::from(dimension) * kind.size() as u128;
    let exact = file.len().is_some_and(|len| u128::from(len) == vectors + u128::from(START));
    Ok(dimension > 0 && (dimension <= MOST_LIKELY || exact))
}

/// Splits a header.
fn numbers(start: [u8; START as usize]) -> (u32, u32) {
    let [a, b, c, d, e, f, g, h] = start;
    (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]))
}

/// Reads the header of a file, of numbers as its name says, or as `wanted` does.
///
/// # Errors
///
/// There is none, or nobody says what the numbers are.
pub(super) fn layout(
    path: &Path,
    file: &mut dyn Look,
    wanted: Option<&Element>,
) -> anyhow::Result<Layout> {
    let scalar = |element: &Element| match element.runs() {
        [_] => element.columns().first().map(|column| Element::scalar(column.kind, column.order)),
        _ => None,
    };
    let named = number(path).map(|kind| Element::scalar(kind, Order::Little));
    let number = named.or_else(|| wanted.and_then(scalar)).ok_or_else(|| {
        anyhow!("nothing says what its numbers are; give the type of a vector, as -t f32x128")
    })?;
    let (count, dimension) = numbers(read(file, 0)?);
    ensure!(dimension > 0, "its dimension is 0");
    let sizes = vec![u64::from(count), u64::from(dimension)];
    let (axes, element) = Axes::new(&number, sizes, Slowest::First)?;
    Ok(Layout::with_header(element, START, file.len(), Bin { axes }))
}

impl Header for Bin {
    fn format(&self) -> Format {
        Format::Bin
    }

    fn count(&self) -> Option<u64> {
        Some(self.axes.count())
    }

    fn shape(&self) -> Option<Vec<u64>> {
        Some(self.axes.sizes().to_vec())
    }

    fn patches(&self, count: u64) -> anyhow::Result<Vec<Patch>> {
        let along = self.axes.along(count)?;
        let count = u32::try_from(along).map_err(|_| {
            anyhow!(
                "its bin header has no room for the number {along}: at most {}; 'pmem convert' \
                 writes another format",
                u32::MAX
            )
        })?;
        Ok(vec![Patch { offset: 0, bytes: count.to_le_bytes().to_vec() }])
    }
}

#[cfg(test)]
mod tests {
    use super::super::look::Bytes;
    use super::*;

    fn file(count: u32, dimension: u32, data: usize) -> Vec<u8> {
        [&count.to_le_bytes()[..], &dimension.to_le_bytes(), &vec![0; data]].concat()
    }

    #[test]
    fn recognised() {
        for (name, count, dimension, data, yes) in [
            ("a.fbin", 2, 3, 24, true),
            ("a.fbin", 2, 3, 10, true),
            ("a.fbin", 2, 3, 36, true),
            ("a.u8bin", 1, 100_000, 100_000, true),
            ("a.u8bin", 1, 100_000, 100_001, false),
            ("a.fbin", 2, 0, 0, false),
            ("a.fbin", 0x3f80_0000, 0x4000_0000, 24, false),
            ("a.bin", 2, 3, 24, false),
        ] {
            let file = file(count, dimension, data);
            assert_eq!(fits(Path::new(name), &mut Bytes(&file)).unwrap(), yes, "{name} {data}");
        }
        assert!(!fits(Path::new("a.fbin"), &mut Bytes(&[0; 7])).unwrap());
    }

    #[test]
    fn headers() {
        for (name, wanted, element) in [
            ("a.fbin", None, "f32x3"),
            ("a.f16bin", None, "f16x3"),
            ("a.i8bin", None, "i8x3"),
            ("a", Some("f64be"), "f64bex3"),
            ("a", Some("u8x3"), "u8x3"),
        ] {
            let wanted = wanted.map(|text| text.parse().unwrap());
            let file = file(2, 3, 0);
            let layout = layout(Path::new(name), &mut Bytes(&file), wanted.as_ref()).unwrap();
            assert_eq!(layout.element().to_string(), element);
            let header = layout.header().unwrap();
            assert_eq!((header.count(), header.shape()), (Some(2), Some(vec![2, 3])));
            let patches = header.patches(258).unwrap();
            assert_eq!(patches, [Patch { offset: 0, bytes: vec![2, 1, 0, 0] }]);
            assert!(header.patches(1 << 32).is_err());
        }
        assert!(layout(Path::new("a"), &mut Bytes(&file(2, 3, 0)), None).is_err());
        assert!(layout(Path::new("a.fbin"), &mut Bytes(&file(2, 0, 0)), None).is_err());
        assert!(layout(Path::new("a.fbin"), &mut Bytes(&[2, 0, 0]), None).is_err());
    }

    #[test]
    fn large_vectors_are_shown_by_the_number() {
        let file = file(2, 10_000, 0);
        let layout = layout(Path::new("a.fbin"), &mut Bytes(&file), None).unwrap();
        assert_eq!((layout.element().to_string(), layout.start()), ("f32".into(), 8));
        let header = layout.header().unwrap();
        assert_eq!(header.count(), Some(20_000));
        assert_eq!(header.patches(30_000).unwrap()[0].bytes, [3, 0, 0, 0]);
        assert!(header.patches(20_001).is_err());
    }
}
