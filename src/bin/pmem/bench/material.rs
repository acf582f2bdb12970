//! What the memories are filled with: bytes that no compressor and no optimiser knows.

use bytemuck::Pod;

/// Growths of one `append`, unless there are fewer elements.
const APPENDS: usize = 1 << 14;

/// Reads of one `random`, unless there are fewer elements.
const READS: usize = 1 << 16;

/// Bytes that repeat in a memory that is set up for an operation.
const PATTERN: usize = 1 << 20;

/// The elements that a memory gets, and how many at a time.
#[derive(Debug)]
pub(super) struct Material<T> {
    /// Elements of the full memory.
    pub(super) count: usize,
    /// Elements of one small growth.
    pub(super) step: usize,
    /// Reads at random places.
    pub(super) reads: usize,
    /// The value that `grow` and `fill` write.
    pub(super) value: T,
    /// Values to fill a memory with, as often as need be; at least `step` of them.
    pub(super) pattern: Vec<T>,
}

impl<T: Pod + PartialEq + Send + Sync> Material<T> {
    /// Returns the material for memories of `count` elements.
    pub(super) fn new(count: usize) -> Self {
        let step = count.div_ceil(APPENDS).max(1);
        let length = (PATTERN / size_of::<T>()).clamp(1, count.max(1)).max(step);
        let mut bits = Bits(0);
        let value = bits.element();
        let pattern = (0..length).map(|_| bits.element()).collect();
        Self { count, step, reads: count.min(READS), value, pattern }
    }

    /// Returns how many elements `count` elements take at a time, `size` by `size`.
    pub(super) fn pieces(count: usize, size: usize) -> impl Iterator<Item = usize> {
        (0..count).step_by(size).map(move |start| size.min(count - start))
    }
}

/// The generator SplitMix64: the same numbers in every run.
#[derive(Debug)]
struct Bits(u64);

impl Bits {
    /// Returns the next number.
    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns an element of random bits.
    fn element<T: Pod + PartialEq + Send + Sync>(&mut self) -> T {
        let mut element = T::zeroed();
        for bytes in bytemuck::bytes_of_mut(&mut element).chunks_mut(size_of::<u64>()) {
            bytes.copy_from_slice(&self.number().to_le_bytes()[..bytes.len()]);
        }
        element
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (count, step, reads, pattern) in [
            (1, 1, 1, 1),
            (1 << 14, 1, 1 << 14, 1 << 14),
            ((1 << 14) + 1, 2, (1 << 14) + 1, (1 << 14) + 1),
            (1 << 30, 1 << 16, 1 << 16, 1 << 17),
            (1 << 32, 1 << 18, 1 << 16, 1 << 18),
        ] {
            let material = Material::<u64>::new(count);
            assert_eq!(material.step, step, "{count}");
            assert_eq!(material.reads, reads, "{count}");
            assert_eq!(material.pattern.len(), pattern, "{count}");
        }
    }

    #[test]
    fn pieces_add_up() {
        for (count, size, expected) in
            [(0, 3, vec![]), (2, 3, vec![2]), (6, 3, vec![3, 3]), (7, 3, vec![3, 3, 1])]
        {
            let pieces: Vec<usize> = Material::<u8>::pieces(count, size).collect();
            assert_eq!(pieces, expected, "{count} by {size}");
        }
    }

    #[test]
    fn numbers_are_those_of_splitmix64() {
        let mut bits = Bits(1_234_567);
        assert_eq!(bits.number(), 6_457_827_717_110_365_317);
        assert_eq!(bits.number(), 3_203_168_211_198_807_973);
    }
}
