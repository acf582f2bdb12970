//! Rows of differences, in one of four formats.

use std::io::Write as _;

use super::comparison::{Comparison, Row};
use super::summary::Summary;
use crate::element::{Element, Notation};
use crate::env::Output;
use crate::format::{Columns, csv_name};
use crate::text::printable;

/// How differences are shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(super) enum DiffFormat {
    /// Aligned rows, then the summary
    Table,
    /// A header and rows; the summary goes to standard error
    Csv,
    /// An object for each row, then one with the summary
    Ndjson,
    /// One object with the differences and the summary
    Json,
}

/// Rows that a table may have for all to be aligned; those that follow may be wider.
const ALIGNED: usize = 1000;

/// Writes rows, and the summary at the end.
pub(super) struct Show<'a> {
    format: DiffFormat,
    comparison: &'a Comparison,
    /// Names of the files.
    names: [String; 2],
    out: &'a mut Output,
    /// Rows that are still wanted.
    room: usize,
    /// Rows of a table that are not written yet, and the widths of those before them.
    table: Columns,
    color: bool,
    started: bool,
}

impl<'a> Show<'a> {
    /// Shows up to `room` rows.
    pub(super) fn new(
        format: DiffFormat,
        comparison: &'a Comparison,
        names: [String; 2],
        room: usize,
        color: bool,
        out: &'a mut Output,
    ) -> Self {
        let named = comparison.element().single().is_none();
        let field = named.then_some("field");
        let [a, b] = ["a", "b"];
        let titles = std::iter::once("index").chain(field).chain([a, b, "difference", "ulp"]);
        let table = Columns::new(titles);
        Self { format, comparison, names, out, room, table, color, started: false }
    }

    /// Writes what stands above the rows.
    ///
    /// # Errors
    ///
    /// Writing fails.
    pub(super) fn begin(&mut self) -> anyhow::Result<()> {
        match self.format {
            DiffFormat::Csv => self.out.write_all(self.table.titles_as_csv().as_bytes())?,
            DiffFormat::Json => self.out.write_all(b"{\"differences\":[")?,
            DiffFormat::Table | DiffFormat::Ndjson => {}
        }
        Ok(())
    }

    /// Writes rows, as many as are wanted.
    ///
    /// # Errors
    ///
    /// Writing fails.
    pub(super) fn rows(&mut self, rows: Vec<Row>) -> anyhow::Result<()> {
        let rows = rows.into_iter().take(self.room);
        for row in rows {
            self.room -= 1;
            let mut text = Vec::new();
            match self.format {
                DiffFormat::Table => {
                    self.table.push(self.cells(&row, Notation::Plain, "-"));
                    if self.table.len() >= ALIGNED {
                        self.table.write(self.color, &mut text);
                    }
                }
                DiffFormat::Csv => {
                    let cells = self.cells(&row, Notation::Csv, "");
                    text = (cells.join(",") + "\n").into_bytes();
                }
                DiffFormat::Ndjson => text = (self.object(&row) + "\n").into_bytes(),
                DiffFormat::Json => {
                    let comma = if self.started { "," } else { "" };
                    text = format!("{comma}{}", self.object(&row)).into_bytes();
                }
            }
            self.started = true;
            self.out.write_all(&text)?;
        }
        Ok(())
    }

    /// Writes the summary. Returns what belongs on standard error.
    ///
    /// # Errors
    ///
    /// Writing fails.
    pub(super) fn end(mut self, summary: &Summary) -> anyhow::Result<String> {
        let mut text = Vec::new();
        let [a, b] = &self.names;
        let lines = summary.lines([a, b]);
        match self.format {
            DiffFormat::Table => {
                self.table.write(self.color, &mut text);
                if self.started {
                    text.push(b'\n');
                }
                text.extend_from_slice(lines.as_bytes());
            }
            DiffFormat::Csv => return Ok(lines),
            DiffFormat::Ndjson => writeln!(text, "{{\"summary\":{}}}", summary.json())?,
            DiffFormat::Json => writeln!(text, "],\"summary\":{}}}", summary.json())?,
        }
        self.out.write_all(&text)?;
        Ok(String::new())
    }

    /// Returns the cells of a row; what cannot be said is `none`.
    fn cells(&self, row: &Row, notation: Notation, none: &str) -> Vec<String> {
        let element = self.comparison.element();
        let mut cells = vec![row.index.to_string()];
        if element.single().is_none() {
            let name = &element.columns()[row.column].name;
            cells.push(match notation {
                Notation::Csv => csv_name(name),
                _ => printable(name).into_owned(),
            });
        }
        cells.push(value(element, row.column, &row.a, notation));
        cells.push(value(self.comparison.element_b(), row.column, &row.b, notation));
        let gap = row.difference.gap.map(|gap| gap.text(notation));
        cells.push(gap.unwrap_or_else(|| none.to_owned()));
        let ulps = row.difference.ulps.map(|ulps| ulps.to_string());
        cells.push(ulps.unwrap_or_else(|| none.to_owned()));
        cells
    }

    /// Returns a row as a JSON object.
    fn object(&self, row: &Row) -> String {
        let names = self.table.titles();
        let members =
            names.zip(self.cells(row, Notation::Json, "null")).map(|(name, cell)| match name {
                "field" => {
                    let name = &self.comparison.element().columns()[row.column].name;
                    format!("\"field\":{}", serde_json::Value::from(&**name))
                }
                _ => format!("\"{name}\":{cell}"),
            });
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    }
}

/// Returns the text of one item.
fn value(element: &Element, column: usize, bytes: &[u8], notation: Notation) -> String {
    let mut text = Vec::new();
    (element.columns()[column].kind.codec().append)(bytes, notation, &mut text);
    String::from_utf8_lossy(&text).into_owned()
}
