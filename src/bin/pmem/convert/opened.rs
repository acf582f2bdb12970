//! What is converted: a file that has been opened.

use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};

#[cfg(feature = "columnar")]
use super::columnar;
use super::feed::{Decode, Elements, Feed, Lines, Texts};
use super::file_format::FileFormat;
use super::text;
use crate::argument::Span;
use crate::element::{Element, FieldList, Selection};
use crate::env::Env;
use crate::error::At as _;
use crate::input::{Input, Reader, Source};
use crate::layout::{Format, Layout, Partial, Wanted};

/// A file to convert.
pub(crate) struct Opened {
    /// Yields its elements, or the text of them.
    pub(super) feed: Box<dyn Feed>,
    /// Makes elements of text.
    pub(super) decode: Option<Box<dyn Decode>>,
    /// Its name.
    pub(super) path: PathBuf,
    /// Which fields are taken.
    pub(super) selection: Selection,
    /// Which elements are taken.
    pub(super) range: Range<u64>,
    /// How many that are, if that is known.
    pub(super) count: Option<u64>,
    /// Bytes that will be read, as far as that is known.
    pub(super) bytes: u64,
    /// Where elements lie that need no decoding.
    layout: Option<(Layout, Span)>,
}

impl Opened {
    /// Opens a file of elements. Of vectors that carry their dimension, the vectors are taken,
    /// unless fields are named.
    ///
    /// # Errors
    ///
    /// It cannot be read, or has no such elements.
    pub(crate) fn elements(path: &Path, wanted: Wanted, span: Span) -> anyhow::Result<Self> {
        let Input { source, layout, mut selection } = Input::open(path, &wanted)?;
        if layout.format() == Format::Vecs && wanted.fields.is_none() {
            let vector = layout.element().fields().last().map(|field| field.name.parse());
            selection = Selection::of(layout.element(), vector.transpose()?.as_ref()).at(path)?;
        }
        let count = layout.count();
        let range = span.resolve(layout.element(), count).at(path)?.clamped();
        let reader = Reader::new(path, source, &layout, range.clone());
        let count = count.map(|_| range.end - range.start);
        let bytes = count.unwrap_or(0).saturating_mul(layout.element().size());
        let layout = Some((layout, span));
        let feed = Box::new(Elements { reader });
        let path = path.to_owned();
        Ok(Self { feed, decode: None, path, selection, range, count, bytes, layout })
    }

    /// Opens a text whose elements are of the type `element`. `column` is the name or the number of
    /// the one that is taken.
    ///
    /// # Errors
    ///
    /// It cannot be read, or has no such columns.
    pub(crate) fn text(
        path: &Path,
        format: FileFormat,
        (element, fields): (&Element, Option<&FieldList>),
        column: Option<&str>,
        span: Span,
    ) -> anyhow::Result<Self> {
        let source = Source::open(path)?;
        let span = (span, source.len.unwrap_or(0));
        let (feed, decode): (Box<dyn Feed>, Box<dyn Decode>) = match format {
            FileFormat::Csv => {
                let mut texts = Texts::new(path, source, Lines { quotes: true });
                let start = texts.peek()?;
                let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
                let header = &start[..text::record(start)];
                let (columns, has_header) = text::columns(header, element, column).at(path)?;
                if has_header {
                    let length = text::record(texts.peek()?) + 1;
                    texts.skip(length);
                }
                (Box::new(texts), Box::new(text::Csv::new(element, columns)))
            }
            FileFormat::Json => {
                let mut array = text::Array::default();
                let mut texts = Texts::new(path, source, Lines { quotes: false });
                let start = array.begin(texts.peek()?).at(path)?;
                texts.skip(start);
                let decode = Box::new(text::Json::new(element, column, false));
                (Box::new(texts.cut_by(array)), decode)
            }
            FileFormat::Ndjson => {
                let texts = Texts::new(path, source, Lines { quotes: false });
                (Box::new(texts), Box::new(text::Json::new(element, column, true)))
            }
            _ => {
                let texts = Texts::new(path, source, Lines { quotes: false });
                let column = column.map(number).transpose().context("--column")?;
                (Box::new(texts), Box::new(text::Plain::new(element, column)))
            }
        };
        Self::decoded(path, feed, Some(decode), element, fields, span)
    }

    /// Opens a Parquet or Arrow file. `wanted` is what its elements are, if the user says so, and
    /// `column` the only column that is taken.
    ///
    /// # Errors
    ///
    /// It cannot be read, or has no such elements.
    #[cfg(feature = "columnar")]
    pub(crate) fn columns(
        path: &Path,
        format: FileFormat,
        (wanted, fields): (Option<&Element>, Option<&FieldList>),
        column: Option<&str>,
        span: Span,
    ) -> anyhow::Result<Self> {
        let (feed, element) = match format {
            FileFormat::Arrow => columnar::open_arrow(path, wanted, column)?,
            _ => columnar::open_parquet(path, wanted, column)?,
        };
        Self::decoded(path, feed, None, &element, fields, (span, 0))
    }

    /// Takes what a feed yields, which has to be read to see how much it is.
    ///
    /// # Errors
    ///
    /// There are no such fields, or the range counts from the end.
    pub(super) fn decoded(
        path: &Path,
        feed: Box<dyn Feed>,
        decode: Option<Box<dyn Decode>>,
        element: &Element,
        fields: Option<&FieldList>,
        (span, bytes): (Span, u64),
    ) -> anyhow::Result<Self> {
        let selection = Selection::of(element, fields).at(path)?;
        let range = span.resolve(element, None).at(path)?.clamped();
        let path = path.to_owned();
        Ok(Self { feed, decode, path, selection, range, count: None, bytes, layout: None })
    }

    /// Returns the fields that are taken.
    pub(crate) fn selection(&self) -> &Selection {
        &self.selection
    }

    /// Returns the bytes that will be read, as far as that is known.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Returns how many elements are taken, if that is known.
    pub(crate) fn count(&self) -> Option<u64> {
        self.count
    }

    /// Reports what of the range is not there, and what is left over, once all has been read.
    ///
    /// # Errors
    ///
    /// Something is left over, and that is to be an error.
    pub(crate) fn report(&self, path: &Path, partial: Partial, env: &Env) -> anyhow::Result<()> {
        let Some((layout, span)) = &self.layout else { return Ok(()) };
        let layout = match (layout.len(), self.feed.len()) {
            (None, Some(len)) => layout.with_len(len),
            _ => layout.clone(),
        };
        let resolved = span.resolve(layout.element(), layout.count()).at(path)?;
        if let Some(left_over) = layout.left_over() {
            partial.report(&left_over, resolved.reaches_end(), path, env)?;
        }
        if let Err(beyond) = resolved.inside() {
            env.warn(path, beyond);
        }
        Ok(())
    }
}

/// Parses the number of a column, which is counted from 1.
fn number(text: &str) -> anyhow::Result<usize> {
    let number = text.parse().ok().and_then(|number: usize| number.checked_sub(1));
    number.ok_or_else(|| anyhow!("'{text}': columns of plain text have numbers, from 1 on"))
}
