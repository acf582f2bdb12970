//! Quantiles by narrowing down: each pass counts the values in ranges of keys, and the next one
//! looks only into the ranges that hold a wanted rank.

use super::key::key;
use crate::element::{Number as _, Scalar};

/// The search for values of certain ranks in a column.
#[derive(Clone, Debug)]
pub(crate) struct Descent {
    /// Bits of a key.
    width: u32,
    /// Counts that there is room for.
    room: usize,
    /// Bits of a key that are known of each open range.
    known: u32,
    /// The known bits of the open ranges, in order.
    open: Vec<u128>,
    /// For the first bits of a key: may it be in an open range?
    gate: Vec<bool>,
    /// Bits that `gate` looks at.
    gate_bits: u32,
}

/// How many values there are in each part of each open range.
pub(crate) type Tallies = Vec<u64>;

/// A rank that is looked for: its range, and how many values of the range come before it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rank {
    prefix: u128,
    rest: u64,
}

impl Descent {
    /// Begins a search among keys of `width` bits, with about `room` counts.
    pub(crate) fn new(width: u32, room: usize) -> Self {
        Self { width, room, known: 0, open: vec![0], gate: vec![true], gate_bits: 0 }
    }

    /// Returns where a pass counts.
    pub(crate) fn tallies(&self) -> Tallies {
        vec![0; self.open.len() << self.step()]
    }

    /// Returns the bits that the next pass adds.
    fn step(&self) -> u32 {
        let fits = |step: &u32| self.open.len() << step <= self.room;
        [16, 12, 8].into_iter().find(fits).unwrap_or(4).min(self.width - self.known)
    }

    /// Returns whether all bits are known.
    pub(crate) fn is_done(&self) -> bool {
        self.known == self.width
    }

    /// Counts the values of a block.
    pub(crate) fn count<T: Scalar>(&self, values: &[u8], tallies: &mut Tallies) {
        let step = self.step();
        let shift = self.width - self.known - step;
        let mask = (1 << step) - 1;
        let values = values.chunks_exact(T::SIZE).map(T::load);
        let values = values.filter(|value| !value.wide().is_nan());
        if self.known == 0 {
            values.for_each(|value| tallies[(key(value) >> shift) as usize & mask] += 1);
            return;
        }
        let gate_shift = self.width - self.gate_bits;
        for value in values {
            let key = key(value);
            if self.gate[(key >> gate_shift) as usize]
                && let Ok(range) = self.open.binary_search(&(key >> (shift + step)))
            {
                tallies[range << step | (key >> shift) as usize & mask] += 1;
            }
        }
    }

    /// Counts the same value many times.
    pub(crate) fn count_times<T: Scalar>(&self, value: T, times: u64, tallies: &mut Tallies) {
        let mut one = vec![0; tallies.len()];
        self.count::<T>(&super::kernel::bytes(value)[..T::SIZE], &mut one);
        tallies.iter_mut().zip(one).for_each(|(tally, one)| *tally += one * times);
    }

    /// Returns the ranks to look for, before the first pass.
    pub(crate) fn ranks(&self, ranks: &[u64]) -> Vec<Rank> {
        // Ranks are counted from one.
        ranks.iter().map(|rank| Rank { prefix: 0, rest: rank - 1 }).collect()
    }

    /// Narrows the search down with what a pass has counted.
    ///
    /// # Errors
    ///
    /// There are fewer values than there were in an earlier pass.
    pub(crate) fn narrow(&mut self, ranks: &mut [Rank], tallies: &Tallies) -> anyhow::Result<()> {
        let step = self.step();
        for rank in &mut *ranks {
            let range = self.open.binary_search(&rank.prefix).unwrap_or(0);
            let tallies = &tallies[range << step..(range + 1) << step];
            let found = tallies.iter().position(|count| {
                let found = rank.rest < *count;
                rank.rest -= if found { 0 } else { *count };
                found
            });
            let Some(part) = found else { anyhow::bail!("the file changed while it was read") };
            rank.prefix = rank.prefix << step | part as u128;
        }
        self.known += step;
        self.open = ranks.iter().map(|rank| rank.prefix).collect();
        self.open.sort_unstable();
        self.open.dedup();
        self.gate_bits = self.known.min(16);
        self.gate = vec![false; 1 << self.gate_bits];
        for prefix in &self.open {
            self.gate[(prefix >> (self.known - self.gate_bits)) as usize] = true;
        }
        Ok(())
    }
}

impl Rank {
    /// Returns the key that was found, once the search is done.
    pub(crate) fn key(self) -> u128 {
        self.prefix
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::key::unkey;

    fn find<T: Scalar>(values: &[u8], room: usize, wanted: &[u64]) -> Vec<T> {
        let mut descent = Descent::new(8 * T::SIZE as u32, room);
        let mut ranks = descent.ranks(wanted);
        while !descent.is_done() {
            let mut tallies = descent.tallies();
            descent.count::<T>(values, &mut tallies);
            descent.narrow(&mut ranks, &tallies).unwrap();
        }
        ranks.iter().map(|rank| unkey(rank.key())).collect()
    }

    #[test]
    fn every_rank() {
        let mut values: Vec<i32> =
            (0..500).map(|at: i64| (at * 7_654_321 % 1_000_003 - 400_000) as i32).collect();
        values.extend([i32::MIN, i32::MAX, 0, 0, 5]);
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        values.sort_unstable();
        let ranks: Vec<u64> = (1..=values.len() as u64).collect();
        for room in [0, 1 << 12, 1 << 16, 1 << 24] {
            assert_eq!(find::<i32>(&bytes, room, &ranks), values, "{room}");
        }
    }

    #[test]
    fn floats_without_nan() {
        let values = [2.5, f64::NAN, -0.0, f64::NEG_INFINITY, 0.0, -f64::NAN, 1e300];
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let found = find::<f64>(&bytes, 1 << 20, &[1, 2, 3, 4, 5]);
        let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&found), bits(&[f64::NEG_INFINITY, -0.0, 0.0, 2.5, 1e300]));
    }

    #[test]
    fn a_file_that_loses_values_is_an_error() {
        let mut descent = Descent::new(32, 1 << 16);
        let mut ranks = descent.ranks(&[3]);
        let mut tallies = descent.tallies();
        descent.count::<u32>(&[0; 12], &mut tallies);
        descent.narrow(&mut ranks, &tallies).unwrap();
        let mut tallies = descent.tallies();
        descent.count::<u32>(&[0; 8], &mut tallies);
        let error = descent.narrow(&mut ranks, &tallies).unwrap_err();
        assert_eq!(error.to_string(), "the file changed while it was read");
    }
}
