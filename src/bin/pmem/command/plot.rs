//! `pmem plot`: a picture of the values over their index.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{bail, ensure};

use super::stats::Between;
use super::title::title;
use crate::argument::{self, FileArgs, PartialArg, Span, file_name};
use crate::chart::{Chart, Curve, Dots, PALETTE, curves};
use crate::column::{Extent, Grouping, Profile, Survey, Track};
use crate::edit::{Durability, Existing, Replacement, explain};
use crate::element::Element;
use crate::env::Env;
use crate::error::At as _;
use crate::input::Input;

/// Draw the values over their index
///
/// Each column of dots shows the least and the greatest of its values, so that no spike is lost. NaN
/// leaves a gap. The fields of a record have a colour each.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  pmem plot data.bin -t f32
  pmem plot data.bin -t i16 -r 1000..2000 --height 10
  pmem plot data.bin -t x:f32,y:f32,z:f32 --field x,z
  pmem plot data.bin -t f32 --between -1..1
  pmem plot data.bin -t f32 --svg plot.svg    # the same as a picture")]
pub(crate) struct Plot {
    #[command(flatten)]
    place: FileArgs,
    /// Elements to draw, like 10..20 or -8..
    #[arg(long, short, value_name = "RANGE", allow_hyphen_values = true)]
    range: Option<Span>,
    /// Lines of the drawing; by default what fits
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(2..=1000))]
    #[arg(conflicts_with = "svg")]
    height: Option<u16>,
    /// Columns of the drawing; by default what fits
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(16..=10_000))]
    #[arg(conflicts_with = "svg")]
    width: Option<u16>,
    /// Values from the bottom to the top, like -1..1 or 0..
    #[arg(long, value_name = "A..B", allow_hyphen_values = true)]
    between: Option<Between>,
    /// Write a picture into a file instead; '-' is standard output
    #[arg(long, value_name = "FILE", value_parser = file_name())]
    svg: Option<PathBuf>,
    #[command(flatten)]
    partial: PartialArg,
    /// File to read; '-' is standard input, the default if that is a pipe
    #[arg(value_parser = file_name())]
    file: Option<PathBuf>,
}

/// Parts of the elements for each column of dots.
const FINE: usize = 8;

/// Columns of dots in a picture: about one for each pixel.
const PICTURE: usize = 880;

impl Plot {
    /// Does what the arguments say.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or has nothing to draw.
    pub(crate) fn run(mut self, env: &mut Env) -> anyhow::Result<()> {
        let path = argument::input(self.file.take())?;
        let Input { source, layout, selection } = Input::open(&path, &self.place.wanted())?;
        let tracks = tracks(selection.part())?;
        let span = self.range.unwrap_or(Span::ALL);
        let range = span.resolve(layout.element(), layout.count()).at(&path)?.clamped();
        if layout.count().is_some() {
            self.partial.warn(span, self.range.is_some(), &layout, &path, env)?;
        }
        if let Some(svg) = self.svg.as_deref().filter(|svg| svg.as_os_str() != "-") {
            Replacement::check(svg).at(svg)?;
        }
        let (dots, height) = (self.dots(&tracks, env), self.height(env));
        let survey = Survey {
            path: &path,
            source,
            layout: &layout,
            selection: &selection,
            range,
            tracks: &tracks,
        };
        // The numbers beside the drawing are as wide as its values want, which are not known yet:
        // fine parts are put into any number of columns.
        let profile = survey.profile(FINE * self.columns(dots, 0, env), env)?;
        if let Some(len) = profile.stream_len {
            let layout = layout.with_len(len);
            self.partial.warn(span, self.range.is_some(), &layout, &path, env)?;
        }
        let title = title(&layout, &path, env);
        let Some(values) = self.values(&profile) else {
            env.warn(&path, "there are no values to draw");
            return Ok(());
        };
        let columns = self.columns(dots, Chart::margin(values, height), env);
        let curves: Vec<Curve> = tracks
            .iter()
            .zip(&profile.columns)
            .map(|(track, parts)| Curve {
                name: track.name.clone(),
                parts: stretched(parts, &profile, columns),
            })
            .collect();
        let (indices, color) = (profile.range, env.color());
        let chart = Chart { curves: &curves, values, indices, height, dots, color };
        self.show(&chart, &title, env)
    }

