//! Colours and letters of drawings.
//!
//! A drawing has a light background of its own, so that it is legible on a dark page, too.

use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{IntoFont as _, RGBColor, TextStyle};

pub(super) const BACKGROUND: RGBColor = RGBColor(0xff, 0xff, 0xff);
pub(super) const GRID: RGBColor = RGBColor(0xe4, 0xe4, 0xe4);
/// What is to be read first.
pub(crate) const INK: RGBColor = RGBColor(0x22, 0x22, 0x22);
/// What explains the rest.
pub(crate) const FAINT: RGBColor = RGBColor(0x66, 0x66, 0x66);

/// The colours of Okabe and Ito, which can be told apart without seeing all colours.
pub(crate) const PALETTE: [RGBColor; 7] = [
    RGBColor(0x00, 0x72, 0xb2),
    RGBColor(0x56, 0xb4, 0xe9),
    RGBColor(0xe6, 0x9f, 0x00),
    RGBColor(0x00, 0x9e, 0x73),
    RGBColor(0xd5, 0x5e, 0x00),
    RGBColor(0xcc, 0x79, 0xa7),
    RGBColor(0xf0, 0xe4, 0x42),
];

/// Returns a style of text that begins, is centred or ends at its place.
pub(crate) fn text(size: u32, colour: RGBColor, side: HPos) -> TextStyle<'static> {
    let vertical = if matches!(side, HPos::Center) { VPos::Top } else { VPos::Center };
    ("sans-serif", size).into_font().color(&colour).pos(Pos::new(side, vertical))
}
