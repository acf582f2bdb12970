//! Where results are written to, and in which form.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{anyhow, ensure};

use super::csv::csv;
use super::markdown::markdown;
use super::measured::Measured;
use super::report::Report;
use super::svg::svg;
use crate::env::Env;
use crate::error::At as _;

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
        if self.is_stdout() {
            return Ok(());
        }
        match File::options().write(true).open(&self.path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => self.check_directory(),
            result => result.map(drop).at(&self.path),
        }
    }

    fn check_directory(&self) -> anyhow::Result<()> {
        let parent = self.path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let directory = fs::metadata(parent.unwrap_or(Path::new("."))).at(&self.path)?;
        let wrong = || Err(anyhow!("its directory is no directory")).at(&self.path);
        if directory.is_dir() { Ok(()) } else { wrong() }
    }
}

/// Makes sure that all of `exports` can be written.
///
/// # Errors
///
/// One cannot, or two of them go to standard output.
pub(crate) fn check(exports: &[Export]) -> anyhow::Result<()> {
    let on_stdout = exports.iter().filter(|export| export.is_stdout()).count();
    ensure!(on_stdout <= 1, "only one export can go to standard output");
    exports.iter().try_for_each(Export::check)
}
