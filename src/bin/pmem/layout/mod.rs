//! Where the elements of a file lie, and what is left over.
//!
//! [`Layout`] is the only code that turns the index of an element into the place of its bytes.

mod axes;
mod bin;
mod find;
mod format;
mod idx;
mod left_over;
mod llmc;
mod look;
mod npy;
mod safetensors;
mod vecs;

use std::ops::Range;
use std::sync::Arc;

pub(crate) use self::axes::shown;
pub(crate) use self::find::{Wanted, type_of_name};
pub(crate) use self::format::{Format, Header, Patch};
pub(crate) use self::left_over::{LeftOver, Partial};
pub(crate) use self::look::{Look, Nothing};
pub(crate) use self::safetensors::{Tensor, Tensors};

use crate::element::Element;

/// Where the elements of a file lie.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    element: Element,
    start: u64,
    /// Length of the file; `None` for what is read to its end.
    len: Option<u64>,
    header: Option<Arc<dyn Header>>,
}

impl Layout {
    /// Lays elements out from the byte `start` to the end of a file of `len` bytes.
    pub(crate) fn raw(element: Element, start: u64, len: Option<u64>) -> Self {
        Self { element, start, len, header: None }
    }

    /// Lays elements out as a header says, from the byte `start` of a file of `len` bytes.
    pub(crate) fn with_header(
        element: Element,
        start: u64,
        len: Option<u64>,
        header: impl Header + 'static,
    ) -> Self {
        Self { element, start, len, header: Some(Arc::new(header)) }
    }

    /// Returns the same layout for a file of another length.
    pub(crate) fn with_len(&self, len: u64) -> Self {
        Self { len: Some(len), ..self.clone() }
    }

    /// Returns what an element is.
    pub(crate) fn element(&self) -> &Element {
        &self.element
    }

    /// Returns the place of the first element, in bytes.
    pub(crate) fn start(&self) -> u64 {
        self.start
    }

    /// Returns the length of the file, if it has one.
    pub(crate) fn len(&self) -> Option<u64> {
        self.len
    }

    /// Returns the header in front of the elements, if there is one.
    pub(crate) fn header(&self) -> Option<&dyn Header> {
        self.header.as_deref()
    }

    /// Returns the format of the file.
    pub(crate) fn format(&self) -> Format {
        self.header().map_or(Format::Raw, Header::format)
    }

    /// Returns how many whole elements there are: those that the header counts, as far as the file
    /// reaches. Of what is read to its end nobody knows without a header.
    pub(crate) fn count(&self) -> Option<u64> {
        let there = self.len.map(|len| len.saturating_sub(self.start) / self.element.size());
        let counted = self.header().and_then(Header::count);
        match (there, counted) {
            (Some(there), Some(counted)) => Some(there.min(counted)),
            (there, counted) => there.or(counted),
        }
    }

    /// Returns the place of an element, in bytes.
    pub(crate) fn offset(&self, index: u64) -> u64 {
        self.start.saturating_add(index.saturating_mul(self.element.size()))
    }

    /// Returns the place of a range of elements, in bytes.
    pub(crate) fn bytes(&self, range: Range<u64>) -> Range<u64> {
        self.offset(range.start)..self.offset(range.end)
    }

    /// Returns how many whole elements end at or before a place, in bytes.
    pub(crate) fn elements_before(&self, place: u64) -> u64 {
        place.saturating_sub(self.start) / self.element.size()
    }

    /// Returns how many elements begin before a place, in bytes.
    pub(crate) fn elements_begun_before(&self, place: u64) -> u64 {
        place.saturating_sub(self.start).div_ceil(self.element.size())
    }

    /// Returns the bytes behind the last element, or `None` for what is read to its end.
    pub(crate) fn left_over(&self) -> Option<LeftOver> {
        let (len, count) = (self.len?, self.count()?);
        let end = self.offset(count);
        let end = self.header().map_or(end, |header| header.end(end));
        let counted = |header: &dyn Header| Some((header.format(), header.count()?));
        Some(LeftOver {
            element: self.element.clone(),
            start: self.start,
            bytes: len.saturating_sub(end),
            len,
            counted: self.header().and_then(counted),
            count,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(element: &str, start: u64, len: u64) -> Layout {
        Layout::raw(element.parse().unwrap(), start, Some(len))
    }

    #[test]
    fn places() {
        let layout = layout("u24", 44, 44 + 3 * 7 + 2);
        assert_eq!(layout.count(), Some(7));
        assert_eq!(layout.bytes(2..4), 50..56);
        assert_eq!(layout.left_over().unwrap().bytes, 2);
        for (place, before, begun) in
            [(0, 0, 0), (44, 0, 0), (45, 0, 1), (46, 0, 1), (47, 1, 1), (48, 1, 2), (50, 2, 2)]
        {
            assert_eq!(layout.elements_before(place), before, "{place}");
            assert_eq!(layout.elements_begun_before(place), begun, "{place}");
        }
    }

    #[test]
    fn start_beyond_the_end() {
        let layout = layout("u64", 100, 10);
        assert_eq!((layout.count(), layout.left_over().unwrap().bytes), (Some(0), 0));
    }

    #[test]
    fn far_indices_do_not_overflow() {
        let layout = layout("u64", 1, 10);
        assert_eq!(layout.offset(u64::MAX), u64::MAX);
    }
}
