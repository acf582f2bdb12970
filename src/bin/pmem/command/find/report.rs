//! What comes of the matches, in the order of the file.

use std::io::Write as _;

use super::search::{Detail, Found, Listed, Matches, Search};
use crate::env::Output;
use crate::format::{Look, Sparse};

/// Matches of a hole that are written at once.
const MANY: u64 = 4096;

/// Where matches go.
pub(super) struct Report<'a> {
    search: &'a Search,
    out: &'a mut Output,
    /// Is somebody waiting for each match?
    prompt: bool,
    /// The table, if one is shown, and the rows that it consists of once there are any.
    table: Option<(Look, u64, Option<Sparse>)>,
    /// How many matches were found.
    pub(super) found: u64,
    /// The index of the last one.
    pub(super) last: u64,
    /// The last elements, among which a match may have begun.
    carry: Vec<u8>,
}

impl<'a> Report<'a> {
    /// Returns a report without matches. A table has the given look, and indices up to a last one.
    pub(super) fn new(
        search: &'a Search,
        table: Option<(Look, u64)>,
        prompt: bool,
        out: &'a mut Output,
    ) -> Self {
        let table = table.map(|(look, last)| (look, last, None));
        Self { search, out, prompt, table, found: 0, last: 0, carry: Vec::new() }
    }

    /// Takes what was found in the next block. Returns whether more is wanted.
    ///
    /// # Errors
    ///
    /// Writing fails.
    pub(super) fn take(&mut self, found: Found) -> anyhow::Result<bool> {
        let Found { first, matches, head, tail } = found;
        if self.search.pattern.rest() > 0 {
            self.across(first, &head, &tail)?;
        }
        match matches {
            Matches::Number(count) => self.found += count.min(self.room()),
            Matches::Listed(listed) => self.list(listed)?,
            Matches::Hole(first, count) => self.hole(first, count)?,
        }
        if self.prompt {
            self.out.flush()?;
        }
        Ok(self.room() > 0)
    }

    /// Takes matches that began in an earlier block and end in this one.
    fn across(&mut self, first: u64, head: &[u8], tail: &[u8]) -> anyhow::Result<()> {
        let size = self.search.selection.part().bytes();
        let mut joined = std::mem::take(&mut self.carry);
        let before = (joined.len() / size) as u64;
        joined.extend_from_slice(head);
        let listed = self.search.list(first - before, &joined, &mut Vec::new());
        // A short block is all head, and what was before it still matters.
        joined.truncate(joined.len() - head.len());
        joined.extend_from_slice(tail);
        joined.drain(..joined.len().saturating_sub(self.search.pattern.rest()));
        self.carry = joined;
        self.list(listed)
    }

    /// Takes matches one by one.
    fn list(&mut self, mut listed: Listed) -> anyhow::Result<()> {
        let room = usize::try_from(self.room()).unwrap_or(usize::MAX);
        if room < listed.indices.len() {
            listed.indices.truncate(room);
            listed.elements.truncate(room * self.search.selection.part().bytes());
            self.search.write(&mut listed);
        }
        let Some(last) = listed.indices.last() else { return Ok(()) };
        self.found += listed.indices.len() as u64;
        self.last = *last;
        if let Some((look, last, rows)) = &mut self.table {
            let (Listed { indices, elements, text }, element) =
                (&mut listed, self.search.selection.part());
            let rows = rows.get_or_insert_with(|| {
                let rows = Sparse::new(*look, *last, element, elements);
                rows.header(text);
                rows
            });
            rows.append(indices, elements, text);
        }
        self.out.write_all(&listed.text)?;
        Ok(())
    }

    /// Takes matches in a hole.
    fn hole(&mut self, first: u64, count: u64) -> anyhow::Result<()> {
        let end = first + count.min(self.room());
        if self.search.detail == Detail::Number {
            self.found += end - first;
            return Ok(());
        }
        let mut at = first;
        while at < end {
            let next = end.min(at + MANY);
            let mut listed = Listed { indices: (at..next).collect(), ..Listed::default() };
            if self.search.detail == Detail::Value {
                let size = self.search.selection.part().bytes();
                listed.elements = vec![0; listed.indices.len() * size];
            }
            self.search.write(&mut listed);
            self.list(listed)?;
            at = next;
        }
        Ok(())
    }

    /// Returns how many matches are still wanted.
    fn room(&self) -> u64 {
        self.search.most - self.found
    }
}
