#![forbid(unsafe_code)]
//! The mapping of a storage.

use std::{fs::File, ops::Range, ptr::NonNull};

use super::Storage;
use crate::{
    Error, Result,
    file_mapped::growth,
    sys::{Hint, Map},
};

/// What the kernel was told about the mapping, to be told again when that is made anew.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Advised {
    pattern: Option<Hint>,
    huge_pages: bool,
}

impl Storage {
    /// Returns where the mapping begins, aligned to a page, and its length, if there is one.
    pub(in crate::file_mapped) fn mapped(&self) -> Option<(NonNull<u8>, usize)> {
        self.map.as_ref().map(|map| (map.ptr(), map.len()))
    }

    /// Returns how long the file can become without moving.
    pub(in crate::file_mapped) fn mapped_bytes(&self) -> u64 {
        self.map.as_ref().map_or(0, |map| map.len() as u64)
    }

    /// Makes sure that `bytes` can be mapped, without moving the mapping that there is.
    pub(in crate::file_mapped) fn probe(&mut self, bytes: u64) -> Result<()> {
        let needed = usize::try_from(bytes).map_err(|_| Error::CapacityOverflow)?;
        match &self.map {
            None => self.map(bytes),
            Some(map) if needed <= map.len() => Ok(()),
            // It can grow where it is or move, and needs no more than the difference meanwhile.
            Some(map) => Ok(Map::new(&self.file, needed - map.len()).map(drop)?),
        }
    }

    /// Maps at least the first `bytes`, which may lie behind the end of the file.
    ///
    /// The mapping may move. On an error it is as it was.
    pub(in crate::file_mapped) fn map(&mut self, bytes: u64) -> Result<()> {
        let needed = usize::try_from(bytes).map_err(|_| Error::CapacityOverflow)?;
        let file: &File = &self.file;
        match &mut self.map {
            None if needed == 0 => return Ok(()),
            None => {
                let map = Map::new(file, growth::mapping(0, needed));
                self.map = Some(map.or_else(|_| Map::new(file, needed))?);
            }
            Some(map) if needed <= map.len() => return Ok(()),
            Some(map) => map
                .resize(file, growth::mapping(map.len(), needed))
                .or_else(|_| map.resize(file, needed))?,
        }
        self.advise_again();
        Ok(())
    }

    /// Tells the kernel how the mapping will be used, now and when it has moved.
    pub(in crate::file_mapped) fn advise(&mut self, hint: Hint) -> Result<()> {
        if let Some(map) = &self.map {
            map.advise(hint, 0..map.len())?;
        }
        match hint {
            Hint::HugePages => self.advised.huge_pages = true,
            pattern => self.advised.pattern = Some(pattern),
        }
        Ok(())
    }

    /// Tells the kernel once what will be done with a range of mapped bytes.
    pub(in crate::file_mapped) fn hint(&self, hint: Hint, bytes: Range<usize>) -> Result<()> {
        match &self.map {
            Some(map) if !bytes.is_empty() => Ok(map.advise(hint, bytes)?),
            _ => Ok(()),
        }
    }

    /// Repeats what was said of the mapping before it was made or moved. A refusal costs only speed.
    fn advise_again(&self) {
        let Some(map) = &self.map else { return };
        let huge_pages = self.advised.huge_pages.then_some(Hint::HugePages);
        for hint in self.advised.pattern.into_iter().chain(huge_pages) {
            let _ = map.advise(hint, 0..map.len());
        }
    }

    /// Writes a range of mapped bytes to disk and waits for it.
    pub(in crate::file_mapped) fn flush_range(&self, bytes: Range<usize>) -> Result<()> {
        self.latched(|| match &self.map {
            Some(map) if !bytes.is_empty() => map.flush(bytes),
            _ => Ok(()),
        })
    }
}
