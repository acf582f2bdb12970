//! The measuring: finds out how much work makes a run, then makes the backends take turns.

use std::hint::black_box;
use std::time::Instant;

use anyhow::{Context as _, ensure};

use super::backend::Backend;
use super::cost::{self, Cost};
use super::material::Material;
use super::measured::Measured;
use super::memory::Memory;
use super::operation::Operation;
use super::plan::Plan;
use super::scale::Scale;
use super::{schedule, work};
use crate::edit::explain;
use crate::element::{Job, Scalar};
use crate::error::At as _;
use crate::interrupt::Interrupt;
use crate::progress::Progress;

/// The state of things after an interruption.
const NOTHING_LEFT: &str = "no file is left behind";

/// Parts that the progress of one operation is counted in.
pub(crate) const PARTS: u64 = 1000;

/// A plan that is being carried out.
pub(crate) struct Session<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) interrupt: &'a Interrupt,
    pub(crate) progress: Progress,
}

/// A backend that takes part in measuring an operation.
struct Contender<T> {
    backend: Backend,
    scale: Scale,
    costs: Vec<Cost>,
    /// The memory of the run before, if the operation leaves it as it finds it.
    kept: Vec<Memory<T>>,
}

impl Job for Session<'_> {
    type Output = anyhow::Result<Vec<Measured>>;

    fn run<T: Scalar>(mut self) -> Self::Output {
        let count = usize::try_from(self.plan.count).context("too many elements to count")?;
        let material = Material::<T>::new(count);
        let mut all = Vec::new();
        for operation in self.plan.operations.iter().copied() {
            self.progress.say(operation.name());
            all.extend(self.measure(operation, &material)?);
        }
        Ok(all)
    }
}

impl Session<'_> {
    /// Measures one operation on all backends that have it.
    fn measure<T: Scalar>(
        &mut self,
        operation: Operation,
        material: &Material<T>,
    ) -> anyhow::Result<Vec<Measured>> {
        let (mut contenders, mut seconds, mut answer) = (Vec::new(), 0.0, None);
        for backend in self.plan.contenders(operation) {
            let (scale, costs, kept) = (Scale::ONCE, Vec::new(), Vec::new());
            let mut contender = Contender { backend, scale, costs, kept };
            seconds += self.calibrate(operation, &mut contender, material, &mut answer)?;
            contenders.push(contender);
        }
        let (plan, warmup) = (self.plan, self.plan.warmup);
        let runs = plan.runs.unwrap_or_else(|| schedule::rounds(seconds, plan.operations.len()));
        let rounds = warmup.saturating_add(runs);
        for round in 0..rounds {
            for index in schedule::order(round, contenders.len()) {
                let contender = &mut contenders[index];
                let cost = self.run_once(operation, contender, material, &mut answer)?;
                if round >= warmup {
                    contender.costs.push(cost);
                }
            }
            let part = |round| (u128::from(PARTS) * round / u128::from(rounds)) as u64;
            self.progress.advance(part(u128::from(round) + 1) - part(round.into()));
        }
        let measured = |contender| self.measured(operation, contender, material);
        Ok(contenders.into_iter().map(measured).collect())
    }

    /// Finds a scale at which a run is long enough, and how many seconds it takes in all.
    fn calibrate<T: Scalar>(
        &self,
        operation: Operation,
        contender: &mut Contender<T>,
        material: &Material<T>,
        answer: &mut Option<u64>,
    ) -> anyhow::Result<f64> {
        let most = Scale::most_memories(self.plan, contender.backend);
        loop {
            let start = Instant::now();
            let cost = self.run_once(operation, contender, material, answer)?;
            let scale = contender.scale;
            match scale.larger(operation, most, cost.seconds * scale.executions() as f64) {
                Some(larger) => contender.scale = larger,
                None => return Ok(start.elapsed().as_secs_f64()),
            }
        }
    }

    /// Makes one run, and returns what each execution in it cost.
    fn run_once<T: Scalar>(
        &self,
        operation: Operation,
        contender: &mut Contender<T>,
        material: &Material<T>,
        answer: &mut Option<u64>,
    ) -> anyhow::Result<Cost> {
        self.interrupt.check().map_err(|interrupted| interrupted.exit(NOTHING_LEFT))?;
        let Contender { backend, scale, ref mut kept, .. } = *contender;
        let what = || format!("{operation} {backend}");
        while (kept.len() as u64) < scale.memories {
            kept.push(self.set_up(operation, backend, material).with_context(what)?);
        }
        let (result, cost) = cost::of(|| execute(operation, kept, scale, material));
        let found = self.located(result, backend).with_context(what)?;
        let same = *answer.get_or_insert(found) == found;
        ensure!(same, "{}: the memory does not hold what was put there", what());
        for memory in &mut *kept {
            work::check(operation, memory, material).with_context(what)?;
        }
        if !operation.repeats() {
            kept.clear();
        }
        Ok(cost.each(scale.executions()))
    }

    /// Makes a memory that `operation` can start with.
    fn set_up<T: Scalar>(
        &self,
        operation: Operation,
        backend: Backend,
        material: &Material<T>,
    ) -> anyhow::Result<Memory<T>> {
        let memory = Memory::new(backend, &self.plan.dir).and_then(|mut memory| {
            work::prepare(operation, &mut memory, material)?;
            Ok(memory)
        });
        self.located(memory, backend)
    }

    /// Names the directory in an error of a backend that has files there.
    fn located<R>(&self, result: platform_mem::Result<R>, backend: Backend) -> anyhow::Result<R> {
        let result = result.map_err(explain);
        if backend.is_file() { result.at(&self.plan.dir) } else { result }
    }

    /// Says what came out.
    fn measured<T: Scalar>(
        &self,
        operation: Operation,
        contender: Contender<T>,
        material: &Material<T>,
    ) -> Measured {
        let (handled, step) = match operation {
            Operation::Append => (material.count, material.step),
            Operation::Random => (material.reads, 1),
            _ => (material.count, material.count),
        };
        let Contender { backend, scale, costs, .. } = contender;
        Measured {
            operation,
            backend,
            element: self.plan.element,
            count: self.plan.count,
            handled: handled as u64,
            step: step as u64,
            executions: scale.executions(),
            costs,
        }
    }
}

/// The part of a run that the clock sees.
fn execute<T: Scalar>(
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
