//! The grammar of `--type`: how an element is written.
//!
//! `["@"] FIELD {"," FIELD}`, where a field is `[NAME ":"] SCALAR ["le" | "be"] {"x" N}`. Also
//! understood are the arrays of Rust and C, and NumPy's shapes. A name that would be read as
//! something else stands in double quotes.

use std::fmt::{self, Display, Formatter, Write as _};
use std::str::FromStr;

use anyhow::{anyhow, bail, ensure};

use super::field::{Dimensions, Field};
use super::kind::Kind;
use super::order::Order;
use super::shape::{Element, Form, Packing};
use super::spelling::{self, Named};

impl FromStr for Element {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        if text.starts_with('{') {
            bail!("fields are written without braces: x:f32,y:f32 (see 'pmem help types')");
        }
        let (packing, list) = match text.strip_prefix('@') {
            Some(list) => (Packing::Aligned, list),
            None => (Packing::Packed, text),
        };
        let parts = split(list)?;
        let mut fields = Vec::with_capacity(parts.len());
        for (index, part) in parts.iter().enumerate() {
            // A lone type is named by whoever reports the error.
            let mut field = match field(part) {
                Err(error) if parts.len() > 1 => bail!("'{part}': {error}"),
                field => field?,
            };
            if field.name.is_empty() && parts.len() > 1 {
                field.name = format!("f{index}");
            }
            fields.push(field);
        }
        let plain = matches!(&*fields, [field] if field.name.is_empty());
        Self::new(fields, if plain { Form::Plain } else { Form::Record }, packing)
    }
}

/// Splits a list at the commas that are not inside quotes or brackets.
///
/// # Errors
///
/// A quote is not closed.
pub(super) fn split(list: &str) -> anyhow::Result<Vec<&str>> {
    let (mut parts, mut start, mut depth, mut quoted, mut escaped) =
        (vec![], 0, 0_i32, false, false);
    for (at, byte) in list.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b',' if depth <= 0 => {
                parts.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    ensure!(!quoted, "a quote is not closed");
    parts.push(&list[start..]);
    Ok(parts)
}

/// Parses one field.
fn field(text: &str) -> anyhow::Result<Field> {
    let (name, spelling) = named(text)?;
    let mut dimensions = Vec::new();
    let Named { kind, order, complex } = array(spelling, &mut dimensions)?;
    let mut sizes = Dimensions::default();
    for size in dimensions {
        sizes = sizes
            .with(size)
            .ok_or_else(|| anyhow!("an array has at most {} dimensions", Dimensions::MOST))?;
    }
    Ok(Field { name, kind, order, complex, dimensions: sizes, offset: 0 })
}

/// Splits off the name of a field, which may be quoted; an empty one if there is none.
fn named(text: &str) -> anyhow::Result<(String, &str)> {
    if !text.starts_with('"') {
        return Ok(match text.split_once(':') {
            Some((name, rest)) => {
                ensure!(!name.is_empty(), "'{text}': the name of the field is missing");
                (name.to_owned(), rest)
            }
            None => (String::new(), text),
        });
    }
    let (name, rest) = unquote(text)?;
    let rest =
        rest.strip_prefix(':').ok_or_else(|| anyhow!("'{text}': expected ':' and a type"))?;
    ensure!(!name.is_empty(), "'{text}': the name of the field is missing");
    Ok((name, rest))
}

/// Reads a quoted name, and returns it and what follows.
///
/// # Errors
///
/// The quote is not closed.
pub(super) fn unquote(text: &str) -> anyhow::Result<(String, &str)> {
    let mut name = String::new();
    let mut characters = text.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Ok((name, &text[at + 1..])),
            '\\' => name.extend(characters.next().map(|(_, character)| character)),
            _ => name.push(character),
        }
    }
    bail!("{text}: the quote is not closed")
}

/// Parses a scalar or an array of them; adds the sizes of its dimensions, the slowest first.
fn array(text: &str, dimensions: &mut Vec<u32>) -> anyhow::Result<Named> {
    // Deeper nesting than there may be dimensions need not be followed.
    ensure!(dimensions.len() <= Dimensions::MOST, "an array has at most 3 dimensions");
    if let Some(inner) = text.strip_prefix('[') {
        let inner = inner.strip_suffix(']').ok_or_else(|| anyhow!("a ']' is missing"))?;
        let (inner, size) =
            inner.rsplit_once(';').ok_or_else(|| anyhow!("an array is written f32x128"))?;
        dimensions.push(size_of(size.trim())?);
        return array(inner.trim(), dimensions);
    }
    if let Some(shape) = text.strip_prefix('(') {
        let (sizes, rest) = shape.split_once(')').ok_or_else(|| anyhow!("a ')' is missing"))?;
        for size in sizes.split(',').map(str::trim).filter(|size| !size.is_empty()) {
            dimensions.push(size_of(size)?);
        }
        return array(rest, dimensions);
    }
    let (scalar, sizes) = suffixes(text);
    for size in sizes {
        dimensions.push(size_of(size)?);
    }
    spelling::parse(scalar)
}

