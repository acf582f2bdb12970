//! Remarks on standard error that help to judge the numbers.

use super::case::{Choice, Operation};
use super::plan::Plan;
use super::record::{BUILD, Record, Report};
use super::statistics::Odd;
use crate::system::Machine;
use crate::text::units::percent;
use crate::text::{Size, plural};

/// The spread above which a measurement is called noisy, as a part of the median.
const NOISY: f64 = 0.1;

/// The most measurements that one remark names.
const LISTED: usize = 3;

/// Returns the remarks to make before anything is measured.
pub(crate) fn before(plan: &Plan, asked: &[Choice<Operation>], machine: &Machine) -> Vec<String> {
    let mut remarks = Vec::new();
    if BUILD != "release" {
        remarks.push("this pmem was built without optimisation; its times mean little".to_owned());
    }
    let busy = machine.load.zip(machine.processors);
    if let Some((load, processors)) = busy.filter(|(load, number)| *load > *number as f64 / 2.0) {
        let processors = plural(processors as u64, "processor");
        remarks.push(format!("the machine is busy: a load of {load} on {processors}"));
    }
    let files = plan.backends.iter().any(|backend| backend.is_file());
    if files && machine.filesystem.as_deref() == Some("tmpfs") {
        remarks.push(format!("{} is a tmpfs: its files are in memory", machine.directory));
    }
    for choice in asked {
        let Choice::One(operation) = choice else { continue };
        let without = plan.backends.iter().filter(|backend| !operation.is_of(**backend));
        let names: Vec<_> = without.map(ToString::to_string).collect();
        if !names.is_empty() {
            remarks.push(format!("{operation}: nothing to measure for {}", names.join(", ")));
        }
    }
    remarks
}

/// Returns the remarks about what was measured.
pub(crate) fn after(report: &Report, warmup: u64) -> Vec<String> {
    let mut remarks = Vec::new();
    let named = |chosen: &dyn Fn(&Record) -> bool| {
        let chosen = report.records.iter().filter(|record| chosen(record));
        list(&chosen.map(|record| &*record.command).collect::<Vec<_>>())
    };
    if let Some(names) = named(&|record| record.summary.odd == Some(Odd::SlowStart)) {
        let more = if warmup > 0 { "a larger" } else { "a" };
        remarks.push(format!(
            "the first run was much slower than the others ({names}); try {more} --warmup"
        ));
    }
    if let Some(names) = named(&|record| record.summary.odd == Some(Odd::Outliers)) {
        remarks.push(format!(
            "there are outliers ({names}); try again when the machine has nothing else to do"
        ));
    }
    if let Some(names) = named(&|record| record.summary.relative_spread() > NOISY) {
        remarks.push(format!(
            "runs differ by more than {} ({names}); the machine is noisy, try more --runs",
            percent(NOISY)
        ));
    }
    if let Some(names) = named(&|record| is_recycled(record, &report.machine)) {
        remarks.push(format!(
            "no page faults ({names}): the allocator handed out memory that it had kept, as it does \
             with small blocks; fresh memory is slower"
        ));
    }
    remarks.extend(cached(report));
    remarks
}

/// Names the first few of `names`, if there are any.
fn list(names: &[&str]) -> Option<String> {
    let (first, more) = names.split_at(names.len().min(LISTED));
    match more.len() {
        0 => (!first.is_empty()).then(|| first.join(", ")),
        more => Some(format!("{} and {more} more", first.join(", "))),
    }
}

/// Did memory grow, by some pages, without getting any from the system?
fn is_recycled(Record { sample, .. }: &Record, machine: &Machine) -> bool {
    let grows = matches!(sample.case.operation, Operation::Grow | Operation::Append);
    let pages = sample.bytes / machine.page_bytes.unwrap_or(4096);
    grows && !sample.case.backend.is_file() && pages >= 4 && sample.usage.minor_faults < 0.5
}

