//! The command line: what it looks like, and which command it calls.

use std::ffi::OsString;

use clap::{Arg, ArgAction, Parser, Subcommand, value_parser};

use crate::argument::{Common, hide, usage};
use crate::command::{
    Bench, Completions, Convert, Diff, Dump, Fill, Find, Grow, Help, Info, Man, Plot, Shrink, Stats,
};
use crate::element::Element;
use crate::env::Env;

/// Look at, change and measure files of numbers
///
/// A file of numbers holds elements of one type, one after another: numbers, arrays of them, or
/// records with fields. A type names what one element is (u64, f32be, f32x128, x:f32,y:f32), a
/// COUNT how many (1000, 4K, 8MB), and a RANGE which ones (10..20).
#[derive(Debug, Parser)]
#[command(
    name = "pmem",
    version,
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true,
    args_override_self = true,
    arg = type_before_command(),
    arg = help(),
    arg = version(),
    max_term_width = 80,
    after_help = AFTER_HELP,
    after_long_help = format!("{EXAMPLES}\n\n{EXIT_STATUS}\n\n{AFTER_HELP}"),
)]
pub(crate) struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What the commands are for, and where to read on.
const AFTER_HELP: &str = "\
dump, info and plot look; stats, find and diff answer; grow, shrink and fill
change; bench measures. Each has --help, --color, --quiet and --verbose.
'pmem help' also explains types, formats, counts, ranges and values.";

/// One example of each command.
const EXAMPLES: &str = "\
Examples:
  pmem dump data.bin --type u64
  pmem info data.bin --type u64
  pmem plot sensor.f32
  pmem stats data.bin --type u64
  pmem find data.bin 42 --type u64
  pmem diff out.f32 golden.f32 --rtol 1e-5
  pmem grow data.bin 1M --type u64
  pmem shrink data.bin 512 --type u64
  pmem fill data.bin 42 --type u64 --range 10..20
  pmem bench --backend all --count 16M";

/// What the status of every command means.
pub(crate) const EXIT_STATUS: &str = "\
Exit status:
  0  done
  1  the answer is no
  2  anything wrong, from a bad flag to a full disk";

/// The type, said before the command; it is the default of the command's own `--type`.
fn type_before_command() -> Arg {
    let parser = value_parser!(Element);
    Arg::new("element")
        .long("type")
        .short('t')
        .value_name("TYPE")
        .value_parser(parser)
        .global(true)
        .hide(true)
}

/// Prints help. It has no line in the summary that `-h` prints: there it would take the room of a
/// command.
fn help() -> Arg {
    let help = Arg::new("help").long("help").short('h').action(ArgAction::Help);
    help.help("Print help; -h prints a summary").global(true).hide_short_help(true)
}

/// Prints the version.
fn version() -> Arg {
    let version = Arg::new("version").long("version").short('V').action(ArgAction::Version);
    version.help("Print version").global(true).hide_short_help(true)
}

/// What `pmem` can do.
#[derive(Debug, Subcommand)]
enum Command {
    Dump(Dump),
    Info(Info),
    Plot(Plot),
    Stats(Stats),
    Find(Find),
    Diff(Diff),
    Grow(Grow),
    Shrink(Shrink),
    Fill(Fill),
    Convert(Convert),
    Bench(Bench),
    Completions(Completions),
    Man(Man),
    Help(Help),
}

/// Does what `arguments` ask for.
///
/// # Errors
///
/// Whatever went wrong, from a bad flag to a full disk.
pub(crate) fn run(
    arguments: impl IntoIterator<Item = OsString>,
    env: &mut Env,
) -> anyhow::Result<()> {
    let arguments: Vec<OsString> = hide(arguments).collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return usage::answer(&error, &arguments, env),
    };
    let Common { color, quiet, verbose } = cli.common;
    env.configure(color, quiet, verbose);
    match cli.command {
        Command::Dump(command) => command.run(env),
        Command::Info(command) => command.run(env),
        Command::Plot(command) => command.run(env),
        Command::Stats(command) => command.run(env),
        Command::Find(command) => command.run(env),
        Command::Diff(command) => command.run(env),
        Command::Grow(command) => command.run(env),
        Command::Shrink(command) => command.run(env),
        Command::Fill(command) => command.run(env),
        Command::Convert(command) => command.run(env),
        Command::Bench(command) => command.run(env),
        Command::Completions(command) => command.run(env),
        Command::Man(command) => command.run(env),
        Command::Help(command) => command.run(env),
    }
}
