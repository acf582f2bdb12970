//! The measuring: finds out how much work makes a run, then lets everything take turns.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use bytemuck::Pod;

use super::case::{Backend, Case, Operation};
use super::cost::{self, Cost};
use super::memory::{Material, Memory};
use super::plan::{Plan, order};
use super::record::Sample;
use super::scale;
use crate::edit::explain;
use crate::env::{Env, Interrupt, Interrupted, Progress};
use crate::error::{At as _, Exit};
use crate::system::Usage;
use crate::text::plural;

/// What came out of measuring.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// One sample for each case, of whole rounds; none if no round was whole.
    pub(crate) samples: Vec<Sample>,
    /// How the program ends if somebody asked to stop.
    pub(crate) interrupted: Option<Exit>,
}

/// Measures what `plan` says, with a bar on a terminal.
///
/// Work is done in blocks: the largest that the size of an element is a multiple of. What an
/// element means makes no difference to memory.
///
/// # Errors
///
/// A memory fails, or holds something wrong.
pub(crate) fn measure(plan: &Plan, env: &Env) -> anyhow::Result<Outcome> {
    let interrupt = Interrupt::listen()?;
    let outcome = match plan.size {
        size if size.is_multiple_of(16) => in_blocks::<u128>(plan, &interrupt, env),
        size if size.is_multiple_of(12) => in_blocks::<[u32; 3]>(plan, &interrupt, env),
        size if size.is_multiple_of(8) => in_blocks::<u64>(plan, &interrupt, env),
        size if size.is_multiple_of(4) => in_blocks::<u32>(plan, &interrupt, env),
        size if size.is_multiple_of(3) => in_blocks::<[u8; 3]>(plan, &interrupt, env),
        size if size.is_multiple_of(2) => in_blocks::<u16>(plan, &interrupt, env),
        _ => in_blocks::<u8>(plan, &interrupt, env),
    };
    // What is left is to show it, which nobody has to wait for.
    interrupt.end();
    outcome
}

fn in_blocks<T: Pod>(plan: &Plan, interrupt: &Interrupt, env: &Env) -> anyhow::Result<Outcome> {
    let material = Material::<T>::new(plan)?;
    let groups = plan.groups().into_iter();
    let mut groups: Vec<Vec<Contender>> =
        groups.map(|cases| cases.into_iter().map(Contender::new).collect()).collect();
    let kept = BTreeMap::new();
    let mut runner =
        Runner { plan, interrupt, material: &material, kept, answers: BTreeMap::new() };
    let ended = runner
        .calibrate_all(&mut groups, env)
        .and_then(|seconds| runner.take_turns(&mut groups, plan.rounds(seconds), env));
    let interrupted = match ended {
        Ok(()) => interrupt.check().err(),
        Err(error) => Some(error.downcast::<Interrupted>()?),
    };
    let contenders: Vec<_> = groups.into_iter().flatten().collect();
    let whole = contenders.iter().map(|one| one.costs.len()).min().unwrap_or(0);
    let interrupted = interrupted.map(|interrupted| interrupted.exit(state(whole)));
    let samples = contenders.iter().filter(|_| whole > 0);
    let samples = samples.map(|one| one.sample(whole, plan, &material)).collect();
    Ok(Outcome { samples, interrupted })
}

/// Says what there is after an interruption.
fn state(runs: usize) -> String {
    match runs as u64 {
        0 => "nothing was measured; no file is left behind".to_owned(),
        runs => format!("measured {} of each; no file is left behind", plural(runs, "run")),
    }
}

/// A case, and what it has cost so far.
#[derive(Debug)]
struct Contender {
    case: Case,
    /// How often one run does the operation.
    executions: u64,
    /// One cost for each run that counts.
    costs: Vec<Cost>,
}

impl Contender {
    const fn new(case: Case) -> Self {
        Self { case, executions: 1, costs: Vec::new() }
    }

    /// Says what came out of the first `runs` runs.
    fn sample<T>(&self, runs: usize, plan: &Plan, material: &Material<T>) -> Sample {
        let (elements, step) = match self.case.operation {
            Operation::Append => (plan.count, (material.step / material.width) as u64),
            Operation::Random => (material.reads as u64, 1),
            _ => (plan.count, plan.count),
        };
        let costs = &self.costs[..runs];
        let usage = costs.iter().fold(Usage::default(), |sum, cost| sum + cost.usage);
        Sample {
            case: self.case,
            element: plan.element.clone(),
            count: plan.count,
            elements,
            bytes: elements * plan.size,
            elements_per_step: step,
            executions_per_run: self.executions,
            times: costs.iter().map(|cost| cost.seconds).collect(),
            usage: usage.share(runs as f64),
        }
    }
}

/// Makes runs.
struct Runner<'a, T> {
    plan: &'a Plan,
    interrupt: &'a Interrupt,
    material: &'a Material<T>,
    /// Full memories, for operations that leave them as they are.
    kept: BTreeMap<Backend, Memory<T>>,
    /// What operations read, which is the same for all backends.
    answers: BTreeMap<Operation, u64>,
}

