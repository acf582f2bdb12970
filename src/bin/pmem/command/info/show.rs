//! Facts for people and for programs.

use std::io::Write as _;

use serde_json::{Value, json};

use super::facts::Facts;
use crate::element::{Element, Field, Form};
use crate::env::Output;
use crate::layout::Header;
use crate::text::{Name, Size, grouped, plural, printable};

impl Facts {
    /// Writes one flat object. Its names are stable.
    ///
    /// # Errors
    ///
    /// Writing fails.
    pub(super) fn write_json(&self, out: &mut Output) -> anyhow::Result<()> {
        let Self { layout, .. } = self;
        let element = layout.element();
        let path = self.path.to_str().map_or_else(|| Name(&self.path).to_string(), str::to_owned);
        let members: [(&str, Value); 16] = [
            ("path", path.into()),
            ("format", layout.format().name().into()),
            ("type", element.to_string().into()),
            ("offset", layout.start().into()),
            ("shape", self.shape().into()),
            ("element_bytes", element.size().into()),
            ("elements", layout.count().into()),
            ("bytes", layout.len().into()),
            ("bytes_left_over", self.left_over().into()),
            ("bytes_on_disk", self.bytes_on_disk.into()),
            ("hole_bytes", self.hole_bytes.into()),
            ("pages_cached", self.residency.map(|pages| pages.cached).into()),
            ("pages_dirty", self.residency.map(|pages| pages.dirty).into()),
            ("filesystem", self.filesystem.clone().into()),
            ("modified", self.modified.clone().into()),
            ("fields", fields(element)),
        ];
        let members = members.map(|(name, value)| format!("{}: {value}", json!(name)));
        writeln!(out, "{{{}}}", members.join(", "))?;
        Ok(())
    }

    /// Returns the sizes of the array that the elements make, if their number is known.
    fn shape(&self) -> Option<Vec<u64>> {
        if let Some(shape) = self.layout.header().and_then(Header::shape) {
            return Some(shape);
        }
        let mut shape = vec![self.layout.count()?];
        if let [field] = self.layout.element().fields() {
            shape.extend(field.dimensions.sizes().iter().map(|size| u64::from(*size)));
        }
        Some(shape)
    }

    /// Returns the bytes behind the last element.
    fn left_over(&self) -> Option<u64> {
        self.layout.left_over().map(|left_over| left_over.bytes)
    }

    /// Writes a line for each fact; `again` says that another file went before.
    ///
    /// # Errors
    ///
    /// Writing fails.
    pub(super) fn write_text(&self, again: bool, out: &mut Output) -> anyhow::Result<()> {
        let Self { layout, .. } = self;
        let element = layout.element();
        let each = plural(element.size(), "byte");
        let number = |number: Option<u64>| number.map_or_else(unknown, grouped);
        let lines = [
            ("file", Name(&self.path).to_string()),
            ("format", layout.format().to_string()),
            ("type", format!("{element}, {each} each")),
            ("offset", number(Some(layout.start()).filter(|start| *start > 0))),
            ("elements", number(layout.count())),
            ("bytes", room(layout.len())),
            ("left over", self.left_over().map_or_else(unknown, |bytes| plural(bytes, "byte"))),
            ("on disk", room(self.bytes_on_disk)),
            ("holes", room(self.hole_bytes)),
            ("in page cache", pages(self.residency.map(|pages| pages.cached))),
            ("dirty", pages(self.residency.map(|pages| pages.dirty))),
            ("file system", self.filesystem.clone().unwrap_or_else(unknown)),
            ("modified", self.modified.clone().unwrap_or_else(unknown)),
        ];
        if again {
            writeln!(out)?;
        }
        for (name, value) in lines {
            if name != "offset" || layout.start() > 0 {
                writeln!(out, "{name:<15}{value}")?;
            }
            if name == "type" && element.form() == Form::Record {
                write_fields(element, out)?;
            }
        }
        Ok(())
    }
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
