//! The work on one block: what matches in it, and what of it matters for the next.

use super::pattern::Pattern;
use crate::element::Selection;
use crate::format::Listing;
use crate::input::Block;

/// What is searched for, and what is wanted of it.
#[derive(Debug)]
pub(super) struct Search {
    pub(super) pattern: Pattern,
    /// What of an element is compared and shown.
    pub(super) selection: Selection,
    /// Lines that are made of matches right away.
    pub(super) lines: Option<Listing>,
    /// What has to be known of each match.
    pub(super) detail: Detail,
    /// How many matches are wanted at most.
    pub(super) most: u64,
}

/// What has to be known of each match.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Detail {
    /// That there is one.
    Number,
    /// Where it is.
    Index,
    /// Where it is, and its value.
    Value,
}

/// What a thread keeps for its next block.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    part: Vec<u8>,
    hits: Vec<usize>,
}

/// What was found in a block.
#[derive(Debug)]
pub(super) struct Found {
    /// Index of the first element.
    pub(super) first: u64,
    pub(super) matches: Matches,
    /// The first elements of the block, as many as a match that began before can still need.
    pub(super) head: Vec<u8>,
    /// The last elements of the block, among which a match may begin.
    pub(super) tail: Vec<u8>,
}

/// The matches of a block.
#[derive(Debug)]
pub(super) enum Matches {
    /// So many.
    Number(u64),
    /// These.
    Listed(Listed),
    /// Elements of a hole, from one index on.
    Hole(u64, u64),
}

/// Matches that are known one by one.
#[derive(Debug, Default)]
pub(super) struct Listed {
    pub(super) indices: Vec<u64>,
    /// The elements, if they are shown.
    pub(super) elements: Vec<u8>,
    /// Their lines, unless they are to be made later.
    pub(super) text: Vec<u8>,
}

impl Search {
    /// Searches a block. A match lies in it as a whole.
    pub(super) fn block(&self, scratch: &mut Scratch, block: Block<'_>) -> Found {
        let size = self.selection.part().bytes();
        let rest = self.pattern.rest();
        match block {
            Block::Elements { first, bytes } => {
                let elements = self.selection.read(bytes, &mut scratch.part);
                let matches = match self.detail {
                    Detail::Number => Matches::Number(self.pattern.count(elements)),
                    _ => Matches::Listed(self.list(first, elements, &mut scratch.hits)),
                };
                let edge = rest.min(elements.len());
                let head = elements[..edge].to_vec();
                let tail = elements[elements.len() - edge..].to_vec();
                Found { first, matches, head, tail }
            }
            Block::Hole { first, count } => {
                let following = (rest / size) as u64;
                let matches = match self.pattern.matches_zero() {
                    true => Matches::Hole(first, count.saturating_sub(following)),
                    false => Matches::Number(0),
                };
                let edge = vec![0; size * count.min(following) as usize];
                Found { first, matches, head: edge.clone(), tail: edge }
            }
        }
    }

    /// Lists the matches among elements.
    pub(super) fn list(&self, first: u64, elements: &[u8], hits: &mut Vec<usize>) -> Listed {
        let size = self.selection.part().bytes();
        self.pattern.select(elements, hits);
        hits.truncate(usize::try_from(self.most).unwrap_or(usize::MAX));
        let mut listed = Listed {
            indices: hits.iter().map(|hit| first + *hit as u64).collect(),
            ..Listed::default()
        };
        if self.detail == Detail::Value {
            for hit in &*hits {
                listed.elements.extend_from_slice(&elements[hit * size..][..size]);
            }
        }
        self.write(&mut listed);
        listed
    }

    /// Makes the lines of matches.
    pub(super) fn write(&self, listed: &mut Listed) {
        listed.text.clear();
        if let Some(lines) = &self.lines {
            lines.append(&listed.indices, &listed.elements, &mut listed.text);
        }
    }
}
