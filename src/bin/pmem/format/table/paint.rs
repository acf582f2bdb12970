//! Colours with a meaning, for light and dark terminals.

use anstyle::{AnsiColor, Style};

use crate::element::Tone;

/// The style of the index, and of what is said about holes and repetitions.
pub(super) const INDEX: Style = AnsiColor::BrightBlack.on_default();

/// The style of the line above the rows.
pub(super) const HEADER: Style = Style::new().bold();

/// Returns the style of a value: zeroes step back, what is suspicious stands out.
pub(super) const fn style(tone: Tone) -> Style {
    match tone {
        Tone::Plain => Style::new(),
        Tone::Zero => AnsiColor::BrightBlack.on_default(),
        Tone::MinusZero => AnsiColor::Yellow.on_default(),
        Tone::Negative => AnsiColor::Cyan.on_default(),
        Tone::Infinite => AnsiColor::Magenta.on_default().bold(),
        Tone::Nan => AnsiColor::Red.on_default().bold(),
    }
}
