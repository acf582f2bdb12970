//! A terminal that is left without colours, whatever signal ends the program.

use std::io::{self, Write};

use super::Interrupt;

/// A terminal to which lines with colours are written. Where a line ends, no colour is on; so a
/// signal that comes while a line is written waits for its end.
pub(super) struct Painted<W> {
    terminal: W,
    interrupt: Interrupt,
}

impl<W: Write> Painted<W> {
    /// Returns the `terminal`, to which nothing has been written yet.
    ///
    /// # Errors
    ///
    /// The system refuses to tell of signals.
    pub(super) fn new(terminal: W) -> anyhow::Result<Self> {
        let interrupt = Interrupt::listen()?;
        interrupt.end();
        Ok(Self { terminal, interrupt })
    }
}

impl<W: Write> Write for Painted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let piece = lines(bytes);
        self.interrupt.begin();
        let written = self.terminal.write_all(piece);
        if piece.ends_with(b"\n") {
            self.interrupt.end();
        } else if self.interrupt.check().is_err() {
            self.terminal.write_all(b"\x1b[0m\n")?;
        }
        // One that came meanwhile.
        self.interrupt.obey();
        written.map(|()| piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.terminal.flush()
    }
}

/// Returns the whole lines at the start of a text, as many as are written in a moment.
fn lines(text: &[u8]) -> &[u8] {
    const MOST: usize = 4096;

    let text = &text[..text.len().min(MOST)];
    let end = text.iter().rposition(|byte| *byte == b'\n').map_or(text.len(), |at| at + 1);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_whole_lines() {
        for (text, piece) in [
            ("", ""),
            ("abc", "abc"),
            ("a\nb", "a\n"),
            ("a\nb\n", "a\nb\n"),
            (&*format!("{}\nc", "b".repeat(5000)), &*"b".repeat(4096)),
            (&*format!("a\n{}\nc", "b".repeat(5000)), "a\n"),
        ] {
            assert_eq!(lines(text.as_bytes()), piece.as_bytes());
        }
    }
}
