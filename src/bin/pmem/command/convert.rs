//! `pmem convert`: from one type, byte order, format or set of fields to another.

use std::path::PathBuf;

use anyhow::{anyhow, bail, ensure};

use crate::argument::{FileArgs, PartialArg, Span, Value, file_name};
use crate::convert::{Cast, Conversion, FileFormat, Opened, Out, Wishes, make, outcome, type_of};
use crate::edit::{Durability, Existing, Replacement};
use crate::element::{Element, Overflow, Round};
use crate::env::{Env, Interrupt, Interrupted, Progress};
use crate::error::At as _;
use crate::layout::Wanted;
use crate::text::Size;

/// Convert a file to another type, byte order, format or set of fields
///
/// Formats follow the extensions of the files, or --from and --into. No value changes silently: by
/// default only floats are rounded. OUT appears when it is whole.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  pmem convert in.f64 out.f32                 # to another type
  pmem convert in.u32 out.u32be               # to another byte order
  pmem convert in.f64 out.u8 --round even --on-overflow saturate
  pmem convert scan.bin xyz.npy -t x:f32,y:f32,z:f32,i:u8 --field x,y,z --to f32x3
  pmem convert in.csv out.f64 --column price  # from text
  pmem convert in.f64 out.parquet             # for DuckDB, Polars, Spark
  pmem dump in.f64 | pmem convert - out.f64 --from plain")]
pub(crate) struct Convert {
    #[command(flatten)]
    place: FileArgs,
    /// Type of an element of OUT; by default that of IN
    ///
    /// A scalar is the type of every item of an array and every field of a record.
    #[arg(long, value_name = "TYPE")]
    to: Option<Element>,
    /// Format of IN; by default what its extension says
    #[arg(long, value_name = "FORMAT", value_enum, conflicts_with = "as")]
    from: Option<FileFormat>,
    /// Format of OUT; by default what its extension says
    #[arg(long, value_name = "FORMAT", value_enum, hide_possible_values = true)]
    into: Option<FileFormat>,
    /// Elements to convert, like 10..20, 5, or -8..
    #[arg(long, short, value_name = "RANGE", allow_hyphen_values = true)]
    range: Option<Span>,
    /// What becomes of values that are out of range
    #[arg(long, value_name = "HOW", value_enum, default_value = "error")]
    on_overflow: Overflow,
    /// How floats become integers; by default they have to be whole
    #[arg(long, value_name = "HOW", value_enum)]
    round: Option<Round>,
    /// What NaN becomes in integers; by default it is an error
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    nan: Option<Value>,
    /// Refuse any change of a value, even the rounding of floats
    #[arg(long, conflicts_with_all = ["round", "nan"])]
    exact: bool,
    /// Column of a text, by its name or its number from 1 on
    ///
    /// A record takes all its fields by their names.
    #[arg(long, value_name = "NAME|N")]
    column: Option<String>,
    /// Replace OUT if it exists
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    partial: PartialArg,
    /// File to read; '-' is standard input
    #[arg(value_name = "IN", value_parser = file_name())]
    input: PathBuf,
    /// File to write; '-' is standard output
    #[arg(value_name = "OUT", value_parser = file_name())]
    output: PathBuf,
}

impl Convert {
    /// Does what the arguments say.
    ///
    /// # Errors
    ///
    /// IN cannot be read, a value has no counterpart, or OUT cannot be written. OUT is as before
    /// then.
    pub(crate) fn run(self, env: &mut Env) -> anyhow::Result<()> {
        let into = self.format_out();
        if self.exact {
            ensure!(
                self.on_overflow == Overflow::Error,
                "--exact: a value that changes is an error"
            );
        }
        let mut opened = self.open()?;
        let named =
            self.to.clone().or_else(|| self.into.is_none().then(|| type_of(&self.output))?);
        let part = opened.selection().part();
        let element = outcome(part, named.as_ref(), into).at(&self.output)?;
        let cast = Cast::new(part, &element, &self.wishes()).at(&self.input)?;
        if opened.count().is_some() {
            opened.report(&self.input, self.partial.partial, env)?;
        }
        match self.output.as_os_str() == "-" {
            true => self.print(&mut opened, &cast, into, env)?,
            false => self.write(&mut opened, &cast, into, env)?,
        }
        match opened.count() {
            Some(_) => Ok(()),
            None => opened.report(&self.input, self.partial.partial, env),
        }
    }

