//! `pmem fill`: overwrites elements of a file.

mod content;

use std::fmt::{self, Display, Formatter};
use std::ops::Range;
use std::path::PathBuf;

use anyhow::{anyhow, ensure};
use clap::ArgGroup;
use platform_mem::FileOptions;

use self::content::Content;
use crate::argument::Span;
use crate::argument::value::{self, Value, encode};
use crate::argument::{ChangeArg, TypeArg};
use crate::edit::{Found, Stopped, Target, write};
use crate::env::Env;
use crate::env::Progress;
use crate::env::{Interrupt, Interrupted};
use crate::error::{At as _, message};
use crate::layout::Ragged;
use crate::pattern::{Cycle, Pattern, Seed, random, sequence};
use crate::text::Size;

/// Overwrite elements of a file, without changing its length
///
/// Several values repeat as a pattern, from the start of the range on. Instead of values there can
/// be a series, random numbers, or the elements of another file.
///
/// Prints what was done, like 'data.bin: filled 10..20 of 512 u64 (80 B)', if standard error is a
/// terminal or with --verbose.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "pmem fill [OPTIONS] <FILE> <VALUE>...\n       \
                      pmem fill [OPTIONS] <FILE> --seq <START[:STEP]>\n       \
                      pmem fill [OPTIONS] <FILE> --random [<SEED>]\n       \
                      pmem fill [OPTIONS] <FILE> --from <SOURCE>",
    group = ArgGroup::new("content").required(true).args(["values", "seq", "random", "from"]),
    after_long_help = "\
Examples:
  pmem fill data.bin 42 --type u64 --range 10..20
  pmem fill data.bin 1 -1 -t f32 -r -8..      # 1, -1, 1, … in the last eight
  pmem fill data.bin --seq 0:2 -t u32         # even numbers
  pmem fill data.bin --random 7 -t f64        # the same numbers each time
  pmem fill data.bin --from tile.bin          # another file, again and again"
)]
pub(crate) struct Fill {
    #[command(flatten)]
    element: TypeArg,
    /// Elements to overwrite, like 10..20, 5, or -8..
    ///
    /// A..B, A..=B, A..+N, A.., ..B, .., or one index A. Negative sides count from the end. See
    /// 'pmem help ranges'.
    #[arg(long, short, value_name = "RANGE", allow_hyphen_values = true)]
    range: Option<Span>,
    /// Numbers in equal steps, which are 1 without STEP
    ///
    /// The last one must be in the range of the type; nothing is written if it is not.
    #[arg(long, value_name = "START[:STEP]", allow_hyphen_values = true)]
    seq: Option<Value>,
    /// Random numbers, the same for the same SEED
    ///
    /// Every integer is equally likely, floats are from 0 to below 1. The same SEED makes the same
    /// numbers everywhere, by the generator xoshiro256++. Without a SEED one is picked, and told
    /// with --verbose.
    #[arg(long, value_name = "SEED", num_args = 0..=1)]
    random: Option<Option<Seed>>,
    /// Elements of another file; '-' is standard input
    ///
    /// They are copied byte for byte, again and again. What is more than the range is not read.
    #[arg(long, value_name = "SOURCE", value_parser = value::file_name())]
    from: Option<PathBuf>,
    /// Bytes left over: error or ignore
    ///
    /// They are never changed: error stops before anything is, ignore leaves them as they are.
    #[arg(long, value_name = "HOW", value_enum, default_value = "error")]
    #[arg(hide_possible_values = true)]
    partial: Tail,
    #[command(flatten)]
    change: ChangeArg,
    /// File to change
    #[arg(value_name = "FILE", value_parser = value::file_name())]
    file: PathBuf,
    /// What the elements are to be
    #[arg(value_name = "VALUE", allow_negative_numbers = true)]
    values: Vec<Value>,
}

/// What to do about bytes that are left over after the last whole element.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
enum Tail {
    /// Stop with an error, before anything is changed
    Error,
    /// Leave them as they are
    Ignore,
}

