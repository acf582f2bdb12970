//! `json`, one array, and `ndjson`, an object a line.

use anyhow::{anyhow, bail};

use super::cursor::Cursor;
use super::value::{Wrong, parse};
use crate::convert::feed::{Cut, Decode, Place};
use crate::element::{Column, Element, Form};

/// Makes elements of values of JSON.
pub(in crate::convert) struct Json {
    element: Element,
    /// The one member of each object that is taken, whatever it is called here.
    member: Option<String>,
    /// Are values a line each, objects of named members, and not separated by commas?
    lines: bool,
}

impl Json {
    /// Makes elements of the objects of `ndjson`, or of the values of `json`.
    pub(in crate::convert) fn new(element: &Element, member: Option<&str>, lines: bool) -> Self {
        Self { element: element.clone(), member: member.map(str::to_owned), lines }
    }

    /// Parses one element.
    fn element(&self, cursor: &mut Cursor<'_>, bytes: &mut [u8]) -> Result<(), Wrong> {
        let record = self.element.form() == Form::Record;
        let object = cursor.peek() == Some(b'{');
        match &self.member {
            Some(member) => self.only(cursor, member, bytes),
            None if record => self.record(cursor, bytes),
            None if self.lines && object => self.only(cursor, "value", bytes),
            None => self.plain(cursor, bytes),
        }
    }

    /// Parses an object of which one member is taken.
    fn only(&self, cursor: &mut Cursor<'_>, member: &str, bytes: &mut [u8]) -> Result<(), Wrong> {
        let start = cursor.at;
        let mut found = false;
        members(cursor, |cursor, name| {
            if name != member.as_bytes() {
                return cursor.skip(0);
            }
            found = true;
            self.plain(cursor, bytes)
        })?;
        match found {
            true => Ok(()),
            false => Err(Wrong::at(start, anyhow!("there is no \"{member}\""))),
        }
    }

    /// Parses an object whose members are the fields.
    fn record(&self, cursor: &mut Cursor<'_>, bytes: &mut [u8]) -> Result<(), Wrong> {
        let start = cursor.at;
        let fields = self.element.fields();
        let mut seen = vec![false; fields.len()];
        members(cursor, |cursor, name| {
            let is_it = |field: &crate::element::Field| {
                !field.is_padding() && field.name.as_bytes() == name
            };
            let Some(index) = fields.iter().position(is_it) else { return cursor.skip(0) };
            seen[index] = true;
            let field = &fields[index];
            let first = self.first_column(field.offset);
            let mut columns = self.element.columns()[first..first + field.scalars()].iter();
            array(cursor, field.dimensions.sizes(), field.complex, &mut columns, bytes)
        })?;
        match fields.iter().zip(seen).find(|(field, seen)| !seen && !field.is_padding()) {
            Some((field, _)) => Err(Wrong::at(start, anyhow!("there is no \"{}\"", field.name))),
            None => Ok(()),
        }
    }

    /// Parses an element without names.
    fn plain(&self, cursor: &mut Cursor<'_>, bytes: &mut [u8]) -> Result<(), Wrong> {
        let mut columns = self.element.columns().iter();
        if let [field] = self.element.fields() {
            return array(cursor, field.dimensions.sizes(), field.complex, &mut columns, bytes);
        }
        cursor.expect(b'[')?;
        for (index, field) in self.element.fields().iter().enumerate() {
            if index > 0 {
                cursor.expect(b',')?;
            }
            array(cursor, field.dimensions.sizes(), field.complex, &mut columns, bytes)?;
        }
        cursor.expect(b']')
    }

    /// The column at which a field begins.
    fn first_column(&self, offset: usize) -> usize {
        let columns = self.element.columns();
        columns.iter().position(|column| column.offset == offset).unwrap_or(0)
    }
}

