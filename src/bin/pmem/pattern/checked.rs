//! Elements that are checked before they are written.

use super::{Part, Pattern};
use crate::layout::Layout;

/// Makes sure that the elements of a pattern may stand in a file of such a layout.
pub(crate) struct Checked {
    elements: Box<dyn Pattern>,
    layout: Layout,
}

impl Checked {
    /// Checks whole elements as they belong into the file.
    pub(crate) fn new(elements: Box<dyn Pattern>, layout: Layout) -> Self {
        Self { elements, layout }
    }
}

impl Pattern for Checked {
    fn check(&self, count: u64) -> anyhow::Result<()> {
        self.elements.check(count)
    }

    fn next(&mut self, most: usize) -> anyhow::Result<Part<'_>> {
        let part = self.elements.next(most)?;
        if let Some(header) = self.layout.header() {
            let mut elements = part.bytes.chunks_exact(self.layout.element().bytes());
            elements.try_for_each(|element| header.check_element(element))?;
        }
        Ok(part)
    }
}
