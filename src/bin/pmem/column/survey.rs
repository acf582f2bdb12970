//! All figures of all columns: as many passes over the elements as that takes.

use std::ops::Range;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::figures::{Figures, Question};
use super::study::{Again, Found, Part, Study, Table, Values};
use super::track::Track;
use crate::element::Selection;
use crate::env::{Env, Progress};
use crate::error::At as _;
use crate::input::{Block, Reader, Source, scan};
use crate::layout::Layout;
use crate::text::Name;

/// Elements whose columns are to be studied.
pub(crate) struct Survey<'a> {
    /// Name of the file.
    pub(crate) path: &'a Path,
    /// Where bytes come from.
    pub(crate) source: Source,
    /// Where the elements lie.
    pub(crate) layout: &'a Layout,
    /// Which of their fields are wanted.
    pub(crate) selection: &'a Selection,
    /// Which elements.
    pub(crate) range: Range<u64>,
    /// The columns.
    pub(crate) tracks: &'a [Track],
}

/// The answers, and what was learned on the way.
pub(crate) struct Answers {
    /// One for each column.
    pub(crate) figures: Vec<Figures>,
    /// Bytes of a stream.
    pub(crate) stream_len: Option<u64>,
}

/// What a thread keeps from block to block.
#[derive(Default)]
pub(super) struct Scratch {
    part: Vec<u8>,
    values: Vec<u8>,
}

/// What threads count into: one set is taken for a block, and given back after it. What is counted
/// does not depend on the order.
struct Pool<T> {
    free: Mutex<Vec<T>>,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self { free: Mutex::new(Vec::new()) }
    }
}

impl<C> Pool<Vec<C>> {
    fn take(&self) -> Option<Vec<C>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn give(&self, table: Vec<C>) {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).push(table);
    }

    /// Returns, for each column, what all threads have counted.
    fn columns(self, columns: usize) -> Vec<Vec<C>> {
        let mut all: Vec<Vec<C>> = (0..columns).map(|_| Vec::new()).collect();
        for tables in self.free.into_inner().unwrap_or_else(PoisonError::into_inner) {
            all.iter_mut().zip(tables).for_each(|(all, table)| all.push(table));
        }
        all
    }
}

/// Bytes that are looked at together.
const BLOCK: usize = 1 << 18;

impl Survey<'_> {
    /// Finds out what is asked.
    ///
    /// # Errors
    ///
    /// Reading fails, or the file changes while it is read.
    pub(crate) fn answer(&self, question: &Question, env: &Env) -> anyhow::Result<Answers> {
        let (is_stream, columns) = (self.source.len.is_none(), self.tracks.len());
        let study = |track| Study::new(track, question, is_stream, columns);
        let mut studies: Vec<Study<'_>> = self.tracks.iter().map(study).collect();
        let stream_len = self.first_pass(&mut studies, env)?;
        while studies.iter().any(Study::needs_more) {
            self.later_pass(&mut studies, env)?;
        }
        let figures = studies.into_iter().map(Study::figures).collect();
        Ok(Answers { figures, stream_len })
    }

    /// Reads everything once. Returns the bytes of a stream.
    fn first_pass(&self, studies: &mut [Study<'_>], env: &Env) -> anyhow::Result<Option<u64>> {
        let shared = &*studies;
        let mut found: Vec<Found> = shared.iter().map(Study::found).collect();
        let (mut reader, pool) = (self.reader()?, Pool::default());
        let mut progress = self.progress(env);
        let work = |scratch: &mut Scratch, block: Block<'_>| {
            let make = || shared.iter().map(Study::table).collect::<Vec<Table>>();
            let mut tables = pool.take().unwrap_or_else(make);
            let mut parts = Vec::with_capacity(shared.len());
            let elements = self.each(scratch, block, |column, values, first| {
                parts.push(shared[column].look(&mut tables[column], values, first));
            });
            pool.give(tables);
            Ok((elements, parts))
        };
        scan(&mut reader, work, |(elements, parts): (u64, Vec<Part>)| {
            found.iter_mut().zip(&parts).for_each(|(found, part)| found.fold(part));
            progress.advance(elements.saturating_mul(self.layout.element().size()));
            Ok(true)
        })?;
        reader.leave();
        let tables = pool.columns(found.len());
        for ((study, found), tables) in studies.iter_mut().zip(found).zip(tables) {
            study.finish(found, tables).at(self.path)?;
        }
        Ok(reader.stream_len())
    }

    /// Reads everything again, for what the pass before has left open.
    fn later_pass(&self, studies: &mut [Study<'_>], env: &Env) -> anyhow::Result<()> {
        let shared = &*studies;
        let (mut reader, pool) = (self.reader()?, Pool::default());
        let mut progress = self.progress(env);
        let work = |scratch: &mut Scratch, block: Block<'_>| {
            let make = || shared.iter().map(Study::again).collect::<Vec<Again>>();
            let mut tables = pool.take().unwrap_or_else(make);
            let elements = self.each(scratch, block, |column, values, _| {
                shared[column].look_again(&mut tables[column], values);
            });
            pool.give(tables);
            Ok(elements)
        };
        scan(&mut reader, work, |elements: u64| {
            progress.advance(elements.saturating_mul(self.layout.element().size()));
            Ok(true)
        })?;
        let tables = pool.columns(studies.len());
        for (study, tables) in studies.iter_mut().zip(tables) {
            study.finish_again(tables).at(self.path)?;
        }
        Ok(())
    }

    /// Gives `look` the values of each column in a block. Returns how many elements there were.
    pub(super) fn each(
        &self,
        scratch: &mut Scratch,
        block: Block<'_>,
        mut look: impl FnMut(usize, Values<'_>, u64),
    ) -> u64 {
        match block {
            Block::Elements { first, bytes } => {
                let elements = (bytes.len() / self.layout.element().bytes()) as u64;
                let part = &*self.selection.gather(bytes, &mut scratch.part);
                for (column, track) in self.tracks.iter().enumerate() {
                    look(column, Values::Read(track.values(part, &mut scratch.values)), first);
                }
                elements
            }
            Block::Hole { first, count } => {
                for (column, track) in self.tracks.iter().enumerate() {
                    look(column, Values::Zero(count * track.items() as u64), first);
                }
                count
            }
        }
    }

    /// Returns a reader of all elements. What a stream yields at a time does not depend on how it
    /// comes in: blocks are full.
    pub(super) fn reader(&self) -> anyhow::Result<Reader> {
        let source = self.source.try_clone().at(self.path)?;
        let mut reader = Reader::new(self.path, source, self.layout, self.range.clone());
        if reader.is_stream() {
            reader.set_row((BLOCK / reader.size()).max(1));
        }
        Ok(reader)
    }

    pub(super) fn progress(&self, env: &Env) -> Progress {
        let elements = self.range.end - self.range.start;
        let bytes = match self.source.len {
            Some(_) => elements.saturating_mul(self.layout.element().size()),
            None => u64::MAX,
        };
        Progress::bytes(env, bytes, Name(self.path).to_string())
    }
}
