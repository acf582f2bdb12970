//! Where results are written, and in which form.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::ensure;

use super::csv::csv;
use super::markdown::markdown;
use super::record::Report;
use super::svg::svg;
use crate::edit::{Durability, Existing, Replacement, explain};
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
    /// Is it written to standard output?
    pub(crate) fn is_stdout(&self) -> bool {
        self.path.as_os_str() == "-"
    }

    /// Writes the results.
    ///
    /// # Errors
    ///
    /// They cannot be written; then what was there before is still there.
    pub(crate) fn write(&self, report: &Report, env: &mut Env) -> anyhow::Result<()> {
        let text = match self.form {
            Form::Json => serde_json::to_string_pretty(report)? + "\n",
            Form::Csv => csv(&report.records)?,
            Form::Markdown => markdown(&report.records),
            Form::Svg => svg(report)?,
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
}

/// Makes sure, before anything is measured, that all of `exports` can probably be written. Nothing
/// is changed: what is there may be the baseline, or be wanted if the measuring is interrupted.
///
/// # Errors
///
/// One cannot, or two of them go to the same place.
pub(crate) fn check(exports: &[Export]) -> anyhow::Result<()> {
    let on_stdout = exports.iter().filter(|export| export.is_stdout()).count();
    ensure!(on_stdout <= 1, "only one export can go to standard output");
    let mut places = Vec::new();
    for Export { path, .. } in exports.iter().filter(|export| !export.is_stdout()) {
        let Some(place) = Replacement::check(path).at(path)? else { continue };
        ensure!(!places.contains(&place), "{}: only one export can go there", Name(path));
        places.push(place);
    }
    Ok(())
}
