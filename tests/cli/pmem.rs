//! A run of the program in a directory of its own.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;

use tempfile::TempDir;

/// A run of the program, and what is expected of it: silence, unless something else is said.
pub(crate) struct Pmem {
    command: Command,
    directory: TempDir,
    stdin: Vec<u8>,
    stdout: Vec<u8>,
    stderr: String,
}

impl Pmem {
    /// A run with these arguments.
    pub(crate) fn new<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let mut command = Command::new(env!("CARGO_BIN_EXE_pmem"));
        command.args(arguments).current_dir(directory.path());
        for name in ["NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM"] {
            command.env_remove(name);
        }
        // Nobody is shown a backtrace because of a variable.
        command.env("RUST_BACKTRACE", "1");
        let (stdin, stdout) = (Vec::new(), Vec::new());
        Self { command, directory, stdin, stdout, stderr: String::new() }
    }

    /// With a file in the directory.
    pub(crate) fn file(self, name: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> Self {
        std::fs::write(self.directory.path().join(name), bytes).expect("a file");
        self
    }

    /// With a variable in the environment.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// With bytes to read from a pipe.
    pub(crate) fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// Expects this on standard output.
    pub(crate) fn stdout(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdout = bytes.into();
        self
    }

    /// Expects this on standard error.
    pub(crate) fn stderr(mut self, text: impl Into<String>) -> Self {
        self.stderr = text.into();
        self
    }

    /// The directory in which the program runs.
    pub(crate) fn directory(&self) -> PathBuf {
        self.directory.path().to_owned()
    }

    /// Runs, and checks everything.
    #[track_caller]
    pub(crate) fn exits(mut self, code: i32) {
        let output = self.output();
        let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!(shown(&output.stderr), self.stderr, "standard error of {:?}", self.command);
        let (stdout, expected) = (shown(&output.stdout), shown(&self.stdout));
        assert_eq!(stdout, expected, "standard output of {:?}", self.command);
        assert_eq!(output.stdout, self.stdout, "bytes of standard output of {:?}", self.command);
        assert_eq!(output.status.code(), Some(code), "exit code of {:?}", self.command);
    }

    /// Runs, and returns standard output, after checking that nothing was wrong.
    #[track_caller]
    pub(crate) fn succeeds(mut self) -> Vec<u8> {
        let output = self.output();
        assert_eq!(String::from_utf8_lossy(&output.stderr), self.stderr, "{:?}", self.command);
        assert_eq!(output.status.code(), Some(0), "{:?}", self.command);
        output.stdout
    }

    /// Runs, and returns everything, for what cannot be foretold.
    pub(crate) fn runs(mut self) -> Output {
        self.output()
    }

    /// Runs.
    fn output(&mut self) -> Output {
        let stdio = [Stdio::piped(), Stdio::piped(), Stdio::piped()];
        let [stdin, stdout, stderr] = stdio;
        let mut child = self.command.stdin(stdin).stdout(stdout).stderr(stderr).spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        let bytes = std::mem::take(&mut self.stdin);
        // Who does not read all of it closes the pipe, which is fine.
        let writer = thread::spawn(move || drop(pipe.write_all(&bytes)));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        output
    }
}

/// Says loudly that something is not tested, because `what` is missing here.
#[expect(clippy::print_stderr, reason = "who runs the tests is to see it")]
pub(crate) fn skipped(what: &str) {
    eprintln!("SKIPPED: there is no {what}");
}
