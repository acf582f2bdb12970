//! Where results are written to, and in which form.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;

use anyhow::ensure;

use super::csv::csv;
use super::markdown::markdown;
use super::measured::Measured;
use super::report::Report;
use super::svg::svg;
use crate::edit::{Durability, Existing, Place, Replacement, explain, is_same};
use crate::env::Env;
use crate::error::At as _;
use crate::text::Name;

/// A form of the results.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Form {
    Json,
    Csv,
    Markdown,
    Svg,
}

/// A file that is to be written.
#[derive(Clone, Debug)]
pub(crate) struct Export {
    pub(crate) form: Form,
    pub(crate) path: PathBuf,
}

impl Export {
    /// Does it go to standard output?
    pub(crate) fn is_stdout(&self) -> bool {
        self.path.as_os_str() == "-"
    }

    /// Writes the results.
    ///
    /// # Errors
    ///
    /// They cannot be written.
    pub(crate) fn write(
        &self,
        all: &[Measured],
        report: &Report,
        env: &mut Env,
    ) -> anyhow::Result<()> {
        let text = match self.form {
            Form::Json => serde_json::to_string_pretty(report)? + "\n",
            Form::Csv => csv(report.results()),
            Form::Markdown => markdown(all),
            Form::Svg => svg(all, report.machine())?,
        };
        match self.is_stdout() {
            true => Ok(env.out.write_all(text.as_bytes())?),
            false => self.put(text.as_bytes()).at(&self.path),
        }
    }

    /// Puts a file of these bytes in its place.
    fn put(&self, bytes: &[u8]) -> anyhow::Result<()> {
        let mut file = Replacement::beside(&self.path, Existing::Replace)?;
        file.write_all(bytes).map_err(explain)?;
        file.put(Durability::Synced)
    }

    /// Makes sure, before anything is measured, that the file can probably be written. Nothing is
    /// changed: what is there may be the baseline, or be wanted if the measuring is interrupted.
    fn check(&self) -> anyhow::Result<()> {
        match fs::metadata(&self.path) {
            // To open a pipe would let its reader find an end.
            Ok(metadata) if !metadata.is_file() && !metadata.is_dir() => Ok(()),
            _ => Replacement::beside(&self.path, Existing::Replace).map(drop).at(&self.path),
        }
    }

    /// Where the file will be created.
    fn place(&self, missing: io::Error) -> anyhow::Result<Place> {
        Place::behind_links(&self.path, missing).at(&self.path)
    }

    /// What tells whether two exports go to one file that is not there yet: its name in its real
    /// directory.
    fn name(&self, missing: io::Error) -> anyhow::Result<PathBuf> {
        let place = self.place(missing)?;
        let directory = fs::canonicalize(place.directory()).at(&self.path)?;
        Ok(directory.join(place.name()))
    }

    /// Do both go to the same file?
    fn collides(&self, other: &Self) -> anyhow::Result<bool> {
        match (fs::metadata(&self.path), fs::metadata(&other.path)) {
            (Ok(one), Ok(two)) => Ok(is_same(&one, &two) == Some(true) && one.is_file()),
            (Err(one), Err(two)) => Ok(self.name(one)? == other.name(two)?),
            _ => Ok(false),
        }
    }
}

/// Makes sure that all of `exports` can be written.
///
/// # Errors
///
/// One cannot, or two of them go to the same place.
pub(crate) fn check(exports: &[Export]) -> anyhow::Result<()> {
    let on_stdout = exports.iter().filter(|export| export.is_stdout()).count();
    ensure!(on_stdout <= 1, "only one export can go to standard output");
    let files: Vec<_> = exports.iter().filter(|export| !export.is_stdout()).collect();
    for (index, export) in files.iter().enumerate() {
        export.check()?;
        for other in &files[..index] {
            let name = Name(&export.path);
            ensure!(!export.collides(other)?, "{name}: only one export can go there");
        }
    }
    Ok(())
}
