//! Comparing with what was measured earlier.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::Context as _;
use serde::Deserialize;

use super::difference::{Difference, Verdict, adjust, welch};
use super::measured::Measured;
use super::plan::Plan;
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

    /// Makes sure, before anything is measured, that there will be something to compare.
    ///
    /// # Errors
    ///
    /// Nothing that `plan` measures is in the file at `path`.
    pub(crate) fn suits(&self, plan: &Plan, path: &Path) -> anyhow::Result<()> {
        let planned = |past: &Past| {
            past.element == plan.element.to_string()
                && past.count == plan.count
                && plan.operations.iter().any(|operation| operation.name() == past.operation)
                && plan.backends.iter().any(|backend| backend.name() == past.backend)
        };
        let suits = self.results.iter().any(planned);
        ensure_at(path, suits, "it has no result of these operations, backends, type and count")
    }

    /// Compares what can be compared; a difference of less than `least`, as a part, does not count.
    pub(crate) fn compare(&self, all: &[Measured], least: f64) -> Vec<Compared> {
        let mut compared: Vec<_> = all.iter().filter_map(|new| self.difference(new)).collect();
        let p_values = compared.iter_mut().filter_map(|one| one.difference.p.as_mut());
        adjust(&mut p_values.collect::<Vec<_>>());
        for one in &mut compared {
            one.verdict = one.difference.verdict(least);
        }
        compared
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

#[cfg(test)]
pub(super) mod tests {
    use super::super::backend::Backend;
    use super::super::measured::tests::measured;
    use super::super::operation::Operation;
    use super::*;
    use crate::error::message;

    /// A baseline with these times for a million `u64`.
    pub(crate) fn baseline_of(results: &[(&str, &str, &[f64])]) -> Baseline {
        let past = |(operation, backend, times): &(&str, &str, &[f64])| Past {
            operation: (*operation).to_owned(),
            backend: (*backend).to_owned(),
            element: "u64".to_owned(),
            count: 1_000_000,
            times: times.to_vec(),
        };
        Baseline {
            results: results.iter().map(past).collect(),
            machine: PastMachine::default(),
            versions: PastVersions::default(),
        }
    }

    #[test]
    fn decisions() {
        let steady = [1.00, 1.01, 0.99, 1.00, 1.02];
        for (past, now, least, verdict) in [
            // Clearly slower, and clearly faster.
            (&steady[..], &[1.30, 1.31, 1.29, 1.32, 1.30][..], 0.1, Verdict::Slower),
            (&steady, &[0.70, 0.71, 0.69, 0.70, 0.72], 0.1, Verdict::Faster),
            // As slow, but that is within the noise.
            (&steady, &[1.30, 0.80, 2.90, 0.60, 1.40], 0.1, Verdict::Same),
            (&[1.0, 3.0, 0.5, 2.0, 0.7], &[1.30, 1.31, 1.29, 1.32, 1.30], 0.1, Verdict::Same),
            // Beyond the noise, but not worth mentioning; it is for who wants to know.
            (&steady, &[1.05, 1.06, 1.04, 1.05, 1.06], 0.1, Verdict::Same),
            (&steady, &[1.05, 1.06, 1.04, 1.05, 1.06], 0.03, Verdict::Slower),
            // Three runs are enough for what is a thousand times slower, one is not.
            (&[0.001, 0.0011, 0.0012], &[1.0, 1.2, 1.1], 0.1, Verdict::Slower),
            (&[0.001], &[1.0], 0.1, Verdict::Same),
            // The same numbers.
            (&steady, &steady, 0.0, Verdict::Same),
        ] {
            let baseline = baseline_of(&[("grow", "file", past)]);
            let all = [measured(Operation::Grow, Backend::File, now)];
            let compared = baseline.compare(&all, least);
            assert_eq!(compared[0].verdict, verdict, "{past:?} {now:?}");
            assert_eq!(slower(&compared).is_some(), verdict == Verdict::Slower);
        }
    }

    #[test]
    fn summary_names_what_is_slower() {
        let fast = [0.001, 0.0011, 0.0012];
        let baseline = baseline_of(&[("grow", "file", &fast), ("grow", "temp", &fast)]);
        let all = [Backend::File, Backend::Temp]
            .map(|backend| measured(Operation::Grow, backend, &[0.11, 0.12, 0.11]));
        let compared = baseline.compare(&all, 0.1);
        let said = slower(&compared).unwrap();
        assert_eq!(said, "2 of 2 are slower than before: grow file (100×), grow temp (100×)");
    }

    #[test]
    fn nothing_in_common() {
        let baseline = baseline_of(&[("grow", "file", &[1.0])]);
        let all = [measured(Operation::Grow, Backend::Temp, &[1.0])];
        assert!(baseline.compare(&all, 0.1).is_empty());
    }

    #[test]
    fn bad_files() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("past.json");
        for (text, wrong) in [
            ("", "not what 'pmem bench --export-json' writes: EOF"),
            ("[]", "not what 'pmem bench --export-json' writes: invalid"),
            (r#"{"results":[{"command":"ls","times":[1]}]}"#, "missing field `operation`"),
            (r#"{"results":[]}"#, "it has no results"),
            (
                r#"{"results":[{"operation":"grow","backend":"file","type":"u8","count":1,
                   "times":[]}]}"#,
                "it has results without times",
            ),
        ] {
            std::fs::write(&path, text).unwrap();
            let said = message(&Baseline::read(&path).unwrap_err());
            assert!(said.contains("past.json: ") && said.contains(wrong), "{said}");
        }
    }
}
