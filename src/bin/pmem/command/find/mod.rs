//! `pmem find`: says where values are.

mod matcher;
mod pattern;
mod report;
mod search;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail, ensure};
use clap::ValueHint;

use self::matcher::Matcher;
use self::pattern::Pattern;
use self::report::Report;
use self::search::{Detail, Scratch, Search};
use crate::argument::{self, Count, FileArgs, PartialArg, Span, ToleranceArgs, Value, show};
use crate::element::{Element, Radix};
use crate::env::Env;
use crate::error::{At as _, Exit};
use crate::format::{IndexRadix, ListFormat, Listing, Look};
use crate::input::{Block, Input, Reader, scan};
use crate::layout::Layout;
use crate::text::Name;

/// Find values in a file
///
/// Prints the indices of the elements that equal a VALUE, or lie in a range of values: A..B, A..=B,
/// A.. or ..B. NaN lies in no range; 'nan' finds it. Of an array, a VALUE is all items, or one that
/// any item may have; of a record, --field says which. With --quiet, only the status tells.
///
/// The status is 0 if something was found, 1 if not, and 2 if anything went wrong.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "pmem find [OPTIONS] [FILE] <VALUE>...",
    after_long_help = "\
Examples:
  pmem find data.bin 42 -t u32                # where 42 is
  pmem find data.bin 42 -t u16 -c             # how often it is there
  pmem find data.bin nan -t f32 -f csv -m 10  # the first ten NaNs
  pmem find data.bin -1..=1 -v -t f32         # what lies outside
  pmem find data.bin 1 2 3 --run              # these, one after the other
  pmem find data.bin 0.1 -t f64 --rtol 1e-9   # nearly
  pmem find scan.bin 7.. -t x:f32,i:u8 --field i
  curl -s URL | pmem find 0xffff -t u16 -q"
)]
pub(crate) struct Find {
    #[command(flatten)]
    place: FileArgs,
    /// Elements to search, like 10..20 or -8..
    #[arg(long, short, value_name = "RANGE", allow_hyphen_values = true)]
    range: Option<Span>,
    /// Print only how many there are
    #[arg(long, short, conflicts_with = "format")]
    count: bool,
    /// Stop after so many
    #[arg(long, short, value_name = "N", allow_negative_numbers = true)]
    max_count: Option<Count>,
    /// Find the elements that do not match
    #[arg(long, short = 'v', conflicts_with = "run")]
    invert_match: bool,
    /// Find the VALUEs one after the other
    ///
    /// The index is that of the first. Runs may overlap.
    #[arg(long)]
    run: bool,
    #[command(flatten)]
    tolerance: ToleranceArgs,
    /// Output format: plain, table, csv or ndjson
    ///
    /// By default 'table' on a terminal and 'plain' into a pipe.
    #[arg(long, short, value_name = "FORMAT", value_enum, hide_possible_values = true)]
    format: Option<ListFormat>,
    #[command(flatten)]
    partial: PartialArg,
    /// File to search; '-' is standard input
    ///
    /// If standard input is a pipe, a single operand is a VALUE to find there.
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    first: Option<OsString>,
    /// Values, or ranges of values
    #[arg(value_name = "VALUE", required = false)]
    values: Vec<Value>,
}

impl Find {
    /// Does what the arguments say.
    ///
    /// # Errors
    ///
    /// The file cannot be read, a VALUE is none, or nothing is found, which is status 1.
    pub(crate) fn run(mut self, env: &mut Env) -> anyhow::Result<()> {
        let quiet = env.is_quiet();
        ensure!(!quiet || !self.count, "-q prints nothing; leave out -c");
        ensure!(!quiet || self.format.is_none(), "-q prints nothing; leave out -f");
        let path = self.file()?;
        let Input { source, layout, selection } = Input::open(&path, &self.place.wanted())?;
        let format = self.shown(env);
        let pattern = self.pattern(selection.part()).at(&path)?;
        let most = self.most(&layout, quiet).at(&path)?;
        let span = self.range.unwrap_or(Span::ALL);
        let range = span.resolve(layout.element(), layout.count()).at(&path)?.clamped();
        if layout.count().is_some() {
            self.warn(&layout, &path, env)?;
        }
        let lines = match format {
            Some(ListFormat::Plain) => Some(Listing::plain(selection.part())),
            Some(ListFormat::Csv) => Some(Listing::csv(selection.part())),
            Some(ListFormat::Ndjson) => Some(Listing::ndjson(selection.part())),
            Some(ListFormat::Table) | None => None,
        };
        let detail = match (format, &lines) {
            (None, _) if self.max_count.is_none() => Detail::Number,
            (Some(ListFormat::Table), _) => Detail::Value,
            (_, Some(lines)) if lines.has_values() => Detail::Value,
            _ => Detail::Index,
        };
        let search = Search { pattern, selection, lines, detail, most };
        let last = range.end.saturating_sub(1);
        let table = (format == Some(ListFormat::Table)).then(|| (look(env), last));
        let mut reader = Reader::new(&path, source, &layout, range);
        let found = self.search(&search, table, &mut reader, env)?;
        reader.leave();
        if let Some(len) = reader.stream_len() {
            self.warn(&layout.with_len(len), &path, env)?;
        }
        if self.count {
            writeln!(env.out, "{found}")?;
        }
        if found == 0 { Err(Exit::no().into()) } else { Ok(()) }
    }

