//! `csv`: a header, then an element a line.

use anyhow::{anyhow, bail, ensure};

use super::value::{Wrong, parse};
use crate::convert::feed::{Decode, Place};
use crate::element::{Class, Element, Form};

/// Makes elements of records.
pub(in crate::convert) struct Csv {
    element: Element,
    /// Which column of the file each scalar is, counted from 0.
    columns: Vec<usize>,
}

/// Returns the columns of the file that are the scalars of an element, and whether the first record
/// is a header. `wanted` is the name or the number of one of them.
///
/// # Errors
///
/// There are no such columns, or it is not clear which are meant.
pub(in crate::convert) fn columns(
    first: &[u8],
    element: &Element,
    wanted: Option<&str>,
) -> anyhow::Result<(Vec<usize>, bool)> {
    let cells: Vec<String> = Cells { rest: Some(first), quoted: None }
        .map(|cell| String::from_utf8_lossy(cell.trim_ascii()).into_owned())
        .map(|cell| unquoted(&cell))
        .collect();
    let scalars = element.columns();
    let values: Vec<usize> =
        (0..cells.len()).filter(|index| cells[*index] != "index" || *index > 0).collect();
    let found = |name: &str| cells.iter().position(|cell| cell == name);
    let all = || cells.join(", ");
    let chosen = match wanted {
        Some(name) => {
            ensure!(scalars.len() == 1, "--column: {element} has {} columns", scalars.len());
            let number = name.parse().ok().and_then(|number: usize| number.checked_sub(1));
            match (found(name), number) {
                (Some(column), _) => vec![column],
                (None, Some(column)) if column < cells.len() => vec![column],
                _ => bail!("no column '{name}'; there are {}", all()),
            }
        }
        None => {
            let names = scalars.iter().map(|scalar| match &*scalar.name {
                "" => "value",
                name => name,
            });
            match names.map(found).collect::<Option<Vec<_>>>() {
                Some(columns) => columns,
                None if values.len() == scalars.len() => values,
                None if scalars.len() == 1 && element.form() == Form::Plain => {
                    bail!("there are {} columns: {}; --column says which", values.len(), all())
                }
                None => bail!("no columns for {element}; there are {}", all()),
            }
        }
    };
    let is_value = |(scalar, column): (&crate::element::Column, &usize)| {
        let mut place = vec![0; scalar.kind.size()];
        let is_text = matches!(scalar.kind.codec().class, Class::Text | Class::Bytes);
        !is_text && parse(scalar.kind, cells[*column].as_bytes(), 0, &mut place).is_ok()
    };
    // The names of the items of an array are numbers, and so may be values.
    let has_index = cells.first().is_some_and(|cell| cell == "index");
    let has_header = has_index || !scalars.iter().zip(&chosen).all(is_value);
    Ok((chosen, has_header))
}

impl Csv {
    /// Makes elements of these columns.
    pub(in crate::convert) fn new(element: &Element, columns: Vec<usize>) -> Self {
        Self { element: element.clone(), columns }
    }

    /// Parses a record that begins at `offset` of `text`.
    fn record(
        &self,
        text: &[u8],
        record: &[u8],
        cells: &mut Vec<(usize, usize)>,
        element: &mut [u8],
    ) -> Result<(), Wrong> {
        let start = |part: &[u8]| part.as_ptr() as usize - text.as_ptr() as usize;
        cells.clear();
        cells.extend(
            Cells { rest: Some(record), quoted: None }.map(|cell| (start(cell), cell.len())),
        );
        for (scalar, column) in self.element.columns().iter().zip(&self.columns) {
            let Some((offset, length)) = cells.get(*column).copied() else {
                let error = anyhow!("there is no column {}; there are {}", column + 1, cells.len());
                return Err(Wrong::at(start(record), error));
            };
            let cell = &text[offset..offset + length];
            let place = &mut element[scalar.offset..][..scalar.kind.size()];
            match cell {
                [b'"', ..] => {
                    let cell = unquoted(&String::from_utf8_lossy(cell));
                    parse(scalar.kind, cell.as_bytes(), offset, place)?;
                }
                _ if matches!(scalar.kind.codec().class, Class::Text) => {
                    parse(scalar.kind, cell, offset, place)?;
                }
                _ => parse(scalar.kind, cell.trim_ascii(), offset, place)?,
            }
        }
        Ok(())
    }
}

