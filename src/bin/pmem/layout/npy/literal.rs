//! Literals of Python, as they stand in the header of a `.npy` file.

use std::ops::Range;

use anyhow::{anyhow, bail, ensure};

/// A literal.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Literal {
    /// A text.
    Text(String),
    /// A number without a sign, and the place of its digits; Python 2 wrote an `L` behind them.
    Number(u64, Range<usize>),
    /// `True` or `False`.
    Bool(bool),
    /// Items in round or square brackets.
    Items(Vec<Literal>),
    /// Keys and values in braces.
    Pairs(Vec<(String, Literal)>),
}

/// Encoding of the text in a header.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Encoding {
    /// Versions 1.0 and 2.0.
    Latin1,
    /// Version 3.0.
    Utf8,
}

/// How deeply literals may be nested.
const DEEPEST: usize = 16;

/// Parses a literal that nothing but white space follows, and returns where it ends.
///
/// # Errors
///
/// The text is no such literal.
pub(super) fn parse(text: &[u8], encoding: Encoding) -> anyhow::Result<(Literal, usize)> {
    let mut parser = Parser { text, encoding, at: 0 };
    let literal = parser.literal(0)?;
    let end = parser.at;
    parser.skip_space();
    ensure!(parser.at == text.len(), "byte {} of it follows the literal", parser.at);
    Ok((literal, end))
}

/// How far a text has been read.
struct Parser<'a> {
    text: &'a [u8],
    encoding: Encoding,
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Passes over a byte, if it comes next.
    fn skip(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Says that something else was expected.
    fn unexpected(&self) -> anyhow::Error {
        match self.peek() {
            Some(byte) => anyhow!("'{}' at byte {} of it", byte.escape_ascii(), self.at),
            None => anyhow!("it ends too early"),
        }
    }

    fn literal(&mut self, depth: usize) -> anyhow::Result<Literal> {
        ensure!(depth <= DEEPEST, "it is nested more than {DEEPEST} times");
        self.skip_space();
        match self.peek().ok_or_else(|| self.unexpected())? {
            b'\'' | b'"' => self.text().map(Literal::Text),
            b'0'..=b'9' => self.number(),
            b'(' => self.items(b')', depth),
            b'[' => self.items(b']', depth),
            b'{' => self.pairs(depth),
            // Python 2 marked text that is no bytes.
            b'u' | b'b' if matches!(self.text.get(self.at + 1), Some(b'\'' | b'"')) => {
                self.at += 1;
                self.text().map(Literal::Text)
            }
            _ => self.word(),
        }
    }

    fn word(&mut self) -> anyhow::Result<Literal> {
        for (word, value) in [(&b"True"[..], true), (b"False", false)] {
            if self.text[self.at..].starts_with(word) {
                self.at += word.len();
                return Ok(Literal::Bool(value));
            }
        }
        Err(self.unexpected())
    }

    fn number(&mut self) -> anyhow::Result<Literal> {
        let start = self.at;
        let mut number = 0_u64;
        while let Some(byte @ b'0'..=b'9') = self.peek() {
            number = number
                .checked_mul(10)
                .and_then(|number| number.checked_add(u64::from(byte - b'0')))
                .ok_or_else(|| anyhow!("a number at byte {start} of it is too large"))?;
            self.at += 1;
        }
        let digits = start..self.at;
        self.skip(b'L');
        Ok(Literal::Number(number, digits))
    }

    fn items(&mut self, end: u8, depth: usize) -> anyhow::Result<Literal> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_space();
            if self.skip(end) {
                return Ok(Literal::Items(items));
            }
            items.push(self.literal(depth + 1)?);
            self.separator(end)?;
        }
    }

    fn pairs(&mut self, depth: usize) -> anyhow::Result<Literal> {
        self.at += 1;
        let mut pairs = Vec::new();
        loop {
            self.skip_space();
            if self.skip(b'}') {
                return Ok(Literal::Pairs(pairs));
            }
            let Literal::Text(key) = self.literal(depth + 1)? else { bail!("a key is no text") };
            self.skip_space();
            ensure!(self.skip(b':'), self.unexpected());
            pairs.push((key, self.literal(depth + 1)?));
            self.separator(b'}')?;
        }
    }

    /// Passes over a comma; before the end there need not be one.
    fn separator(&mut self, end: u8) -> anyhow::Result<()> {
        self.skip_space();
        ensure!(self.skip(b',') || self.peek() == Some(end), self.unexpected());
        Ok(())
    }

    fn text(&mut self) -> anyhow::Result<String> {
        let quote = self.text[self.at];
        self.at += 1;
        let mut text = String::new();
        loop {
            let start = self.at;
            while self.peek().is_some_and(|byte| byte != quote && byte != b'\\') {
                self.at += 1;
            }
            text.push_str(&decode(&self.text[start..self.at], self.encoding)?);
            if self.skip(quote) {
                return Ok(text);
            }
            ensure!(self.skip(b'\\'), self.unexpected());
            text.push(self.escaped()?);
        }
    }

    /// Reads what follows a backslash.
    fn escaped(&mut self) -> anyhow::Result<char> {
        let byte = self.peek().ok_or_else(|| self.unexpected())?;
        self.at += 1;
        let digits = match byte {
            b'n' => return Ok('\n'),
            b'r' => return Ok('\r'),
            b't' => return Ok('\t'),
            b'\\' | b'\'' | b'"' => return Ok(char::from(byte)),
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            _ => bail!("an unknown escape at byte {} of it", self.at - 2),
        };
        let code = self.text.get(self.at..self.at + digits);
        let code =
            code.and_then(|code| u32::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
        self.at += digits;
        code.and_then(char::from_u32).ok_or_else(|| anyhow!("an escape names no character"))
    }
}

