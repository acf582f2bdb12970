//! A directory of Parquet files, which engines on many machines read as one table.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use tempfile::TempDir;

use super::Table;
use crate::convert::file_format::Codec;
use crate::convert::sink::Sink;
use crate::edit::{Existing, explain};
use crate::element::Element;

/// A directory that takes its place when all of its files are whole.
pub(crate) struct Dataset {
    staging: TempDir,
    place: PathBuf,
}

impl Dataset {
    /// Begins a directory beside the place that it will take.
    ///
    /// # Errors
    ///
    /// Something is there that is to be kept or that is no such directory, or none can be created.
    pub(crate) fn beside(path: &Path, existing: Existing) -> anyhow::Result<Self> {
        let there = fs::symlink_metadata(path).is_ok();
        if there {
            ensure!(existing == Existing::Replace, "it exists; use --force to replace it");
            check_parts(path)?;
        }
        let parent = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".pmem-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            builder.permissions(fs::Permissions::from_mode(0o777));
        }
        // The text of the error has the name of the directory, which nobody knows.
        let without_name = |error: io::Error| io::Error::from(error.kind());
        let staging = builder.tempdir_in(parent).map_err(without_name);
        let staging = staging.context("creating a directory beside it")?;
        Ok(Self { staging, place: path.to_owned() })
    }

    /// Returns what writes the files, of so many rows each.
    pub(crate) fn sink(&self, element: &Element, rows: u64, codec: Codec) -> anyhow::Result<Parts> {
        let size = super::stored::stored(element)?.bytes();
        let (directory, element) = (self.staging.path().to_owned(), element.clone());
        Ok(Parts { directory, element, codec, rows, size, current: None, left: 0, number: 0 })
    }

    /// Puts the directory in its place, in one step.
    ///
    /// # Errors
    ///
    /// The system refuses; what was there is still there.
    pub(crate) fn put(self) -> anyhow::Result<()> {
        let there = fs::symlink_metadata(&self.place).is_ok();
        put(self.staging.path(), &self.place, there)
            .map_err(explain)
            .context("putting it in its place")?;
        // What was there before has the name of the temporary directory now, and goes with it.
        if !there {
            let _ = self.staging.keep();
        }
        Ok(())
    }
}

/// Puts a directory in a place, or exchanges it with the one that is there.
fn put(staging: &Path, place: &Path, there: bool) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        let flags = if there { RenameFlags::EXCHANGE } else { RenameFlags::NOREPLACE };
        Ok(renameat_with(CWD, staging, CWD, place, flags)?)
    }
    #[cfg(not(target_os = "linux"))]
    match there {
        true => Err(io::ErrorKind::Unsupported.into()),
        false => fs::rename(staging, place),
    }
}

/// Makes sure that a directory has nothing but parts, so that nothing else is lost with it.
fn check_parts(path: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(path)? {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        if !(name.starts_with("part-") && name.ends_with(".parquet")) {
            bail!(
                "it has '{}', which is no part of a dataset; remove it first",
                crate::text::printable(&name)
            );
        }
    }
    Ok(())
}

/// The files of a directory, one after another.
pub(crate) struct Parts {
    directory: PathBuf,
    element: Element,
    codec: Codec,
    /// Rows of a file.
    rows: u64,
    /// Bytes of a row.
    size: usize,
    current: Option<Table<File>>,
    /// Rows that the current file has room for.
    left: u64,
    /// Number of the next file.
    number: u64,
}

impl Parts {
    /// Returns the current file; begins one, if there is none.
    fn table(&mut self) -> anyhow::Result<&mut Table<File>> {
        if self.current.is_none() {
            // Names of one length, so that their order is that of the rows.
            let name = format!("part-{:08}.parquet", self.number);
            let file = File::create_new(self.directory.join(name)).map_err(explain)?;
            self.current = Some(Table::new(file, &self.element, self.codec)?);
            (self.number, self.left) = (self.number + 1, self.rows);
        }
        self.current.as_mut().context("there is no file")
    }

    /// Ends the current file.
    fn end(&mut self) -> anyhow::Result<()> {
        match self.current.take() {
            Some(mut table) => table.finish(0),
            None => Ok(()),
        }
    }
}

impl Sink for Parts {
    fn write(&mut self, mut bytes: &[u8], _: u64) -> anyhow::Result<()> {
        while !bytes.is_empty() {
            let size = self.size;
            self.table()?;
            let rows = self.left.min((bytes.len() / size) as u64);
            let (part, rest) = bytes.split_at(rows as usize * size);
            self.table()?.write(part, rows)?;
            bytes = rest;
            self.left -= rows;
            if self.left == 0 {
                self.end()?;
            }
        }
        Ok(())
    }

    fn finish(&mut self, _: u64) -> anyhow::Result<()> {
        if self.number == 0 {
            // Without rows, a file says what they would be.
            self.table()?;
        }
        self.end()
    }
}
