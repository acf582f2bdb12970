//! This library under the version number that `doublets` asks for.
pub use ours::*;
