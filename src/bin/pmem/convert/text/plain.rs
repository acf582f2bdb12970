//! `plain`: an element a line, its items separated by tabs, or by spaces and commas.

use anyhow::anyhow;

use super::value::{Wrong, parse};
use crate::convert::feed::{Decode, Place};
use crate::element::{Class, Element};
use crate::text::plural;

/// Makes elements of lines.
pub(in crate::convert) struct Plain {
    element: Element,
    /// The one item of each line that is taken, counted from 0; `None` for all.
    column: Option<usize>,
    /// Only tabs separate items in which spaces and commas may occur.
    only_tabs: bool,
}

impl Plain {
    /// Makes elements of all items of a line, or of one of them.
    pub(in crate::convert) fn new(element: &Element, column: Option<usize>) -> Self {
        let is_text = |class| matches!(class, Class::Text | Class::Bytes);
        let only_tabs = element.runs().iter().any(|run| is_text(run.kind.codec().class));
        Self { element: element.clone(), column, only_tabs }
    }

    /// Parses a line that begins at `offset`.
    fn line(&self, line: &[u8], offset: usize, element: &mut [u8]) -> Result<(), Wrong> {
        let columns = self.element.columns();
        let mut taken = 0;
        let mut found = 0;
        for (number, item) in self.items(line).enumerate() {
            found += 1;
            if self.column.is_some_and(|column| column != number) {
                continue;
            }
            if let Some(column) = columns.get(taken) {
                let place = &mut element[column.offset..][..column.kind.size()];
                let at = offset + (item.as_ptr() as usize - line.as_ptr() as usize);
                parse(column.kind, item, at, place)?;
            }
            taken += 1;
        }
        if taken == columns.len() {
            return Ok(());
        }
        let error = match self.column {
            Some(column) => anyhow!("there is no column {}; there are {found}", column + 1),
            None => anyhow!(
                "there are {}, and {} has {}",
                plural(taken as u64, "item"),
                self.element,
                columns.len()
            ),
        };
        Err(Wrong::at(offset, error))
    }

    /// Splits a line into its items.
    fn items<'a>(&self, line: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        let only_tabs = self.only_tabs;
        let is_separator = move |byte: &u8| match only_tabs {
            true => *byte == b'\t',
            false => matches!(byte, b'\t' | b' ' | b','),
        };
        line.split(is_separator).filter(move |item| only_tabs || !item.is_empty())
    }
}

impl Decode for Plain {
    fn decode(&self, text: &[u8], start: Place, elements: &mut Vec<u8>) -> anyhow::Result<()> {
        let single = self.element.single().filter(|_| self.column.is_none());
        let size = self.element.bytes();
        // A guess of how much will come, so that it need not be moved.
        elements.reserve(text.len() / 2);
        let mut offset = 0;
        while offset < text.len() {
            let rest = &text[offset..];
            let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            let line = &rest[..length];
            let at = offset;
            offset += length + 1;
            let line = if self.only_tabs { line } else { line.trim_ascii() };
            if line.is_empty() && !self.only_tabs {
                continue;
            }
            let filled = elements.len();
            elements.resize(filled + size, 0);
            let element = &mut elements[filled..];
            let parsed = match single {
                Some(column) => {
                    let at = at + (line.as_ptr() as usize - rest.as_ptr() as usize);
                    parse(column.kind, line, at, element)
                }
                None => self.line(line, at, element),
            };
            parsed.map_err(|wrong| wrong.located(text, start))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(element: &str, column: Option<usize>, text: &str) -> anyhow::Result<Vec<u8>> {
        let mut elements = Vec::new();
        let plain = Plain::new(&element.parse().unwrap(), column);
        plain.decode(text.as_bytes(), Place { line: 5, column: 1 }, &mut elements)?;
        Ok(elements)
    }

    #[test]
    fn lines() {
        for (element, column, text, expected) in [
            ("u8", None, "1\n2\n", &[1, 2][..]),
            ("u8", None, "1\r\n\n  2  ", &[1, 2]),
            ("u8x2", None, "1\t2\n3 4\n5, 6\n", &[1, 2, 3, 4, 5, 6]),
            ("u8", Some(1), "1\t2\n3\t4\n", &[2, 4]),
            ("str2", None, "ab\n\na b\n".trim_end_matches("b\n"), b"ab\0\0a "),
            ("s:str2,n:u8", None, "a,\t7\n", b"a,\x07"),
            ("x:u8,_:u8,y:u8", None, "1 2\n", &[1, 0, 2]),
            ("i8", None, "-0x10\n", &[0xf0]),
        ] {
            assert_eq!(decode(element, column, text).unwrap(), expected, "{element} {text:?}");
        }
    }

    #[test]
    fn errors_have_places() {
        for (element, column, text, message) in [
            ("u8", None, "1\n 300\n", "line 6, column 2: 300 is out of range: u8 is 0..=255"),
            (
                "f32x2",
                None,
                "1 2\n3 x\n",
                "line 6, column 3: 'x' is not an f32: expected a number, inf or NaN",
            ),
            ("u8x2", None, "1 2\n3\n", "line 6, column 1: there is 1 item, and u8x2 has 2"),
            ("u8", Some(2), "1 2\n", "line 5, column 1: there is no column 3; there are 2"),
        ] {
            let error = decode(element, column, text).unwrap_err();
            let message = message.replace("there is 1 item", "there are 1 item");
            assert_eq!(crate::error::message(&error), message, "{text:?}");
        }
    }
}
