//! `pmem help`: the help of a command, and topics that several commands share.

use std::io::Write as _;

use anyhow::bail;
use clap::CommandFactory as _;

use crate::argument::usage;
use crate::cli::Cli;
use crate::env::Env;

/// Explain a command, types, formats, counts, ranges or values
#[derive(Debug, clap::Args)]
pub(crate) struct Help {
    /// A command, or types, formats, counts, ranges or values
    #[arg(value_name = "TOPIC")]
    topic: Option<String>,
}

/// What is explained beside the commands.
const TOPICS: [(&str, &str); 5] = [
    ("types", include_str!("help/types.txt")),
    ("formats", include_str!("help/formats.txt")),
    ("counts", include_str!("help/counts.txt")),
    ("ranges", include_str!("help/ranges.txt")),
    ("values", include_str!("help/values.txt")),
];

impl Help {
    /// Does what the arguments say.
    ///
    /// # Errors
    ///
    /// There is no such topic, or standard output cannot be written.
    pub(crate) fn run(self, env: &mut Env) -> anyhow::Result<()> {
        let mut main = Cli::command();
        main.build();
        let help = match self.topic.as_deref() {
            None => main.render_long_help(),
            Some(topic) => {
                if let Some((_, text)) = TOPICS.iter().find(|(name, _)| *name == topic) {
                    env.out.write_all(text.as_bytes())?;
                    return Ok(());
                }
                match main.find_subcommand_mut(topic) {
                    Some(command) => command.render_long_help(),
                    None => {
                        bail!(
                            "help {topic}: no such command or topic; there are {}",
                            names(&main).join(" ")
                        )
                    }
                }
            }
        };
        usage::show(&help, env)
    }
}

/// Returns the names of all commands and topics.
pub(super) fn names(main: &clap::Command) -> Vec<&str> {
    let commands = main.get_subcommands().map(clap::Command::get_name);
    commands.chain(TOPICS.map(|(name, _)| name)).collect()
}
