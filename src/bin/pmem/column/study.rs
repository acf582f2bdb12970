//! One column under study: what is counted in each pass, and what follows from it.

use super::bins::Bins;
use super::counts::Counts;
use super::descent::{Descent, Rank, Tallies};
use super::figures::{Figures, Histogram, Question};
use super::kernel::{Kernel, kernel};
use super::moments::Moments;
use super::sample::Sample;
use super::sketch::{self, Sketch};
use super::track::Track;

/// Values of a block.
#[derive(Clone, Copy, Debug)]
pub(super) enum Values<'a> {
    /// They were read.
    Read(&'a [u8]),
    /// So many are in a hole.
    Zero(u64),
}

/// A column under study.
pub(super) struct Study<'a> {
    track: &'a Track,
    question: &'a Question,
    kernel: Option<&'static dyn Kernel>,
    method: Method,
    moments: Moments,
    descent: Descent,
    ranks: Vec<Rank>,
    /// Values of a stream that are kept, at most.
    kept: usize,
    quantiles: Vec<Option<[u8; 16]>>,
    bins: Option<Bins>,
    bin_counts: Option<Vec<u64>>,
    distinct: u64,
    exact: bool,
}

/// How a column is studied.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Method {
    /// Each value that its type has is counted.
    Count,
    /// Several passes narrow the quantiles down.
    Narrow,
    /// There is one pass, in which values are kept.
    Keep,
    /// Values are not numbers, and only counted.
    Text,
}

/// What threads count into in the first pass, in any order.
pub(super) enum Table {
    Counts(Counts),
    Sketch(Sketch, Option<Tallies>),
}

/// What a block of the first pass gives, in the order of the file.
pub(super) struct Part {
    moments: Moments,
    keys: Vec<Option<u128>>,
}

/// What the blocks of the first pass are folded into.
pub(super) struct Found {
    moments: Moments,
    sample: Sample,
}

impl Found {
    /// Adds what a block gave.
    pub(super) fn fold(&mut self, part: &Part) {
        self.moments.merge(&part.moments);
        self.sample.add(&part.keys);
    }
}

/// What threads count into in later passes.
pub(super) struct Again {
    tallies: Option<Tallies>,
    bins: Option<Vec<u64>>,
}

/// Columns of 16 bits whose values are all counted; it takes 1 MiB in every thread for each.
const COUNTED: usize = 16;

/// Counts for quantiles that all columns have together in a thread.
const TALLIES: usize = 1 << 22;

/// Values of a stream that are kept for all columns together.
const KEPT: usize = 1 << 22;

impl<'a> Study<'a> {
    /// Begins to study one of so many columns.
    pub(super) fn new(
        track: &'a Track,
        question: &'a Question,
        is_stream: bool,
        columns: usize,
    ) -> Self {
        let kernel = kernel(track.kind);
        let size = track.kind.size();
        let method = match kernel {
            None => Method::Text,
            Some(_) if size == 1 || (size == 2 && columns <= COUNTED) => Method::Count,
            Some(_) if is_stream => Method::Keep,
            Some(_) => Method::Narrow,
        };
        Self {
            track,
            question,
            kernel,
            method,
            moments: Moments::of_none(kernel.is_some_and(|kernel| kernel.is_float())),
            descent: Descent::new(8 * size as u32, TALLIES / columns),
            ranks: Vec::new(),
            kept: (KEPT / columns).max(1),
            quantiles: vec![None; question.quantiles.len()],
            bins: None,
            bin_counts: None,
            distinct: 0,
            exact: true,
        }
    }

    /// Returns what a thread counts into in the first pass.
    pub(super) fn table(&self) -> Table {
        // More registers for few columns: the error is 0.8 % or 1.6 %.
        let bits = if self.kept >= KEPT / 64 { 14 } else { 12 };
        match self.method {
            Method::Count => Table::Counts(Counts::new(self.track.kind.size())),
            Method::Narrow if !self.question.quantiles.is_empty() => {
                Table::Sketch(Sketch::new(bits), Some(self.descent.tallies()))
            }
            _ => Table::Sketch(Sketch::new(bits), None),
        }
    }

    /// Returns what blocks are folded into in the first pass.
    pub(super) fn found(&self) -> Found {
        Found { moments: self.moments.clone(), sample: Sample::new(self.kept) }
    }

