//! What `pmem` can do: one command, one file.

mod dump;

pub(crate) use self::dump::Dump;
