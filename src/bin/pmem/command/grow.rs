//! `pmem grow`: adds elements to the end of a file.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail, ensure};
use platform_mem::{Error, FileOptions};

use crate::argument::{ChangeArg, Count, FileArgs, Value, encode, file_name};
use crate::edit::{
    Change, Found, Goal, Length, PATIENCE, RESTLESS, Resize, Space, Target, check_limit, explain,
    write,
};
use crate::env::{Env, Interrupt, Progress};
use crate::error::{At as _, message};
use crate::input::disk_bytes;
use crate::layout::{Format, Header, Layout, Nothing, Patch, Wanted};
use crate::pattern::Cycle;

/// Add elements to the end of a file; create it if it does not exist
///
/// Room on disk is reserved at once, so that a full disk is an error now. If anything fails, or you
/// press Ctrl-C, the file is restored to its old length, or removed if this command created it.
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
    place: FileArgs,
    /// Grow to COUNT elements instead of by COUNT
    #[arg(long)]
    to: bool,
    /// Value of the new elements; by default zero
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    fill: Option<Value>,
    /// Leave a hole, which takes no room on disk until it is written
    #[arg(long)]
    sparse: bool,
    /// Fail if the file does not exist
    #[arg(long)]
    no_create: bool,
    #[command(flatten)]
    change: ChangeArg,
    /// File to change
    #[arg(value_parser = file_name())]
    file: PathBuf,
    /// Elements to add: 1000, 4K, 8MB… (see 'pmem help counts')
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
        let wanted = self.place.wanted();
        ensure!(wanted.fields.is_none(), "--field: a growth adds whole elements; use --fill");
        let interrupt = Interrupt::listen()?;
        for _ in 0..PATIENCE {
            if self.try_grow(&wanted, &interrupt, env)? {
                return Ok(());
            }
        }
        bail!(RESTLESS)
    }

    /// Does the work of a growth, unless there is another file now than at the beginning: then it
    /// returns that it did nothing.
    fn try_grow(&self, wanted: &Wanted, interrupt: &Interrupt, env: &Env) -> anyhow::Result<bool> {
        let (options, turn) = (FileOptions::new().sparse(self.sparse), self.change.turn(interrupt));
        let (plan, found) = match Found::at(&self.file, options, turn)? {
            Found::Nothing(place) if self.no_create => {
                bail!("{}; without --no-create it is created", message(&place.missing()))
            }
            Found::File(mut target) => (self.plan(&mut target)?, Found::File(target)),
            Found::Nothing(place) => {
                self.refuse_new(wanted)?;
                let layout = wanted.find(&self.file, &mut Nothing)?;
                (self.plan_at(place.directory(), &layout, 0)?, Found::Nothing(place))
            }
        };
        if self.change.dry_run {
            self.tell(&found, &plan, env)?;
            return Ok(true);
        }
        let (target, plan) = match found {
            Found::File(target) => (target, plan),
            Found::Nothing(place) => {
                let Some(mut target) = place.create(options, turn)? else { return Ok(false) };
                // Somebody else may have put something into it.
                match self.plan(&mut target) {
                    Ok(plan) => (target, plan),
                    Err(cause) => return Err(target.undone(cause)),
                }
            }
        };
        self.carry_out(target, &plan, interrupt, env)?;
        env.done(&self.file, plan.resize);
        Ok(true)
    }

    /// Refuses to begin a file that needs a header.
    fn refuse_new(&self, wanted: &Wanted) -> anyhow::Result<()> {
        match wanted.format.or_else(|| Format::of_name(&self.file)) {
            None | Some(Format::Raw) => Ok(()),
            Some(format) => bail!(
                "a new {format} file needs a header, which 'pmem convert' writes; --as raw does \
                 without"
            ),
        }
    }

    /// The bytes of a new element, unless they are zero, as new ones are.
    fn fill(&self, layout: &Layout) -> anyhow::Result<Option<Vec<u8>>> {
        let blank = layout.header().and_then(Header::blank);
        let bytes = match (&self.fill, blank) {
            (None, None) => return Ok(None),
            (None, Some(blank)) => return Ok(Some(blank)),
            (Some(value), _) => encode(layout.element(), std::slice::from_ref(value))?,
        };
        if let Some(header) = layout.header() {
            header.check_element(&bytes)?;
        }
        Ok(bytes.iter().any(|byte| *byte != 0).then_some(bytes))
    }

    /// Checks a growth of a file.
    fn plan(&self, target: &mut Target) -> anyhow::Result<Plan> {
        let wanted = self.place.wanted();
        if target.len() == 0 {
            self.refuse_new(&wanted)?;
        }
        let layout = wanted.find(&self.file, target)?;
        let room = disk_bytes(&target.file().metadata()?).unwrap_or(0);
        let plan = self.plan_at(&self.file, &layout, room)?;
        let (before, after) = plan.resize.bytes();
        if after > before {
            target.check_seals(Change::Grow)?;
            target.check_seals(Change::Write)?;
        }
        Ok(plan)
    }

    /// Checks a growth of a file, which occupies `room` of the file system at `path`.
    fn plan_at(&self, path: &Path, layout: &Layout, room: u64) -> anyhow::Result<Plan> {
        let fill = self.fill(layout)?;
        let count = self.count.elements(layout.element())?;
        let goal = if self.to { Goal::To(count) } else { Goal::By(count) };
        let resize = Resize::growth(layout, goal, &self.file)?;
        let (before, after) = resize.bytes();
        if after > before {
            check_limit(after)?;
        }
        let patches = match layout.header() {
            Some(header) if after > before => header.patches(resize.after())?,
            _ => Vec::new(),
        };
        let space = (!self.sparse).then(|| Space::ask(path, before, room, after));
        space.map_or(Ok(()), Space::check)?;
        Ok(Plan { fill, resize, patches, space })
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
        interrupt: &Interrupt,
        env: &Env,
    ) -> anyhow::Result<()> {
        let Err(cause) = self.apply(&mut target, plan, interrupt, env) else { return Ok(()) };
        Err(target.undone(cause))
    }

    /// Takes the steps of a growth, until one fails. The header comes last, so that at any moment
    /// all the elements that it counts are there.
    fn apply(
        &self,
        target: &mut Target,
        plan: &Plan,
        interrupt: &Interrupt,
        env: &Env,
    ) -> anyhow::Result<()> {
        let (before, after) = plan.resize.bytes();
        // Where the length alone says how many elements there are, none may ever be blank.
        let uncounted =
            plan.resize.layout().header().is_some_and(|header| header.count().is_none());
        let file = match uncounted {
            true => (target.append(), Length::Growing),
            false => {
                target.set_len(after).map_err(|error| plan.explain(error))?;
                (target.file(), Length::Fixed(after))
            }
        };
        if let Some(fill) = &plan.fill {
            let progress = Progress::bytes(env, after - before, "filling");
            let mut pattern = Cycle::new(fill.clone());
            let size = plan.resize.layout().element().size();
            let (file, length) = file;
            let bytes = before..after;
            let written = write(file, length, bytes, size, &mut pattern, interrupt, progress);
            written.map_err(|stopped| stopped.cause)?;
        }
        if self.change.sync && !plan.patches.is_empty() {
            // So that the order is the same on disk.
            target.sync()?;
        }
        target.patch(&plan.patches)?;
        if self.change.sync {
            target.sync()?;
        }
        target.check_place(&self.file)?;
        Ok(interrupt.check()?)
    }
}

/// A growth that is checked, and not done yet.
struct Plan {
    resize: Resize,
    /// The bytes of a new element, unless they are zero.
    fill: Option<Vec<u8>>,
    /// What makes the header count the new elements.
    patches: Vec<Patch>,
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
            (Error::System(system), Some(_)) if system.kind() == ErrorKind::InvalidInput => {
                anyhow!("{}; --sparse grows it without reserving room", message(&explain(error)))
            }
            _ => explain(error),
        }
    }
}
