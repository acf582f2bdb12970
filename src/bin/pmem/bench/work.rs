//! The work itself: before the clock runs, while it runs, and after.
//!
//! Input and output pass through [`black_box`], so that the compiler must assume that other code
//! wrote the one and reads the other.

use std::hint::black_box;

use anyhow::ensure;
use bytemuck::Pod;
use platform_mem::{RawMem as _, Result};

use super::case::Operation;
use super::memory::{Material, Memory};

impl<T: Pod> Material<T> {
    /// Brings an empty memory into the state from which `operation` starts.
    pub(super) fn prepare(&self, operation: Operation, memory: &mut Memory<T>) -> Result<()> {
        if operation.starts_full() {
            // One growth: a file that grows piece by piece gets smaller pieces of page cache, which
            // take more time to sync and to give back.
            memory.any().grow_filled(self.blocks, self.value)?;
            self.put_pattern(memory);
        }
        Ok(())
    }

    /// Brings a memory that is used again back into the state from which operations start.
    pub(super) fn restore(&self, operation: Operation, memory: &mut Memory<T>) {
        if operation == Operation::Fill {
            self.put_pattern(memory);
        }
    }

    /// Writes the pattern over all elements.
    fn put_pattern(&self, memory: &mut Memory<T>) {
        for piece in memory.any().allocated_mut().chunks_mut(self.pattern.len()) {
            piece.copy_from_slice(&self.pattern[..piece.len()]);
        }
    }

    /// Does `operation` once. Returns a number that depends on everything that was read.
    pub(super) fn perform(&self, operation: Operation, memory: &mut Memory<T>) -> Result<u64> {
        let material = black_box(self);
        match operation {
            Operation::Grow => {
                memory.any().grow_filled(material.blocks, material.value)?;
            }
            Operation::Append => {
                for step in material.steps() {
                    memory.any().grow_from_slice(black_box(&material.pattern[..step]))?;
                }
            }
            Operation::Fill => memory.any().allocated_mut().fill(material.value),
            Operation::Read => return Ok(read(memory.any().allocated())),
            Operation::Random => {
                return Ok(random(memory.any().allocated(), material.width, material.reads));
            }
            Operation::Shrink => memory.any().shrink(material.blocks)?,
            Operation::Sync => memory.sync()?,
        }
        black_box(memory.any().allocated());
        Ok(0)
    }

    /// Makes sure that `operation` did its work.
    ///
    /// # Errors
    ///
    /// The memory has not the length or not the elements that it should have.
    pub(super) fn check(&self, operation: Operation, memory: &mut Memory<T>) -> anyhow::Result<()> {
        let memory = memory.any();
        let blocks = memory.allocated();
        let last = (self.blocks - 1) % self.step;
        let (length, first, last) = match operation {
            Operation::Shrink => (0, None, None),
            Operation::Grow | Operation::Fill => {
                (self.blocks, Some(&self.value), Some(&self.value))
            }
            Operation::Append => (self.blocks, self.pattern.first(), Some(&self.pattern[last])),
            Operation::Read | Operation::Random | Operation::Sync => return Ok(()),
        };
        let is = |found: Option<&T>, wanted: Option<&T>| {
            found.map(bytemuck::bytes_of) == wanted.map(bytemuck::bytes_of)
        };
        let right = is(blocks.first(), first) && is(blocks.last(), last);
        ensure!(blocks.len() == length && right, "the memory does not hold what was put there");
        Ok(())
    }
}

/// Returns the exclusive or of all blocks, a word at a time.
fn read<T: Pod>(blocks: &[T]) -> u64 {
    let (head, words, tail) = bytemuck::pod_align_to::<T, u64>(blocks);
    let rest = head.iter().chain(tail).flat_map(bytemuck::bytes_of);
    words.iter().fold(0, |sum, word| sum ^ word) ^ rest.fold(0, |sum, byte| sum ^ u64::from(*byte))
}

/// Reads elements of `width` blocks at random places. Each place depends on the element before, so
/// that the processor cannot fetch it ahead of time.
fn random<T: Pod>(blocks: &[T], width: usize, reads: usize) -> u64 {
    let elements = (blocks.len() / width) as u128;
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..reads {
        let place = ((u128::from(state) * elements) >> 64) as usize * width;
        for block in &blocks[place..place + width] {
            state ^= word(block);
        }
        state = state.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    }
    state
}

/// Returns the exclusive or of the words of a block. The compiler knows the size, and makes this a
/// load or two.
#[inline(always)]
fn word<T: Pod>(block: &T) -> u64 {
    bytemuck::bytes_of(block).chunks(size_of::<u64>()).fold(0, |sum, bytes| {
        let mut word = [0; size_of::<u64>()];
        word[..bytes.len()].copy_from_slice(bytes);
        sum ^ u64::from_le_bytes(word)
    })
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::super::case::Backend;
    use super::super::plan::tests::plan;
    use super::*;

    #[test]
    fn reading_sees_every_byte() {
        for index in 0..21 {
            let mut bytes = [0_u8; 21];
            bytes[index] = 1;
            assert_ne!(read(&bytes), 0, "{index}");
            assert_ne!(word(&bytes), 0, "{index}");
        }
    }

    #[test]
    fn random_reading_goes_everywhere() {
        // All blocks but one hold zero: the result changes only if that one is read.
        for width in [1, 2, 8, 32] {
            let nothing = random(&[0_u16; 32], width, 1000);
            for index in 0..32 {
                let mut blocks = [0_u16; 32];
                blocks[index] = 0x5500;
                assert_ne!(random(&blocks, width, 1000), nothing, "{index} of {width}");
            }
        }
    }

    #[test]
    fn every_operation_of_every_backend_does_its_work() {
        let dir = tempfile::tempdir().unwrap();
        for (count, size) in [(1, 4), (7, 12), (5000, 4), (40_000, 12)] {
            let material = Material::<u32>::new(&plan(&[], count, size)).unwrap();
            for backend in Backend::value_variants().iter().copied() {
                let of = |operation: &&Operation| operation.is_of(backend);
                for operation in Operation::value_variants().iter().filter(of).copied() {
                    let mut memory = Memory::new(backend, dir.path()).unwrap();
                    material.prepare(operation, &mut memory).unwrap();
                    material.perform(operation, &mut memory).unwrap();
                    material.check(operation, &mut memory).unwrap();
                }
            }
        }
    }

    #[test]
    fn work_that_was_not_done_is_noticed() {
        let material = Material::<u32>::new(&plan(&[], 7, 12)).unwrap();
        for operation in [Operation::Grow, Operation::Append, Operation::Fill, Operation::Shrink] {
            let mut memory = Memory::new(Backend::Global, "".as_ref()).unwrap();
            material.prepare(operation, &mut memory).unwrap();
            assert!(material.check(operation, &mut memory).is_err(), "{operation}");
        }
    }
}
