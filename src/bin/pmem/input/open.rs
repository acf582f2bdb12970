//! Opening what is read: the source, where its elements lie, and which of their fields are wanted.

use std::path::Path;

use super::source::Source;
use crate::element::Selection;
use crate::error::At as _;
use crate::layout::{Layout, Wanted};

/// Something to read elements from.
#[derive(Debug)]
pub(crate) struct Input {
    /// Where bytes come from.
    pub(crate) source: Source,
    /// Where the elements lie.
    pub(crate) layout: Layout,
    /// Which of their fields are wanted.
    pub(crate) selection: Selection,
}

impl Input {
    /// Opens a file, or standard input for `-`, and finds out where its elements lie.
    ///
    /// # Errors
    ///
    /// The file cannot be opened, contradicts what is wanted, or has no such field.
    pub(crate) fn open(path: &Path, wanted: &Wanted) -> anyhow::Result<Self> {
        let mut source = Source::open(path)?;
        let layout = wanted.find(path, &mut source).at(path)?;
        let selection = Selection::of(layout.element(), wanted.fields.as_ref()).at(path)?;
        Ok(Self { source, layout, selection })
    }
}
