//! From the reader through the rows to standard output.

use std::fmt::Display;
use std::io::Write as _;

use super::layout::Layout;
use super::look::Look;
use super::paint;
use super::rows::Rows;
use crate::element::{Order, Radix, Scalar};
use crate::format::pump::pump;
use crate::output::Output;
use crate::reader::{Piece, Reader};

/// Bytes that are read at once. What fits is measured, so that its columns are no wider than they
/// need be; what does not gets columns for the longest numbers of its type.
const BLOCK: usize = 1 << 16;

/// The index that a stream is expected to reach; beyond it rows move to the right.
const FAR: u64 = 99_999_999;

/// Writes rows with an index.
///
/// # Errors
///
/// Reading or writing fails. What was read before is written.
pub(crate) fn table<T: Scalar>(
    reader: &mut Reader,
    order: Order,
    look: Look,
    out: &mut Output,
) -> anyhow::Result<()> {
    let mut values = vec![T::zeroed(); BLOCK / size_of::<T>()];
    let end = reader.end();
    let Some(piece) = reader.next(bytemuck::cast_slice_mut(&mut values))? else {
        return Ok(());
    };
    let width = match piece {
        Piece::Data { first, count } if first + count as u64 == end => {
            let mut measured = values[..count].to_vec();
            order.fix(&mut measured);
            longest(&measured, look.radix)
        }
        _ => T::width(look.radix),
    };
    let last = if end == u64::MAX { FAR } else { end - 1 };
    let layout = Layout::new(&look, last, width);
    match piece {
        // Where no row depends on the one before, all cores can help.
        Piece::Data { count, .. } if !look.squeeze && reader.unread(count as u64) => {
            pump(reader, order, layout.columns, out, |first, values: &[T], text| {
                let mut rows = Rows::new(look, layout);
                rows.values(first, values, text);
                rows.finish(text);
            })
        }
        _ => in_turn(reader, order, Rows::new(look, layout), piece, values, out),
    }
}

/// Writes rows one after the other: first those of `piece`, whose elements are in `values`.
fn in_turn<T: Scalar>(
    reader: &mut Reader,
    order: Order,
    mut rows: Rows<T>,
    mut piece: Piece,
    mut values: Vec<T>,
    out: &mut Output,
) -> anyhow::Result<()> {
    let mut text = Vec::new();
    let result = loop {
        match piece {
            Piece::Hole { first, count } => rows.hole(first, count, &mut text),
            Piece::Data { first, count } => {
                order.fix(&mut values[..count]);
                rows.values(first, &values[..count], &mut text);
            }
        }
        out.write_all(&text)?;
        text.clear();
        match reader.next(bytemuck::cast_slice_mut(&mut values)) {
            Ok(Some(next)) => piece = next,
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    rows.finish(&mut text);
    out.write_all(&text)?;
    result
}

/// Writes the line above the rows.
///
/// # Errors
///
/// Writing fails.
pub(crate) fn header(line: impl Display, color: bool, out: &mut Output) -> anyhow::Result<()> {
    let style = if color { paint::HEADER } else { anstyle::Style::new() };
    writeln!(out, "{style}{line}{style:#}")?;
    Ok(())
}

/// Returns the characters of the longest number.
fn longest<T: Scalar>(values: &[T], radix: Radix) -> usize {
    let mut number = Vec::new();
    let lengths = values.iter().map(|value| {
        number.clear();
        value.append_radix(radix, &mut number);
        number.len()
    });
    lengths.max().unwrap_or(1)
}
