//! What the user may choose.

/// How elements are shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum Format {
    /// Rows with an index; repeated rows squeezed to '*', holes named
    Table,
    /// One element a line
    Plain,
    /// A header, then a line with the index for each element
    Csv,
    /// One array
    Json,
    /// An object for each line: {"index":…,"value":…}
    Ndjson,
    /// The bytes themselves
    Raw,
    /// Bytes in hexadecimal, with their characters, by hexyl
    Hex,
}

impl Format {
    /// Returns the name of the format, as `--format` takes it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Plain => "plain",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Raw => "raw",
            Self::Hex => "hex",
        }
    }
}

/// How an index is written, as in `od -A`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum IndexRadix {
    /// Decimal
    #[value(name = "d")]
    Decimal,
    /// Hexadecimal
    #[value(name = "x")]
    Hexadecimal,
    /// Octal
    #[value(name = "o")]
    Octal,
    /// No index
    #[value(name = "n")]
    None,
}
