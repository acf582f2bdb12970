//! Writing OUT: a new file, standard output, the end of a file, or a directory.

use anyhow::ensure;
use platform_mem::FileOptions;

use super::Convert;
use crate::argument::Count;
use crate::convert::{Cast, Conversion, Ends, FileFormat, Opened, Out, append, make};
use crate::edit::{
    Durability, Existing, Found, Goal, Replacement, Resize, Space, Target, check_limit, explain,
};
use crate::element::{Element, Field, Form, Packing};
use crate::env::{Env, Interrupt, Interrupted, Progress};
use crate::error::At as _;
use crate::input::disk_bytes;
use crate::layout::{Layout, Wanted};
use crate::text::Size;

impl Convert {
    /// Writes to standard output.
    pub(super) fn print(
        &self,
        opened: &mut Opened,
        cast: &Cast,
        env: &mut Env,
    ) -> anyhow::Result<()> {
        let into = self.format_out();
        ensure!(
            into.is_text() || !env.on_terminal(),
            "{into} is not for a terminal; name a file, or use a pipe"
        );
        let progress = Progress::bytes(env, opened.bytes(), "converting");
        let codec = self.compression.unwrap_or_default();
        let out = Out::Standard(&mut env.out);
        let ends = make(into, out, cast.to(), opened.count(), codec)?;
        Conversion::run(opened, cast, (ends.0, ends.1, &self.output), None, progress).map(drop)
    }

    /// Writes a new file.
    pub(super) fn write(&self, opened: &mut Opened, cast: &Cast, env: &Env) -> anyhow::Result<()> {
        let interrupt = Interrupt::listen()?;
        let replacement = Replacement::beside(&self.output, self.existing()).at(&self.output)?;
        let (into, codec) = (self.format_out(), self.compression.unwrap_or_default());
        let out = Out::File(&replacement);
        let ends = make(into, out, cast.to(), opened.count(), codec).at(&self.output)?;
        let count = self.carry_out(opened, cast, ends, &interrupt, env)?;
        let len = replacement.file().metadata().map_or(0, |metadata| metadata.len());
        replacement.put(Durability::Cached).at(&self.output)?;
        let (element, size) = (cast.to(), Size(len));
        env.done(&self.output, format_args!("{count} {element} as {into} ({size})"));
        Ok(())
    }

    /// Writes a directory of Parquet files.
    #[cfg(feature = "columnar")]
    pub(super) fn write_parts(
        &self,
        opened: &mut Opened,
        cast: &Cast,
        rows: Count,
        env: &Env,
    ) -> anyhow::Result<()> {
        use crate::convert::{Dataset, make_parts};

        let rows = rows.elements(cast.to())?;
        ensure!(rows > 0, "--rows-per-file: a file has at least one row");
        let interrupt = Interrupt::listen()?;
        let dataset = Dataset::beside(&self.output, self.existing()).at(&self.output)?;
        let codec = self.compression.unwrap_or_default();
        let ends = make_parts(&dataset, cast.to(), rows, codec).at(&self.output)?;
        let count = self.carry_out(opened, cast, ends, &interrupt, env)?;
        dataset.put().at(&self.output)?;
        let (element, files) = (cast.to(), count.div_ceil(rows).max(1));
        let files = crate::text::plural(files, "file");
        env.done(&self.output, format_args!("{count} {element} as parquet in {files}"));
        Ok(())
    }

    /// Says that there are no Parquet files.
    #[cfg(not(feature = "columnar"))]
    pub(super) fn write_parts(
        &self,
        _: &mut Opened,
        _: &Cast,
        _: Count,
        _: &Env,
    ) -> anyhow::Result<()> {
        Err(FileFormat::Parquet.missing()).at(&self.output)
    }

    /// What to do about an OUT that is there.
    fn existing(&self) -> Existing {
        if self.force { Existing::Replace } else { Existing::Keep }
    }

