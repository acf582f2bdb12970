//! What the parser answers by itself: help, version, and one line about a wrong flag.

use std::error::Error as _;
use std::io::Write as _;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::env::Env;
use crate::value::show_minus;

/// Shows help or the version, or turns a refusal of the parser into an error of one line.
///
/// # Errors
///
/// The refusal, or a failure to show the help.
pub(crate) fn answer(error: &clap::Error, env: &mut Env) -> anyhow::Result<()> {
    match error.kind() {
        // The parser would call a command pmem-dump, which no program is.
        ErrorKind::DisplayVersion => Ok(writeln!(env.out, "pmem {}", env!("CARGO_PKG_VERSION"))?),
        ErrorKind::DisplayHelp => {
            let text = error.render();
            if env.color() {
                write!(env.out, "{}", text.ansi())?;
            } else {
                write!(env.out, "{text}")?;
            }
            Ok(())
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            env.show(&error.render().to_string());
            Err(Wrong(String::from("a command is missing")).into())
        }
        _ => Err(Wrong(show_minus(&line(error))).into()),
    }
}

/// A refusal of the parser.
#[derive(Debug)]
struct Wrong(String);

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Wrong {}

/// Puts what the parser says about a wrong flag on one line, with its suggestions.
fn line(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let mut message = match (text_of(error, ContextKind::InvalidArg), error.source()) {
        (Some(argument), Some(source)) => {
            let value = text_of(error, ContextKind::InvalidValue).unwrap_or_default();
            let name = argument.split(' ').next().unwrap_or(argument);
            format!("{} {value}: {source}", name.trim_matches(['<', '>', '[', ']', '.']))
        }
        _ => flatten(&text),
    };
    if let Some(command) = command(&text) {
        message.push_str(&format!("; try '{command} --help'"));
    }
    message
}

/// The text that the parser keeps under `kind`.
fn text_of(error: &clap::Error, kind: ContextKind) -> Option<&str> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text),
        _ => None,
    }
}

/// Joins the lines before the usage: the message, lists, and tips.
fn flatten(text: &str) -> String {
    let mut flat = String::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if line.starts_with("Usage:") || line.starts_with("For more information") {
            break;
        }
        let line = line.strip_prefix("error: ").unwrap_or(line);
        match line.strip_prefix("tip: ") {
            Some(tip) => flat.push_str(&format!("; {tip}")),
            None if flat.is_empty() => flat.push_str(line),
            None => flat.push_str(&format!(" {line}")),
        }
    }
    flat
}

/// The words of the usage line that name the command.
fn command(text: &str) -> Option<String> {
    let usage = text.lines().find_map(|line| line.trim().strip_prefix("Usage: "))?;
    let words = usage.split(' ').take_while(|word| word.starts_with(|c: char| c.is_lowercase()));
    Some(words.collect::<Vec<_>>().join(" "))
}
