//! From the reader through the rows to standard output.

use std::fmt::Display;
use std::io::Write as _;

use super::layout::Layout;
use super::look::Look;
use super::paint;
use super::rows::Rows;
use crate::element::{Order, Radix, Scalar};
use crate::env::Output;
use crate::format::pump::pump;
use crate::input::{Piece, Reader};

/// Bytes that are looked at first. If that is all, it is measured, so that columns are no wider
/// than they need be; otherwise they have room for the longest numbers of their type.
const GLANCE: usize = 1 << 16;

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
    let end = reader.end();
    let width = measure::<T>(reader, order, look.radix)?.unwrap_or(T::width(look.radix));
    let last = if end == u64::MAX { FAR } else { end.saturating_sub(1) };
    let layout = Layout::new(&look, last, width);
    pump::<T, _>(reader, order, out, Rows::new(look, layout))
}

/// Returns the characters of the longest number, if one glance shows all numbers. They will be read
/// again.
fn measure<T: Scalar>(
    reader: &mut Reader,
    order: Order,
    radix: Radix,
) -> anyhow::Result<Option<usize>> {
    // How much of a stream one glance shows depends on how fast it comes.
    if reader.is_stream() {
        return Ok(None);
    }
    let mut values = vec![T::zeroed(); GLANCE / size_of::<T>()];
    let Some(piece) = reader.next(bytemuck::cast_slice_mut(&mut values))? else { return Ok(None) };
    let all = reader.position() == reader.end();
    reader.unread(piece);
    let Piece::Data { count, .. } = piece else { return Ok(None) };
    order.fix(&mut values[..count]);
    Ok(all.then(|| longest(&values[..count], radix)))
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
