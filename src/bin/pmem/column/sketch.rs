//! An estimate of how many different values there are, in little memory: HyperLogLog (Flajolet,
//! Fusy, Gandouet and Meunier), with the estimator of Ertl (2017), which needs no tables.

/// What was seen of hashed values: for each register, the longest run of zero bits.
#[derive(Clone, Debug)]
pub(crate) struct Sketch {
    registers: Vec<u8>,
    /// Bits that choose the register.
    bits: u32,
    /// No register is below this rank: hashes of a lower one say nothing new.
    least: u8,
    /// Changes since `least` was looked up.
    changes: usize,
}

impl Sketch {
    /// Returns a sketch with 2^`bits` registers; the error is about 1.04 / 2^(bits / 2).
    pub(crate) fn new(bits: u32) -> Self {
        Self { registers: vec![0; 1 << bits], bits, least: 0, changes: 0 }
    }

    /// Adds values, which are the same if their keys are.
    #[inline]
    pub(crate) fn add_all(&mut self, keys: impl Iterator<Item = u128>) {
        for key in keys {
            let hash = hash(key as u64, (key >> 64) as u64);
            self.add_hash(hash);
        }
    }

    /// Adds a hashed value.
    #[inline(always)]
    pub(crate) fn add_hash(&mut self, hash: u64) {
        // Most hashes end here, once there were many.
        if hash & ((1 << self.least) - 1) != 0 {
            return;
        }
        let rank = (hash | 1 << (64 - self.bits)).trailing_zeros() as u8 + 1;
        let register = &mut self.registers[(hash >> (64 - self.bits)) as usize];
        if rank > *register {
            *register = rank;
            self.changes += 1;
            if self.changes > self.registers.len() / 4 {
                self.changes = 0;
                self.least = self.registers.iter().copied().min().unwrap_or(0);
            }
        }
    }

    /// Adds what another thread has seen.
    pub(crate) fn merge(&mut self, other: &Self) {
        let registers = self.registers.iter_mut().zip(&other.registers);
        registers.for_each(|(register, other)| *register = (*register).max(*other));
    }

    /// Returns the estimate.
    pub(crate) fn estimate(&self) -> u64 {
        let longest = 64 - self.bits as usize;
        let mut counts = vec![0_f64; longest + 2];
        self.registers.iter().for_each(|rank| counts[usize::from(*rank)] += 1.0);
        let size = self.registers.len() as f64;
        let mut sum = size * tau(1.0 - counts[longest + 1] / size);
        for rank in (1..=longest).rev() {
            sum = 0.5 * (sum + counts[rank]);
        }
        sum += size * sigma(counts[0] / size);
        (size / (2.0 * std::f64::consts::LN_2) * size / sum).round() as u64
    }
}

/// Ertl's correction for registers that nothing was put into.
fn sigma(mut x: f64) -> f64 {
    if x == 1.0 {
        return f64::INFINITY;
    }
    let (mut y, mut sum) = (1.0, x);
    loop {
        x *= x;
        let before = sum;
        sum += x * y;
        y += y;
        if sum == before {
            return sum;
        }
    }
}

/// Ertl's correction for registers that are full.
fn tau(mut x: f64) -> f64 {
    if x == 0.0 || x == 1.0 {
        return 0.0;
    }
    let (mut y, mut sum) = (1.0, 1.0 - x);
    loop {
        x = x.sqrt();
        let before = sum;
        y *= 0.5;
        sum -= (1.0 - x).powi(2) * y;
        if sum == before {
            return sum / 3.0;
        }
    }
}

/// Spreads 128 bits evenly over 64: the finaliser of SplitMix64, with the upper half mixed in.
#[inline(always)]
pub(crate) fn hash(low: u64, high: u64) -> u64 {
    // Zero must not stay zero.
    let low = low.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut hash = low ^ high.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(32);
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// Hashes bytes of any length.
pub(crate) fn hash_bytes(bytes: &[u8]) -> u64 {
    bytes.chunks(8).fold(bytes.len() as u64, |state, chunk| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        hash(u64::from_le_bytes(word), state | 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_are_close() {
        for (many, repeats) in [(0_u64, 1), (1, 9), (2, 1), (100, 3), (5000, 2), (200_000, 2)] {
            let mut sketch = Sketch::new(14);
            let keys = (0..many * repeats).map(|at| u128::from(at % many.max(1)));
            sketch.add_all(keys);
            let error = sketch.estimate().abs_diff(many) as f64;
            assert!(error <= 0.03 * many as f64, "{many}: {}", sketch.estimate());
        }
    }

    #[test]
    fn parts_say_what_the_whole_says() {
        let (mut whole, mut parts) = (Sketch::new(10), [Sketch::new(10), Sketch::new(10)]);
        for at in 0..50_000 {
            whole.add_hash(hash(at, 0));
            parts[at as usize % 2].add_hash(hash(at, 0));
        }
        let [mut first, second] = parts;
        first.merge(&second);
        assert_eq!(first.registers, whole.registers);
    }
}
