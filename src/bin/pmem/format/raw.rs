//! The format `raw`: the bytes of the elements.

use std::io::Write as _;

use crate::env::Output;
use crate::input::{Piece, Reader};

/// Writes the bytes as they are in the file.
///
/// # Errors
///
/// Reading or writing fails.
pub(crate) fn raw(reader: &mut Reader, out: &mut Output) -> anyhow::Result<()> {
    let mut buffer = vec![0; 1 << 18];
    while let Some(Piece::Data { count, .. }) = reader.next_dense(&mut buffer)? {
        let bytes = &buffer[..count * reader.size()];
        out.write_all(bytes)?;
        // No more has come so far, and somebody may be waiting for it.
        if bytes.len() < buffer.len() {
            out.flush()?;
        }
    }
    Ok(())
}