/// Goes through the members of an object: `take` gets each name, and passes over the value.
fn members<'a>(
    cursor: &mut Cursor<'a>,
    mut take: impl FnMut(&mut Cursor<'a>, &[u8]) -> Result<(), Wrong>,
) -> Result<(), Wrong> {
    cursor.expect(b'{')?;
    if cursor.take(b'}') {
        return Ok(());
    }
    loop {
        let name = cursor.string()?;
        cursor.expect(b':')?;
        take(cursor, &name)?;
        if !cursor.take(b',') {
            return cursor.expect(b'}');
        }
    }
}

/// Parses an array of so many dimensions.
fn array<'c>(
    cursor: &mut Cursor<'_>,
    sizes: &[u32],
    complex: bool,
    columns: &mut impl Iterator<Item = &'c Column>,
    bytes: &mut [u8],
) -> Result<(), Wrong> {
    if let Some((size, inner)) = sizes.split_first() {
        cursor.expect(b'[')?;
        for index in 0..*size {
            if index > 0 {
                cursor.expect(b',')?;
            }
            array(cursor, inner, complex, columns, bytes)?;
        }
        return cursor.expect(b']');
    }
    if complex {
        let (Some(re), Some(im)) = (columns.next(), columns.next()) else { return Ok(()) };
        let (start, mut seen) = (cursor.at, [false; 2]);
        members(cursor, |cursor, name| match name {
            b"re" => {
                seen[0] = true;
                scalar(cursor, re, bytes)
            }
            b"im" => {
                seen[1] = true;
                scalar(cursor, im, bytes)
            }
            _ => cursor.skip(0),
        })?;
        return match seen {
            [true, true] => Ok(()),
            _ => Err(Wrong::at(start, anyhow!("expected {{\"re\":…,\"im\":…}}"))),
        };
    }
    match columns.next() {
        Some(column) => scalar(cursor, column, bytes),
        None => Ok(()),
    }
}

/// Parses a scalar.
#[inline]
fn scalar(cursor: &mut Cursor<'_>, column: &Column, bytes: &mut [u8]) -> Result<(), Wrong> {
    cursor.peek();
    let start = cursor.at;
    let text = cursor.scalar()?;
    parse(column.kind, &text, start, &mut bytes[column.offset..][..column.kind.size()])
}

impl Decode for Json {
    fn decode(&self, text: &[u8], start: Place, elements: &mut Vec<u8>) -> anyhow::Result<()> {
        let mut cursor = Cursor::new(text);
        let size = self.element.bytes();
        let mut first = true;
        while cursor.peek().is_some() {
            let separated = first || self.lines || cursor.take(b',');
            first = false;
            let filled = elements.len();
            elements.resize(filled + size, 0);
            let parsed = match separated {
                true => self.element(&mut cursor, &mut elements[filled..]),
                false => Err(cursor.wrong("expected ','")),
            };
            parsed.map_err(|wrong| wrong.located(text, start))?;
        }
        Ok(())
    }
}

/// Cuts an array between its elements.
#[derive(Default)]
pub(in crate::convert) struct Array {
    state: State,
}

/// Where in the array the next text begins.
#[derive(Clone, Copy, Default, Eq, PartialEq)]
enum State {
    /// Before it.
    #[default]
    Before,
    /// Before an element.
    Inside,
    /// Behind it.
    Behind,
}

impl Array {
    /// Returns where the first element begins.
    ///
    /// # Errors
    ///
    /// This is no array.
    pub(in crate::convert) fn begin(&mut self, text: &[u8]) -> anyhow::Result<usize> {
        let start = text.iter().position(|byte| !byte.is_ascii_whitespace());
        match start.filter(|start| text[*start] == b'[') {
            Some(start) => {
                self.state = State::Inside;
                Ok(start + 1)
            }
            None => bail!(
                "{}: expected an array, which begins with '['",
                Place::START.after(&text[..start.unwrap_or(0)])
            ),
        }
    }
}

