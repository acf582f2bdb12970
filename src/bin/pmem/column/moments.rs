//! What one pass tells about the values of a column: how many of each sort, the least, the greatest,
//! the sum and the spread.

use super::double::{self, Double};
use super::kernel::bytes;
use super::spread::{Spread, power, scale_of};
use super::total::Total;
use crate::element::{Class, Number, Scalar};

/// Values that are looked at together; they stay in the nearest cache.
const CHUNK: usize = 2048;

/// The first place of a least or greatest value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Extreme {
    /// The value as an unsigned integer of the same order; zero has one for both signs.
    key: u128,
    /// The bytes of the value, little-endian.
    pub(crate) bytes: [u8; 16],
    /// Index of its element.
    pub(crate) index: u64,
}

/// Figures of some values, in the order of the file.
#[derive(Clone, Debug)]
pub(crate) struct Moments {
    /// How many values there are, with NaN.
    pub(crate) count: u64,
    /// How many are NaN.
    pub(crate) nan: u64,
    /// How many are zero, of either sign.
    pub(crate) zeros: u64,
    /// How many are less than zero.
    pub(crate) negatives: u64,
    /// The least.
    pub(crate) min: Option<Extreme>,
    /// The greatest.
    pub(crate) max: Option<Extreme>,
    /// The least and the greatest that are finite, as floats.
    pub(crate) finite: Option<(f64, f64)>,
    /// The sum.
    pub(crate) total: Total,
    /// The spread of the finite ones.
    pub(crate) spread: Spread,
}

impl Moments {
    /// Returns the figures of no values.
    pub(crate) fn of_none(float: bool) -> Self {
        let (total, spread) = (Total::zero(float), Spread::default());
        let (min, max, finite) = (None, None, None);
        Self { count: 0, nan: 0, zeros: 0, negatives: 0, min, max, finite, total, spread }
    }

    /// Adds the figures of values that come later in the file.
    pub(crate) fn merge(&mut self, later: &Self) {
        self.count += later.count;
        self.nan += later.nan;
        self.zeros += later.zeros;
        self.negatives += later.negatives;
        later.finite.into_iter().for_each(|(min, max)| self.reach(min, max));
        self.total.merge(&later.total);
        self.spread.merge(later.spread);
        later.min.into_iter().for_each(|extreme| put(&mut self.min, extreme, |a, b| a < b));
        later.max.into_iter().for_each(|extreme| put(&mut self.max, extreme, |a, b| a > b));
    }

    /// Says that finite values reach from `min` to `max`.
    fn reach(&mut self, min: f64, max: f64) {
        let (least, greatest) = self.finite.unwrap_or((min, max));
        self.finite = Some((least.min(min), greatest.max(max)));
    }

    /// Adds so many zeroes, of elements from `index` on.
    pub(crate) fn add_zeros<T: Scalar>(&mut self, index: u64, count: u64) {
        self.count += count;
        self.zeros += count;
        self.reach(0.0, 0.0);
        self.spread.merge(Spread::constant(0.0, count));
        let extreme = extreme(T::load(&[0; 16][..T::SIZE]), index);
        put(&mut self.min, extreme, |a, b| a < b);
        put(&mut self.max, extreme, |a, b| a > b);
    }

    /// Adds one value many times; `index` is that of its first element.
    pub(crate) fn add_times<T: Scalar>(&mut self, value: T, index: u64, times: u64) {
        let wide = value.wide();
        self.count += times;
        if wide.is_nan() {
            self.nan += times;
            return;
        }
        self.zeros += if wide == Default::default() { times } else { 0 };
        self.negatives += if wide < Default::default() { times } else { 0 };
        put(&mut self.min, extreme(value, index), |a, b| a < b);
        put(&mut self.max, extreme(value, index), |a, b| a > b);
        let float = wide.to_f64();
        match &mut self.total {
            Total::Integer(sum) => sum.add(wide.to_i128() * i128::from(times)),
            Total::Float(sum) if float.is_infinite() => {
                sum.infinities[usize::from(float < 0.0)] += times;
                return;
            }
            Total::Float(sum) => sum.add_times(float, times),
        }
        self.reach(float, float);
        self.spread.merge(Spread::constant(float, times));
    }

    /// Adds values, `items` of each element; `first` is the index of the first element.
    pub(crate) fn add<T: Scalar>(&mut self, values: &[u8], first: u64, items: usize) {
        let (mut wide, mut floats) = (Vec::with_capacity(CHUNK), Vec::new());
        for (number, bytes) in values.chunks(CHUNK * T::SIZE).enumerate() {
            wide.clear();
            wide.extend(bytes.chunks_exact(T::SIZE).map(|bytes| T::load(bytes).wide()));
            let place = |at: usize| first + ((number * CHUNK + at) / items) as u64;
            self.add_chunk::<T>(bytes, &wide, &mut floats, place);
        }
    }

