//! The format `raw`: the bytes of the elements.

use std::io::Write as _;

use crate::output::Output;
use crate::reader::{Piece, Reader};

/// Writes the bytes as they are in the file.
///
/// # Errors
///
/// Reading or writing fails.
pub(crate) fn raw(reader: &mut Reader, out: &mut Output) -> anyhow::Result<()> {
    let mut buffer = vec![0; 1 << 18];
    while let Some(Piece::Data { count, .. }) = reader.next_dense(&mut buffer)? {
        out.write_all(&buffer[..count * reader.size()])?;
    }
    Ok(())
}
