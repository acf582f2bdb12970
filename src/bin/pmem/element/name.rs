//! Names of element types: every spelling, and hints for those that would mislead.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use anyhow::{anyhow, bail};

use super::kind::{Job, Kind};
use super::order::Order;

/// The type of the elements of a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Element {
    /// What an element is.
    pub(crate) kind: Kind,
    /// The order of its bytes.
    pub(crate) order: Order,
}

impl Element {
    /// Bytes of one element.
    pub(crate) const fn size(self) -> u64 {
        self.kind.size() as u64
    }

    /// Does `job` with the type that `self` names. The order of the bytes is for `job` to mind.
    pub(crate) fn run<J: Job>(self, job: J) -> J::Output {
        self.kind.run(job)
    }
}

/// Shows the shortest name: the order only where it is not the default, and matters.
impl Display for Element {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.name())?;
        match self.order {
            Order::Big if self.size() > 1 => f.write_str("be"),
            _ => Ok(()),
        }
    }
}

impl FromStr for Element {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        if let Some(rest) = text.strip_prefix(['<', '>', '|', '=']) {
            return numpy(&text[..1], rest);
        }
        if let Some(kind) = rust_name(text) {
            return Ok(Self { kind, order: Order::Little });
        }
        let (name, order) = match (text.strip_suffix("le"), text.strip_suffix("be")) {
            (Some(name), _) => (name, Order::Little),
            (_, Some(name)) => (name, Order::Big),
            _ => (text, Order::Little),
        };
        match rust_name(name) {
            Some(kind) => Ok(Self { kind, order }),
            None => Err(refusal(name, &text[name.len()..])),
        }
    }
}

/// The type that a Rust name or a long name names.
fn rust_name(name: &str) -> Option<Kind> {
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
    Kind::ALL.iter().copied().find(found)
}

/// The type that a letter and a number of bytes name, as in NumPy and `od`.
fn byte_name(name: &str) -> Option<Kind> {
    let (letter, bytes) = name.split_at_checked(1)?;
    let bytes: usize = match bytes {
        "1" | "2" | "4" | "8" | "16" => bytes.parse().ok()?,
        _ => return None,
    };
    let found = |kind: &Kind| kind.size() == bytes && kind.name().starts_with(letter);
    Kind::ALL.iter().copied().filter(|_| matches!(letter, "u" | "i" | "f")).find(found)
}

/// Parses what follows the order sign of NumPy.
fn numpy(sign: &str, name: &str) -> anyhow::Result<Element> {
    let Some(kind) = byte_name(name) else {
        bail!("no type that is known here; NumPy's strings are like '<u4', '>f8', '|u1'");
    };
    if let Some(bits @ (Kind::U16 | Kind::F16)) = rust_name(name)
        && kind != bits
    {
        let (order, bits) = (if sign == ">" { "be" } else { "le" }, bits.name());
        bail!("with '{sign}' types are named by their bytes; did you mean {bits}{order}?");
    }
    let order = match sign {
        "<" => Order::Little,
        ">" => Order::Big,
        "|" if kind.size() == 1 => Order::Little,
        _ => {
            let name = kind.name();
            bail!("the byte order is missing; did you mean {name}le or {name}be?");
        }
    };
    Ok(Element { kind, order })
}

/// Says why `name` is refused, and what may have been meant.
fn refusal(name: &str, order: &str) -> anyhow::Error {
    if let Some(kind) = byte_name(name) {
        let kind = kind.name();
        return anyhow!("types are named by their bits; did you mean {kind}{order}?");
    }
    let lower = name.to_lowercase();
    let close = |kind: &&Kind| distance(&lower, kind.name()) <= 1;
    match rust_name(&lower).or_else(|| Kind::ALL.iter().find(close).copied()) {
        Some(kind) => anyhow!("no such type; did you mean {}{order}?", kind.name()),
        None => {
            let names: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
            anyhow!("no such type; there are {} (see 'pmem help types')", names.join(" "))
        }
    }
}

/// How many characters must be put in, taken out or replaced to make `a` into `b`.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, a) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name() {
        for kind in Kind::ALL {
            for (suffix, order) in [("", Order::Little), ("le", Order::Little), ("be", Order::Big)]
            {
                let element: Element = format!("{}{suffix}", kind.name()).parse().unwrap();
                assert_eq!(element, Element { kind: *kind, order });
                let shown = element.to_string().parse::<Element>().unwrap();
                assert!(shown == element || kind.size() == 1);
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
            ("float64", "f64"),
            ("<u4", "u32"),
            (">u4", "u32be"),
            (">f8", "f64be"),
            ("<f2", "f16"),
            ("<u8", "u64"),
            ("|u1", "u8"),
            ("|i1", "i8"),
            (">u1", "u8"),
            ("<i16", "i128"),
        ] {
            match text.parse::<Element>() {
                Ok(element) => assert_eq!(element.to_string(), name, "{text}"),
                Err(_) => assert_eq!(text, "<i16"),
            }
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
            ("f8", "types are named by their bits; did you mean f64?"),
            ("f8be", "types are named by their bits; did you mean f64be?"),
            ("<u16", "with '<' types are named by their bytes; did you mean u16le?"),
            ("|u4", "the byte order is missing; did you mean u32le or u32be?"),
            ("=u4", "the byte order is missing; did you mean u32le or u32be?"),
            ("U64", "no such type; did you mean u64?"),
            ("u46", "no such type; did you mean u16?"),
            ("DOUBLE", "no such type; did you mean f64?"),
        ] {
            assert_eq!(text.parse::<Element>().unwrap_err().to_string(), message, "{text}");
        }
        for text in ["", "le", "<", "<f16", "<x4", "u", "f", "struct", "ü4", "u64 ", "u64lele"] {
            assert!(text.parse::<Element>().is_err(), "{text}");
        }
    }
}
