//! The command line: what it looks like, and which command it calls.

use std::ffi::OsString;

use clap::{Args, Parser, Subcommand};

use crate::command::{Dump, Fill, Grow, Shrink};
use crate::env::{ColorChoice, Env};
use crate::{usage, value};

/// Look at, grow, shrink and fill files of numbers
///
/// A file of numbers holds nothing but elements of one type, one after another. Elements are named
/// by their type (u64, f32be, …), counted in COUNTs (1000, 4K, 8MB) and chosen by RANGEs (10..20).
#[derive(Debug, Parser)]
#[command(
    name = "pmem",
    version,
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// Options that every command has.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Common {
    /// When to use colours
    ///
    /// Beats the variables NO_COLOR, which turns colours off, and CLICOLOR_FORCE, which turns them
    /// on.
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorChoice,
    /// Never say what was done
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Say what was done, also when standard error is no terminal
    #[arg(long, global = true)]
    pub(crate) verbose: bool,
}

/// What `pmem` can do.
#[derive(Debug, Subcommand)]
enum Command {
    Dump(Dump),
    Grow(Grow),
    Shrink(Shrink),
    Fill(Fill),
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
    let cli = match Cli::try_parse_from(value::hide_minus(arguments)) {
        Ok(cli) => cli,
        Err(error) => return usage::answer(&error, env),
    };
    env.configure(cli.common);
    match cli.command {
        Command::Dump(command) => command.run(env),
        Command::Grow(command) => command.run(env),
        Command::Shrink(command) => command.run(env),
        Command::Fill(command) => command.run(env),
    }
}
