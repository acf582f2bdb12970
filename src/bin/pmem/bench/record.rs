//! What was measured, where, and with what: the one source of tables, exports and comparisons.

use std::collections::BTreeMap;

use anyhow::ensure;
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::statistics::Summary;
use crate::system::{Machine, Usage};

/// How this program was built.
pub(super) const BUILD: &str = if cfg!(debug_assertions) { "debug" } else { "release" };

/// All that is known, as `--export-json` writes it and `--baseline` reads it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Report {
    /// Those of one operation come together.
    #[serde(rename = "results")]
    pub(crate) records: Vec<Record>,
    #[serde(default)]
    pub(crate) machine: Machine,
    #[serde(default)]
    pub(crate) versions: Versions,
}

/// The program that measured.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Versions {
    pub(crate) pmem: String,
    pub(crate) build: String,
}

/// The runs of one case as they were measured. All times are in seconds.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Sample {
    #[serde(flatten)]
    pub(crate) case: Case,
    /// The type of the elements.
    #[serde(rename = "type")]
    pub(crate) element: String,
    /// Elements that the memory holds when it is full.
    pub(crate) count: u64,
    /// Elements that one execution handles.
    #[serde(default)]
    pub(crate) elements: u64,
    /// Their bytes.
    #[serde(default)]
    pub(crate) bytes: u64,
    /// How many of them are handled at a time.
    #[serde(default)]
    pub(crate) elements_per_step: u64,
    /// How often a run did the operation. Times are those of one execution.
    #[serde(default)]
    pub(crate) executions_per_run: u64,
    /// One time for each run.
    pub(crate) times: Vec<f64>,
    /// What one execution used, on average.
    #[serde(flatten)]
    pub(crate) usage: Usage,
}

impl Sample {
    /// Returns the bytes of a memory that is full.
    pub(crate) fn memory_bytes(&self) -> u64 {
        (self.bytes / self.elements.max(1)).saturating_mul(self.count)
    }
}

/// A sample, and what follows from it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(try_from = "Sample")]
pub(crate) struct Record {
    pub(crate) command: String,
    #[serde(flatten)]
    pub(crate) summary: Summary,
    #[serde(flatten)]
    pub(crate) sample: Sample,
    pub(crate) runs: usize,
    pub(crate) bytes_per_second: f64,
    pub(crate) elements_per_second: f64,
    /// How many times as long as the fastest backend of a report it takes; 1 for the fastest.
    pub(crate) relative: f64,
    /// Runs that fail have no record; scripts for hyperfine may look at it.
    exit_codes: Vec<i32>,
    parameters: BTreeMap<&'static str, String>,
}

impl TryFrom<Sample> for Record {
    type Error = anyhow::Error;

    fn try_from(sample: Sample) -> anyhow::Result<Self> {
        let Sample { case, element, count, times, .. } = &sample;
        ensure!(!times.is_empty(), "the result '{case}' has no times");
        let usable = times.iter().all(|time| time.is_finite() && *time >= 0.0);
        ensure!(usable, "the result '{case}' has a time below zero");
        let summary = Summary::of(times);
        let per_second = |amount: u64| amount as f64 / summary.median.max(f64::MIN_POSITIVE);
        Ok(Self {
            command: case.to_string(),
            summary,
            runs: times.len(),
            bytes_per_second: per_second(sample.bytes),
            elements_per_second: per_second(sample.elements),
            relative: 1.0,
            exit_codes: vec![0; times.len()],
            parameters: BTreeMap::from([
                ("backend", case.backend.to_string()),
                ("count", count.to_string()),
                ("operation", case.operation.to_string()),
                ("type", element.clone()),
            ]),
            sample,
        })
    }
}

impl Record {
    /// Is it the fastest backend of its operation?
    pub(crate) fn is_fastest(&self) -> bool {
        self.relative <= 1.0
    }

    /// Do both say how long the same work takes?
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let (one, two) = (&self.sample, &other.sample);
        one.case == two.case && one.element == two.element && one.count == two.count
    }
}

impl Report {
    /// Puts together what was measured on `machine`.
    ///
    /// # Errors
    ///
    /// There is a sample without times.
    pub(crate) fn new(samples: Vec<Sample>, machine: Machine) -> anyhow::Result<Self> {
        let records = samples.into_iter().map(Record::try_from).collect::<anyhow::Result<_>>()?;
        let versions = Versions { pmem: env!("CARGO_PKG_VERSION").into(), build: BUILD.into() };
        let mut report = Self { records, machine, versions };
        for group in report.records.chunk_by_mut(have_one_operation) {
            let medians = group.iter().map(|record| record.summary.median);
            let fastest = medians.fold(f64::INFINITY, f64::min).max(f64::MIN_POSITIVE);
            group.iter_mut().for_each(|record| record.relative = record.summary.median / fastest);
        }
        Ok(report)
    }

    /// Returns the records of one operation after the other.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &[Record]> + Clone {
        self.records.chunk_by(have_one_operation)
    }
}

fn have_one_operation(one: &Record, two: &Record) -> bool {
    one.sample.case.operation == two.sample.case.operation
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::case::{Backend, Operation};
    use super::*;

    /// A million `u64` with these times.
    pub(crate) fn sample(operation: Operation, backend: Backend, times: &[f64]) -> Sample {
        Sample {
            case: Case { operation, backend },
            element: "u64".into(),
            count: 1_000_000,
            elements: 1_000_000,
            bytes: 8_000_000,
            elements_per_step: 1,
            executions_per_run: 2,
            times: times.to_vec(),
            usage: Usage { minor_faults: 3.0, ..Usage::default() },
        }
    }

    /// A report on a machine of which nothing is known.
    pub(crate) fn report<const N: usize>(samples: [Sample; N]) -> Report {
        Report::new(samples.to_vec(), Machine::default()).unwrap()
    }

    /// Some operations on some backends.
    pub(crate) fn several() -> Report {
        report([
            sample(Operation::Grow, Backend::Global, &[0.008, 0.010, 0.012]),
            sample(Operation::Grow, Backend::File, &[0.020, 0.025, 0.025]),
            sample(Operation::Read, Backend::Global, &[0.000_5; 20]),
            sample(Operation::Sync, Backend::File, &[1.5]),
        ])
    }

    #[test]
    fn what_follows_from_times() {
        let records = several().records;
        assert_eq!(records[0].command, "grow global");
        assert!((records[0].bytes_per_second - 8e8).abs() < 1.0);
        assert!((records[0].elements_per_second - 1e8).abs() < 1.0);
        let relative: Vec<f64> = records.iter().map(|record| record.relative).collect();
        assert_eq!(relative, [1.0, 2.5, 1.0, 1.0]);
        let unmeasurable = report([sample(Operation::Read, Backend::Temp, &[0.0])]).records;
        assert!(unmeasurable[0].is_fastest());
    }

    #[test]
    fn reports_can_be_read_again() {
        let text = serde_json::to_string(&several()).unwrap();
        let again: Report = serde_json::from_str(&text).unwrap();
        assert!(again.records.iter().zip(&several().records).all(|(one, two)| one.is_like(two)));
        assert_eq!(again.records[1].summary, several().records[1].summary);
        assert_eq!(again.versions.build, BUILD);
    }
}
