//! The extent of the values in each part of a range: what a plot shows.

use std::ops::Range;

use super::extent::Extent;
use super::kernel::kernel;
use super::study::Values;
use super::survey::{Scratch, Survey};
use crate::env::Env;
use crate::input::{Block, scan};

/// The extents of all columns, in parts of equal length.
pub(crate) struct Profile {
    /// For each column its parts, in order.
    pub(crate) columns: Vec<Vec<Extent>>,
    /// The elements that they are of.
    pub(crate) range: Range<u64>,
    /// Bytes of a stream.
    pub(crate) stream_len: Option<u64>,
}

/// Extents in the order of the file, each with the index of its first element.
type Pieces = Vec<(u64, Extent)>;

/// Pieces of a stream that are kept: adjacent ones are put together when there are more.
const KEPT: usize = 1 << 17;

/// Elements of a stream in a piece, but for those at its start, which are pieces by themselves.
const PIECE: u64 = 16;

/// How a range is divided into parts.
#[derive(Clone, Copy, Debug)]
struct Division {
    start: u64,
    count: u64,
    parts: usize,
}

impl Division {
    /// Returns the part of an element.
    fn part(self, index: u64) -> usize {
        let at = u128::from(index - self.start) * self.parts as u128;
        (at / u128::from(self.count.max(1))) as usize
    }

    /// Returns the index after the last element of a part.
    fn end(self, part: usize) -> u64 {
        let end = (part as u128 + 1) * u128::from(self.count);
        self.start + end.div_ceil(self.parts as u128) as u64
    }
}

impl Survey<'_> {
    /// Divides the elements into so many parts, and returns the extent of each. Where there are
    /// fewer elements, each of them is a part.
    ///
    /// # Errors
    ///
    /// Reading fails.
    pub(crate) fn profile(&self, parts: usize, env: &Env) -> anyhow::Result<Profile> {
        let mut reader = self.reader()?;
        let (start, is_stream) = (self.range.start, reader.is_stream());
        let count = self.range.end - start;
        let divided = |count: u64| {
            let parts = parts.min(usize::try_from(count).unwrap_or(parts)).max(1);
            Division { start, count, parts }
        };
        let division = (!is_stream).then(|| divided(count));
        let mut found: Vec<Pieces> = vec![Vec::new(); self.tracks.len()];
        let (mut progress, mut end) = (self.progress(env), start);
        let work = |scratch: &mut Scratch, block: Block<'_>| {
            let mut pieces = Vec::with_capacity(self.tracks.len());
            let elements = self.each(scratch, block, |column, values, first| {
                pieces.push(self.pieces(column, values, first, division));
            });
            Ok((elements, pieces))
        };
        scan(&mut reader, work, |(elements, pieces): (u64, Vec<Pieces>)| {
            for (found, pieces) in found.iter_mut().zip(pieces) {
                put(found, pieces, division);
            }
            end += elements;
            progress.advance(elements.saturating_mul(self.layout.element().size()));
            Ok(true)
        })?;
        reader.leave();
        let division = division.unwrap_or_else(|| divided(end - start));
        let columns = found.iter().map(|pieces| collect(pieces, division)).collect();
        let range = start..start + division.count;
        Ok(Profile { columns, range, stream_len: reader.stream_len() })
    }

    /// Returns the extents in a block, from `first` on.
    fn pieces(
        &self,
        column: usize,
        values: Values<'_>,
        first: u64,
        division: Option<Division>,
    ) -> Pieces {
        let track = &self.tracks[column];
        let size = track.kind.size();
        let count = match values {
            Values::Read(values) => (values.len() / size) as u64,
            Values::Zero(count) => count,
        };
        let (mut pieces, mut at) = (Pieces::new(), first);
        while at < first + count {
            let end = match division {
                Some(division) => division.end(division.part(at)),
                None if at - self.range.start < KEPT as u64 => at + 1,
                None => at + PIECE,
            };
            let end = end.min(first + count);
            let extent = match (values, kernel(track.kind)) {
                (Values::Read(values), Some(kernel)) => {
                    let bytes = |index: u64| (index - first) as usize * size;
                    kernel.extent(&values[bytes(at)..bytes(end)])
                }
                _ => Extent::of(0.0),
            };
            pieces.push((at, extent));
            at = end;
        }
        pieces
    }
}

/// Adds the pieces of a block. Those of one part become one; those of a stream become longer where
/// there are too many.
fn put(found: &mut Pieces, pieces: Pieces, division: Option<Division>) {
    for (first, extent) in pieces {
        match (found.last_mut(), division) {
            (Some((last, known)), Some(division))
                if division.part(*last) == division.part(first) =>
            {
                known.merge(extent);
            }
            _ => found.push((first, extent)),
        }
    }
    if division.is_none() && found.len() > 2 * KEPT {
        let pairs = found.chunks(2).map(|pair| {
            let (first, mut extent) = pair[0];
            pair[1..].iter().for_each(|(_, other)| extent.merge(*other));
            (first, extent)
        });
        *found = pairs.collect();
    }
}

/// Puts pieces into the parts that they begin in.
fn collect(pieces: &Pieces, division: Division) -> Vec<Extent> {
    let mut parts = vec![Extent::default(); division.parts];
    for (first, extent) in pieces {
        parts[division.part(*first).min(division.parts - 1)].merge(*extent);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_have_all_elements() {
        for (count, parts) in [(10, 3), (3, 10), (1, 1), (1000, 7), (u64::MAX, 160)] {
            let division = Division { start: 0, count, parts };
            let mut at = 0;
            let mut seen = 0;
            while at < count {
                let part = division.part(at);
                assert!(part < parts && division.end(part) > at);
                assert_eq!(division.part(division.end(part) - 1), part);
                (at, seen) = (division.end(part), seen + 1);
            }
            assert_eq!((at, seen), (count, count.min(parts as u64)));
        }
    }

    #[test]
    fn pieces_of_a_stream_become_longer() {
        let mut found = Pieces::new();
        for block in 0..5 {
            let pieces =
                (0..KEPT as u64).map(|at| (block * KEPT as u64 + at, Extent::of(at as f64)));
            put(&mut found, pieces.collect(), None);
        }
        assert!(found.len() <= 2 * KEPT, "{}", found.len());
        let division = Division { start: 0, count: 5 * KEPT as u64, parts: 5 };
        let ends = collect(&found, division)
            .iter()
            .map(|extent| extent.ends().unwrap())
            .collect::<Vec<_>>();
        assert_eq!(ends, [(0.0, (KEPT - 1) as f64); 5]);
    }
}
