//! `pmem diff`: says what differs between two files.

mod comparison;
mod show;
mod summary;

use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::ensure;

use self::comparison::{Comparison, Scratch};
use self::show::{DiffFormat, Show};
use self::summary::Summary;
use crate::argument::{Count, FileArgs, PartialArg, Span, ToleranceArgs, file_name};
use crate::column::Equality;
use crate::element::Element;
use crate::env::Env;
use crate::error::{At as _, Exit};
use crate::input::{Both, Input, Longer, Reader, scan_both};
use crate::layout::{Layout, Wanted};
use crate::text::{Name, plural};

/// Compare the elements of two files
///
/// Shows the first elements that differ, and how far the files lie apart. Elements are equal if
/// their bits are, or if both are NaN; with a tolerance, if they are close by one of its measures.
/// The indices are those of A. With --quiet, only the status tells.
///
/// The status is 0 if the files are equal, 1 if they differ, and 2 if anything went wrong.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  pmem diff a.bin b.bin -t u32
  pmem diff out.f32 golden.f32 --rtol 1e-5    # nearly equal is enough
  pmem diff a.bin b.bin -t f64 --ulp 4 -n 100 # up to 100 differences
  pmem diff a.bin b.bin -t i16 --type-b f32   # the same values, in another type
  pmem diff a.bin b.bin -q || echo differs
  pmem diff a.bin b.bin --skip-a 16 -f ndjson")]
pub(crate) struct Diff {
    #[command(flatten)]
    place: FileArgs,
    /// Type of one element of B, if it is another one
    ///
    /// Values are compared exactly, without rounding.
    #[arg(long, value_name = "TYPE")]
    type_b: Option<Element>,
    /// Elements to compare, like 10..20 or -8..
    #[arg(long, short, value_name = "RANGE", allow_hyphen_values = true)]
    range: Option<Span>,
    /// Elements of A to skip
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true, hide_short_help = true)]
    skip_a: Option<Count>,
    /// Elements of B to skip
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true, hide_short_help = true)]
    skip_b: Option<Count>,
    #[command(flatten)]
    tolerance: ToleranceArgs,
    /// Whether two NaNs are equal or differ
    #[arg(long, value_name = "HOW", value_enum, default_value = "equal")]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    nan: Nan,
    /// Differences to show, at most
    #[arg(long, short = 'n', value_name = "N", default_value = "10")]
    #[arg(allow_negative_numbers = true)]
    count: usize,
    /// Output format: table, csv, ndjson or json
    #[arg(long, short, value_name = "FORMAT", value_enum, hide_possible_values = true)]
    format: Option<DiffFormat>,
    #[command(flatten)]
    partial: PartialArg,
    /// File to compare; '-' is standard input
    #[arg(value_parser = file_name())]
    a: PathBuf,
    /// File to compare it with; differences are relative to it
    #[arg(value_parser = file_name())]
    b: PathBuf,
}

/// Whether two NaNs are equal.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
enum Nan {
    /// NaN equals NaN
    Equal,
    /// NaN differs from everything
    Differ,
}

impl Diff {
    /// Does what the arguments say.
    ///
    /// # Errors
    ///
    /// A file cannot be read, or the elements cannot be compared; or the files differ, which is
    /// status 1.
    pub(crate) fn run(self, env: &mut Env) -> anyhow::Result<()> {
        let quiet = env.is_quiet();
        ensure!(!quiet || self.format.is_none(), "-q prints nothing; leave out -f");
        ensure!(self.a != self.b || self.a.as_os_str() != "-", "standard input is only one file");
        let wanted = self.place.wanted();
        let element_b = self.type_b.clone().or_else(|| wanted.element.clone());
        let wanted_b = Wanted { element: element_b, ..wanted.clone() };
        let a = Input::open(&self.a, &wanted)?;
        let b = Input::open(&self.b, &wanted_b)?;
        let ranges = self.ranges(&a.layout, &b.layout)?;
        let rows = if quiet { 0 } else { self.count };
        let comparison = self.comparison(&a, &b, ranges[0].start, rows)?;
        for (path, layout) in [(&self.a, &a.layout), (&self.b, &b.layout)] {
            if let Some(left_over) = layout.left_over() {
                self.partial.partial.report(&left_over, true, path, env)?;
            }
        }
        let [range_a, range_b] = ranges;
        let layouts = [a.layout, b.layout];
        let mut reader_a = Reader::new(&self.a, a.source, &layouts[0], range_a);
        let mut reader_b = Reader::new(&self.b, b.source, &layouts[1], range_b);
        let (summary, longer) =
            self.compare(&comparison, [&mut reader_a, &mut reader_b], &layouts, env)?;
        if let Some(longer) = longer {
            self.say_longer(longer, &summary, env);
        }
        let equal = longer.is_none() && summary.differing == 0;
        if equal { Ok(()) } else { Err(Exit::no().into()) }
    }

