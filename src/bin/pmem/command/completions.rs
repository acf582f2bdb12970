//! `pmem completions`: scripts that let shells complete the command line.
//!
//! The scripts are those of `clap_complete`, made from the definitions of the parser. Three things
//! are added: what an option takes that the parser leaves open (types, topics, files); in bash,
//! options are only offered behind a minus, so that files are offered where a file is wanted; in
//! fish, the words that an operand can be.

use std::io::Write as _;

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, CommandFactory as _, ValueHint};
use clap_complete::Shell;

use super::help;
use crate::cli::Cli;
use crate::element::names;
use crate::env::Env;

/// Print a script that lets a shell complete the command line
///
/// Completes commands, options, types, formats, operations, topics and files. Make the directory
/// first if there is none: mkdir -p ~/.zfunc.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  pmem completions bash > ~/.local/share/bash-completion/completions/pmem
  pmem completions zsh > ~/.zfunc/_pmem       # and fpath+=~/.zfunc in ~/.zshrc
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
        let mut main = Cli::command();
        let topics: Vec<String> = help::names(&main).into_iter().map(str::to_owned).collect();
        main = main
            .mut_args(offered)
            .mut_subcommands(|command| command.mut_args(offered))
            .mut_subcommand("help", |help| {
                help.mut_arg("topic", |topic| topic.value_parser(PossibleValuesParser::new(topics)))
            });
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut main, "pmem", &mut script);
        let mut script = String::from_utf8(script)?;
        match self.shell {
            Shell::Bash => script = options_behind_a_minus(&script),
            Shell::Fish => script.push_str(&words_of_operands(&main)),
            _ => {}
        }
        for line in script.split_inclusive('\n') {
            // A hidden operand, which only takes a radix after -x, is nothing to complete.
            if !line.starts_with("'::second") {
                env.out.write_all(line.as_bytes())?;
            }
        }
        Ok(())
    }
}

/// Says what a shell offers for an argument, where its parser does not.
fn offered(argument: Arg) -> Arg {
    let name = argument.get_value_names().and_then(|names| names.first()).map(|name| &**name);
    match name {
        Some("TYPE") => argument.value_parser(PossibleValuesParser::new(names())),
        Some("DIR") => argument.value_hint(ValueHint::DirPath),
        _ if argument.get_value_hint() == ValueHint::AnyPath => {
            argument.value_hint(ValueHint::FilePath)
        }
        _ if argument.get_action().takes_values() && argument.get_possible_values().is_empty() => {
            argument.value_hint(ValueHint::Other)
        }
        _ => argument,
    }
}

/// Makes the script for bash offer options only if the word begins with a minus. Otherwise it
/// offers the words that an operand can be, and where there are none bash offers files.
fn options_behind_a_minus(script: &str) -> String {
    let mut behind = String::with_capacity(script.len());
    for line in script.split_inclusive('\n') {
        let condition = line.find(" || ${COMP_CWORD} -eq ");
        match (condition, line.strip_prefix("            COMPREPLY=( $(compgen -W ")) {
            (Some(at), _) => behind.push_str(&format!("{} ]] ; then\n", &line[..at])),
            (_, Some(rest)) => {
                behind.push_str(&format!("            COMPREPLY=( $(compgen -X '-*' -W {rest}"));
            }
            (None, None) => behind.push_str(line),
        }
    }
    behind
}

/// Returns what tells fish which words the operands of commands can be.
fn words_of_operands(main: &Command) -> String {
    let mut lines = String::new();
    for command in main.get_subcommands() {
        let values = command.get_positionals().flat_map(Arg::get_possible_values);
        let words: Vec<String> = values.map(|value| value.get_name().to_owned()).collect();
        if !words.is_empty() {
            let (name, words) = (command.get_name(), words.join(" "));
            lines.push_str(&format!(
                "complete -c pmem -n \"__fish_pmem_using_subcommand {name}\" -f -a \"{words}\"\n"
            ));
        }
    }
    lines
}