    /// Converts everything into what is not in its place yet.
    fn carry_out(
        &self,
        opened: &mut Opened,
        cast: &Cast,
        ends: Ends<'_>,
        interrupt: &Interrupt,
        env: &Env,
    ) -> anyhow::Result<u64> {
        let progress = Progress::bytes(env, opened.bytes(), "converting");
        let ends = (ends.0, ends.1, &*self.output);
        let converted = Conversion::run(opened, cast, ends, Some(interrupt), progress);
        converted.map_err(|error| match error.downcast_ref::<Interrupted>() {
            Some(interrupted) => anyhow::Error::from(interrupted.exit("nothing was written")),
            None => error,
        })
    }

    /// Adds to the end of OUT, if it is there. Returns whether it is.
    pub(super) fn add(&self, opened: &mut Opened, env: &Env) -> anyhow::Result<bool> {
        let interrupt = Interrupt::listen()?;
        let turn = self.lock.turn(&interrupt);
        match Found::at(&self.output, FileOptions::new(), turn).at(&self.output)? {
            Found::Nothing(_) => Ok(false),
            Found::File(target) => self.add_to(target, opened, (&interrupt, env)).map(|()| true),
        }
    }

    /// Adds to the end of a file; on an error it is as before.
    fn add_to(
        &self,
        mut target: Target,
        opened: &mut Opened,
        (interrupt, env): (&Interrupt, &Env),
    ) -> anyhow::Result<()> {
        let wanted = Wanted { element: self.named(), ..Wanted::default() };
        let layout = wanted.find(&self.output, &mut target).at(&self.output)?;
        let into = self.format_out();
        let same = layout.format().to_string() == into.name();
        ensure!(same, "{}: is no {into} file", crate::text::Name(&self.output));
        let element = value(layout.element(), into)?;
        let part = opened.selection().part();
        let cast = Cast::new(part, &element, &self.wishes()).at(&self.input)?;
        match self.extend(&mut target, &layout, opened, (&cast, interrupt), env) {
            Ok(resize) => {
                env.done(&self.output, resize);
                Ok(())
            }
            Err(cause) => Err(target.undone(cause)),
        }
    }

    /// Takes the steps of adding, until one fails. The header comes last, so that at any moment all
    /// the elements that it counts are there.
    fn extend(
        &self,
        target: &mut Target,
        layout: &Layout,
        opened: &mut Opened,
        (cast, interrupt): (&Cast, &Interrupt),
        env: &Env,
    ) -> anyhow::Result<Resize> {
        let growth = |count| Resize::growth(layout, Goal::By(count), &self.output);
        let known = growth(opened.count().unwrap_or(0)).at(&self.output)?;
        let (before, after) = known.bytes();
        let room = disk_bytes(&target.file().metadata()?).unwrap_or(0);
        check_limit(after).at(&self.output)?;
        Space::ask(&self.output, before, room, after).check().at(&self.output)?;
        target.set_len(after).map_err(explain).at(&self.output)?;
        let out = Out::Append(target, before);
        let (encode, sink) = append(self.format_out(), out, cast.to())?;
        let progress = Progress::bytes(env, opened.bytes(), "converting");
        let count =
            Conversion::run(opened, cast, (encode, sink, &self.output), Some(interrupt), progress)?;
        let resize = growth(count).at(&self.output)?;
        if let Some(header) = layout.header() {
            target.patch(&header.patches(resize.after())?).at(&self.output)?;
        }
        interrupt.check()?;
        Ok(resize)
    }
}

/// Returns what is converted to, where elements of a file are such: of vectors that carry their
/// dimension, the vector alone.
fn value(element: &Element, format: FileFormat) -> anyhow::Result<Element> {
    match element.fields() {
        [_, vector] if format == FileFormat::Vecs => {
            let vector = Field { name: String::new(), ..vector.clone() };
            Element::new(vec![vector], Form::Plain, Packing::Packed)
        }
        _ => Ok(element.clone()),
    }
}
