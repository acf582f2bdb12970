//! From the reader through a formatter to standard output, on all cores, in order.

use std::io::Write as _;

use super::render::{Before, Render};
use crate::element::Selection;
use crate::env::Output;
use crate::input::parallel::{self, Line};
use crate::input::{Piece, Reader};

/// Bytes of a block: small enough for the cache together with its text.
const BLOCK: usize = 1 << 16;

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
    let (size, buffer) = (reader.size(), reader.buffer(BLOCK));
    let before = Before::new(columns * size);
    let pump = Pump { render, selection, size, buffer, before: before.clone() };
    parallel::run(&pump, Entry { reader, before }, out)
}

/// What the threads share.
struct Pump<'a, R> {
    render: R,
    selection: &'a Selection,
    /// Bytes of one element.
    size: usize,
    /// An empty buffer with room for whole rows.
    buffer: Vec<u8>,
    /// No rows, that have gone by.
    before: Before,
}

/// Where blocks come from.
struct Entry<'a> {
    reader: &'a mut Reader,
    /// The rows that were read last.
    before: Before,
}

/// What comes next, and its text.
struct Block {
    /// What comes next; at the end nothing.
    piece: Option<Piece>,
    read: anyhow::Result<()>,
    /// Elements as they lie in the file.
    bytes: Vec<u8>,
    before: Before,
    /// Where the block ends.
    end: u64,
    text: Vec<u8>,
    /// Selected fields of the elements, and of those before, if they are not all.
    part: Vec<u8>,
    part_before: Vec<u8>,
}

impl<'a, R: Render> Line for Pump<'a, R> {
    type Entry = Entry<'a>;
    type Exit = &'a mut Output;
    type Block = Block;

    fn block(&self) -> Block {
        Block {
            piece: None,
            read: Ok(()),
            bytes: self.buffer.clone(),
            before: self.before.clone(),
            end: 0,
            text: Vec::new(),
            part: Vec::new(),
            part_before: Vec::new(),
        }
    }

    /// Reads what comes next. After an error, that is the end.
    fn enter(&self, entry: &mut Entry<'a>, block: &mut Block) -> bool {
        let (buffer, reader) = (&mut block.bytes, &mut entry.reader);
        let read = if R::NAMES_HOLES { reader.next(buffer) } else { reader.next_dense(buffer) };
        block.end = reader.position();
        block.before.clone_from(&entry.before);
        (block.piece, block.read) = match read {
            Ok(piece) => (piece, Ok(())),
            Err(error) => (None, Err(error)),
        };
        match block.piece {
            Some(Piece::Data { count, .. }) => {
                entry.before.push(&block.bytes[..count * self.size]);
            }
            _ => entry.before.forget(),
        }
        block.piece.is_some()
    }

    /// Makes text.
    fn work(&self, block: &mut Block) {
        block.text.clear();
        let (selection, text) = (self.selection, &mut block.text);
        let before = selection.read(block.before.rows_mut(), &mut block.part_before);
        match block.piece {
            Some(Piece::Data { first, count }) => {
                let whole = &mut block.bytes[..count * self.size];
                let elements = selection.read(whole, &mut block.part);
                self.render.elements(before, first, elements, text);
            }
            Some(Piece::Hole { first, count }) => self.render.hole(before, first, count, text),
            None => self.render.end(before, block.end, text),
        }
    }

    /// Writes the text.
    fn leave(&self, out: &mut &'a mut Output, block: &mut Block) -> anyhow::Result<bool> {
        out.write_all(&block.text)?;
        // If this is less than fits, no more has come so far, and somebody may be waiting for it.
        let short = |count: usize| count * self.size < block.bytes.len();
        if matches!(block.piece, Some(Piece::Data { count, .. }) if short(count)) {
            out.flush()?;
        }
        std::mem::replace(&mut block.read, Ok(()))?;
        Ok(true)
    }
}
