//! `pmem stats`: figures of every column.

mod grid;
mod options;
mod sheet;
mod text;
mod values;
mod written;

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::ensure;

pub(crate) use self::options::Between;

use self::options::{Form, Quantiles};
use self::text::Screen;
use super::title::title;
use crate::argument::{self, FileArgs, PartialArg, Span, file_name};
use crate::column::{Grouping, Question, Survey, Track, Wish};
use crate::env::Env;
use crate::error::At as _;
use crate::input::Input;

/// Show figures of every column: range, sum, spread, quantiles
///
/// A column is a scalar, a field of a record, or an item of an array. Everything is exact unless it
/// says '≈'. NaN is counted, and takes part in no other figure; infinities do. A hole in a sparse
/// file is not read.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  pmem stats data.bin -t f32                  # is it sane?
  pmem stats data.bin -t u16 --json           # for a program
  pmem stats data.bin -t x:f32,y:f32 -f csv   # a row for each field
  pmem stats data.bin -t f32x128 --flat       # all items together
  pmem stats data.bin -t f32x128 --norms      # are vectors normalised?
  pmem stats data.bin -t f64 --quantiles 0.1,50,99.9 --bins 40
  pmem stats data.bin -t u32 --log            # how many of each magnitude
  curl -s URL | pmem stats -t i16be")]
pub(crate) struct Stats {
    #[command(flatten)]
    place: FileArgs,
    /// Elements to look at, like 10..20 or -8..
    #[arg(long, short, value_name = "RANGE", allow_hyphen_values = true)]
    range: Option<Span>,
    /// Treat all items of an array as one column
    #[arg(long, conflicts_with = "norms")]
    flat: bool,
    /// Look at the Euclidean length of each array
    #[arg(long)]
    norms: bool,
    /// Quantiles in per cent
    #[arg(long, value_name = "LIST", default_value = "1,25,50,75,99")]
    #[arg(hide_default_value = true)]
    quantiles: Quantiles,
    /// Do without quantiles: one pass is enough
    #[arg(long, conflicts_with = "quantiles")]
    no_quantiles: bool,
    /// Show a histogram, also into a pipe
    #[arg(long)]
    hist: bool,
    /// Bins of the histogram
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=65_536))]
    bins: Option<u32>,
    /// Values that the histogram spans, like 0..1 or -3..
    #[arg(long, value_name = "A..B", allow_hyphen_values = true)]
    between: Option<Between>,
    /// Powers of two as bins
    #[arg(long, conflicts_with_all = ["bins", "between"])]
    log: bool,
    /// Output format: text, csv or json
    #[arg(long, short, value_name = "FORMAT", value_enum, default_value = "text")]
    #[arg(hide_possible_values = true, hide_default_value = true)]
    format: Form,
    /// Print a JSON object, as -f json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    #[command(flatten)]
    partial: PartialArg,
    /// File to read; '-' is standard input, the default if that is a pipe
    #[arg(value_parser = file_name())]
    file: Option<PathBuf>,
}

impl Stats {
    /// Does what the arguments say.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or an option makes no sense for its elements.
    pub(crate) fn run(mut self, env: &mut Env) -> anyhow::Result<()> {
        let path = argument::input(self.file.take())?;
        let form = if self.json { Form::Json } else { self.format };
        let Input { source, layout, selection } = Input::open(&path, &self.place.wanted())?;
        let question = self.question(form, env)?;
        let tracks = self.tracks(selection.part())?;
        let span = self.range.unwrap_or(Span::ALL);
        let range = span.resolve(layout.element(), layout.count()).at(&path)?.clamped();
        if layout.count().is_some() {
            self.partial.warn(span, self.range.is_some(), &layout, &path, env)?;
        }
        let survey = Survey {
            path: &path,
            source,
            layout: &layout,
            selection: &selection,
            range,
            tracks: &tracks,
        };
        let answers = survey.answer(&question, env)?;
        match form {
            Form::Json => written::json(&answers.figures, &mut env.out)?,
            Form::Csv => written::csv(&answers.figures, &question.quantiles, &mut env.out)?,
            Form::Text => {
                let title = title(&layout, &path, env);
                let text = text::text(&title, &answers.figures, Screen::of(env));
                env.out.write_all(text.as_bytes())?;
            }
        }
        match answers.stream_len {
            Some(len) => {
                let layout = layout.with_len(len);
                self.partial.warn(span, self.range.is_some(), &layout, &path, env)
            }
            None => Ok(()),
        }
    }

    /// Returns what is asked.
    fn question(&self, form: Form, env: &Env) -> anyhow::Result<Question> {
        let shaped = self.hist || self.log || self.bins.is_some() || self.between.is_some();
        ensure!(
            !shaped || form != Form::Csv,
            "csv has no room for a histogram; leave out --hist, --bins, --between and --log, or \
             write --json"
        );
        let shown = shaped || (form == Form::Text && env.on_terminal());
        let Between { from, to } = self.between.unwrap_or_default();
        let wish = match self.log {
            true => Wish::Powers,
            false => Wish::Equal { bins: self.bins.map(|bins| bins as usize), from, to },
        };
        let quantiles = if self.no_quantiles { Vec::new() } else { self.quantiles.list.clone() };
        Ok(Question { quantiles, histogram: shown.then_some(wish) })
    }

    /// Returns the columns to look at.
    fn tracks(&self, element: &crate::element::Element) -> anyhow::Result<Vec<Track>> {
        let grouping = match (self.flat, self.norms) {
            (true, _) => Grouping::Flat,
            (_, true) => Grouping::Norms,
            _ => Grouping::Apart,
        };
        let tracks = Track::all(element, grouping);
        ensure!(!tracks.is_empty(), "--norms: {element} has no array of numbers");
        Ok(tracks)
    }
}
