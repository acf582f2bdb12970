//! Arrays of NumPy: a magic, a version, the length of a text, and that text, a literal of Python.
//!
//! Versions differ in the size of the length and in the encoding of the text. NumPy reads files
//! that are longer than the shape says, and refuses shorter ones.

mod descr;
mod literal;

use std::ops::Range;

use anyhow::{Context as _, bail, ensure};

use self::literal::{Encoding, Literal};
use super::axes::{Axes, Slowest};
use super::look::{front, read};
use super::{Format, Header, Layout, Look, Patch};
use crate::element::Element;

/// What a file begins with.
pub(super) const MAGIC: &[u8; 6] = b"\x93NUMPY";

/// Bytes that a header has at most. NumPy itself accepts 10000 without being asked for more.
const MOST: u64 = 1 << 20;

/// A header.
#[derive(Debug)]
struct Npy {
    axes: Axes,
    /// The text, and where it begins.
    text: Vec<u8>,
    text_start: u64,
    /// Where the digits of the size that grows are in the text, and where the literal ends.
    digits: Option<Range<usize>>,
    end: usize,
}

/// Reads the header of a file.
///
/// # Errors
///
/// There is none, or the elements are none that are known here.
pub(super) fn layout(file: &mut dyn Look) -> anyhow::Result<Layout> {
    let start: [u8; 8] = read(file, 0)?;
    ensure!(start.starts_with(MAGIC), "it does not begin with \\x93NUMPY");
    let (text_start, len, encoding) = match start[6..] {
        [1, 0] => (10, u64::from(u16::from_le_bytes(read(file, 8)?)), Encoding::Latin1),
        [2, 0] => (12, u64::from(u32::from_le_bytes(read(file, 8)?)), Encoding::Latin1),
        [3, 0] => (12, u64::from(u32::from_le_bytes(read(file, 8)?)), Encoding::Utf8),
        [major, minor, ..] => bail!("its version {major}.{minor} is not known; 1.0 to 3.0 are"),
        _ => bail!("its version is missing"),
    };
    ensure!(len <= MOST, "it has {len} bytes, and at most {MOST} are read");
    let text = front(file, text_start, len)?;
    let (literal, end) = literal::parse(&text, encoding)?;
    let dictionary = Dictionary::of(&literal)?;
    let element = descr::element(dictionary.descr)?;
    let slowest = if dictionary.fortran_order { Slowest::Last } else { Slowest::First };
    let sizes = dictionary.shape.iter().map(|(size, _)| *size).collect();
    let (axes, element): (Axes, Element) = Axes::new(&element, sizes, slowest)?;
    let digits = axes.growing().map(|axis| dictionary.shape[axis].1.clone());
    let header = Npy { axes, text, text_start, digits, end };
    Ok(Layout::with_header(element, text_start + len, file.len(), header))
}

/// What the dictionary in a header says.
struct Dictionary<'a> {
    descr: &'a Literal,
    fortran_order: bool,
    /// The sizes, and the places of their digits.
    shape: Vec<(u64, Range<usize>)>,
}

impl<'a> Dictionary<'a> {
    fn of(literal: &'a Literal) -> anyhow::Result<Self> {
        let Literal::Pairs(pairs) = literal else { bail!("it is no dictionary") };
        let find = |name: &str| {
            // As in Python, the last one counts.
            let found = pairs.iter().rev().find(|(key, _)| key == name);
            found.map(|(_, value)| value).with_context(|| format!("'{name}' is missing"))
        };
        let Literal::Bool(fortran_order) = *find("fortran_order")? else {
            bail!("'fortran_order' is neither True nor False")
        };
        let Literal::Items(sizes) = find("shape")? else { bail!("'shape' is no tuple") };
        let size = |size: &Literal| match size {
            Literal::Number(size, digits) => Ok((*size, digits.clone())),
            _ => bail!("'shape' has something else than numbers"),
        };
        let shape = sizes.iter().map(size).collect::<anyhow::Result<_>>()?;
        Ok(Self { descr: find("descr")?, fortran_order, shape })
    }
}

impl Header for Npy {
    fn format(&self) -> Format {
        Format::Npy
    }

    fn count(&self) -> Option<u64> {
        Some(self.axes.count())
    }

    fn shape(&self) -> Option<Vec<u64>> {
        Some(self.axes.sizes().to_vec())
    }

