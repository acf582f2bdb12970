//! All elements of two inputs side by side, block by block on all cores.

use std::marker::PhantomData;
use std::ops::Range;

use super::parallel::{self, Line};
use super::reader::{Claim, Piece, Reader};

/// Bytes of a block of either input: both stay in the cache of a core.
const BLOCK: usize = 1 << 17;

/// As many elements of one input as of the other.
#[derive(Debug)]
pub(crate) enum Both<'a> {
    /// Elements that were read.
    Elements {
        /// How many elements there were before them.
        before: u64,
        /// Their bytes in the first input, as they lie in the file.
        a: &'a mut [u8],
        /// Their bytes in the second input.
        b: &'a mut [u8],
    },
    /// So many elements that are in a hole of either input: all their bytes are zero.
    Hole(u64),
}

/// Which of two inputs goes on where the other has ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Longer {
    /// The first.
    A,
    /// The second.
    B,
}

/// Goes through the elements that two readers yield, as far as both go: `work` makes a result of
/// each block, on all cores, and `fold` gets the results in order; it says whether it wants more.
/// `S` is what a thread keeps for its next block. Returns which input is longer, if the end of one
/// was reached and the other goes on.
///
/// # Errors
///
/// Reading, `work` or `fold` fails; of several errors the first in the order of the files.
pub(crate) fn scan_both<S, R, W, F>(
    a: &mut Reader,
    b: &mut Reader,
    work: W,
    fold: F,
) -> anyhow::Result<Option<Longer>>
where
    S: Default + Send,
    R: Send,
    W: Fn(&mut S, Both<'_>) -> anyhow::Result<R> + Sync,
    F: FnMut(R) -> anyhow::Result<bool> + Send,
{
    let sizes = [a.size(), b.size()];
    let count = (BLOCK / sizes[0].max(sizes[1])).max(1);
    a.set_row(count);
    b.set_row(count);
    let mut longer = None;
    let sides = [a, b].map(|reader| Side { reader, hole: 0, ended: false });
    let entry = Entry { sides, before: 0, longer: &mut longer };
    let scan = Scan { sizes, count, work, types: PhantomData::<(&(), fn(S, R, F))> };
    parallel::run(&scan, entry, fold)?;
    Ok(longer)
}

/// What the threads share.
struct Scan<W, T> {
    /// Bytes of an element of either input.
    sizes: [usize; 2],
    /// Elements in a block.
    count: usize,
    work: W,
    types: PhantomData<T>,
}

/// Where blocks come from.
struct Entry<'a> {
    sides: [Side<'a>; 2],
    /// Elements that were taken so far.
    before: u64,
    longer: &'a mut Option<Longer>,
}

/// One input.
struct Side<'a> {
    reader: &'a mut Reader,
    /// Elements of a hole that come next.
    hole: u64,
    ended: bool,
}

/// Elements of one input.
struct Part {
    buffer: Vec<u8>,
    /// How many there are.
    count: usize,
    /// What is still to be read, and the bytes before it.
    unread: Vec<(usize, Claim)>,
    /// Bytes that are in a hole.
    zeroes: Vec<Range<usize>>,
}

impl Side<'_> {
    /// Takes what comes next, up to `most` elements in all; a hole is only noticed.
    fn claim(&mut self, part: &mut Part, most: usize) -> anyhow::Result<()> {
        let size = self.reader.size();
        let at = part.count * size;
        let claim = self.reader.claim(&mut part.buffer[at..most * size])?;
        match claim {
            None => self.ended = true,
            Some(Claim::Ready(Piece::Hole { count, .. })) => self.hole = count,
            Some(Claim::Ready(Piece::Data { count, .. })) => part.count += count,
            Some(claim) => {
                let Claim::Unread { count, .. } = claim else { return Ok(()) };
                part.unread.push((at, claim));
                part.count += count;
            }
        }
        Ok(())
    }

    /// Takes elements until there are `most`, or no more.
    fn take(&mut self, part: &mut Part, most: usize) -> anyhow::Result<()> {
        let size = self.reader.size();
        while part.count < most && !self.ended {
            if self.hole == 0 {
                self.claim(part, most)?;
                continue;
            }
            let count = self.hole.min((most - part.count) as u64) as usize;
            part.zeroes.push(part.count * size..(part.count + count) * size);
            part.count += count;
            self.hole -= count as u64;
        }
        Ok(())
    }
}

