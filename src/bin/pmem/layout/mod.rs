//! Where the elements of a file lie, and what is left over.

mod left_over;

pub(crate) use self::left_over::{Partial, Ragged};
