//! Sorts more numbers than the heap should hold: runs are sorted in memory, put into a temporary
//! file, and merged from there.
//!
//! `merge_sort INPUT OUTPUT [RUN]` sorts a file of `u64`, RUN numbers at a time.

use std::{cmp::Reverse, collections::BinaryHeap, env, error::Error};

use platform_mem::{Advice, FileMapped, FileOptions, FileView, MemVec, RawMem, TempFile};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = env::args().skip(1).collect::<Vec<_>>();
    let [input, output, rest @ ..] = &arguments[..] else {
        return Err("usage: merge_sort INPUT OUTPUT [RUN]".into());
    };
    let run = rest.first().map_or(Ok(1 << 20), |run| run.parse::<usize>())?.max(1);

    let input = FileView::<u64>::open(input)?;
    input.advise(Advice::Sequential)?;

    // Sorted runs, one after the other.
    let mut runs = TempFile::<u64>::new()?;
    for part in input.chunks(run) {
        runs.grow_from_slice(part)?.sort_unstable();
    }

    let options = FileOptions::new().spare_capacity(true).sync_on_drop(false);
    let sorted: FileMapped<u64> = options.open_or_create(output)?;
    let mut sorted = MemVec::new(sorted);
    sorted.try_clear()?;
    sorted.try_extend(merge(runs.allocated(), run))?;
    sorted.into_inner().close()?;
    Ok(())
}

/// Returns the numbers of sorted runs, the least first.
fn merge(runs: &[u64], run: usize) -> impl Iterator<Item = u64> {
    let mut runs: Vec<_> = runs.chunks(run).map(|run| run.iter().copied()).collect();
    let mut next: BinaryHeap<_> = runs
        .iter_mut()
        .enumerate()
        .filter_map(|(index, run)| Some(Reverse((run.next()?, index))))
        .collect();
    std::iter::from_fn(move || {
        let Reverse((least, index)) = next.pop()?;
        next.extend(runs[index].next().map(|number| Reverse((number, index))));
        Some(least)
    })
}
