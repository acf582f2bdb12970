//! Files of vectors: `bin`, whose header counts them, and `vecs`, where each has its dimension.

use anyhow::{Context as _, ensure};

use super::sink::{Encode, Out, Sink};
use crate::element::{Element, Form, Order};

/// Returns how many items a vector has.
fn dimension(element: &Element, format: &str) -> anyhow::Result<u32> {
    let one_type = element.form() == Form::Plain && element.uniform().is_some();
    let little = element.fields().iter().all(|field| field.order == Order::Little);
    ensure!(
        one_type && little,
        "{format} has vectors of one little-endian type, and an element is {element}; see --field \
         and --to"
    );
    Ok(element.columns().len() as u32)
}

/// Writes a count and a dimension, then vectors.
pub(super) struct Bin<'a> {
    out: Out<'a>,
    size: u64,
    /// How many vectors the header counts.
    count: u64,
}

impl<'a> Bin<'a> {
    /// Writes the header.
    ///
    /// # Errors
    ///
    /// An element is not a vector, there are too many, or writing fails.
    pub(super) fn new(
        mut out: Out<'a>,
        element: &Element,
        count: Option<u64>,
    ) -> anyhow::Result<Self> {
        let dimension = dimension(element, "bin")?;
        if count.is_none() {
            out.check_rewrite()?;
        }
        let known = count.unwrap_or(0);
        out.put(&vectors(known)?)?;
        out.put(&dimension.to_le_bytes())?;
        Ok(Self { out, size: element.size(), count: known })
    }
}

/// Returns the bytes of a number of vectors.
fn vectors(count: u64) -> anyhow::Result<[u8; 4]> {
    let count = u32::try_from(count);
    Ok(count.context("bin counts vectors with 32 bits; convert to npy")?.to_le_bytes())
}

impl Sink for Bin<'_> {
    fn write(&mut self, bytes: &[u8], _: u64) -> anyhow::Result<()> {
        self.out.put(bytes)
    }

    fn hole(&mut self, count: u64) -> anyhow::Result<bool> {
        self.out.skip(count * self.size)
    }

    fn finish(&mut self, count: u64) -> anyhow::Result<()> {
        if count != self.count {
            self.out.rewrite(0, &vectors(count)?)?;
        }
        self.out.end()
    }
}

/// Puts the dimension before each vector.
pub(super) struct Vecs {
    size: usize,
    dimension: u32,
}

impl Vecs {
    /// Prepares for the vectors that elements are.
    ///
    /// # Errors
    ///
    /// They are none.
    pub(super) fn new(element: &Element) -> anyhow::Result<Self> {
        Ok(Self { size: element.bytes(), dimension: dimension(element, "vecs")? })
    }
}

impl Encode for Vecs {
    fn encode(
        &self,
        _: bool,
        _: u64,
        elements: &mut Vec<u8>,
        scratch: &mut Vec<u8>,
    ) -> anyhow::Result<bool> {
        scratch.clear();
        for vector in elements.chunks_exact(self.size) {
            scratch.extend(self.dimension.to_le_bytes());
            scratch.extend_from_slice(vector);
        }
        Ok(true)
    }
}
