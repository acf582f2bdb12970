//! `pmem info`: what is known about a file.

mod facts;
mod open_with;
mod show;

use std::path::{Path, PathBuf};

use anyhow::anyhow;

use self::facts::Facts;
use self::open_with::Engine;
use crate::argument::{self, FileArgs, PartialArg, file_name};
use crate::element::Selection;
use crate::env::Env;
use crate::error::At as _;
use crate::input::Source;
use crate::layout::{Layout, Partial, Wanted};

/// Show the format, type and size of a file, and where its bytes are
///
/// What the kernel does not tell is "unknown", and null in JSON.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  pmem info data.bin -t u64
  pmem info data.bin -t u64 --json | jq .elements
  pmem info data.bin -t u64 --open-with numpy")]
pub(crate) struct Info {
    #[command(flatten)]
    place: FileArgs,
    /// Print a JSON object for each file
    #[arg(long)]
    json: bool,
    /// Print the code that opens the file in ENGINE
    ///
    /// Type, place, shape and byte order are those of the file. Where the engine cannot read it as
    /// it is, the code begins with the 'pmem convert' that gets there.
    #[arg(long, value_name = "ENGINE", value_enum, conflicts_with = "json")]
    #[arg(hide_short_help = true)]
    open_with: Option<Engine>,
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
            false => self.files.clone(),
        };
        let wanted = self.place.wanted();
        for (index, path) in files.iter().enumerate() {
            let facts = facts(path, &wanted)?;
            match facts.layout.as_ref().map(Layout::left_over) {
                Some(Some(left_over)) => {
                    self.partial.partial.report(&left_over, true, path, env)?
                }
                Some(None) => {}
                None => self.compare(&facts, env)?,
            }
            match (self.open_with, self.json) {
                (Some(engine), _) => {
                    open_with::write(engine, &facts, &wanted, &mut env.out).at(path)?
                }
                (None, true) => facts.write_json(&mut env.out)?,
                (None, false) => facts.write_text(index > 0, &mut env.out)?,
            }
        }
        Ok(())
    }

    /// Reports where tensors and the file do not end at the same place.
    fn compare(&self, facts: &Facts, env: &Env) -> anyhow::Result<()> {
        let (Some(tensors), Some(len)) = (&facts.tensors, facts.len) else { return Ok(()) };
        let end = tensors.end;
        let difference = format!("its last tensor ends at byte {end}, and the file at byte {len}");
        match self.partial.partial {
            _ if end == len => {}
            Partial::Ignore => {}
            Partial::Warn => env.warn(&facts.path, difference),
            Partial::Error => return Err(anyhow!(difference)).at(&facts.path),
        }
        Ok(())
    }
}

/// Gathers the facts about a file. Of tensors of which none is named, there are facts too.
fn facts(path: &Path, wanted: &Wanted) -> anyhow::Result<Facts> {
    let mut source = Source::open(path)?;
    let tensors = source.quietly(|source| wanted.tensors(path, source)).at(path)?;
    if tensors.is_none() || wanted.tensor.is_some() {
        let layout = source.quietly(|source| wanted.find(path, source)).at(path)?;
        Selection::of(layout.element(), wanted.fields.as_ref()).at(path)?;
        let facts = Facts::gather(path, &source, layout)?;
        return Ok(Facts { tensors, ..facts });
    }
    if let Some(option) = wanted.about_elements() {
        return Err(anyhow!("{option}: it has tensors; name one with --tensor")).at(path);
    }
    Ok(Facts { tensors, ..Facts::of(path, &source)? })
}
