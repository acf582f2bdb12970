//! What is to be known about a file.

mod filesystem;
mod gather;
mod show;
mod time;

pub(crate) use self::filesystem::filesystem;
pub(crate) use self::gather::Facts;
