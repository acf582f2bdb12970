//! Arguments that several commands share.

use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};

use anyhow::ensure;

use super::{Offset, Span};
use crate::edit::{LockMode, Turn};
use crate::element::{Element, FieldList};
use crate::env::{ColorChoice, Env, Interrupt};
use crate::error::At as _;
use crate::layout::{Format, Layout, Partial, Wanted};

/// Options that every command has.
#[derive(Clone, Copy, Debug, clap::Args)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Common {
    /// When to use colours
    ///
    /// In a table, indices and zeroes are grey, negative values cyan, minus zero yellow, infinities
    /// magenta, NaN red. The variable NO_COLOR turns colours off, CLICOLOR_FORCE turns them on;
    /// this option beats both.
    #[arg(long, global = true, hide_short_help = true)]
    #[arg(value_enum, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorChoice,
    /// Do not report what was done
    #[arg(long, short, global = true, hide_short_help = true)]
    pub(crate) quiet: bool,
    /// Report what was done, even if standard error is not a terminal
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) verbose: bool,
}

/// The type of the elements of something that is not a file.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct TypeArg {
    /// Type of one element: u32, f64be, f32x128…
    #[arg(long = "type", short = 't', value_name = "TYPE", default_value = "u8")]
    pub(crate) element: Element,
}

/// Which elements of a file: their type, their place, their format, and their fields.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct FileArgs {
    /// Type of an element: u32, f64be, f32x128…
    ///
    /// Without it the type comes from the format of the file, else from an extension that is a
    /// type, like '.f32' or '.u16be', and else it is u8. Arrays are f32x128, records
    /// x:f32,y:f32,i:u8. See 'pmem help types'.
    #[arg(long = "type", short = 't', value_name = "TYPE")]
    element: Option<Element>,
    /// Place of the first element, in bytes: 44, 1KiB
    #[arg(long, value_name = "BYTES")]
    offset: Option<Offset>,
    /// How to read the file; by default what it looks like
    #[arg(id = "as", long = "as", value_name = "FORMAT", value_enum)]
    #[arg(hide_possible_values = true, hide_short_help = true)]
    format: Option<Format>,
    /// Fields or items to take: x,y or pos.1
    ///
    /// Fields of a record, or items of an array, in the order given.
    #[arg(long, value_name = "LIST")]
    field: Option<FieldList>,
    /// Tensor of a .safetensors file; 'pmem info' lists them
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    tensor: Option<String>,
}

impl FileArgs {
    /// Returns what is said about the elements.
    pub(crate) fn wanted(&self) -> Wanted {
        Wanted {
            element: self.element.clone(),
            offset: self.offset.map(|Offset(bytes)| bytes),
            format: self.format,
            fields: self.field.clone(),
            tensor: self.tensor.clone(),
        }
    }
}

/// Returns the file to read: standard input, if none is named and that is not a terminal.
///
/// # Errors
///
/// No file is named, and standard input is a terminal.
pub(crate) fn input(file: Option<PathBuf>) -> anyhow::Result<PathBuf> {
    let Some(file) = file else {
        ensure!(
            !io::stdin().is_terminal(),
            "FILE is missing; name one, or put data into standard input"
        );
        return Ok(PathBuf::from("-"));
    };
    Ok(file)
}

/// Returns whether standard input is a pipe, and no terminal and no file.
pub(crate) fn is_pipe() -> bool {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd as _;
        use std::os::unix::fs::FileTypeExt as _;
        let file = io::stdin().as_fd().try_clone_to_owned().map(std::fs::File::from);
        let kind = file.and_then(|file| file.metadata()).map(|metadata| metadata.file_type());
        kind.is_ok_and(|kind| kind.is_fifo() || kind.is_socket())
    }
    #[cfg(not(unix))]
    !io::stdin().is_terminal()
}

/// How a file is changed.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct ChangeArg {
    /// Wait until the change is on disk
    #[arg(long)]
    pub(crate) sync: bool,
    /// Check and report, but change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    lock: LockArg,
}

/// How the lock of a file that is changed is had.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct LockArg {
    /// The lock of the file: try, wait or none
    ///
    /// A file has one writer at a time. 'try' stops if another program has locked the file, 'wait'
    /// waits for its turn. 'none' neither looks at the lock nor takes it: for file systems without
    /// locks, and for callers that hold the lock themselves, as 'flock FILE pmem fill FILE 0' does.
    #[arg(long, value_name = "HOW", value_enum, default_value = "try")]
    #[arg(hide_possible_values = true, hide_short_help = true)]
    lock: LockMode,
}

impl LockArg {
    /// Returns how the lock of the file is had.
    pub(crate) fn turn(self, interrupt: &Interrupt) -> Turn<'_> {
        Turn { mode: self.lock, interrupt }
    }
}

impl ChangeArg {
    /// Returns how the lock of the file is had.
    pub(crate) fn turn(self, interrupt: &Interrupt) -> Turn<'_> {
        self.lock.turn(interrupt)
    }
}

/// What to do about bytes left over.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct PartialArg {
    /// Bytes left over: warn, error or ignore
    ///
    /// They are the end of a file whose length is not a whole number of elements. 'error' stops
    /// only if the elements asked for reach them.
    #[arg(long, value_name = "HOW", value_enum, default_value = "warn")]
    #[arg(hide_possible_values = true, hide_short_help = true)]
    pub(crate) partial: Partial,
}

impl PartialArg {
    /// Reports what is left over, and what of a range is not there. That a range is empty is worth
    /// a word if somebody `said` it.
    ///
    /// # Errors
    ///
    /// Something is left over, and that is to be an error.
    pub(crate) fn warn(
        &self,
        span: Span,
        said: bool,
        layout: &Layout,
        path: &Path,
        env: &Env,
    ) -> anyhow::Result<()> {
        let resolved = span.resolve(layout.element(), layout.count()).at(path)?;
        if let Some(left_over) = layout.left_over() {
            self.partial.report(&left_over, resolved.reaches_end(), path, env)?;
        }
        if let Err(beyond) = resolved.inside() {
            env.warn(path, beyond);
        } else if said && resolved.clamped().is_empty() {
            env.warn(path, "the range has no elements");
        }
        Ok(())
    }
}
