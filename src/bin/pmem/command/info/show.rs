//! Facts for people and for programs.

use std::io::Write as _;

use serde_json::{Value, json};

use super::facts::Facts;
use crate::element::{Element, Field, Form};
use crate::env::Output;
use crate::layout::{Layout, Tensor, shown};
use crate::text::{Name, Size, grouped, plural, printable};

impl Facts {
    /// Writes one flat object. Its names are stable.
    ///
    /// # Errors
    ///
    /// Writing fails.
    pub(super) fn write_json(&self, out: &mut Output) -> anyhow::Result<()> {
        let layout = self.layout.as_ref();
        let element = layout.map(Layout::element);
        let path = self.path.to_str().map_or_else(|| Name(&self.path).to_string(), str::to_owned);
        let members: [(&str, Value); 17] = [
            ("path", path.into()),
            ("format", self.format().name().into()),
            ("type", element.map(Element::to_string).into()),
            ("offset", self.start().into()),
            ("shape", self.shape().into()),
            ("element_bytes", element.map(Element::size).into()),
            ("elements", layout.and_then(Layout::count).into()),
            ("bytes", self.len.into()),
            ("bytes_left_over", self.left_over().into()),
            ("bytes_on_disk", self.bytes_on_disk.into()),
            ("hole_bytes", self.hole_bytes.into()),
            ("pages_cached", self.residency.map(|pages| pages.cached).into()),
            ("pages_dirty", self.residency.map(|pages| pages.dirty).into()),
            ("filesystem", self.filesystem.clone().into()),
            ("modified", self.modified.clone().into()),
            ("fields", element.map_or(Value::Null, fields)),
            ("tensors", self.tensors.as_ref().map_or(Value::Null, |all| tensors(&all.list))),
        ];
        let members = members.map(|(name, value)| format!("{}: {value}", json!(name)));
        writeln!(out, "{{{}}}", members.join(", "))?;
        Ok(())
    }

    /// Writes a line for each fact; `again` says that another file went before.
    ///
    /// # Errors
    ///
    /// Writing fails.
    pub(super) fn write_text(&self, again: bool, out: &mut Output) -> anyhow::Result<()> {
        let number = |number: Option<u64>| number.map_or_else(unknown, grouped);
        let mut lines =
            vec![("file", Name(&self.path).to_string()), ("format", self.format().to_string())];
        if let Some(layout) = &self.layout {
            let element = layout.element();
            lines.push(("type", format!("{element}, {} each", plural(element.size(), "byte"))));
        }
        if let Some(shape) = self.shape().filter(|shape| shape.len() != 1 && self.start() > 0) {
            lines.push(("shape", shown(&shape)));
        }
        if self.start() > 0 {
            lines.push(("offset", grouped(self.start())));
        }
        match (&self.layout, &self.tensors) {
            (None, Some(tensors)) => lines.push(("tensors", grouped(tensors.list.len() as u64))),
            (layout, _) => {
                lines.push(("elements", number(layout.as_ref().and_then(Layout::count))));
            }
        }
        lines.extend([
            ("bytes", room(self.len)),
            ("left over", self.left_over().map_or_else(unknown, |bytes| plural(bytes, "byte"))),
            ("on disk", room(self.bytes_on_disk)),
            ("holes", room(self.hole_bytes)),
            ("in page cache", pages(self.residency.map(|pages| pages.cached))),
            ("dirty", pages(self.residency.map(|pages| pages.dirty))),
            ("file system", self.filesystem.clone().unwrap_or_else(unknown)),
            ("modified", self.modified.clone().unwrap_or_else(unknown)),
        ]);
        if again {
            writeln!(out)?;
        }
        for (name, value) in lines {
            writeln!(out, "{name:<15}{value}")?;
            match (name, &self.layout, &self.tensors) {
                ("type", Some(layout), _) if layout.element().form() == Form::Record => {
                    write_fields(layout.element(), out)?;
                }
                ("tensors", _, Some(tensors)) => write_tensors(&tensors.list, out)?,
                _ => {}
            }
        }
        Ok(())
    }
}

/// Returns the type of a tensor; that of the file, if it is not known here.
fn type_of(tensor: &Tensor) -> String {
    tensor.element().map_or_else(|_| tensor.dtype.clone(), |element| element.to_string())
}

/// Returns all tensors, with their places.
fn tensors(list: &[Tensor]) -> Value {
    let tensor = |tensor: &Tensor| {
        json!({
            "name": tensor.name,
            "type": type_of(tensor),
            "shape": tensor.shape,
            "offset": tensor.offset,
        })
    };
    list.iter().map(tensor).collect()
}

/// Writes a line for each tensor: its place, its type, its shape, its name.
fn write_tensors(list: &[Tensor], out: &mut Output) -> anyhow::Result<()> {
    let rows: Vec<_> = list
        .iter()
        .map(|tensor| {
            (
                tensor.offset.to_string(),
                printable(&type_of(tensor)).into_owned(),
                shown(&tensor.shape),
            )
        })
        .collect();
    let widest = |width: fn(&(String, String, String)) -> usize| rows.iter().map(width).max();
    let places = widest(|row| row.0.len()).unwrap_or(0);
    let types = widest(|row| row.1.len()).unwrap_or(0);
    let shapes = widest(|row| row.2.len()).unwrap_or(0);
    for ((place, element, shape), tensor) in rows.iter().zip(list) {
        let name = printable(&tensor.name);
        writeln!(out, "  {element:<types$}  {shape:<shapes$}  byte {place:<places$}  {name}")?;
    }
    Ok(())
}

/// Returns the fields of a record, with their places; `null` for a plain element.
fn fields(element: &Element) -> Value {
    let field = |field: &Field| {
        json!({
            "name": field.name,
            "type": field.to_string(),
            "offset": field.offset,
            "bytes": field.size(),
        })
    };
    match element.form() {
        Form::Plain => Value::Null,
        Form::Record => element.fields().iter().map(field).collect(),
    }
}

/// Writes a line for each field of a record: its place, its type, its name.
fn write_fields(element: &Element, out: &mut Output) -> anyhow::Result<()> {
    let places = element.size().to_string().len();
    for field in element.fields() {
        let (name, offset) = (printable(&field.name), field.offset);
        writeln!(out, "  {:<13}byte {offset:<places$}  {name}", field.to_string())?;
    }
    Ok(())
}

/// What is said where nobody tells.
fn unknown() -> String {
    String::from("unknown")
}

/// A number of bytes, exactly and roughly.
fn room(bytes: Option<u64>) -> String {
    match bytes {
        None => unknown(),
        Some(bytes @ 0..1024) => bytes.to_string(),
        Some(bytes) => format!("{} ({})", grouped(bytes), Size(bytes)),
    }
}

/// A number of pages.
fn pages(pages: Option<u64>) -> String {
    match pages {
        None => unknown(),
        Some(1) => String::from("1 page"),
        Some(pages) => format!("{} pages", grouped(pages)),
    }
}
