//! The formats of files: what stands in front of the elements.

use std::fmt::{self, Debug, Display, Formatter};
use std::path::Path;

/// The format of a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum Format {
    /// Elements and nothing else, from --offset on
    Raw,
    /// An array of NumPy
    Npy,
    /// Vectors behind their number and dimension: .fbin, .f16bin, .u8bin, .i8bin, .ibin
    Bin,
    /// Vectors that carry their dimension: .fvecs, .ivecs, .bvecs
    Vecs,
    /// The format of MNIST
    Idx,
    /// Token files of llm.c
    Llmc,
    /// Tensors of a model
    Safetensors,
}

impl Format {
    /// Returns the name of the format, as `--as` takes it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Npy => "npy",
            Self::Bin => "bin",
            Self::Vecs => "vecs",
            Self::Idx => "idx",
            Self::Llmc => "llmc",
            Self::Safetensors => "safetensors",
        }
    }

    /// Returns the format that a file of this name is expected to have, if it has a header.
    pub(crate) fn of_name(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        match extension(path) {
            "npy" => Some(Self::Npy),
            "fbin" | "f16bin" | "u8bin" | "i8bin" | "ibin" => Some(Self::Bin),
            "fvecs" | "ivecs" | "bvecs" => Some(Self::Vecs),
            "safetensors" => Some(Self::Safetensors),
            "idx" => Some(Self::Idx),
            _ if name.ends_with("-ubyte") => Some(Self::Idx),
            _ => None,
        }
    }
}

/// Returns the extension of a file, or nothing if it has none that is text.
pub(super) fn extension(path: &Path) -> &str {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}

impl Display for Format {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What stands in front of the elements, and says how many there are.
pub(crate) trait Header: Debug + Send + Sync {
    /// Returns the format.
    fn format(&self) -> Format;

    /// Returns how many elements the header counts; `None` if the length of the file tells.
    fn count(&self) -> Option<u64>;

    /// Returns the sizes of the array, if the header has them.
    fn shape(&self) -> Option<Vec<u64>> {
        None
    }

    /// Returns where the file is to end, whose elements end at `elements_end`.
    fn end(&self, elements_end: u64) -> u64 {
        elements_end
    }

    /// Returns what to write where, so that the header counts `count` elements.
    ///
    /// # Errors
    ///
    /// The header has no room for the number, or the format cannot change it.
    fn patches(&self, count: u64) -> anyhow::Result<Vec<Patch>>;

    /// Returns the bytes of a new element as they belong into the file, if they are not all zero.
    fn blank(&self) -> Option<Vec<u8>> {
        None
    }

    /// Makes sure that the bytes of an element may stand in the file.
    ///
    /// # Errors
    ///
    /// They contradict the format.
    fn check_element(&self, bytes: &[u8]) -> anyhow::Result<()> {
        let _ = bytes;
        Ok(())
    }
}

/// Bytes to write over others.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Patch {
    /// Where they go, in bytes from the start of the file.
    pub(crate) offset: u64,
    /// What is written there.
    pub(crate) bytes: Vec<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_names() {
        for (name, format) in [
            ("a.npy", Some(Format::Npy)),
            ("a.f16bin", Some(Format::Bin)),
            ("a.bvecs", Some(Format::Vecs)),
            ("train-images-idx3-ubyte", Some(Format::Idx)),
            ("a.idx", Some(Format::Idx)),
            ("model.safetensors", Some(Format::Safetensors)),
            ("a.bin", None),
            ("npy", None),
            ("..", None),
        ] {
            assert_eq!(Format::of_name(Path::new(name)), format, "{name}");
        }
    }
}