    /// Looks at the values of a block for the first time; `first` is the index of its first
    /// element.
    pub(super) fn look(&self, table: &mut Table, values: Values<'_>, first: u64) -> Part {
        let mut moments = Moments::of_none(self.kernel.is_some_and(|kernel| kernel.is_float()));
        let mut keys = Vec::new();
        let items = self.track.items();
        match (table, self.kernel, values) {
            (Table::Counts(counts), _, Values::Read(values)) => counts.add(values, first, items),
            (Table::Counts(counts), _, Values::Zero(count)) => counts.add_zeros(first, count),
            (Table::Sketch(sketch, tallies), Some(kernel), Values::Read(values)) => {
                kernel.add(&mut moments, values, first, items);
                kernel.sketch(sketch, values);
                if let Some(tallies) = tallies {
                    kernel.tally(&self.descent, values, tallies);
                }
                if self.keeps() {
                    keys = kernel.keys(values);
                }
            }
            (Table::Sketch(sketch, tallies), Some(kernel), Values::Zero(count)) => {
                kernel.add_zeros(&mut moments, first, count);
                kernel.sketch(sketch, &[0; 16][..self.track.kind.size()]);
                if let Some(tallies) = tallies {
                    kernel.tally_zeros(&self.descent, count, tallies);
                }
            }
            (Table::Sketch(sketch, _), None, values) => {
                self.look_at_text(sketch, values, &mut moments)
            }
        }
        Part { moments, keys }
    }

    /// Are values kept, as there will be no other pass?
    fn keeps(&self) -> bool {
        let wanted = !self.question.quantiles.is_empty() || self.question.histogram.is_some();
        self.method == Method::Keep && wanted
    }

    /// Looks for different texts.
    fn look_at_text(&self, sketch: &mut Sketch, values: Values<'_>, moments: &mut Moments) {
        let size = self.track.kind.size();
        match values {
            Values::Read(values) => {
                moments.count += (values.len() / size) as u64;
                for value in values.chunks_exact(size) {
                    sketch.add_hash(sketch::hash_bytes(self.meaning(value)));
                }
            }
            Values::Zero(count) => {
                moments.count += count;
                sketch.add_hash(sketch::hash_bytes(self.meaning(&vec![0; size])));
            }
        }
    }

