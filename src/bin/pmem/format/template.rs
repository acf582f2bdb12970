//! Text made of elements: their scalars with something before, between and after.
//!
//! Every format that writes values one after another is such a template: lines with tabs or
//! commas, arrays and objects of JSON. An element that consists of scalars of one type, as most
//! do, is written by the loop over whole blocks that its codec has.

use crate::element::{Class, Codec, Element, Lines, Notation, Radix, Rows};

/// What stands around the scalars of an element.
#[derive(Debug)]
pub(super) struct Template {
    element: Element,
    notation: Notation,
    radix: Radix,
    /// What stands before the index, and after it; `None` without an index.
    index: Option<(&'static str, &'static str)>,
    /// What stands before the first scalar.
    open: Vec<u8>,
    /// What stands after each scalar.
    after: Vec<Vec<u8>>,
    fast: Option<(&'static Codec, Rows)>,
}

impl Template {
    /// Returns a template: `pieces` stand before, between and after the scalars, so that there is
    /// one more than there are scalars.
    pub(super) fn new(
        element: &Element,
        notation: Notation,
        radix: Radix,
        index: Option<(&'static str, &'static str)>,
        mut pieces: Vec<Vec<u8>>,
    ) -> Self {
        let after = pieces.split_off(1);
        let open = pieces.remove(0);
        let element = element.clone();
        let mut template = Self { element, notation, radix, index, open, after, fast: None };
        template.fast = template.rows();
        template
    }

    /// Returns a template whose scalars are separated by one byte, and end with another.
    pub(super) fn separated(
        element: &Element,
        notation: Notation,
        radix: Radix,
        index: Option<(&'static str, &'static str)>,
        (separator, end): (u8, u8),
    ) -> Self {
        let count = element.columns().len();
        let mut pieces = vec![vec![separator]; count + 1];
        pieces[0].clear();
        pieces[count] = vec![end];
        Self::new(element, notation, radix, index, pieces)
    }

    /// Returns how the codec writes whole blocks, if it can.
    fn rows(&self) -> Option<(&'static Codec, Rows)> {
        let run = self.element.uniform()?;
        let (last, others) = self.after.split_last()?;
        let ([end], separator) = (&**last, others.first().map_or(0, |piece| piece[0])) else {
            return None;
        };
        let simple = self.open.is_empty()
            && self.radix == Radix::Decimal
            && others.iter().all(|piece| **piece == [separator])
            && matches!(self.index, None | Some(("", ",")));
        let notation = self.notation;
        let rows = Rows { size: run.kind.size(), items: run.count, separator, end: *end, notation };
        simple.then(|| (run.kind.codec(), rows))
    }

    /// Appends the text of elements, the first of which has index `first`.
    pub(super) fn append(&self, first: u64, elements: &[u8], text: &mut Vec<u8>) {
        match (self.fast, self.index) {
            (Some((codec, rows)), None) => (codec.rows)(elements, rows, &mut Lines::new(text)),
            (Some((codec, rows)), Some(_)) => {
                (codec.indexed)(elements, first, rows, &mut Lines::new(text));
            }
            (None, _) => self.append_each(first, elements, text),
        }
    }

    /// Appends the text of elements, one scalar after another.
    fn append_each(&self, first: u64, elements: &[u8], text: &mut Vec<u8>) {
        let columns = self.element.columns();
        for (index, element) in (first..).zip(elements.chunks_exact(self.element.bytes())) {
            if let Some((before, after)) = self.index {
                text.extend_from_slice(before.as_bytes());
                text.extend_from_slice(itoa::Buffer::new().format(index).as_bytes());
                text.extend_from_slice(after.as_bytes());
            }
            text.extend_from_slice(&self.open);
            for (column, after) in columns.iter().zip(&self.after) {
                let bytes = &element[column.offset..][..column.kind.size()];
                let codec = column.kind.codec();
                match (self.radix, codec.class) {
                    (Radix::Decimal, _) | (_, Class::Text | Class::Bytes) => {
                        (codec.append)(bytes, self.notation, text);
                    }
                    _ => (codec.append_radix)(bytes, self.radix, text),
                }
                text.extend_from_slice(after);
            }
        }
    }
}
