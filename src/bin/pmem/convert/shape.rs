//! What the elements of OUT are.

use std::path::Path;

use anyhow::ensure;

use super::file_format::FileFormat;
use crate::element::{Element, Field, Form, Packing, Selection};
use crate::layout::type_of_name;

/// Returns the type that the name of OUT asks for, as `.f32`, `.fbin` and `.bvecs` do.
pub(crate) fn type_of(path: &Path) -> Option<Element> {
    let name = match path.extension()?.to_str()? {
        "fbin" | "fvecs" => "f32",
        "f16bin" => "f16",
        "u8bin" | "bvecs" => "u8",
        "i8bin" => "i8",
        "ibin" | "ivecs" => "i32",
        _ => return type_of_name(path),
    };
    name.parse().ok()
}

/// Returns what an element of OUT is, where one of IN is `part` and `wanted` says what is to become
/// of it.
///
/// # Errors
///
/// There is no such element.
pub(crate) fn outcome(
    part: &Element,
    wanted: Option<&Element>,
    format: FileFormat,
) -> anyhow::Result<Element> {
    let element = match wanted {
        Some(wanted) if wanted.single().is_some() && part.columns().len() > 1 => {
            each(part, wanted)?
        }
        Some(wanted) => wanted.clone(),
        None => part.clone(),
    };
    if matches!(format, FileFormat::Raw | FileFormat::Parquet | FileFormat::Arrow) {
        // Columns leave padding out, and their file says where it was.
        return Ok(element);
    }
    let element = Selection::without_padding(&element)?.part().clone();
    match (element.fields(), format) {
        ([field], FileFormat::Npy | FileFormat::Bin | FileFormat::Vecs)
            if element.form() == Form::Record =>
        {
            // Other formats keep the name of a single field as that of a column.
            let field = Field { name: String::new(), ..field.clone() };
            Element::new(vec![field], Form::Plain, Packing::Packed)
        }
        _ => Ok(element),
    }
}

/// Returns an element whose scalars are all of the type that `wanted` is.
fn each(part: &Element, wanted: &Element) -> anyhow::Result<Element> {
    let [scalar] = wanted.fields() else { return Ok(wanted.clone()) };
    let fields = part.fields().iter().filter(|field| !field.is_padding()).map(|field| Field {
        kind: scalar.kind,
        order: scalar.order,
        ..field.clone()
    });
    let element = Element::new(fields.collect(), part.form(), Packing::Packed)?;
    // What has no name that could be parsed is no type: complex numbers of any scalar.
    ensure!(
        element.to_string().parse::<Element>().is_ok(),
        "{part} has complex numbers, and there are none of {wanted}; write --to in full"
    );
    Ok(element)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes() {
        for (part, wanted, format, expected) in [
            ("f64", None, FileFormat::Raw, "f64"),
            ("f64be", None, FileFormat::Raw, "f64be"),
            ("f64", Some("f32be"), FileFormat::Raw, "f32be"),
            ("f64x128", Some("f32"), FileFormat::Npy, "f32x128"),
            ("x:f64,y:u8", Some("f32"), FileFormat::Raw, "x:f32,y:f32"),
            ("x:f64", Some("f32"), FileFormat::Raw, "f32"),
            ("x:f64", None, FileFormat::Npy, "f64"),
            ("x:f64", None, FileFormat::Csv, "x:f64"),
            ("@x:u8,y:u16", None, FileFormat::Raw, "@x:u8,y:u16"),
            ("@x:u8,y:u16", None, FileFormat::Npy, "x:u8,y:u16"),
            ("@x:u8,y:u16", None, FileFormat::Parquet, "@x:u8,y:u16"),
            ("cf64x2", Some("f32"), FileFormat::Npy, "cf32x2"),
        ] {
            let wanted = wanted.map(|wanted: &str| wanted.parse().unwrap());
            let out = outcome(&part.parse().unwrap(), wanted.as_ref(), format).unwrap();
            assert_eq!(out.to_string(), expected, "{part}");
        }
        let wanted = "f16".parse().unwrap();
        assert!(outcome(&"cf32".parse().unwrap(), Some(&wanted), FileFormat::Raw).is_err());
    }

    #[test]
    fn types_of_names() {
        for (name, element) in [("a.fbin", "f32"), ("a.bvecs", "u8"), ("a.u16be", "u16be")] {
            assert_eq!(type_of(Path::new(name)).unwrap().to_string(), element);
        }
        assert!(type_of(Path::new("a.npy")).is_none());
    }
}
