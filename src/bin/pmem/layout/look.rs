//! Looking at the first bytes of a file, which nobody has checked.

use std::io;

use anyhow::ensure;

/// Something whose first bytes can be looked at before its elements are read.
pub(crate) trait Look {
    /// Returns the length in bytes, if that is known.
    fn len(&self) -> Option<u64>;

    /// Reads at a place near the start; less than wanted only at the end.
    ///
    /// # Errors
    ///
    /// Reading fails.
    fn look_at(&mut self, offset: u64, bytes: &mut [u8]) -> io::Result<usize>;
}

/// Reads so many bytes of a header.
///
/// # Errors
///
/// Reading fails, or the file ends before.
pub(super) fn read<const N: usize>(file: &mut dyn Look, offset: u64) -> anyhow::Result<[u8; N]> {
    let mut bytes = [0; N];
    let count = file.look_at(offset, &mut bytes)?;
    ensure!(count == N, "the file ends in it, at byte {}", offset + count as u64);
    Ok(bytes)
}

/// Reads as many bytes as a header says that it has, a step at a time: room is taken only for what
/// is there.
///
/// # Errors
///
/// Reading fails, or the file ends before.
pub(super) fn front(file: &mut dyn Look, offset: u64, len: u64) -> anyhow::Result<Vec<u8>> {
    const STEP: u64 = 64 * 1024;

    let mut bytes = Vec::new();
    while (bytes.len() as u64) < len {
        let done = bytes.len();
        let step = STEP.min(len - done as u64) as usize;
        bytes.resize(done + step, 0);
        let count = file.look_at(offset + done as u64, &mut bytes[done..])?;
        ensure!(count == step, "the file ends in it, at byte {}", offset + (done + count) as u64);
    }
    Ok(bytes)
}

/// A file that is not there yet, or is empty.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Nothing;

impl Look for Nothing {
    fn len(&self) -> Option<u64> {
        Some(0)
    }

    fn look_at(&mut self, _: u64, _: &mut [u8]) -> io::Result<usize> {
        Ok(0)
    }
}

/// The bytes of a file, for tests.
#[cfg(test)]
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

#[cfg(test)]
impl Look for Bytes<'_> {
    fn len(&self) -> Option<u64> {
        Some(self.0.len() as u64)
    }

    fn look_at(&mut self, offset: u64, bytes: &mut [u8]) -> io::Result<usize> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(self.0.len());
        let count = bytes.len().min(self.0.len() - start);
        bytes[..count].copy_from_slice(&self.0[start..start + count]);
        Ok(count)
    }
}
