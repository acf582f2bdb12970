//! Names of scalar types: every spelling, and hints for those that would mislead.

use anyhow::{anyhow, bail};

use super::kind::Kind;
use super::order::Order;

/// What a name names: one scalar, or the two of a complex number.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Named {
    pub(super) kind: Kind,
    pub(super) order: Order,
    pub(super) complex: bool,
}

impl Named {
    /// A byte has no order.
    fn new(kind: Kind, order: Order, complex: bool) -> Self {
        let ordered = kind.size() > 1 && !matches!(kind, Kind::Str(_) | Kind::Hex(_));
        Self { kind, order: if ordered { order } else { Order::Little }, complex }
    }
}

/// Scalars that make complex numbers.
pub(super) const COMPLEX: [Kind; 6] =
    [Kind::F32, Kind::F64, Kind::I8, Kind::I16, Kind::I32, Kind::U8];

/// Returns the names of all scalars but text and bytes, in both byte orders, for shells to offer.
pub(crate) fn names() -> Vec<String> {
    let complex = COMPLEX.map(|kind| (kind, format!("c{}", kind.name())));
    let kinds = Kind::NUMBERS.iter().map(|kind| (*kind, kind.name().to_owned())).chain(complex);
    let orders = |(kind, name): (Kind, String)| {
        let big = (kind.size() > 1).then(|| format!("{name}be"));
        std::iter::once(name).chain(big)
    };
    kinds.flat_map(orders).collect()
}

/// Parses the name of a scalar, with its byte order.
///
/// # Errors
///
/// There is no such scalar; the error says what may have been meant.
pub(super) fn parse(text: &str) -> anyhow::Result<Named> {
    if let Some(rest) = text.strip_prefix(['<', '>', '|', '=']) {
        return numpy(&text[..1], rest);
    }
    if let Some((kind, complex)) = known(text) {
        return Ok(Named::new(kind, Order::Little, complex));
    }
    let suffixes =
        [("_le", Order::Little), ("_be", Order::Big), ("le", Order::Little), ("be", Order::Big)];
    let found =
        suffixes.iter().find_map(|(suffix, order)| Some((text.strip_suffix(suffix)?, *order)));
    let (name, order) = found.unwrap_or((text, Order::Little));
    match known(name).or_else(|| sigmf(name)) {
        Some((kind, complex)) => Ok(Named::new(kind, order, complex)),
        None => Err(refusal(name, &text[name.len()..])),
    }
}

/// Returns the scalar that a name without a byte order names, and whether it is complex.
fn known(name: &str) -> Option<(Kind, bool)> {
    if let Some(kind) = number(name) {
        return Some((kind, false));
    }
    match name {
        "complex64" => return Some((Kind::F32, true)),
        "complex128" => return Some((Kind::F64, true)),
        _ => {}
    }
    if let Some(part) = name.strip_prefix('c') {
        return COMPLEX.into_iter().find(|kind| kind.name() == part).map(|kind| (kind, true));
    }
    sized(name).map(|kind| (kind, false))
}

/// Returns the number type that a name of Rust or a long name names.
fn number(name: &str) -> Option<Kind> {
    let long = match name {
        "half" | "float16" => "f16",
        "bfloat16" => "bf16",
        "float" | "float32" => "f32",
        "double" | "float64" => "f64",
        _ => "",
    };
    let found = |kind: &Kind| {
        let short = kind.name();
        let spelt_out = match short.split_at(1) {
            ("u", bits) => name.strip_prefix("uint") == Some(bits),
            ("i", bits) => name.strip_prefix("int") == Some(bits),
            _ => false,
        };
        short == name || short == long || spelt_out
    };
    Kind::NUMBERS.iter().copied().find(found)
}

/// Returns the type that `strN` or `hexN` names.
fn sized(name: &str) -> Option<Kind> {
    let size = |digits: &str| {
        let plain = digits.starts_with(|c: char| c.is_ascii_digit() && c != '0');
        digits.parse().ok().filter(|_| plain)
    };
    let text = name.strip_prefix("str").and_then(size).map(Kind::Str);
    text.or_else(|| name.strip_prefix("hex").and_then(size).map(Kind::Hex))
}

/// Returns the type that a name of SigMF names: real numbers have an `r` in front.
fn sigmf(name: &str) -> Option<(Kind, bool)> {
    number(name.strip_prefix('r')?).map(|kind| (kind, false))
}

/// Returns the number type that a letter and a number of bytes name, as in NumPy and `od`.
fn byte_name(name: &str) -> Option<Kind> {
    let (letter, bytes) = name.split_at_checked(1)?;
    let bytes: usize = match bytes {
        "1" | "2" | "4" | "8" | "16" => bytes.parse().ok()?,
        _ => return None,
    };
    let found = |kind: &Kind| {
        kind.size() == bytes && kind.name().starts_with(letter) && !kind.name().starts_with("f8")
    };
    Kind::NUMBERS.iter().copied().filter(|_| matches!(letter, "u" | "i" | "f")).find(found)
}

