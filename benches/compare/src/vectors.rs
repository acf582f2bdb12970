//! The rows about memories as vectors, beside other crates that keep vectors in files.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use memvec::VecFile;
use mmap_vec::MmapVec;
use platform_mem::{FileMapped, FileOptions, FileView, MemVec, TempFile};

use crate::contest::{Contest, Work, seen, timed};

const COUNT: u64 = 1 << 22;

/// A directory of its own for each measurement.
fn in_dir(dir: &Path, mut work: impl FnMut(&Path) -> Duration + 'static) -> Work {
    let dir = PathBuf::from(dir);
    Box::new(move || work(tempfile::tempdir_in(&dir).unwrap().path()))
}

/// Pushes numbers one by one, and lets the compiler leave out none.
fn pushes<V>(vec: &mut V, mut push: impl FnMut(&mut V, u64)) -> Duration {
    timed(|| (0..COUNT).for_each(|n| push(vec, std::hint::black_box(n))))
}

fn spare(dir: &Path) -> MemVec<FileMapped<u64>> {
    let options = FileOptions::new().spare_capacity(true).sync_on_drop(false);
    MemVec::new(options.open_or_create(dir.join("ours")).unwrap())
}

fn temporary(dir: &Path) -> Work {
    in_dir(dir, |dir| pushes(&mut MemVec::new(TempFile::new_in(dir).unwrap()), MemVec::push))
}

/// A file of 128 MiB that `work` reads.
fn reading(dir: &Path, mut work: impl FnMut(&Path) -> u64 + 'static) -> Work {
    in_dir(dir, move |dir| {
        let path = dir.join("numbers");
        fs::write(&path, vec![1; 128 << 20]).unwrap();
        timed(|| seen(&mut [work(&path)]))
    })
}

pub fn contests(dir: &Path) -> Vec<Contest> {
    vec![
        Contest {
            name: "4 Mi × `push`, `MemVec<TempFile>`",
            ours: temporary(dir),
            seed: None,
            peer: Some(("`Vec::push`", Box::new(|| pushes(&mut Vec::new(), |vec, n| vec.push(n))))),
            target: "2 × peer",
        },
        Contest {
            name: "4 Mi × `push`, `MemVec<TempFile>`",
            ours: temporary(dir),
            seed: None,
            peer: Some((
                "`mmap-vec` 0.2",
                in_dir(dir, |_| {
                    // It chooses its directory itself, below the one for temporary files.
                    pushes(&mut MmapVec::<u64>::new(), |vec, n| vec.push(n).unwrap())
                }),
            )),
            target: "1 × peer",
        },
        Contest {
            name: "4 Mi × `push`, `MemVec<FileMapped>`, spare capacity",
            ours: in_dir(dir, |dir| pushes(&mut spare(dir), MemVec::push)),
            seed: None,
            peer: Some((
                "`memvec` 0.2",
                in_dir(dir, |dir| {
                    let mut options = fs::File::options();
                    options.read(true).write(true).create_new(true);
                    let file = options.open(dir.join("theirs")).unwrap();
                    VecFile::clear(&file).unwrap();
                    let file = VecFile::from_file(file).unwrap();
                    // SAFETY: the file is new, and numbers are plain.
                    let vec = unsafe { memvec::MemVec::<u64, _>::try_from_memory(file) };
                    pushes(&mut vec.map_err(|_| "misaligned").unwrap(), |vec, n| vec.push(n))
                }),
            )),
            target: "1 × peer",
        },
        Contest {
            name: "sum of a file of 128 MiB, `FileView`",
            ours: reading(dir, |path| FileView::<u64>::open(path).unwrap().iter().sum()),
            seed: None,
            peer: Some((
                "`memmap2` and a cast",
                reading(dir, |path| {
                    let file = fs::File::open(path).unwrap();
                    // SAFETY: nobody else changes the file.
                    let map = unsafe { memmap2::Mmap::map(&file) }.unwrap();
                    let (before, numbers, after) = unsafe { map.align_to::<u64>() };
                    assert!(before.is_empty() && after.is_empty());
                    numbers.iter().sum()
                }),
            )),
            target: "1 × peer",
        },
    ]
}
