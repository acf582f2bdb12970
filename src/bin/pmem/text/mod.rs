//! Figures, names and times, as people read them.

pub(crate) mod columns;
mod figures;
mod name;
mod time;
pub(crate) mod units;

pub(crate) use self::figures::{Size, grouped, plural};
pub(crate) use self::name::{Name, Quoted, is_harmful, printable, width};
pub(crate) use self::time::rfc3339;