    /// Returns the bytes that matter: a text ends at the first NUL.
    fn meaning<'v>(&self, value: &'v [u8]) -> &'v [u8] {
        let is_text = self.track.kind.codec().class == crate::element::Class::Text;
        let end = value.iter().position(|byte| *byte == 0).filter(|_| is_text);
        &value[..end.unwrap_or(value.len())]
    }

    /// Ends the first pass.
    ///
    /// # Errors
    ///
    /// As [`Descent::narrow`].
    pub(super) fn finish(&mut self, found: Found, tables: Vec<Table>) -> anyhow::Result<()> {
        self.moments = found.moments;
        let Some(table) = tables.into_iter().reduce(Table::merged) else { return Ok(()) };
        match table {
            Table::Counts(counts) => self.finish_counts(&counts),
            Table::Sketch(sketch, tallies) => {
                self.distinct = sketch.estimate();
                let values = Figures::values(&self.moments);
                if let Some(tallies) = tallies {
                    let ranks = self.question.quantiles.iter();
                    let ranks: Vec<u64> =
                        ranks.filter_map(|percent| percent.rank(values)).collect();
                    self.ranks = self.descent.ranks(&ranks);
                    self.descent.narrow(&mut self.ranks, &tallies)?;
                }
                self.bins = self.wanted_bins();
                if self.method == Method::Keep {
                    self.finish_sample(found.sample, values);
                }
            }
        }
        Ok(())
    }

    /// Returns the bins of the histogram that is wanted.
    fn wanted_bins(&self) -> Option<Bins> {
        let kernel = self.kernel.filter(|kernel| kernel.is_number())?;
        self.question.histogram?.bins(&self.moments, kernel)
    }

    /// Answers everything from the counts of all values.
    fn finish_counts(&mut self, counts: &Counts) {
        let Some(kernel) = self.kernel else { return };
        let counted = kernel.counted(counts);
        (self.moments, self.distinct) = (counted.moments, counted.distinct);
        self.bins = self.wanted_bins();
        let sorted = counted.sorted;
        self.answer(&sorted, Figures::values(&self.moments));
    }

    /// Answers from what was kept of a stream.
    fn finish_sample(&mut self, sample: Sample, values: u64) {
        let Some(kernel) = self.kernel else { return };
        self.exact = sample.is_exact();
        let sorted: Vec<_> =
            sample.sorted().into_iter().map(|key| (kernel.value(key), 1)).collect();
        self.answer(&sorted, values);
    }

    /// Answers from values in their order, and how often each is there; if they are only a part of
    /// `all`, the bins are filled in proportion.
    fn answer(&mut self, sorted: &[([u8; 16], u64)], all: u64) {
        let Some(kernel) = self.kernel else { return };
        let known: u64 = sorted.iter().map(|(_, count)| count).sum();
        let mut ends = Vec::with_capacity(sorted.len());
        sorted.iter().fold(0, |end, (_, count)| {
            ends.push(end + count);
            end + count
        });
        for (quantile, percent) in self.quantiles.iter_mut().zip(&self.question.quantiles) {
            let rank = percent.rank(known);
            *quantile = rank.map(|rank| sorted[ends.partition_point(|end| *end < rank)].0);
        }
        if let Some(bins) = &self.bins {
            let mut counts = vec![0; bins.len()];
            for (value, count) in sorted {
                kernel.bin_of(bins, *value).into_iter().for_each(|bin| counts[bin] += count);
            }
            let scaled =
                |count| (u128::from(count) * u128::from(all) / u128::from(known.max(1))) as u64;
            self.bin_counts = Some(counts.into_iter().map(scaled).collect());
        }
    }

    /// Returns whether another pass is needed.
    pub(super) fn needs_more(&self) -> bool {
        self.is_narrowing() || (self.bins.is_some() && self.bin_counts.is_none())
    }

    fn is_narrowing(&self) -> bool {
        !self.ranks.is_empty() && !self.descent.is_done()
    }

    /// Returns what a thread counts into in a later pass.
    pub(super) fn again(&self) -> Again {
        let bins = self.bins.as_ref().filter(|_| self.bin_counts.is_none());
        Again {
            tallies: self.is_narrowing().then(|| self.descent.tallies()),
            bins: bins.map(|bins| vec![0; bins.len()]),
        }
    }

    /// Looks at the values of a block in a later pass.
    pub(super) fn look_again(&self, again: &mut Again, values: Values<'_>) {
        let Some(kernel) = self.kernel else { return };
        if let Some(tallies) = &mut again.tallies {
            match values {
                Values::Read(values) => kernel.tally(&self.descent, values, tallies),
                Values::Zero(count) => kernel.tally_zeros(&self.descent, count, tallies),
            }
        }
        if let (Some(counts), Some(bins)) = (&mut again.bins, &self.bins) {
            match values {
                Values::Read(values) => kernel.bin(bins, values, counts),
                Values::Zero(count) => {
                    let bin = kernel.bin_of(bins, [0; 16]);
                    bin.into_iter().for_each(|bin| counts[bin] += count);
                }
            }
        }
    }

    /// Ends a later pass.
    ///
    /// # Errors
    ///
    /// As [`Descent::narrow`].
    pub(super) fn finish_again(&mut self, tables: Vec<Again>) -> anyhow::Result<()> {
        let Some(Again { tallies, bins }) = tables.into_iter().reduce(Again::merged) else {
            return Ok(());
        };
        if let Some(tallies) = tallies {
            self.descent.narrow(&mut self.ranks, &tallies)?;
        }
        self.bin_counts = self.bin_counts.take().or(bins);
        Ok(())
    }

    /// Returns what was found out.
    pub(super) fn figures(self) -> Figures {
        let Self { track, question, kernel, .. } = self;
        let mut quantiles = self.quantiles;
        if let Some(kernel) = kernel {
            for (quantile, rank) in quantiles.iter_mut().zip(&self.ranks) {
                *quantile = Some(kernel.value(rank.key()));
            }
        }
        Figures {
            name: track.name.clone(),
            kind: track.kind,
            is_number: kernel.is_some_and(|kernel| kernel.is_number()),
            has_zeros: kernel.is_some(),
            moments: self.moments,
            percents: question.quantiles.clone(),
            quantiles,
            distinct: self.distinct,
            distinct_exact: self.method == Method::Count,
            histogram: self
                .bins
                .zip(self.bin_counts)
                .map(|(bins, counts)| Histogram::new(bins, counts)),
            exact: self.exact,
        }
    }
}

impl Table {
    /// Puts what two threads have counted together.
    fn merged(mut self, other: Self) -> Self {
        match (&mut self, &other) {
            (Self::Counts(counts), Self::Counts(other)) => counts.merge(other),
            (Self::Sketch(sketch, tallies), Self::Sketch(other, others)) => {
                sketch.merge(other);
                add(tallies, others);
            }
            // All threads count in the same way.
            _ => {}
        }
        self
    }
}

impl Again {
    /// Puts what two threads have counted together.
    fn merged(mut self, other: Self) -> Self {
        add(&mut self.tallies, &other.tallies);
        add(&mut self.bins, &other.bins);
        self
    }
}

/// Adds counts, where there are any.
fn add(counts: &mut Option<Vec<u64>>, others: &Option<Vec<u64>>) {
    if let (Some(counts), Some(others)) = (counts, others) {
        counts.iter_mut().zip(others).for_each(|(count, other)| *count += other);
    }
}
