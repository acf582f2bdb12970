//! Arguments that several commands share.

use crate::element::Element;
use crate::env::ColorChoice;
use crate::layout::Partial;

/// Options that every command has.
#[derive(Clone, Copy, Debug, clap::Args)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Common {
    /// When to use colours
    ///
    /// Beats the variables NO_COLOR, which turns colours off, and CLICOLOR_FORCE, which turns them
    /// on.
    #[arg(long, global = true, hide_short_help = true)]
    #[arg(value_enum, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorChoice,
    /// Never say what was done
    #[arg(long, short, global = true, hide_short_help = true)]
    pub(crate) quiet: bool,
    /// Say what was done, also when standard error is no terminal
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) verbose: bool,
}

/// The type of the elements.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct TypeArg {
    /// Type of one element: u32, f64be…
    ///
    /// u8 u16 u32 u64 u128, i8 to i128, f16 bf16 f32 f64, with 'le' or 'be' for the byte order;
    /// without one it is little-endian, on every machine. Long names (uint32, half, double) and
    /// NumPy's strings with an order sign ('<u4') are understood too. See 'pmem help types'.
    #[arg(long = "type", short = 't', value_name = "TYPE", default_value = "u8")]
    pub(crate) element: Element,
}

/// How a file is changed.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct ChangeArg {
    /// Return when it is on disk
    #[arg(long)]
    pub(crate) sync: bool,
    /// Check and say what would happen, but change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// What to do about bytes left over.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct PartialArg {
    /// Bytes left over: warn, error or ignore
    ///
    /// A file whose length is no whole number of elements ends with bytes that are no element.
    #[arg(long, value_name = "HOW", value_enum, default_value = "warn")]
    #[arg(hide_possible_values = true)]
    pub(crate) partial: Partial,
}
