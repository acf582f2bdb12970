//! What a reader of the numbers should know, in words.

use super::baseline::Baseline;
use super::machine::Machine;
use super::measured::{Measured, operations};
use super::operation::Operation;
use super::outliers::{Odd, odd};
use super::plan::Plan;
use super::report::BUILD;
use super::units::percent;
use crate::text::Size;

/// The spread from which on a measurement is called noisy, as a part of the median.
const NOISY: f64 = 0.1;

/// Measurements that are called by their names, if there are more.
const LISTED: usize = 3;

/// What is to be said before anything is measured.
pub(crate) fn before(plan: &Plan, asked: &[Operation], machine: &Machine) -> Vec<String> {
    let mut remarks = Vec::new();
    if BUILD != "release" {
        remarks.push("this pmem was built without optimisation; its times mean little".to_owned());
    }
    let busy = machine.load.zip(machine.processors);
    if let Some((load, processors)) = busy.filter(|(load, number)| *load > *number as f64 / 2.0) {
        let plural = if processors == 1 { "" } else { "s" };
        remarks.push(format!(
            "the machine is busy: a load of {load} on {processors} processor{plural}"
        ));
    }
    let files = plan.backends.iter().any(|backend| backend.is_file());
    if files && machine.filesystem.as_deref() == Some("tmpfs") {
        remarks.push(format!("{} is a tmpfs: its files are in memory", machine.directory));
    }
    for operation in asked {
        let without = plan.backends.iter().filter(|backend| !operation.is_of(**backend));
        let names: Vec<_> = without.map(|backend| backend.name()).collect();
        if !names.is_empty() {
            remarks.push(format!("{operation}: nothing to measure for {}", names.join(", ")));
        }
    }
    remarks
}

/// What is to be said about the measurements.
pub(crate) fn after(all: &[Measured], warmup: u64, machine: &Machine) -> Vec<String> {
    let mut remarks = Vec::new();
    let named = |chosen: &dyn Fn(&Measured) -> bool| {
        list(&all.iter().filter(|one| chosen(one)).map(Measured::name).collect::<Vec<_>>())
    };
    let is_odd = |measured: &Measured| odd(&measured.times());
    if let Some(names) = named(&|one| is_odd(one) == Some(Odd::SlowStart)) {
        let more = if warmup > 0 { "a larger" } else { "a" };
        remarks.push(format!(
            "the first run was much slower than the others ({names}); try {more} --warmup"
        ));
    }
    if let Some(names) = named(&|one| matches!(is_odd(one), Some(Odd::Outliers(_)))) {
        remarks.push(format!(
            "there are outliers ({names}); try again when the machine has nothing else to do"
        ));
    }
    if let Some(names) = named(&|one| one.summary().relative_spread() > NOISY) {
        remarks.push(format!(
            "runs differ by more than {} ({names}); the machine is noisy, try more --runs",
            percent(NOISY)
        ));
    }
    if let Some(names) = named(&|one| is_recycled(one, machine)) {
        remarks.push(format!(
            "no page faults ({names}): the allocator handed out memory it had kept, as it does \
             with small blocks; fresh memory is slower"
        ));
    }
    remarks.extend(cached(all, machine));
    remarks
}

/// Names the first few of `names`, if there are any.
fn list(names: &[String]) -> Option<String> {
    let (first, more) = names.split_at(names.len().min(LISTED));
    match more.len() {
        0 => (!first.is_empty()).then(|| first.join(", ")),
        more => Some(format!("{} and {more} more", first.join(", "))),
    }
}

/// Did memory grow, by some pages, without getting any from the system?
fn is_recycled(measured: &Measured, machine: &Machine) -> bool {
    let grows = matches!(measured.operation, Operation::Grow | Operation::Append);
    let pages = measured.bytes() / machine.page_bytes.unwrap_or(4096);
    grows && !measured.backend.is_file() && pages >= 4 && measured.mean(|c| c.minor_faults) < 0.5
}

