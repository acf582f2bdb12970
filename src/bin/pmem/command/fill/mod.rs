//! `pmem fill`: overwrites elements of a file.

mod content;

use std::fmt::{self, Display, Formatter};
use std::ops::Range;
use std::path::PathBuf;

use anyhow::{Context as _, anyhow, ensure};
use clap::ArgGroup;
use platform_mem::FileOptions;

use self::content::Content;
use crate::argument::{ChangeArg, FileArgs, Span, Value, encode, file_name};
use crate::edit::{Change, Found, Length, Stopped, Target, write};
use crate::element::{Element, Selection};
use crate::env::{Env, Interrupt, Interrupted, Progress};
use crate::error::{At as _, message};
use crate::layout::Layout;
use crate::pattern::{Checked, Pattern, Seed, Values, random, sequence};
use crate::text::Size;

/// Overwrite elements of a file, without changing its length
///
/// Several values repeat as a pattern, from the start of the range on. Instead of values you can
/// give a sequence, random numbers, or the elements of another file. What --field does not name,
/// and padding, stays as it is.
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
    place: FileArgs,
    /// Elements to overwrite, like 10..20, 5, or -8..
    ///
    /// A..B, A..=B, A..+N, A.., ..B, .., or one index A. Negative sides count from the end. See
    /// 'pmem help ranges'.
    #[arg(long, short, value_name = "RANGE", allow_hyphen_values = true)]
    range: Option<Span>,
    /// An arithmetic sequence; STEP defaults to 1
    ///
    /// The last one must be in the range of the type; nothing is written if it is not.
    #[arg(long, value_name = "START[:STEP]", allow_hyphen_values = true)]
    seq: Option<Value>,
    /// Random numbers, the same for the same SEED
    ///
    /// Every integer is equally likely, floats are from 0 to below 1. The same SEED makes the same
    /// numbers everywhere, with the generator xoshiro256++. Without a SEED the program picks one,
    /// and --verbose shows it.
    #[arg(long, value_name = "SEED", num_args = 0..=1, value_parser = seed)]
    random: Option<Option<Seed>>,
    /// Elements of another file; '-' is standard input
    ///
    /// Copied byte for byte, repeated to fill the range. Anything beyond the range is not read.
    #[arg(long, value_name = "SOURCE", value_parser = file_name())]
    from: Option<PathBuf>,
    /// Bytes left over: error or ignore
    ///
    /// They are never changed: 'error' stops before anything is written, 'ignore' leaves them as
    /// they are.
    #[arg(long, value_name = "HOW", value_enum, default_value = "error")]
    #[arg(hide_possible_values = true, hide_short_help = true)]
    partial: Tail,
    #[command(flatten)]
    change: ChangeArg,
    /// File to change
    #[arg(value_name = "FILE", value_parser = file_name())]
    file: PathBuf,
    /// Values to write
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
        self.fill(seed, env).at(&self.file)
    }

    /// Returns what is to be computed.
    fn pattern(&self, part: &Element, seed: Option<Seed>) -> anyhow::Result<Box<dyn Pattern>> {
        match (&self.seq, seed) {
            (Some(series), _) => {
                sequence(part, series.text()).with_context(|| format!("--seq {}", series.text()))
            }
            (None, Some(seed)) => random(part, seed),
            (None, None) => Ok(Box::new(Values::new(encode(part, &self.values)?, part.size()))),
        }
    }

    fn fill(&self, seed: Option<Seed>, env: &Env) -> anyhow::Result<()> {
        let source = self.from.as_deref().map(Content::open).transpose()?;
        let wanted = self.place.wanted();
        let interrupt = Interrupt::listen()?;
        let turn = self.change.turn(&interrupt);
        let mut target = Found::at(&self.file, FileOptions::new(), turn)?.file()?;
        let layout = wanted.find(&self.file, &mut target)?;
        let selection = match &wanted.fields {
            Some(_) => Selection::of(layout.element(), wanted.fields.as_ref())?,
            None => Selection::without_padding(layout.element())?,
        };
        let content = match source {
            Some(source) => source,
            None => Content::Pattern(self.pattern(selection.part(), seed)?),
        };
        if let (Some(header), true) = (layout.header(), selection.is_whole()) {
            let values = encode(layout.element(), &self.values)?;
            let mut elements = values.chunks_exact(layout.element().bytes());
            elements.try_for_each(|element| header.check_element(element))?;
        }
        let range = self.range(&layout)?;
        if self.range.is_some() && range.is_empty() {
            env.warn(&self.file, "the range has no elements");
        }
        if !range.is_empty() {
            target.check_seals(Change::Write)?;
        }
        content.check(&target, selection.part(), range.end - range.start)?;
        let done = Done { range: range.clone(), layout: layout.clone(), seed };
        if self.change.dry_run {
            env.would(&self.file, format_args!("fill {done}"));
            return Ok(());
        }
        self.carry_out(content, &target, (&layout, range), selection, (&interrupt, env))?;
        env.done(&self.file, format_args!("filled {done}"));
        Ok(())
    }

    /// Returns the elements to overwrite, all of which are there.
    fn range(&self, layout: &Layout) -> anyhow::Result<Range<u64>> {
        if let Some(left_over) = layout.left_over() {
            let refused = self.partial == Tail::Error || layout.header().is_some();
            let advice = match layout.header() {
                None => "; --partial ignore leaves them as they are",
                Some(_) => "",
            };
            ensure!(left_over.is_none() || !refused, "{left_over}{advice}");
        }
        let span = self.range.unwrap_or(Span::ALL);
        span.resolve(layout.element(), layout.count())?.inside()
    }

    /// Writes a range of the elements of a layout; an error says how many.
    fn carry_out(
        &self,
        content: Content,
        target: &Target,
        (layout, range): (&Layout, Range<u64>),
        selection: Selection,
        (interrupt, env): (&Interrupt, &Env),
    ) -> anyhow::Result<()> {
        let bytes = layout.bytes(range);
        let (size, len) = (selection.whole().size(), bytes.end - bytes.start);
        let pattern = content.pattern(target, bytes.clone(), selection, interrupt);
        let result = pattern.map_err(|cause| Stopped { written: 0, cause });
        let written = result.and_then(|pattern| {
            let mut pattern = Checked::new(pattern, layout.clone());
            let progress = Progress::bytes(env, len, "filling");
            let (file, length) = (target.file(), Length::Fixed(target.len()));
            write(file, length, bytes, size, &mut pattern, interrupt, progress)
        });
        let done = written.and_then(|()| {
            let synced = if self.change.sync { target.sync() } else { Ok(()) };
            let ended = synced.and_then(|()| target.check_place(&self.file));
            ended.map_err(|cause| Stopped { written: len, cause })
        });
        done.map_err(|Stopped { written, cause }| {
            let state = state(written, len / size, size);
            match cause.downcast_ref::<Interrupted>() {
                Some(interrupted) => interrupted.exit(state).into(),
                None => anyhow!("{}; {state}", message(&cause)),
            }
        })
    }
}

/// Parses a seed, in which a minus may be hidden, as in any value.
fn seed(text: &str) -> anyhow::Result<Seed> {
    let Ok(value) = text.parse::<Value>();
    value.text().parse()
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
    layout: Layout,
    seed: Option<Seed>,
}

impl Display for Done {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { range: Range { start, end }, layout, seed } = self;
        let (all, element) = (layout.count().unwrap_or(0), layout.element());
        let size = Size((end - start) * element.size());
        write!(f, "{start}..{end} of {all} {element} ({size})")?;
        seed.map_or(Ok(()), |seed| write!(f, ", seed {seed}"))
    }
}
