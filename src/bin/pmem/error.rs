//! How errors get the name of their file, and how they become one line and an exit code.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;

use crate::env::is_closed_pipe;
use crate::text::{Name, printable};

/// Adds the path to an error, the way every message of the program names its file.
pub(crate) trait At<T> {
    /// Names the file that the error is about.
    ///
    /// # Errors
    ///
    /// The error it is given, with the name in front.
    fn at(self, path: &Path) -> anyhow::Result<T>;
}

impl<T, E> At<T> for Result<T, E>
where
    Result<T, E>: anyhow::Context<T, E>,
{
    fn at(self, path: &Path) -> anyhow::Result<T> {
        self.with_context(|| Name(path).to_string())
    }
}

/// A failure that has its own exit code: the answer "no" is code 1, an interrupted command 130 or
/// 143.
#[derive(Debug)]
pub(crate) struct Exit {
    /// The exit code.
    pub(crate) code: u8,
    /// What to say; nothing, if that is empty.
    pub(crate) message: String,
}

impl Exit {
    /// The answer "no", which needs no words.
    pub(crate) const fn no() -> Self {
        Self { code: 1, message: String::new() }
    }
}

impl std::fmt::Display for Exit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Exit {}

/// What the process says at its end: the exit code, and a line unless it ends quietly.
pub(crate) fn verdict(error: &anyhow::Error) -> (ExitCode, Option<String>) {
    if error.chain().any(is_closed_pipe) {
        return (ExitCode::SUCCESS, None);
    }
    match error.downcast_ref::<Exit>() {
        Some(exit) if exit.message.is_empty() => (ExitCode::from(exit.code), None),
        Some(exit) => (ExitCode::from(exit.code), Some(message(error))),
        None => (ExitCode::from(2), Some(message(error))),
    }
}

/// The chain of causes on one line.
pub(crate) fn message(error: &anyhow::Error) -> String {
    let causes: Vec<String> = error.chain().map(cause_text).collect();
    printable(&causes.join(": ").replace(['\n', '\r'], " ")).into_owned()
}

/// The text of one cause, without the number that the standard library adds to system errors.
///
/// Only the first cause of all has it; what comes later can be the name of a file.
fn cause_text(cause: &(dyn std::error::Error + 'static)) -> String {
    let text = cause.to_string();
    let parts = text.strip_suffix(')').and_then(|text| text.rsplit_once(" (os error "));
    match parts {
        Some((what, number)) if cause.source().is_none() && number.parse::<i32>().is_ok() => {
            what.to_owned()
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn chain_is_one_line_without_numbers() {
        let error = Err::<(), _>(io::Error::from_raw_os_error(2)).at(Path::new("a\nb"));
        let message = message(&error.unwrap_err());
        assert_eq!(message, "a\\nb: No such file or directory");
        let wrapped = platform_mem::Error::from(io::Error::from_raw_os_error(20));
        let error = Err::<(), _>(wrapped).at(Path::new("a (os error 1)")).unwrap_err();
        assert_eq!(super::message(&error), "a (os error 1): Not a directory");
    }

    fn code(error: &anyhow::Error) -> String {
        format!("{:?}", verdict(error).0)
    }

    #[test]
    fn exit_codes() {
        for (error, number, said) in [
            (anyhow::anyhow!("wrong"), 2, Some("wrong")),
            (Exit { code: 1, message: "no".into() }.into(), 1, Some("no")),
            (Exit::no().into(), 1, None),
            (Exit { code: 130, message: "interrupted".into() }.into(), 130, Some("interrupted")),
        ] {
            assert_eq!(code(&error), format!("{:?}", ExitCode::from(number)));
            assert_eq!(verdict(&error).1.as_deref(), said);
        }
    }

    #[test]
    fn exit_code_below_the_name_of_a_file() {
        let exit = Exit { code: 143, message: "terminated".into() };
        let error = Err::<(), _>(exit).at(Path::new("a")).unwrap_err();
        assert_eq!(code(&error), format!("{:?}", ExitCode::from(143)));
        assert_eq!(verdict(&error).1.as_deref(), Some("a: terminated"));
    }
}