    fn patches(&self, count: u64) -> anyhow::Result<Vec<Patch>> {
        let along = self.axes.along(count)?.to_string();
        let Some(digits) = self.digits.clone() else { return Ok(Vec::new()) };
        let behind = &self.text[digits.end..self.end];
        let mut bytes = [along.as_bytes(), behind].concat();
        // What the text loses is white space again; what it gains was white space.
        let longest = (digits.start + bytes.len()).max(self.end);
        let newline = usize::from(self.text.last() == Some(&b'\n'));
        ensure!(
            longest <= self.text.len() - newline,
            "its npy header has no room for the number {along}; 'pmem convert' writes a new one"
        );
        bytes.resize(longest - digits.start, b' ');
        Ok(vec![Patch { offset: self.text_start + digits.start as u64, bytes }])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::look::Bytes;
    use super::*;

    /// Returns a file with such a header and these bytes.
    fn file(version: u8, text: &[u8], data: &[u8]) -> Vec<u8> {
        let len = text.len() as u32;
        let len = &len.to_le_bytes()[..if version == 1 { 2 } else { 4 }];
        [MAGIC, &[version, 0][..], len, text, data].concat()
    }

    fn read_text(text: &str) -> anyhow::Result<Layout> {
        layout(&mut Bytes(&file(1, text.as_bytes(), &[])))
    }

    #[test]
    fn headers() {
        for (text, shown, count, shape) in [
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }  \n", "f32", 3, vec![3]),
            ("{\"shape\":(2,3),'fortran_order':True,'descr':'>i2'}", "i16bex2", 3, vec![2, 3]),
            (
                "{'descr': '<f4', 'fortran_order': False, 'shape': (10L, 4L)}",
                "f32x4",
                10,
                vec![10, 4],
            ),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': ()}", "f32", 1, vec![]),
            (
                "{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,)}",
                "x:f32",
                1,
                vec![1],
            ),
        ] {
            for version in 1..=3 {
                let file = file(version, text.as_bytes(), &[0; 4096]);
                let layout = layout(&mut Bytes(&file)).unwrap();
                assert_eq!(layout.element().to_string(), shown, "{text}");
                assert_eq!(layout.count(), Some(count), "{text}");
                assert_eq!(layout.header().unwrap().shape(), Some(shape.clone()), "{text}");
                assert_eq!(layout.start(), (file.len() - 4096) as u64);
            }
        }
    }

    #[test]
    fn refused() {
        for (text, message) in [
            ("", "it ends too early"),
            ("[]", "it is no dictionary"),
            ("{}", "'fortran_order' is missing"),
            ("{'descr': '|O', 'fortran_order': False, 'shape': (3,)}", "its type '|O'"),
            ("{'descr': '<f4', 'fortran_order': 1, 'shape': (3,)}", "'fortran_order' is neither"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': 3}", "'shape' is no tuple"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': ('3',)}", "'shape' has something"),
            (
                "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904,)}",
                "the shape (4611686018427387904,) is larger than any file",
            ),
        ] {
            let error = format!("{:#}", read_text(text).unwrap_err());
            assert!(error.starts_with(message), "{text}: {error}");
        }
        assert!(layout(&mut Bytes(b"\x93NUMPY\x04\x00    ")).is_err());
        assert!(layout(&mut Bytes(b"\x93NUMPY\x02\x00\xff\xff\xff\xff")).is_err());
        assert!(layout(&mut Bytes(b"\x93NUMPY\x01\x00\x40\x00{}")).is_err());
        assert!(layout(&mut Bytes(b"\x93NUMP")).is_err());
    }

    #[test]
    fn new_counts_keep_the_length() {
        let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (9, 2), }   \n";
        let layout = read_text(text).unwrap();
        let patched = |count| {
            let [patch] = &*layout.header().unwrap().patches(count)? else { panic!() };
            let at = patch.offset as usize - 10;
            let mut text = text.as_bytes().to_vec();
            text[at..at + patch.bytes.len()].copy_from_slice(&patch.bytes);
            anyhow::Ok(String::from_utf8(text).unwrap())
        };
        let tail = |number, tail| {
            format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({number}, 2), }}{tail}")
        };
        assert_eq!(patched(8).unwrap(), tail("8", "   \n"));
        assert_eq!(patched(10).unwrap(), tail("10", "  \n"));
        assert_eq!(patched(1234).unwrap(), tail("1234", "\n"));
        assert!(patched(12345).unwrap_err().to_string().contains("'pmem convert'"));
        let shrunk = read_text(&tail("1234", "\n")).unwrap().header().unwrap().patches(1).unwrap();
        assert_eq!(shrunk[0].bytes, b"1, 2), }   ");
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes: Vec<u8>, version in 0_u8..5) {
            let _ = layout(&mut Bytes(&file(version, &bytes, &[])));
            let _ = layout(&mut Bytes(&bytes));
        }
    }
}
