//! The formats that elements are converted from and to.

use std::fmt::{self, Display, Formatter};
use std::path::Path;

use crate::layout::Format;

/// The format of a file that is converted, or that comes out.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum FileFormat {
    /// Elements and nothing else; also what has a header that dump knows
    Raw,
    /// NumPy
    Npy,
    /// Count and dimension, then vectors
    Bin,
    /// Vectors, each after its dimension
    Vecs,
    /// One element a line
    Plain,
    /// A header, then one element a line
    Csv,
    /// An object for each line
    Ndjson,
    /// One array
    Json,
    /// Apache Parquet
    Parquet,
    /// Apache Arrow, as IPC file
    Arrow,
}

impl FileFormat {
    /// Returns the format that the extension of a file names, if it names one.
    pub(crate) fn of_name(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?;
        Some(match extension {
            "npy" => Self::Npy,
            "fbin" | "f16bin" | "u8bin" | "i8bin" | "ibin" => Self::Bin,
            "fvecs" | "ivecs" | "bvecs" => Self::Vecs,
            "txt" => Self::Plain,
            "csv" => Self::Csv,
            "ndjson" | "jsonl" => Self::Ndjson,
            "json" => Self::Json,
            "parquet" => Self::Parquet,
            "arrow" | "feather" => Self::Arrow,
            _ => return None,
        })
    }

    /// Returns the name of the format, as `--from` and `--into` take it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Npy => "npy",
            Self::Bin => "bin",
            Self::Vecs => "vecs",
            Self::Plain => "plain",
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
            Self::Json => "json",
            Self::Parquet => "parquet",
            Self::Arrow => "arrow",
        }
    }

    /// Is the format text?
    pub(crate) const fn is_text(self) -> bool {
        matches!(self, Self::Plain | Self::Csv | Self::Ndjson | Self::Json)
    }

    /// Returns how such a file is laid out, if its elements lie in it as they are.
    pub(crate) const fn layout(self) -> Option<Format> {
        match self {
            Self::Raw => Some(Format::Raw),
            Self::Npy => Some(Format::Npy),
            Self::Bin => Some(Format::Bin),
            Self::Vecs => Some(Format::Vecs),
            _ => None,
        }
    }

    /// Has the format columns, of which one can be taken?
    pub(crate) const fn has_columns(self) -> bool {
        self.is_text() || matches!(self, Self::Parquet | Self::Arrow)
    }

    /// Says that the program was built without the format.
    #[cfg(not(feature = "columnar"))]
    pub(crate) fn missing(self) -> anyhow::Error {
        anyhow::anyhow!("this pmem was built without {self}: its feature 'columnar' is off")
    }
}

impl Display for FileFormat {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How the pages of a Parquet file are compressed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum Codec {
    /// Fast
    #[default]
    Snappy,
    /// Smaller
    Zstd,
    /// Not at all
    None,
}
