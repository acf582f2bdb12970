//! Finding a file that is to be changed, without harm to what is no file.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};

use super::explain;

/// What is at the path of a file that is to be changed.
#[derive(Debug)]
pub(crate) enum Found {
    /// The file, open for reading and writing.
    File(File),
    /// Nothing yet.
    Nothing(Place),
}

impl Found {
    /// Opens the file at `path`. Only regular files are opened, so that nothing waits for the other
    /// end of a pipe, and no device does what opening makes it do.
    ///
    /// # Errors
    ///
    /// It is no regular file, or cannot be opened for reading and writing.
    pub(crate) fn at(path: &Path) -> anyhow::Result<Self> {
        ensure!(path.as_os_str() != "-", "it can only be read; name a file (or ./-)");
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => bail!("is a directory, not a file of elements"),
            Ok(metadata) if !metadata.is_file() => {
                bail!("is not a regular file, and only those can be changed")
            }
            Ok(_) => {
                let file = File::options().read(true).write(true).open(path);
                Ok(Self::File(file.map_err(explain)?))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Ok(Self::Nothing(Place::behind_links(path, error)?))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Returns the file.
    ///
    /// # Errors
    ///
    /// There is none.
    pub(crate) fn file(self) -> anyhow::Result<File> {
        match self {
            Self::File(file) => Ok(file),
            Self::Nothing(place) => Err(place.missing()),
        }
    }
}

/// A path at which there is nothing, and where a file can be created.
#[derive(Debug)]
pub(crate) struct Place {
    path: PathBuf,
    missing: io::Error,
}

impl Place {
    /// Follows links that lead nowhere, as opening does, so that the file is known by its own name.
    fn behind_links(path: &Path, missing: io::Error) -> io::Result<Self> {
        /// As many as Linux follows.
        const MOST_LINKS: usize = 40;

        let mut path = path.to_path_buf();
        for _ in 0..MOST_LINKS {
            match fs::read_link(&path) {
                Ok(link) => path = path.parent().unwrap_or(Path::new("")).join(link),
                Err(_) => return Ok(Self { path, missing }),
            }
        }
        Err(io::Error::other("Too many levels of symbolic links"))
    }

    /// Returns the error that says that there is nothing.
    pub(crate) fn missing(self) -> anyhow::Error {
        self.missing.into()
    }

    /// Creates an empty file, and returns it with its name.
    ///
    /// # Errors
    ///
    /// It cannot be created, or somebody else was faster.
    pub(crate) fn create(self) -> anyhow::Result<(File, PathBuf)> {
        self.check_directory()?;
        let file = File::options().read(true).write(true).create_new(true).open(&self.path)?;
        Ok((file, self.path))
    }

    /// Makes as sure as can be, without creating it, that a file could be created.
    ///
    /// # Errors
    ///
    /// There is no such directory, or it may not be written to.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        self.check_directory()?;
        #[cfg(target_os = "linux")]
        {
            use rustix::fs::{Access, AtFlags, CWD, accessat};
            let access = Access::WRITE_OK | Access::EXEC_OK;
            accessat(CWD, self.directory(), access, AtFlags::EACCESS).map_err(io::Error::from)?;
        }
        Ok(())
    }

    /// Refuses a directory that is not there, and a name that can only be that of a directory.
    fn check_directory(&self) -> anyhow::Result<()> {
        ensure!(self.path.file_name().is_some(), "that is not the name of a file");
        let metadata = fs::metadata(self.directory()).context("its directory")?;
        ensure!(metadata.is_dir(), "its directory is not a directory");
        Ok(())
    }

    /// The directory of the file.
    pub(crate) fn directory(&self) -> &Path {
        directory(&self.path)
    }
}

/// The directory that a name is in.
pub(super) fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}
