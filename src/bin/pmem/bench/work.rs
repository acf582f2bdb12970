//! The work itself: what happens before the clock runs, while it runs, and after.
//!
//! What goes in and what comes out passes through [`black_box`], so that the compiler must assume
//! that somebody else wrote the one and looks at the other.

use std::hint::black_box;

use anyhow::ensure;
use platform_mem::{RawMem as _, Result};

use super::material::Material;
use super::memory::Memory;
use super::operation::Operation;
use bytemuck::Pod;

/// Brings an empty memory into the state that `operation` starts from.
pub(super) fn prepare<T: Pod + PartialEq + Send + Sync>(
    operation: Operation,
    memory: &mut Memory<T>,
    material: &Material<T>,
) -> Result<()> {
    if operation.starts_full() {
        // One growth: a file that grows piece by piece gets smaller pieces of page cache, which
        // take more time to sync and to give back.
        memory.any().grow_filled(material.count, material.value)?;
        put_pattern(memory, material);
    }
    Ok(())
}

/// Brings a memory that is used again back into the state that operations start from.
pub(super) fn restore<T: Pod + PartialEq + Send + Sync>(
    operation: Operation,
    memory: &mut Memory<T>,
    material: &Material<T>,
) {
    if operation == Operation::Fill {
        put_pattern(memory, material);
    }
}

/// Writes the pattern over all elements.
fn put_pattern<T: Pod + PartialEq + Send + Sync>(memory: &mut Memory<T>, material: &Material<T>) {
    for piece in memory.any().allocated_mut().chunks_mut(material.pattern.len()) {
        piece.copy_from_slice(&material.pattern[..piece.len()]);
    }
}

/// Does `operation` once. Returns a number that depends on everything that was read.
pub(super) fn perform<T: Pod + PartialEq + Send + Sync>(
    operation: Operation,
    memory: &mut Memory<T>,
    material: &Material<T>,
) -> Result<u64> {
    let material = black_box(material);
    match operation {
        Operation::Grow => {
            memory.any().grow_filled(material.count, material.value)?;
        }
        Operation::Append => {
            for piece in Material::<T>::pieces(material.count, material.step) {
                memory.any().grow_from_slice(black_box(&material.pattern[..piece]))?;
            }
        }
        Operation::Fill => memory.any().allocated_mut().fill(material.value),
        Operation::Read => return Ok(read(memory.any().allocated())),
        Operation::Random => return Ok(random(memory.any().allocated(), material.reads)),
        Operation::Shrink => memory.any().shrink(material.count)?,
        Operation::Sync => memory.sync()?,
    }
    black_box(memory.any().allocated());
    Ok(0)
}

/// Combines all elements, a word at a time.
fn read<T: Pod + PartialEq + Send + Sync>(elements: &[T]) -> u64 {
    let (head, words, tail) = bytemuck::pod_align_to::<T, u64>(elements);
    let rest = head.iter().chain(tail).flat_map(bytemuck::bytes_of);
    words.iter().fold(0, |sum, word| sum ^ word) ^ rest.fold(0, |sum, byte| sum ^ u64::from(*byte))
}

/// Reads elements at random places. Each place depends on the element before, so that the
/// processor cannot fetch it ahead of time.
fn random<T: Pod + PartialEq + Send + Sync>(elements: &[T], reads: usize) -> u64 {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..reads {
        let place = (u128::from(state) * elements.len() as u128) >> 64;
        let bytes = bytemuck::bytes_of(&elements[place as usize]);
        state ^= u64::from(bytes[0]);
        state = state.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    }
    state
}

/// Makes sure that `operation` did what it was to do.
///
/// # Errors
///
/// It did not: the memory has not the length or not the elements that it should have.
pub(super) fn check<T: Pod + PartialEq + Send + Sync>(
    operation: Operation,
    memory: &mut Memory<T>,
    material: &Material<T>,
) -> anyhow::Result<()> {
    let memory = memory.any();
    let elements = memory.allocated();
    let last = (material.count - 1) % material.step;
    let (length, first, last) = match operation {
        Operation::Shrink => (0, None, None),
        Operation::Grow | Operation::Fill => {
            (material.count, Some(&material.value), Some(&material.value))
        }
        Operation::Append => {
            (material.count, material.pattern.first(), Some(&material.pattern[last]))
        }
        Operation::Read | Operation::Random | Operation::Sync => return Ok(()),
    };
    let is = |found: Option<&T>, wanted: Option<&T>| {
        found.map(bytemuck::bytes_of) == wanted.map(bytemuck::bytes_of)
    };
    let right = is(elements.first(), first) && is(elements.last(), last);
    ensure!(elements.len() == length && right, "the memory does not hold what was put there");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::backend::Backend;
    use super::*;

    #[test]
    fn reading_sees_every_byte() {
        for index in 0..21 {
            let mut elements = [0_u8; 21];
            elements[index] = 1;
            assert_ne!(read(&elements), 0, "{index}");
        }
    }

    #[test]
    fn random_reading_goes_everywhere() {
        // All places but one hold zero: the result changes only if that place is read.
        let nothing = random(&[0_u16; 32], 1000);
        for index in 0..32 {
            let mut elements = [0_u16; 32];
            elements[index] = 0x55;
            assert_ne!(random(&elements, 1000), nothing, "{index}");
        }
    }

    #[test]
    fn every_operation_of_every_backend_does_its_work() {
        let dir = tempfile::tempdir().unwrap();
        for count in [1, 7, 5000, 40_000] {
            let material = Material::<u32>::new(count);
            for backend in Backend::ALL {
                let of = |operation: &Operation| operation.is_of(backend);
                for operation in Operation::ALL.into_iter().filter(of) {
                    let mut memory = Memory::new(backend, dir.path()).unwrap();
                    prepare(operation, &mut memory, &material).unwrap();
                    perform(operation, &mut memory, &material).unwrap();
                    check(operation, &mut memory, &material).unwrap();
                }
            }
        }
    }
}
