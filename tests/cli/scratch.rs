//! A directory in which the program changes files, and a look at them afterwards.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use tempfile::TempDir;

/// A directory that goes away with its value.
pub(crate) struct Scratch {
    directory: TempDir,
    mounted: bool,
}

/// All that a dry run must leave alone.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct State {
    bytes: Vec<u8>,
    modified: SystemTime,
    changed: (i64, i64),
    blocks: u64,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap(), mounted: false }
    }

    /// A small file system in memory, if this user may mount one.
    pub(crate) fn of_size(size: &str) -> Option<Self> {
        let mut scratch = Self::new();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"]).arg(scratch.path(""));
        scratch.mounted = mount.stderr(Stdio::null()).status().is_ok_and(|status| status.success());
        scratch.mounted.then_some(scratch)
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn file(self, name: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> Self {
        fs::write(self.path(name), bytes).unwrap();
        self
    }

    /// With a file that is one hole.
    pub(crate) fn hole(self, name: &str, len: u64) -> Self {
        File::create(self.path(name)).unwrap().set_len(len).unwrap();
        self
    }

    pub(crate) fn bytes(&self, name: impl AsRef<Path>) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    pub(crate) fn state(&self, name: &str) -> State {
        let metadata = fs::metadata(self.path(name)).unwrap();
        State {
            bytes: self.bytes(name),
            modified: metadata.modified().unwrap(),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
            blocks: metadata.blocks(),
        }
    }

    /// The names of all files.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path("")).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The program, to be run in the directory.
    pub(crate) fn pmem<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pmem"));
        command.args(arguments).current_dir(self.path("")).stdin(Stdio::null());
        command
    }

    /// Runs a script of the shell in the directory; `pmem` is the program.
    pub(crate) fn shell(&self, script: &str) -> (i32, String) {
        let mut command = Command::new("sh");
        let function = format!("pmem() {{ '{}' \"$@\"; }}\n", env!("CARGO_BIN_EXE_pmem"));
        outcome(command.args(["-c", &(function + script)]).current_dir(self.path("")))
    }

    /// Runs the program, which has to end with this code, and say this and nothing else.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str], code: i32, stderr: &str) {
        let ended = outcome(&mut self.pmem(arguments));
        assert_eq!(ended, (code, stderr.to_owned()), "{arguments:?}");
    }

    /// Runs the program, which has to succeed in silence.
    #[track_caller]
    pub(crate) fn does(&self, arguments: &[&str]) {
        self.run(arguments, 0, "");
    }

    /// Runs the program, which has to refuse with this message.
    #[track_caller]
    pub(crate) fn refuses(&self, arguments: &[&str], message: &str) {
        self.run(arguments, 2, &format!("pmem: {message}\n"));
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if self.mounted {
            let _ = Command::new("umount").arg(self.path("")).status();
        }
    }
}

/// The exit code, and what was said on standard error; standard output has to stay empty.
#[track_caller]
pub(crate) fn outcome(command: &mut Command) -> (i32, String) {
    let output = command.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "standard output of {command:?}");
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
}
