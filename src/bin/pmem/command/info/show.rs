//! Facts for people and for programs.

use std::io::Write as _;

use serde_json::{Value, json};

use super::facts::Facts;
use crate::env::Output;
use crate::text::Name;
use crate::text::{Size, grouped};

impl Facts {
    /// Writes one flat object. Its names are stable.
    ///
    /// # Errors
    ///
    /// Writing fails.
    pub(crate) fn write_json(&self, out: &mut Output) -> anyhow::Result<()> {
        let size = self.element.size();
        let path = self.path.to_str().map_or_else(|| Name(&self.path).to_string(), str::to_owned);
        let fields: [(&str, Value); 12] = [
            ("path", path.into()),
            ("type", self.element.to_string().into()),
            ("element_bytes", size.into()),
            ("elements", self.bytes.map(|bytes| bytes / size).into()),
            ("bytes", self.bytes.into()),
            ("bytes_left_over", self.bytes.map(|bytes| bytes % size).into()),
            ("bytes_on_disk", self.bytes_on_disk.into()),
            ("hole_bytes", self.hole_bytes.into()),
            ("pages_cached", self.residency.map(|pages| pages.cached).into()),
            ("pages_dirty", self.residency.map(|pages| pages.dirty).into()),
            ("filesystem", self.filesystem.clone().into()),
            ("modified", self.modified.clone().into()),
        ];
        let members = fields.map(|(name, value)| format!("{}: {value}", json!(name)));
        writeln!(out, "{{{}}}", members.join(", "))?;
        Ok(())
    }

    /// Writes a line for each fact.
    ///
    /// # Errors
    ///
    /// Writing fails.
    pub(crate) fn write_text(&self, out: &mut Output) -> anyhow::Result<()> {
        let size = self.element.size();
        let each = if size == 1 { "1 byte each".into() } else { format!("{size} bytes each") };
        let number = |number: Option<u64>| number.map_or_else(unknown, grouped);
        let lines = [
            ("file", Name(&self.path).to_string()),
            ("type", format!("{}, {each}", self.element)),
            ("elements", number(self.bytes.map(|bytes| bytes / size))),
            ("bytes", room(self.bytes)),
            ("left over", left_over(self.bytes.map(|bytes| bytes % size))),
            ("on disk", room(self.bytes_on_disk)),
            ("holes", room(self.hole_bytes)),
            ("in page cache", pages(self.residency.map(|pages| pages.cached))),
            ("dirty", pages(self.residency.map(|pages| pages.dirty))),
            ("file system", self.filesystem.clone().unwrap_or_else(unknown)),
            ("modified", self.modified.clone().unwrap_or_else(unknown)),
        ];
        for (name, value) in lines {
            writeln!(out, "{name:<15}{value}")?;
        }
        Ok(())
    }
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

/// Bytes that make no whole element.
fn left_over(bytes: Option<u64>) -> String {
    match bytes {
        None => unknown(),
        Some(1) => String::from("1 byte"),
        Some(bytes) => format!("{bytes} bytes"),
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
