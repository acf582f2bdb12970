//! Pictures: made of characters, and what drawings in SVG have in common.

mod bar;
mod canvas;
mod curve;
mod frame;
pub(crate) mod histogram;
mod label;
mod line;
mod picture;
mod style;

pub(crate) use self::bar::bar;
pub(crate) use self::canvas::Dots;
pub(crate) use self::curve::curves;
pub(crate) use self::frame::{Frame, Plot};
pub(crate) use self::label::significant;
pub(crate) use self::line::{Chart, Curve};
pub(crate) use self::picture::{Area, Drawn, picture};
pub(crate) use self::style::{FAINT, INK, PALETTE, text};
