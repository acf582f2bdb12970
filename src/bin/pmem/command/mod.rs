//! What `pmem` can do: one command, one file.

mod bench;
mod completions;
mod convert;
mod dump;
mod fill;
mod grow;
mod help;
mod info;
mod man;
mod shrink;

pub(crate) use self::bench::Bench;
pub(crate) use self::completions::Completions;
pub(crate) use self::convert::Convert;
pub(crate) use self::dump::Dump;
pub(crate) use self::fill::Fill;
pub(crate) use self::grow::Grow;
pub(crate) use self::help::Help;
pub(crate) use self::info::Info;
pub(crate) use self::man::Man;
pub(crate) use self::shrink::Shrink;
