//! One scalar of every element as a slice of numbers.

mod compare;
mod difference;
mod gather;
mod key;
mod mixed;
mod predicate;
mod tolerance;

pub(crate) use self::compare::{Compare, Equality, Strided, compare};
pub(crate) use self::difference::{Difference, Extremes, Gap};
pub(crate) use self::gather::gather;
pub(crate) use self::predicate::{Predicate, predicate};
pub(crate) use self::tolerance::{Distance, Tolerance};
