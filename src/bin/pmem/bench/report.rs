//! All that is known, for other programs: the keys of hyperfine, and more.

use std::collections::BTreeMap;

use serde::Serialize;

use super::backend::Backend;
use super::machine::Machine;
use super::measured::Measured;
use super::operation::Operation;
use super::table::in_order;

/// What was measured, where, and with what. All times are in seconds.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Report {
    results: Vec<Entry>,
    machine: Machine,
    versions: Versions,
}

/// One operation on one backend.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Entry {
    pub(crate) command: String,
    pub(crate) mean: f64,
    pub(crate) stddev: Option<f64>,
    pub(crate) median: f64,
    pub(crate) user: f64,
    pub(crate) system: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
    times: Vec<f64>,
    /// Each run succeeds, or there is no result; scripts for hyperfine may look at it.
    exit_codes: Vec<i32>,
    parameters: BTreeMap<&'static str, String>,
    pub(crate) operation: Operation,
    pub(crate) backend: Backend,
    #[serde(rename = "type")]
    pub(crate) element: String,
    pub(crate) count: u64,
    /// Elements that one execution handles, their bytes, and how many are handled at a time.
    pub(crate) elements: u64,
    pub(crate) bytes: u64,
    pub(crate) elements_per_step: u64,
    /// Executions in one run, of which each time is the mean.
    pub(crate) executions_per_run: u64,
    pub(crate) runs: usize,
    /// The median absolute deviation, times 1.4826.
    pub(crate) spread: f64,
    pub(crate) p95: Option<f64>,
    pub(crate) bytes_per_second: f64,
    pub(crate) elements_per_second: f64,
    /// Page faults of one execution, on average.
    pub(crate) minor_faults: f64,
    pub(crate) major_faults: f64,
}

/// What was measured with.
#[derive(Clone, Copy, Debug, Serialize)]
struct Versions {
    pmem: &'static str,
    build: &'static str,
}

/// How this program was built.
pub(crate) const BUILD: &str = if cfg!(debug_assertions) { "debug" } else { "release" };

impl Report {
    /// Puts everything together.
    pub(crate) fn new(all: &[Measured], machine: Machine) -> Self {
        let versions = Versions { pmem: env!("CARGO_PKG_VERSION"), build: BUILD };
        Self { results: entries(all), machine, versions }
    }

    /// The machine that it was measured on.
    pub(crate) const fn machine(&self) -> &Machine {
        &self.machine
    }

    /// The results.
    pub(crate) fn results(&self) -> &[Entry] {
        &self.results
    }
}

impl Entry {
    fn new(measured: &Measured) -> Self {
        let summary = measured.summary();
        let Measured { operation, backend, ref element, count, handled, step, executions, .. } =
            *measured;
        let parameters = BTreeMap::from([
            ("backend", backend.to_string()),
            ("count", count.to_string()),
            ("operation", operation.to_string()),
            ("type", element.to_string()),
        ]);
        Self {
            command: measured.name(),
            mean: summary.mean,
            stddev: summary.stddev,
            median: summary.median,
            user: measured.mean(|cost| cost.user),
            system: measured.mean(|cost| cost.system),
            min: summary.min,
            max: summary.max,
            times: measured.times(),
            exit_codes: vec![0; measured.costs.len()],
            parameters,
            operation,
            backend,
            element: element.to_string(),
            count,
            elements: handled,
            bytes: measured.bytes(),
            elements_per_step: step,
            executions_per_run: executions,
            runs: measured.costs.len(),
            spread: summary.spread,
            p95: summary.p95,
            bytes_per_second: measured.per_second(measured.bytes()),
            elements_per_second: measured.per_second(handled),
            minor_faults: measured.mean(|cost| cost.minor_faults),
            major_faults: measured.mean(|cost| cost.major_faults),
        }
    }
}

/// The results, in their order.
pub(super) fn entries(all: &[Measured]) -> Vec<Entry> {
    in_order(all).map(Entry::new).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::measured::tests::several;
    use super::*;

    #[test]
    fn keys_of_hyperfine_and_more() {
        let report = Report::new(&several(), Machine::of(Path::new(".")));
        let json = serde_json::to_value(&report).unwrap();
        let result = &json["results"][0];
        for key in ["command", "mean", "stddev", "median", "user", "system", "min", "max", "times"]
        {
            assert!(!result[key].is_null(), "{key}");
        }
        assert_eq!(result["type"], "u64");
        assert_eq!(result["backend"], "global");
        assert_eq!(result["parameters"]["count"], "1000000");
        assert_eq!(result["times"].as_array().unwrap().len(), 3);
        assert_eq!(result["minor_faults"], 3.0);
        assert!(json["results"][3]["stddev"].is_null());
        for key in ["host", "kernel", "filesystem", "page_bytes", "processor", "directory"] {
            assert!(json["machine"].as_object().unwrap().contains_key(key), "{key}");
        }
        assert_eq!(json["versions"]["pmem"], env!("CARGO_PKG_VERSION"));
    }
}
