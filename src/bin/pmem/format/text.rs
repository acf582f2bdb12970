//! Elements as text: what stands before them, around them, and after them.

use std::io::Write as _;

use super::pump::pump;
use super::template::Template;
use crate::element::Selection;
use crate::env::Output;
use crate::input::Reader;

/// How elements are written one after another.
#[derive(Debug)]
pub(crate) struct Text {
    /// What stands before all elements.
    pub(super) head: Vec<u8>,
    /// What stands after all elements.
    pub(super) tail: &'static [u8],
    /// Does the byte after an element belong between two of them only?
    pub(super) joined: bool,
    pub(super) template: Template,
}

impl Text {
    /// Elements and nothing else.
    pub(super) fn lines(template: Template) -> Self {
        Self { head: Vec::new(), tail: b"", joined: false, template }
    }

    /// Returns what stands before all elements.
    pub(crate) fn head(&self) -> &[u8] {
        &self.head
    }

    /// Returns what stands after all elements.
    pub(crate) fn tail(&self) -> &[u8] {
        self.tail
    }

    /// Appends the text of some elements, the first of which has index `first`; `begins` says
    /// whether these are the first of all.
    pub(crate) fn append(&self, begins: bool, first: u64, elements: &[u8], text: &mut Vec<u8>) {
        if self.joined && !begins {
            text.push(b',');
        }
        self.template.append(first, elements, text);
        if self.joined {
            // The comma after the last element belongs in front of the next block.
            text.pop();
        }
    }

    /// Writes all that `reader` yields.
    ///
    /// # Errors
    ///
    /// Reading or writing fails; what was written then has no end.
    pub(super) fn write(
        &self,
        reader: &mut Reader,
        selection: &Selection,
        out: &mut Output,
    ) -> anyhow::Result<()> {
        let start = reader.position();
        out.write_all(self.head())?;
        pump(reader, selection, out, |first: u64, elements: &[u8], text: &mut Vec<u8>| {
            self.append(first == start, first, elements, text);
        })?;
        out.write_all(self.tail())?;
        Ok(())
    }
}
