//! Ctrl-C and other signals that ask to stop, noticed where it is safe to stop.

use std::fmt::{self, Display, Formatter};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use anyhow::Context as _;
use signal_hook::flag;

use crate::error::Exit;

/// The signals that ask to stop, and what is said of a program that does. All systems that have
/// them give them these numbers, except for SIGUSR1 and SIGXCPU, which only Unix has.
#[cfg(unix)]
const SIGNALS: [(i32, &str); 6] = {
    use signal_hook::consts::{SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGXCPU};
    [
        (SIGHUP, "hung up"),
        (SIGINT, "interrupted"),
        (SIGQUIT, "quit"),
        (SIGTERM, "terminated"),
        (SIGUSR1, "stopped by SIGUSR1"),
        (SIGXCPU, "out of time, see 'ulimit -t'"),
    ]
};
#[cfg(not(unix))]
const SIGNALS: [(i32, &str); 2] = {
    use signal_hook::consts::{SIGINT, SIGTERM};
    [(SIGINT, "interrupted"), (SIGTERM, "terminated")]
};

/// The end of the terminal.
const SIGHUP: i32 = 1;

/// Remembers the last signal that asked to stop.
#[derive(Clone, Debug)]
pub(crate) struct Interrupt {
    signal: Arc<AtomicUsize>,
    /// Is there nothing to be put in order any more?
    over: Arc<AtomicBool>,
}

impl Interrupt {
    /// From now on, signals end the program only where it [checks](Self::check) for them. Those
    /// that whoever started it has made it ignore, as a shell does for what runs in the background
    /// of a script, and `nohup`, stay ignored.
    ///
    /// # Errors
    ///
    /// The system refuses.
    pub(crate) fn listen() -> anyhow::Result<Self> {
        let (signal, over) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        for (number, _) in SIGNALS.into_iter().filter(|(number, _)| !is_ignored(*number)) {
            flag::register_conditional_default(number, Arc::clone(&over))
                .and_then(|_| flag::register_usize(number, Arc::clone(&signal), number as usize))
                .context("cannot install the handler for Ctrl-C")?;
        }
        Ok(Self { signal, over })
    }

    /// From now on, signals end the program again.
    pub(crate) fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
    }

    /// From now on, signals wait again.
    pub(super) fn begin(&self) {
        self.over.store(false, Ordering::Relaxed);
    }

    /// Ends the program as the signal would have that has waited, if one has.
    pub(super) fn obey(&self) {
        if let Err(Interrupted { signal }) = self.check() {
            // It cannot fail for a signal that there is.
            let _ = signal_hook::low_level::emulate_default_handler(signal.into());
        }
    }

    /// Has nobody asked to stop?
    ///
    /// # Errors
    ///
    /// [`Interrupted`], if somebody has.
    pub(crate) fn check(&self) -> Result<(), Interrupted> {
        match self.signal.load(Ordering::Relaxed) {
            0 => Ok(()),
            signal => Err(Interrupted { signal: signal as u8 }),
        }
    }
}

/// Is this signal ignored? Where nobody tells, only the end of the terminal is.
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|signals| u64::from_str_radix(signals.trim(), 16).ok());
    ignored.map_or(signal == SIGHUP, |signals| signals >> (signal - 1) & 1 == 1)
}

/// A signal asked to stop.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Interrupted {
    signal: u8,
}

impl Interrupted {
    /// Returns the end of the program that shells expect, which says in what `state` things are.
    pub(crate) fn exit(self, state: impl Display) -> Exit {
        Exit { code: 128 + self.signal, message: format!("{self}; {state}") }
    }
}

impl Display for Interrupted {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let signal = i32::from(self.signal);
        let said = SIGNALS.iter().find(|(number, _)| *number == signal);
        f.write_str(said.map_or("interrupted", |(_, said)| said))
    }
}

impl std::error::Error for Interrupted {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_are_those_of_shells() {
        for (signal, code, message) in [
            (1, 129, "hung up; all is well"),
            (2, 130, "interrupted; all is well"),
            (3, 131, "quit; all is well"),
            (10, 138, "stopped by SIGUSR1; all is well"),
            (15, 143, "terminated; all is well"),
            (24, 152, "out of time, see 'ulimit -t'; all is well"),
        ] {
            let exit = Interrupted { signal: signal as u8 }.exit("all is well");
            assert_eq!((exit.code, &*exit.message), (code, message));
        }
    }
}