/// Parses what follows the order sign of NumPy.
fn numpy(sign: &str, name: &str) -> anyhow::Result<Named> {
    const UNKNOWN: &str =
        "no type that is known here; NumPy's strings are like '<u4', '>f8', '|u1'";

    let order = if sign == ">" { Order::Big } else { Order::Little };
    let (letter, digits) = name.split_at_checked(1).unwrap_or(("", ""));
    let size: Option<u32> = digits.parse().ok().filter(|size| *size > 0);
    match (letter, size) {
        ("S" | "a", Some(size)) => return Ok(Named::new(Kind::Str(size), order, false)),
        ("V", Some(size)) => return Ok(Named::new(Kind::Hex(size), order, false)),
        ("b", Some(1)) => return Ok(Named::new(Kind::Bool, order, false)),
        ("U", Some(_)) => bail!("text of 32-bit characters is not supported"),
        ("O", _) => bail!("Python objects are not supported"),
        _ => {}
    }
    let (kind, complex) = match (letter, size) {
        ("c", Some(8)) => (Kind::F32, true),
        ("c", Some(16)) => (Kind::F64, true),
        _ => (byte_name(name).ok_or_else(|| anyhow!(UNKNOWN))?, false),
    };
    if let Some(bits @ (Kind::U16 | Kind::F16)) = number(name)
        && kind != bits
    {
        let (order, bits) = (if sign == ">" { "be" } else { "le" }, bits.name());
        bail!("with '{sign}' types are named by their bytes; did you mean {bits}{order}?");
    }
    if sign == "=" || (sign == "|" && kind.size() > 1) {
        let name = kind.name();
        bail!("the byte order is missing; did you mean {name}le or {name}be?");
    }
    Ok(Named::new(kind, order, complex))
}

/// Says why `name` is refused, and what may have been meant.
fn refusal(name: &str, order: &str) -> anyhow::Error {
    if let Some(kind) = byte_name(name) {
        let kind = kind.name();
        let eight = if name == "f8" { ", f8e4m3 or f8e5m2" } else { "" };
        return anyhow!("types are named by their bits; did you mean {kind}{order}{eight}?");
    }
    match name {
        "s8" | "s16" | "s24" | "s32" => {
            let bits = &name[1..];
            return anyhow!("no such type; did you mean i{bits}{order}, or str{bits} for text?");
        }
        "c8" => return anyhow!("no such type; did you mean cf32 (8 bytes) or ci8?"),
        "c16" => return anyhow!("no such type; did you mean cf64 (16 bytes) or ci16?"),
        "str" | "hex" => return anyhow!("the number of bytes is missing; write {name}16"),
        _ => {}
    }
    let lower = name.to_lowercase();
    let close = |kind: &&Kind| strsim::levenshtein(&lower, kind.name()) <= 1;
    match number(&lower).or_else(|| Kind::NUMBERS.iter().find(close).copied()) {
        Some(kind) => anyhow!("no such type; did you mean {}{order}?", kind.name()),
        None => {
            let names: Vec<_> = Kind::NUMBERS.iter().map(|kind| kind.name()).collect();
            anyhow!("no such type; there are {} (see 'pmem help types')", names.join(" "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::shape::Element;
    use super::*;

    #[test]
    fn every_name() {
        for kind in Kind::NUMBERS {
            for (suffix, order) in [("", Order::Little), ("le", Order::Little), ("be", Order::Big)]
            {
                let named = parse(&format!("{}{suffix}", kind.name())).unwrap();
                assert_eq!(named, Named::new(*kind, order, false));
            }
        }
    }

    #[test]
    fn other_spellings() {
        for (text, name) in [
            ("uint8", "u8"),
            ("uint64", "u64"),
            ("uint128be", "u128be"),
            ("int8", "i8"),
            ("int32", "i32"),
            ("half", "f16"),
            ("float16", "f16"),
            ("bfloat16", "bf16"),
            ("float", "f32"),
            ("float32be", "f32be"),
            ("double", "f64"),
            ("doublebe", "f64be"),
            ("float64", "f64"),
            ("complex64", "cf32"),
            ("<u4", "u32"),
            (">u4", "u32be"),
            (">f8", "f64be"),
            ("<f2", "f16"),
            ("<u8", "u64"),
            ("|u1", "u8"),
            ("|i1", "i8"),
            (">u1", "u8"),
            ("i8be", "i8"),
            ("<c8", "cf32"),
            (">c16", "cf64be"),
            ("|b1", "bool"),
            ("|S16", "str16"),
            ("|V4", "hex4"),
            ("cf32_le", "cf32"),
            ("ri16_be", "i16be"),
        ] {
            assert_eq!(text.parse::<Element>().unwrap().to_string(), name, "{text}");
        }
    }

    #[test]
    fn refusals() {
        for (text, message) in [
            ("u1", "types are named by their bits; did you mean u8?"),
            ("u2", "types are named by their bits; did you mean u16?"),
            ("u4", "types are named by their bits; did you mean u32?"),
            ("i1", "types are named by their bits; did you mean i8?"),
            ("i2", "types are named by their bits; did you mean i16?"),
            ("i4", "types are named by their bits; did you mean i32?"),
            ("f2", "types are named by their bits; did you mean f16?"),
            ("f4", "types are named by their bits; did you mean f32?"),
            ("f8", "types are named by their bits; did you mean f64, f8e4m3 or f8e5m2?"),
            ("s16", "no such type; did you mean i16, or str16 for text?"),
            ("s16be", "no such type; did you mean i16be, or str16 for text?"),
            ("c8", "no such type; did you mean cf32 (8 bytes) or ci8?"),
            ("<u16", "with '<' types are named by their bytes; did you mean u16le?"),
            ("|u4", "the byte order is missing; did you mean u32le or u32be?"),
            ("=u4", "the byte order is missing; did you mean u32le or u32be?"),
            ("U64", "no such type; did you mean u64?"),
            ("u46", "no such type; did you mean u16?"),
            ("DOUBLE", "no such type; did you mean f64?"),
            ("str", "the number of bytes is missing; write str16"),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), message, "{text}");
        }
        for text in [
            "", "le", "<", "<f16", "<x4", "u", "f", "struct", "ü4", "u64 ", "u64lele", "str0",
            "hex01", "|S0", "<U4", "|O", "cu64", "c",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
