//! `pmem bench`: which backend suits the job, measured here and now.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::ensure;

use crate::argument::Count;
use crate::argument::TypeArg;
use crate::argument::file_name;
use crate::bench::{
    self, Baseline, Choice, Compared, Export, Form, Look, Machine, Measured, Operation, Plan,
    Report, Resources, remarks,
};
use crate::env::Env;
use crate::error::Exit;
use crate::text::Name;
use crate::text::Size;

/// Measure which kind of memory suits a job
///
/// All operations and backends take turns, run by run, so that whatever else the machine does hits
/// all alike. A time is that of one operation on COUNT elements (random: on at most
/// 65536 of them); setting up is not part of it. The spread is the median absolute deviation,
/// scaled to estimate a standard deviation, as a part of the median. 'slower' compares medians
/// with the fastest backend.
///
/// Files are made in --dir without a name, so that none is left behind, whatever happens.
///
/// --baseline compares with an earlier --export-json: exit status 1 if anything became slower.
/// That is so if Welch's t-test on the logarithms of the times says so (one-sided, p < 0.01 after
/// Holm's adjustment for the number of comparisons), and the median is slower by --slowdown.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  pmem bench --backend all --count 16M
  pmem bench -b global,file --op grow,append -t u64 --dir /data
  pmem bench --export-json - | jq '.results[] | [.command, .median]'
  pmem bench --baseline before.json --export-svg now.svg")]
pub(crate) struct Bench {
    /// Kinds of memory: global, system, file, temp, all
    #[arg(long, short, value_name = "LIST", value_enum, value_delimiter = ',')]
    #[arg(default_value = "all", hide_possible_values = true)]
    backend: Vec<Choice>,
    /// Operations: grow, append, fill, read, random, shrink, sync [default: all]
    #[arg(long, value_name = "LIST", value_enum, value_delimiter = ',')]
    #[arg(hide_possible_values = true)]
    op: Vec<Operation>,
    #[command(flatten)]
    element: TypeArg,
    /// Elements in a memory [default: 64MiB of them, less if there is little room]
    #[arg(long, short = 'n', allow_negative_numbers = true)]
    count: Option<Count>,
    /// Runs before those that count
    ///
    /// One that finds out how much work makes a run is always there.
    #[arg(long, short, value_name = "N", default_value_t = 0)]
    warmup: u64,
    /// Runs of each operation and backend [default: for some seconds, at least 10]
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    runs: Option<u64>,
    /// Where 'file' and 'temp' put files
    #[arg(long, default_value = ".", value_parser = file_name())]
    dir: PathBuf,
    /// Write results as JSON; '-' is standard output
    #[arg(long, value_name = "FILE", value_parser = file_name())]
    export_json: Option<PathBuf>,
    /// Write results as CSV
    #[arg(long, value_name = "FILE", value_parser = file_name())]
    export_csv: Option<PathBuf>,
    /// Write results as a table in Markdown
    #[arg(long, value_name = "FILE", value_parser = file_name())]
    export_markdown: Option<PathBuf>,
    /// Draw results as SVG
    #[arg(long, value_name = "FILE", value_parser = file_name())]
    export_svg: Option<PathBuf>,
    /// Compare with a JSON export; exit 1 if slower
    #[arg(long, value_name = "FILE", value_parser = file_name())]
    baseline: Option<PathBuf>,
    /// Per cent by which a median must be slower to count as that
    #[arg(long, value_name = "PERCENT", default_value_t = 10, requires = "baseline")]
    #[arg(hide_short_help = true)]
    slowdown: u32,
}

