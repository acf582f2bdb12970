//! `.npy`: a header that describes the array, then its elements.

use anyhow::bail;

use super::sink::{Out, Sink};
use crate::element::{Element, Field, Form, Kind, Order};

/// Bytes of which the header of a new file is a multiple.
const ALIGN: usize = 64;

/// Digits of the number of elements for which the header has room, as in NumPy since 1.23.
const DIGITS: usize = 21;

/// Writes an array.
pub(super) struct Npy<'a> {
    out: Out<'a>,
    element: Element,
    /// How many elements the header counts.
    count: u64,
}

impl<'a> Npy<'a> {
    /// Writes the header of an array.
    ///
    /// # Errors
    ///
    /// NumPy has no such elements, or writing fails.
    pub(super) fn new(
        mut out: Out<'a>,
        element: &Element,
        count: Option<u64>,
    ) -> anyhow::Result<Self> {
        let known = count.unwrap_or(0);
        let header = header(element, known, ALIGN)?;
        if count.is_none() {
            out.check_rewrite()?;
        }
        out.put(&header)?;
        Ok(Self { out, element: element.clone(), count: known })
    }
}

impl Sink for Npy<'_> {
    fn write(&mut self, bytes: &[u8], _: u64) -> anyhow::Result<()> {
        self.out.put(bytes)
    }

    fn hole(&mut self, count: u64) -> anyhow::Result<bool> {
        self.out.skip(count * self.element.size())
    }

    fn finish(&mut self, count: u64) -> anyhow::Result<()> {
        if count != self.count {
            self.out.rewrite(0, &header(&self.element, count, ALIGN)?)?;
        }
        self.out.end()
    }
}

/// Returns the header of an array, a multiple of `align` bytes long. Its length does not depend on
/// the number of elements.
///
/// # Errors
///
/// NumPy has no such elements.
pub(crate) fn header(element: &Element, count: u64, align: usize) -> anyhow::Result<Vec<u8>> {
    let (description, inner) = match (element.form(), element.fields()) {
        (Form::Record, fields) => {
            let fields = fields.iter().map(member).collect::<anyhow::Result<Vec<_>>>()?;
            (format!("[{}]", fields.join(", ")), String::new())
        }
        (Form::Plain, [field]) => {
            let sizes = field.dimensions.sizes().iter().map(|size| format!(" {size}"));
            (format!("'{}'", scalar(field)?), sizes.collect::<Vec<_>>().join(","))
        }
        (Form::Plain, fields) => {
            // Some items of an array, which are of one type.
            (format!("'{}'", scalar(&fields[0])?), format!(" {}", element.columns().len()))
        }
    };
    let digits = count.to_string();
    let room = " ".repeat(DIGITS - digits.len());
    let text = format!(
        "{{'descr': {description}, 'fortran_order': False, 'shape': ({digits},{inner}), }}{room}"
    );
    Ok(framed(&text, align))
}

/// Puts a description between the magic bytes and spaces up to a multiple of `align`.
fn framed(text: &str, align: usize) -> Vec<u8> {
    const MAGIC: &[u8] = b"\x93NUMPY";

    let short = text.is_ascii() && MAGIC.len() + 4 + text.len() + align <= usize::from(u16::MAX);
    let before = MAGIC.len() + if short { 4 } else { 6 };
    let length = (before + text.len() + 1).next_multiple_of(align) - before;
    let mut header = MAGIC.to_vec();
    match short {
        true => {
            header.extend([1, 0]);
            header.extend((length as u16).to_le_bytes());
        }
        false => {
            header.extend([if text.is_ascii() { 2 } else { 3 }, 0]);
            header.extend((length as u32).to_le_bytes());
        }
    }
    header.extend_from_slice(text.as_bytes());
    header.resize(before + length - 1, b' ');
    header.push(b'\n');
    header
}

/// Returns a field of a record as NumPy describes it.
fn member(field: &Field) -> anyhow::Result<String> {
    let name = field.name.replace('\\', "\\\\").replace('\'', "\\'");
    let sizes: Vec<String> =
        field.dimensions.sizes().iter().map(|size| format!("{size},")).collect();
    let shape = if sizes.is_empty() { String::new() } else { format!(", ({})", sizes.join(" ")) };
    Ok(format!("('{name}', '{}'{shape})", scalar(field)?))
}

/// Returns the name that NumPy has for the scalars of a field.
fn scalar(field: &Field) -> anyhow::Result<String> {
    let code = match (field.kind, field.complex) {
        (Kind::F32 | Kind::F64, true) => 'c',
        (Kind::U8 | Kind::U16 | Kind::U32 | Kind::U64, false) => 'u',
        (Kind::I8 | Kind::I16 | Kind::I32 | Kind::I64, false) => 'i',
        (Kind::F16 | Kind::F32 | Kind::F64, false) => 'f',
        (Kind::Bool, false) => 'b',
        (Kind::Str(_), false) => 'S',
        (Kind::Hex(_), false) => 'V',
        (kind, complex) => bail!(
            "NumPy has no {}{}; --to converts it to a type that it has",
            if complex { "complex " } else { "" },
            kind.name()
        ),
    };
    let size = field.kind.size() * if field.complex { 2 } else { 1 };
    let order = match (field.order, field.kind) {
        (_, Kind::Str(_) | Kind::Hex(_) | Kind::Bool | Kind::U8 | Kind::I8) => '|',
        (Order::Little, _) => '<',
        (Order::Big, _) => '>',
    };
    Ok(format!("{order}{code}{size}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers() {
        for (element, expected) in [
            ("f32", "'descr': '<f4', 'fortran_order': False, 'shape': (7,), }"),
            ("f64bex2x3", "'descr': '>f8', 'fortran_order': False, 'shape': (7, 2, 3), }"),
            ("cf32", "'descr': '<c8', 'fortran_order': False, 'shape': (7,), }"),
            (
                "x:u8,p:f16x3,s:str4",
                "'descr': [('x', '|u1'), ('p', '<f2', (3,)), ('s', '|S4')], 'fortran_order': False, \
                 'shape': (7,), }",
            ),
        ] {
            let bytes = header(&element.parse().unwrap(), 7, ALIGN).unwrap();
            let text = String::from_utf8_lossy(&bytes[10..]).into_owned();
            assert_eq!(text.trim_end().strip_prefix('{').unwrap(), expected, "{element}");
            assert_eq!(bytes.len() % 64, 0);
            let large = header(&element.parse().unwrap(), u64::MAX, ALIGN).unwrap();
            assert_eq!(large.len(), bytes.len());
        }
        for element in ["u24", "u128", "bf16", "f8e4m3", "ci16"] {
            let error = header(&element.parse().unwrap(), 7, ALIGN).unwrap_err().to_string();
            assert!(error.starts_with("NumPy has no "), "{error}");
        }
        let names = header(&"\"ä'\":u8,y:u8".parse().unwrap(), 7, ALIGN).unwrap();
        assert_eq!(names[6..8], [3, 0]);
    }
}
