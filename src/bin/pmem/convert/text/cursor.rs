//! A place in the text of JSON, and the steps from there.

use std::borrow::Cow;

use anyhow::anyhow;

use super::value::Wrong;

/// How deep values may be nested.
const DEPTH: usize = 64;

/// A place in the text of JSON.
pub(super) struct Cursor<'a> {
    text: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Cursor<'a> {
    /// Begins at the start of a text.
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }

    /// Passes over spaces, and returns the byte that follows.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.text.get(self.at) {
            self.at += 1;
        }
        self.text.get(self.at).copied()
    }

    /// Passes over a byte, if it is the next one.
    #[inline]
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Passes over a byte.
    pub(super) fn expect(&mut self, byte: u8) -> Result<(), Wrong> {
        match self.take(byte) {
            true => Ok(()),
            false => Err(self.wrong(&format!("expected '{}'", char::from(byte)))),
        }
    }

    /// Says what is wrong here.
    pub(super) fn wrong(&self, what: &str) -> Wrong {
        let found = match self.text.get(self.at) {
            Some(byte) => format!("found '{}'", byte.escape_ascii()),
            None => "the text ends".into(),
        };
        Wrong::at(self.at, anyhow!("{what}, and {found}"))
    }

    /// Passes over a number, a word or a string, and returns its text, without quotes and escapes.
    pub(super) fn scalar(&mut self) -> Result<Cow<'a, [u8]>, Wrong> {
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'{' | b'[' | b']' | b'}' | b',' | b':') | None => {
                Err(self.wrong("expected a value"))
            }
            Some(_) => {
                let rest = &self.text[self.at..];
                let ends =
                    |byte: &u8| matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\n' | b'\r');
                let length = rest.iter().position(ends).unwrap_or(rest.len());
                self.at += length;
                Ok(Cow::Borrowed(&rest[..length]))
            }
        }
    }

    /// Passes over a string.
    pub(super) fn string(&mut self) -> Result<Cow<'a, [u8]>, Wrong> {
        self.peek();
        let start = self.at;
        self.expect(b'"')?;
        let (mut escaped, mut escapes) = (false, false);
        while let Some(byte) = self.text.get(self.at) {
            self.at += 1;
            match byte {
                _ if escaped => escaped = false,
                b'\\' => (escaped, escapes) = (true, true),
                b'"' if !escapes => {
                    return Ok(Cow::Borrowed(&self.text[start + 1..self.at - 1]));
                }
                b'"' => {
                    let string: String = serde_json::from_slice(&self.text[start..self.at])
                        .map_err(|_| Wrong::at(start, anyhow!("expected a string")))?;
                    return Ok(Cow::Owned(string.into_bytes()));
                }
                _ => {}
            }
        }
        Err(self.wrong("expected the end of a string"))
    }

    /// Passes over a value of any kind.
    pub(super) fn skip(&mut self, depth: usize) -> Result<(), Wrong> {
        let close = match self.peek() {
            Some(b'[') => b']',
            Some(b'{') => b'}',
            _ => return self.scalar().map(drop),
        };
        if depth > DEPTH {
            return Err(self.wrong("expected less nesting"));
        }
        self.at += 1;
        if self.take(close) {
            return Ok(());
        }
        loop {
            if close == b'}' {
                self.string()?;
                self.expect(b':')?;
            }
            self.skip(depth + 1)?;
            if !self.take(b',') {
                return self.expect(close);
            }
        }
    }
}
