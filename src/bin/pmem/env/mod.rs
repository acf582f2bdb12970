//! The world outside: where output, messages and colours go.

mod interrupt;
mod output;
mod painted;
mod progress;

pub(crate) use self::interrupt::{Interrupt, Interrupted};
pub(crate) use self::output::{Output, is_closed_pipe, wait_for};
pub(crate) use self::progress::Progress;

use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::error::verdict;
use crate::text::Name;

/// When to use colours.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless the environment says otherwise
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The world outside, as a value.
#[derive(Debug)]
pub(crate) struct Env {
    /// Standard output.
    pub(crate) out: Output,
    color: ColorChoice,
    loudness: Loudness,
}

/// Whether a command that changed a file says so.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Loudness {
    Quiet,
    OnTerminal,
    Verbose,
}

impl Env {
    /// Returns the world of this process.
    pub(crate) fn from_process() -> Self {
        survive_file_size_limit();
        Self { out: Output::of_process(), color: ColorChoice::Auto, loudness: Loudness::OnTerminal }
    }

    /// Says when to use colours.
    pub(crate) fn set_color(&mut self, color: ColorChoice) {
        self.color = color;
    }

    /// Says when to use colours, and whether a command reports what it changed.
    pub(crate) fn configure(&mut self, color: ColorChoice, quiet: bool, verbose: bool) {
        self.set_color(color);
        self.loudness = match (quiet, verbose) {
            (true, _) => Loudness::Quiet,
            (false, true) => Loudness::Verbose,
            (false, false) => Loudness::OnTerminal,
        };
    }

    /// Should standard output be coloured?
    pub(crate) fn color(&self) -> bool {
        let on = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        match self.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto if on("NO_COLOR") => false,
            ColorChoice::Auto if on("CLICOLOR_FORCE") && !is_zero("CLICOLOR_FORCE") => true,
            ColorChoice::Auto => {
                self.on_terminal() && std::env::var_os("TERM").is_none_or(|name| name != "dumb")
            }
        }
    }

    /// Makes sure that a signal which ends the program leaves no colour on the terminal. For
    /// commands that leave signals alone otherwise, before they write anything.
    ///
    /// # Errors
    ///
    /// The system refuses to tell of signals.
    pub(crate) fn end_without_colour(&mut self) -> anyhow::Result<()> {
        if self.on_terminal() && self.color() {
            self.out = Output::painted()?;
        }
        Ok(())
    }

    /// Is standard output a terminal?
    pub(crate) fn on_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// Is nothing but the status of the program wanted?
    pub(crate) fn is_quiet(&self) -> bool {
        self.loudness == Loudness::Quiet
    }

    /// May progress be shown, on standard error?
    pub(crate) fn may_show_progress(&self) -> bool {
        self.loudness != Loudness::Quiet && io::stderr().is_terminal()
    }

    /// May text have characters beyond ASCII? The locale tells.
    pub(crate) fn unicode(&self) -> bool {
        let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
        locale.is_some_and(|locale| {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        })
    }

    /// Rows of the terminal behind standard output, or 24.
    pub(crate) fn height(&self) -> usize {
        let terminal = self.on_terminal().then(terminal_size::terminal_size).flatten();
        terminal.map_or(24, |(_, height)| usize::from(height.0).max(1))
    }

    /// Characters in a line: what the terminal behind standard output has; else what `COLUMNS`
    /// says, as `watch` and others set it; else what another terminal of this process has, which a
    /// pager shows the output on; else 80.
    pub(crate) fn width(&self) -> usize {
        let terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        let variable = || std::env::var("COLUMNS").ok()?.parse().ok();
        let width = match self.on_terminal() {
            true => terminal().or_else(variable),
            false => variable().or_else(terminal),
        };
        width.filter(|width| *width > 0).unwrap_or(80)
    }

    /// Says on standard error that something about `path` is not as it should be.
    pub(crate) fn warn(&self, path: &Path, what: impl Display) {
        self.show(&format!("pmem: {}: {what}\n", Name(path)));
    }

    /// Says on standard error what was done to `path`, if that is wanted.
    pub(crate) fn done(&self, path: &Path, what: impl Display) {
        let wanted = match self.loudness {
            Loudness::Quiet => false,
            Loudness::OnTerminal => io::stderr().is_terminal(),
            Loudness::Verbose => true,
        };
        if wanted {
            self.show(&format!("{}: {what}\n", Name(path)));
        }
    }

    /// Says on standard error what would be done to `path`, which is all that a dry run does.
    pub(crate) fn would(&self, path: &Path, what: impl Display) {
        if self.loudness != Loudness::Quiet {
            self.show(&format!("{}: would {what}\n", Name(path)));
        }
    }

    /// Says on standard error what helps to judge results.
    pub(crate) fn remark(&self, what: &str) {
        if self.loudness != Loudness::Quiet {
            self.show(&format!("pmem: {what}\n"));
        }
    }

    /// Writes `text` to standard error. Nothing can be said about a failure there.
    pub(crate) fn show(&self, text: &str) {
        let _ = io::stderr().write_all(text.as_bytes());
    }

    /// Ends the program: empties the buffer, tells the error, picks the exit code.
    pub(crate) fn finish(mut self, result: anyhow::Result<()>) -> ExitCode {
        let flushed = self.out.flush().map_err(anyhow::Error::from);
        match result.and(flushed) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                let (code, message) = verdict(&error);
                if let Some(message) = message {
                    self.show(&format!("pmem: {message}\n"));
                }
                code
            }
        }
    }
}

/// Is this variable `0`, which turns off what a variable turns on?
fn is_zero(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| value == "0")
}

/// Makes a write beyond the file-size limit an error instead of the end of the process.
fn survive_file_size_limit() {
    #[cfg(unix)]
    {
        let ignored = Arc::new(AtomicBool::new(false));
        // A failure leaves the default: the process ends, which is all that is lost.
        let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, ignored);
    }
}
