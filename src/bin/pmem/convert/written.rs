//! Text as a sink of elements.

use super::sink::{Encode, Out, Sink};
use crate::format::Text;

/// Makes text of elements.
pub(super) struct Written(pub(super) Text);

impl Encode for Written {
    fn encode(
        &self,
        begins: bool,
        first: u64,
        elements: &mut Vec<u8>,
        scratch: &mut Vec<u8>,
    ) -> anyhow::Result<bool> {
        scratch.clear();
        self.0.append(begins, first, elements, scratch);
        Ok(true)
    }
}

/// Writes the text of elements, with what stands before and after it.
pub(super) struct Writer<'a> {
    pub(super) out: Out<'a>,
    pub(super) tail: Vec<u8>,
}

impl<'a> Writer<'a> {
    /// Writes what stands before the elements.
    ///
    /// # Errors
    ///
    /// Writing fails.
    pub(super) fn new(mut out: Out<'a>, text: &Text) -> anyhow::Result<Self> {
        out.put(text.head())?;
        Ok(Self { out, tail: text.tail().to_owned() })
    }
}

impl Sink for Writer<'_> {
    fn write(&mut self, bytes: &[u8], _: u64) -> anyhow::Result<()> {
        self.out.put(bytes)
    }

    fn finish(&mut self, _: u64) -> anyhow::Result<()> {
        self.out.put(&self.tail)
    }
}
