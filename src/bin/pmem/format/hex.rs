//! The format `hex`: bytes and their characters, by hexyl.

use std::io::{self, Read};

use hexyl::{Base, BorderStyle, PrinterBuilder};

use super::choice::IndexRadix;
use super::table::Look;
use crate::element::{Radix, Selection};
use crate::env::Output;
use crate::input::{Piece, Reader};

/// Writes the bytes as hexyl does.
///
/// # Errors
///
/// Reading or writing fails.
pub(crate) fn hex(
    reader: &mut Reader,
    selection: &Selection,
    radix: Option<Radix>,
    look: &Look,
    out: &mut Output,
) -> anyhow::Result<()> {
    let offset = match selection.is_whole() {
        true => reader.layout().offset(reader.position()),
        // The fields have no place of their own; they are counted from zero.
        false => 0,
    };
    let base = match radix {
        Some(Radix::Binary) => Base::Binary,
        Some(Radix::Octal) => Base::Octal,
        Some(Radix::Decimal) => Base::Decimal,
        Some(Radix::Hexadecimal) | None => Base::Hexadecimal,
    };
    let buffer = reader.buffer(1 << 16);
    let shown = Vec::new();
    let mut bytes = Bytes { reader, selection, buffer, shown, at: 0, error: None };
    // Characters matter more than the position where there is no room for both.
    let mut printer = PrinterBuilder::new(out)
        .show_color(look.color)
        .show_position_panel(look.index != IndexRadix::None && fits(look.width, &base, 1))
        .with_border_style(BorderStyle::Unicode)
        .enable_squeezing(look.squeeze)
        .num_panels(panels(look.width, &base))
        .with_base(base)
        .build();
    printer.display_offset(offset);
    let printed = printer.print_all(&mut bytes);
    match bytes.error {
        Some(error) => Err(error),
        None => Ok(printed?),
    }
}

/// Returns how many panels of eight bytes to show: one, two or four.
fn panels(width: usize, base: &Base) -> u64 {
    [4, 2].into_iter().find(|panels| fits(width, base, *panels)).unwrap_or(1) as u64
}

/// Do so many panels fit?
fn fits(width: usize, base: &Base, panels: usize) -> bool {
    let digits = match base {
        Base::Binary => 8,
        Base::Octal | Base::Decimal => 3,
        Base::Hexadecimal => 2,
    };
    // Borders and position, then eight bytes and eight characters a panel.
    10 + panels * (8 * (digits + 1) + 2 + 9) <= width
}

/// Lets hexyl read, and keeps the error, which io::Error would not carry whole.
struct Bytes<'a> {
    reader: &'a mut Reader,
    selection: &'a Selection,
    buffer: Vec<u8>,
    /// Bytes to be shown, and how many of them were.
    shown: Vec<u8>,
    at: usize,
    error: Option<anyhow::Error>,
}

impl Read for Bytes<'_> {
    fn read(&mut self, wanted: &mut [u8]) -> io::Result<usize> {
        if self.at == self.shown.len() && self.error.is_none() {
            match self.reader.next_dense(&mut self.buffer) {
                Ok(Some(Piece::Data { count, .. })) => {
                    let whole = &mut self.buffer[..count * self.reader.size()];
                    let mut part = Vec::new();
                    let part = self.selection.gather(whole, &mut part);
                    self.at = 0;
                    self.shown.clear();
                    self.shown.extend_from_slice(part);
                }
                Ok(_) => {}
                // For hexyl the data ends here; it shows what it has.
                Err(error) => self.error = Some(error),
            }
        }
        let count = wanted.len().min(self.shown.len() - self.at);
        wanted[..count].copy_from_slice(&self.shown[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_fit() {
        for (width, count) in [(1, 1), (40, 1), (79, 1), (80, 2), (149, 2), (150, 4), (200, 4)] {
            assert_eq!(panels(width, &Base::Hexadecimal), count, "{width}");
        }
    }
}