impl Bench {
    /// Does what the arguments say.
    ///
    /// # Errors
    ///
    /// Something cannot be measured or written, or is slower than in the baseline.
    pub(crate) fn run(self, env: &mut Env) -> anyhow::Result<()> {
        let exports = self.exports();
        bench::check(&exports)?;
        let machine = Machine::of(&self.dir);
        let plan = self.plan(&machine)?;
        let baseline = self.baseline(&plan, &machine, env)?;
        say(env, &remarks::before(&plan, &self.op, &machine));
        let all = bench::measure(&plan, env)?;
        let least = f64::from(self.slowdown) / 100.0;
        let compared = baseline.map(|baseline| baseline.compare(&all, least));
        if !exports.iter().any(Export::is_stdout) {
            show(&all, compared.as_deref(), &plan, &machine, env)?;
        }
        say(env, &remarks::after(&all, plan.warmup, &machine));
        let report = Report::new(&all, machine);
        exports.iter().try_for_each(|export| export.write(&all, &report, env))?;
        conclude(compared.as_deref())
    }

    /// The files to write.
    fn exports(&self) -> Vec<Export> {
        let files = [
            (Form::Json, &self.export_json),
            (Form::Csv, &self.export_csv),
            (Form::Markdown, &self.export_markdown),
            (Form::Svg, &self.export_svg),
        ];
        let export = |(form, path): (Form, &Option<PathBuf>)| {
            path.as_ref().map(|path| Export { form, path: path.clone() })
        };
        files.into_iter().filter_map(export).collect()
    }

    /// What to measure, for which there is enough memory and disk.
    fn plan(&self, machine: &Machine) -> anyhow::Result<Plan> {
        let element = self.element.element.clone();
        let backends = Choice::resolve(&self.backend);
        let files = backends.iter().any(|backend| backend.is_file());
        let resources = Resources::of(&self.dir, files, machine.filesystem.as_deref())?;
        let count = match self.count {
            Some(count) => count.elements(&element)?,
            None => resources.default_bytes(&backends) / element.size(),
        };
        ensure!(count > 0, "--count 0: there is nothing to measure without elements");
        let asked = |operation: &Operation| self.op.is_empty() || self.op.contains(operation);
        let together = resources.together(&backends);
        let plan = Plan {
            operations: Operation::ALL.into_iter().filter(asked).collect(),
            backends,
            element,
            count,
            warmup: self.warmup,
            runs: self.runs,
            dir: self.dir.clone(),
            together,
        }
        .without_idle_operations();
        ensure!(!plan.operations.is_empty(), "sync is only for the backend 'file'");
        resources.suffice(&plan)?;
        Ok(plan)
    }

    /// Reads what to compare with, if anything.
    fn baseline(
        &self,
        plan: &Plan,
        machine: &Machine,
        env: &Env,
    ) -> anyhow::Result<Option<Baseline>> {
        let Some(path) = &self.baseline else { return Ok(None) };
        let baseline = Baseline::read(path)?;
        baseline.suits(plan, path)?;
        say(env, remarks::elsewhere(&baseline, machine).as_slice());
        Ok(Some(baseline))
    }
}

/// Shows the table, on a terminal below a line that says what it is about; remarks come after it.
fn show(
    all: &[Measured],
    compared: Option<&[Compared]>,
    plan: &Plan,
    machine: &Machine,
    env: &mut Env,
) -> anyhow::Result<()> {
    if env.on_terminal() {
        let Plan { count, element, dir, .. } = plan;
        let size = Size(count.saturating_mul(element.size()));
        let filesystem = machine.filesystem.as_deref().unwrap_or("unknown");
        let (dir, runs) = (Name(dir), all.first().map_or(0, |one| one.costs.len()));
        writeln!(
            env.out,
            "{count} {element} elements ({size}), files in {dir} ({filesystem}), {runs} runs\n"
        )?;
    }
    let look = Look { width: env.on_terminal().then(|| env.width()), color: env.color() };
    for line in bench::table(all, compared, look) {
        writeln!(env.out, "{line}")?;
    }
    Ok(env.out.flush()?)
}

/// Fails if something became slower.
fn conclude(compared: Option<&[Compared]>) -> anyhow::Result<()> {
    match compared.and_then(bench::slower) {
        Some(message) => Err(Exit { code: 1, message }.into()),
        None => Ok(()),
    }
}

/// Says on standard error what a reader of the numbers should know.
fn say<S: AsRef<str>>(env: &Env, remarks: &[S]) {
    for remark in remarks {
        env.remark(remark.as_ref());
    }
}
