//! `--open-with`: the code that opens exactly this file elsewhere.

mod c;
mod numpy;
mod python;
mod rust;
mod sql;
mod subject;

use std::io::Write as _;

use anyhow::{anyhow, ensure};

use self::subject::Subject;
use super::facts::Facts;
use crate::env::Output;
use crate::layout::Wanted;

/// What can open files of elements.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(super) enum Engine {
    /// NumPy
    Numpy,
    /// PyTorch
    Torch,
    /// Polars
    Polars,
    /// DuckDB
    Duckdb,
    /// ClickHouse
    Clickhouse,
    /// Spark, with Python
    Spark,
    /// A program in C
    C,
    /// A program in Rust
    Rust,
    /// All of them
    All,
}

impl Engine {
    /// All engines, in the order of the help.
    const EACH: [Self; 8] = [
        Self::Numpy,
        Self::Torch,
        Self::Polars,
        Self::Duckdb,
        Self::Clickhouse,
        Self::Spark,
        Self::C,
        Self::Rust,
    ];

    /// Returns the name that people know.
    const fn title(self) -> &'static str {
        match self {
            Self::Numpy => "# NumPy",
            Self::Torch => "# PyTorch",
            Self::Polars => "# Polars",
            Self::Duckdb => "-- DuckDB",
            Self::Clickhouse => "-- ClickHouse",
            Self::Spark => "# Spark",
            Self::C => "// C",
            Self::Rust => "// Rust",
            Self::All => "",
        }
    }

    /// Returns the code that opens a file.
    fn code(self, subject: &Subject<'_>) -> String {
        match self {
            Self::Numpy => python::numpy(subject),
            Self::Torch => python::torch(subject),
            Self::Polars => python::polars(subject),
            Self::Spark => python::spark(subject),
            Self::Duckdb => sql::duckdb(subject),
            Self::Clickhouse => sql::clickhouse(subject),
            Self::C => c::program(subject),
            Self::Rust => rust::program(subject),
            Self::All => {
                let each = |engine: Self| format!("{}\n\n{}", engine.title(), engine.code(subject));
                Self::EACH.map(each).join("\n")
            }
        }
    }
}

/// Writes the code with which `engine` opens a file.
///
/// # Errors
///
/// No tensor is named, what is open has no name or no end, or writing fails.
pub(super) fn write(
    engine: Engine,
    facts: &Facts,
    wanted: &Wanted,
    out: &mut Output,
) -> anyhow::Result<()> {
    const OPTION: &str = "--open-with";

    ensure!(facts.path.as_os_str() != "-", "{OPTION}: it has no name to open it by");
    ensure!(wanted.fields.is_none(), "{OPTION}: whole elements are opened, without --field");
    let layout = facts.layout.as_ref();
    let layout = layout.ok_or_else(|| anyhow!("{OPTION}: name a tensor first, with --tensor"))?;
    let path = facts.path.to_str().filter(|path| !path.contains(char::is_control));
    let path =
        path.ok_or_else(|| anyhow!("{OPTION}: its name is not printable; give it another one"))?;
    let count = layout.count().ok_or_else(|| anyhow!("{OPTION}: it has no length"))?;
    write!(out, "{}", engine.code(&Subject::new(path, layout, count, wanted)))?;
    Ok(())
}
