//! A file that is written anew.
//!
//! The bytes go to a temporary file in the same directory. When all of them are there, it takes
//! the name of the file in one step: whoever opens that name finds the old file or the new one,
//! and never half of one. A failure before that step leaves the old file alone, and removes the
//! temporary one; only a signal that kills the process leaves it behind.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use tempfile::{Builder, NamedTempFile};

use super::access::Place;
use super::explain;
use super::path::directory;
use super::target::sync_directory;

/// What to do about a file that is there already.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Existing {
    /// The new file takes its place.
    Replace,
    /// It stays, and that is an error.
    Keep,
}

/// When the new file is on disk.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Durability {
    /// Before [`Replacement::put`] returns. Even a power failure leaves the old file or the new.
    Synced,
    /// Whenever the system writes it.
    Cached,
}

/// A file that is being written anew.
#[derive(Debug)]
pub(crate) struct Replacement(Way);

#[derive(Debug)]
enum Way {
    /// A temporary file, and the place that it will take.
    Beside { temporary: NamedTempFile, place: PathBuf, existing: Existing },
    /// What has no place that could be taken: a pipe, a device, an open file.
    Direct(File),
}

impl Replacement {
    /// Begins to write what will be the file at `path`. A symbolic link stays, and what it leads to
    /// is replaced; the permissions and, as far as the system allows, the owner stay, too.
    ///
    /// Pipes and devices, and open files such as `/dev/stdout`, are written to directly.
    ///
    /// # Errors
    ///
    /// It is a directory or a file that may not be written, no file can be created beside it, or it
    /// is there and is to be kept.
    pub(crate) fn beside(path: &Path, existing: Existing) -> anyhow::Result<Self> {
        let Some((place, metadata)) = place(path)? else {
            let file = File::options().append(true).open(path).map_err(explain)?;
            return Ok(Self(Way::Direct(file)));
        };
        if metadata.is_some() && existing == Existing::Keep {
            bail!(THERE);
        }
        Ok(Self(Way::Beside { temporary: create(&place, metadata.as_ref())?, place, existing }))
    }

    /// Makes sure, before work begins, that the file at `path` can be written anew, and changes
    /// nothing. Returns its real name, unless it is one that is written to directly.
    ///
    /// # Errors
    ///
    /// As [`Replacement::beside`].
    pub(crate) fn check(path: &Path) -> anyhow::Result<Option<PathBuf>> {
        let Some((place, metadata)) = place(path)? else { return Ok(None) };
        create(&place, metadata.as_ref())?;
        Ok(Some(place))
    }

    /// Returns a handle of the file that is written.
    pub(crate) fn file(&self) -> &File {
        match &self.0 {
            Way::Beside { temporary, .. } => temporary.as_file(),
            Way::Direct(file) => file,
        }
    }

    /// Are bytes written to something that has no place of its own, in which nothing can be written
    /// over?
    pub(crate) fn is_direct(&self) -> bool {
        matches!(self.0, Way::Direct(_))
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    ///
    /// The system refuses, or the file is to be kept and has appeared meanwhile. Then what was
    /// there is still there. Only the last step, syncing the directory, can fail after the file was
    /// put in its place.
    pub(crate) fn put(self, durability: Durability) -> anyhow::Result<()> {
        let Way::Beside { temporary, place, existing } = self.0 else { return Ok(()) };
        if durability == Durability::Synced {
            temporary.as_file().sync_all().map_err(explain).context("writing it to disk")?;
        }
        let put = match existing {
            Existing::Replace => temporary.persist(&place),
            Existing::Keep => temporary.persist_noclobber(&place),
        };
        match put.map_err(|failed| failed.error) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => bail!(THERE),
            Err(error) => return Err(explain(error)).context("putting it in its place"),
            Ok(_) => {}
        }
        match durability {
            Durability::Synced => {
                sync_directory(directory(&place)).context("writing its name to disk")
            }
            Durability::Cached => Ok(()),
        }
    }
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file().flush()
    }
}

