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
        let ends = (b',', b'\n');
        let template = Template::separated(element, Notation::Csv, radix, Some(("", ",")), ends);
        let head = format!("index,{}\n", names(element).join(",")).into_bytes();
        Self { head, ..Self::lines(template) }
    }
}

/// Returns the names of the columns of CSV, in quotes where they need them.
fn names(element: &Element) -> Vec<String> {
    let name = |name: &str| match name {
        "" => "value".to_owned(),
        _ if name.contains([',', '"', '\n', '\r']) => format!("\"{}\"", name.replace('"', "\"\"")),
        _ => name.to_owned(),
    };
    element.columns().iter().map(|column| name(&column.name)).collect()
}
