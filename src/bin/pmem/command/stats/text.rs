//! Figures for people.

use anstyle::{AnsiColor, Style};

use super::{grid, sheet};
use crate::column::Figures;
use crate::env::Env;

/// What text is shown on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Screen {
    /// Columns of a line.
    pub(super) width: usize,
    /// May a line be longer, as nobody looks at it directly?
    pub(super) endless: bool,
    /// Are characters beyond ASCII possible?
    pub(super) unicode: bool,
    /// Are colours wanted?
    pub(super) color: bool,
}

/// What a text says to who reads it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Mood {
    /// Nothing special.
    Plain,
    /// It explains the rest.
    Faint,
    /// It is the name of what is below.
    Title,
    /// It is a part of a picture.
    Bar,
    /// It stands out.
    Odd,
    /// It is probably wrong.
    Bad,
}

impl Screen {
    /// Returns what standard output is.
    pub(super) fn of(env: &Env) -> Self {
        let endless = !env.on_terminal();
        Self { width: env.width(), endless, unicode: env.unicode(), color: env.color() }
    }

    /// Returns a text in the colour of its mood.
    pub(super) fn painted(self, text: &str, mood: Mood) -> String {
        let style = match mood {
            Mood::Plain => return text.to_owned(),
            Mood::Faint => AnsiColor::BrightBlack.on_default(),
            Mood::Title => Style::new().bold(),
            Mood::Bar => AnsiColor::Cyan.on_default(),
            Mood::Odd => AnsiColor::Magenta.on_default().bold(),
            Mood::Bad => AnsiColor::Red.on_default().bold(),
        };
        match self.color {
            true => format!("{style}{text}{style:#}"),
            false => text.to_owned(),
        }
    }
}

/// Returns the figures of all columns below a title.
pub(super) fn text(title: &str, columns: &[Figures], screen: Screen) -> String {
    let body = match columns {
        [column] => sheet::sheet(column, screen),
        _ => grid::grid(columns, screen),
    };
    format!("{}\n\n{body}", screen.painted(title, Mood::Title))
}
