//! `pmem completions`: scripts that let shells complete the command line.

use std::io::Write as _;

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::cli::Cli;
use crate::env::Env;

/// Print a script that lets a shell complete the command line
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  pmem completions bash > ~/.local/share/bash-completion/completions/pmem
  pmem completions zsh > ~/.zfunc/_pmem
  pmem completions fish > ~/.config/fish/completions/pmem.fish")]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

impl Completions {
    /// Does what the arguments say.
    ///
    /// # Errors
    ///
    /// Standard output cannot be written.
    pub(crate) fn run(self, env: &mut Env) -> anyhow::Result<()> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "pmem", &mut script);
        for line in script.split_inclusive(|byte| *byte == b'\n') {
            // A hidden operand, which only takes a radix after -x, is nothing to complete.
            if !line.starts_with(b"'::second") {
                env.out.write_all(line)?;
            }
        }
        Ok(())
    }
}
