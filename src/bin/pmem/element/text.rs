//! Text and plain bytes as elements: `strN` and `hexN`.
//!
//! Text ends at its first NUL. It is shown on one line and without harm to a terminal: control
//! characters, bytes that are not UTF-8, and the backslash are escaped, and parsing undoes that.

use anyhow::{anyhow, bail, ensure};

use super::radix::Radix;
use crate::text::is_harmful;

/// Returns the bytes before the first NUL.
fn content(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    &bytes[..end]
}

/// Appends a text, with escapes.
pub(super) fn append(bytes: &[u8], text: &mut Vec<u8>) {
    for chunk in content(bytes).utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '\\' => text.extend_from_slice(b"\\\\"),
                '\t' => text.extend_from_slice(b"\\t"),
                '\n' => text.extend_from_slice(b"\\n"),
                '\r' => text.extend_from_slice(b"\\r"),
                _ if is_harmful(character) => {
                    text.extend(format!("\\u{{{:x}}}", u32::from(character)).bytes());
                }
                _ => {
                    text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
            }
        }
        for byte in chunk.invalid() {
            text.extend(format!("\\x{byte:02x}").bytes());
        }
    }
}

/// Appends a text that is a value wherever one is expected: a minus at its start, which would begin
/// a flag, is escaped as well.
pub(super) fn append_value(bytes: &[u8], text: &mut Vec<u8>) {
    match bytes.strip_prefix(b"-") {
        Some(rest) => {
            text.extend_from_slice(b"\\x2d");
            append(rest, text);
        }
        None => append(bytes, text),
    }
}

/// Parses a text, with its escapes, and fills the rest of `bytes` with NULs.
///
/// # Errors
///
/// The text is too long, or has an escape that is unknown.
pub(super) fn parse(text: &str, bytes: &mut [u8]) -> anyhow::Result<()> {
    let mut content = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((plain, escape)) = rest.split_once('\\') {
        content.extend_from_slice(plain.as_bytes());
        rest = unescape(escape, &mut content)
            .ok_or_else(|| anyhow!("'{text}': unknown escape; a backslash is written \\\\"))?;
    }
    content.extend_from_slice(rest.as_bytes());
    let (length, room) = (content.len(), bytes.len());
    ensure!(
        length <= room,
        "'{text}' is too long: it has {length} bytes, and str{room} has {room}"
    );
    bytes[..length].copy_from_slice(&content);
    bytes[length..].fill(0);
    Ok(())
}

/// Appends what an escape, without its backslash, stands for, and returns what follows it.
fn unescape<'a>(escape: &'a str, content: &mut Vec<u8>) -> Option<&'a str> {
    let mut characters = escape.chars();
    match characters.next()? {
        '\\' => content.push(b'\\'),
        't' => content.push(b'\t'),
        'n' => content.push(b'\n'),
        'r' => content.push(b'\r'),
        'x' => {
            let digits = escape.get(1..3)?;
            content.push(u8::from_str_radix(digits, 16).ok()?);
            return Some(&escape[3..]);
        }
        'u' => {
            let (digits, rest) = escape.strip_prefix("u{")?.split_once('}')?;
            let character = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
            content.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            return Some(rest);
        }
        _ => return None,
    }
    Some(characters.as_str())
}

