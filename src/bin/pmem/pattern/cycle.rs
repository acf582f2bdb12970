//! A few elements, again and again.

use anyhow::ensure;

use super::{Part, Pattern};
use crate::text::plural;

/// Bytes that are kept of a short pattern. They stay in the fastest cache while they are written
/// over and over, which more would not.
const KEPT: usize = 64 * 1024;

/// A pattern that repeats.
#[derive(Debug)]
pub(crate) struct Cycle {
    /// The pattern, as often as it took so far.
    bytes: Vec<u8>,
    period: usize,
    /// How far the next bytes are into the pattern.
    phase: usize,
}

impl Cycle {
    /// Repeats `pattern`, which is not empty.
    pub(crate) fn new(pattern: Vec<u8>) -> Self {
        Self { period: pattern.len(), bytes: pattern, phase: 0 }
    }

    /// Makes the bytes suffice for `len` from any place in the pattern.
    fn repeat(&mut self, len: usize) {
        let wanted = (self.period + len).next_multiple_of(self.period);
        while self.bytes.len() < wanted {
            // What is there is a whole number of patterns, and so may follow itself.
            let more = self.bytes.len().min(wanted - self.bytes.len());
            self.bytes.extend_from_within(..more);
        }
    }
}

impl Pattern for Cycle {
    fn next(&mut self, most: usize) -> anyhow::Result<Part<'_>> {
        let unit = most.min(KEPT.next_multiple_of(self.period));
        self.repeat(unit);
        let bytes = &self.bytes[self.phase..self.phase + unit];
        self.phase = (self.phase + most) % self.period;
        Ok(Part { bytes, len: most })
    }
}

/// Values that repeat, of which there are no more than elements.
#[derive(Debug)]
pub(crate) struct Values {
    cycle: Cycle,
    count: u64,
}

impl Values {
    /// Repeats the values that `bytes` hold, each of `size` bytes.
    pub(crate) fn new(bytes: Vec<u8>, size: u64) -> Self {
        let count = bytes.len() as u64 / size;
        Self { cycle: Cycle::new(bytes), count }
    }
}

impl Pattern for Values {
    fn check(&self, count: u64) -> anyhow::Result<()> {
        ensure!(
            self.count <= count || self.count == 1,
            "{}, and the range has {}",
            plural(self.count, "value"),
            plural(count, "element")
        );
        Ok(())
    }

    fn next(&mut self, most: usize) -> anyhow::Result<Part<'_>> {
        self.cycle.next(most)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn phase_is_kept_across_parts(
            pattern in prop::collection::vec(any::<u8>(), 1..40),
            lengths in prop::collection::vec(prop_oneof![0..100_usize, 60_000..200_000_usize], 1..9)
        ) {
            let mut cycle = Cycle::new(pattern.clone());
            let mut expected = pattern.iter().cycle();
            for length in lengths {
                let Part { bytes, len } = cycle.next(length).unwrap();
                prop_assert_eq!(len, length);
                prop_assert!(bytes.iter().cycle().take(len).eq(expected.by_ref().take(len)));
            }
        }
    }

    #[test]
    fn memory_is_bounded() {
        let mut cycle = Cycle::new(vec![1, 2, 3]);
        for _ in 0..100 {
            cycle.next(1_000_000).unwrap();
        }
        assert!(cycle.bytes.len() <= KEPT + 3 * 3, "{}", cycle.bytes.len());
    }
}
