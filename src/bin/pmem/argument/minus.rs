//! The hidden minus: how negative values get past the parser of flags.
//!
//! Every text that `dump` prints is a value, without a `--` in front of it. So a minus that begins
//! a number is hidden behind a character that no text has, and shown again by whoever reads it.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::builder::{OsStringValueParser, TypedValueParser};

use crate::element::Radix;

/// A minus, and the character that stands in for it.
pub(crate) const MINUS: [char; 2] = ['-', HIDDEN];

// Not a character of any text, so that no name of a file begins with it.
const HIDDEN: char = '\u{fdd0}';

/// Rewrites arguments that the parser of flags would not understand: the minus of numbers is
/// hidden, and `-x` may have a radix, `-x8`, but need not. What follows `--` stays as it is.
pub(crate) fn hide(
    arguments: impl IntoIterator<Item = OsString>,
) -> impl Iterator<Item = OsString> {
    let (mut ended, mut dumps, mut value_follows) = (false, false, false);
    arguments.into_iter().map(move |argument| {
        ended |= argument == "--";
        dumps |= argument == "dump";
        let is_value = std::mem::replace(&mut value_follows, wants_value(&argument));
        match argument.to_str().and_then(|text| text.strip_prefix('-')) {
            Some(rest)
                if !ended
                    && dumps
                    && !is_value
                    && let Some(radix) = attached_radix(rest) =>
            {
                format!("--radix={radix}").into()
            }
            Some(rest) if !ended && begins_number(rest) => format!("{HIDDEN}{rest}").into(),
            _ => argument,
        }
    })
}

/// Shows what was hidden: in a value, or in a message about the arguments.
pub(crate) fn show(text: &str) -> String {
    text.replace(HIDDEN, "-")
}

/// Is this an option of `dump` after which a value may follow?
fn wants_value(argument: &OsStr) -> bool {
    const FLAGS: [&str; 5] = ["-v", "--no-squeezing", "-q", "--quiet", "--verbose"];

    let argument = argument.to_str().unwrap_or_default();
    argument.starts_with('-') && !argument.contains('=') && !FLAGS.contains(&argument)
}

/// The radix in `x8` or `x=8`.
fn attached_radix(flag: &str) -> Option<&str> {
    let radix = flag.strip_prefix('x')?;
    let radix = radix.strip_prefix('=').unwrap_or(radix);
    radix.parse::<Radix>().is_ok().then_some(radix)
}

/// Does this text, without its minus, begin with a number? No flag does. What follows the number
/// may be the other items of an array, or the end of a range.
fn begins_number(text: &str) -> bool {
    let first = text.split([',', '\t']).next().unwrap_or(text);
    let first = first.split("..").next().unwrap_or(first);
    let is_name = ["inf", "infinity", "nan"].iter().any(|name| first.eq_ignore_ascii_case(name));
    is_name || starts_with_digit(text.strip_prefix('.').unwrap_or(text))
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// Parses names of files, and refuses flags and numbers: `grow -inf 5` is a mistake.
pub(crate) fn file_name() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().try_map(file)
}

/// Parses the name of a file.
///
/// # Errors
///
/// It is empty, or a number with a minus.
pub(crate) fn file(name: OsString) -> Result<PathBuf, String> {
    if name.is_empty() {
        return Err(String::from("'' is not the name of a file"));
    }
    let path = PathBuf::from(name);
    match path.to_str().and_then(|text| text.strip_prefix(HIDDEN)) {
        Some(rest) => Err(format!("expected a file; if that is one, write ./-{rest}")),
        None => Ok(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minus_is_hidden_from_the_parser_only() {
        for (text, hidden) in [
            ("-inf", true),
            ("-Infinity", true),
            ("-nan", true),
            ("-NaN,1", true),
            ("-inf..0", true),
            ("-0x10", true),
            ("-1_000", true),
            ("-.5", true),
            ("-5", true),
            ("-1.5e3", true),
            ("-1e-3", true),
            ("-1.5,2,7", true),
            ("-.", false),
            ("-i", false),
            ("-info", false),
            ("-", false),
            ("--inf", false),
            ("inf", false),
        ] {
            let argument = hide([text.into()]).next().unwrap();
            assert_eq!(argument != text, hidden, "{text}");
            assert_eq!(show(argument.to_str().unwrap()), text);
        }
        for (arguments, rewritten) in [
            (["dump", "-x8", "a"], ["dump", "--radix=8", "a"]),
            (["dump", "a", "-x=16"], ["dump", "a", "--radix=16"]),
            (["dump", "-v", "-x2"], ["dump", "-v", "--radix=2"]),
            // A value, an option of another command, and a file.
            (["dump", "-s", "-x8"], ["dump", "-s", "-x8"]),
            (["fill", "a", "-x8"], ["fill", "a", "-x8"]),
            (["dump", "--", "-x8"], ["dump", "--", "-x8"]),
        ] {
            let arguments = hide(arguments.map(OsString::from)).collect::<Vec<_>>();
            assert_eq!(arguments, rewritten);
        }
        let after: Vec<_> = hide(["--".into(), "-inf".into()]).collect();
        assert_eq!(after, ["--", "-inf"]);
    }
}
