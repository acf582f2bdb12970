//! All elements of an input, block by block on all cores: for commands that answer questions.

use std::marker::PhantomData;

use super::parallel::{self, Line};
use super::reader::{Claim, Piece, Reader};

/// Bytes of a block: it stays in the cache of a core while its elements are gone through twice.
const BLOCK: usize = 1 << 18;

/// Some elements of an input.
#[derive(Debug)]
pub(crate) enum Block<'a> {
    /// Elements that were read.
    Elements {
        /// Index of the first.
        first: u64,
        /// Their bytes, as they lie in the file.
        bytes: &'a mut [u8],
    },
    /// Elements in a hole: all their bytes are zero.
    Hole {
        /// Index of the first.
        first: u64,
        /// How many there are.
        count: u64,
    },
}

/// Goes through all elements that `reader` yields: `work` makes a result of each block, on all
/// cores, and `fold` gets the results in the order of the file; it says whether it wants more.
/// `S` is what a thread keeps for its next block, such as buffers.
///
/// # Errors
///
/// Reading, `work` or `fold` fails; of several errors the first in the order of the file.
pub(crate) fn scan<S, R, W, F>(reader: &mut Reader, work: W, fold: F) -> anyhow::Result<()>
where
    S: Default + Send,
    R: Send,
    W: Fn(&mut S, Block<'_>) -> anyhow::Result<R> + Sync,
    F: FnMut(R) -> anyhow::Result<bool> + Send,
{
    let (buffer, size) = (reader.buffer(BLOCK), reader.size());
    let scan = Scan { buffer, size, work, types: PhantomData::<(&(), fn(S, R, F))> };
    parallel::run(&scan, reader, fold)
}

/// What the threads share.
struct Scan<W, T> {
    /// An empty buffer.
    buffer: Vec<u8>,
    /// Bytes of an element.
    size: usize,
    work: W,
    types: PhantomData<T>,
}

/// What one thread works on.
struct Work<S, R> {
    buffer: Vec<u8>,
    claim: Option<anyhow::Result<Claim>>,
    kept: S,
    result: Option<anyhow::Result<R>>,
}

impl<'a, S, R, W, F> Line for Scan<W, (&'a (), fn(S, R, F))>
where
    S: Default + Send,
    R: Send,
    W: Fn(&mut S, Block<'_>) -> anyhow::Result<R> + Sync,
    F: FnMut(R) -> anyhow::Result<bool> + Send,
{
    type Entry = &'a mut Reader;
    type Exit = F;
    type Block = Work<S, R>;

    fn block(&self) -> Work<S, R> {
        let (buffer, kept) = (self.buffer.clone(), S::default());
        Work { buffer, claim: None, kept, result: None }
    }

    fn enter(&self, reader: &mut &'a mut Reader, block: &mut Work<S, R>) -> bool {
        block.claim = reader.claim(&mut block.buffer).transpose();
        matches!(block.claim, Some(Ok(_)))
    }

    fn work(&self, block: &mut Work<S, R>) {
        let Work { buffer, claim, kept, result } = block;
        let piece = claim.take().map(|claim| claim.and_then(|claim| claim.fetch(buffer)));
        *result = piece.map(|piece| {
            let block = match piece? {
                Piece::Data { first, count } => {
                    Block::Elements { first, bytes: &mut buffer[..count * self.size] }
                }
                Piece::Hole { first, count } => Block::Hole { first, count },
            };
            (self.work)(kept, block)
        });
    }

    fn leave(&self, fold: &mut F, block: &mut Work<S, R>) -> anyhow::Result<bool> {
        match block.result.take() {
            Some(result) => fold(result?),
            None => Ok(false),
        }
    }
}
