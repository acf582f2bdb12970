//! Random elements that can be made again: the same seed makes the same bytes on every machine.
//!
//! The bits are the words of xoshiro256++, seeded through SplitMix64, one after another in
//! little-endian order. Integers are cut from them; floats are their upper bits over a power of two.

use std::collections::hash_map::RandomState;
use std::fmt::{self, Debug, Display, Formatter};
use std::hash::{BuildHasher as _, Hasher as _};
use std::marker::PhantomData;
use std::str::FromStr;

use anyhow::anyhow;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};

use super::Pattern;
use super::buffer::Buffer;
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
            Box::new(Random::<T>::new(self.0, self.1))
        }
    }

    element.run(Make(seed, element.order))
}

/// Random elements of one type.
struct Random<T> {
    generator: Xoshiro256PlusPlus,
    buffer: Buffer,
    /// The bytes of the last word that did not fit, which come first the next time.
    spare: [u8; WORD],
    spare_len: usize,
    order: Order,
    element: PhantomData<T>,
}

impl<T: Scalar> Random<T> {
    fn new(seed: Seed, order: Order) -> Self {
        Self {
            generator: Xoshiro256PlusPlus::seed_from_u64(seed.0),
            buffer: Buffer::default(),
            spare: [0; WORD],
            spare_len: 0,
            order,
            element: PhantomData,
        }
    }

    /// Puts the next `len` bytes of the generator into the buffer.
    fn draw(&mut self, len: usize) {
        let spare = self.spare_len;
        let words = len.saturating_sub(spare).div_ceil(WORD);
        let bytes = self.buffer.bytes(spare + words * WORD);
        bytes[..spare].copy_from_slice(&self.spare[..spare]);
        for word in bytes[spare..].chunks_exact_mut(WORD) {
            word.copy_from_slice(&self.generator.next_u64().to_le_bytes());
        }
        self.spare_len = bytes.len() - len;
        self.spare[..self.spare_len].copy_from_slice(&bytes[len..]);
    }
}

impl<T: Scalar> Pattern for Random<T> {
    fn next(&mut self, most: usize) -> anyhow::Result<&[u8]> {
        self.draw(most);
        let elements = self.buffer.elements::<T>(most);
        Order::Little.fix(elements);
        for element in &mut *elements {
            *element = element.uniform();
        }
        self.order.fix(elements);
        Ok(bytemuck::cast_slice(elements))
    }
}

impl<T> Debug for Random<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Random").finish_non_exhaustive()
    }
}
