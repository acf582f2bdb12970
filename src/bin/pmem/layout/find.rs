//! Finding out where the elements of a file lie: what the user says, what the file says, and what
//! its name says.

use std::io;
use std::path::Path;

use super::{Format, Layout};
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
}

/// Something whose first bytes can be looked at before its elements are read.
pub(crate) trait Look {
    /// Returns the length in bytes, if that is known.
    fn len(&self) -> Option<u64>;

    /// Reads at a place near the start; less than wanted only at the end.
    ///
    /// # Errors
    ///
    /// Reading fails.
    fn look_at(&mut self, offset: u64, bytes: &mut [u8]) -> io::Result<usize>;
}

impl Wanted {
    /// Finds out where the elements of a file lie.
    ///
    /// # Errors
    ///
    /// Reading fails, or the file contradicts what the user says.
    pub(crate) fn find(&self, path: &Path, file: &mut dyn Look) -> anyhow::Result<Layout> {
        let element = self.element.clone().or_else(|| type_of_name(path));
        let element = element.unwrap_or_else(|| Element::scalar(Kind::U8, Order::Little));
        Ok(Layout::raw(element, self.offset.unwrap_or(0), file.len()))
    }
}

/// Returns the type that the extension of a file names, if it names one.
///
/// SoX and inspectrum write an `s` for signed integers: `.s16`, `.cs16`.
pub(crate) fn type_of_name(path: &Path) -> Option<Element> {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let signed = match extension {
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
