//! `pmem grow`: adds elements to the end of a file.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use platform_mem::{Error, FileOptions};

use crate::argument::Count;
use crate::argument::value::{self, Value, encode};
use crate::argument::{ChangeArg, TypeArg};
use crate::edit::{Found, Goal, Resize, Space, Target, check_limit, explain, write};
use crate::env::Env;
use crate::env::Progress;
use crate::env::{Interrupt, Interrupted};
use crate::error::{At as _, message};
use crate::input::disk_bytes;
use crate::layout::Ragged;
use crate::pattern::Cycle;

/// Add elements to the end of a file, which is created if need be
///
/// Room on disk is reserved at once, so that a full disk is an error now. Whatever goes wrong, and
/// on Ctrl-C, the file gets its old length again; it is gone again if it was created.
///
/// Prints what was done, like 'data.bin: 512 -> 1024 u64 (8.0 KiB)', if standard error is a
/// terminal or with --verbose.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  pmem grow data.bin 1M --type u64            # 1048576 zeroes more
  pmem grow data.bin 8MB --to -t f32 --fill 0.5
                                              # make it 8 MB long
  pmem grow data.bin 1T --sparse              # a tebibyte that takes no room
  pmem grow data.bin 1G -t u128 --dry-run     # is there room for it?")]
pub(crate) struct Grow {
    #[command(flatten)]
    element: TypeArg,
    /// COUNT is how many elements there are to be in all
    #[arg(long)]
    to: bool,
    /// What the new elements are; zero without it
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    fill: Option<Value>,
    /// Leave a hole, which takes no room on disk until it is written to
    #[arg(long)]
    sparse: bool,
    /// Refuse a file that is not there
    #[arg(long)]
    no_create: bool,
    #[command(flatten)]
    change: ChangeArg,
    /// File to change
    #[arg(value_parser = value::file_name())]
    file: PathBuf,
    /// How many elements to add, like 1000, 4K or 8MB (see 'pmem help counts')
    #[arg(allow_negative_numbers = true)]
    count: Count,
}

impl Grow {
    /// Does what the arguments say.
    ///
    /// # Errors
    ///
    /// Whatever goes wrong, from a bad value to a full disk; the file is as before then.
    pub(crate) fn run(self, env: &mut Env) -> anyhow::Result<()> {
        self.grow(env).at(&self.file)
    }

    fn grow(&self, env: &Env) -> anyhow::Result<()> {
        let fill = self.fill()?;
        let found = match Found::at(&self.file, FileOptions::new().sparse(self.sparse))? {
            Found::Nothing(place) if self.no_create => {
                bail!("{}; without --no-create it is created", message(&place.missing()))
            }
            found => found,
        };
        let plan = match &found {
            Found::File(target) => self.plan(target)?,
            Found::Nothing(place) => self.plan_at(place.directory(), 0, 0)?,
        };
        if self.change.dry_run {
            return self.tell(&found, &plan, env);
        }
        let interrupt = Interrupt::listen()?;
        let (target, plan) = match found {
            Found::File(target) => (target, plan),
            Found::Nothing(place) => {
                let target = place.create(FileOptions::new().sparse(self.sparse))?;
                // Somebody else may have put something into it.
                match self.plan(&target) {
                    Ok(plan) => (target, plan),
                    Err(cause) => return Err(undone(target, cause)),
                }
            }
        };
        self.carry_out(target, &plan, fill, &interrupt, env)?;
        env.done(&self.file, plan.resize);
        Ok(())
    }

    /// The bytes of a new element, unless they are zero, as new ones are.
    fn fill(&self) -> anyhow::Result<Option<Vec<u8>>> {
        let Some(value) = &self.fill else { return Ok(None) };
        let bytes = encode(self.element.element, std::slice::from_ref(value))?;
        Ok(bytes.iter().any(|byte| *byte != 0).then_some(bytes))
    }

    /// Checks a growth of a file.
    fn plan(&self, target: &Target) -> anyhow::Result<Plan> {
        let room = disk_bytes(&target.file().metadata()?).unwrap_or(0);
        self.plan_at(&self.file, target.len(), room)
    }

    /// Checks a growth of a file of `before` bytes, which occupies `room` of the file system at
    /// `path`.
    fn plan_at(&self, path: &Path, before: u64, room: u64) -> anyhow::Result<Plan> {
        let element = self.element.element;
        let count = self.count.elements(element)?;
        let goal = if self.to { Goal::To(count) } else { Goal::By(count) };
        let resize = Resize::growth(Ragged { bytes: before, element }, goal)?;
        let (before, after) = resize.bytes();
        if after > before {
            check_limit(after)?;
        }
        let space = (!self.sparse).then(|| Space::ask(path, before, room, after));
        space.map_or(Ok(()), Space::check)?;
        Ok(Plan { resize, space })
    }

    /// Says what would happen.
    fn tell(&self, found: &Found, plan: &Plan, env: &Env) -> anyhow::Result<()> {
        let what = match found {
            Found::File(_) => "grow",
            Found::Nothing(place) => {
                place.check()?;
                "create"
            }
        };
        let space = plan.space.map(|space| format!(", {space}")).unwrap_or_default();
        env.would(&self.file, format_args!("{what} {}{space}", plan.resize));
        Ok(())
    }

    /// Grows the file; on an error it is as before.
    fn carry_out(
        &self,
        mut target: Target,
        plan: &Plan,
        fill: Option<Vec<u8>>,
        interrupt: &Interrupt,
        env: &Env,
    ) -> anyhow::Result<()> {
        let Err(cause) = self.apply(&mut target, plan, fill, interrupt, env) else { return Ok(()) };
        Err(undone(target, cause))
    }

    /// Takes the steps of a growth, until one fails.
    fn apply(
        &self,
        target: &mut Target,
        plan: &Plan,
        fill: Option<Vec<u8>>,
        interrupt: &Interrupt,
        env: &Env,
    ) -> anyhow::Result<()> {
        let (before, after) = plan.resize.bytes();
        target.set_len(after).map_err(|error| plan.explain(error))?;
        if let Some(fill) = fill {
            let progress = Progress::bytes(env, after - before, "filling");
            let mut pattern = Cycle::new(fill);
            let written =
                write(target.file(), after, before..after, &mut pattern, interrupt, progress);
            written.map_err(|stopped| stopped.cause)?;
        }
        if self.change.sync {
            target.sync()?;
        }
        Ok(interrupt.check()?)
    }
}

/// Undoes what was done to a file, and says so after the cause.
fn undone(target: Target, cause: anyhow::Error) -> anyhow::Error {
    let interrupted = cause.downcast_ref::<Interrupted>().copied();
    match (interrupted, target.undo()) {
        (Some(interrupted), Ok(undone)) => interrupted.exit(undone).into(),
        (Some(interrupted), Err(left)) => interrupted.exit(left).into(),
        (None, Ok(_)) => cause,
        (None, Err(left)) => anyhow!("{}; {left}", message(&cause)),
    }
}

/// A growth that is checked, and not done yet.
struct Plan {
    resize: Resize,
    /// Whether there is room; not asked if none is reserved.
    space: Option<Space>,
}

impl Plan {
    /// Says what to do about an error of growing.
    fn explain(&self, error: Error) -> anyhow::Error {
        match (&error, self.space) {
            (Error::System(system), Some(space)) if system.kind() == ErrorKind::StorageFull => {
                anyhow!(space.shortage())
            }
            _ => explain(error),
        }
    }
}