/// Decodes text.
fn decode(bytes: &[u8], encoding: Encoding) -> anyhow::Result<String> {
    match encoding {
        Encoding::Latin1 => Ok(bytes.iter().copied().map(char::from).collect()),
        Encoding::Utf8 => {
            let text = std::str::from_utf8(bytes).map_err(|_| anyhow!("it is not UTF-8"))?;
            Ok(text.to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(text: &str) -> Literal {
        Literal::Text(text.into())
    }

    #[test]
    fn literals() {
        for (source, literal) in [
            ("'a'", text("a")),
            (r#""a'b""#, text("a'b")),
            (r"'\'\\\n\xe9\u2202'", text("'\\\n\u{e9}\u{2202}")),
            ("u'a'", text("a")),
            (" True\n", Literal::Bool(true)),
            ("10L", Literal::Number(10, 0..2)),
            ("()", Literal::Items(vec![])),
            ("(1,)", Literal::Items(vec![Literal::Number(1, 1..2)])),
            ("[ 'a' , 'b' ]", Literal::Items(vec![text("a"), text("b")])),
            ("{'a':False,}", Literal::Pairs(vec![("a".into(), Literal::Bool(false))])),
        ] {
            assert_eq!(parse(source.as_bytes(), Encoding::Latin1).unwrap().0, literal, "{source}");
        }
    }

    #[test]
    fn encodings() {
        let parsed = |bytes, encoding| parse(bytes, encoding).map(|(literal, _)| literal);
        assert_eq!(parsed(b"'\xe9'", Encoding::Latin1).unwrap(), text("\u{e9}"));
        assert_eq!(parsed("'\u{2202}'".as_bytes(), Encoding::Utf8).unwrap(), text("\u{2202}"));
        assert!(parsed(b"'\xe9'", Encoding::Utf8).is_err());
    }

    #[test]
    fn refused() {
        for source in [
            "",
            "'",
            "'a",
            "(1",
            "(1 2)",
            "{1:2}",
            "{'a' 2}",
            "{'a':}",
            "-1",
            "None",
            "1 1",
            "'\\",
            "'\\xg0'",
            "'\\q'",
            "18446744073709551616",
            "1+1",
            "(,)",
            "'\\ud800'",
        ] {
            assert!(parse(source.as_bytes(), Encoding::Latin1).is_err(), "{source}");
        }
        assert!(parse(&[b'('; 1 << 20], Encoding::Latin1).is_err());
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[{}()\\[\\]'\":,0-9LTrue\\\\x ]{0,40}") {
            let _ = parse(text.as_bytes(), Encoding::Utf8);
        }
    }
}
