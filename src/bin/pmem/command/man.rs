//! `pmem man`: manual pages.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use clap::CommandFactory as _;

use crate::argument::file_name;
use crate::cli::Cli;
use crate::env::Env;
use crate::error::At as _;

/// Print the manual page, or write one page for each command
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  pmem man | man -l -
  pmem man ~/.local/share/man/man1")]
pub(crate) struct Man {
    /// Directory for the pages, made if need be; without it, the main page is printed
    #[arg(value_name = "DIR", value_parser = file_name())]
    directory: Option<PathBuf>,
}

impl Man {
    /// Does what the arguments say.
    ///
    /// # Errors
    ///
    /// A page cannot be written.
    pub(crate) fn run(self, env: &mut Env) -> anyhow::Result<()> {
        let mut main = Cli::command();
        main.build();
        let Some(directory) = self.directory else {
            env.out.write_all(&page(main)?)?;
            return Ok(());
        };
        fs::create_dir_all(&directory).at(&directory)?;
        for command in std::iter::once(&main).chain(main.get_subcommands()) {
            let name = command.get_display_name().unwrap_or_else(|| command.get_name());
            let path = directory.join(format!("{name}.1"));
            fs::write(&path, page(command.clone())?).at(&path)?;
            env.done(&path, "written");
        }
        Ok(())
    }
}

/// Gives an argument the text that its page needs: options that `-h` leaves out would have none
/// unless they have a long one, and other names of an option are not told.
fn described(argument: clap::Arg) -> clap::Arg {
    let help = argument.get_long_help().or(argument.get_help());
    let mut help = help.map(ToString::to_string).unwrap_or_default();
    let long = argument.get_visible_aliases().into_iter().flatten();
    let short = argument.get_visible_short_aliases().into_iter().flatten();
    let others = long.map(|name| format!("--{name}")).chain(short.map(|name| format!("-{name}")));
    let others: Vec<_> = others.collect();
    if !others.is_empty() {
        help.push_str(&format!("\n\nAlso {}", others.join(", ")));
    }
    argument.long_help(help)
}

/// Returns the page of a command.
fn page(command: clap::Command) -> anyhow::Result<Vec<u8>> {
    let source = concat!("pmem ", env!("CARGO_PKG_VERSION"));
    let man =
        clap_mangen::Man::new(command.mut_args(described)).manual("User Commands").source(source);
    let mut page = Vec::new();
    // An empty date is left out, and the source and the manual take the wrong places.
    man.date(" ").render(&mut page)?;
    Ok(page)
}
