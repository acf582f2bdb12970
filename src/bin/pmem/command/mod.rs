//! What `pmem` can do: one command, one file.

mod bench;
mod completions;
mod dump;
mod help;
mod info;
mod man;

pub(crate) use self::bench::Bench;
pub(crate) use self::completions::Completions;
pub(crate) use self::dump::Dump;
pub(crate) use self::help::Help;
pub(crate) use self::info::Info;
pub(crate) use self::man::Man;
