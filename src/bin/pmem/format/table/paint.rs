//! Colours with a meaning, for light and dark terminals.

use anstyle::{AnsiColor, Style};

use crate::element::{self, Tone};

/// The style of the index, and of what is said about holes and repetitions.
pub(super) const INDEX: Style = AnsiColor::BrightBlack.on_default();

/// The style of the line above the rows.
pub(super) const HEADER: Style = Style::new().bold();

/// What turns the colour of each tone on and off: zeroes step back, what is suspicious stands out.
pub(super) static STYLES: [element::Style; Tone::COUNT] = [
    // In the order of `Tone`.
    ("", ""),
    ("\x1b[90m", OFF),
    ("\x1b[33m", OFF),
    ("\x1b[36m", OFF),
    ("\x1b[1m\x1b[35m", OFF),
    ("\x1b[1m\x1b[31m", OFF),
];

/// Turns all colours off.
const OFF: &str = "\x1b[0m";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_those_of_the_colours() {
        let colours = [
            (Tone::Zero, AnsiColor::BrightBlack.on_default()),
            (Tone::MinusZero, AnsiColor::Yellow.on_default()),
            (Tone::Negative, AnsiColor::Cyan.on_default()),
            (Tone::Infinite, AnsiColor::Magenta.on_default().bold()),
            (Tone::Nan, AnsiColor::Red.on_default().bold()),
        ];
        for (tone, style) in colours {
            assert_eq!(STYLES[tone as usize], (&*style.to_string(), OFF), "{tone:?}");
            assert_eq!(format!("{style:#}"), OFF);
        }
    }
}
