//! `pmem dump`: shows the elements of a file.

use std::path::{Path, PathBuf};

use anyhow::{bail, ensure};

use crate::argument::Count;
use crate::argument::value;
use crate::argument::{PartialArg, TypeArg};
use crate::argument::{Position, Span};
use crate::element::{Element, Job, Radix, Scalar};
use crate::env::Env;
use crate::error::At as _;
use crate::format::{self, Format, IndexRadix, Look};
use crate::input::Reader;
use crate::input::Source;
use crate::layout::Ragged;
use crate::text::Name;
use crate::text::grouped;

/// Show elements of a file
///
/// Files, pipes and devices are read from front to back; a hole in a sparse file is not read. On a
/// terminal the elements are shown as a table, in a pipe one value a line.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  pmem dump data.bin -t u64                   # all elements
  pmem dump data.bin -t f32 -r 10..20         # ten of them
  pmem dump data.bin -t f32 -r -8..           # the last eight
  pmem dump data.bin -t i16be -f csv          # for a spreadsheet
  pmem dump data.bin -t u64 -s 1M -n 4K -f raw > part.bin
  curl -s URL | pmem dump - -t u32 -n 10      # the first ten of a stream")]
pub(crate) struct Dump {
    #[command(flatten)]
    element: TypeArg,
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
    /// Elements to pass over; -8 leaves the last eight
    #[arg(long, short, value_name = "COUNT", allow_hyphen_values = true)]
    skip: Option<Position>,
    /// Elements to show, at most
    #[arg(long, short = 'n', value_name = "COUNT", visible_alias = "length")]
    #[arg(visible_short_alias = 'l', allow_negative_numbers = true)]
    count: Option<Count>,
    /// How to show them
    ///
    /// Without it, 'table' on a terminal and 'plain' into a pipe.
    #[arg(long, short, value_name = "FORMAT", value_enum)]
    format: Option<Format>,
    /// Values in a row of a table; without it, what fits
    #[arg(long, short = 'w', value_name = "N", value_parser = columns)]
    #[arg(allow_negative_numbers = true)]
    columns: Option<usize>,
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
    /// Show repeated rows, too
    #[arg(long, short = 'v')]
    no_squeezing: bool,
    #[command(flatten)]
    partial: PartialArg,
    /// File to look at; '-' is standard input
    #[arg(value_parser = value::file_name())]
    file: PathBuf,
    /// A radix after -x makes the file the second of two operands, or the radix
    #[arg(hide = true, value_parser = value::file_name())]
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
        let element = self.element.element;
        let format = self.format.unwrap_or_else(|| self.default_format(env));
        if matches!(format, Format::Json | Format::Ndjson) {
            let decimal = self.radix().unwrap_or_default() == Radix::Decimal;
            ensure!(decimal, "--radix: numbers in JSON are decimal");
        }
        if let Some(refusal) = self.address_refused(format) {
            bail!(refusal);
        }
        let source = Source::open(&self.file)?;
        let len = source.len;
        if let Some(bytes) = len {
            self.tell_partial(bytes, env)?;
        }
        let elements = len.map(|bytes| bytes / element.size());
        let resolved = self.span().resolve(element, elements).at(&self.file)?;
        if elements.is_some()
            && let Err(beyond) = resolved.inside()
        {
            env.warn(&self.file, beyond);
        }
        if format == Format::Table && env.on_terminal() {
            format::header(self.header(len, env), env.color(), &mut env.out)?;
        }
        let mut reader = Reader::new(&self.file, source, element.size(), resolved.clamped());
        element.run(Show { dump: &self, format, reader: &mut reader, env })?;
        reader.leave();
        if let Some(bytes) = reader.stream_len() {
            let resolved = self.span().resolve(element, Some(bytes / element.size()));
            let resolved = resolved.at(&self.file)?;
            if let Err(beyond) = resolved.inside() {
                env.warn(&self.file, beyond);
            }
            self.tell_partial(bytes, env)?;
        }
        Ok(())
    }

    /// Why the radix of indices cannot be what was asked for, if so. Formats without an index have
    /// nothing to refuse.
    fn address_refused(&self, format: Format) -> Option<&'static str> {
        use IndexRadix::{Decimal, Hexadecimal, None as Nothing, Octal};
        match (format, self.address?) {
            (Format::Hex, Decimal | Octal) => {
                Some("-A: offsets in hex are hexadecimal; -A n hides them")
            }
            (Format::Csv | Format::Ndjson, Hexadecimal | Octal | Nothing) => {
                Some("-A: indices are decimal in csv and ndjson, and always there")
            }
            _ => None,
        }
    }

    /// Tells the file from a radix that follows `-x`, as in `-x 16 data.bin`.
    fn take_radix(&mut self) -> anyhow::Result<()> {
        let Some(second) = self.second.take() else { return Ok(()) };
        let radix = |path: &Path| path.to_str().and_then(|text| text.parse().ok());
        match (radix(&self.file), radix(&second)) {
            (Some(radix), _) if self.hexadecimal => {
                self.radix = Some(radix);
                self.file = second;
            }
            (_, Some(radix)) if self.hexadecimal => self.radix = Some(radix),
            _ => {
                bail!("unexpected argument '{}' found; one file is shown at a time", Name(&second))
            }
        }
        Ok(())
    }

    /// The format, if none is asked for: as with `ls`, for people on a terminal, for programs in a
    /// pipe.
    fn default_format(&self, env: &Env) -> Format {
        if env.on_terminal() { Format::Table } else { Format::Plain }
    }

    /// The elements to show, however that was said.
    fn span(&self) -> Span {
        let start = self.skip.unwrap_or(Position::Start(Count::Elements(0)));
        self.range.unwrap_or_else(|| Span::from(start, self.count))
    }

    /// Tells about bytes left over of so many.
    fn tell_partial(&self, bytes: u64, env: &Env) -> anyhow::Result<()> {
        let ragged = Ragged { bytes, element: self.element.element };
        self.partial.partial.tell(ragged, &self.file, env)
    }

    /// The line above the rows, which makes a wrong type visible. A long name loses its front, so
    /// that the line fits.
    fn header(&self, len: Option<u64>, env: &Env) -> String {
        let element = self.element.element;
        let size = element.size();
        let bytes = if size == 1 { "byte" } else { "bytes" };
        let elements = match len.map(|len| len / size) {
            Some(1) => String::from("1 element"),
            Some(count) => format!("{} elements", grouped(count)),
            None => String::from("a stream of elements"),
        };
        let facts = format!("  {element}  {size} {bytes} each  {elements}");
        let room = env.width().saturating_sub(facts.chars().count());
        shortened(&Name(&self.file).to_string(), room) + &facts
    }

    /// What a table is to look like.
    fn look(&self, env: &Env) -> Look {
        Look {
            radix: self.radix().unwrap_or_default(),
            index: self.address.unwrap_or(IndexRadix::Decimal),
            columns: self.columns,
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

/// Parses a number of columns.
fn columns(text: &str) -> Result<usize, &'static str> {
    let columns = text.parse().ok().filter(|columns| (1..=65_536).contains(columns));
    columns.ok_or("a number from 1 to 65536 is wanted")
}

/// Leaves out the front of a name that is longer than so many characters.
fn shortened(name: &str, most: usize) -> String {
    /// Less than this says nothing.
    const LEAST: usize = 8;

    let (length, most) = (name.chars().count(), most.max(LEAST));
    match length > most {
        true => std::iter::once('…').chain(name.chars().skip(length + 1 - most)).collect(),
        false => name.to_owned(),
    }
}

/// Shows elements of some type.
struct Show<'a> {
    dump: &'a Dump,
    format: Format,
    reader: &'a mut Reader,
    env: &'a mut Env,
}

impl Job for Show<'_> {
    type Output = anyhow::Result<()>;

    fn run<T: Scalar>(self) -> Self::Output {
        let Self { dump, format, reader, env } = self;
        let look = dump.look(env);
        let Element { order, .. } = dump.element.element;
        let (radix, out) = (look.radix, &mut env.out);
        match format {
            Format::Table => format::table::<T>(reader, order, look, out),
            Format::Plain => format::plain::<T>(reader, order, radix, out),
            Format::Csv => format::csv::<T>(reader, order, radix, out),
            Format::Json => format::json::<T>(reader, order, out),
            Format::Ndjson => format::ndjson::<T>(reader, order, out),
            Format::Raw => format::raw(reader, out),
            Format::Hex => format::hex(reader, dump.radix(), &look, out),
        }
    }
}
