//! What the user may choose.

/// How elements are shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum Format {
    /// Rows with an index; repeated rows squeezed to '*', holes named
    Table,
    /// One value a line
    Plain,
    /// A header, then 'index,value' lines
    Csv,
    /// One array
    Json,
    /// An object a line: {"index":…,"value":…}
    Ndjson,
    /// The bytes themselves
    Raw,
    /// Bytes in hexadecimal, with their characters, by hexyl
    Hex,
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
