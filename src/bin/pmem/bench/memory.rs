//! The memory that is measured, one type for all backends, and the bytes that fill it.

use std::path::Path;

use anyhow::Context as _;
use bytemuck::Pod;
use platform_mem::{ErasedMem, FileMapped, FileOptions, Global, Result, System, TempFile};
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};

use super::case::Backend;
use super::plan::Plan;

/// Growths of one `append`, unless there are fewer elements.
const APPENDS: usize = 1 << 14;

/// Reads of one `random`, unless there are fewer elements.
const READS: usize = 1 << 16;

/// Bytes that repeat in a memory that is set up for an operation.
const PATTERN: usize = 1 << 20;

/// A memory of a backend that was chosen at run time.
pub(super) enum Memory<T> {
    /// A file that can be synced.
    File(FileMapped<T>),
    /// Anything else.
    Other(Box<dyn ErasedMem<Item = T>>),
}

impl<T: Pod> Memory<T> {
    /// Returns an empty memory. Its file, if it has one, lies in `dir` and has no name, so that it
    /// is gone when the memory or the program is.
    pub(super) fn new(backend: Backend, dir: &Path) -> Result<Self> {
        Ok(match backend {
            Backend::Global => Self::Other(Box::new(Global::<T>::new())),
            Backend::System => Self::Other(Box::new(System::<T>::new())),
            Backend::Temp => Self::Other(Box::new(TempFile::<T>::new_in(dir)?)),
            Backend::File => {
                let file = tempfile::tempfile_in(dir)?;
                Self::File(FileOptions::new().sync_on_drop(false).from_file(file)?)
            }
        })
    }

    /// Returns what all backends have in common.
    pub(super) fn any(&mut self) -> &mut dyn ErasedMem<Item = T> {
        match self {
            Self::File(file) => file,
            Self::Other(other) => &mut **other,
        }
    }

    /// Waits until the elements are on disk, if the backend has one.
    pub(super) fn sync(&self) -> Result<()> {
        match self {
            Self::File(file) => file.flush(),
            Self::Other(_) => Ok(()),
        }
    }
}

/// The blocks that fill a memory: random bits, which neither a compressor nor the compiler can
/// predict.
///
/// An element is one block or several, all of the same type.
#[derive(Debug)]
pub(super) struct Material<T> {
    /// Blocks of an element.
    pub(super) width: usize,
    /// Blocks of a full memory.
    pub(super) blocks: usize,
    /// Blocks of one small growth.
    pub(super) step: usize,
    /// Elements that are read at random places.
    pub(super) reads: usize,
    /// The block that `grow` and `fill` write.
    pub(super) value: T,
    /// Blocks to fill a memory with, over and over; at least `step` of them.
    pub(super) pattern: Vec<T>,
}

impl<T: Pod> Material<T> {
    /// Returns the material for the memories of `plan`.
    ///
    /// # Errors
    ///
    /// There are more elements than addresses.
    pub(super) fn new(plan: &Plan) -> anyhow::Result<Self> {
        let width = (plan.size / size_of::<T>() as u64).max(1) as usize;
        let count = usize::try_from(plan.count).ok();
        let blocks = count.and_then(|count| count.checked_mul(width));
        let (count, blocks) = count.zip(blocks).context("there are too many elements to count")?;
        let step = count.div_ceil(APPENDS) * width;
        let length = (PATTERN / size_of::<T>()).clamp(1, blocks.max(1)).max(step);
        let mut pattern = vec![T::zeroed(); length + 1];
        // The same bits in every run.
        SplitMix64::seed_from_u64(0).fill_bytes(bytemuck::cast_slice_mut(&mut pattern));
        let value = pattern.swap_remove(0);
        Ok(Self { width, blocks, step, reads: count.min(READS), value, pattern })
    }

    /// Returns how many of the blocks each small growth adds.
    pub(super) fn steps(&self) -> impl Iterator<Item = usize> + use<T> {
        let (blocks, step) = (self.blocks, self.step.max(1));
        (0..blocks).step_by(step).map(move |start| step.min(blocks - start))
    }
}

#[cfg(test)]
mod tests {
    use super::super::plan::tests::plan;
    use super::*;

    fn material<T: Pod>(count: u64, size: u64) -> Material<T> {
        Material::new(&plan(&[], count, size)).unwrap()
    }

    #[test]
    fn sizes() {
        for (count, size, step, reads, pattern) in [
            (1, 8, 1, 1, 1),
            (1 << 14, 8, 1, 1 << 14, 1 << 14),
            ((1 << 14) + 1, 8, 2, (1 << 14) + 1, (1 << 14) + 1),
            (1 << 30, 8, 1 << 16, 1 << 16, 1 << 17),
            (1 << 32, 8, 1 << 18, 1 << 16, 1 << 18),
            (1 << 15, 24, 6, 1 << 15, 3 << 15),
        ] {
            let material = material::<u64>(count, size);
            assert_eq!(material.blocks as u64, count * size / 8);
            assert_eq!(material.step, step, "{count}");
            assert_eq!(material.reads, reads, "{count}");
            assert_eq!(material.pattern.len(), pattern, "{count}");
        }
        assert!(Material::<u8>::new(&plan(&[], u64::MAX, 2)).is_err());
    }

    #[test]
    fn steps_are_whole_elements_and_add_up() {
        for (count, expected) in [(1, vec![3]), (2, vec![3, 3])] {
            assert_eq!(material::<u8>(count, 3).steps().collect::<Vec<_>>(), expected);
        }
        let odd = material::<u8>((1 << 14) + 1, 3);
        assert!(odd.steps().all(|step| step % 3 == 0));
        assert_eq!(odd.steps().sum::<usize>(), odd.blocks);
        assert_eq!(odd.steps().last(), Some(3));
    }

    #[test]
    fn the_same_bits_every_time() {
        let (one, two) = (material::<[u8; 3]>(100, 3), material::<[u8; 3]>(100, 3));
        assert_eq!((one.value, &one.pattern), (two.value, &two.pattern));
        assert!(one.pattern.windows(2).any(|pair| pair[0] != pair[1]));
    }
}