    /// Opens IN.
    fn open(&self) -> anyhow::Result<Opened> {
        let wanted = self.place.wanted();
        let from = match self.from {
            None if wanted.format.is_some() => FileFormat::Raw,
            from => from.or_else(|| FileFormat::of_name(&self.input)).unwrap_or(FileFormat::Raw),
        };
        match from {
            from if from.is_text() => self.open_text(from, &wanted),
            FileFormat::Parquet | FileFormat::Arrow => bail!("{from} is not built in"),
            _ => Opened::elements(&self.input, &wanted, self.span()),
        }
    }

    /// Opens a text.
    fn open_text(&self, from: FileFormat, wanted: &Wanted) -> anyhow::Result<Opened> {
        ensure!(wanted.offset.is_none(), "--offset: {from} begins where the file begins");
        let named = || self.to.clone().or_else(|| type_of(&self.output));
        let Some(element) = wanted.element.clone().or_else(named) else {
            return Err(anyhow!("{from} has no type of its own; -t says what its elements are"))
                .at(&self.input);
        };
        let (element, fields) = (&element, wanted.fields.as_ref());
        let column = self.column.as_deref();
        Opened::text(&self.input, from, (element, fields), column, self.span())
    }

    /// Writes to standard output.
    fn print(
        &self,
        opened: &mut Opened,
        cast: &Cast,
        into: FileFormat,
        env: &mut Env,
    ) -> anyhow::Result<()> {
        ensure!(
            into.is_text() || !env.on_terminal(),
            "-: {into} is not for a terminal; name a file, or use a pipe"
        );
        let progress = Progress::bytes(env, opened.bytes(), "converting");
        let out = Out::Standard(&mut env.out);
        let ends = make(into, out, cast.to(), opened.count())?;
        Conversion::run(opened, cast, ends, None, progress).map(drop)
    }

    /// Writes a new file.
    fn write(
        &self,
        opened: &mut Opened,
        cast: &Cast,
        into: FileFormat,
        env: &Env,
    ) -> anyhow::Result<()> {
        let existing = if self.force { Existing::Replace } else { Existing::Keep };
        let interrupt = Interrupt::listen()?;
        let replacement = Replacement::beside(&self.output, existing).at(&self.output)?;
        let out = Out::File(&replacement);
        let ends = make(into, out, cast.to(), opened.count()).at(&self.output)?;
        let progress = Progress::bytes(env, opened.bytes(), "converting");
        let converted = Conversion::run(opened, cast, ends, Some(&interrupt), progress);
        let count = converted.map_err(|error| self.stopped(error))?;
        let len = replacement.file().metadata().map_or(0, |metadata| metadata.len());
        replacement.put(Durability::Cached).at(&self.output)?;
        let (element, size) = (cast.to(), Size(len));
        env.done(&self.output, format_args!("{count} {element} as {into} ({size})"));
        Ok(())
    }

    /// Says what a signal has left: nothing.
    fn stopped(&self, error: anyhow::Error) -> anyhow::Error {
        match error.downcast_ref::<Interrupted>() {
            Some(interrupted) => {
                let left = Err::<(), _>(interrupted.exit("nothing was written"));
                left.at(&self.output).expect_err("it is an error")
            }
            None => error,
        }
    }

    /// The format of OUT.
    fn format_out(&self) -> FileFormat {
        let named = self.into.or_else(|| FileFormat::of_name(&self.output));
        named.unwrap_or(FileFormat::Raw)
    }

    /// Which elements are taken.
    fn span(&self) -> Span {
        self.range.unwrap_or(Span::ALL)
    }

    /// What is said about values that the new type does not have.
    fn wishes(&self) -> Wishes {
        Wishes {
            overflow: self.on_overflow,
            round: self.round,
            nan: self.nan.as_ref().map(|value| value.text().to_owned()),
            exact: self.exact,
        }
    }
}
