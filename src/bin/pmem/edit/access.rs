//! Finding a file that is to be changed, without harm to what is no file.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use platform_mem::{Error, FileOptions};

use super::explain;
use super::failure::{explain_at, explain_new};
use super::lock::Turn;
use super::path::{directory, is_at};
use super::target::Target;

/// How often a file may be replaced while it is being opened or created.
pub(crate) const PATIENCE: usize = 100;

/// What to say when that was not enough.
pub(crate) const RESTLESS: &str =
    "other programs replace it again and again; try again when they are done";

/// What is at the path of a file that is to be changed.
#[derive(Debug)]
pub(crate) enum Found {
    /// The file, locked.
    File(Target),
    /// Nothing yet.
    Nothing(Place),
}

impl Found {
    /// Opens and locks the file at `path`. Only regular files are opened, so that nothing waits for
    /// the other end of a pipe, and no device does what opening makes it do.
    ///
    /// # Errors
    ///
    /// It is no regular file, cannot be opened for reading and writing, or is locked.
    pub(crate) fn at(path: &Path, options: FileOptions, turn: Turn) -> anyhow::Result<Self> {
        ensure!(path.as_os_str() != "-", "it can only be read; name a file (or ./-)");
        for _ in 0..PATIENCE {
            match Self::open(path)? {
                Ok(file) => {
                    let target = turn.lock(&file, options)?.map_err(explain)?;
                    // One that was removed meanwhile is not what others will find here.
                    if is_at(&target.file().metadata()?, path) {
                        return Ok(Self::File(target));
                    }
                }
                Err(place) => return Ok(Self::Nothing(place)),
            }
        }
        bail!(RESTLESS)
    }

    /// Opens what is at `path`, or tells where there is nothing.
    fn open(path: &Path) -> anyhow::Result<Result<File, Place>> {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => bail!("is a directory, not a file of elements"),
            Ok(metadata) if !metadata.is_file() => {
                bail!("is not a regular file, and only those can be changed")
            }
            Ok(_) => {
                let file = File::options().read(true).write(true).open(path);
                Ok(Ok(file.map_err(|error| explain_at(path, error))?))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Ok(Err(Place::behind_links(path, error)?))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Returns the file.
    ///
    /// # Errors
    ///
    /// There is none.
    pub(crate) fn file(self) -> anyhow::Result<Target> {
        match self {
            Self::File(target) => Ok(target),
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
    ///
    /// # Errors
    ///
    /// The links lead on without an end.
    pub(crate) fn behind_links(path: &Path, missing: io::Error) -> io::Result<Self> {
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

    /// Creates an empty file, and locks it. If somebody else was faster to lock it, and has put
    /// elements into it, the file is theirs: [`Target::undo`] will not remove it. Returns nothing if
    /// somebody else has created it, or has removed it again.
    ///
    /// # Errors
    ///
    /// It cannot be created or locked.
    pub(crate) fn create(
        &self,
        options: FileOptions,
        turn: Turn,
    ) -> anyhow::Result<Option<Target>> {
        self.check_directory()?;
        let created = File::options().read(true).write(true).create_new(true).open(&self.path);
        let file = match created {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(None),
            created => created.map_err(|error| explain_new(self.directory(), error))?,
        };
        let metadata = file.metadata()?;
        match turn.lock(&file, options)? {
            Ok(_) if !is_at(&metadata, &self.path) => Ok(None),
            Ok(target) if target.len() > 0 => Ok(Some(target)),
            Ok(target) => Ok(Some(target.created_as(self.path.clone()))),
            // Whoever has locked it uses it.
            Err(Error::Locked) => Err(explain(Error::Locked)),
            Err(error) => {
                if is_at(&metadata, &self.path) {
                    let _ = fs::remove_file(&self.path);
                }
                Err(explain(error))
            }
        }
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
            let accessed = accessat(CWD, self.directory(), access, AtFlags::EACCESS);
            accessed.map_err(|error| explain_new(self.directory(), error.into()))?;
        }
        Ok(())
    }

    /// Refuses a directory that is not there, and a name that can only be that of a directory.
    fn check_directory(&self) -> anyhow::Result<()> {
        let is_directory = self.path.as_os_str().as_encoded_bytes().ends_with(b"/");
        let is_name = self.path.file_name().is_some() && !is_directory;
        ensure!(is_name, "that is not the name of a file");
        let metadata = fs::metadata(self.directory()).context("its directory")?;
        ensure!(metadata.is_dir(), "its directory is not a directory");
        Ok(())
    }

    /// The name of the file in its directory.
    pub(crate) fn name(&self) -> &OsStr {
        self.path.file_name().unwrap_or_default()
    }

    /// The directory of the file.
    pub(crate) fn directory(&self) -> &Path {
        directory(&self.path)
    }
}
