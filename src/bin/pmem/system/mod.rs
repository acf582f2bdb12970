//! What the operating system tells about itself.

mod filesystem;

pub(crate) use self::filesystem::filesystem;
