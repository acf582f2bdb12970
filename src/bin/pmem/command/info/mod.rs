//! `pmem info`: what is to be known about a file.

mod facts;
mod show;

use std::path::PathBuf;

use self::facts::Facts;

use crate::argument::value;
use crate::argument::{PartialArg, TypeArg};
use crate::env::Env;
use crate::input::Source;
use crate::layout::Ragged;

/// Show how many elements a file has, and where they are
///
/// Where the kernel does not tell, it says "unknown", and null in JSON.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  pmem info data.bin -t u64
  pmem info data.bin -t u64 --json | jq .elements")]
pub(crate) struct Info {
    #[command(flatten)]
    element: TypeArg,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    partial: PartialArg,
    /// File to look at; '-' is standard input
    #[arg(value_parser = value::file_name())]
    file: PathBuf,
}

impl Info {
    /// Does what the arguments say.
    ///
    /// # Errors
    ///
    /// The file cannot be read.
    pub(crate) fn run(self, env: &mut Env) -> anyhow::Result<()> {
        let Self { element: TypeArg { element }, json, partial: PartialArg { partial }, file } =
            self;
        let facts = Facts::gather(&file, Source::open(&file)?, element)?;
        if let Some(bytes) = facts.bytes {
            partial.tell(Ragged { bytes, element }, &file, env)?;
        }
        if json { facts.write_json(&mut env.out) } else { facts.write_text(&mut env.out) }
    }
}
