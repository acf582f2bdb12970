//! Vectors that carry their dimension: a `u32`, then so many numbers, again and again. What a
//! number is, the extension says: `.fvecs`, `.ivecs`, `.bvecs`. The length of the file says how
//! many there are.

use std::io;
use std::path::Path;

use anyhow::{Context as _, ensure};

use super::bin::MOST_LIKELY;
use super::format::extension;
use super::look::read;
use super::{Format, Header, Layout, Look, Patch};
use crate::element::{Element, Kind};

/// Bytes of a dimension.
const DIMENSION: usize = 4;

/// What stands in front of each vector.
#[derive(Debug)]
struct Vecs {
    dimension: u32,
    element_bytes: usize,
}

/// Returns the type of the numbers that the name of a file tells.
fn number(path: &Path) -> Option<Kind> {
    match extension(path) {
        "fvecs" => Some(Kind::F32),
        "ivecs" => Some(Kind::I32),
        "bvecs" => Some(Kind::U8),
        _ => None,
    }
}

/// Returns whether a file of such a name begins with a dimension, which the second vector has too
/// if there is one.
///
/// # Errors
///
/// Reading fails.
pub(super) fn fits(path: &Path, file: &mut dyn Look) -> io::Result<bool> {
    let Some(kind) = number(path) else { return Ok(false) };
    let mut first = [0; DIMENSION];
    if file.look_at(0, &mut first)? < DIMENSION {
        return Ok(false);
    }
    let dimension = u32::from_le_bytes(first);
    if dimension == 0 || dimension > MOST_LIKELY {
        return Ok(false);
    }
    let mut second = [0; DIMENSION];
    let place = DIMENSION as u64 + u64::from(dimension) * kind.size() as u64;
    Ok(file.look_at(place, &mut second)? < DIMENSION || first == second)
}

/// Reads the first dimension of a file, of numbers as its name says, or as `wanted` does.
///
/// # Errors
///
/// There is none, or nobody says what the numbers are.
pub(super) fn layout(
    path: &Path,
    file: &mut dyn Look,
    wanted: Option<&Element>,
) -> anyhow::Result<Layout> {
    let wanted = || wanted.and_then(|element| element.columns().last()).map(|column| column.kind);
    let number = number(path).or_else(wanted).context(
        "nothing says what its numbers are; give the type of a vector, as -t d:u32,v:f32x128",
    )?;
    let dimension = u32::from_le_bytes(read(file, 0)?);
    ensure!(dimension > 0, "the first vector has the dimension 0");
    let most = Element::MOST_ITEMS - 1;
    ensure!(
        u64::from(dimension) <= most,
        "its vectors have the dimension {dimension}, and at most {most} is possible"
    );
    let number = number.name();
    let element: Element = format!("d:u32,v:{number}x{dimension}").parse()?;
    let header = Vecs { dimension, element_bytes: element.bytes() };
    Ok(Layout::with_header(element, 0, file.len(), header))
}

impl Header for Vecs {
    fn format(&self) -> Format {
        Format::Vecs
    }

    fn count(&self) -> Option<u64> {
        None
    }

    fn patches(&self, _: u64) -> anyhow::Result<Vec<Patch>> {
        Ok(Vec::new())
    }

    fn blank(&self) -> Option<Vec<u8>> {
        let mut bytes = vec![0; self.element_bytes];
        bytes[..DIMENSION].copy_from_slice(&self.dimension.to_le_bytes());
        Some(bytes)
    }

    fn check_element(&self, bytes: &[u8]) -> anyhow::Result<()> {
        let dimension = self.dimension;
        ensure!(
            bytes.starts_with(&dimension.to_le_bytes()),
            "each vector of a vecs file begins with its dimension, which is {dimension} here; \
             --field v leaves it as it is"
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::look::Bytes;
    use super::*;

    fn file(first: u32, between: usize, second: &[u8]) -> Vec<u8> {
        [&first.to_le_bytes()[..], &vec![7; between], second].concat()
    }

    #[test]
    fn recognised() {
        for (name, first, between, second, yes) in [
            ("a.fvecs", 2, 8, &[2, 0, 0, 0][..], true),
            ("a.fvecs", 2, 8, &[], true),
            ("a.fvecs", 2, 5, &[], true),
            ("a.fvecs", 2, 8, &[2, 0], true),
            ("a.fvecs", 2, 8, &[3, 0, 0, 0], false),
            ("a.bvecs", 2, 2, &[2, 0, 0, 0], true),
            ("a.fvecs", 0, 8, &[], false),
            ("a.fvecs", 0x3f80_0000, 8, &[], false),
            ("a.f32", 2, 8, &[], false),
        ] {
            let file = file(first, between, second);
            assert_eq!(fits(Path::new(name), &mut Bytes(&file)).unwrap(), yes, "{name} {first}");
        }
        assert!(!fits(Path::new("a.fvecs"), &mut Bytes(&[1, 0])).unwrap());
    }

    #[test]
    fn headers() {
        for (name, wanted, element) in [
            ("a.fvecs", None, "d:u32,v:f32x2"),
            ("a.ivecs", None, "d:u32,v:i32x2"),
            ("a.bvecs", None, "d:u32,v:u8x2"),
            ("a", Some("d:u32,v:f16x2"), "d:u32,v:f16x2"),
        ] {
            let wanted = wanted.map(|text| text.parse().unwrap());
            let file = file(2, 8, &[]);
            let layout = layout(Path::new(name), &mut Bytes(&file), wanted.as_ref()).unwrap();
            assert_eq!(layout.element().to_string(), element);
            let header = layout.header().unwrap();
            let blank = header.blank().unwrap();
            assert_eq!(blank[..5], [2, 0, 0, 0, 0]);
            header.check_element(&blank).unwrap();
            assert!(header.check_element(&[3, 0, 0, 0]).is_err());
        }
        assert!(layout(Path::new("a"), &mut Bytes(&file(2, 8, &[])), None).is_err());
        for dimension in [0, 4096, u32::MAX] {
            let file = file(dimension, 0, &[]);
            assert!(layout(Path::new("a.fvecs"), &mut Bytes(&file), None).is_err());
        }
    }
}
