//! `pmem dump`: shows the elements of a file.

use std::path::{Path, PathBuf};

use anyhow::{bail, ensure};

use super::title::title;
use crate::argument::{self, Count, FileArgs, PartialArg, Position, Span, file_name};
use crate::element::{Class, Element, Radix, Selection};
use crate::env::Env;
use crate::error::At as _;
use crate::format::{self, Format, IndexRadix, Look};
use crate::input::{Input, Reader};
use crate::layout::Layout;
use crate::text::Name;

/// Show elements of a file
///
/// Files, pipes and devices are read from front to back; a hole in a sparse file is not read. A
/// terminal shows a table, a pipe gets an element a line.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  pmem dump data.bin -t u64                   # all elements
  pmem dump data.bin -t f32 -r 10..20         # ten of them
  pmem dump data.bin -t f32 -r -8..           # the last eight
  pmem dump data.bin -t i16be -f csv          # for a spreadsheet
  pmem dump data.bin -t u64 -s 1M -n 4K -f raw > part.bin
  pmem dump scan.bin -t x:f32,y:f32,z:f32,i:u8 --field x,i
  pmem dump audio.wav -t i24 --offset 44      # behind a header
  curl -s URL | pmem dump -t u32 -n 10        # the first ten of a stream")]
pub(crate) struct Dump {
    #[command(flatten)]
    place: FileArgs,
    /// Elements to show, like 10..20, 5, or -8..
    ///
    /// A..B, A..=B, A..+N, A.., ..B, .., or one index A. Negative sides count from the end. See
    /// 'pmem help ranges'.
    #[arg(
        long,
        short,
        value_name = "RANGE",
        allow_hyphen_values = true,
        conflicts_with_all = ["skip", "count"]
    )]
    range: Option<Span>,
    /// Elements to skip; -8 starts at the last eight
    #[arg(long, short, value_name = "COUNT", allow_hyphen_values = true)]
    skip: Option<Position>,
    /// Elements to show, at most
    #[arg(long, short = 'n', value_name = "COUNT", visible_alias = "length")]
    #[arg(visible_short_alias = 'l', allow_negative_numbers = true)]
    count: Option<Count>,
    /// table, plain, csv, json, ndjson, raw or hex
    ///
    /// By default 'table' on a terminal and 'plain' into a pipe.
    #[arg(long, short, value_name = "FORMAT", value_enum, hide_possible_values = true)]
    format: Option<Format>,
    /// Elements in a row of a table
    ///
    /// By default what fits.
    #[arg(long, short = 'w', value_name = "N", value_parser = columns)]
    #[arg(allow_negative_numbers = true)]
    columns: Option<usize>,
    /// Digits behind the point of floats in a table
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(..=99))]
    #[arg(hide_short_help = true)]
    precision: Option<u8>,
    /// Show integers in hexadecimal, as --radix 16
    ///
    /// A radix may follow: -x 8 is --radix 8.
    #[arg(short = 'x', conflicts_with = "radix")]
    hexadecimal: bool,
    /// Radix of integers: 2, 8, 10 or 16
    #[arg(long, value_name = "RADIX")]
    radix: Option<Radix>,
    /// Radix of indices: d, x, o; n: none
    ///
    /// The index of a row of a table in decimal, hexadecimal or octal, or not at all.
    #[arg(short = 'A', long = "address-radix", value_name = "RADIX")]
    #[arg(value_enum, hide_possible_values = true)]
    address: Option<IndexRadix>,
    /// Show repeated rows
    #[arg(long, short = 'v')]
    no_squeezing: bool,
    #[command(flatten)]
    partial: PartialArg,
    /// File to read; '-' is standard input
    ///
    /// Without FILE, standard input is read, unless that is a terminal.
    #[arg(value_parser = file_name())]
    file: Option<PathBuf>,
    /// A radix after -x makes the file the second of two operands, or the radix
    #[arg(hide = true, value_name = "FILE", value_parser = file_name())]
    second: Option<PathBuf>,
}

impl Dump {
    /// Does what the arguments say.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or its elements cannot be shown.
    pub(crate) fn run(mut self, env: &mut Env) -> anyhow::Result<()> {
        self.take_radix()?;
        env.end_without_colour()?;
        let path = argument::input(self.file.take())?;
        let Input { source, layout, selection } = Input::open(&path, &self.place.wanted())?;
        let format = self.format.unwrap_or_else(|| default_format(env));
        self.refuse_useless(format, selection.part())?;
        let count = layout.count();
        let resolved = self.span().resolve(layout.element(), count).at(&path)?;
        if count.is_some() {
            self.warn(&layout, &path, env)?;
        }
        if format == Format::Table && env.on_terminal() {
            let header = title(&layout, &path, env);
            format::header(header, env.color(), &mut env.out)?;
        }
        let mut reader = Reader::new(&path, source, &layout, resolved.clamped());
        self.show(&mut reader, &selection, format, env)?;
        reader.leave();
        match reader.stream_len() {
            Some(len) => self.warn(&layout.with_len(len), &path, env),
            None => Ok(()),
        }
    }