impl Part {
    /// Reads what is still to be read.
    fn fetch(&mut self) -> anyhow::Result<()> {
        for zeroes in self.zeroes.drain(..) {
            self.buffer[zeroes].fill(0);
        }
        for (at, claim) in self.unread.drain(..) {
            claim.fetch(&mut self.buffer[at..])?;
        }
        Ok(())
    }
}

/// What one thread works on.
struct Work<S, R> {
    parts: [Part; 2],
    before: u64,
    claimed: anyhow::Result<Claimed>,
    kept: S,
    result: Option<anyhow::Result<R>>,
}

/// What was taken.
#[derive(Clone, Copy)]
enum Claimed {
    Elements(usize),
    Hole(u64),
}

impl Entry<'_> {
    /// Takes the elements of a block of up to `most`.
    fn claim(&mut self, parts: &mut [Part; 2], most: usize) -> anyhow::Result<Claimed> {
        for (side, part) in self.sides.iter_mut().zip(&mut *parts) {
            (part.count, part.unread, part.zeroes) = (0, Vec::new(), Vec::new());
            if side.hole == 0 && !side.ended {
                side.claim(part, most)?;
            }
        }
        let hole = self.sides[0].hole.min(self.sides[1].hole);
        if hole > 0 {
            self.sides.iter_mut().for_each(|side| side.hole -= hole);
            return Ok(Claimed::Hole(hole));
        }
        for (side, part) in self.sides.iter_mut().zip(&mut *parts) {
            side.take(part, most)?;
        }
        let [a, b] = [parts[0].count, parts[1].count];
        if a != b {
            *self.longer = Some(if a > b { Longer::A } else { Longer::B });
        }
        Ok(Claimed::Elements(a.min(b)))
    }
}

impl<'a, S, R, W, F> Line for Scan<W, (&'a (), fn(S, R, F))>
where
    S: Default + Send,
    R: Send,
    W: Fn(&mut S, Both<'_>) -> anyhow::Result<R> + Sync,
    F: FnMut(R) -> anyhow::Result<bool> + Send,
{
    type Entry = Entry<'a>;
    type Exit = F;
    type Block = Work<S, R>;

    fn block(&self) -> Work<S, R> {
        let parts = self.sizes.map(|size| Part {
            buffer: vec![0; self.count * size],
            count: 0,
            unread: Vec::new(),
            zeroes: Vec::new(),
        });
        let claimed = Ok(Claimed::Elements(0));
        Work { parts, before: 0, claimed, kept: S::default(), result: None }
    }

    fn enter(&self, entry: &mut Entry<'a>, block: &mut Work<S, R>) -> bool {
        block.before = entry.before;
        block.claimed = entry.claim(&mut block.parts, self.count);
        let (count, follows) = match block.claimed {
            Ok(Claimed::Elements(count)) => (count as u64, count == self.count),
            Ok(Claimed::Hole(count)) => (count, true),
            Err(_) => (0, false),
        };
        entry.before += count;
        follows
    }

    fn work(&self, block: &mut Work<S, R>) {
        let Work { parts: [a, b], before, claimed, kept, result } = block;
        let claimed = std::mem::replace(claimed, Ok(Claimed::Elements(0)));
        let both = claimed.and_then(|claimed| match claimed {
            Claimed::Hole(count) => Ok(Both::Hole(count)),
            Claimed::Elements(count) => {
                a.fetch()?;
                b.fetch()?;
                let [a, b] = [(a, self.sizes[0]), (b, self.sizes[1])]
                    .map(|(part, size)| &mut part.buffer[..count * size]);
                Ok(Both::Elements { before: *before, a, b })
            }
        });
        *result = Some(both.and_then(|both| (self.work)(kept, both)));
    }

    fn leave(&self, fold: &mut F, block: &mut Work<S, R>) -> anyhow::Result<bool> {
        match block.result.take() {
            Some(result) => fold(result?),
            None => Ok(false),
        }
    }
}
