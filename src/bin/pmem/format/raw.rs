//! The format `raw`: the bytes of the elements.

use std::io::Write as _;

use crate::element::Selection;
use crate::env::Output;
use crate::input::{Piece, Reader};

/// Writes the bytes as they are in the file.
///
/// # Errors
///
/// Reading or writing fails.
pub(crate) fn raw(
    reader: &mut Reader,
    selection: &Selection,
    out: &mut Output,
) -> anyhow::Result<()> {
    let (mut buffer, mut part) = (reader.buffer(1 << 18), Vec::new());
    let full = buffer.len();
    while let Some(Piece::Data { count, .. }) = reader.next_dense(&mut buffer)? {
        let whole = &mut buffer[..count * reader.size()];
        let short = whole.len() < full;
        out.write_all(selection.gather(whole, &mut part))?;
        // No more has come so far, and somebody may be waiting for it.
        if short {
            out.flush()?;
        }
    }
    Ok(())
}
