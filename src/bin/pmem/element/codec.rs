//! What the program does with the bytes of a scalar: one table for each type.
//!
//! Everything that handles elements works on bytes and calls these functions; the generic code
//! behind them is the only code that knows the types. All bytes are little-endian:
//! [`Element::swap`](super::Element::swap) turns the order of a file into that and back.

use anyhow::bail;

use super::digits::Lines;
use super::exchange::Exchange;
use super::quick::quick;
use super::radix::Radix;
use super::scalar::{Class, Scalar, Tone};
use super::series::{Serial, Series};
use super::text;

/// The operations on the bytes of one scalar type. Functions for one value are given exactly its
/// bytes, functions for blocks are given a whole number of rows.
#[derive(Debug)]
pub(crate) struct Codec {
    /// Kind of values that the type holds.
    pub(crate) class: Class,
    /// Appends one value.
    pub(crate) append: fn(&[u8], Notation, &mut Vec<u8>),
    /// Appends one value in a radix: of an integer the bits with all their digits.
    pub(crate) append_radix: fn(&[u8], Radix, &mut Vec<u8>),
    /// Appends a block of rows.
    pub(crate) rows: fn(&[u8], Rows, &mut Lines<'_>),
    /// Appends a block of rows, each after its index and a comma; the first index is given.
    pub(crate) indexed: fn(&[u8], u64, Rows, &mut Lines<'_>),
    /// Appends values in columns of a table.
    pub(crate) cells: fn(&[u8], &Cells, &mut Lines<'_>),
    /// Returns the characters of the longest text of a value of so many bytes.
    pub(crate) width: fn(usize, Radix) -> usize,
    /// Returns what is special about a value.
    pub(crate) tone: fn(&[u8]) -> Tone,
    /// Parses a value.
    pub(crate) parse: fn(&str, &mut [u8]) -> anyhow::Result<()>,
    /// Parses a value in its usual spelling; false if it is not, or no value.
    pub(crate) quick: fn(&[u8], &mut [u8]) -> bool,
    /// Makes a series from its start and its step.
    pub(crate) series: fn(&str, &str) -> anyhow::Result<Box<dyn Series>>,
    /// Turns random bits into random values.
    pub(crate) uniform: fn(&mut [u8]),
}

/// How a value is written into text of some format.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Notation {
    /// By itself.
    Plain,
    /// Between commas.
    Csv,
    /// In JSON, which has no number for infinities and NaN.
    Json,
}

/// How the values of a block are written in rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rows {
    /// Bytes of a value; only those of text and plain bytes vary.
    pub(crate) size: usize,
    /// Values in a row.
    pub(crate) items: usize,
    /// Byte between values.
    pub(crate) separator: u8,
    /// Byte after a row.
    pub(crate) end: u8,
    /// How a value is written.
    pub(crate) notation: Notation,
}

/// How values are written in columns of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cells {
    /// Bytes of a value.
    pub(crate) size: usize,
    /// Spaces before the first value.
    pub(crate) first_gap: usize,
    /// Spaces before the other values.
    pub(crate) gap: usize,
    /// Characters of a value.
    pub(crate) width: usize,
    /// Radix of integers.
    pub(crate) radix: Radix,
    /// Digits behind the point of floats; `None` for the shortest text.
    pub(crate) precision: Option<usize>,
    /// What goes before and after a value of each tone; `None` without colours.
    pub(crate) styles: Option<&'static [Style; Tone::COUNT]>,
}

/// The bytes that turn a colour on and off again.
pub(crate) type Style = (&'static str, &'static str);

impl Codec {
    /// Returns the table of a number type that has series.
    pub(super) const fn of<T: Serial + Exchange>() -> Self {
        Self { series: T::series, ..Self::without_series::<T>() }
    }

