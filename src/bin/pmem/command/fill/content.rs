//! What to fill with: something computed, or something read.

use std::ops::Range;
use std::path::Path;

use anyhow::{Context as _, ensure};

use crate::edit::{Target, is_same};
use crate::element::{Element, Selection};
use crate::env::Interrupt;
use crate::input::Source;
use crate::pattern::{Destination, Overlay, Pattern, Supply, check_source, stream};
use crate::text::Name;

/// What to fill with.
pub(super) enum Content {
    /// What is computed.
    Pattern(Box<dyn Pattern>),
    /// What is read from this source, which messages call by this name.
    Source(Box<Source>, String),
}

impl Content {
    /// Opens a source.
    ///
    /// # Errors
    ///
    /// It cannot be opened.
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        let source = Source::open(path).context("--from")?;
        Ok(Self::Source(Box::new(source), format!("--from {}", Name(path))))
    }

    /// Makes sure, as far as can be known before, that there are `count` elements to fill with.
    ///
    /// # Errors
    ///
    /// There are not, or they would be read from where they are to be written.
    pub(super) fn check(&self, target: &Target, part: &Element, count: u64) -> anyhow::Result<()> {
        match self {
            Self::Pattern(pattern) => pattern.check(count),
            Self::Source(source, name) => {
                let itself = is_same(&source.metadata, &target.file().metadata()?);
                ensure!(itself != Some(true), "a file cannot be filled from itself; copy it first");
                // What suffices is not read to its end, so it may be anything.
                match source.len {
                    Some(len) if len < count * part.size() => {
                        check_source(len, part).with_context(|| name.clone())
                    }
                    _ => Ok(()),
                }
            }
        }
    }

    /// Returns what to write to a range of bytes, so that the selected fields are filled.
    ///
    /// # Errors
    ///
    /// Reading fails, or finds no whole number of elements.
    pub(super) fn pattern(
        self,
        target: &Target,
        bytes: Range<u64>,
        selection: Selection,
        interrupt: &Interrupt,
    ) -> anyhow::Result<Box<dyn Pattern>> {
        let (file, start) = (target.file().try_clone()?, bytes.start);
        let fields = match self {
            Self::Pattern(pattern) => pattern,
            Self::Source(source, name) => {
                let file = file.try_clone()?;
                let destination = Destination { file, bytes, selection: selection.clone() };
                stream(Supply { source: *source, name }, destination, interrupt)?
            }
        };
        Ok(match selection.is_whole() {
            true => fields,
            false => Box::new(Overlay::new(fields, selection, file, start)),
        })
    }
}
