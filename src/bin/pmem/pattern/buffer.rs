//! Memory that is aligned for every element type.

use bytemuck::Pod;

/// Bytes that can be looked at as elements.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    /// Its alignment is that of the largest element.
    blocks: Vec<u128>,
}

impl Buffer {
    /// Returns the first `len` bytes, whatever they are.
    pub(super) fn bytes(&mut self, len: usize) -> &mut [u8] {
        let blocks = len.div_ceil(size_of::<u128>());
        if self.blocks.len() < blocks {
            self.blocks.resize(blocks, 0);
        }
        &mut bytemuck::cast_slice_mut(&mut self.blocks)[..len]
    }

    /// Returns the elements of the first `len` bytes.
    pub(super) fn elements<T: Pod>(&mut self, len: usize) -> &mut [T] {
        bytemuck::cast_slice_mut(self.bytes(len))
    }
}
