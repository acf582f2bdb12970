//! What `pmem` can do: one command, one file.

mod bench;
mod completions;
mod convert;
mod diff;
mod dump;
mod fill;
mod find;
mod grow;
mod help;
mod info;
mod man;
mod plot;
mod shrink;
mod stats;
mod title;

pub(crate) use self::bench::Bench;
pub(crate) use self::completions::Completions;
pub(crate) use self::convert::Convert;
pub(crate) use self::diff::Diff;
pub(crate) use self::dump::Dump;
pub(crate) use self::fill::Fill;
pub(crate) use self::find::Find;
pub(crate) use self::grow::Grow;
pub(crate) use self::help::Help;
pub(crate) use self::info::Info;
pub(crate) use self::man::Man;
pub(crate) use self::plot::Plot;
pub(crate) use self::shrink::Shrink;
pub(crate) use self::stats::Stats;
