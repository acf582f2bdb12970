//! `pmem bench`: which backend suits the job, measured here and now.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::ensure;

use crate::argument::Count;
use crate::argument::TypeArg;
use crate::argument::file_name;
use crate::bench::{
    self, Backend, Baseline, Choice, Compared, Export, Form, Look, Operation, Outcome, Plan,
    Report, Room, remarks,
};
use crate::env::Env;
use crate::error::Exit;
use crate::system::Machine;
use crate::text::{Name, Size, plural};

/// Measure which kind of memory suits a job
///
/// All operations and backends take turns, run by run, so that whatever else the machine does slows
/// all of them alike. A time is that of one operation on COUNT elements (random: on at most 65536
/// of them), without its set-up. The spread is the median absolute deviation, scaled to estimate a
/// standard deviation, as a part of the median. 'slower' compares medians with the fastest backend.
///
/// Files in --dir have no name, so none is left behind, whatever happens. Ctrl-C shows the results
/// of the whole rounds so far.
///
/// --baseline compares with an earlier --export-json and exits with status 1 if anything became
/// slower: if Welch's t-test on the logarithms of the times says so (one-sided, p < 0.01 after
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
    #[arg(long, short, value_name = "LIST", value_delimiter = ',', default_value = "all")]
    #[arg(value_parser = Choice::<Backend>::parser(), hide_possible_values = true)]
    backend: Vec<Choice<Backend>>,
    /// Operations: grow, append, fill, read, random, shrink, sync, all
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_value = "all")]
    #[arg(value_parser = Choice::<Operation>::parser(), hide_possible_values = true)]
    op: Vec<Choice<Operation>>,
    #[command(flatten)]
    element: TypeArg,
    /// Elements in a memory [default: 64 MiB of them]
    ///
    /// Without it, less than 64 MiB if an eighth of the free memory or disk is less.
    #[arg(long, short = 'n', allow_negative_numbers = true)]
    count: Option<Count>,
    /// Warm-up runs
    ///
    /// They come after one that finds out how much work makes a run.
    #[arg(long, short, value_name = "N", default_value_t = 0)]
    warmup: u64,
    /// Runs of each operation and backend [default: 10 or more]
    ///
    /// Without it, as many as fit into five seconds, but at least 10 and at most 100.
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    runs: Option<u64>,
    /// Directory for 'file' and 'temp'
    #[arg(long, default_value = ".", value_parser = file_name())]
    dir: PathBuf,
    /// Write results as JSON; '-' is standard output
    #[arg(long, value_name = "FILE", value_parser = file_name())]
    export_json: Option<PathBuf>,
    /// Write results as CSV
    #[arg(long, value_name = "FILE", value_parser = file_name())]
    export_csv: Option<PathBuf>,
    /// Write results as a Markdown table
    #[arg(long, value_name = "FILE", value_parser = file_name())]
    export_markdown: Option<PathBuf>,
    /// Draw results as SVG
    #[arg(long, value_name = "FILE", value_parser = file_name())]
    export_svg: Option<PathBuf>,
    /// Compare with a JSON export; exit 1 if slower
    #[arg(long, value_name = "FILE", value_parser = file_name())]
    baseline: Option<PathBuf>,
    /// Report a median as slower from this percentage on
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
        let Outcome { samples, interrupted } = bench::measure(&plan, env)?;
        let report = Report::new(samples, machine)?;
        if let Some(exit) = interrupted {
            // Files keep what they have; what is printed is for whoever stopped it, if they are
            // still there.
            if !report.records.is_empty() {
                let _ = print(&report, None, &plan, &exports, env);
            }
            return Err(exit.into());
        }
        let least = f64::from(self.slowdown) / 100.0;
        let compared = baseline.map(|baseline| baseline.compare(&report.records, least));
        print(&report, compared.as_deref(), &plan, &exports, env)?;
        say(env, &remarks::after(&report, plan.warmup));
        let mut files = exports.iter().filter(|export| !export.is_stdout());
        files.try_for_each(|export| export.write(&report, env))?;
        match compared.and_then(|compared| bench::slower(&report.records, &compared)) {
            Some(message) => Err(Exit { code: 1, message }.into()),
            None => Ok(()),
        }
    }

    /// Returns the files to write.
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

    /// Returns what to measure, after making sure that memory and disk suffice.
    fn plan(&self, machine: &Machine) -> anyhow::Result<Plan> {
        let element = &self.element.element;
        let backends = Choice::resolve(&self.backend);
        let files = backends.iter().any(|backend| backend.is_file());
        let room = Room::of(&self.dir, files, machine.filesystem.as_deref())?;
        let count = match self.count {
            Some(count) => count.elements(element)?,
            None => (room.default_bytes(&backends) / element.size()).max(1),
        };
        ensure!(count > 0, "--count 0: at least one element is needed");
        let plan = Plan {
            operations: Choice::resolve(&self.op),
            together: room.together(&backends),
            backends,
            element: element.to_string(),
            size: element.size(),
            count,
            warmup: self.warmup,
            runs: self.runs,
            dir: self.dir.clone(),
        };
        ensure!(!plan.is_idle(), "--op sync: only the backend 'file' can be synced");
        room.suffice(&plan)?;
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
        let baseline = Baseline::read(path, plan)?;
        say(env, remarks::elsewhere(&baseline.0, machine).as_slice());
        Ok(Some(baseline))
    }
}

/// Prints the export that goes to standard output; without one the table, on a terminal below a line
/// that says what it is about.
fn print(
    report: &Report,
    compared: Option<&Compared>,
    plan: &Plan,
    exports: &[Export],
    env: &mut Env,
) -> anyhow::Result<()> {
    if let Some(export) = exports.iter().find(|export| export.is_stdout()) {
        export.write(report, env)?;
        return Ok(env.out.flush()?);
    }
    if let Some(record) = report.records.first().filter(|_| env.on_terminal()) {
        let Plan { count, element, dir, .. } = plan;
        let size = Size(record.sample.memory_bytes());
        let filesystem = report.machine.filesystem.as_deref().unwrap_or("unknown");
        let (dir, runs) = (Name(dir), plural(record.runs as u64, "run"));
        writeln!(
            env.out,
            "{count} {element} elements ({size}), files in {dir} ({filesystem}), {runs}\n"
        )?;
    }
    let look = Look { width: env.on_terminal().then(|| env.width()), color: env.color() };
    for line in bench::table(report, compared, look) {
        writeln!(env.out, "{line}")?;
    }
    Ok(env.out.flush()?)
}

/// Says on standard error what a reader of the numbers should know.
fn say<S: AsRef<str>>(env: &Env, remarks: &[S]) {
    for remark in remarks {
        env.remark(remark.as_ref());
    }
}
