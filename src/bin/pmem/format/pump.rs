//! From the reader through a formatter to standard output, on all cores, in order.
//!
//! Every thread does all of the work for a block: it reads it while holding the reader, makes text
//! of it, and writes the text when it is this block's turn. So reading and writing happen one
//! after another, in the order of the file, and only the making of text happens at the same time.

use std::io::Write as _;
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

use super::render::{Before, Render};
use crate::element::{Order, Scalar};
use crate::env::Output;
use crate::input::{Piece, Reader};

/// Bytes of a block: small enough for the cache together with its text.
const BLOCK: usize = 1 << 16;

/// Threads that take part, at most.
const THREADS: usize = 4;

/// Blocks that are not worth a second thread.
const FEW: usize = 4;

/// Writes all that `reader` yields as the text that `render` makes of it.
///
/// # Errors
///
/// Reading or writing fails. What was read before is written.
pub(super) fn pump<T: Scalar, R: Render<T>>(
    reader: &mut Reader,
    order: Order,
    out: &mut Output,
    render: R,
) -> anyhow::Result<()> {
    let columns = render.columns();
    reader.set_row(columns);
    let entry = Mutex::new(Entry { reader, before: Before::new(columns), tickets: Some(0) });
    let exit = Mutex::new(Exit { out, turn: 0, result: Ok(()) });
    let line = Line { entry, exit, turned: Condvar::new(), render, order };
    let mut block = Block::new(columns);
    if (0..FEW).all(|_| line.step(&mut block)) {
        let threads = thread::available_parallelism().map_or(1, usize::from).min(THREADS);
        thread::scope(|scope| {
            for _ in 1..threads {
                // Where there can be no thread, the others do its work.
                let work = || line.work(Block::new(columns));
                let _ = thread::Builder::new().spawn_scoped(scope, work);
            }
            line.work(block);
        });
    }
    line.exit.into_inner().unwrap_or_else(PoisonError::into_inner).result
}

/// What comes next, and its text.
struct Block<T> {
    /// What comes next; at the end nothing.
    piece: Option<Piece>,
    values: Vec<T>,
    before: Before<T>,
    /// Where the block ends.
    end: u64,
    text: Vec<u8>,
}

impl<T: Scalar> Block<T> {
    /// Returns an empty block with room for whole rows.
    fn new(columns: usize) -> Self {
        let rows = (BLOCK / size_of::<T>() / columns).max(1);
        let values = vec![T::zeroed(); rows * columns];
        Self { piece: None, values, before: Before::new(columns), end: 0, text: Vec::new() }
    }

    /// Reads what comes next. After an error, that is the end.
    fn read<R: Render<T>>(&mut self, entry: &mut Entry<'_, T>) -> anyhow::Result<()> {
        let buffer = bytemuck::cast_slice_mut(&mut self.values);
        let reader = &mut entry.reader;
        let read = if R::NAMES_HOLES { reader.next(buffer) } else { reader.next_dense(buffer) };
        self.end = reader.position();
        self.before.clone_from(&entry.before);
        let (piece, result) = match read {
            Ok(piece) => (piece, Ok(())),
            Err(error) => (None, Err(error)),
        };
        self.piece = piece;
        match piece {
            Some(Piece::Data { count, .. }) => entry.before.push(&self.values[..count]),
            _ => entry.before.forget(),
        }
        result
    }

    /// Makes text.
    fn format<R: Render<T>>(&mut self, render: &R, order: Order) {
        self.text.clear();
        order.fix(self.before.rows_mut());
        let (before, text) = (self.before.rows(), &mut self.text);
        match self.piece {
            Some(Piece::Data { first, count }) => {
                let values = &mut self.values[..count];
                order.fix(values);
                render.values(before, first, values, text);
            }
            Some(Piece::Hole { first, count }) => render.hole(first, count, text),
            None => render.end(before, self.end, text),
        }
    }

    /// Is this less than fits? Then no more has come so far, and somebody may be waiting for it.
    fn is_short(&self) -> bool {
        matches!(self.piece, Some(Piece::Data { count, .. }) if count < self.values.len())
    }
}

/// Where blocks come in.
struct Entry<'a, T> {
    reader: &'a mut Reader,
    /// The rows that were read last.
    before: Before<T>,
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
struct Line<'a, T, R> {
    entry: Mutex<Entry<'a, T>>,
    exit: Mutex<Exit<'a>>,
    turned: Condvar,
    render: R,
    order: Order,
}

impl<T: Scalar, R: Render<T>> Line<'_, T, R> {
    /// Does the work of one thread.
    fn work(&self, mut block: Block<T>) {
        while self.step(&mut block) {}
    }

    /// Does the work for the next block. False if no more is to be done.
    fn step(&self, block: &mut Block<T>) -> bool {
        let Some((ticket, read)) = self.enter(block) else { return false };
        block.format(&self.render, self.order);
        self.leave(ticket, read, block)
    }

    /// Reads the next block, with a ticket for its turn. Nothing after the end.
    fn enter(&self, block: &mut Block<T>) -> Option<(u64, anyhow::Result<()>)> {
        let mut entry = self.entry.lock().unwrap_or_else(PoisonError::into_inner);
        let ticket = entry.tickets?;
        let read = block.read::<R>(&mut entry);
        entry.tickets = block.piece.map(|_| ticket + 1);
        Some((ticket, read))
    }

    /// Writes the text of a block when it is its turn. False if no more is to be done.
    fn leave(&self, ticket: u64, read: anyhow::Result<()>, block: &Block<T>) -> bool {
        let exit = self.exit.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = |exit: &mut Exit<'_>| exit.turn != ticket && exit.result.is_ok();
        let turned = self.turned.wait_while(exit, waiting);
        let mut exit = turned.unwrap_or_else(PoisonError::into_inner);
        if exit.result.is_ok() {
            exit.result = exit.write(block).and(read);
        }
        exit.turn += 1;
        self.turned.notify_all();
        exit.result.is_ok()
    }
}

impl Exit<'_> {
    /// Writes the text of a block.
    fn write<T: Scalar>(&mut self, block: &Block<T>) -> anyhow::Result<()> {
        self.out.write_all(&block.text)?;
        if block.is_short() {
            self.out.flush()?;
        }
        Ok(())
    }
}
