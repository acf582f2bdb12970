//! Comparing with what was measured earlier.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::{Context as _, ensure};
use serde::Deserialize;

use super::difference::{Difference, Verdict, adjust, welch};
use super::measured::Measured;
use super::summary::median;
use super::units::times;
use crate::error::At as _;

/// What an earlier `--export-json` holds, as far as it matters here.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Baseline {
    results: Vec<Past>,
    #[serde(default)]
    machine: PastMachine,
    #[serde(default)]
    versions: PastVersions,
}

/// An earlier measurement.
#[derive(Clone, Debug, Deserialize)]
struct Past {
    operation: String,
    backend: String,
    #[serde(rename = "type")]
    element: String,
    count: u64,
    times: Vec<f64>,
}

/// The machine that an earlier measurement was made on.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PastMachine {
    pub(crate) host: Option<String>,
    pub(crate) processor: Option<String>,
    pub(crate) kernel: Option<String>,
    pub(crate) filesystem: Option<String>,
}

/// The program that an earlier measurement was made with.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PastVersions {
    pub(crate) build: Option<String>,
}

/// A measurement, compared with an earlier one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Compared {
    name: String,
    pub(crate) difference: Difference,
    pub(crate) verdict: Verdict,
}

impl Compared {
    /// Is it about this measurement?
    pub(crate) fn is_of(&self, measured: &Measured) -> bool {
        self.name == measured.name()
    }
}

impl Baseline {
    /// Reads a file that `--export-json` wrote.
    ///
    /// # Errors
    ///
    /// It cannot be read, or is something else.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let file = BufReader::new(File::open(path).at(path)?);
        let baseline: Self = serde_json::from_reader(file)
            .context("not what 'pmem bench --export-json' writes")
            .at(path)?;
        let usable = |past: &Past| {
            !past.times.is_empty() && past.times.iter().all(|time| time.is_finite() && *time >= 0.0)
        };
        ensure_at(path, baseline.results.iter().all(usable), "it has results without times")?;
        ensure_at(path, !baseline.results.is_empty(), "it has no results")?;
        Ok(baseline)
    }

    /// The machine it was measured on.
    pub(crate) const fn machine(&self) -> &PastMachine {
        &self.machine
    }

    /// How the program was built: `release` or `debug`.
    pub(crate) fn build(&self) -> Option<&str> {
        self.versions.build.as_deref()
    }

    /// Compares what can be compared; a difference of less than `least`, as a part, does not count.
    ///
    /// # Errors
    ///
    /// There is nothing to compare.
    pub(crate) fn compare(&self, all: &[Measured], least: f64) -> anyhow::Result<Vec<Compared>> {
        let mut compared: Vec<_> = all.iter().filter_map(|new| self.difference(new)).collect();
        ensure!(
            !compared.is_empty(),
            "it has no result with the same operation, backend, type and count"
        );
        let p_values = compared.iter_mut().filter_map(|one| one.difference.p.as_mut());
        adjust(&mut p_values.collect::<Vec<_>>());
        for one in &mut compared {
            one.verdict = one.difference.verdict(least);
        }
        Ok(compared)
    }

    /// Compares one measurement, without a verdict yet.
    fn difference(&self, new: &Measured) -> Option<Compared> {
        let past = self.results.iter().find(|past| past.is_like(new))?;
        let times = new.times();
        let ratio = median(&times).max(1e-9) / median(&past.times).max(1e-9);
        let difference = Difference { ratio, p: welch(&past.times, &times) };
        Some(Compared { name: new.name(), difference, verdict: Verdict::Same })
    }
}

impl Past {
    fn is_like(&self, new: &Measured) -> bool {
        self.operation == new.operation.name()
            && self.backend == new.backend.name()
            && self.element == new.element.to_string()
            && self.count == new.count
    }
}

/// Says in one line what became slower, if anything did.
pub(crate) fn slower(compared: &[Compared]) -> Option<String> {
    let slower: Vec<String> = compared
        .iter()
        .filter(|one| one.verdict == Verdict::Slower)
        .map(|one| format!("{} ({})", one.name, times(one.difference.ratio)))
        .collect();
    let verb = if slower.len() == 1 { "is" } else { "are" };
    let count = slower.len();
    (count > 0).then(|| {
        format!("{count} of {} {verb} slower than before: {}", compared.len(), slower.join(", "))
    })
}

/// Fails for what is wrong with the file at `path`.
fn ensure_at(path: &Path, right: bool, wrong: &'static str) -> anyhow::Result<()> {
    if right { Ok(()) } else { Err(anyhow::anyhow!(wrong)).at(path) }
}
