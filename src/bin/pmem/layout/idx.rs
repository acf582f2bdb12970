//! The format of MNIST: two zeroes, a type, the number of axes, their sizes as big-endian `u32`,
//! then the numbers, big-endian too.

use std::io;
use std::path::Path;

use anyhow::{anyhow, bail, ensure};

use super::axes::{Axes, Slowest, product};
use super::look::{front, read};
use super::{Format, Header, Layout, Look, Patch};
use crate::element::{Element, Kind, Order};

/// Where the sizes begin.
const SIZES: u64 = 4;

/// A header.
#[derive(Debug)]
struct Idx {
    axes: Axes,
}

/// Returns the type that a code names.
fn kind(code: u8) -> Option<Kind> {
    match code {
        0x08 => Some(Kind::U8),
        0x09 => Some(Kind::I8),
        0x0b => Some(Kind::I16),
        0x0c => Some(Kind::I32),
        0x0d => Some(Kind::F32),
        0x0e => Some(Kind::F64),
        _ => None,
    }
}

/// Returns whether a file of such a name begins with the magic, and with sizes that a file can
/// have.
///
/// # Errors
///
/// Reading fails.
pub(super) fn fits(path: &Path, file: &mut dyn Look) -> io::Result<bool> {
    let mut magic = [0; SIZES as usize];
    if Format::of_name(path) != Some(Format::Idx) || file.look_at(0, &mut magic)? < magic.len() {
        return Ok(false);
    }
    let [0, 0, code, rank] = magic else { return Ok(false) };
    Ok(kind(code).is_some()
        && rank > 0
        && sizes(file, rank).is_ok_and(|sizes| product(&sizes).is_some()))
}

/// Reads the sizes of the axes.
fn sizes(file: &mut dyn Look, rank: u8) -> anyhow::Result<Vec<u64>> {
    let bytes = front(file, SIZES, 4 * u64::from(rank))?;
    let (sizes, _) = bytes.as_chunks();
    Ok(sizes.iter().map(|size| u32::from_be_bytes(*size).into()).collect())
}

/// Reads the header of a file.
///
/// # Errors
///
/// There is none, or its sizes are larger than a file.
pub(super) fn layout(file: &mut dyn Look) -> anyhow::Result<Layout> {
    let [0, 0, code, rank] = read(file, 0)? else { bail!("it does not begin with two zeroes") };
    let kind = kind(code).ok_or_else(|| anyhow!("its type 0x{code:02x} is not known"))?;
    ensure!(rank > 0, "it has no axes");
    let order = if kind.size() == 1 { Order::Little } else { Order::Big };
    let number = Element::scalar(kind, order);
    let (axes, element) = Axes::new(&number, sizes(file, rank)?, Slowest::First)?;
    let start = SIZES + 4 * u64::from(rank);
    Ok(Layout::with_header(element, start, file.len(), Idx { axes }))
}

impl Header for Idx {
    fn format(&self) -> Format {
        Format::Idx
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
                "its idx header has no room for the number {along}: at most {}; 'pmem convert' \
                 writes another format",
                u32::MAX
            )
        })?;
        Ok(vec![Patch { offset: SIZES, bytes: count.to_be_bytes().to_vec() }])
    }
}

#[cfg(test)]
mod tests {
    use super::super::look::Bytes;
    use super::*;

    #[test]
    fn headers() {
        for (bytes, element, start, count) in [
            (&[0, 0, 8, 1, 0, 0, 1, 2][..], "u8", 8, 258),
            (&[0, 0, 8, 3, 0, 0, 0, 5, 0, 0, 0, 28, 0, 0, 0, 28], "u8x28x28", 16, 5),
            (&[0, 0, 0x0b, 1, 0, 0, 0, 3], "i16be", 8, 3),
            (&[0, 0, 0x0e, 2, 0, 0, 0, 3, 0, 0, 0, 2], "f64bex2", 12, 3),
        ] {
            for name in ["t10k-labels-idx1-ubyte", "a.idx"] {
                assert!(fits(Path::new(name), &mut Bytes(bytes)).unwrap());
            }
            assert!(!fits(Path::new("a.u8"), &mut Bytes(bytes)).unwrap());
            let layout = layout(&mut Bytes(bytes)).unwrap();
            assert_eq!(layout.element().to_string(), element);
            let header = layout.header().unwrap();
            assert_eq!((layout.start(), header.count()), (start, Some(count)));
            let patches = header.patches(259).unwrap();
            assert_eq!(patches, [Patch { offset: 4, bytes: vec![0, 0, 1, 3] }]);
            assert!(header.patches(1 << 32).is_err());
        }
    }

    #[test]
    fn refused() {
        let mut huge = vec![0, 0, 8, 255];
        huge.extend([255; 4 * 255]);
        for bytes in [
            &[][..],
            &[0, 0, 8],
            &[1, 0, 8, 1, 0, 0, 0, 1],
            &[0, 0, 7, 1, 0, 0, 0, 1],
            &[0, 0, 8, 0],
            &[0, 0, 8, 2, 0, 0, 0, 1],
            &huge,
        ] {
            assert!(layout(&mut Bytes(bytes)).is_err(), "{bytes:?}");
            assert!(!fits(Path::new("a.idx"), &mut Bytes(bytes)).unwrap(), "{bytes:?}");
        }
    }
}