    /// Returns the table of a type without series.
    pub(super) const fn without_series<T: Exchange>() -> Self {
        Self {
            class: T::CLASS,
            append: append::<T>,
            append_radix: |bytes, radix, text| T::load(bytes).append_radix(radix, text),
            rows: rows::<T>,
            indexed: indexed::<T>,
            cells: cells::<T>,
            width: |_, radix| T::width(radix),
            tone: |bytes| T::load(bytes).tone(),
            parse: |text, bytes| Ok(T::parse(text)?.store(bytes)),
            quick: quick::<T>,
            series: |_, _| bail!("{} has no series", T::NAME),
            uniform: |bytes| {
                for bytes in bytes.chunks_exact_mut(T::SIZE) {
                    T::load(bytes).uniform().store(bytes);
                }
            },
        }
    }

    /// The table of `strN`.
    pub(super) const TEXT: Self = Self {
        class: Class::Text,
        append: append_text,
        append_radix: |bytes, _, text| text::append_value(bytes, text),
        rows: |bytes, rows, lines| put_rows(bytes, None, rows, lines, append_text),
        indexed: |bytes, first, rows, lines| put_rows(bytes, Some(first), rows, lines, append_text),
        cells: |bytes, cells, lines| put_cells(bytes, cells, lines, text::append),
        width: text::width,
        tone: text::tone,
        parse: text::parse,
        quick: |_, _| false,
        series: |_, _| bail!("text has no series"),
        uniform: |_| {},
    };

    /// The table of `hexN`.
    pub(super) const BYTES: Self = Self {
        class: Class::Bytes,
        append: append_bytes,
        append_radix: |bytes, _, text| text::append_hex(bytes, text),
        rows: |bytes, rows, lines| put_rows(bytes, None, rows, lines, append_bytes),
        indexed: |bytes, first, rows, lines| {
            put_rows(bytes, Some(first), rows, lines, append_bytes);
        },
        cells: |bytes, cells, lines| put_cells(bytes, cells, lines, text::append_hex),
        width: text::width_hex,
        tone: text::tone,
        parse: text::parse_hex,
        quick: |_, _| false,
        series: |_, _| bail!("plain bytes have no series"),
        uniform: |_| {},
    };
}

/// Appends one value.
fn append<T: Scalar>(bytes: &[u8], notation: Notation, text: &mut Vec<u8>) {
    put(T::load(bytes), notation, text);
}

/// Appends one value; in JSON, quotes stand around what is not a number there.
#[inline(always)]
fn put<T: Scalar>(value: T, notation: Notation, text: &mut Vec<u8>) {
    let is_text = matches!(T::CLASS, Class::Float)
        && notation == Notation::Json
        && value.tone().is_text_in_json();
    if is_text {
        text.push(b'"');
        value.append(text);
        text.push(b'"');
    } else {
        value.append(text);
    }
}

/// Appends one value and the byte after it.
#[inline(always)]
fn put_then<T: Scalar>(value: T, end: u8, notation: Notation, lines: &mut Lines<'_>) {
    if matches!(T::CLASS, Class::Float) && notation == Notation::Json {
        let text = lines.text();
        put(value, notation, text);
        text.push(end);
    } else {
        value.append_then(end, lines);
    }
}

/// Appends a block of rows.
fn rows<T: Scalar>(bytes: &[u8], rows: Rows, lines: &mut Lines<'_>) {
    let Rows { items, end, notation, .. } = rows;
    if items == 1 {
        for value in bytes.chunks_exact(T::SIZE) {
            put_then(T::load(value), end, notation, lines);
        }
        return;
    }
    for row in bytes.chunks_exact(items * T::SIZE) {
        put_row::<T>(row, rows, lines);
    }
}

/// Appends one row.
#[inline(always)]
fn put_row<T: Scalar>(row: &[u8], rows: Rows, lines: &mut Lines<'_>) {
    let (values, last) = row.split_at(row.len() - T::SIZE);
    for value in values.chunks_exact(T::SIZE) {
        put_then(T::load(value), rows.separator, rows.notation, lines);
    }
    put_then(T::load(last), rows.end, rows.notation, lines);
}

