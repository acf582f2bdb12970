//! The formats `plain` and `csv`: a line for each element.

use std::io::Write as _;

use super::pump::pump;
use super::template::Template;
use crate::element::{Element, Notation, Radix, Selection};
use crate::env::Output;
use crate::input::Reader;

/// Writes an element a line, with tabs between its items.
///
/// # Errors
///
/// Reading or writing fails.
pub(crate) fn plain(
    reader: &mut Reader,
    selection: &Selection,
    radix: Radix,
    out: &mut Output,
) -> anyhow::Result<()> {
    let ends = (b'\t', b'\n');
    let template = Template::separated(selection.part(), Notation::Plain, radix, None, ends);
    pump(reader, selection, out, |first: u64, elements: &[u8], text: &mut Vec<u8>| {
        template.append(first, elements, text);
    })
}

/// Writes a header, then the index and the items of each element.
///
/// # Errors
///
/// Reading or writing fails.
pub(crate) fn csv(
    reader: &mut Reader,
    selection: &Selection,
    radix: Radix,
    out: &mut Output,
) -> anyhow::Result<()> {
    let element = selection.part();
    let template = csv_template(element, radix);
    out.write_all(csv_header(element).as_bytes())?;
    pump(reader, selection, out, |first: u64, elements: &[u8], text: &mut Vec<u8>| {
        template.append(first, elements, text);
    })
}

/// Returns the lines of CSV: the index and the items of each element.
pub(super) fn csv_template(element: &Element, radix: Radix) -> Template {
    Template::separated(element, Notation::Csv, radix, Some(("", ",")), (b',', b'\n'))
}

/// Returns the first line of CSV.
pub(super) fn csv_header(element: &Element) -> String {
    format!("index,{}\n", names(element).join(","))
}

/// Returns the names of the columns of CSV.
fn names(element: &Element) -> Vec<String> {
    element.columns().iter().map(|column| csv_name(&column.name)).collect()
}

/// Returns the name of a column of CSV, in quotes if it needs them.
pub(crate) fn csv_name(name: &str) -> String {
    match name {
        "" => "value".to_owned(),
        _ if name.contains([',', '"', '\n', '\r']) => format!("\"{}\"", name.replace('"', "\"\"")),
        _ => name.to_owned(),
    }
}
