//! Values on the command line.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::{OsStringValueParser, TypedValueParser};

use crate::element::{Element, Job, Order, Radix, Scalar};

/// A minus, and the sign that stands in for it while the parser of flags looks at the arguments.
pub(crate) const MINUS: [char; 2] = ['-', HIDDEN_MINUS];

// Not a character of any text, so that no name of a file begins with it.
const HIDDEN_MINUS: char = '\u{fdd0}';

/// A value, as it was written. What it is worth depends on the type.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Value {
    text: String,
}

impl Value {
    /// Returns what was written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

impl FromStr for Value {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self { text: text.replacen(HIDDEN_MINUS, "-", 1) })
    }
}

/// Returns the bytes of `values` as they belong into a file.
///
/// # Errors
///
/// One of them is no value of the type.
pub(crate) fn encode(element: Element, values: &[Value]) -> anyhow::Result<Vec<u8>> {
    struct Encode<'a>(&'a [Value], Order);

    impl Job for Encode<'_> {
        type Output = anyhow::Result<Vec<u8>>;

        fn run<T: Scalar>(self) -> Self::Output {
            let parsed = self.0.iter().map(|value| T::parse(&value.text));
            let mut elements = parsed.collect::<anyhow::Result<Vec<T>>>()?;
            self.1.fix(&mut elements);
            Ok(bytemuck::cast_slice(&elements).to_vec())
        }
    }

    element.run(Encode(values, element.order))
}

/// Rewrites arguments that the parser of flags would not understand.
///
/// It knows that `-5` and `-1.5e3` are numbers, but not that `-inf`, `-.5` and `-0x10` are: their
/// minus is hidden. And `-x` may have a radix, `-x8`, but need not. What follows `--` stays as it
/// is.
pub(crate) fn rewrite(
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
            Some(rest) if !ended && is_unusual_number(rest) => {
                format!("{HIDDEN_MINUS}{rest}").into()
            }
            _ => argument,
        }
    })
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

/// Shows what was hidden, in a message about the arguments.
pub(crate) fn show_minus(message: &str) -> String {
    message.replace(HIDDEN_MINUS, "-")
}

/// Parses names of files, and refuses flags and numbers: `grow -inf 5` is a mistake.
pub(crate) fn file_name() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().try_map(|name| {
        if name.is_empty() {
            return Err(String::from("'' is not the name of a file"));
        }
        let path = PathBuf::from(name);
        match path.to_str().and_then(|text| text.strip_prefix(HIDDEN_MINUS)) {
            Some(rest) => Err(format!("a file is wanted; if that is one, write ./-{rest}")),
            None => Ok(path),
        }
    })
}

/// Is this a number, though not one of digits, a point, and an exponent?
fn is_unusual_number(text: &str) -> bool {
    let is_name = ["inf", "infinity", "nan"].iter().any(|name| text.eq_ignore_ascii_case(name));
    let has_radix = ["0x", "0b", "0o"].iter().any(|radix| {
        text.get(..2).is_some_and(|start| start.eq_ignore_ascii_case(radix)) && text.len() > 2
    });
    let has_no_whole = text.strip_prefix('.').is_some_and(starts_with_digit);
    let has_separator = starts_with_digit(text) && text.contains('_');
    is_name || has_radix || has_no_whole || has_separator
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
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
            ("-0x10", true),
            ("-1_000", true),
            ("-.5", true),
            ("-.", false),
            ("-5", false),
            ("-1.5e3", false),
            ("-i", false),
            ("-info", false),
            ("-", false),
            ("--inf", false),
            ("inf", false),
            ("-0x", false),
        ] {
            let argument = rewrite([text.into()]).next().unwrap();
            assert_eq!(argument != text, hidden, "{text}");
            let value: Value = argument.to_str().unwrap().parse().unwrap();
            assert_eq!(value.text, text);
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
            let arguments = rewrite(arguments.map(OsString::from)).collect::<Vec<_>>();
            assert_eq!(arguments, rewritten);
        }
        let after: Vec<_> = rewrite(["--".into(), "-inf".into()]).collect();
        assert_eq!(after, ["--", "-inf"]);
    }

    #[test]
    fn bytes_are_in_the_order_of_the_file() {
        let values = ["1".parse().unwrap(), "-2".parse().unwrap()];
        for (element, bytes) in [
            ("i8", &[1, 254][..]),
            ("i16", &[1, 0, 254, 255]),
            ("i16be", &[0, 1, 255, 254]),
            ("f32be", &[0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0]),
        ] {
            assert_eq!(encode(element.parse().unwrap(), &values).unwrap(), bytes, "{element}");
        }
        let error = encode("u8".parse().unwrap(), &values).unwrap_err();
        assert_eq!(error.to_string(), "-2 is out of range: u8 is 0..=255");
    }
}
