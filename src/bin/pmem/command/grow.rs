//! `pmem grow`: adds elements to the end of a file.

use std::io::ErrorKind;
use std::path::PathBuf;

use anyhow::anyhow;
use platform_mem::{Error, FileOptions};

use crate::args::TypeArg;
use crate::count::Count;
use crate::edit::{Found, Goal, Place, Resize, Space, Target, check_limit, explain, write};
use crate::env::Env;
use crate::error::{At as _, message};
use crate::interrupt::{Interrupt, Interrupted};
use crate::partial::Ragged;
use crate::pattern::Cycle;
use crate::progress::Progress;
use crate::value::{self, Value, encode};

/// Add elements to the end of a file, which is created if need be
///
/// Room on disk is reserved at once, so that a full disk is an error now. Whatever goes wrong, and on
/// Ctrl-C, the file gets its old length again; it is gone again if it was created.
///
/// Prints what was done, like 'data.bin: 512 -> 1024 u64 (8.0 KiB)', if standard error is a terminal
/// or with --verbose.
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
    /// Return when it is on disk
    #[arg(long)]
    sync: bool,
    /// Check and say what would happen, but change nothing
    #[arg(long)]
    dry_run: bool,
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
        let element = self.element.element;
        let value = self.fill.as_ref().map(std::slice::from_ref);
        let fill = value.map(|value| encode(element, value)).transpose()?;
        let count = self.count.elements(element)?;
        let goal = if self.to { Goal::To(count) } else { Goal::By(count) };
        let start = self.start()?;
        let resize = Resize::growth(Ragged { bytes: start.len(), element }, goal)?;
        let (before, after) = resize.bytes();
        check_limit(after)?;
        let space = (!self.sparse).then(|| start.space(self, after - before));
        space.map_or(Ok(()), Space::check)?;
        if self.dry_run {
            return self.tell(&start, resize, space, env);
        }
        self.carry_out(start, &Plan { resize, fill, space }, env)?;
        env.done(&self.file, resize);
        Ok(())
    }

    /// Looks at what is there, and locks it.
    fn start(&self) -> anyhow::Result<Start> {
        match Found::at(&self.file)? {
            Found::File(file) => Ok(Start::File(Target::lock(file, self.options())?)),
            Found::Nothing(place) if self.no_create => {
                Err(anyhow!("{}; without --no-create it is created", message(&place.missing())))
            }
            Found::Nothing(place) => Ok(Start::Nothing(place)),
        }
    }

    /// How the library is to grow the file.
    fn options(&self) -> FileOptions {
        FileOptions::new().sparse(self.sparse)
    }

    /// Says what would happen.
    fn tell(
        &self,
        start: &Start,
        resize: Resize,
        space: Option<Space>,
        env: &Env,
    ) -> anyhow::Result<()> {
        let what = match start {
            Start::File(_) => "grow",
            Start::Nothing(place) => {
                place.check()?;
                "create"
            }
        };
        let space = space.map(|space| format!(", {space}")).unwrap_or_default();
        env.would(&self.file, format_args!("{what} {resize}{space}"));
        Ok(())
    }

    /// Grows the file; on an error it is as before.
    fn carry_out(&self, start: Start, plan: &Plan, env: &Env) -> anyhow::Result<()> {
        let interrupt = Interrupt::listen()?;
        let mut target = match start {
            Start::File(target) => target,
            Start::Nothing(place) => Target::create(place, self.options())?,
        };
        let Err(cause) = self.apply(&mut target, plan, &interrupt, env) else { return Ok(()) };
        let interrupted = cause.downcast_ref::<Interrupted>().copied();
        Err(match (interrupted, target.undo()) {
            (Some(interrupted), Ok(undone)) => interrupted.exit(undone).into(),
            (Some(interrupted), Err(left)) => interrupted.exit(left).into(),
            (None, Ok(_)) => cause,
            (None, Err(left)) => anyhow!("{}; {left}", message(&cause)),
        })
    }

    /// Takes the steps of a growth, until one fails.
    fn apply(
        &self,
        target: &mut Target,
        plan: &Plan,
        interrupt: &Interrupt,
        env: &Env,
    ) -> anyhow::Result<()> {
        let (before, after) = plan.resize.bytes();
        target.set_len(after).map_err(|error| plan.explain(error))?;
        if let Some(fill) = &plan.fill {
            let progress = Progress::bytes(env, after - before, "filling");
            let mut pattern = Cycle::new(fill.clone());
            let written = write(target.file(), before..after, &mut pattern, interrupt, progress);
            written.map_err(|stopped| stopped.cause)?;
        }
        if self.sync {
            target.sync()?;
        }
        Ok(interrupt.check()?)
    }
}

/// What there is before a growth.
enum Start {
    /// The file, locked.
    File(Target),
    /// Nothing.
    Nothing(Place),
}

impl Start {
    /// Returns the length in bytes.
    fn len(&self) -> u64 {
        match self {
            Self::File(target) => target.len(),
            Self::Nothing(_) => 0,
        }
    }

    /// Asks for room on the file system of the file.
    fn space(&self, grow: &Grow, need: u64) -> Space {
        match self {
            Self::File(_) => Space::ask(&grow.file, need),
            Self::Nothing(place) => Space::ask(place.directory(), need),
        }
    }
}

/// A growth that is checked, and not done yet.
struct Plan {
    resize: Resize,
    /// The bytes of a new element, unless they are zero.
    fill: Option<Vec<u8>>,
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