/// Says that there is a file.
const THERE: &str = "the file exists; use --force to replace it";

/// Returns where the file at `path` is or will be, and what it is, if it is there. There is no place
/// for what is written to directly.
fn place(path: &Path) -> anyhow::Result<Option<(PathBuf, Option<Metadata>)>> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => bail!(io::Error::from(ErrorKind::IsADirectory)),
        Ok(metadata) if !metadata.is_file() || is_descriptor(path) => Ok(None),
        Ok(metadata) => {
            // Renaming asks only for permission to change the directory.
            File::options().write(true).open(path).map_err(explain)?;
            Ok(Some((fs::canonicalize(path)?, Some(metadata))))
        }
        Err(missing) if missing.kind() == ErrorKind::NotFound => {
            let place = Place::behind_links(path, missing)?;
            place.check()?;
            Ok(Some((fs::canonicalize(place.directory())?.join(place.name()), None)))
        }
        Err(error) => Err(error.into()),
    }
}

/// Does `path` lead to a file that this process has open, as `/dev/stdout` and `/dev/fd/3` do? Its
/// name may be that of any file, or of none.
fn is_descriptor(path: &Path) -> bool {
    /// As many as Linux follows.
    const MOST_LINKS: usize = 40;

    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(directory) = fs::canonicalize(directory(&path)) else { return false };
        if directory.starts_with("/proc") || directory.starts_with("/dev/fd") {
            return true;
        }
        let Ok(link) = fs::read_link(&path) else { return false };
        path = directory.join(link);
    }
    false
}