/// Splits off the sizes at the end of a text, as in `f32x2x3` or `f32[2][3]`.
fn suffixes(text: &str) -> (&str, Vec<&str>) {
    let (mut rest, mut sizes) = (text, Vec::new());
    loop {
        let split = match rest.strip_suffix(']') {
            Some(inner) => inner.rsplit_once('['),
            // The x of `hex` and `complex` belongs to the name.
            None => rest.rsplit_once('x').filter(|(before, size)| {
                !before.ends_with("he")
                    && !before.ends_with("comple")
                    && !size.is_empty()
                    && size.bytes().all(|b| b.is_ascii_digit())
            }),
        };
        match split {
            Some((before, size)) => {
                sizes.insert(0, size);
                rest = before;
            }
            None => return (rest, sizes),
        }
    }
}

/// Parses the size of a dimension.
fn size_of(text: &str) -> anyhow::Result<u32> {
    let size = text.parse().map_err(|_| anyhow!("'{text}' is not the size of an array"))?;
    ensure!(size > 0, "an array has at least one item");
    Ok(size)
}

/// Shows the shortest text that parses to the same element.
impl Display for Element {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.is_aligned() {
            f.write_char('@')?;
        }
        let fields = self.fields();
        let default = |(index, field): (usize, &Field)| field.name == format!("f{index}");
        let unnamed = self.form() == Form::Plain
            || (fields.len() > 1 && fields.iter().enumerate().all(default));
        for (index, field) in fields.iter().enumerate() {
            if index > 0 {
                f.write_char(',')?;
            }
            if !unnamed {
                name(&field.name, f)?;
                f.write_char(':')?;
            }
            write!(f, "{field}")?;
        }
        Ok(())
    }
}

/// Shows the type of a field, without its name.
impl Display for Field {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.complex {
            f.write_char('c')?;
        }
        f.write_str(self.kind.name())?;
        if let Kind::Str(size) | Kind::Hex(size) = self.kind {
            write!(f, "{size}")?;
        }
        if self.order == Order::Big {
            f.write_str("be")?;
        }
        self.dimensions.sizes().iter().try_for_each(|size| write!(f, "x{size}"))
    }
}

