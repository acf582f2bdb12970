//! From the reader through a formatter to standard output, on all cores, in order.
//!
//! Every thread does all of the work for a block: it reads it while holding the reader, makes text
//! of it, and writes the text when it is this block's turn. So reading and writing happen one
//! after another, in the order of the file, and only the making of text happens at the same time.

use std::io::Write as _;
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

use super::render::{Before, Render};
use crate::element::Selection;
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
pub(super) fn pump<R: Render>(
    reader: &mut Reader,
    selection: &Selection,
    out: &mut Output,
    render: R,
) -> anyhow::Result<()> {
    let columns = render.columns();
    reader.set_row(columns);
    let empty = Block::new(reader, columns);
    let before = empty.before.clone();
    let entry = Mutex::new(Entry { reader, before, tickets: Some(0) });
    let exit = Mutex::new(Exit { out, turn: 0, result: Ok(()) });
    let line = Line { entry, exit, turned: Condvar::new(), render, selection };
    let mut block = empty.clone();
    if (0..FEW).all(|_| line.step(&mut block)) {
        let threads = thread::available_parallelism().map_or(1, usize::from).min(THREADS);
        thread::scope(|scope| {
            for _ in 1..threads {
                // Where there can be no thread, the others do its work.
                let work = || line.work(empty.clone());
                let _ = thread::Builder::new().spawn_scoped(scope, work);
            }
            line.work(block);
        });
    }
    line.exit.into_inner().unwrap_or_else(PoisonError::into_inner).result
}

/// What comes next, and its text.
#[derive(Clone)]
struct Block {
    /// What comes next; at the end nothing.
    piece: Option<Piece>,
    /// Elements as they lie in the file.
    bytes: Vec<u8>,
    /// Bytes of one element.
    size: usize,
    before: Before,
    /// Where the block ends.
    end: u64,
    text: Vec<u8>,
    /// Selected fields of the elements, and of those before, if they are not all.
    part: Vec<u8>,
    part_before: Vec<u8>,
}

impl Block {
    /// Returns an empty block with room for whole rows.
    fn new(reader: &Reader, columns: usize) -> Self {
        let size = reader.size();
        let (bytes, before) = (reader.buffer(BLOCK), Before::new(columns * size));
        let (text, part, part_before) = (Vec::new(), Vec::new(), Vec::new());
        Self { piece: None, bytes, size, before, end: 0, text, part, part_before }
    }

    /// Reads what comes next. After an error, that is the end.
    fn read<R: Render>(&mut self, entry: &mut Entry<'_>) -> anyhow::Result<()> {
        let (buffer, reader) = (&mut self.bytes, &mut entry.reader);
        let read = if R::NAMES_HOLES { reader.next(buffer) } else { reader.next_dense(buffer) };
        self.end = reader.position();
        self.before.clone_from(&entry.before);
        let (piece, result) = match read {
            Ok(piece) => (piece, Ok(())),
            Err(error) => (None, Err(error)),
        };
        self.piece = piece;
        match piece {
            Some(Piece::Data { count, .. }) => {
                entry.before.push(&self.bytes[..count * self.size]);
            }
            _ => entry.before.forget(),
        }
        result
    }

    /// Makes text.
    fn format<R: Render>(&mut self, render: &R, selection: &Selection) {
        self.text.clear();
        let before = selection.read(self.before.rows_mut(), &mut self.part_before);
        let text = &mut self.text;
        match self.piece {
            Some(Piece::Data { first, count }) => {
                let whole = &mut self.bytes[..count * self.size];
                render.elements(before, first, selection.read(whole, &mut self.part), text);
            }
            Some(Piece::Hole { first, count }) => render.hole(first, count, text),
            None => render.end(before, self.end, text),
        }
    }

    /// Is this less than fits? Then no more has come so far, and somebody may be waiting for it.
    fn is_short(&self) -> bool {
        matches!(self.piece, Some(Piece::Data { count, .. }) if count * self.size < self.bytes.len())
    }
}

/// Where blocks come in.
struct Entry<'a> {
    reader: &'a mut Reader,
    /// The rows that were read last.
    before: Before,
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
struct Line<'a, R> {
    entry: Mutex<Entry<'a>>,
    exit: Mutex<Exit<'a>>,
    turned: Condvar,
    render: R,
    selection: &'a Selection,
}

impl<R: Render> Line<'_, R> {
    /// Does the work of one thread.
    fn work(&self, mut block: Block) {
        while self.step(&mut block) {}
    }

    /// Does the work for the next block. False if no more is to be done.
    fn step(&self, block: &mut Block) -> bool {
        let Some((ticket, read)) = self.enter(block) else { return false };
        block.format(&self.render, self.selection);
        self.leave(ticket, read, block)
    }

    /// Reads the next block, with a ticket for its turn. Nothing after the end.
    fn enter(&self, block: &mut Block) -> Option<(u64, anyhow::Result<()>)> {
        let mut entry = self.entry.lock().unwrap_or_else(PoisonError::into_inner);
        let ticket = entry.tickets?;
        let read = block.read::<R>(&mut entry);
        entry.tickets = block.piece.map(|_| ticket + 1);
        Some((ticket, read))
    }

    /// Writes the text of a block when it is its turn. False if no more is to be done.
    fn leave(&self, ticket: u64, read: anyhow::Result<()>, block: &Block) -> bool {
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
    fn write(&mut self, block: &Block) -> anyhow::Result<()> {
        self.out.write_all(&block.text)?;
        if block.is_short() {
            self.out.flush()?;
        }
        Ok(())
    }
}
