//! What `pmem` can do: one command, one file.

mod dump;
mod fill;
mod grow;
mod shrink;

pub(crate) use self::dump::Dump;
pub(crate) use self::fill::Fill;
pub(crate) use self::grow::Grow;
pub(crate) use self::shrink::Shrink;