    /// Adds at most [`CHUNK`] values.
    fn add_chunk<T: Scalar>(
        &mut self,
        bytes: &[u8],
        values: &[T::Wide],
        floats: &mut Vec<f64>,
        place: impl Fn(usize) -> u64,
    ) {
        let Sorts { nan, zeros, negatives, ends } = Sorts::of(values);
        self.count += values.len() as u64;
        self.nan += nan;
        self.zeros += zeros;
        self.negatives += negatives;
        let Some((min, max)) = ends else { return };
        for (value, known, wins) in [
            (min, &mut self.min, (|a, b| a < b) as fn(u128, u128) -> bool),
            (max, &mut self.max, |a, b| a > b),
        ] {
            if known.is_none_or(|known| wins(order(value), known.key))
                && let Some(at) = values.iter().position(|other| *other == value)
            {
                let value = T::load(&bytes[at * T::SIZE..][..T::SIZE]);
                *known = Some(extreme(value, place(at)));
            }
        }
        match self.total {
            Total::Integer(_) => self.add_integers::<T>(values, min, max),
            Total::Float(_) => self.add_floats::<T>(values, (nan, min, max), floats),
        }
    }

    /// Adds the sum and the spread of integers.
    fn add_integers<T: Scalar>(&mut self, values: &[T::Wide], min: T::Wide, max: T::Wide) {
        self.reach(min.to_f64(), max.to_f64());
        let Total::Integer(total) = &mut self.total else { return };
        let unsigned = T::CLASS == Class::Unsigned;
        let count = values.len() as u64;
        let mean = if T::SIZE <= 8 {
            let sum: i128 = values.iter().map(|value| value.to_i128()).sum();
            total.add(sum);
            sum / i128::from(count)
        } else {
            for value in values {
                match unsigned {
                    true => total.add_unsigned(value.to_i128() as u128),
                    false => total.add(value.to_i128()),
                }
            }
            // The middle of the range is as good as the mean.
            let (min, max) = (min.to_i128(), max.to_i128());
            min.wrapping_add((max.wrapping_sub(min) as u128 / 2) as i128)
        };
        let (sum, squares) = differences::<T>(values, mean, (min, max));
        let pivot = match unsigned {
            true => halves(mean as u128 as f64, |high| mean.wrapping_sub(high as u128 as i128)),
            false => halves(mean as f64, |high| mean.wrapping_sub(high as i128)),
        };
        self.spread.merge(Spread::around(pivot, count, sum, squares, 0));
    }

    /// Adds the sum and the spread of floats.
    fn add_floats<T: Scalar>(
        &mut self,
        values: &[T::Wide],
        (nan, min, max): (u64, T::Wide, T::Wide),
        floats: &mut Vec<f64>,
    ) {
        let Total::Float(total) = &mut self.total else { return };
        let (mut min, mut max) = (min.to_f64(), max.to_f64());
        floats.clear();
        floats.extend(values.iter().map(|value| value.to_f64()));
        if nan > 0 || max.max(-min).is_infinite() {
            let infinite = |sign: f64| floats.iter().filter(|value| **value == sign).count() as u64;
            total.infinities[0] += infinite(f64::INFINITY);
            total.infinities[1] += infinite(f64::NEG_INFINITY);
            floats.retain(|value| value.is_finite());
            min = floats.iter().copied().fold(f64::INFINITY, f64::min);
            max = floats.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        }
        if floats.is_empty() {
            return;
        }
        let greatest = max.max(-min);
        let exponent = scale_of(greatest);
        if exponent == 0 {
            let sum = double::sum(floats);
            total.add_plain(sum);
            let pivot = sum.value() / floats.len() as f64;
            self.spread.merge(around(floats, pivot, 0));
            self.reach(min, max);
            return;
        }
        total.add(floats, greatest);
        let factor = power(-exponent);
        floats.iter_mut().for_each(|value| *value *= factor);
        let pivot = double::sum(floats).value() / floats.len() as f64;
        self.spread.merge(around(floats, pivot, exponent));
        self.reach(min, max);
    }
}

/// Returns the spread of floats around a value that is close to their mean.
fn around(floats: &[f64], pivot: f64, exponent: i32) -> Spread {
    let (sum, squares) = deviations(floats, |value| value - pivot);
    let pivot = Double::new(pivot, 0.0);
    Spread::around(pivot, floats.len() as u64, sum, squares, exponent)
}

