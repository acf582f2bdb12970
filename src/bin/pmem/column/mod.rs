//! One scalar of every element as a slice of numbers.

mod gather;

pub(crate) use self::gather::gather;