    /// Searches all that the reader yields, and returns how many matches there are.
    fn search(
        &self,
        search: &Search,
        table: Option<(Look, u64)>,
        reader: &mut Reader,
        env: &mut Env,
    ) -> anyhow::Result<u64> {
        if let Some(lines) = &search.lines {
            env.out.write_all(lines.header().as_bytes())?;
        }
        let mut report = Report::new(search, table, reader.is_stream(), &mut env.out);
        if search.most > 0 {
            let work = |scratch: &mut Scratch, block: Block<'_>| Ok(search.block(scratch, block));
            scan(reader, work, |found| report.take(found))?;
        }
        if report.found == search.most && search.detail != Detail::Number {
            reader.go_back(report.last + 1);
        }
        Ok(report.found)
    }

    /// Tells the file from the values. A single operand is a value if there is a pipe to search.
    fn file(&mut self) -> anyhow::Result<PathBuf> {
        let Some(first) = self.first.take() else {
            bail!("VALUE is missing; try 'pmem find --help'");
        };
        if self.values.is_empty() {
            let name = Name(Path::new(&first));
            ensure!(argument::is_pipe(), "VALUE is missing: what is to be found in {name}?");
            let text = first.to_str();
            let text = text.with_context(|| format!("VALUE {name}: is not valid UTF-8"))?;
            // Parsing a value keeps its text, whatever that is.
            self.values = text.parse().into_iter().collect();
            return Ok(PathBuf::from("-"));
        }
        let shown = Name(Path::new(&show(&first.to_string_lossy()))).to_string();
        argument::file(first).map_err(|error| anyhow!("FILE {shown}: {error}"))
    }

    /// Returns what is searched for.
    fn pattern(&self, element: &Element) -> anyhow::Result<Pattern> {
        let values: Vec<&str> = self.values.iter().map(Value::text).collect();
        let tolerance = self.tolerance.tolerance();
        let matcher = |values: &[&str]| Matcher::new(element, values, tolerance.as_ref());
        let size = element.bytes();
        if self.run {
            let row = values.iter().map(|value| matcher(&[value]));
            return Ok(Pattern::row(row.collect::<anyhow::Result<_>>()?, size));
        }
        Ok(Pattern::single(matcher(&values)?, self.invert_match, size))
    }

    /// Returns how many matches are wanted at most.
    fn most(&self, layout: &Layout, quiet: bool) -> anyhow::Result<u64> {
        let most = match self.max_count {
            Some(count) => count.elements(layout.element())?,
            None => u64::MAX,
        };
        Ok(if quiet { most.min(1) } else { most })
    }

    /// Returns how matches are shown; `None` if they are not.
    fn shown(&self, env: &Env) -> Option<ListFormat> {
        let default = if env.on_terminal() { ListFormat::Table } else { ListFormat::Plain };
        (!self.count && !env.is_quiet()).then(|| self.format.unwrap_or(default))
    }

    /// Reports what of the range is not there, and what is left over.
    fn warn(&self, layout: &Layout, path: &Path, env: &Env) -> anyhow::Result<()> {
        let span = self.range.unwrap_or(Span::ALL);
        self.partial.warn(span, self.range.is_some(), layout, path, env)
    }
}

/// What a table is to look like.
fn look(env: &Env) -> Look {
    Look {
        radix: Radix::Decimal,
        index: IndexRadix::Decimal,
        columns: None,
        precision: None,
        width: env.width(),
        color: env.color(),
        squeeze: false,
    }
}