/// Appends the bytes in hexadecimal.
pub(super) fn append_hex(bytes: &[u8], text: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in bytes {
        text.extend([DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    }
}

/// Parses bytes in hexadecimal.
///
/// # Errors
///
/// The text is not twice as many hexadecimal digits as there are bytes.
pub(super) fn parse_hex(text: &str, bytes: &mut [u8]) -> anyhow::Result<()> {
    let (room, digits) = (bytes.len(), text.strip_prefix("0x").unwrap_or(text));
    let right = digits.len() == 2 * room && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    if !right {
        bail!("'{text}' is not a hex{room}: expected {} hexadecimal digits", 2 * room);
    }
    for (byte, digits) in bytes.iter_mut().zip(digits.as_bytes().as_chunks::<2>().0) {
        let value = |digit: u8| char::from(digit).to_digit(16).unwrap_or(0) as u8;
        *byte = value(digits[0]) << 4 | value(digits[1]);
    }
    Ok(())
}

/// Returns the characters of the longest text of so many bytes that is likely: escapes may make it
/// longer.
pub(super) fn width(size: usize, _: Radix) -> usize {
    size
}

/// Returns the characters of so many bytes in hexadecimal.
pub(super) fn width_hex(size: usize, _: Radix) -> usize {
    2 * size
}

/// Appends a text to JSON, in quotes.
pub(super) fn append_json(bytes: &[u8], text: &mut Vec<u8>) {
    let mut plain = Vec::new();
    append(bytes, &mut plain);
    let plain = String::from_utf8_lossy(&plain);
    text.push(b'"');
    for character in plain.chars() {
        match character {
            '"' => text.extend_from_slice(b"\\\""),
            '\\' => text.extend_from_slice(b"\\\\"),
            _ => text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    text.push(b'"');
}

/// Appends a text to CSV: in quotes where a comma, a quote, or a space at an end needs them.
pub(super) fn append_csv(bytes: &[u8], text: &mut Vec<u8>) {
    let mut plain = Vec::new();
    append(bytes, &mut plain);
    let special = |byte: &u8| matches!(byte, b',' | b'"');
    let space = |byte: Option<&u8>| byte == Some(&b' ');
    if !plain.iter().any(special) && !space(plain.first()) && !space(plain.last()) {
        text.extend_from_slice(&plain);
        return;
    }
    text.push(b'"');
    for byte in plain {
        if byte == b'"' {
            text.push(b'"');
        }
        text.push(byte);
    }
    text.push(b'"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(bytes: &[u8]) -> String {
        let mut text = Vec::new();
        append(bytes, &mut text);
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn shown() {
        for (bytes, expected) in [
            (&b"abc\0\0"[..], "abc"),
            (b"abc\0def", "abc"),
            (b"", ""),
            (b"a\tb\nc\rd", "a\\tb\\nc\\rd"),
            (b"C:\\x", "C:\\\\x"),
            (b"\x1b[31m", "\\u{1b}[31m"),
            ("\u{202e}ü".as_bytes(), "\\u{202e}ü"),
            (b"\xff\xfe", "\\xff\\xfe"),
        ] {
            assert_eq!(text(bytes), expected);
        }
    }

    #[test]
    fn refused() {
        let refuse = |text: &str| parse(text, &mut [0; 4]).unwrap_err().to_string();
        assert_eq!(refuse("abcde"), "'abcde' is too long: it has 5 bytes, and str4 has 4");
        assert_eq!(refuse("\\q"), "'\\q': unknown escape; a backslash is written \\\\");
        for text in ["\\", "\\x", "\\x1", "\\xgg", "\\u{", "\\u{110000}", "\\xü"] {
            assert!(parse(text, &mut [0; 16]).is_err(), "{text}");
        }
        let refuse = |text: &str| parse_hex(text, &mut [0; 2]).unwrap_err().to_string();
        assert_eq!(refuse("abc"), "'abc' is not a hex2: expected 4 hexadecimal digits");
        assert!(parse_hex("üab", &mut [0; 2]).is_err());
    }

    #[test]
    fn quoted() {
        let quoted = |append: fn(&[u8], &mut Vec<u8>), bytes: &[u8]| {
            let mut text = Vec::new();
            append(bytes, &mut text);
            String::from_utf8(text).unwrap()
        };
        assert_eq!(quoted(append_csv, b"ab"), "ab");
        assert_eq!(quoted(append_csv, b"a,\"b"), "\"a,\"\"b\"");
        assert_eq!(quoted(append_csv, b" a"), "\" a\"");
        assert_eq!(quoted(append_json, b"a\"\n"), r#""a\"\\n""#);
    }

    proptest! {
        #[test]
        fn text_reads_back(bytes in proptest::collection::vec(1_u8.., 0..20)) {
            let mut read = vec![7; 20];
            parse(&text(&bytes), &mut read).unwrap();
            let mut padded = bytes;
            padded.resize(20, 0);
            prop_assert_eq!(read, padded);
        }

        #[test]
        fn hex_reads_back(bytes: [u8; 5]) {
            let mut text = Vec::new();
            append_hex(&bytes, &mut text);
            let mut read = [0; 5];
            parse_hex(std::str::from_utf8(&text).unwrap(), &mut read).unwrap();
            prop_assert_eq!(read, bytes);
        }

        #[test]
        fn no_text_panics(text: String) {
            let _ = parse(&text, &mut [0; 8]);
            let _ = parse_hex(&text, &mut [0; 8]);
        }
    }
}
