//! What is done with the values of a column, without its type.

use std::marker::PhantomData;

use super::bins::Bins;
use super::counts::Counts;
use super::descent::{Descent, Tallies};
use super::extent::Extent;
use super::key::unkey;
use super::moments::Moments;
use super::sample;
use super::sketch::Sketch;
use crate::element::{Class, Job, Kind, Number as _, Scalar};

/// The work on the values of one number type. Values are little-endian, one after another.
pub(crate) trait Kernel: Sync {
    /// Returns whether the values are floats.
    fn is_float(&self) -> bool;

    /// Returns whether the values are numbers, and not truth values.
    fn is_number(&self) -> bool;

    /// Adds the figures of values, `items` of each element from `first` on.
    fn add(&self, moments: &mut Moments, values: &[u8], first: u64, items: usize);

    /// Adds the figures of so many zeroes, of elements from `first` on.
    fn add_zeros(&self, moments: &mut Moments, first: u64, count: u64);

    /// Looks for different values.
    fn sketch(&self, sketch: &mut Sketch, values: &[u8]);

    /// Counts values for quantiles.
    fn tally(&self, descent: &Descent, values: &[u8], tallies: &mut Tallies);

    /// Counts so many zeroes for quantiles.
    fn tally_zeros(&self, descent: &Descent, count: u64, tallies: &mut Tallies);

    /// Returns the keys of values; NaN has none.
    fn keys(&self, values: &[u8]) -> Vec<Option<u128>>;

    /// Returns the value of a key, as bytes.
    fn value(&self, key: u128) -> [u8; 16];

    /// Counts values in bins.
    fn bin(&self, bins: &Bins, values: &[u8], counts: &mut [u64]);

    /// Returns the bin of one value.
    fn bin_of(&self, bins: &Bins, value: [u8; 16]) -> Option<usize>;

    /// Returns the least and the greatest value.
    fn extent(&self, values: &[u8]) -> Extent;

    /// Returns what follows from the counts of all values.
    fn counted(&self, counts: &Counts) -> Counted;
}

/// What follows from the counts of all values.
pub(crate) struct Counted {
    /// The figures.
    pub(crate) moments: Moments,
    /// The values but for NaN in their order, and how often each is there.
    pub(crate) sorted: Vec<([u8; 16], u64)>,
    /// How many different ones there are.
    pub(crate) distinct: u64,
}

/// Returns the work on a number type; nothing for text and plain bytes.
pub(crate) fn kernel(kind: Kind) -> Option<&'static dyn Kernel> {
    struct Find;

    impl Job for Find {
        type Output = &'static dyn Kernel;

        fn run<T: Scalar>(self) -> Self::Output {
            &Of::<T>(PhantomData)
        }
    }

    kind.run(Find)
}

/// The work on values of type `T`.
struct Of<T>(PhantomData<fn() -> T>);

impl<T: Scalar> Kernel for Of<T> {
    fn is_float(&self) -> bool {
        T::Wide::FLOAT
    }

    fn is_number(&self) -> bool {
        T::CLASS != Class::Bool
    }

    fn add(&self, moments: &mut Moments, values: &[u8], first: u64, items: usize) {
        moments.add::<T>(values, first, items);
    }

    fn add_zeros(&self, moments: &mut Moments, first: u64, count: u64) {
        moments.add_zeros::<T>(first, count);
    }

    fn sketch(&self, sketch: &mut Sketch, values: &[u8]) {
        let values = values.chunks_exact(T::SIZE).map(|value| T::load(value).wide());
        let zero = T::Wide::default();
        let values = values.filter(|value| !value.is_nan());
        sketch.add_all(values.map(|value| if value == zero { zero.key() } else { value.key() }));
    }

    fn tally(&self, descent: &Descent, values: &[u8], tallies: &mut Tallies) {
        descent.count::<T>(values, tallies);
    }

    fn tally_zeros(&self, descent: &Descent, count: u64, tallies: &mut Tallies) {
        descent.count_times(T::load(&[0; 16][..T::SIZE]), count, tallies);
    }

    fn keys(&self, values: &[u8]) -> Vec<Option<u128>> {
        sample::keys::<T>(values)
    }

    fn value(&self, key: u128) -> [u8; 16] {
        bytes(unkey::<T>(key))
    }

    fn bin(&self, bins: &Bins, values: &[u8], counts: &mut [u64]) {
        bins.count::<T>(values, counts);
    }

    fn bin_of(&self, bins: &Bins, value: [u8; 16]) -> Option<usize> {
        bins.of(T::load(&value[..T::SIZE]))
    }

    fn extent(&self, values: &[u8]) -> Extent {
        Extent::of_all::<T>(values)
    }

    fn counted(&self, counts: &Counts) -> Counted {
        let sorted = counts.sorted::<T>();
        let mut different: Vec<T::Wide> = sorted.iter().map(|(value, _)| value.wide()).collect();
        // Zero has two signs.
        different.dedup();
        Counted {
            moments: counts.moments::<T>(self.is_float()),
            distinct: different.len() as u64,
            sorted: sorted.into_iter().map(|(value, count)| (bytes(value), count)).collect(),
        }
    }
}

/// Returns the bytes of a value, little-endian, with zeroes behind them.
pub(super) fn bytes<T: Scalar>(value: T) -> [u8; 16] {
    let mut bytes = [0; 16];
    value.store(&mut bytes[..T::SIZE]);
    bytes
}
