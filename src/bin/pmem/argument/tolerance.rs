//! How far values may differ.

use crate::column::{Distance, Tolerance};

/// How far values may differ.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct ToleranceArgs {
    /// Greatest difference of values that count as equal
    #[arg(long, value_name = "X", allow_hyphen_values = true)]
    atol: Option<Distance>,
    /// The same, as a part of the expected value
    ///
    /// Values are close if their difference is at most the sum of --atol and of --rtol times the
    /// expected value.
    #[arg(long, value_name = "X", allow_hyphen_values = true)]
    rtol: Option<Distance>,
    /// The same, in steps from one value of the type to the next
    #[arg(long, value_name = "N", allow_hyphen_values = true, hide_short_help = true)]
    ulp: Option<u64>,
}

impl ToleranceArgs {
    /// Returns the tolerance, if there is one.
    pub(crate) fn tolerance(&self) -> Option<Tolerance> {
        let Self { atol, rtol, ulp } = *self;
        let any = atol.is_some() || rtol.is_some() || ulp.is_some();
        any.then(|| Tolerance::new(atol, rtol, ulp.map(u128::from)))
    }

    /// Returns whether steps are counted.
    pub(crate) fn has_steps(&self) -> bool {
        self.ulp.is_some()
    }
}
