//! Lines for elements that do not follow one another.

use super::json::ndjson_template;
use super::lines::{csv_header, csv_template};
use super::template::Template;
use crate::element::{Element, Radix};

/// How elements that were found are shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum ListFormat {
    /// An index a line
    Plain,
    /// Rows with index and value
    Table,
    /// A header, then a line with the index for each element
    Csv,
    /// An object for each line: {"index":…,"value":…}
    Ndjson,
}

/// Makes lines of elements that do not follow one another.
#[derive(Debug)]
pub(crate) struct Listing {
    header: String,
    /// What lines look like; `None` for the index alone.
    template: Option<Template>,
    /// Bytes of an element.
    size: usize,
}

impl Listing {
    /// Returns lines of nothing but the index.
    pub(crate) fn plain(element: &Element) -> Self {
        Self { header: String::new(), template: None, size: element.bytes() }
    }

    /// Returns lines of CSV.
    pub(crate) fn csv(element: &Element) -> Self {
        let template = Some(csv_template(element, Radix::Decimal));
        Self { header: csv_header(element), template, size: element.bytes() }
    }

    /// Returns lines of NDJSON.
    pub(crate) fn ndjson(element: &Element) -> Self {
        let template = Some(ndjson_template(element));
        Self { header: String::new(), template, size: element.bytes() }
    }

    /// Returns what stands above the lines.
    pub(crate) fn header(&self) -> &str {
        &self.header
    }

    /// Returns whether the lines have values.
    pub(crate) fn has_values(&self) -> bool {
        self.template.is_some()
    }

    /// Appends a line for each index; `elements` are needed only for lines with values.
    pub(crate) fn append(&self, indices: &[u64], elements: &[u8], text: &mut Vec<u8>) {
        match &self.template {
            None => {
                let mut buffer = itoa::Buffer::new();
                for index in indices {
                    text.extend_from_slice(buffer.format(*index).as_bytes());
                    text.push(b'\n');
                }
            }
            Some(template) => {
                for (index, element) in indices.iter().zip(elements.chunks_exact(self.size)) {
                    template.append(*index, element, text);
                }
            }
        }
    }
}
