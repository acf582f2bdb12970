//! The measuring: finds out how much work makes a run, then lets everything take turns.

use anyhow::Context as _;

use super::material::Material;
use super::measured::Measured;
use super::plan::Plan;
use super::runner::{Contender, NOTHING_LEFT, Runner};
use super::schedule;
use crate::env::Env;
use crate::env::Interrupt;
use crate::env::Progress;
use bytemuck::Pod;

/// Measures what `plan` says, with a bar on a terminal.
///
/// # Errors
///
/// A memory fails, or somebody asked to stop.
pub(crate) fn measure(plan: &Plan, env: &Env) -> anyhow::Result<Vec<Measured>> {
    let interrupt = Interrupt::listen()?;
    let measured = Session { plan, interrupt: &interrupt, env }.run_any()?;
    // What is left is to show it, which nobody has to wait for.
    interrupt.end();
    interrupt.check().map_err(|interrupted| interrupted.exit(NOTHING_LEFT))?;
    Ok(measured)
}

/// A plan that is being carried out.
struct Session<'a> {
    plan: &'a Plan,
    interrupt: &'a Interrupt,
    env: &'a Env,
}

impl Session<'_> {
    fn run_any(self) -> anyhow::Result<Vec<Measured>> {
        match self.plan.element.size() {
            1 => self.run::<u8>(),
            2 => self.run::<u16>(),
            4 => self.run::<u32>(),
            8 => self.run::<u64>(),
            _ => self.run::<u128>(),
        }
    }

    fn run<T: Pod + PartialEq + Send + Sync>(self) -> anyhow::Result<Vec<Measured>> {
        let Self { plan, interrupt, env } = self;
        let count = usize::try_from(plan.count).context("too many elements to count")?;
        let material = Material::<T>::new(count);
        let mut runner = Runner::new(plan, interrupt, &material);
        let mut groups = groups(plan);
        let seconds = calibrate(&mut runner, &mut groups, env)?;
        let runs = plan.runs.unwrap_or_else(|| schedule::rounds(seconds));
        let rounds = plan.warmup.saturating_add(runs);
        let mut progress = Progress::parts(env, rounds, "measuring");
        for round in 0..rounds {
            for group in &mut groups {
                for index in schedule::order(round, group.len()) {
                    let cost = runner.run(&group[index])?;
                    if round >= plan.warmup {
                        group[index].costs.push(cost);
                    }
                }
            }
            progress.advance(1);
        }
        let measured = |contender| Measured::new(contender, plan, &material);
        Ok(groups.into_iter().flatten().map(measured).collect())
    }
}

/// Who takes part: for each operation, the backends that have it.
fn groups(plan: &Plan) -> Vec<Vec<Contender>> {
    let group = |operation| {
        plan.contenders(operation).map(|backend| Contender::new(operation, backend)).collect()
    };
    plan.operations.iter().copied().map(group).collect()
}

/// Finds scales at which runs are long enough, and how many seconds a round takes.
fn calibrate<T: Pod + PartialEq + Send + Sync>(
    runner: &mut Runner<'_, T>,
    groups: &mut [Vec<Contender>],
    env: &Env,
) -> anyhow::Result<f64> {
    let contenders = groups.iter().map(Vec::len).sum::<usize>() as u64;
    let mut progress = Progress::parts(env, contenders, "warming up");
    let mut seconds = 0.0;
    for contender in groups.iter_mut().flatten() {
        seconds += runner.calibrate(contender)?;
        progress.advance(1);
    }
    Ok(seconds)
}
