//! `pmem shrink`: removes elements from the end of a file.

use std::path::PathBuf;

use anyhow::anyhow;
use platform_mem::FileOptions;

use crate::argument::Count;
use crate::argument::value;
use crate::argument::{ChangeArg, TypeArg};
use crate::edit::{Found, Goal, Resize, explain};
use crate::env::Env;
use crate::error::{At as _, message};
use crate::layout::Ragged;

/// Remove elements from the end of a file
///
/// Prints what was done, like 'data.bin: 1024 -> 512 u64 (4.0 KiB)', if standard error is a
/// terminal or with --verbose.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  pmem shrink data.bin 512 --type u64         # remove the last 512
  pmem shrink data.bin 1K --to -t f32         # keep the first 1024
  pmem shrink data.bin 4KiB -t u64 --dry-run  # what would happen?")]
pub(crate) struct Shrink {
    #[command(flatten)]
    element: TypeArg,
    /// COUNT is how many elements stay, not how many go
    #[arg(long)]
    to: bool,
    #[command(flatten)]
    change: ChangeArg,
    /// File to change
    #[arg(value_parser = value::file_name())]
    file: PathBuf,
    /// How many elements to remove, like 1000, 4K or 8MB (see 'pmem help counts')
    #[arg(allow_negative_numbers = true)]
    count: Count,
}

impl Shrink {
    /// Does what the arguments say.
    ///
    /// # Errors
    ///
    /// The file cannot be opened or cut, or has fewer elements; it is as before then.
    pub(crate) fn run(self, env: &mut Env) -> anyhow::Result<()> {
        self.shrink(env).at(&self.file)
    }

    fn shrink(&self, env: &Env) -> anyhow::Result<()> {
        let element = self.element.element;
        let count = self.count.elements(element)?;
        let goal = if self.to { Goal::To(count) } else { Goal::By(count) };
        let mut target = Found::at(&self.file, FileOptions::new())?.file()?;
        let resize = Resize::shrinking(Ragged { bytes: target.len(), element }, goal)?;
        if self.change.dry_run {
            env.would(&self.file, format_args!("shrink {resize}"));
            return Ok(());
        }
        target.set_len(resize.bytes().1).map_err(explain)?;
        if self.change.sync {
            target.sync().map_err(|error| anyhow!("{}; it is shorter already", message(&error)))?;
        }
        env.done(&self.file, resize);
        Ok(())
    }
}
