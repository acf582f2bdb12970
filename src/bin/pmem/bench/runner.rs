//! One run: makes memories ready, has the work timed, and checks that it was done.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

use anyhow::{Context as _, ensure};

use super::backend::Backend;
use super::cost::{self, Cost};
use super::material::Material;
use super::memory::Memory;
use super::operation::Operation;
use super::plan::Plan;
use super::scale::Scale;
use super::work;
use crate::edit::explain;
use crate::env::Interrupt;
use crate::error::At as _;
use bytemuck::Pod;

/// The state of things after an interruption.
pub(super) const NOTHING_LEFT: &str = "no file is left behind";

/// An operation of a backend, and what it has cost so far.
#[derive(Debug)]
pub(super) struct Contender {
    pub(super) operation: Operation,
    pub(super) backend: Backend,
    pub(super) scale: Scale,
    /// One cost for each run that counts.
    pub(super) costs: Vec<Cost>,
}

impl Contender {
    /// One that has not run yet.
    pub(super) const fn new(operation: Operation, backend: Backend) -> Self {
        Self { operation, backend, scale: Scale::ONCE, costs: Vec::new() }
    }
}

/// Makes runs.
pub(super) struct Runner<'a, T> {
    plan: &'a Plan,
    interrupt: &'a Interrupt,
    material: &'a Material<T>,
    /// Full memories, for operations that leave them as they are.
    kept: BTreeMap<Backend, Memory<T>>,
    /// What operations read, which is the same for all backends.
    answers: BTreeMap<Operation, u64>,
}

impl<'a, T: Pod + PartialEq + Send + Sync> Runner<'a, T> {
    /// One that has no memories yet.
    pub(super) fn new(plan: &'a Plan, interrupt: &'a Interrupt, material: &'a Material<T>) -> Self {
        let (kept, answers) = (BTreeMap::new(), BTreeMap::new());
        Self { plan, interrupt, material, kept, answers }
    }

    /// Finds a scale at which a run is long enough, and how many seconds it takes in all.
    ///
    /// # Errors
    ///
    /// As [`Runner::run`].
    pub(super) fn calibrate(&mut self, contender: &mut Contender) -> anyhow::Result<f64> {
        let most = Scale::most_memories(self.plan, contender.backend);
        loop {
            let start = Instant::now();
            let seconds = self.run(contender)?.seconds * contender.scale.executions() as f64;
            match contender.scale.larger(contender.operation, most, seconds) {
                Some(larger) => contender.scale = larger,
                None => return Ok(start.elapsed().as_secs_f64()),
            }
        }
    }

    /// Makes one run, and returns what each execution in it cost.
    ///
    /// # Errors
    ///
    /// A memory fails or holds something wrong, or somebody asked to stop.
    pub(super) fn run(&mut self, contender: &Contender) -> anyhow::Result<Cost> {
        let Contender { operation, backend, scale, .. } = *contender;
        self.interrupt.check().map_err(|interrupted| interrupted.exit(NOTHING_LEFT))?;
        self.timed(operation, backend, scale).with_context(|| format!("{operation} {backend}"))
    }

    fn timed(
        &mut self,
        operation: Operation,
        backend: Backend,
        scale: Scale,
    ) -> anyhow::Result<Cost> {
        let material = self.material;
        let kept = if operation.repeats() { self.kept.remove(&backend) } else { None };
        let mut memories = Vec::from_iter(kept);
        while (memories.len() as u64) < scale.memories {
            memories.push(self.set_up(operation, backend)?);
        }
        let (result, cost) = cost::of(|| execute(operation, &mut memories, scale, material));
        let found = self.located(result, backend)?;
        let wanted = *self.answers.entry(operation).or_insert(found);
        ensure!(found == wanted, "the memory does not hold what was put there");
        for memory in &mut memories {
            work::check(operation, memory, material)?;
            work::restore(operation, memory, material);
        }
        if operation.repeats() {
            self.kept.extend(memories.pop().map(|memory| (backend, memory)));
        }
        Ok(cost.each(scale.executions()))
    }

    /// Makes a memory that `operation` can start with.
    fn set_up(&self, operation: Operation, backend: Backend) -> anyhow::Result<Memory<T>> {
        let memory = Memory::new(backend, &self.plan.dir).and_then(|mut memory| {
            work::prepare(operation, &mut memory, self.material)?;
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
fn execute<T: Pod + PartialEq + Send + Sync>(
    operation: Operation,
    memories: &mut [Memory<T>],
    scale: Scale,
    material: &Material<T>,
) -> platform_mem::Result<u64> {
    let mut answer = 0;
    for memory in memories {
        for _ in 0..scale.repeats {
            answer = black_box(work::perform(operation, memory, material)?);
        }
    }
    Ok(answer)
}
