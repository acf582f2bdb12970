//! From the reader through the rows to standard output.

use std::fmt::Display;
use std::io::Write as _;

use super::grid::Grid;
use super::look::Look;
use super::paint;
use super::rows::Rows;
use crate::element::{Cells, Column, Element, Lines, Selection};
use crate::env::Output;
use crate::format::pump::pump;
use crate::input::{Piece, Reader};

/// Bytes that are looked at before the first row. If that is everything, columns are no wider than
/// the widest value.
const GLANCE: usize = 1 << 16;

/// How many places are looked at, evenly spread, if one glance does not show everything.
const PLACES: u64 = 16;

/// A column of scalars is no narrower than this unless everything was seen: somewhere between the
/// places there may be longer values.
const NARROWEST: usize = 4;

/// The index that a stream is expected to reach; beyond it rows move to the right.
const FAR: u64 = 99_999_999;

/// Writes rows with an index.
///
/// # Errors
///
/// Reading or writing fails. What was read before is written.
pub(crate) fn table(
    reader: &mut Reader,
    selection: &Selection,
    look: Look,
    out: &mut Output,
) -> anyhow::Result<()> {
    let (end, element) = (reader.end(), selection.part());
    let last = if end == u64::MAX { FAR } else { end.saturating_sub(1) };
    let measured = measure(reader, selection, &look)?;
    let grid = match element.single() {
        Some(column) => {
            let size = column.kind.size();
            let longest = (column.kind.codec().width)(size, look.radix);
            let width = measured.map_or(longest, |seen| match seen.all {
                true => seen.widths[0],
                false => seen.widths[0].max(NARROWEST),
            });
            Grid::scalars(&look, last, column.kind, width)
        }
        None => {
            let widths = measured.map_or_else(|| longest(element, &look), |seen| seen.widths);
            Grid::records(&look, last, element, &even(element, widths))
        }
    };
    let rows = Rows::new(look, grid);
    let mut names = Vec::new();
    rows.names(&mut names);
    out.write_all(&names)?;
    pump(reader, selection, out, rows)
}

/// What a first look has shown.
struct Seen {
    /// Characters of the longest value of each column.
    widths: Vec<usize>,
    /// Whether that was everything.
    all: bool,
}

/// Looks at elements of a file, which will be read again: at all of them if one glance shows them,
/// else at several places. Nothing is seen of a stream: how much one look shows depends on how
/// fast it comes. Nothing is seen of holes, either.
fn measure(
    reader: &mut Reader,
    selection: &Selection,
    look: &Look,
) -> anyhow::Result<Option<Seen>> {
    if reader.is_stream() {
        return Ok(None);
    }
    let (start, end) = (reader.position(), reader.end());
    let mut seen = Seen { widths: vec![0; selection.part().columns().len()], all: false };
    let mut buffer = reader.buffer(GLANCE);
    glance(reader, selection, look, &mut buffer, &mut seen)?;
    seen.all = reader.position() == end;
    if !seen.all {
        let mut buffer = reader.buffer(GLANCE / PLACES as usize);
        let last = (end - start).saturating_sub((buffer.len() / reader.size()) as u64);
        for place in 1..=PLACES {
            let index = u128::from(last) * u128::from(place) / u128::from(PLACES);
            reader.go_to(start + index as u64);
            // What cannot be read is an error once its turn comes.
            let _ = glance(reader, selection, look, &mut buffer, &mut seen);
        }
    }
    reader.go_to(start);
    Ok(seen.widths.iter().any(|width| *width > 0).then_some(seen))
}

/// Looks at the next elements, as many as the buffer holds, and makes the columns as wide as they
/// need.
fn glance(
    reader: &mut Reader,
    selection: &Selection,
    look: &Look,
    buffer: &mut [u8],
    seen: &mut Seen,
) -> anyhow::Result<()> {
    let Some(Piece::Data { count, .. }) = reader.next(buffer)? else { return Ok(()) };
    let mut part = Vec::new();
    let elements = selection.read(&mut buffer[..count * reader.size()], &mut part);
    let element = selection.part();
    for (width, shown) in seen.widths.iter_mut().zip(widths(element, elements, look)) {
        *width = shown.max(*width);
    }
    Ok(())
}

/// Returns the characters of the longest value of each column.
pub(super) fn widths(element: &Element, elements: &[u8], look: &Look) -> Vec<usize> {
    let widths = element.columns().iter().map(|column| {
        let values = elements.chunks_exact(element.bytes());
        values.map(|value| shown(column, &value[column.offset..], look)).max().unwrap_or(1)
    });
    widths.collect()
}

/// Returns the characters of a value in a table.
fn shown(column: &Column, bytes: &[u8], look: &Look) -> usize {
    let size = column.kind.size();
    let mut text = Vec::new();
    let cells = Cells {
        size,
        first_gap: 0,
        gap: 0,
        width: 0,
        radix: look.radix,
        precision: look.precision,
        styles: None,
    };
    (column.kind.codec().cells)(&bytes[..size], &cells, &mut Lines::new(&mut text));
    crate::text::width(&text)
}

/// Returns the characters of the longest value that each column can have.
fn longest(element: &Element, look: &Look) -> Vec<usize> {
    let width = |column: &Column| (column.kind.codec().width)(column.kind.size(), look.radix);
    element.columns().iter().map(width).collect()
}

/// Makes all items of an array as wide as the widest.
pub(super) fn even(element: &Element, mut widths: Vec<usize>) -> Vec<usize> {
    let mut rest = &mut *widths;
    for field in element.fields().iter().filter(|field| !field.is_padding()) {
        let (items, others) = rest.split_at_mut(field.scalars());
        let widest = items.iter().copied().max().unwrap_or(1);
        items.fill(widest);
        rest = others;
    }
    widths
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
