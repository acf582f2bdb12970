//! Where results are written to, and in which form.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::ensure;

use super::csv::csv;
use super::markdown::markdown;
use super::measured::Measured;
use super::report::Report;
use super::svg::svg;
use crate::edit::{Place, directory};
use crate::env::Env;
use crate::error::At as _;
use crate::name::Name;

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
            false => fs::write(&self.path, text).at(&self.path),
        }
    }

    /// Makes sure, before anything is measured, that the file can probably be written. Nothing is
    /// changed: what is there may be the baseline, or be wanted if the measuring is interrupted.
    fn check(&self) -> anyhow::Result<()> {
        match fs::metadata(&self.path) {
            // To open a pipe would let its reader find an end.
            Ok(metadata) if !metadata.is_file() && !metadata.is_dir() => Ok(()),
            Ok(_) => File::options().write(true).open(&self.path).map(drop).at(&self.path),
            Err(error) => Place::behind_links(&self.path, error)
                .map_err(Into::into)
                .and_then(|place| place.check())
                .at(&self.path),
        }
    }

    /// What tells whether two exports go to one file: its name in its real directory.
    fn identity(&self) -> PathBuf {
        let file = fs::canonicalize(&self.path);
        file.or_else(|_| {
            let directory = fs::canonicalize(directory(&self.path))?;
            Ok(directory.join(self.path.file_name().unwrap_or_default()))
        })
        .unwrap_or_else(|_: std::io::Error| self.path.clone())
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
    let mut files = BTreeSet::new();
    for export in exports.iter().filter(|export| !export.is_stdout()) {
        export.check()?;
        ensure!(
            files.insert(export.identity()),
            "{}: only one export can go there",
            Name(&export.path)
        );
    }
    Ok(())
}
