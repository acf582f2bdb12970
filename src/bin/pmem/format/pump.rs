//! From the reader through a formatter to standard output, on all cores, in order.
//!
//! Every thread does all of the work for a block: it reads it while holding the reader, makes text
//! of it, and writes the text when it is this block's turn. So reading and writing happen one
//! after another, in the order of the file, and only the making of text happens at the same time.

use std::io::Write as _;
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

use crate::element::{Order, Scalar};
use crate::output::Output;
use crate::reader::{Piece, Reader};

/// Bytes of a block: small enough for the cache together with its text.
const BLOCK: usize = 1 << 16;

/// Threads that take part, at most.
const THREADS: usize = 4;

/// Writes all that `reader` yields as the text that `append` makes: of blocks, each with the index
/// of its first element. All blocks of a file but the last are whole rows of `columns` elements.
///
/// # Errors
///
/// Reading or writing fails. What was read before is written.
pub(super) fn pump<T: Scalar>(
    reader: &mut Reader,
    order: Order,
    columns: usize,
    out: &mut Output,
    append: impl Fn(u64, &[T], &mut Vec<u8>) + Sync,
) -> anyhow::Result<()> {
    let mut block = Block::new(order, columns);
    // Small files are not worth a thread.
    for _ in 0..4 {
        if !block.read(reader)? {
            return Ok(());
        }
        block.format(&append);
        out.write_all(&block.text)?;
    }
    let threads = thread::available_parallelism().map_or(1, usize::from).min(THREADS);
    let entry = Mutex::new(Entry { reader, tickets: Some(0) });
    let exit = Mutex::new(Exit { out, turn: 0, result: Ok(()) });
    let line = Line { entry, exit, turned: Condvar::new() };
    thread::scope(|scope| {
        for _ in 1..threads {
            // Where there can be no thread, the others do its work.
            let work = || line.work(Block::new(order, columns), &append);
            let _ = thread::Builder::new().spawn_scoped(scope, work);
        }
        line.work(block, &append);
    });
    line.exit.into_inner().unwrap_or_else(PoisonError::into_inner).result
}

/// Elements, and their text.
struct Block<T> {
    order: Order,
    values: Vec<T>,
    first: u64,
    count: usize,
    text: Vec<u8>,
}

impl<T: Scalar> Block<T> {
    /// Returns an empty block with room for whole rows.
    fn new(order: Order, columns: usize) -> Self {
        let rows = (BLOCK / size_of::<T>() / columns).max(1);
        let values = vec![T::zeroed(); rows * columns];
        Self { order, values, first: 0, count: 0, text: Vec::new() }
    }

    /// Reads the next elements; false at the end.
    fn read(&mut self, reader: &mut Reader) -> anyhow::Result<bool> {
        match reader.next_dense(bytemuck::cast_slice_mut(&mut self.values))? {
            Some(Piece::Data { first, count }) => {
                (self.first, self.count) = (first, count);
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Makes text of the elements.
    fn format(&mut self, append: &impl Fn(u64, &[T], &mut Vec<u8>)) {
        let values = &mut self.values[..self.count];
        self.order.fix(values);
        self.text.clear();
        append(self.first, values, &mut self.text);
    }
}

/// Where blocks come in.
struct Entry<'a> {
    reader: &'a mut Reader,
    /// The number of the next block; nothing after the last.
    tickets: Option<u64>,
}

/// Where text goes out.
struct Exit<'a> {
    out: &'a mut Output,
    /// The number of the block that is to be written next.
    turn: u64,
    result: anyhow::Result<()>,
}

/// What the threads share.
struct Line<'a> {
    entry: Mutex<Entry<'a>>,
    exit: Mutex<Exit<'a>>,
    turned: Condvar,
}

impl Line<'_> {
    /// Does the work of one thread.
    fn work<T: Scalar>(
        &self,
        mut block: Block<T>,
        append: &(impl Fn(u64, &[T], &mut Vec<u8>) + Sync),
    ) {
        while let Some((ticket, outcome)) = self.enter(&mut block) {
            if outcome.is_ok() {
                block.format(append);
            }
            if !self.leave(ticket, outcome, &block.text) {
                return;
            }
        }
    }

    /// Reads the next block, or an error in its place. Nothing after the end.
    fn enter<T: Scalar>(&self, block: &mut Block<T>) -> Option<(u64, anyhow::Result<()>)> {
        let mut entry = self.entry.lock().unwrap_or_else(PoisonError::into_inner);
        let ticket = entry.tickets?;
        let outcome = block.read(entry.reader);
        entry.tickets = matches!(outcome, Ok(true)).then_some(ticket + 1);
        match outcome {
            Ok(false) => None,
            outcome => Some((ticket, outcome.map(drop))),
        }
    }

    /// Writes the text of a block when it is its turn. False if no more is to be done.
    fn leave(&self, ticket: u64, outcome: anyhow::Result<()>, text: &[u8]) -> bool {
        let exit = self.exit.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = |exit: &mut Exit<'_>| exit.turn != ticket && exit.result.is_ok();
        let turned = self.turned.wait_while(exit, waiting);
        let mut exit = turned.unwrap_or_else(PoisonError::into_inner);
        if exit.result.is_ok() {
            exit.result = outcome.and_then(|()| Ok(exit.out.write_all(text)?));
        }
        exit.turn += 1;
        self.turned.notify_all();
        exit.result.is_ok()
    }
}
