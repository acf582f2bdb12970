//! Finding out where the elements of a file lie: what the user says, what the file says, and what
//! its name says.

use std::io;
use std::path::Path;

use anyhow::{anyhow, ensure};

use super::format::extension;
use super::look::Look;
use super::safetensors::Tensors;
use super::{Format, Layout, bin, idx, llmc, npy, safetensors, vecs};
use crate::element::{Element, FieldList, Kind, Order};

/// What the user says about the elements of a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// What an element is.
    pub(crate) element: Option<Element>,
    /// Where the first element begins, in bytes.
    pub(crate) offset: Option<u64>,
    /// Format of the file.
    pub(crate) format: Option<Format>,
    /// Which fields are asked for.
    pub(crate) fields: Option<FieldList>,
    /// Which tensor is asked for.
    pub(crate) tensor: Option<String>,
}

impl Wanted {
    /// Finds out where the elements of a file lie.
    ///
    /// # Errors
    ///
    /// Reading fails, or the file contradicts what the user says.
    pub(crate) fn find(&self, path: &Path, file: &mut dyn Look) -> anyhow::Result<Layout> {
        let format = self.format(path, file)?;
        ensure!(
            self.tensor.is_none() || format == Format::Safetensors,
            "--tensor: its format is {format}, and only safetensors has tensors"
        );
        let wanted = self.element.as_ref();
        let layout = match format {
            Format::Raw => {
                let element = self.element.clone().or_else(|| type_of_name(path));
                let element = element.unwrap_or_else(|| Element::scalar(Kind::U8, Order::Little));
                return Ok(Layout::raw(element, self.offset.unwrap_or(0), file.len()));
            }
            Format::Npy => npy::layout(file),
            Format::Bin => bin::layout(path, file, wanted),
            Format::Vecs => vecs::layout(path, file, wanted),
            Format::Idx => idx::layout(file),
            Format::Llmc => llmc::layout(file),
            Format::Safetensors => {
                let tensors = self.explain(format, safetensors::tensors(file))?;
                return self.check(tensors.layout(self.tensor.as_deref(), file.len())?);
            }
        };
        self.check(self.explain(format, layout)?)
    }

    /// Reads what a file says about its tensors; `None` if its format has none.
    ///
    /// # Errors
    ///
    /// Reading fails, or what the file says makes no sense.
    pub(crate) fn tensors(
        &self,
        path: &Path,
        file: &mut dyn Look,
    ) -> anyhow::Result<Option<Tensors>> {
        let format = self.format(path, file)?;
        if format != Format::Safetensors {
            return Ok(None);
        }
        self.explain(format, safetensors::tensors(file)).map(Some)
    }

    /// Names an option that says something about elements, if there is one.
    pub(crate) fn about_elements(&self) -> Option<&'static str> {
        match self {
            Self { element: Some(_), .. } => Some("--type"),
            Self { offset: Some(_), .. } => Some("--offset"),
            Self { fields: Some(_), .. } => Some("--field"),
            _ => None,
        }
    }

    /// Returns the format that the user says, or that the file has.
    fn format(&self, path: &Path, file: &mut dyn Look) -> anyhow::Result<Format> {
        match self.format {
            Some(format) => Ok(format),
            None => Ok(recognise(path, file)?),
        }
    }

    /// Says why a header is refused, and how to do without.
    fn explain<T>(&self, format: Format, read: anyhow::Result<T>) -> anyhow::Result<T> {
        read.map_err(|error| match self.format {
            Some(_) => error.context(format!("--as {format}")),
            None => anyhow!("its {format} header: {error:#}; --as raw does without"),
        })
    }

    /// Makes sure that what the header says is what the user says.
    fn check(&self, layout: Layout) -> anyhow::Result<Layout> {
        let (format, element) = (layout.format(), layout.element());
        if let Some(wanted) = &self.element {
            let same = wanted.size() == element.size() && wanted.columns() == element.columns();
            ensure!(
                same,
                "--type {wanted}: its {format} header says {element}; --as raw reads it without the \
                 header"
            );
        }
        ensure!(
            self.offset.is_none(),
            "--offset: its {format} header says that the elements begin at byte {}; --as raw reads \
             it without the header",
            layout.start()
        );
        Ok(layout)
    }
}

/// Finds out which format a file has. Of a pipe no more is read than that takes: one byte, if that
/// is not the first of a magic, and its name tells nothing.
fn recognise(path: &Path, file: &mut dyn Look) -> io::Result<Format> {
    let mut magic = [0; npy::MAGIC.len()];
    let seen = match file.look_at(0, &mut magic[..1]) {
        // Not everything without a length can be read from its first byte on.
        Err(_) if file.len().is_none() => return Ok(Format::Raw),
        seen => seen?,
    };
    if seen == 1 && magic[0] == npy::MAGIC[0] {
        file.look_at(0, &mut magic)?;
        if magic == *npy::MAGIC {
            return Ok(Format::Npy);
        }
    }
    let Some(format) = Format::of_name(path) else { return Ok(Format::Raw) };
    let fits = match format {
        Format::Bin => bin::fits(path, file)?,
        Format::Vecs => vecs::fits(path, file)?,
        Format::Idx => idx::fits(path, file)?,
        Format::Safetensors => safetensors::fits(file)?,
        Format::Npy | Format::Raw | Format::Llmc => false,
    };
    Ok(if fits { format } else { Format::Raw })
}

/// Returns the type that the extension of a file names, if it names one.
///
/// SoX and inspectrum write an `s` for signed integers: `.s16`, `.cs16`.
pub(crate) fn type_of_name(path: &Path) -> Option<Element> {
    let signed = match extension(path) {
        "s8" => "i8",
        "s16" => "i16",
        "s24" => "i24",
        "s32" => "i32",
        "cs8" => "ci8",
        "cs16" => "ci16",
        "cs32" => "ci32",
        other => other,
    };
    signed.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_names() {
        for (name, element) in [
            ("a.f32", "f32"),
            ("a.b.u16be", "u16be"),
            ("a.bf16", "bf16"),
            ("a.i24", "i24"),
            ("a.cf32", "cf32"),
            ("a.s16", "i16"),
            ("a.cs16", "ci16"),
        ] {
            let named = type_of_name(Path::new(name)).unwrap();
            assert_eq!(named.to_string(), element, "{name}");
        }
        for name in ["a.bin", "a.hex", "f32", ".f32", "-"] {
            assert!(type_of_name(Path::new(name)).is_none(), "{name}");
        }
    }
}
