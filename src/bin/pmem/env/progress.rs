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
    /// Counts from the beginning, so that it knows how fast the work goes; hidden at first.
    bar: ProgressBar,
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
        let shown = env.may_show_progress().then(|| {
            let style = ProgressStyle::with_template(template)
                .unwrap_or_else(|_| ProgressStyle::default_bar());
            let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden());
            let bar = bar.with_style(style).with_message(what);
            Shown { started: Instant::now(), bar }
        });
        Self { shown }
    }

    /// Counts so many bytes or parts more as done.
    pub(crate) fn advance(&mut self, more: u64) {
        let Some(Shown { started, bar }) = &self.shown else { return };
        if bar.is_hidden() && started.elapsed() >= PATIENCE {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        bar.inc(more);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(Shown { bar, .. }) = &self.shown {
            bar.finish_and_clear();
        }
    }
}
