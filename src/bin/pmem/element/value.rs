//! Values of whole elements, as people write them and as `dump` prints them.

use anyhow::{Context as _, ensure};

use super::shape::{Column, Element, Form};

impl Element {
    /// Appends the element that a text stands for, as little-endian bytes; padding is zero.
    ///
    /// Items are separated by commas, or by tabs, which is how `dump` separates them. One value
    /// without a comma fills every item of an array; of a complex number it is the real part.
    ///
    /// # Errors
    ///
    /// There are too few or too many items, or one is not a value of its type.
    pub(crate) fn parse_value(&self, text: &str, bytes: &mut Vec<u8>) -> anyhow::Result<()> {
        let columns = self.columns();
        let start = bytes.len();
        bytes.resize(start + self.bytes(), 0);
        let element = &mut bytes[start..];
        let parsed = self.split_value(text).and_then(|items| match (&*items, self.form()) {
            ([one], Form::Plain) => self.fill_items(one, element),
            _ => columns.iter().zip(&items).try_for_each(|(column, item)| {
                let place = &mut element[column.offset..][..column.kind.size()];
                column.in_context((column.kind.codec().parse)(item, place))
            }),
        });
        if parsed.is_err() {
            bytes.truncate(start);
        }
        parsed
    }

    /// Splits the text of an element into one text for each of its items. Of an array and of a
    /// complex number it may be a single one.
    ///
    /// # Errors
    ///
    /// There are too few or too many items.
    pub(crate) fn split_value(&self, text: &str) -> anyhow::Result<Vec<String>> {
        let columns = self.columns();
        let items = if columns.len() == 1 { vec![text.into()] } else { items(text) };
        let names = || columns.iter().map(|column| &*column.name).collect::<Vec<_>>();
        ensure!(
            items.len() == columns.len() || (items.len() == 1 && self.form() == Form::Plain),
            "'{text}' has {} item{}, and a {self} has {}: {}",
            items.len(),
            if items.len() == 1 { "" } else { "s" },
            columns.len(),
            abridged(&names()),
        );
        Ok(items)
    }

    /// Puts one value into every item of an array. The imaginary parts of complex numbers are zero.
    fn fill_items(&self, text: &str, element: &mut [u8]) -> anyhow::Result<()> {
        for field in self.fields() {
            let size = field.kind.size();
            let step = if field.complex { 2 * size } else { size };
            for place in element[field.offset..][..field.size()].chunks_exact_mut(step) {
                (field.kind.codec().parse)(text, &mut place[..size])?;
            }
        }
        Ok(())
    }
}

impl Column {
    /// Adds the name of the column to an error about its value.
    ///
    /// # Errors
    ///
    /// The one it is given.
    pub(crate) fn in_context<T>(&self, result: anyhow::Result<T>) -> anyhow::Result<T> {
        if self.name.is_empty() { result } else { result.with_context(|| self.name.clone()) }
    }
}

/// Splits a text into items, at tabs if it has any and otherwise at commas. An item may stand in
/// double quotes, in which a quote is doubled, as in CSV.
fn items(text: &str) -> Vec<String> {
    if text.contains('\t') {
        return text.split('\t').map(str::to_owned).collect();
    }
    let (mut items, mut item, mut quoted) = (Vec::new(), String::new(), false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                item.push('"');
            }
            '"' if quoted || item.is_empty() => quoted = !quoted,
            ',' if !quoted => items.push(std::mem::take(&mut item)),
            _ => item.push(character),
        }
    }
    items.push(item);
    items
}

/// Joins names, and leaves out the middle of many.
fn abridged(names: &[&str]) -> String {
    match names {
        [first, second, .., last] if names.len() > 8 => format!("{first},{second},…,{last}"),
        _ => names.join(","),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(element: &str, text: &str) -> anyhow::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        element.parse::<Element>().unwrap().parse_value(text, &mut bytes)?;
        Ok(bytes)
    }

    #[test]
    fn values() {
        for (element, text, expected) in [
            ("u16", "513", &[1, 2][..]),
            ("u8x3", "1,2,3", &[1, 2, 3]),
            ("u8x3", "1\t2\t3", &[1, 2, 3]),
            ("u8x3", "7", &[7, 7, 7]),
            ("x:u8,_:u8,y:u16", "1,2", &[1, 0, 2, 0]),
            ("@x:u8,y:u16", "1,2", &[1, 0, 2, 0]),
            ("ci8", "5", &[5, 0]),
            ("ci8x2", "1,-1,2,-2", &[1, 255, 2, 254]),
            ("str4", "a,b", b"a,b\0"),
            ("s:str3,n:u8", "\"a,b\",7", b"a,b\x07"),
            ("s:str3,n:u8", "a,7", b"a\0\0\x07"),
            ("hex2", "00ff", &[0, 255]),
        ] {
            assert_eq!(bytes(element, text).unwrap(), expected, "{element} {text}");
        }
    }

    #[test]
    fn refused() {
        for (element, text, message) in [
            ("u8x3", "1,2", "'1,2' has 2 items, and a u8x3 has 3: 0,1,2"),
            ("x:u8,y:u8", "1", "'1' has 1 item, and a x:u8,y:u8 has 2: x,y"),
            ("x:u8,y:u8", "1,300", "y: 300 is out of range: u8 is 0..=255"),
            ("u8", "1,2", "'1,2' is not a u8: expected a whole number"),
        ] {
            let error = format!("{:#}", bytes(element, text).unwrap_err());
            assert_eq!(error, message, "{element} {text}");
        }
    }
}