/// Creates a temporary file that can take the `place` of the file that has this `metadata`. Until
/// it has the same permissions, nobody else may read it. A new file gets those that the umask leaves.
fn create(place: &Path, metadata: Option<&Metadata>) -> anyhow::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(".pmem-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = if metadata.is_some() { 0o600 } else { 0o666 };
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    // The text of the error has the name of the temporary file, which nobody knows.
    let without_name = |error: io::Error| io::Error::from(error.kind());
    let created = builder.tempfile_in(directory(place)).map_err(without_name);
    let temporary = created.context("creating a file beside it")?;
    if let Some(metadata) = metadata {
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt as _, fchown};
            // Before the permissions, as another owner takes some of them away.
            let _ = fchown(temporary.as_file(), Some(metadata.uid()), Some(metadata.gid()));
        }
        temporary.as_file().set_permissions(metadata.permissions()).context("its permissions")?;
    }
    Ok(temporary)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::io::Read as _;
    use std::os::fd::AsRawFd as _;
    use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _, symlink};

    use tempfile::TempDir;

    use super::*;
    use crate::error::message;

    /// Writes `text` anew to the file at `path`.
    fn write(path: &Path, text: &str, existing: Existing) -> anyhow::Result<()> {
        let mut file = Replacement::beside(path, existing)?;
        file.write_all(text.as_bytes())?;
        file.put(Durability::Synced)
    }

    /// The names in a directory.
    fn names(directory: &TempDir) -> Vec<String> {
        let names = fs::read_dir(directory.path()).unwrap();
        let mut names: Vec<_> =
            names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn the_old_file_stays_until_the_new_one_is_whole() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a");
        fs::write(&path, "old").unwrap();
        for existing in [Existing::Replace, Existing::Keep] {
            let name = if existing == Existing::Keep { "b" } else { "a" };
            let mut file = Replacement::beside(&directory.path().join(name), existing).unwrap();
            file.write_all(b"half").unwrap();
            assert_eq!(names(&directory).len(), 2);
            drop(file);
            assert_eq!(names(&directory), ["a"]);
            assert_eq!(fs::read(&path).unwrap(), b"old");
        }
        let before = fs::metadata(&path).unwrap().ino();
        write(&path, "new", Existing::Replace).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_ne!(fs::metadata(&path).unwrap().ino(), before);
        assert_eq!(names(&directory), ["a"]);
    }

    #[test]
    fn permissions_stay() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        for wanted in [0o600, 0o640, 0o777, 0o4755] {
            fs::write(&path, "old").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(wanted)).unwrap();
            write(&path, "new", Existing::Replace).unwrap();
            assert_eq!(mode(&path), wanted, "{wanted:o}");
        }
        let (new, usual) = (directory.path().join("new"), directory.path().join("usual"));
        write(&new, "new", Existing::Keep).unwrap();
        fs::write(&usual, "").unwrap();
        assert_eq!(mode(&new), mode(&usual));
    }

    #[test]
    fn links_stay() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        fs::create_dir(at("sub")).unwrap();
        fs::write(at("sub/a"), "old").unwrap();
        symlink("sub/a", at("link")).unwrap();
        symlink("link", at("twice")).unwrap();
        symlink("sub/b", at("nowhere")).unwrap();
        let real = |name: &str| Replacement::check(&at(name)).unwrap().unwrap();
        assert_eq!(real("twice"), fs::canonicalize(at("sub/a")).unwrap());
        assert_eq!(real("nowhere"), fs::canonicalize(at("sub")).unwrap().join("b"));
        assert_eq!(fs::read_dir(at("sub")).unwrap().count(), 1);
        write(&at("twice"), "new", Existing::Replace).unwrap();
        write(&at("nowhere"), "new", Existing::Keep).unwrap();
        for name in ["link", "twice", "nowhere"] {
            assert!(fs::symlink_metadata(at(name)).unwrap().is_symlink(), "{name}");
            assert_eq!(fs::read(at(name)).unwrap(), b"new", "{name}");
        }
        assert_eq!(fs::read_dir(at("sub")).unwrap().count(), 2);
    }

    #[test]
    fn a_file_that_is_to_be_kept() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a");
        let late = Replacement::beside(&path, Existing::Keep).unwrap();
        fs::write(&path, "theirs").unwrap();
        let errors = [
            Replacement::beside(&path, Existing::Keep).unwrap_err(),
            late.put(Durability::Cached).unwrap_err(),
        ];
        for error in errors {
            assert_eq!(message(&error), "the file exists; use --force to replace it");
        }
        assert_eq!(fs::read(&path).unwrap(), b"theirs");
        assert_eq!(names(&directory), ["a"]);
    }

    #[test]
    fn pipes_and_open_files_are_written_directly() {
        let directory = tempfile::tempdir().unwrap();
        let pipe = directory.path().join("pipe");
        nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || fs::read_to_string(pipe).unwrap()
        });
        for existing in [Existing::Replace, Existing::Keep] {
            write(Path::new("/dev/null"), "text", existing).unwrap();
        }
        write(&pipe, "text", Existing::Keep).unwrap();
        assert_eq!(reader.join().unwrap(), "text");
        assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());

        let path = directory.path().join("open");
        fs::write(&path, "old ").unwrap();
        let mut open = File::open(&path).unwrap();
        write(Path::new(&format!("/dev/fd/{}", open.as_raw_fd())), "new", Existing::Keep).unwrap();
        let mut text = String::new();
        open.read_to_string(&mut text).unwrap();
        assert_eq!(text, "old new");
        assert_eq!(names(&directory), ["open", "pipe"]);
    }

    #[test]
    fn refusals() {
        let directory = tempfile::tempdir().unwrap();
        for (name, expected) in [
            ("", "is a directory"),
            ("no/a", "its directory: No such file or directory"),
            ("a/", "that is not the name of a file"),
        ] {
            let path = directory.path().join(name);
            let error = Replacement::beside(&path, Existing::Replace).unwrap_err();
            assert_eq!(message(&error), expected, "{name}");
            assert_eq!(message(&Replacement::check(&path).unwrap_err()), expected, "{name}");
        }
        // A file system without files that could be created.
        let error = Replacement::beside(Path::new("/proc/new"), Existing::Replace).unwrap_err();
        assert!(message(&error).starts_with("creating a file beside it: "), "{error:#}");
    }
}