impl<T: Pod> Runner<'_, T> {
    /// Finds scales at which runs are long enough, and how many seconds a round takes.
    fn calibrate_all(&mut self, groups: &mut [Vec<Contender>], env: &Env) -> anyhow::Result<f64> {
        let contenders = groups.iter().map(Vec::len).sum::<usize>() as u64;
        let mut progress = Progress::parts(env, contenders, "warming up");
        let mut seconds = 0.0;
        for contender in groups.iter_mut().flatten() {
            seconds += self.calibrate(contender)?;
            progress.advance(1);
        }
        Ok(seconds)
    }

    fn calibrate(&mut self, contender: &mut Contender) -> anyhow::Result<f64> {
        let most = scale::most(self.plan, contender.case);
        loop {
            let start = Instant::now();
            let seconds = self.run(contender)?.seconds * contender.executions as f64;
            match scale::larger(contender.executions, most, seconds) {
                Some(larger) => contender.executions = larger,
                None => return Ok(start.elapsed().as_secs_f64()),
            }
        }
    }

    /// Makes the rounds before those that count, and then `rounds` that do.
    fn take_turns(
        &mut self,
        groups: &mut [Vec<Contender>],
        rounds: u64,
        env: &Env,
    ) -> anyhow::Result<()> {
        let warmup = self.plan.warmup;
        let mut progress = Progress::parts(env, warmup.saturating_add(rounds), "measuring");
        for round in 0..warmup.saturating_add(rounds) {
            for group in &mut *groups {
                for index in order(round, group.len()) {
                    let cost = self.run(&group[index])?;
                    if round >= warmup {
                        group[index].costs.push(cost);
                    }
                }
            }
            progress.advance(1);
        }
        Ok(())
    }

    /// Makes one run, and returns what each execution in it cost.
    fn run(&mut self, contender: &Contender) -> anyhow::Result<Cost> {
        self.interrupt.check()?;
        let Contender { case, executions, .. } = contender;
        self.timed(*case, *executions).with_context(|| case.to_string())
    }

    fn timed(&mut self, case: Case, executions: u64) -> anyhow::Result<Cost> {
        let (Case { operation, backend }, material) = (case, self.material);
        // One memory that is used over and over, or a new one for each execution.
        let (kept, number) = match operation.repeats() {
            true => (self.kept.remove(&backend), 1),
            false => (None, executions),
        };
        let mut memories = Vec::from_iter(kept);
        while (memories.len() as u64) < number {
            memories.push(self.set_up(operation, backend)?);
        }
        let (result, cost) = cost::of(|| execute(operation, &mut memories, executions, material));
        let found = self.located(result, backend)?;
        let wanted = *self.answers.entry(operation).or_insert(found);
        ensure!(found == wanted, "the memory does not hold what was put there");
        for memory in &mut memories {
            material.check(operation, memory)?;
            material.restore(operation, memory);
        }
        if operation.repeats() {
            self.kept.extend(memories.pop().map(|memory| (backend, memory)));
        }
        Ok(cost.each(executions))
    }

    /// Makes a memory that `operation` can start with.
    fn set_up(&self, operation: Operation, backend: Backend) -> anyhow::Result<Memory<T>> {
        let memory = Memory::new(backend, &self.plan.dir).and_then(|mut memory| {
            self.material.prepare(operation, &mut memory)?;
            Ok(memory)
        });
        self.located(memory, backend)
    }

    /// Says what to do about an error, and names the directory of a backend that has files.
    fn located<R>(&self, result: platform_mem::Result<R>, backend: Backend) -> anyhow::Result<R> {
        let result = result.map_err(explain);
        if backend.is_file() { result.at(&self.plan.dir) } else { result }
    }
}

/// The part of a run that the clock sees.
fn execute<T: Pod>(
    operation: Operation,
    memories: &mut [Memory<T>],
    executions: u64,
    material: &Material<T>,
) -> platform_mem::Result<u64> {
    let (mut answer, repeats) = (0, executions / memories.len() as u64);
    for memory in memories {
        for _ in 0..repeats {
            answer = black_box(material.perform(operation, memory)?);
        }
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::super::plan::tests::plan;
    use super::*;

    #[test]
    fn elements_of_any_size() {
        for size in [1, 2, 3, 4, 5, 8, 12, 16, 24, 516, 1 << 20] {
            let operations = Operation::value_variants().to_vec();
            let plan = Plan { operations, runs: Some(2), ..plan(&[Backend::Global], 3, size) };
            let Outcome { samples, interrupted } = measure(&plan, &Env::from_process()).unwrap();
            assert!(interrupted.is_none());
            assert_eq!(samples.len(), 6, "{size}");
            for sample in samples {
                assert_eq!(sample.bytes, sample.elements * size, "{}", sample.case);
                assert_eq!((sample.elements, sample.times.len()), (3, 2), "{}", sample.case);
            }
        }
    }

    #[test]
    fn what_is_said_after_an_interruption() {
        for (runs, said) in [
            (0, "nothing was measured; no file is left behind"),
            (1, "measured 1 run of each; no file is left behind"),
            (7, "measured 7 runs of each; no file is left behind"),
        ] {
            assert_eq!(state(runs), said);
        }
    }
}
