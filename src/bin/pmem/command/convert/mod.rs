//! `pmem convert`: from one type, byte order, format or set of fields to another.

mod in_place;
mod write;

use std::path::PathBuf;

use anyhow::{anyhow, ensure};

use crate::argument::{Count, FileArgs, LockArg, PartialArg, Span, Value, file_name};
use crate::convert::{Cast, Codec, FileFormat, Opened, Wishes, outcome, type_of};
use crate::element::{Element, Overflow, Round};
use crate::env::Env;
use crate::error::At as _;
use crate::layout::Wanted;

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
    /// How a Parquet file is compressed
    #[arg(long, value_name = "HOW", value_enum)]
    compression: Option<Codec>,
    /// Make OUT a directory of Parquet files with so many rows each
    #[arg(long, value_name = "COUNT")]
    rows_per_file: Option<Count>,
    /// Add to the end of OUT; if anything fails, it gets its old length again
    #[arg(long, conflicts_with_all = ["force", "rows_per_file"])]
    append: bool,
    /// Put the header of an .npy file in front of raw elements, or take it away, without copying
    ///
    /// IN gets the name OUT. Only ext4 and xfs can do it. If it is killed, run it again.
    #[arg(long, conflicts_with_all = ["to", "field", "range", "round", "nan", "exact", "column"])]
    #[arg(conflicts_with_all = ["compression", "rows_per_file", "append", "force"])]
    in_place: bool,
    /// Replace OUT if it exists
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    lock: LockArg,
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
        self.refuse_useless()?;
        if self.in_place {
            return self.shift(env);
        }
        let mut opened = self.open()?;
        if opened.count().is_some() {
            opened.report(&self.input, self.partial.partial, env)?;
        }
        if !(self.append && self.add(&mut opened, env)?) {
            let part = opened.selection().part();
            let named = self.named();
            let element = outcome(part, named.as_ref(), self.format_out()).at(&self.output)?;
            let cast = Cast::new(part, &element, &self.wishes()).at(&self.input)?;
            match self.rows_per_file {
                Some(rows) => self.write_parts(&mut opened, &cast, rows, env)?,
                None if self.output.as_os_str() == "-" => self.print(&mut opened, &cast, env)?,
                None => self.write(&mut opened, &cast, env)?,
            }
        }
        match opened.count() {
            Some(_) => Ok(()),
            None => opened.report(&self.input, self.partial.partial, env),
        }
    }

    /// Refuses options that would do nothing.
    fn refuse_useless(&self) -> anyhow::Result<()> {
        let into = self.format_out();
        if self.exact {
            let error = self.on_overflow == Overflow::Error;
            ensure!(
                error,
                "--exact: a value that changes is an error, whatever --on-overflow says"
            );
        }
        if self.compression.is_some() {
            ensure!(into == FileFormat::Parquet, "--compression: {into} is not compressed");
        }
        if self.rows_per_file.is_some() {
            let directory = self.output.as_os_str() != "-" && into == FileFormat::Parquet;
            ensure!(directory, "--rows-per-file: OUT is a directory of Parquet files");
        }
        if self.append {
            let fits = matches!(
                into,
                FileFormat::Raw | FileFormat::Npy | FileFormat::Bin | FileFormat::Vecs
            );
            ensure!(fits, "--append: a file of {into} has an end; see --rows-per-file");
            ensure!(self.output.as_os_str() != "-", "--append: name a file (or ./-)");
        }
        let from = self.format_in();
        if self.column.is_some() {
            ensure!(from.has_columns(), "--column: {from} has fields; use --field");
        }
        Ok(())
    }

    /// What the elements of OUT are to be, as far as the user says so.
    fn named(&self) -> Option<Element> {
        self.to.clone().or_else(|| self.into.is_none().then(|| type_of(&self.output))?)
    }

    /// Opens IN.
    fn open(&self) -> anyhow::Result<Opened> {
        let (from, mut wanted) = (self.format_in(), self.place.wanted());
        match from {
            from if from.is_text() => self.open_text(from, &wanted),
            #[cfg(feature = "columnar")]
            FileFormat::Parquet | FileFormat::Arrow => self.open_columns(from, &wanted),
            #[cfg(not(feature = "columnar"))]
            FileFormat::Parquet | FileFormat::Arrow => Err(from.missing()).at(&self.input),
            _ => {
                wanted.format = wanted.format.or(self.from.and_then(FileFormat::layout));
                Opened::elements(&self.input, wanted, self.span())
            }
        }
    }

    /// Opens a file of columns.
    #[cfg(feature = "columnar")]
    fn open_columns(&self, from: FileFormat, wanted: &Wanted) -> anyhow::Result<Opened> {
        ensure!(wanted.offset.is_none(), "--offset: {from} has columns");
        let said = (wanted.element.as_ref(), wanted.fields.as_ref());
        Opened::columns(&self.input, from, said, self.column.as_deref(), self.span())
    }

    /// Opens a text.
    fn open_text(&self, from: FileFormat, wanted: &Wanted) -> anyhow::Result<Opened> {
        ensure!(wanted.offset.is_none(), "--offset: {from} begins where the file begins");
        let Some(element) = wanted.element.clone().or_else(|| self.named()) else {
            return Err(anyhow!("{from} has no type of its own; -t says what its elements are"))
                .at(&self.input);
        };
        let (element, fields) = (&element, wanted.fields.as_ref());
        let column = self.column.as_deref();
        Opened::text(&self.input, from, (element, fields), column, self.span())
    }

    /// The format of IN.
    fn format_in(&self) -> FileFormat {
        match self.from {
            None if self.place.wanted().format.is_some() => FileFormat::Raw,
            from => from.or_else(|| FileFormat::of_name(&self.input)).unwrap_or(FileFormat::Raw),
        }
    }

    /// The format of OUT.
    fn format_out(&self) -> FileFormat {
        let named = self.into.or_else(|| FileFormat::of_name(&self.output));
        let parts = self.rows_per_file.map(|_| FileFormat::Parquet);
        named.or(parts).unwrap_or(FileFormat::Raw)
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
