//! What to do about errors of changing a file.

use std::io;
use std::path::Path;

use anyhow::anyhow;
use platform_mem::Error;

use super::obstacle::attribute;
use crate::error::message;

/// Says what to do about an error, where that is known.
pub(crate) fn explain(error: impl Into<Error>) -> anyhow::Error {
    match error.into() {
        Error::Locked => anyhow!(
            "another program has locked it; --lock wait waits until it is done, and --lock none \
             does without the lock"
        ),
        Error::Unlockable(error) => anyhow!(
            "its file system refuses to lock it ({}); --lock none does without the lock, if nobody \
             else changes the file meanwhile",
            message(&error.into())
        ),
        Error::LengthChanged { expected, found } => anyhow!(
            "another program has just changed its length, from {expected} to {found} bytes; \
             look at it before you try again"
        ),
        Error::System(error) => match advice(error.kind()) {
            Some(advice) => anyhow!("{}; {advice}", message(&error.into())),
            None => error.into(),
        },
        error => anyhow!(message(&error.into())),
    }
}

/// Says what to do about an error of opening the file at `path` for a change.
pub(super) fn explain_at(path: &Path, error: io::Error) -> anyhow::Error {
    match attribute(path).filter(|_| error.kind() == io::ErrorKind::PermissionDenied) {
        Some(obstacle) => anyhow!("{}; {obstacle}", message(&error.into())),
        None => explain(error),
    }
}

/// Says what to do about an error of creating a file in a directory.
pub(super) fn explain_new(directory: &Path, error: io::Error) -> anyhow::Error {
    if error.kind() != io::ErrorKind::PermissionDenied {
        return error.into();
    }
    let obstacle = attribute(directory).unwrap_or("a new file needs permission to write to it");
    anyhow!("its directory: {}; {obstacle}", message(&error.into()))
}

/// What to do about a kind of error of the system.
fn advice(kind: io::ErrorKind) -> Option<&'static str> {
    match kind {
        io::ErrorKind::StorageFull => Some("make room on it"),
        io::ErrorKind::QuotaExceeded => Some("make room below your quota"),
        io::ErrorKind::FileTooLarge => Some("the file system or 'ulimit -f' sets the limit"),
        io::ErrorKind::PermissionDenied => Some("a change needs read and write permission"),
        io::ErrorKind::ExecutableFileBusy => Some("it is a program that is running"),
        _ => None,
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn one_line_each_without_numbers() {
        for (code, text) in [
            (28, "No space left on device; make room on it"),
            (27, "File too large; the file system or 'ulimit -f' sets the limit"),
            (5, "Input/output error"),
        ] {
            let error = explain(io::Error::from_raw_os_error(code));
            assert_eq!(message(&error), text);
        }
        assert!(message(&explain(Error::Locked)).contains("--lock wait"));
    }
}
