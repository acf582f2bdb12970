//! The format `hex`: bytes and their characters, by hexyl.

use std::io::{self, Read};

use hexyl::{Base, BorderStyle, PrinterBuilder};

use super::choice::IndexRadix;
use super::table::Look;
use crate::element::Radix;
use crate::env::Output;
use crate::input::{Piece, Reader};

/// Writes the bytes as hexyl does.
///
/// # Errors
///
/// Reading or writing fails.
pub(crate) fn hex(
    reader: &mut Reader,
    radix: Option<Radix>,
    look: &Look,
    out: &mut Output,
) -> anyhow::Result<()> {
    let offset = reader.position().saturating_mul(reader.size() as u64);
    let base = match radix {
        Some(Radix::Binary) => Base::Binary,
        Some(Radix::Octal) => Base::Octal,
        Some(Radix::Decimal) => Base::Decimal,
        Some(Radix::Hexadecimal) | None => Base::Hexadecimal,
    };
    let mut bytes = Bytes { reader, buffer: vec![0; 1 << 16], at: 0, end: 0, error: None };
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
    buffer: Vec<u8>,
    at: usize,
    end: usize,
    error: Option<anyhow::Error>,
}

impl Read for Bytes<'_> {
    fn read(&mut self, wanted: &mut [u8]) -> io::Result<usize> {
        if self.at == self.end && self.error.is_none() {
            match self.reader.next_dense(&mut self.buffer) {
                Ok(Some(Piece::Data { count, .. })) => {
                    (self.at, self.end) = (0, count * self.reader.size());
                }
                Ok(_) => {}
                // For hexyl the data ends here; it shows what it has.
                Err(error) => self.error = Some(error),
            }
        }
        let count = wanted.len().min(self.end - self.at);
        wanted[..count].copy_from_slice(&self.buffer[self.at..self.at + count]);
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
