//! What is kept of a column that can be read only once.

use super::key::key;
use super::sketch::hash;
use crate::element::{Number as _, Scalar};

/// The keys of some values, chosen by chance, but always the same ones: of more than fit in, every
/// second is kept, every fourth, and so on.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    /// Number of each value that is kept, and its key.
    kept: Vec<(u64, u128)>,
    limit: usize,
    /// A value is kept if the hash of its number ends with so many zero bits.
    level: u32,
    /// How many values were offered.
    seen: u64,
}

impl Sample {
    /// Returns a sample of at most `limit` values.
    pub(crate) fn new(limit: usize) -> Self {
        Self { kept: Vec::new(), limit, level: 0, seen: 0 }
    }

    /// Adds the keys of the values of a block, which follows those before.
    pub(crate) fn add(&mut self, keys: &[Option<u128>]) {
        for key in keys {
            let number = self.seen;
            self.seen += 1;
            if let Some(key) = key
                && self.keeps(number)
            {
                self.kept.push((number, *key));
            }
            while self.kept.len() > self.limit {
                self.level += 1;
                let level = self.level;
                self.kept.retain(|(number, _)| hash(*number, 0).trailing_zeros() >= level);
            }
        }
    }

    fn keeps(&self, number: u64) -> bool {
        self.level == 0 || hash(number, 0).trailing_zeros() >= self.level
    }

    /// Returns whether all values were kept.
    pub(crate) fn is_exact(&self) -> bool {
        self.level == 0
    }

    /// Returns the keys, sorted.
    pub(crate) fn sorted(self) -> Vec<u128> {
        let mut keys: Vec<u128> = self.kept.into_iter().map(|(_, key)| key).collect();
        keys.sort_unstable();
        keys
    }
}

/// Returns the keys of values; NaN has none.
pub(crate) fn keys<T: Scalar>(values: &[u8]) -> Vec<Option<u128>> {
    let values = values.chunks_exact(T::SIZE).map(T::load);
    values.map(|value| (!value.wide().is_nan()).then(|| key(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_like_all_values() {
        let mut sample = Sample::new(1000);
        let keys: Vec<_> = (0..100_000_u128).map(|key| (key % 10 != 0).then_some(key)).collect();
        keys.chunks(777).for_each(|keys| sample.add(keys));
        assert!(!sample.is_exact());
        let sorted = sample.sorted();
        assert!((500..=1000).contains(&sorted.len()), "{}", sorted.len());
        let middle = sorted[sorted.len() / 2] as f64;
        assert!((middle - 50_000.0).abs() < 6_000.0, "{middle}");
    }

    #[test]
    fn few_values_are_all_kept() {
        let mut sample = Sample::new(4);
        sample.add(&keys::<f32>(&[1.0_f32, f32::NAN, -1.0].map(f32::to_le_bytes).concat()));
        assert!(sample.is_exact());
        assert_eq!(sample.sorted(), [key(-1.0_f32), key(1.0_f32)]);
    }
}