    /// Writes the drawing.
    fn show(&self, chart: &Chart<'_>, title: &str, env: &mut Env) -> anyhow::Result<()> {
        let Some(svg) = &self.svg else {
            let bold = anstyle::Style::new().bold();
            match env.color() {
                true => writeln!(env.out, "{bold}{title}{bold:#}")?,
                false => writeln!(env.out, "{title}")?,
            }
            return Ok(chart.lines().iter().try_for_each(|line| writeln!(env.out, "{line}"))?);
        };
        let drawing = curves(chart, title)?;
        match svg.as_os_str() == "-" {
            true => Ok(env.out.write_all(drawing.as_bytes())?),
            false => written(svg, &drawing, env).at(svg),
        }
    }

    /// Returns what the drawing is made of. Without colours, several curves need marks.
    fn dots(&self, tracks: &[Track], env: &Env) -> Dots {
        let told_apart = tracks.len() == 1 || env.color();
        if env.unicode() && told_apart { Dots::Braille } else { Dots::Marks }
    }

    /// Returns the lines of the drawing.
    fn height(&self, env: &Env) -> usize {
        match self.height {
            Some(height) => usize::from(height),
            // There is a title, an axis with its numbers, and the next prompt.
            None => env.height().saturating_sub(5).clamp(4, 24),
        }
    }

    /// Returns the columns of dots beside numbers of so many characters.
    fn columns(&self, dots: Dots, margin: usize, env: &Env) -> usize {
        if self.svg.is_some() {
            return PICTURE;
        }
        let width = self.width.map_or_else(|| env.width(), usize::from);
        width.saturating_sub(margin + 2).max(4) * dots.size().0
    }

    /// Returns the values from the bottom to the top.
    fn values(&self, profile: &Profile) -> Option<(f64, f64)> {
        let ends = profile.columns.iter().flatten().filter_map(|extent| extent.ends());
        let finite = ends.flat_map(|(min, max)| [min, max]).filter(|value| value.is_finite());
        let found = finite.fold(None, |known: Option<(f64, f64)>, value| {
            let (min, max) = known.unwrap_or((value, value));
            Some((min.min(value), max.max(value)))
        });
        let Between { from, to } = self.between.unwrap_or_default();
        let (min, max) = found?;
        let (low, high) = (from.unwrap_or(min), to.unwrap_or(max));
        match low < high {
            true => Some((low, high)),
            // A line in the middle.
            false => {
                let around = (low.abs() / 2.0).max(0.5);
                Some((low - around, low + around))
            }
        }
    }
}

/// Returns what is drawn: all numbers of an element.
fn tracks(element: &Element) -> anyhow::Result<Vec<Track>> {
    let tracks = Track::all(element, Grouping::Apart);
    let tracks: Vec<Track> = tracks.into_iter().filter(Track::is_number).collect();
    let most = PALETTE.len();
    match tracks.len() {
        0 => bail!("{element} has no numbers to draw"),
        many => ensure!(
            many <= most,
            "{element} has {many} columns, and at most {most} are drawn at a time; choose some \
             with --field"
        ),
    }
    Ok(tracks)
}

/// Puts parts into so many columns of dots. Where there are fewer elements than columns, each
/// element has a part, and straight lines lie between them.
fn stretched(parts: &[Extent], profile: &Profile, columns: usize) -> Vec<Option<(f64, f64)>> {
    let count = profile.range.end - profile.range.start;
    let mut stretched = vec![Extent::default(); columns];
    if count >= columns as u64 {
        for (at, part) in parts.iter().enumerate() {
            stretched[at * columns / parts.len()].merge(*part);
        }
        return stretched.into_iter().map(Extent::ends).collect();
    }
    let elements = &parts[..parts.len().min(count as usize)];
    let place = |at: usize| at * (columns - 1) / elements.len().saturating_sub(1).max(1);
    for (at, element) in elements.iter().enumerate() {
        stretched[place(at)].merge(*element);
        let next = elements.get(at + 1).and_then(|next| next.ends());
        let (Some((from, _)), Some((to, _))) = (element.ends(), next) else { continue };
        for between in place(at) + 1..place(at + 1) {
            let part = (between - place(at)) as f64 / (place(at + 1) - place(at)) as f64;
            stretched[between].merge(Extent::of(from * (1.0 - part) + to * part));
        }
    }
    stretched.into_iter().map(Extent::ends).collect()
}

/// Writes a picture into a file, in one step.
fn written(path: &Path, drawing: &str, env: &Env) -> anyhow::Result<()> {
    let mut file = Replacement::beside(path, Existing::Replace)?;
    file.write_all(drawing.as_bytes()).map_err(explain)?;
    file.put(Durability::Synced)?;
    env.done(path, "the plot is written");
    Ok(())
}