/// Returns a remark if everything fits a cache of the processor.
fn cached(report: &Report) -> Option<String> {
    let touching = |record: &&Record| record.sample.case.operation.repeats();
    let bytes = report.records.iter().find(touching)?.sample.memory_bytes();
    let cache = report.machine.largest_cache_bytes.filter(|cache| bytes <= *cache)?;
    Some(format!(
        "{} fit a cache of the processor ({}); fill, read and random measure that, too",
        Size(bytes),
        Size(cache)
    ))
}

/// Returns a remark if the baseline was measured on another machine, or by another build.
pub(crate) fn elsewhere(baseline: &Report, machine: &Machine) -> Option<String> {
    let past = &baseline.machine;
    let build = Some(&*baseline.versions.build).filter(|build| !build.is_empty());
    let differences: Vec<_> = [
        ("host", past.host.as_deref(), machine.host.as_deref()),
        ("processor", past.processor.as_deref(), machine.processor.as_deref()),
        ("kernel", past.kernel.as_deref(), machine.kernel.as_deref()),
        ("file system", past.filesystem.as_deref(), machine.filesystem.as_deref()),
        ("build", build, Some(BUILD)),
    ]
    .into_iter()
    .filter_map(|(what, past, now)| Some((what, past?, now?)))
    .filter(|(_, past, now)| past != now)
    .map(|(what, past, now)| format!("{what} {past}, now {now}"))
    .collect();
    (!differences.is_empty())
        .then(|| format!("the baseline was measured elsewhere: {}", differences.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::super::case::Backend;
    use super::super::record::tests::{report, sample};
    use super::*;

    #[test]
    fn noise_is_told() {
        for (times, warmup, expected) in [
            ([1.0, 1.01, 1.02, 1.01, 1.0], 0, None),
            ([9.0, 1.01, 1.02, 1.01, 1.0], 0, Some("than the others (read file); try a --warmup")),
            ([9.0, 1.01, 1.02, 1.01, 1.0], 1, Some("(read file); try a larger --warmup")),
            ([1.0, 1.01, 1.02, 9.0, 1.0], 0, Some("there are outliers (read file); try again ")),
            ([1.0, 2.0, 3.0, 4.0, 5.0], 0, Some("runs differ by more than 10% (read file); ")),
        ] {
            let all = report([sample(Operation::Read, Backend::File, &times)]);
            let remarks = after(&all, warmup);
            assert_eq!(remarks.len(), usize::from(expected.is_some()), "{remarks:?}");
            assert!(remarks.concat().contains(expected.unwrap_or_default()), "{remarks:?}");
        }
    }

    #[test]
    fn caches_are_told() {
        let mut read = report([sample(Operation::Read, Backend::File, &[1.0])]);
        for (cache, remarks) in [(None, 0), (Some(1 << 30), 1), (Some(1 << 10), 0)] {
            read.machine.largest_cache_bytes = cache;
            assert_eq!(after(&read, 0).len(), remarks, "{cache:?}");
        }
    }

    #[test]
    fn recycled_memory_is_told() {
        let mut grown = report([sample(Operation::Grow, Backend::Global, &[1.0])]);
        assert_eq!(after(&grown, 0).len(), 0);
        grown.records[0].sample.usage.minor_faults = 0.0;
        assert!(after(&grown, 0)[0].starts_with("no page faults (grow global)"));
    }

    #[test]
    fn another_machine_is_told() {
        let mut past = report([]);
        let mut machine = Machine { kernel: Some("Linux 7".into()), ..Machine::default() };
        assert_eq!(elsewhere(&past, &machine), None);
        past.machine.kernel = Some("Linux 6".into());
        past.versions.build = "other".into();
        let said = format!(
            "the baseline was measured elsewhere: kernel Linux 6, now Linux 7; build other, now {BUILD}"
        );
        assert_eq!(elsewhere(&past, &machine), Some(said));
        machine.kernel = None;
        past.versions.build = BUILD.into();
        assert_eq!(elsewhere(&past, &machine), None);
    }

    #[test]
    fn long_lists_are_cut() {
        let names = ["a", "b", "c", "d", "e"];
        assert_eq!(list(&[]), None);
        assert_eq!(list(&names[..3]).as_deref(), Some("a, b, c"));
        assert_eq!(list(&names).as_deref(), Some("a, b, c and 2 more"));
    }
}