impl Fill {
    /// Does what the arguments say.
    ///
    /// # Errors
    ///
    /// Whatever goes wrong. Once writing has begun, the error says how far it came.
    pub(crate) fn run(self, env: &mut Env) -> anyhow::Result<()> {
        let seed = self.random.map(|seed| seed.unwrap_or_else(Seed::pick));
        let content = match &self.from {
            Some(from) => Content::open(from)?,
            None => Content::Pattern(self.pattern(seed).at(&self.file)?),
        };
        self.fill(content, seed, env).at(&self.file)
    }

    /// Returns what is to be computed.
    fn pattern(&self, seed: Option<Seed>) -> anyhow::Result<Box<dyn Pattern>> {
        let element = self.element.element;
        match (&self.seq, seed) {
            (Some(series), _) => sequence(element, series.text()),
            (None, Some(seed)) => Ok(random(element, seed)),
            (None, None) => Ok(Box::new(Cycle::new(encode(element, &self.values)?))),
        }
    }

    fn fill(&self, content: Content, seed: Option<Seed>, env: &Env) -> anyhow::Result<()> {
        let element = self.element.element;
        let target = Found::at(&self.file, FileOptions::new())?.file()?;
        let now = Ragged { bytes: target.len(), element };
        ensure!(
            now.left_over() == 0 || self.partial == Tail::Ignore,
            "{now}; --partial ignore leaves them as they are"
        );
        let span = self.range.unwrap_or(Span::ALL);
        let range = span.resolve(element, Some(now.elements()))?.inside()?;
        content.check(&target, element, range.end - range.start)?;
        let done = Done { range: range.clone(), now, seed };
        if self.change.dry_run {
            env.would(&self.file, format_args!("fill {done}"));
            return Ok(());
        }
        self.carry_out(content, &target, range, env)?;
        env.done(&self.file, format_args!("filled {done}"));
        Ok(())
    }

    /// Writes the elements; an error says how many.
    fn carry_out(
        &self,
        content: Content,
        target: &Target,
        range: Range<u64>,
        env: &Env,
    ) -> anyhow::Result<()> {
        let element = self.element.element;
        let size = element.size();
        let bytes = range.start * size..range.end * size;
        let state = |written| state(written, range.end - range.start, size);
        let interrupt = Interrupt::listen()?;
        let result = content.pattern(target, bytes.clone(), element, &interrupt);
        let result =
            result.map_err(|cause| Stopped { written: 0, cause }).and_then(|mut pattern| {
                let progress = Progress::bytes(env, bytes.end - bytes.start, "filling");
                let (file, length) = (target.file(), target.len());
                write(file, length, bytes.clone(), &mut *pattern, &interrupt, progress)
            });
        let done = result.and_then(|()| {
            let synced = if self.change.sync { target.sync() } else { Ok(()) };
            synced.map_err(|cause| Stopped { written: bytes.end - bytes.start, cause })
        });
        done.map_err(|Stopped { written, cause }| match cause.downcast_ref::<Interrupted>() {
            Some(interrupted) => interrupted.exit(state(written)).into(),
            None => anyhow!("{}; {}", message(&cause), state(written)),
        })
    }
}

/// Says how many bytes were written of so many elements of this size.
fn state(bytes: u64, wanted: u64, size: u64) -> String {
    let (written, rest) = (bytes / size, bytes % size);
    match written {
        _ if rest > 0 => {
            format!("{written} of {wanted} elements were written, and {rest} bytes of the next")
        }
        0 => String::from("nothing was written"),
        _ if written == wanted => format!("all {wanted} elements were written"),
        _ => format!("{written} of {wanted} elements were written"),
    }
}

/// What is filled: `10..20 of 512 u64 (80 B), seed 7`.
struct Done {
    range: Range<u64>,
    now: Ragged,
    seed: Option<Seed>,
}

impl Display for Done {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { range: Range { start, end }, now, seed } = self;
        let (all, element) = (now.elements(), now.element);
        let size = Size((end - start) * element.size());
        write!(f, "{start}..{end} of {all} {element} ({size})")?;
        seed.map_or(Ok(()), |seed| write!(f, ", seed {seed}"))
    }
}
