//! Pictures made of characters, and drawings.

mod bar;
pub(crate) mod histogram;
mod label;

pub(crate) use self::label::significant;
