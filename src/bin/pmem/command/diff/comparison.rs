//! The work on one block: which items differ, and how far.

use anyhow::ensure;

use super::summary::{Measures, Summary};
use crate::column::{Compare, Difference, Equality, Strided, compare};
use crate::element::{Class, Column, Element, Selection};
use crate::input::Both;
use crate::text::plural;

/// Elements that are compared together, so few that their values stay in the nearest cache.
const CHUNK: usize = 512;

/// How elements of two files are compared.
#[derive(Debug)]
pub(super) struct Comparison {
    a: Selection,
    b: Selection,
    pairs: Vec<Pair>,
    /// Are elements of equal bytes equal, before and after the selection?
    same: bool,
    /// Index in the first file of the first element that is compared.
    start: u64,
    /// Rows that are wanted at most.
    rows: usize,
}

/// Two columns that are compared.
#[derive(Debug)]
struct Pair {
    a: Column,
    b: Column,
    compare: Box<dyn Compare>,
}

/// An item that differs.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    /// Index of the element.
    pub(super) index: u64,
    /// Which of the items.
    pub(super) column: usize,
    /// The two values.
    pub(super) a: Vec<u8>,
    pub(super) b: Vec<u8>,
    /// How far they lie apart.
    pub(super) difference: Difference,
}

/// What a thread keeps for its next block.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    a: Vec<u8>,
    b: Vec<u8>,
}

/// What came of a block.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) summary: Summary,
    pub(super) rows: Vec<Row>,
}

impl Comparison {
    /// Compares selected items of elements, from the index `start` on.
    ///
    /// # Errors
    ///
    /// The elements have different numbers of items, or items that cannot be compared.
    pub(super) fn new(
        a: Selection,
        b: Selection,
        equality: Equality,
        start: u64,
        rows: usize,
    ) -> anyhow::Result<Self> {
        let (columns_a, columns_b) = (a.part().columns(), b.part().columns());
        ensure!(
            columns_a.len() == columns_b.len(),
            "elements of {} cannot be compared with elements of {} ({} and {})",
            plural(columns_a.len() as u64, "item"),
            plural(columns_b.len() as u64, "item"),
            a.part(),
            b.part(),
        );
        let pairs = columns_a.iter().zip(columns_b).map(|(a, b)| {
            let compare = a.in_context(compare(a.kind, b.kind, equality))?;
            Ok(Pair { a: a.clone(), b: b.clone(), compare })
        });
        let pairs = pairs.collect::<anyhow::Result<Vec<_>>>()?;
        let float = |column: &Column| column.kind.codec().class == Class::Float;
        let same = a.whole() == b.whole()
            && a.part() == b.part()
            && !(equality.nan_differs && columns_a.iter().any(float));
        Ok(Self { a, b, pairs, same, start, rows })
    }

    /// Returns what is compared of an element of the first file.
    pub(super) fn element(&self) -> &Element {
        self.a.part()
    }

    /// Returns the same of the second file.
    pub(super) fn element_b(&self) -> &Element {
        self.b.part()
    }

    /// Returns what can be said about differences.
    pub(super) fn measures(&self) -> Measures {
        let class = |pair: &Pair| pair.a.kind.codec().class;
        let mut numbers =
            self.pairs.iter().filter(|pair| !matches!(class(pair), Class::Text | Class::Bytes));
        match numbers.clone().any(|pair| pair.a.kind == pair.b.kind) {
            true => Measures::Steps,
            false if numbers.next().is_some() => Measures::Size,
            false => Measures::None,
        }
    }

    /// Compares a block.
    pub(super) fn block(&self, scratch: &mut Scratch, both: Both<'_>) -> Outcome {
        let (before, a, b) = match both {
            Both::Hole(count) => return Outcome::equal(count),
            Both::Elements { before, a, b } => (before, a, b),
        };
        if self.same && a == b {
            return Outcome::equal((a.len() / self.a.whole().bytes()) as u64);
        }
        let a = self.a.read(a, &mut scratch.a);
        let b = self.b.read(b, &mut scratch.b);
        let (size_a, size_b) = (self.a.part().bytes(), self.b.part().bytes());
        let mut outcome = Outcome::default();
        let chunks = a.chunks(CHUNK * size_a).zip(b.chunks(CHUNK * size_b));
        for (first, (a, b)) in (self.start + before..).step_by(CHUNK).zip(chunks) {
            outcome.summary.compared += (a.len() / size_a) as u64;
            if !self.same || a != b {
                self.chunk(first, a, b, &mut outcome);
            }
        }
        outcome
    }

    /// Compares a few elements.
    fn chunk(&self, first: u64, a: &[u8], b: &[u8], outcome: &mut Outcome) {
        let (size_a, size_b) = (self.a.part().bytes(), self.b.part().bytes());
        let mut differs = [false; CHUNK];
        let differs = &mut differs[..a.len() / size_a];
        for Pair { a: column_a, b: column_b, compare } in &self.pairs {
            let strided = |column: &Column, elements, size| {
                let (offset, width) = (column.offset, column.kind.size());
                Strided { elements, size, offset, width }
            };
            let (a, b) = (strided(column_a, a, size_a), strided(column_b, b, size_b));
            compare.mark(a, b, first, differs, &mut outcome.summary.extremes);
        }
        let count = differs.iter().map(|differs| u64::from(*differs)).sum::<u64>();
        if count == 0 {
            return;
        }
        outcome.summary.differing += count;
        let position = differs.iter().position(|differs| *differs).unwrap_or_default();
        outcome.summary.first_index.get_or_insert(first + position as u64);
        let elements = a.chunks_exact(size_a).zip(b.chunks_exact(size_b)).enumerate();
        for (position, (a, b)) in elements.filter(|(position, _)| differs[*position]) {
            if outcome.rows.len() >= self.rows {
                break;
            }
            self.rows(first + position as u64, a, b, &mut outcome.rows);
        }
        outcome.rows.truncate(self.rows);
    }

    /// Appends a row for each item of an element that differs.
    fn rows(&self, index: u64, a: &[u8], b: &[u8], rows: &mut Vec<Row>) {
        for (column, pair) in self.pairs.iter().enumerate() {
            let a = &a[pair.a.offset..][..pair.a.kind.size()];
            let b = &b[pair.b.offset..][..pair.b.kind.size()];
            if pair.compare.differs(a, b) {
                let difference = pair.compare.difference(a, b);
                rows.push(Row { index, column, a: a.to_vec(), b: b.to_vec(), difference });
            }
        }
    }
}

impl Outcome {
    /// So many elements are equal.
    fn equal(count: u64) -> Self {
        Self { summary: Summary { compared: count, ..Summary::default() }, rows: Vec::new() }
    }
}
