//! Small tables of texts: titles, and rows below them, aligned at the right.

use anstyle::Style;

use crate::text::width;

/// Spaces between columns.
const GAP: &str = "  ";

/// Rows of texts in columns, which are as wide as the texts that have been seen.
#[derive(Debug)]
pub(crate) struct Columns {
    titles: Vec<&'static str>,
    widths: Vec<usize>,
    rows: Vec<Vec<String>>,
    /// Whether the titles are written.
    begun: bool,
}

impl Columns {
    /// Returns a table without rows.
    pub(crate) fn new(titles: impl Iterator<Item = &'static str>) -> Self {
        let titles: Vec<_> = titles.collect();
        let widths = titles.iter().map(|title| title.len()).collect();
        Self { titles, widths, rows: Vec::new(), begun: false }
    }

    /// Returns the titles of the columns.
    pub(crate) fn titles(&self) -> impl Iterator<Item = &'static str> {
        self.titles.iter().copied()
    }

    /// Returns the titles as the first line of CSV.
    pub(crate) fn titles_as_csv(&self) -> String {
        self.titles.join(",") + "\n"
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, row: Vec<String>) {
        for (width, text) in self.widths.iter_mut().zip(&row) {
            *width = (*width).max(crate::text::width(text.as_bytes()));
        }
        self.rows.push(row);
    }

    /// Returns how many rows are to be written.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Appends the rows that are not written yet, below the titles.
    pub(crate) fn write(&mut self, color: bool, text: &mut Vec<u8>) {
        if !self.begun && !self.rows.is_empty() {
            self.begun = true;
            let style = if color { Style::new().bold() } else { Style::new() };
            let titles: Vec<String> = self.titles().map(str::to_owned).collect();
            let line = self.line(&titles);
            text.extend_from_slice(format!("{style}{line}{style:#}\n").as_bytes());
        }
        for row in std::mem::take(&mut self.rows) {
            text.extend_from_slice(self.line(&row).as_bytes());
            text.push(b'\n');
        }
    }

    /// Returns a row with its texts in their columns.
    fn line(&self, row: &[String]) -> String {
        let cells = row.iter().zip(&self.widths).map(|(text, most)| {
            let blank = most.saturating_sub(width(text.as_bytes()));
            format!("{}{text}", " ".repeat(blank))
        });
        cells.collect::<Vec<_>>().join(GAP)
    }
}