/// Returns the sum and the sum of the squares of differences.
#[inline(always)]
fn deviations<V: Copy>(values: &[V], difference: impl Fn(V) -> f64) -> (f64, f64) {
    /// Sums side by side: the loop over them becomes vector instructions.
    const LANES: usize = 8;

    let (mut sums, mut squares) = ([0.0; LANES], [0.0; LANES]);
    let mut look = |lane: usize, value: V| {
        let difference = difference(value);
        sums[lane] += difference;
        squares[lane] += difference * difference;
    };
    let (chunks, rest) = values.as_chunks::<LANES>();
    for chunk in chunks {
        for (lane, value) in chunk.iter().enumerate() {
            look(lane, *value);
        }
    }
    rest.iter().enumerate().for_each(|(lane, value)| look(lane, *value));
    (sums.iter().sum(), squares.iter().sum())
}

/// Returns the sum of what integers differ from `pivot` by, and of its squares.
fn differences<T: Scalar>(
    values: &[T::Wide],
    pivot: i128,
    (min, max): (T::Wide, T::Wide),
) -> (f64, f64) {
    const NARROW: u128 = 1 << 63;
    const WIDE: u128 = 1 << 127;

    let width = max.to_i128().wrapping_sub(min.to_i128()) as u128;
    let difference = |value: T::Wide| value.to_i128().wrapping_sub(pivot);
    match width {
        // All differences have 64 bits, and the conversion is one instruction.
        0..NARROW => deviations(values, |value| difference(value) as i64 as f64),
        NARROW..WIDE => deviations(values, |value| difference(value) as f64),
        _ => {
            let unsigned = T::CLASS == Class::Unsigned;
            let pivot = if unsigned { pivot as u128 as f64 } else { pivot as f64 };
            deviations(values, |value| value.to_f64() - pivot)
        }
    }
}

/// Returns an integer as a float, and what that leaves out.
fn halves(high: f64, rest: impl Fn(f64) -> i128) -> Double {
    Double::new(high, rest(high) as f64)
}

/// How many values there are of each sort.
struct Sorts<N> {
    nan: u64,
    zeros: u64,
    negatives: u64,
    /// The least and the greatest, if not all are NaN.
    ends: Option<(N, N)>,
}

impl<N: Number> Sorts<N> {
    /// Values side by side: the loop over them becomes vector instructions.
    const LANES: usize = 16;

    /// Looks at all values.
    fn of(values: &[N]) -> Self {
        let Some(start) = values.iter().copied().find(|value| !value.is_nan()) else {
            return Self { nan: values.len() as u64, zeros: 0, negatives: 0, ends: None };
        };
        let zero = N::default();
        let (mut least, mut greatest) = ([start; 16], [start; 16]);
        let (mut nan, mut zeros, mut negatives) = ([0_u32; 16], [0_u32; 16], [0_u32; 16]);
        let mut look = |lane: usize, value: N| {
            // A NaN is neither less nor greater.
            least[lane] = if value < least[lane] { value } else { least[lane] };
            greatest[lane] = if value > greatest[lane] { value } else { greatest[lane] };
            nan[lane] += u32::from(value.is_nan());
            zeros[lane] += u32::from(value == zero);
            negatives[lane] += u32::from(value < zero);
        };
        let (chunks, rest) = values.as_chunks::<16>();
        for chunk in chunks {
            for lane in 0..Self::LANES {
                look(lane, chunk[lane]);
            }
        }
        rest.iter().enumerate().for_each(|(lane, value)| look(lane, *value));
        let (mut min, mut max) = (start, start);
        for (low, high) in least.into_iter().zip(greatest) {
            min = if low < min { low } else { min };
            max = if high > max { high } else { max };
        }
        let total = |counts: [u32; 16]| counts.into_iter().map(u64::from).sum();
        let (nan, zeros, negatives) = (total(nan), total(zeros), total(negatives));
        Self { nan, zeros, negatives, ends: Some((min, max)) }
    }
}

/// Returns the key of a number, which is the same for both zeroes.
fn order<N: Number>(value: N) -> u128 {
    if value == N::default() { N::default().key() } else { value.key() }
}

fn extreme<T: Scalar>(value: T, index: u64) -> Extreme {
    Extreme { key: order(value.wide()), bytes: bytes(value), index }
}

/// Replaces an extreme if another one wins, or is the same and comes earlier.
fn put(known: &mut Option<Extreme>, other: Extreme, wins: fn(u128, u128) -> bool) {
    let better = |known: Extreme| {
        wins(other.key, known.key) || (other.key == known.key && other.index < known.index)
    };
    if known.is_none_or(better) {
        *known = Some(other);
    }
}