impl Decode for Csv {
    fn decode(&self, text: &[u8], start: Place, elements: &mut Vec<u8>) -> anyhow::Result<()> {
        let mut cells = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let length = record(rest);
            let line = &rest[..length];
            rest = &rest[(length + 1).min(rest.len())..];
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.is_empty() {
                continue;
            }
            let filled = elements.len();
            elements.resize(filled + self.element.bytes(), 0);
            self.record(text, line, &mut cells, &mut elements[filled..])
                .map_err(|wrong| wrong.located(text, start))?;
        }
        Ok(())
    }
}

/// Returns the length of the first record, without its end: a line break in quotes is part of it.
pub(in crate::convert) fn record(text: &[u8]) -> usize {
    let length = text.iter().position(|byte| *byte == b'\n').unwrap_or(text.len());
    if !text[..length].contains(&b'"') {
        return length;
    }
    let mut quoted = false;
    let end = text.iter().position(|byte| {
        quoted ^= *byte == b'"';
        *byte == b'\n' && !quoted
    });
    end.unwrap_or(text.len())
}

/// The cells of a record, with their quotes.
struct Cells<'a> {
    rest: Option<&'a [u8]>,
    /// Has the record quotes? Looked for once.
    quoted: Option<bool>,
}

impl<'a> Iterator for Cells<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest?;
        let has_quotes = *self.quoted.get_or_insert_with(|| rest.contains(&b'"'));
        let mut quoted = false;
        let end = rest.iter().position(|byte| {
            quoted ^= has_quotes && *byte == b'"';
            *byte == b',' && !quoted
        });
        self.rest = end.map(|end| &rest[end + 1..]);
        Some(&rest[..end.unwrap_or(rest.len())])
    }
}

/// Takes the quotes off a cell.
fn unquoted(cell: &str) -> String {
    match cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"')) {
        Some(cell) => cell.replace("\"\"", "\""),
        None => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(element: &str, wanted: Option<&str>, text: &str) -> anyhow::Result<Vec<u8>> {
        let element: Element = element.parse().unwrap();
        let header = record(text.as_bytes());
        let (columns, has_header) = columns(&text.as_bytes()[..header], &element, wanted)?;
        let begin = if has_header { header + 1 } else { 0 };
        let place = Place { line: if has_header { 2 } else { 1 }, column: 1 };
        let mut elements = Vec::new();
        Csv::new(&element, columns).decode(&text.as_bytes()[begin..], place, &mut elements)?;
        Ok(elements)
    }

    #[test]
    fn records() {
        for (element, wanted, text, expected) in [
            ("u8", None, "index,value\n0,7\n1,8\n", &[7, 8][..]),
            ("x:u8,y:u8", None, "index,y,x\n0,1,2\n", &[2, 1]),
            ("u8x2", None, "index,0,1\n0,1,2\n", &[1, 2]),
            ("u8", None, "a\n7\n", &[7]),
            ("u8", None, "7\n8\n", &[7, 8]),
            ("u8", Some("b"), "a,b\n1,2\n", &[2]),
            ("u8", Some("2"), "a,b\r\n1, 2\r\n\r\n", &[2]),
            ("str4", None, "index,value\n0,\"a,\"\"b\"\n", b"a,\"b"),
            ("str4", Some("s"), "s,n\n\"a\nb\",1\nc,2\n", b"a\nb\0c\0\0\0"),
            ("str4", None, "index,value\n0, a\n", b" a\0\0"),
        ] {
            assert_eq!(decode(element, wanted, text).unwrap(), expected, "{text:?}");
        }
    }

    #[test]
    fn refusals() {
        for (element, wanted, text, message) in [
            ("u8", None, "a,b\n1,2\n", "there are 2 columns: a, b; --column says which"),
            ("u8", Some("c"), "a,b\n1,2\n", "no column 'c'; there are a, b"),
            (
                "u8",
                Some("a"),
                "a,b\n1,2\n300,1\n",
                "line 3, column 1: 300 is out of range: u8 is 0..=255",
            ),
            (
                "u8",
                Some("b"),
                "a,b\n1,2\n3\n",
                "line 3, column 1: there is no column 2; there are 1",
            ),
            ("x:u8,z:u8", None, "x,y,w\n1,2,3\n", "no columns for x:u8,z:u8; there are x, y, w"),
        ] {
            let error = decode(element, wanted, text).unwrap_err();
            assert_eq!(crate::error::message(&error), message, "{text:?}");
        }
    }
}
