//! A bar on standard error, for work that takes longer than a second.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::env::Env;

/// How long work may take before it shows a bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// Shows how far a piece of work has come. Silent unless standard error is a terminal, and until
/// the work has lasted for over a second; the bar goes away when the value is dropped.
#[derive(Debug)]
pub(crate) struct Progress {
    shown: Option<Shown>,
}

/// What is needed to show something.
#[derive(Debug)]
struct Shown {
    started: Instant,
    total: u64,
    done: u64,
    what: String,
    template: &'static str,
    bar: Option<ProgressBar>,
}

/// How work on bytes is shown.
const BYTES: &str =
    "{msg} {wide_bar} {binary_bytes}/{binary_total_bytes} {binary_bytes_per_sec} {eta}";

/// How other work is shown.
const PARTS: &str = "{msg} {wide_bar} {percent}% {eta}";

impl Progress {
    /// Starts work on `total` bytes, described by `what`.
    pub(crate) fn bytes(env: &Env, total: u64, what: impl Into<String>) -> Self {
        Self::new(env, total, what.into(), BYTES)
    }

    /// Starts work that consists of `total` parts, which need not be alike, described by `what`.
    pub(crate) fn parts(env: &Env, total: u64, what: impl Into<String>) -> Self {
        Self::new(env, total, what.into(), PARTS)
    }

    fn new(env: &Env, total: u64, what: String, template: &'static str) -> Self {
        let shown = env.may_show_progress().then(|| Shown {
            started: Instant::now(),
            total,
            done: 0,
            what,
            template,
            bar: None,
        });
        Self { shown }
    }

    /// Counts so many bytes or parts more as done.
    pub(crate) fn advance(&mut self, more: u64) {
        let Some(shown) = &mut self.shown else { return };
        shown.done = shown.done.saturating_add(more);
        if shown.bar.is_none() && shown.started.elapsed() >= PATIENCE {
            shown.bar = Some(shown.start());
        }
        if let Some(bar) = &shown.bar {
            bar.set_position(shown.done);
        }
    }
}

impl Shown {
    /// Returns the bar, as if it had been there from the beginning.
    fn start(&self) -> ProgressBar {
        let style = ProgressStyle::with_template(self.template)
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        ProgressBar::with_draw_target(Some(self.total), ProgressDrawTarget::stderr())
            .with_style(style)
            .with_message(self.what.clone())
            .with_elapsed(self.started.elapsed())
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = self.shown.as_ref().and_then(|shown| shown.bar.as_ref()) {
            bar.finish_and_clear();
        }
    }
}
