//! File names in messages.

use std::fmt::{self, Display, Formatter, Write as _};
use std::path::Path;

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
            for character in chunk.valid().chars() {
                if character.is_control() {
                    write!(f, "{}", character.escape_default())?;
                } else {
                    f.write_char(character)?;
                }
            }
            for byte in chunk.invalid() {
                write!(f, "\\x{byte:02x}")?;
            }
        }
        Ok(())
    }
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
            (b"-", "standard input"),
        ] {
            assert_eq!(Name(Path::new(OsStr::from_bytes(name))).to_string(), shown);
        }
    }
}
