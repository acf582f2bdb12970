//! `completions`: what shells offer, asked of the shells themselves.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::pmem::{Pmem, skipped};

#[test]
fn every_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = String::from_utf8(Pmem::new(["completions", shell]).succeeds()).unwrap();
        assert!(script.contains("no-squeezing"), "{shell}");
        assert!(!script.contains("the second of two"), "{shell}");
    }
}

/// What is typed before the key Tab, and what is to appear.
const LINES: [(&str, &[&str]); 11] = [
    ("pmem du", &["pmem dump"]),
    ("pmem dump -t f8", &["f8e4m3", "f8e5m2"]),
    ("pmem grow --type ci1", &["ci16"]),
    ("pmem dump -f n", &["ndjson"]),
    ("pmem dump --as ra", &["raw"]),
    ("pmem dump ", &["data-one.bin"]),
    ("pmem fill data-o", &["data-one.bin"]),
    ("pmem man some", &["some-directory"]),
    ("pmem help val", &["values"]),
    ("pmem completions po", &["powershell"]),
    ("pmem bench --op ran", &["random"]),
];

#[test]
fn bash_completes() {
    completes("bash", "bash --norc --noprofile -i", "source ./script");
}

#[test]
fn zsh_completes() {
    completes("zsh", "zsh -f -i", "autoload -U compinit; compinit -D; source ./script");
}

#[test]
fn fish_completes() {
    completes("fish", "fish --no-config -i", "source ./script");
}

/// Types each line into a shell in a terminal, and expects what is offered.
fn completes(shell: &str, start: &str, load: &str) {
    let Some(terminal) = Terminal::with(shell, start) else { return };
    terminal.type_in(load);
    terminal.press("Enter");
    terminal.type_in("echo rea''dy");
    terminal.press("Enter");
    terminal.expect(&["\nready"], load);
    for (line, offered) in LINES {
        terminal.press("C-c");
        terminal.type_in("clear");
        terminal.press("Enter");
        terminal.type_in(line);
        // One for what all have in common, one that finds nothing more, one for the list.
        (0..3).for_each(|_| terminal.press("Tab"));
        terminal.expect(offered, line);
    }
}

/// A shell in a terminal, in a directory with a few files.
struct Terminal {
    directory: TempDir,
}

impl Terminal {
    /// Starts a shell, if there are one and `tmux`, and gives it the script for completions.
    fn with(shell: &str, start: &str) -> Option<Self> {
        for program in [shell, "tmux"] {
            if Command::new(program).arg("-c").arg("").output().is_err() {
                skipped(program);
                return None;
            }
        }
        let terminal = Self { directory: tempfile::tempdir().unwrap() };
        let path = terminal.directory.path();
        fs::write(path.join("script"), Pmem::new(["completions", shell]).succeeds()).unwrap();
        fs::write(path.join("data-one.bin"), "").unwrap();
        fs::create_dir(path.join("some-directory")).unwrap();
        let started = terminal.tmux(&["new-session", "-d", "-x", "100", "-y", "50", start]);
        assert!(started.status.success(), "{}", String::from_utf8_lossy(&started.stderr));
        Some(terminal)
    }

    /// Gives a command to the terminal.
    fn tmux(&self, arguments: &[&str]) -> Output {
        let path: &Path = self.directory.path();
        let mut tmux = Command::new("tmux");
        tmux.args(["-f", "/dev/null", "-S"]).arg(path.join("socket")).args(arguments);
        tmux.current_dir(path).env("HOME", path).env("TERM", "xterm").env_remove("TMUX");
        tmux.output().unwrap()
    }

    /// Types text.
    fn type_in(&self, text: &str) {
        self.tmux(&["send-keys", "-l", text]);
    }

    /// Presses a key.
    fn press(&self, key: &str) {
        self.tmux(&["send-keys", key]);
    }

    /// Waits until all of these words are on the screen; `what` brings them there.
    #[track_caller]
    fn expect(&self, words: &[&str], what: &str) {
        let mut screen = String::new();
        for _ in 0..600 {
            screen = String::from_utf8(self.tmux(&["capture-pane", "-p"]).stdout).unwrap();
            if words.iter().all(|word| screen.contains(word)) {
                return;
            }
            thread::sleep(Duration::from_millis(100));
        }
        panic!("{what} does not bring {words:?} to the screen:\n{screen}");
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}