/// Appends a block of rows with their indices.
fn indexed<T: Scalar>(bytes: &[u8], first: u64, rows: Rows, lines: &mut Lines<'_>) {
    for (index, row) in (first..).zip(bytes.chunks_exact(rows.items * T::SIZE)) {
        lines.number(index, b',');
        put_row::<T>(row, rows, lines);
    }
}

/// Appends values in columns, on the right of each.
fn cells<T: Scalar>(bytes: &[u8], cells: &Cells, lines: &mut Lines<'_>) {
    let fixed = matches!(T::CLASS, Class::Float) && cells.precision.is_some();
    let mut width = cells.first_gap + cells.width;
    if cells.styles.is_none() && !fixed {
        for value in bytes.chunks_exact(T::SIZE) {
            T::load(value).append_aligned(cells.radix, width, lines);
            width = cells.gap + cells.width;
        }
        return;
    }
    for value in bytes.chunks_exact(T::SIZE) {
        let value = T::load(value);
        match cells.styles {
            Some(styles) if value.tone() != Tone::Plain => {
                styled(value, styles[value.tone() as usize], width, cells, lines);
            }
            _ => lines.right(width, |text| put_cell(value, cells, text)),
        }
        width = cells.gap + cells.width;
    }
}

/// Appends a value in a colour; the spaces before it have none.
fn styled<T: Scalar>(
    value: T,
    (on, off): Style,
    width: usize,
    cells: &Cells,
    lines: &mut Lines<'_>,
) {
    let text = lines.text();
    let start = text.len();
    put_cell(value, cells, text);
    // How much stands before the value depends on its length, so it is made first.
    let length = text.len() - start;
    text.resize(start + length.max(width), b' ');
    text.extend_from_slice(on.as_bytes());
    text[start..].rotate_left(length);
    text.extend_from_slice(off.as_bytes());
}

/// Appends a value as a table shows it.
fn put_cell<T: Scalar>(value: T, cells: &Cells, text: &mut Vec<u8>) {
    match cells.precision {
        Some(digits) if matches!(T::CLASS, Class::Float) => value.append_fixed(digits, text),
        _ => value.append_radix(cells.radix, text),
    }
}

/// Appends a text.
fn append_text(bytes: &[u8], notation: Notation, text: &mut Vec<u8>) {
    match notation {
        Notation::Plain => text::append_value(bytes, text),
        Notation::Csv => text::append_csv(bytes, text),
        Notation::Json => text::append_json(bytes, text),
    }
}

/// Appends plain bytes.
fn append_bytes(bytes: &[u8], notation: Notation, text: &mut Vec<u8>) {
    let quote: &[u8] = if notation == Notation::Json { b"\"" } else { b"" };
    text.extend_from_slice(quote);
    text::append_hex(bytes, text);
    text.extend_from_slice(quote);
}

/// Appends rows of values whose size is known only now.
fn put_rows(
    bytes: &[u8],
    first: Option<u64>,
    rows: Rows,
    lines: &mut Lines<'_>,
    append: fn(&[u8], Notation, &mut Vec<u8>),
) {
    for (row, values) in bytes.chunks_exact(rows.items * rows.size).enumerate() {
        if let Some(first) = first {
            lines.number(first + row as u64, b',');
        }
        let text = lines.text();
        for (item, value) in values.chunks_exact(rows.size).enumerate() {
            append(value, rows.notation, text);
            text.push(if item + 1 == rows.items { rows.end } else { rows.separator });
        }
    }
}

/// Appends texts in columns, on the left of each.
fn put_cells(bytes: &[u8], cells: &Cells, lines: &mut Lines<'_>, append: fn(&[u8], &mut Vec<u8>)) {
    let text = lines.text();
    let mut gap = cells.first_gap;
    for value in bytes.chunks_exact(cells.size) {
        text.resize(text.len() + gap, b' ');
        let start = text.len();
        append(value, text);
        let shown = crate::text::width(&text[start..]);
        text.resize(text.len() + cells.width.saturating_sub(shown), b' ');
        gap = cells.gap;
    }
}
