//! A program in Rust that reads all elements.

use super::subject::{Subject, identifier};
use crate::element::{Field, Kind, Order};

/// Returns the type of a scalar, and the expression that reads it from the bytes `b` at a place.
fn scalar(field: &Field, place: &str) -> (String, String) {
    let number = match field.kind {
        Kind::F16 | Kind::Bf16 => "u16",
        Kind::F8E4M3 | Kind::F8E5M2 | Kind::Bool => "u8",
        Kind::U24 | Kind::I24 | Kind::Str(_) | Kind::Hex(_) => {
            let size = field.kind.size();
            let bytes = format!("b[{place}..][..{size}].try_into().unwrap()");
            return (format!("[u8; {size}]"), bytes);
        }
        kind => kind.name(),
    };
    let order = if field.order == Order::Big { "be" } else { "le" };
    let size = field.kind.size();
    let read = format!("{number}::from_{order}_bytes(b[{place}..][..{size}].try_into().unwrap())");
    (number.to_owned(), read)
}

/// Returns the type of a field, and the expression that reads it from the bytes `b` of an element.
fn field(field: &Field) -> (String, String) {
    let (offset, size) = (field.offset, field.kind.size());
    match field.scalars() {
        1 if !field.complex && field.dimensions.sizes().is_empty() => {
            scalar(field, &offset.to_string())
        }
        scalars => {
            let (name, read) = scalar(field, &format!("{offset} + {size} * i"));
            (format!("[{name}; {scalars}]"), format!("std::array::from_fn(|i| {read})"))
        }
    }
}

/// Returns what a reader should know about a field.
fn comment(field: &Field) -> &'static str {
    match field.kind {
        Kind::F16 | Kind::Bf16 | Kind::F8E4M3 | Kind::F8E5M2 => " // its bits",
        Kind::U24 | Kind::I24 if field.order == Order::Big => " // its bytes, the highest first",
        Kind::U24 | Kind::I24 => " // its bytes, the lowest first",
        _ => "",
    }
}

/// Returns the program. It shows how many elements it has read, and the first one.
pub(super) fn program(subject: &Subject<'_>) -> String {
    let (mut members, mut reads): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for (index, part) in subject.fields().enumerate() {
        let mut name = match &*part.name {
            "" => String::from("value"),
            name => identifier(name).to_lowercase(),
        };
        if members.iter().any(|member| member.starts_with(&format!("    {name}: "))) {
            name += &format!("_{index}");
        }
        let (kind, read) = field(part);
        members.push(format!("    {name}: {kind},{}\n", comment(part)));
        reads.push(format!("            {name}: {read},\n"));
    }
    let (count, size, start) = (subject.count, subject.element().size(), subject.layout.start());
    format!(
        "use std::fs::File;\nuse std::os::unix::fs::FileExt;\n\n#[derive(Clone, Debug)]\nstruct \
         Element {{\n{}}}\n\nfn main() -> std::io::Result<()> {{\n    let mut bytes = vec![0; \
         {count} * {size}];\n    File::open({:?})?.read_exact_at(&mut bytes, {start})?;\n    let \
         elements: Vec<Element> = bytes\n        .chunks_exact({size})\n        .map(|b| Element \
         {{\n{}        }})\n        .collect();\n    println!(\"{{}} elements\", \
         elements.len());\n    println!(\"{{:?}}\", elements.first());\n    Ok(())\n}}\n",
        members.concat(),
        subject.path,
        reads.concat(),
    )
}
