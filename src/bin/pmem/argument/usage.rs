//! What the parser answers by itself: help, version, and one line about a wrong flag.

use std::error::Error as _;
use std::ffi::OsString;
use std::io::Write as _;
use std::path::Path;

use anyhow::anyhow;
use clap::ValueEnum as _;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::minus;
use crate::env::{ColorChoice, Env};
use crate::error::Exit;
use crate::text::Name;

/// Shows help or the version, or turns a refusal of the parser into an error of one line.
///
/// # Errors
///
/// The refusal, or a failure to show the help.
pub(crate) fn answer(
    error: &clap::Error,
    arguments: &[OsString],
    env: &mut Env,
) -> anyhow::Result<()> {
    match error.kind() {
        // The parser would call a command pmem-dump, which no program is.
        ErrorKind::DisplayVersion => Ok(writeln!(env.out, "pmem {}", env!("CARGO_PKG_VERSION"))?),
        ErrorKind::DisplayHelp => {
            if let Some(color) = color(arguments) {
                env.set_color(color);
            }
            show(&error.render(), env)
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            env.show(&error.render().to_string());
            Err(Exit { code: 2, message: String::new() }.into())
        }
        ErrorKind::InvalidUtf8 => Err(anyhow!(
            "'{}' is not valid UTF-8; only file names may be",
            not_utf8(arguments)
                .map(|argument| Name(Path::new(argument)).to_string())
                .next()
                .unwrap_or_default()
        )),
        _ => {
            let mut message = minus::show(&line(error));
            for argument in not_utf8(arguments) {
                let shown = Name(Path::new(argument)).to_string();
                message = message.replace(&*argument.to_string_lossy(), &shown);
            }
            Err(anyhow!(message))
        }
    }
}

/// Shows help, in colours if they are wanted.
///
/// # Errors
///
/// Standard output cannot be written.
pub(crate) fn show(help: &StyledStr, env: &mut Env) -> anyhow::Result<()> {
    match env.color() {
        true => write!(env.out, "{}", help.ansi())?,
        false => write!(env.out, "{help}")?,
    }
    Ok(())
}

/// What `--color` says, where the parser has stopped before it told.
fn color(arguments: &[OsString]) -> Option<ColorChoice> {
    let arguments = arguments.iter().map_while(|argument| match argument.to_str() {
        Some("--") => None,
        argument => Some(argument.unwrap_or_default()),
    });
    let mut value = None;
    let mut follows = false;
    for argument in arguments {
        if follows {
            value = Some(argument);
        }
        value = argument.strip_prefix("--color=").or(value);
        follows = argument == "--color";
    }
    ColorChoice::from_str(value?, true).ok()
}

/// The arguments that are not UTF-8.
fn not_utf8(arguments: &[OsString]) -> impl Iterator<Item = &OsString> {
    arguments.iter().filter(|argument| argument.to_str().is_none())
}

/// Puts what the parser says about a wrong flag on one line, with its suggestions.
fn line(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let mut message = match (text_of(error, ContextKind::InvalidArg), error.source()) {
        (Some(argument), Some(source)) => {
            let value = text_of(error, ContextKind::InvalidValue).unwrap_or_default();
            let name = argument.split(' ').next().unwrap_or(argument);
            let reason = reason(source);
            format!("{} {value}: {reason}", name.trim_matches(['<', '>', '[', ']', '.']))
        }
        _ => flatten(&text),
    };
    if let Some(command) = command(&text) {
        message.push_str(&format!("; try '{command} --help'"));
    }
    message
}

/// Says why a value is refused. The parser hands on what the standard library says about numbers,
/// which is about their digits.
fn reason(source: &(dyn std::error::Error + 'static)) -> String {
    match &*source.to_string() {
        "invalid digit found in string" | "cannot parse integer from empty string" => {
            String::from("expected a whole number that is not negative")
        }
        "number too large to fit in target type" => String::from("the number is too large"),
        reason => reason.to_owned(),
    }
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
