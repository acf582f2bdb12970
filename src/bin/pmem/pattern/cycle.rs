//! A few elements, again and again.

use super::Pattern;

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

    /// Makes the bytes suffice for `most` from any place in the pattern.
    fn repeat(&mut self, most: usize) {
        let wanted = self.period + most;
        while self.bytes.len() < wanted {
            // What is there is a whole number of patterns, and so may follow itself.
            let whole = self.bytes.len() / self.period * self.period;
            self.bytes
                .extend_from_within(..whole.min(wanted.next_multiple_of(self.period) - whole));
        }
    }
}

impl Pattern for Cycle {
    fn next(&mut self, most: usize) -> anyhow::Result<&[u8]> {
        self.repeat(most);
        let part = &self.bytes[self.phase..self.phase + most];
        self.phase = (self.phase + most) % self.period;
        Ok(part)
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
            parts in prop::collection::vec(0_usize..100, 1..20),
        ) {
            let mut cycle = Cycle::new(pattern.clone());
            let mut expected = pattern.iter().cycle();
            for part in parts {
                let bytes = cycle.next(part).unwrap();
                prop_assert_eq!(bytes.len(), part);
                prop_assert!(bytes.iter().eq(expected.by_ref().take(part)));
            }
        }
    }

    #[test]
    fn memory_is_bounded() {
        let mut cycle = Cycle::new(vec![1, 2, 3]);
        for _ in 0..100 {
            cycle.next(1000).unwrap();
        }
        assert!(cycle.bytes.len() <= 1000 + 2 * 3, "{}", cycle.bytes.len());
    }
}
