//! Comparing with what was measured earlier.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::{Context as _, ensure};

use super::case::Case;
use super::difference::{Difference, Verdict, adjust, welch};
use super::plan::Plan;
use super::record::{Record, Report};
use crate::error::At as _;
use crate::text::Name;
use crate::text::units::times;

/// What an earlier `--export-json` holds.
#[derive(Clone, Debug)]
pub(crate) struct Baseline(pub(crate) Report);

impl Baseline {
    /// Reads a file that `--export-json` wrote, and makes sure, before anything is measured, that
    /// there will be something to compare.
    ///
    /// # Errors
    ///
    /// It cannot be read, is something else, or has nothing that `plan` measures.
    pub(crate) fn read(path: &Path, plan: &Plan) -> anyhow::Result<Self> {
        let file = BufReader::new(File::open(path).at(path)?);
        let report: Report = serde_json::from_reader(file)
            .context("not what 'pmem bench --export-json' writes")
            .at(path)?;
        let cases: Vec<Case> = plan.groups().concat();
        let planned = |record: &Record| {
            let past = &record.sample;
            past.element == plan.element && past.count == plan.count && cases.contains(&past.case)
        };
        ensure!(!report.records.is_empty(), "{}: it has no results", Name(path));
        ensure!(
            report.records.iter().any(planned),
            "{}: it has no result of these operations, backends, type and count",
            Name(path)
        );
        Ok(Self(report))
    }

    /// Compares each record with its earlier one, if there is one. A difference of less than
    /// `least`, as a part, does not count.
    pub(crate) fn compare(&self, records: &[Record], least: f64) -> Vec<Option<Difference>> {
        let past = |new: &Record| self.0.records.iter().find(|past| past.is_like(new));
        let mut compared: Vec<_> =
            records.iter().map(|new| past(new).map(|past| difference(past, new))).collect();
        let p_values = compared.iter_mut().flatten().filter_map(|one| one.p.as_mut());
        adjust(&mut p_values.collect::<Vec<_>>());
        for one in compared.iter_mut().flatten() {
            one.verdict = one.judge(least);
        }
        compared
    }
}

/// Compares two records, without a verdict yet.
fn difference(past: &Record, new: &Record) -> Difference {
    let ratio = new.summary.median.max(1e-9) / past.summary.median.max(1e-9);
    let p = welch(&past.sample.times, &new.sample.times);
    Difference { ratio, p, verdict: Verdict::Same }
}

/// Says in one line what became slower, if anything did.
pub(crate) fn slower(records: &[Record], compared: &[Option<Difference>]) -> Option<String> {
    let pairs = records.iter().zip(compared);
    let pairs = pairs.filter_map(|(record, one)| one.as_ref().map(|one| (record, one)));
    let slower: Vec<String> = pairs
        .filter(|(_, one)| one.verdict == Verdict::Slower)
        .map(|(record, one)| format!("{} ({})", record.command, times(one.ratio)))
        .collect();
    let verb = if slower.len() == 1 { "is" } else { "are" };
    let (count, all) = (slower.len(), compared.iter().flatten().count());
    (count > 0)
        .then(|| format!("{count} of {all} {verb} slower than before: {}", slower.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::super::case::{Backend, Operation};
    use super::super::plan::tests::plan;
    use super::super::record::tests::{report, sample};
    use super::*;
    use crate::error::message;

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
            let report_of = |times| report([sample(Operation::Grow, Backend::File, times)]);
            let (baseline, now_records) = (Baseline(report_of(past)), report_of(now).records);
            let compared = baseline.compare(&now_records, least);
            assert_eq!(compared[0].unwrap().verdict, verdict, "{past:?} {now:?}");
            assert_eq!(slower(&now_records, &compared).is_some(), verdict == Verdict::Slower);
        }
    }

    #[test]
    fn summary_names_what_is_slower() {
        let of = |file: &[f64], temp: &[f64]| {
            report([
                sample(Operation::Grow, Backend::File, file),
                sample(Operation::Grow, Backend::Temp, temp),
            ])
        };
        let fast = [0.001, 0.0011, 0.0012];
        let slow = [0.11, 0.12, 0.11];
        let baseline = Baseline(of(&fast, &fast));
        for (now, said) in [
            (of(&slow, &slow), "2 of 2 are slower than before: grow file (100×), grow temp (100×)"),
            (of(&fast, &slow), "1 of 2 is slower than before: grow temp (100×)"),
        ] {
            let compared = baseline.compare(&now.records, 0.1);
            assert_eq!(slower(&now.records, &compared).as_deref(), Some(said));
        }
    }

    #[test]
    fn nothing_in_common() {
        let baseline = Baseline(report([sample(Operation::Grow, Backend::File, &[1.0])]));
        let now = report([sample(Operation::Grow, Backend::Temp, &[1.0])]);
        assert_eq!(baseline.compare(&now.records, 0.1), [None]);
    }

    #[test]
    fn bad_files() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("past.json");
        let result = |times: &str| {
            format!(
                r#"{{"results":[{{"operation":"read","backend":"file","type":"u8","count":1,
                "times":[{times}]}}]}}"#
            )
        };
        for (text, wrong) in [
            ("", "not what 'pmem bench --export-json' writes: EOF"),
            ("[]", "not what 'pmem bench --export-json' writes: invalid"),
            (r#"{"results":[{"command":"ls","times":[1]}]}"#, "missing field `type`"),
            (r#"{"results":[]}"#, "it has no results"),
            (&result(""), "the result 'read file' has no times"),
            (&result("1, -1"), "the result 'read file' has a time below zero"),
        ] {
            std::fs::write(&path, text).unwrap();
            let said = message(&Baseline::read(&path, &plan(&[Backend::File], 1, 1)).unwrap_err());
            assert!(said.contains("past.json: ") && said.contains(wrong), "{said}");
        }
        std::fs::write(&path, result("1")).unwrap();
        assert!(Baseline::read(&path, &plan(&[Backend::File], 1, 1)).is_ok());
        let said = message(&Baseline::read(&path, &plan(&[Backend::Temp], 1, 1)).unwrap_err());
        assert!(said.contains("it has no result of these operations"), "{said}");
    }
}
