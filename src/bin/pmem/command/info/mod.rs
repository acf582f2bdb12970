//! `pmem info`: what is known about a file.

mod facts;
mod show;

use std::path::PathBuf;

use self::facts::Facts;
use crate::argument::{self, FileArgs, PartialArg, file_name};
use crate::env::Env;
use crate::input::Input;

/// Show the format, type and size of a file, and where its bytes are
///
/// What the kernel does not tell is "unknown", and null in JSON.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  pmem info data.bin -t u64
  pmem info data.bin -t u64 --json | jq .elements")]
pub(crate) struct Info {
    #[command(flatten)]
    place: FileArgs,
    /// Print a JSON object for each file
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    partial: PartialArg,
    /// Files to look at; '-' is standard input, the default if that is a pipe
    #[arg(value_name = "FILE", value_parser = file_name())]
    files: Vec<PathBuf>,
}

impl Info {
    /// Does what the arguments say.
    ///
    /// # Errors
    ///
    /// A file cannot be read.
    pub(crate) fn run(self, env: &mut Env) -> anyhow::Result<()> {
        let files = match self.files.is_empty() {
            true => vec![argument::input(None)?],
            false => self.files,
        };
        for (index, path) in files.iter().enumerate() {
            let facts = Facts::gather(path, Input::open(path, &self.place.wanted())?)?;
            if let Some(left_over) = facts.layout.left_over() {
                self.partial.partial.report(&left_over, true, path, env)?;
            }
            match self.json {
                true => facts.write_json(&mut env.out)?,
                false => facts.write_text(index > 0, &mut env.out)?,
            }
        }
        Ok(())
    }
}
