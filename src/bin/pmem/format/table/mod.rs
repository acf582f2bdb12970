//! The format `table`: rows with an index, for people.

mod grid;
mod look;
mod paint;
mod rows;
mod show;
mod sparse;

pub(crate) use self::look::Look;
pub(crate) use self::show::{header, table};
pub(crate) use self::sparse::Sparse;
