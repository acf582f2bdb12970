//! `pmem man`: manual pages.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use clap::builder::Resettable;
use clap::{Arg, Command, CommandFactory as _};
use clap_mangen::roff::{Roff, roman};

use crate::argument::file_name;
use crate::cli::{Cli, EXIT_STATUS};
use crate::env::Env;
use crate::error::At as _;

/// Print the manual page, or write one page for each command
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  pmem man | man -l -
  pmem man ~/.local/share/man/man1            # then: man pmem-dump")]
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
fn described(argument: Arg) -> Arg {
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

/// Returns the page of a command. What its help shows at the end becomes sections of their own.
fn page(command: Command) -> anyhow::Result<Vec<u8>> {
    let end = command.get_after_long_help().or(command.get_after_help());
    let mut end = end.map(ToString::to_string).unwrap_or_default();
    if !end.contains("Exit status:") {
        end.push_str(&format!("\n\n{EXIT_STATUS}"));
    }
    let command = command
        .mut_args(described)
        .after_help(Resettable::Reset)
        .after_long_help(Resettable::Reset);
    let source = concat!("pmem ", env!("CARGO_PKG_VERSION"));
    let mut page = Vec::new();
    // An empty date is left out, and the source and the manual take the wrong places.
    let man = clap_mangen::Man::new(command).manual("User Commands").source(source).date(" ");
    man.render(&mut page)?;
    sections(&end).to_writer(&mut page)?;
    Ok(page)
}

/// Turns `Heading:` and the indented lines below into a section, and other lines into notes.
fn sections(text: &str) -> Roff {
    let mut roff = Roff::new();
    let mut in_notes = false;
    for line in text.trim().lines() {
        let heading = line.strip_suffix(':').filter(|line| !line.starts_with(' '));
        let is_note = heading.is_none() && !line.is_empty() && !line.starts_with(' ');
        if let Some(heading) = heading {
            roff.control("SH", [&*heading.to_uppercase()]).control("nf", []);
        } else if is_note && !in_notes {
            roff.control("fi", []).control("SH", ["NOTES"]);
        }
        if heading.is_none() {
            roff.text([roman(line)]);
        }
        in_notes = is_note;
    }
    roff.control("fi", []);
    roff
}
