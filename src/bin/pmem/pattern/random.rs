//! Random elements that can be made again: the same seed makes the same bytes on every machine.
//!
//! The bits are the words of xoshiro256++, seeded through SplitMix64, one after another in
//! little-endian order. Integers are cut from them; floats are their upper bits over a power of
//! two.

use std::collections::hash_map::RandomState;
use std::fmt::{self, Debug, Display, Formatter};
use std::hash::{BuildHasher as _, Hasher as _};
use std::str::FromStr;

use anyhow::anyhow;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};

use super::{Part, Pattern, room};
use crate::element::{Element, Job, Order, Scalar};

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
pub(crate) fn random(element: Element, seed: Seed) -> Box<dyn Pattern> {
    struct Make(Seed, Order);

    impl Job for Make {
        type Output = Box<dyn Pattern>;

        fn run<T: Scalar>(self) -> Box<dyn Pattern> {
            let (words, buffer) = (Words::new(self.0), Vec::<T>::new());
            Box::new(Random { words, buffer, order: self.1 })
        }
    }

    element.run(Make(seed, element.order))
}

/// Random elements of one type.
#[derive(Debug)]
struct Random<T> {
    words: Words,
    buffer: Vec<T>,
    order: Order,
}

impl<T: Scalar> Pattern for Random<T> {
    fn next(&mut self, most: usize) -> anyhow::Result<Part<'_>> {
        let elements = room(&mut self.buffer, most);
        self.words.fill(bytemuck::cast_slice_mut(elements));
        Order::Little.fix(elements);
        for element in &mut *elements {
            *element = element.uniform();
        }
        self.order.fix(elements);
        Ok(Part::from(bytemuck::cast_slice(elements)))
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
