//! The formats `plain` and `csv`: a line for each value.

use std::io::Write as _;

use super::pump::pump;
use crate::element::{Lines, Order, Radix, Scalar};
use crate::env::Output;
use crate::input::Reader;

/// Writes one value a line.
///
/// # Errors
///
/// Reading or writing fails.
pub(crate) fn plain<T: Scalar>(
    reader: &mut Reader,
    order: Order,
    radix: Radix,
    out: &mut Output,
) -> anyhow::Result<()> {
    match radix {
        Radix::Decimal => pump(reader, order, out, |_: u64, values: &[T], text: &mut Vec<u8>| {
            let mut lines = Lines::new(text);
            for value in values {
                value.append_then(b'\n', &mut lines);
            }
        }),
        _ => pump(reader, order, out, |_: u64, values: &[T], text: &mut Vec<u8>| {
            for value in values {
                value.append_radix(radix, text);
                text.push(b'\n');
            }
        }),
    }
}

/// Writes a header, then the index and the value of each element.
///
/// # Errors
///
/// Reading or writing fails.
pub(crate) fn csv<T: Scalar>(
    reader: &mut Reader,
    order: Order,
    radix: Radix,
    out: &mut Output,
) -> anyhow::Result<()> {
    out.write_all(b"index,value\n")?;
    pump(reader, order, out, |first: u64, values: &[T], text: &mut Vec<u8>| {
        let mut lines = Lines::new(text);
        for (index, value) in (first..).zip(values) {
            lines.number(index, b',');
            match radix {
                Radix::Decimal => value.append_then(b'\n', &mut lines),
                _ => {
                    let text = lines.text();
                    value.append_radix(radix, text);
                    text.push(b'\n');
                }
            }
        }
    })
}