    /// Writes the elements that the reader yields.
    fn show(
        &self,
        reader: &mut Reader,
        selection: &Selection,
        format: Format,
        env: &mut Env,
    ) -> anyhow::Result<()> {
        let look = self.look(env);
        let (radix, out) = (look.radix, &mut env.out);
        match format {
            Format::Table => format::table(reader, selection, look, out),
            Format::Plain => format::plain(reader, selection, radix, out),
            Format::Csv => format::csv(reader, selection, radix, out),
            Format::Json => format::json(reader, selection, out),
            Format::Ndjson => format::ndjson(reader, selection, out),
            Format::Raw => format::raw(reader, selection, out),
            Format::Hex => format::hex(reader, selection, self.radix(), &look, out),
        }
    }

    /// Reports what of the range is not there, and what is left over.
    fn warn(&self, layout: &Layout, path: &Path, env: &Env) -> anyhow::Result<()> {
        self.partial.warn(self.span(), self.range.is_some(), layout, path, env)
    }

    /// Refuses options that would do nothing.
    fn refuse_useless(&self, format: Format, element: &Element) -> anyhow::Result<()> {
        if matches!(format, Format::Json | Format::Ndjson) {
            let decimal = self.radix().unwrap_or_default() == Radix::Decimal;
            ensure!(decimal, "--radix: numbers in JSON are decimal");
        }
        if let Some(refusal) = self.address_refused(format) {
            bail!(refusal);
        }
        let name = format.name();
        if self.columns.is_some() {
            let many = "an element is an array of N with -t f32xN";
            ensure!(format == Format::Table, "-w: {name} has no rows of several elements; {many}");
            ensure!(element.single().is_some(), "-w: a row is one {element} element; {many}");
        }
        if self.precision.is_some() {
            ensure!(format == Format::Table, "--precision: only tables round floats");
            ensure!(
                has(element, |class| class == Class::Float),
                "--precision: there are no floats"
            );
        }
        if self.radix().is_some_and(|radix| radix != Radix::Decimal) && format != Format::Hex {
            ensure!(format != Format::Raw, "--radix: raw bytes have no radix");
            let integer = |class| matches!(class, Class::Unsigned | Class::Signed | Class::Bool);
            ensure!(has(element, integer), "--radix: {element} has no integers");
        }
        Ok(())
    }

    /// Why the radix of indices cannot be what was asked for, if so.
    fn address_refused(&self, format: Format) -> Option<&'static str> {
        use IndexRadix::{Decimal, None as Nothing};
        match (format, self.address?) {
            (Format::Table, _) | (Format::Hex, IndexRadix::Hexadecimal | Nothing) => None,
            (Format::Hex, _) => Some("-A: offsets in hex are hexadecimal; -A n hides them"),
            (Format::Csv | Format::Ndjson, Decimal) => None,
            (Format::Csv | Format::Ndjson, _) => {
                Some("-A: indices are decimal in csv and ndjson, and always there")
            }
            (Format::Plain | Format::Json | Format::Raw, Nothing) => None,
            (Format::Plain | Format::Json | Format::Raw, _) => {
                Some("-A: plain, json and raw have no indices; table, csv and ndjson have")
            }
        }
    }

    /// Tells the file from a radix that follows `-x`, as in `-x 16 data.bin`.
    fn take_radix(&mut self) -> anyhow::Result<()> {
        let radix = |path: &Path| path.to_str().and_then(|text| text.parse().ok());
        let second = self.second.take();
        match (self.file.as_deref().and_then(radix), second) {
            (Some(first), second)
                if self.hexadecimal && (second.is_some() || !exists(&self.file)) =>
            {
                self.radix = Some(first);
                self.file = second;
            }
            (_, None) => {}
            (_, Some(second)) => match radix(&second) {
                Some(radix) if self.hexadecimal => self.radix = Some(radix),
                _ => {
                    let name = Name(&second);
                    bail!("unexpected argument '{name}' found; one file is shown at a time")
                }
            },
        }
        Ok(())
    }

    /// The elements to show, however that was said.
    fn span(&self) -> Span {
        let start = self.skip.unwrap_or(Position::Start(Count::Elements(0)));
        self.range.unwrap_or_else(|| Span::from(start, self.count))
    }

    /// What a table is to look like.
    fn look(&self, env: &Env) -> Look {
        Look {
            radix: self.radix().unwrap_or_default(),
            index: self.address.unwrap_or(IndexRadix::Decimal),
            columns: self.columns,
            precision: self.precision.map(usize::from),
            width: env.width(),
            color: env.color(),
            squeeze: !self.no_squeezing,
        }
    }

    /// The radix of integers, if one is asked for.
    fn radix(&self) -> Option<Radix> {
        self.radix.or(self.hexadecimal.then_some(Radix::Hexadecimal))
    }
}

/// Is there such a file?
fn exists(file: &Option<PathBuf>) -> bool {
    file.as_deref().is_some_and(Path::exists)
}

/// Has an element a scalar of such a class?
fn has(element: &Element, class: impl Fn(Class) -> bool) -> bool {
    element.runs().iter().any(|run| class(run.kind.codec().class))
}

/// The format, if none is asked for: as with `ls`, for people on a terminal, for programs in a
/// pipe.
fn default_format(env: &Env) -> Format {
    if env.on_terminal() { Format::Table } else { Format::Plain }
}

/// Parses a number of columns.
fn columns(text: &str) -> Result<usize, &'static str> {
    let columns = text.parse().ok().filter(|columns| (1..=65_536).contains(columns));
    columns.ok_or("expected a number from 1 to 65536")
}