/// Shows the name of a field, in quotes if it would be read as something else.
fn name(name: &str, f: &mut Formatter<'_>) -> fmt::Result {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '+' | '/' | '%');
    if !name.is_empty() && name.chars().all(plain) {
        return f.write_str(name);
    }
    f.write_char('"')?;
    for character in name.chars() {
        if matches!(character, '"' | '\\') {
            f.write_char('\\')?;
        }
        f.write_char(character)?;
    }
    f.write_char('"')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn element(text: &str) -> Element {
        text.parse().unwrap()
    }

    #[test]
    fn sizes() {
        for (text, size) in [
            ("f32x128", 512),
            ("x:f32,y:f32,i:u8", 9),
            ("@x:f32,y:f32,i:u8", 12),
            ("id:u64be,_:u8x4,w:f32", 16),
            ("f32,f32,u16", 10),
            ("d:u32,v:f32x128", 516),
            ("@a:u8,b:u64,c:u8", 24),
            ("@a:u8,b:i24,c:u64", 16),
            ("cf32", 8),
            ("ci16x4", 16),
            ("str16", 16),
            ("hex3x2", 6),
            ("u8x2x3x4", 24),
        ] {
            assert_eq!(element(text).size(), size, "{text}");
            assert_eq!(element(text).to_string(), text);
        }
    }

    #[test]
    fn other_spellings() {
        for (text, shortest) in [
            ("f32[128]", "f32x128"),
            ("f32[2][3]", "f32x2x3"),
            ("[f32; 128]", "f32x128"),
            ("[[f32;3];2]", "f32x2x3"),
            ("<f4,<f4,<u2", "f32,f32,u16"),
            ("(3,)<f4", "f32x3"),
            ("(2,3)>u2", "u16bex2x3"),
            ("f0:f32,f1:u8", "f32,u8"),
            ("f0:f32", "f0:f32"),
            ("x:f32,u8", "x:f32,f1:u8"),
            ("@f32,f32", "f32,f32"),
            ("u8bex2", "u8x2"),
            ("hex4x2", "hex4x2"),
            ("\"a,b\":u8,\"c\":u8", "\"a,b\":u8,c:u8"),
        ] {
            assert_eq!(element(text).to_string(), shortest, "{text}");
        }
    }

    #[test]
    fn columns() {
        let names = |text: &str| {
            element(text).columns().iter().map(|c| c.name.clone()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(names("u8"), "");
        assert_eq!(names("u8x3"), "0 1 2");
        assert_eq!(names("x:u8,pos:f32x2"), "x pos.0 pos.1");
        assert_eq!(names("cf32"), "re im");
        assert_eq!(names("z:cf32x2"), "z.0.re z.0.im z.1.re z.1.im");
        assert_eq!(names("m:u8x2x2"), "m.0.0 m.0.1 m.1.0 m.1.1");
        assert_eq!(names("a:u8,_:u8x3,b:u8"), "a b");
    }

    #[test]
    fn refused() {
        for (text, message) in [
            ("x:f33", "no such type; did you mean f32?"),
            ("u8,x:f33", "'x:f33': no such type; did you mean f32?"),
            ("f32x0", "an array has at least one item"),
            ("f32x1x1x1x1", "an array has at most 3 dimensions"),
            ("u8x1048577", "the element is too large: at most 1048576 bytes"),
            (
                "u8x4294967295x4294967295x4294967295",
                "the element is too large: at most 1048576 bytes",
            ),
            ("u8x4097", "too many items: at most 4096"),
            ("_:u8", "there is nothing to show: all of it is padding"),
            ("x:u8,x:u8", "two fields are called 'x'"),
            (":u8", "':u8': the name of the field is missing"),
            ("\"a:u8", "a quote is not closed"),
            ("{x:f32}", "fields are written without braces: x:f32,y:f32 (see 'pmem help types')"),
        ] {
            assert_eq!(text.parse::<Element>().unwrap_err().to_string(), message, "{text}");
        }
        for text in
            ["", ",", "u8,", "@", "[u8", "[u8]", "(3u8", "u8[", "u8[]", "x", "u8x", "\"\":u8"]
        {
            assert!(text.parse::<Element>().is_err(), "{text}");
        }
    }

    fn any_element() -> impl Strategy<Value = String> {
        let scalar = prop::sample::select(
            Kind::NUMBERS
                .iter()
                .map(|kind| kind.name().to_owned())
                .chain(["cf32", "ci16", "str5", "hex3"].map(str::to_owned))
                .collect::<Vec<_>>(),
        );
        let order = prop::sample::select(vec!["", "le", "be"]);
        let dimensions = prop::collection::vec(1_u32..5, 0..=3);
        let spelled = (scalar, order, dimensions).prop_map(|(scalar, order, dimensions)| {
            let order = if scalar.starts_with(['s', 'h']) { "" } else { order };
            let sizes: String = dimensions.iter().map(|size| format!("x{size}")).collect();
            format!("{scalar}{order}{sizes}")
        });
        let field = (prop::option::of("[a-z_.:,\"\\\\ ]{1,4}"), spelled);
        (any::<bool>(), prop::collection::vec(field, 1..5)).prop_map(|(aligned, fields)| {
            let field = |(name, scalar): (Option<String>, String)| match name {
                Some(name) => {
                    let quoted = name.replace('\\', "\\\\").replace('"', "\\\"");
                    format!("\"{quoted}\":{scalar}")
                }
                None => scalar,
            };
            let list: Vec<_> = fields.into_iter().map(field).collect();
            format!("{}{}", if aligned { "@" } else { "" }, list.join(","))
        })
    }

    proptest! {
        #[test]
        fn what_is_shown_parses_to_the_same(text in any_element()) {
            if let Ok(element) = text.parse::<Element>() {
                let shown = element.to_string();
                let again: Element = shown.parse().unwrap();
                prop_assert_eq!(&again, &element, "{}", shown);
                prop_assert_eq!(again.to_string(), shown);
            }
        }

        #[test]
        fn no_text_panics(text: String) {
            let _ = text.parse::<Element>();
        }

        #[test]
        fn no_likely_text_panics(text in "[@a-z0-9:,x\\[\\]();<>|\"\\\\]{0,24}") {
            let _ = text.parse::<Element>();
        }
    }
}