    /// Returns how the elements are compared.
    fn comparison(
        &self,
        a: &Input,
        b: &Input,
        start: u64,
        rows: usize,
    ) -> anyhow::Result<Comparison> {
        let tolerance = self.tolerance.tolerance();
        let equality = Equality { tolerance, nan_differs: self.nan == Nan::Differ };
        let (part_a, part_b) = (a.selection.part(), b.selection.part());
        let kinds = part_a.columns().iter().zip(part_b.columns());
        let same = kinds.into_iter().all(|(a, b)| a.kind == b.kind);
        ensure!(
            same || !self.tolerance.has_steps(),
            "--ulp: steps from value to value are those of one type, and here are two: {part_a} \
             and {part_b}"
        );
        Comparison::new(a.selection.clone(), b.selection.clone(), equality, start, rows).at(&self.b)
    }

    /// Compares all that the readers yield, and shows what differs.
    fn compare(
        &self,
        comparison: &Comparison,
        [a, b]: [&mut Reader; 2],
        layouts: &[Layout; 2],
        env: &mut Env,
    ) -> anyhow::Result<(Summary, Option<Longer>)> {
        let (quiet, color) = (env.is_quiet(), env.color());
        let mut summary = Summary { measures: comparison.measures(), ..Summary::default() };
        let names = [&self.a, &self.b].map(|path| Name(path).to_string());
        let format = self.format.unwrap_or(DiffFormat::Table);
        let mut show = Show::new(format, comparison, names, self.count, color, &mut env.out);
        if !quiet {
            show.begin()?;
        }
        let work = |scratch: &mut Scratch, both: Both<'_>| Ok(comparison.block(scratch, both));
        let longer = scan_both(a, b, work, |outcome| {
            summary.merge(&outcome.summary);
            show.rows(outcome.rows)?;
            Ok(!quiet || summary.differing == 0)
        })?;
        for (elements, (layout, reader)) in
            summary.elements.iter_mut().zip(layouts.iter().zip([&*a, &*b]))
        {
            let ended = reader.stream_len().map(|len| layout.with_len(len));
            *elements = ended.as_ref().unwrap_or(layout).count();
        }
        let said = if quiet { String::new() } else { show.end(&summary)? };
        env.show(&said);
        Ok((summary, longer))
    }

    /// Returns the elements of either file that are compared.
    fn ranges(&self, a: &Layout, b: &Layout) -> anyhow::Result<[Range<u64>; 2]> {
        let skipped = |count: Option<Count>, layout: &Layout, path: &Path| match count {
            Some(count) => count.elements(layout.element()).at(path),
            None => Ok(0),
        };
        let skip_a = skipped(self.skip_a, a, &self.a)?;
        let skip_b = skipped(self.skip_b, b, &self.b)?;
        let resolved = self.range.unwrap_or(Span::ALL).resolve(a.element(), a.count());
        let resolved = resolved.at(&self.a)?;
        let Range { start, end } = resolved.clamped();
        let start = start.max(skip_a);
        let in_b = |index: u64| (index - skip_a).saturating_add(skip_b);
        let end_b = if resolved.reaches_end() { u64::MAX } else { in_b(end.max(start)) };
        let count_b = b.count().unwrap_or(u64::MAX);
        let start_b = in_b(start).min(count_b);
        Ok([start..end.max(start), start_b..end_b.min(count_b).max(start_b)])
    }

    /// Says that one file goes on where the other has ended.
    fn say_longer(&self, longer: Longer, summary: &Summary, env: &Env) {
        let [a, b] = [Name(&self.a), Name(&self.b)];
        let compared = plural(summary.compared, "element");
        let were = if summary.compared == 1 { "was" } else { "were" };
        env.remark(&match (summary.elements, longer) {
            ([Some(count_a), Some(count_b)], _) => format!(
                "{a} has {}, and {b} has {count_b}; {compared} {were} compared",
                plural(count_a, "element")
            ),
            (_, Longer::A) => {
                format!("{b} ends after {compared} that {were} compared; {a} goes on")
            }
            (_, Longer::B) => {
                format!("{a} ends after {compared} that {were} compared; {b} goes on")
            }
        });
    }
}
