//! Pictures made of characters, and what drawings in SVG have in common.

mod bar;
mod frame;
pub(crate) mod histogram;
mod label;
mod picture;
mod style;

pub(crate) use self::bar::bar;
pub(crate) use self::frame::{Frame, Plot};
pub(crate) use self::label::significant;
pub(crate) use self::picture::{Area, Drawn, picture};
pub(crate) use self::style::{FAINT, INK, PALETTE, text};
