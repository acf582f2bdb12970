//! File names in messages.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};
use std::path::Path;

use unicode_width::UnicodeWidthStr;

/// Shows a file name on one line: control characters and bytes that are not UTF-8 are escaped.
///
/// `-` shows as `standard input`, which it is wherever a command reads it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name<'a>(pub(crate) &'a Path);

impl Display for Name<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.0.as_os_str() == "-" {
            return f.write_str("standard input");
        }
        for chunk in self.0.as_os_str().as_encoded_bytes().utf8_chunks() {
            f.write_str(&printable(chunk.valid()))?;
            for byte in chunk.invalid() {
                write!(f, "\\x{byte:02x}")?;
            }
        }
        Ok(())
    }
}

/// Shows a file name as a shell takes it: in single quotes where it needs them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quoted<'a>(pub(crate) &'a Path);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let name = Name(self.0).to_string();
        let plain = |c: char| c.is_alphanumeric() || "_-./+,:@%".contains(c);
        match !name.is_empty() && name.chars().all(plain) {
            true => f.write_str(&name),
            false => write!(f, "'{}'", name.replace('\'', "'\\''")),
        }
    }
}

/// Escapes what would end a line, move the cursor, or turn the direction of what follows.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_harmful) {
        return text.into();
    }
    let mut printable = String::new();
    for character in text.chars() {
        match is_harmful(character) {
            true => printable.extend(character.escape_default()),
            false => printable.push(character),
        }
    }
    printable.into()
}

/// Returns whether a character would end a line, move the cursor, turn the direction of what
/// follows, or be no character at all.
pub(crate) fn is_harmful(character: char) -> bool {
    let is_order = matches!(character, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    // No text has these; programs use them for what is not text.
    let is_private = matches!(character, '\u{fdd0}'..='\u{fdef}');
    character.is_control() || is_order || is_private
}

/// Returns the columns that a text takes on a terminal.
pub(crate) fn width(text: &[u8]) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    UnicodeWidthStr::width(&*String::from_utf8_lossy(text))
}

#[cfg(all(test, unix))]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    use super::*;

    #[test]
    fn names() {
        for (name, shown) in [
            (&b"data.bin"[..], "data.bin"),
            ("größe".as_bytes(), "größe"),
            (b"a\nb\x1b[31m", "a\\nb\\u{1b}[31m"),
            (b"\xff\xfe.bin", "\\xff\\xfe.bin"),
            ("a\u{202e}b\u{2028}".as_bytes(), "a\\u{202e}b\\u{2028}"),
            (b"-", "standard input"),
        ] {
            assert_eq!(Name(Path::new(OsStr::from_bytes(name))).to_string(), shown);
        }
    }
}
