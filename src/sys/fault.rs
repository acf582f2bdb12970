#![forbid(unsafe_code)]
//! Faults on purpose, for tests: makes system calls of this thread fail.
//!
//! Behind the feature `faults`, which is not part of the library's promises: it may change at any
//! time, and without it no trace of this is compiled.
//!
//! ```
//! use platform_mem::{Error, FileMapped, RawMem, fault};
//!
//! let mut mem = FileMapped::<u64>::new(tempfile::tempfile()?)?;
//! let full = fault::Plan { calls: &[fault::Call::Allocate], skip: 0, errno: 28, repeat: true };
//! assert!(matches!(full.during(|| mem.grow_filled(1, 7).map(|_| ())), Err(Error::System(_))));
//! assert_eq!(mem.grow_filled(1, 7)?, [7]);
//! # platform_mem::Result::Ok(())
//! ```

use std::{cell::RefCell, io};

pub use super::Call;

/// Which calls fail, and how.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "tests write it out")]
pub struct Plan<'a> {
    /// The calls that count; empty means all.
    pub calls: &'a [Call],
    /// How many of them pass before one fails.
    pub skip: usize,
    /// What that one fails with, as the system numbers errors.
    pub errno: i32,
    /// Whether all later ones fail too.
    pub repeat: bool,
}

/// The plan of a thread, and how far it has come.
struct Running {
    calls: Vec<Call>,
    skip: usize,
    errno: i32,
    repeat: bool,
    failed: usize,
    made: Vec<Call>,
}

thread_local! {
    static RUNNING: RefCell<Option<Running>> = const { RefCell::new(None) };
}

/// What became of a plan.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Outcome<R> {
    /// What the work returned.
    pub result: R,
    /// How many calls were made to fail.
    pub failed: usize,
    /// All calls that were made, in order, failed ones included.
    pub made: Vec<Call>,
}

impl Plan<'_> {
    /// Runs `work` on this thread under the plan.
    pub fn during<R>(&self, work: impl FnOnce() -> R) -> R {
        self.observe(work).result
    }

    /// Runs `work` on this thread under the plan, and tells which calls it made.
    pub fn observe<R>(&self, work: impl FnOnce() -> R) -> Outcome<R> {
        run(
            Running {
                calls: self.calls.to_vec(),
                skip: self.skip,
                errno: self.errno,
                repeat: self.repeat,
                failed: 0,
                made: Vec::new(),
            },
            work,
        )
    }
}

/// Runs `work` on this thread without faults, and tells which calls it made.
pub fn watch<R>(work: impl FnOnce() -> R) -> Outcome<R> {
    Plan { calls: &[], skip: usize::MAX, errno: 0, repeat: false }.observe(work)
}

fn run<R>(plan: Running, work: impl FnOnce() -> R) -> Outcome<R> {
    /// Ends the plan even if the work panics.
    struct End;

    impl Drop for End {
        fn drop(&mut self) {
            RUNNING.set(None);
        }
    }

    RUNNING.set(Some(plan));
    let end = End;
    let result = work();
    let (failed, made) = RUNNING.take().map_or((0, Vec::new()), |plan| (plan.failed, plan.made));
    drop(end);
    Outcome { result, failed, made }
}

/// Fails if it is the turn of this call.
pub(super) fn injected(call: Call) -> io::Result<()> {
    RUNNING.with_borrow_mut(|running| match running {
        Some(plan) => plan.next(call),
        None => Ok(()),
    })
}

impl Running {
    fn next(&mut self, call: Call) -> io::Result<()> {
        self.made.push(call);
        if !self.calls.is_empty() && !self.calls.contains(&call) {
            return Ok(());
        }
        if self.skip > 0 {
            self.skip -= 1;
            return Ok(());
        }
        if self.failed > 0 && !self.repeat {
            return Ok(());
        }
        self.failed += 1;
        Err(io::Error::from_raw_os_error(self.errno))
    }
}
