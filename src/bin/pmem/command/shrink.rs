//! `pmem shrink`: removes elements from the end of a file.

use std::path::PathBuf;

use anyhow::{anyhow, ensure};
use platform_mem::FileOptions;

use crate::argument::{ChangeArg, Count, FileArgs, file_name};
use crate::edit::{Change, Found, Goal, Resize, Target, explain};
use crate::env::{Env, Interrupt};
use crate::error::{At as _, message};
use crate::layout::Patch;

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
    place: FileArgs,
    /// Keep COUNT elements instead of removing COUNT
    #[arg(long)]
    to: bool,
    #[command(flatten)]
    change: ChangeArg,
    /// File to change
    #[arg(value_parser = file_name())]
    file: PathBuf,
    /// Elements to remove: 1000, 4K, 8MB… (see 'pmem help counts')
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
        let wanted = self.place.wanted();
        ensure!(wanted.fields.is_none(), "--field: whole elements are removed");
        let interrupt = Interrupt::listen()?;
        let turn = self.change.turn(&interrupt);
        let mut target = Found::at(&self.file, FileOptions::new(), turn)?.file()?;
        let layout = wanted.find(&self.file, &mut target)?;
        let count = self.count.elements(layout.element())?;
        let goal = if self.to { Goal::To(count) } else { Goal::By(count) };
        let resize = Resize::shrinking(&layout, goal, &self.file)?;
        let (before, after) = resize.bytes();
        if after < before {
            target.check_seals(Change::Shrink)?;
        }
        let patches = match layout.header() {
            Some(header) if after < before => header.patches(resize.after())?,
            _ => Vec::new(),
        };
        if self.change.dry_run {
            env.would(&self.file, format_args!("shrink {resize}"));
            return Ok(());
        }
        if let Err(cause) = self.apply(&mut target, &patches, after) {
            return Err(match target.undo() {
                Ok(_) => cause,
                Err(left) => anyhow!("{}; {left}", message(&cause)),
            });
        }
        let synced = if self.change.sync { target.sync() } else { Ok(()) };
        let ended = synced.and_then(|()| target.check_place(&self.file));
        ended.map_err(|error| anyhow!("{}; the file is shorter already", message(&error)))?;
        env.done(&self.file, resize);
        Ok(())
    }

    /// Cuts the file. The header comes first, so that at any moment all the elements that it counts
    /// are there, on disk too if that is waited for.
    fn apply(&self, target: &mut Target, patches: &[Patch], len: u64) -> anyhow::Result<()> {
        target.patch(patches)?;
        if self.change.sync && !patches.is_empty() {
            target.sync()?;
        }
        target.set_len(len).map_err(explain)
    }
}