impl Cut for Array {
    fn cut(&mut self, text: &[u8], ends: bool) -> anyhow::Result<Option<(usize, usize)>> {
        if self.state == State::Behind {
            return match text.iter().all(u8::is_ascii_whitespace) {
                true => Ok(ends.then_some((0, text.len()))),
                false => bail!("there is more behind the array"),
            };
        }
        let (mut depth, mut last) = (0_usize, None);
        let (mut quoted, mut escaped) = (false, false);
        for (index, byte) in text.iter().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                _ if quoted => {}
                b'[' | b'{' => depth += 1,
                b',' if depth == 0 => last = Some(index),
                b']' | b'}' if depth > 0 => depth -= 1,
                b']' => {
                    self.state = State::Behind;
                    if text[..index].iter().all(u8::is_ascii_whitespace) && index > 0 {
                        return Ok(Some((0, index + 1)));
                    }
                    return Ok(Some((index, 1)));
                }
                _ => {}
            }
        }
        match last {
            _ if ends => bail!("the array does not end"),
            Some(last) => Ok(Some((last, 1))),
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(element: &str, lines: bool, text: &str) -> anyhow::Result<Vec<u8>> {
        let mut elements = Vec::new();
        let json = Json::new(&element.parse().unwrap(), None, lines);
        json.decode(text.as_bytes(), Place::START, &mut elements)?;
        Ok(elements)
    }

    #[test]
    fn values() {
        for (element, lines, text, expected) in [
            ("u8", false, "1, 2,3", &[1, 2, 3][..]),
            ("u8x2", false, "[1,2],[3,4]", &[1, 2, 3, 4]),
            ("u8x2x2", false, "[[1,2],[3,4]]", &[1, 2, 3, 4]),
            ("x:u8,y:u8", false, "{\"y\":1,\"more\":[{}],\"x\":2}", &[2, 1]),
            ("u8", true, "{\"index\":0,\"value\":7}\n{\"value\":8}\n", &[7, 8]),
            ("u8", true, "7\n8\n", &[7, 8]),
            ("x:u8,p:u8x2", true, "{\"index\":0,\"x\":1,\"p\":[2,3]}\n", &[1, 2, 3]),
            ("ci8", false, "{\"re\":1,\"im\":-1}", &[1, 255]),
            ("str3", false, "\"a\\\"\",\"b\"", b"a\"\0b\0\0"),
            ("bool", false, "true,false", &[1, 0]),
        ] {
            assert_eq!(decode(element, lines, text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn refusals() {
        for (element, lines, text, message) in [
            ("u8", false, "1,\n300", "line 2, column 1: 300 is out of range: u8 is 0..=255"),
            ("u8", false, "1 2", "line 1, column 3: expected ',', and found '2'"),
            ("u8x2", false, "[1]", "line 1, column 3: expected ',', and found ']'"),
            ("u8", true, "{\"v\":1}", "line 1, column 1: there is no \"value\""),
            ("x:u8", true, "{\"y\":1}", "line 1, column 1: there is no \"x\""),
            ("u8", false, "null", "line 1, column 1: 'null' is not a u8: expected a whole number"),
            ("u8", false, "[1", "line 1, column 1: expected a value, and found '['"),
        ] {
            let error = decode(element, lines, text).unwrap_err();
            assert_eq!(crate::error::message(&error), message, "{text}");
        }
        let deep = "[".repeat(1000);
        assert!(decode("x:u8", true, &format!("{{\"y\":{deep}")).is_err());
    }

    #[test]
    fn arrays_are_cut_between_elements() {
        let mut cut = Array::default();
        assert_eq!(cut.begin(b" [").unwrap(), 2);
        for (text, ends, expected) in [
            ("[1,2],{\"a\":\",\"},[3", false, Some((15, 1))),
            ("[1,", false, None),
            ("1,2]", true, Some((3, 1))),
        ] {
            assert_eq!(cut.cut(text.as_bytes(), ends).unwrap(), expected, "{text}");
        }
        assert!(cut.cut(b"x", true).is_err());
        assert!(Array::default().begin(b"1").is_err());
    }
}