/// Says so if everything fits a cache of the processor.
fn cached(all: &[Measured], machine: &Machine) -> Option<String> {
    let reads = [Operation::Fill, Operation::Read, Operation::Random];
    let touched = operations(all).into_iter().any(|operation| reads.contains(&operation));
    let bytes = all.iter().map(|one| one.count * one.element.size()).max()?;
    let cache = machine.largest_cache_bytes.filter(|cache| touched && bytes <= *cache)?;
    Some(format!(
        "{} fit a cache of the processor ({}); fill, read and random measure that, too",
        Size(bytes),
        Size(cache)
    ))
}

/// What is different from where the baseline was measured.
pub(crate) fn elsewhere(baseline: &Baseline, machine: &Machine) -> Option<String> {
    let past = baseline.machine();
    let differences: Vec<_> = [
        ("host", past.host.as_deref(), machine.host.as_deref()),
        ("processor", past.processor.as_deref(), machine.processor.as_deref()),
        ("kernel", past.kernel.as_deref(), machine.kernel.as_deref()),
        ("file system", past.filesystem.as_deref(), machine.filesystem.as_deref()),
        ("build", baseline.build(), Some(BUILD)),
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
    use std::path::Path;

    use super::super::backend::Backend;
    use super::super::measured::tests::measured;
    use super::*;

    /// A machine of which nothing is known.
    fn machine() -> Machine {
        Machine { largest_cache_bytes: None, ..Machine::of(Path::new(".")) }
    }

    #[test]
    fn noise_is_told() {
        let of = |times: &[f64]| measured(Operation::Read, Backend::File, times);
        for (times, warmup, expected) in [
            (&[1.0, 1.01, 1.02, 1.01, 1.0][..], 0, None),
            (
                &[9.0, 1.01, 1.02, 1.01, 1.0],
                0,
                Some("the first run was much slower than the others (read file); try a --warmup"),
            ),
            (
                &[9.0, 1.01, 1.02, 1.01, 1.0],
                1,
                Some(
                    "the first run was much slower than the others (read file); try a larger --warmup",
                ),
            ),
            (
                &[1.0, 1.01, 1.02, 9.0, 1.0],
                0,
                Some(
                    "there are outliers (read file); try again when the machine has nothing else to do",
                ),
            ),
            (
                &[1.0, 2.0, 3.0, 4.0, 5.0],
                0,
                Some(
                    "runs differ by more than 10% (read file); the machine is noisy, try more --runs",
                ),
            ),
        ] {
            let remarks = after(&[of(times)], warmup, &machine());
            assert_eq!(remarks.first().map(String::as_str), expected, "{times:?}");
        }
    }

    #[test]
    fn caches_are_told() {
        let all = [measured(Operation::Read, Backend::File, &[1.0])];
        let large = Machine { largest_cache_bytes: Some(1 << 30), ..machine() };
        assert_eq!(after(&all, 0, &large).len(), 1);
        let small = Machine { largest_cache_bytes: Some(1 << 10), ..machine() };
        assert_eq!(after(&all, 0, &small).len(), 0);
    }

    #[test]
    fn recycled_memory_is_told() {
        let mut grown = measured(Operation::Grow, Backend::Global, &[1.0]);
        assert_eq!(after(&[grown.clone()], 0, &machine()).len(), 0);
        grown.costs[0].minor_faults = 0.0;
        assert!(after(&[grown], 0, &machine())[0].starts_with("no page faults (grow global)"));
    }

    #[test]
    fn long_lists_are_cut() {
        let names = ["a", "b", "c", "d", "e"].map(str::to_owned);
        assert_eq!(list(&[]), None);
        assert_eq!(list(&names[..3]).as_deref(), Some("a, b, c"));
        assert_eq!(list(&names).as_deref(), Some("a, b, c and 2 more"));
    }
}
