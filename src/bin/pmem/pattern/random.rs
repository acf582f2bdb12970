//! Random elements that can be made again: the same seed makes the same bytes on every machine.
//!
//! The bits are the words of xoshiro256++, seeded through SplitMix64, one after another in
//! little-endian order. Integers are cut from them; floats are their upper bits over a power of
//! two.

use std::collections::hash_map::RandomState;
use std::fmt::{self, Debug, Display, Formatter};
use std::hash::{BuildHasher as _, Hasher as _};
use std::str::FromStr;

use anyhow::{anyhow, ensure};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};

use super::{Part, Pattern};
use crate::element::{Class, Element, Scalar};

/// Bytes of a word of the generator.
const WORD: usize = size_of::<u64>();

/// Where a sequence of random elements starts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Seed(u64);

impl Seed {
    /// Picks a seed; short, as it may have to be typed.
    pub(crate) fn pick() -> Self {
        Self(RandomState::new().build_hasher().finish() >> 32)
    }
}

impl Display for Seed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.0, f)
    }
}

impl FromStr for Seed {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let seed = <u64 as Scalar>::parse(text).map(Self);
        seed.map_err(|error| anyhow!("{error}; FILE goes before --random, or write --random=SEED"))
    }
}

/// Returns random elements.
///
/// # Errors
///
/// Elements have text, of which no bytes are random.
pub(crate) fn random(element: &Element, seed: Seed) -> anyhow::Result<Box<dyn Pattern>> {
    let text = element.runs().iter().any(|run| run.kind.codec().class == Class::Text);
    ensure!(!text, "text has no random values; choose other fields with --field");
    let (words, buffer) = (Words::new(seed), Vec::new());
    Ok(Box::new(Random { words, buffer, element: element.clone() }))
}

/// Random elements of one type.
#[derive(Debug)]
struct Random {
    words: Words,
    buffer: Vec<u8>,
    element: Element,
}

impl Pattern for Random {
    fn next(&mut self, most: usize) -> anyhow::Result<Part<'_>> {
        self.buffer.resize(most, 0);
        self.words.fill(&mut self.buffer);
        match self.element.uniform() {
            Some(run) => (run.kind.codec().uniform)(&mut self.buffer),
            None => {
                for element in self.buffer.chunks_exact_mut(self.element.bytes()) {
                    for run in self.element.runs() {
                        let values = &mut element[run.offset..][..run.size()];
                        (run.kind.codec().uniform)(values);
                    }
                }
            }
        }
        self.element.swap(&mut self.buffer);
        Ok(Part::from(&*self.buffer))
    }
}

/// The words of the generator as one sequence of bytes.
struct Words {
    generator: Xoshiro256PlusPlus,
    /// The last word, and how many of its bytes are still to be used: those at its end.
    last: [u8; WORD],
    left: usize,
}

impl Words {
    fn new(Seed(seed): Seed) -> Self {
        Self { generator: Xoshiro256PlusPlus::seed_from_u64(seed), last: [0; WORD], left: 0 }
    }

    /// Puts the next bytes into `bytes`.
    fn fill(&mut self, bytes: &mut [u8]) {
        let (rest, bytes) = bytes.split_at_mut(self.left.min(bytes.len()));
        self.take(rest);
        let mut words = bytes.chunks_exact_mut(WORD);
        for word in &mut words {
            word.copy_from_slice(&self.generator.next_u64().to_le_bytes());
        }
        let tail = words.into_remainder();
        if !tail.is_empty() {
            (self.last, self.left) = (self.generator.next_u64().to_le_bytes(), WORD);
            self.take(tail);
        }
    }

    /// Takes bytes from the last word, which has as many.
    fn take(&mut self, bytes: &mut [u8]) {
        let start = WORD - self.left;
        bytes.copy_from_slice(&self.last[start..start + bytes.len()]);
        self.left -= bytes.len();
    }
}

impl Debug for Words {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Words").finish_non_exhaustive()
    }
}
