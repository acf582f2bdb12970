//! The formats `json` and `ndjson`.

use std::io::Write as _;

use super::pump::pump;
use crate::element::{Order, Scalar};
use crate::env::Output;
use crate::input::Reader;

/// Writes one array.
///
/// # Errors
///
/// Reading or writing fails; then the array has no end.
pub(crate) fn json<T: Scalar>(
    reader: &mut Reader,
    order: Order,
    out: &mut Output,
) -> anyhow::Result<()> {
    let start = reader.position();
    out.write_all(b"[")?;
    pump(reader, order, out, |first: u64, values: &[T], text: &mut Vec<u8>| {
        for (index, value) in (first..).zip(values) {
            if index != start {
                text.push(b',');
            }
            append(*value, text);
        }
    })?;
    out.write_all(b"]\n")?;
    Ok(())
}

/// Writes an object a line.
///
/// # Errors
///
/// Reading or writing fails.
pub(crate) fn ndjson<T: Scalar>(
    reader: &mut Reader,
    order: Order,
    out: &mut Output,
) -> anyhow::Result<()> {
    pump(reader, order, out, |first: u64, values: &[T], text: &mut Vec<u8>| {
        for (index, value) in (first..).zip(values) {
            text.extend_from_slice(b"{\"index\":");
            index.append(text);
            text.extend_from_slice(b",\"value\":");
            append(*value, text);
            text.extend_from_slice(b"}\n");
        }
    })
}

/// Appends a number; or a string, where JSON has no number that keeps the identity of the value.
#[inline]
fn append<T: Scalar>(value: T, text: &mut Vec<u8>) {
    if !T::INTEGER && value.tone().is_text_in_json() {
        text.push(b'"');
        value.append(text);
        text.push(b'"');
    } else {
        value.append(text);
    }
}
