//! Values of a type so small that each of them can be counted: all figures follow from the counts.

use super::moments::Moments;
use crate::element::Scalar;

/// How often each value of a type of 8 or 16 bits was seen, and where first.
#[derive(Clone, Debug)]
pub(crate) struct Counts {
    counts: Vec<u64>,
    /// Index of the first element that has the value.
    firsts: Vec<u64>,
    /// Index of the first element of the last block: as long as blocks come in order, what was
    /// seen before came earlier.
    latest: u64,
}

impl Counts {
    /// Returns the counts of a type of `size` bytes, before anything was seen.
    pub(crate) fn new(size: usize) -> Self {
        let values = 1 << (8 * size);
        Self { counts: vec![0; values], firsts: vec![u64::MAX; values], latest: 0 }
    }

    /// Counts values, `items` of each element; `first` is the index of the first element.
    pub(crate) fn add(&mut self, values: &[u8], first: u64, items: usize) {
        let in_order = first >= self.latest;
        self.latest = self.latest.max(first);
        if self.counts.len() == 1 << 8 {
            return self.add_bytes(values, first, items);
        }
        let place = |at: usize| first + if items == 1 { at } else { at / items } as u64;
        let (values, _) = values.as_chunks::<2>();
        for (at, value) in values.iter().enumerate() {
            let value = usize::from(u16::from_le_bytes(*value));
            if self.counts[value] == 0 || !in_order {
                self.firsts[value] = self.firsts[value].min(place(at));
            }
            self.counts[value] += 1;
        }
    }

    /// Counts bytes, four side by side, so that equal neighbours need not wait for each other.
    fn add_bytes(&mut self, values: &[u8], first: u64, items: usize) {
        let mut counts = [[0_u32; 256]; 4];
        let (chunks, rest) = values.as_chunks::<4>();
        for chunk in chunks {
            for (counts, value) in counts.iter_mut().zip(chunk) {
                counts[usize::from(*value)] += 1;
            }
        }
        rest.iter().for_each(|value| counts[0][usize::from(*value)] += 1);
        for value in 0..=u8::MAX {
            let slot = usize::from(value);
            let count: u64 = counts.iter().map(|counts| u64::from(counts[slot])).sum();
            if count > 0 && first < self.firsts[slot] {
                let at = values.iter().position(|other| *other == value).unwrap_or(0);
                self.firsts[slot] = self.firsts[slot].min(first + (at / items) as u64);
            }
            self.counts[slot] += count;
        }
    }

    /// Counts so many zeroes, of elements from `first` on.
    pub(crate) fn add_zeros(&mut self, first: u64, count: u64) {
        self.counts[0] += count;
        self.firsts[0] = self.firsts[0].min(first);
    }

    /// Adds the counts of another thread.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(count, other)| *count += other);
        let firsts = self.firsts.iter_mut().zip(&other.firsts);
        firsts.for_each(|(first, other)| *first = (*first).min(*other));
    }

    /// Returns the values that were seen, but for NaN, in their order, with their counts.
    pub(crate) fn sorted<T: Scalar>(&self) -> Vec<(T, u64)> {
        use crate::element::Number as _;
        let seen = self.seen::<T>();
        let mut sorted: Vec<_> = seen
            .filter(|(value, ..)| !value.wide().is_nan())
            .map(|(value, count, _)| (value, count))
            .collect();
        sorted.sort_by_key(|(value, _)| value.wide().key());
        sorted
    }

    /// Returns the figures.
    pub(crate) fn moments<T: Scalar>(&self, float: bool) -> Moments {
        let mut moments = Moments::of_none(float);
        for (value, count, first) in self.seen::<T>() {
            moments.add_times(value, first, count);
        }
        moments
    }

    fn seen<T: Scalar>(&self) -> impl Iterator<Item = (T, u64, u64)> {
        let counts = self.counts.iter().zip(&self.firsts).enumerate();
        counts.filter(|(_, (count, _))| **count > 0).map(|(value, (count, first))| {
            (T::load(&value.to_le_bytes()[..T::SIZE]), *count, *first)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_places_do_not_depend_on_the_order_of_blocks() {
        for size in [1, 2] {
            let values: Vec<u8> =
                [3_u16, 1, 1, 2].iter().flat_map(|v| v.to_le_bytes()[..size].to_vec()).collect();
            let (first, last) = values.split_at(2 * size);
            let mut counts = Counts::new(size);
            counts.add(last, 102, 1);
            counts.add(first, 100, 1);
            assert_eq!((counts.firsts[1], counts.counts[1]), (101, 2));
            let mut other = Counts::new(size);
            other.add_zeros(50, 7);
            other.add(&values, 90, 2);
            counts.merge(&other);
            assert_eq!((counts.firsts[1], counts.counts[1]), (90, 4));
            assert_eq!((counts.firsts[2], counts.firsts[0], counts.counts[0]), (91, 50, 7));
        }
    }
}
