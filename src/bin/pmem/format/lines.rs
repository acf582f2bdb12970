//! The formats `plain` and `csv`: a line for each element.

use super::template::Template;
use super::text::Text;
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
    Text::plain(selection.part(), radix).write(reader, selection, out)
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
    Text::csv(selection.part(), radix).write(reader, selection, out)
}

impl Text {
    /// An element a line, with tabs between its items.
    pub(crate) fn plain(element: &Element, radix: Radix) -> Self {
        let ends = (b'\t', b'\n');
        Self::lines(Template::separated(element, Notation::Plain, radix, None, ends))
    }

    /// A header, then the index and the items of each element.
    pub(crate) fn csv(element: &Element, radix: Radix) -> Self {
        let head = csv_header(element).into_bytes();
        Self { head, ..Self::lines(csv_template(element, radix)) }
    }
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
