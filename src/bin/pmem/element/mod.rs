//! Element types: their names, and generic code for what they name.

mod decimal;
mod digits;
mod float;
mod integer;
mod kind;
mod lists;
mod name;
mod narrow;
mod order;
mod radix;
mod scalar;
mod series;
mod uniform;

pub(crate) use self::digits::Lines;
pub(crate) use self::integer::append_bits;
pub(crate) use self::kind::Job;
pub(crate) use self::name::Element;
pub(crate) use self::order::Order;
pub(crate) use self::radix::Radix;
pub(crate) use self::scalar::{Scalar, Tone};
