//! One scalar of every element as a slice of numbers.

mod gather;
mod key;
mod predicate;
mod tolerance;

pub(crate) use self::gather::gather;
pub(crate) use self::predicate::{Predicate, predicate};
pub(crate) use self::tolerance::{Distance, Tolerance};
