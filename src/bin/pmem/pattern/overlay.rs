//! Some fields of elements, written over what is there.

use std::fs::File;

use anyhow::ensure;

use super::{Part, Pattern};
use crate::element::Selection;
use crate::input::read_at;

/// Puts the bytes of a pattern into the selected fields of the elements of a file. All other bytes
/// are read from it, so that they stay as they are.
pub(crate) struct Overlay {
    fields: Box<dyn Pattern>,
    selection: Selection,
    file: File,
    /// Where the next element is, in bytes.
    place: u64,
    buffer: Vec<u8>,
    part: Vec<u8>,
}

impl Overlay {
    /// Writes `fields` over the selection of the elements from the byte `place` on.
    pub(crate) fn new(
        fields: Box<dyn Pattern>,
        selection: Selection,
        file: File,
        place: u64,
    ) -> Self {
        Self { fields, selection, file, place, buffer: Vec::new(), part: Vec::new() }
    }

    /// Gets so many bytes of the pattern.
    fn take(&mut self, len: usize) -> anyhow::Result<()> {
        self.part.clear();
        while self.part.len() < len {
            let Part { bytes, len: more } = self.fields.next(len - self.part.len())?;
            self.part.extend(bytes.iter().cycle().take(more));
        }
        Ok(())
    }
}

impl Pattern for Overlay {
    fn next(&mut self, most: usize) -> anyhow::Result<Part<'_>> {
        let (whole, part) = (self.selection.whole().bytes(), self.selection.part().bytes());
        self.take(most / whole * part)?;
        self.buffer.resize(most, 0);
        let read = read_at(&self.file, &mut self.buffer, self.place)?;
        ensure!(read == most, "the file shrank while it was filled");
        self.selection.scatter(&self.part, &mut self.buffer);
        self.place += most as u64;
        Ok(Part::from(&*self.buffer))
    }
}
