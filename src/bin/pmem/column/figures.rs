//! What is asked about columns, and what is answered.

use super::bins::Bins;
use super::kernel::Kernel;
use super::moments::Moments;
use super::percent::Percent;
use crate::element::Kind;

/// What is asked about every column, beside what is always told.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    /// Which quantiles.
    pub(crate) quantiles: Vec<Percent>,
    /// What histogram.
    pub(crate) histogram: Option<Wish>,
}

/// What bins a histogram is to have.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wish {
    /// Bins of equal width.
    Equal {
        /// How many.
        bins: Option<usize>,
        /// Where the first begins.
        from: Option<f64>,
        /// Where the last ends.
        to: Option<f64>,
    },
    /// Powers of two.
    Powers,
}

/// Bins, where nobody says how many.
const BINS: usize = 16;

impl Wish {
    /// Returns the bins for a column; none if there is nothing to put into them.
    pub(super) fn bins(self, moments: &Moments, kernel: &dyn Kernel) -> Option<Bins> {
        let finite = moments.finite;
        match self {
            Self::Powers => {
                let (min, max) = finite.filter(|(_, max)| *max > 0.0)?;
                // Rounding may have moved a large integer up to a power of two.
                let least = match kernel.is_float() {
                    true if min > 0.0 => min,
                    true => f64::from_bits(1),
                    false => 1.0,
                };
                Some(Bins::powers(least, max))
            }
            Self::Equal { bins: None, from: None, to: None } if !kernel.is_float() => {
                let (min, max) = finite?;
                Bins::of_integers(min, max, BINS).or_else(|| Some(Bins::equal(min, max, BINS)))
            }
            Self::Equal { bins, from, to } => {
                let from = from.or(finite.map(|(min, _)| min))?;
                let to = to.or(finite.map(|(_, max)| max))?;
                let bins = if from < to { bins.unwrap_or(BINS) } else { 1 };
                (from <= to).then(|| Bins::equal(from, to, bins))
            }
        }
    }
}

/// How many values are in each bin.
#[derive(Clone, Debug)]
pub(crate) struct Histogram {
    bins: Bins,
    counts: Vec<u64>,
}

impl Histogram {
    /// Puts bins and counts together; of powers of two, empty ones at the ends are left out.
    pub(super) fn new(bins: Bins, counts: Vec<u64>) -> Self {
        Self { bins, counts }
    }

    /// Returns the bins that are shown: where they begin, where they end, how many values they
    /// have.
    pub(crate) fn bins(&self) -> Vec<(f64, f64, u64)> {
        let edges = self.bins.edges().windows(2);
        let bins = edges.zip(&self.counts).map(|(edges, count)| (edges[0], edges[1], *count));
        let mut bins: Vec<_> = bins.collect();
        if self.bins.are_powers() {
            let filled = |bin: &(f64, f64, u64)| bin.2 > 0;
            bins.truncate(bins.iter().rposition(filled).map_or(0, |last| last + 1));
            bins.drain(..bins.iter().position(filled).unwrap_or(0));
        }
        bins
    }
}

/// What is known about a column.
#[derive(Clone, Debug)]
pub(crate) struct Figures {
    /// Its name; empty for all of a plain element.
    pub(crate) name: String,
    /// Type of its values.
    pub(crate) kind: Kind,
    /// Whether the values are numbers, so that all figures make sense.
    pub(crate) is_number: bool,
    /// Whether zero is a value that can be told from others.
    pub(crate) has_zeros: bool,
    /// The figures of one pass.
    pub(crate) moments: Moments,
    /// Which quantiles were wanted.
    pub(crate) percents: Vec<Percent>,
    /// Their values, as bytes.
    pub(crate) quantiles: Vec<Option<[u8; 16]>>,
    /// How many different values there are.
    pub(crate) distinct: u64,
    /// Whether that is exact.
    pub(crate) distinct_exact: bool,
    /// The histogram, if one was wanted.
    pub(crate) histogram: Option<Histogram>,
    /// Whether quantiles and histogram are exact.
    pub(crate) exact: bool,
}

impl Figures {
    /// Returns how many values the quantiles are about.
    pub(crate) fn values(moments: &Moments) -> u64 {
        moments.count - moments.nan
    }

    /// Returns the mean.
    pub(crate) fn mean(&self) -> Option<f64> {
        self.moments.total.mean(Self::values(&self.moments))
    }

    /// Returns the standard deviation.
    pub(crate) fn deviation(&self) -> Option<f64> {
        let Moments { total, spread, .. } = &self.moments;
        let many = Self::values(&self.moments);
        (many > 0).then(|| if total.infinities() > 0 { f64::NAN } else { spread.deviation() })
    }
}
