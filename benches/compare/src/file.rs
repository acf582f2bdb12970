//! The rows about memory in files.

use std::{
    fs::File,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    time::Duration,
};

use platform_mem::{FileMapped, FileOptions, RawMem, TempFile};
use rustix::fs::FallocateFlags;
use seed::RawMem as _;

use crate::contest::{Contest, Work, seen, timed};

const MIB: usize = 1 << 20;

/// Makes an empty file in `dir` for each measurement, without a name.
fn on_file(dir: &Path, mut work: impl FnMut(File) -> Duration + 'static) -> Work {
    let dir = PathBuf::from(dir);
    Box::new(move || work(tempfile::tempfile_in(&dir).unwrap()))
}

fn ours(file: File) -> FileMapped<u64> {
    FileOptions::new().sync_on_drop(false).from_file(file).unwrap()
}

/// The predecessor syncs when it is dropped, which is not what is measured.
fn seed(file: File) -> std::mem::ManuallyDrop<seed::FileMapped<u64>> {
    std::mem::ManuallyDrop::new(seed::FileMapped::new(file).unwrap())
}

/// Touches each page once.
fn touch(elements: &mut [u64]) -> u64 {
    elements.iter_mut().step_by(512).fold(0, |sum, element| {
        *element += 1;
        sum ^ *element
    })
}

pub fn contests(dir: &Path) -> Vec<Contest> {
    let steps = |count: usize, step: usize| {
        (
            on_file(dir, move |file| {
                let mut mem = ours(file);
                timed(|| (0..count).for_each(|n| seen(mem.grow_filled(step, n as u64).unwrap())))
            }),
            on_file(dir, move |file| {
                let mut mem = seed(file);
                timed(|| (0..count).for_each(|n| seen(mem.grow_filled(step, n as u64).unwrap())))
            }),
            on_file(dir, move |file| {
                let bytes = vec![7; step * 8];
                timed(|| {
                    (0..count)
                        .for_each(|n| file.write_all_at(&bytes, (n * step * 8) as u64).unwrap())
                })
            }),
        )
    };
    let (ones, seed_ones, pwrite_ones) = steps(20_000, 1);
    let (pages, seed_pages, pwrite_pages) = steps(20_000, 512);
    vec![
        Contest {
            name: "20 k × `grow_filled(1)`, file, exact length",
            ours: ones,
            seed: Some(seed_ones),
            peer: Some(("`pwrite` of 8 bytes", pwrite_ones)),
            target: "0.2 × seed",
        },
        Contest {
            name: "1 M × `grow_filled(1)`, file, spare capacity",
            ours: on_file(dir, |file| {
                let options = FileOptions::new().spare_capacity(true).sync_on_drop(false);
                let mut mem = options.from_file::<u64>(file).unwrap();
                timed(|| (0..1_000_000).for_each(|n| seen(mem.grow_filled(1, n).unwrap())))
            }),
            seed: None,
            peer: Some((
                "`Vec::push`",
                Box::new(|| {
                    let mut vec = Vec::<u64>::new();
                    timed(|| {
                        (0..1_000_000).for_each(|n| {
                            vec.push(n);
                            seen(&mut vec[n as usize..]);
                        })
                    })
                }),
            )),
            target: "tens of ns each",
        },
        Contest {
            name: "20 k × `grow_filled(512)`, file, exact length",
            ours: pages,
            seed: Some(seed_pages),
            peer: Some(("`pwrite` of 4 KiB", pwrite_pages)),
            target: "0.25 × seed",
        },
        Contest {
            name: "`grow_filled(16 Mi)`, new file",
            ours: on_file(dir, |file| {
                let mut mem = ours(file);
                timed(|| seen(mem.grow_filled(16 * MIB, 7).unwrap()))
            }),
            seed: Some(on_file(dir, |file| {
                let mut mem = seed(file);
                timed(|| seen(mem.grow_filled(16 * MIB, 7).unwrap()))
            })),
            peer: Some((
                "`pwrite` of 1 MiB",
                on_file(dir, |file| {
                    let bytes = vec![7; MIB];
                    timed(|| (0..128).for_each(|n| file.write_all_at(&bytes, n << 20).unwrap()))
                }),
            )),
            target: "0.75 × seed, 1.25 × peer",
        },
        Contest {
            name: "`grow_zeroed(16 Mi)`, new file",
            ours: on_file(dir, |file| {
                let mut mem = ours(file);
                timed(|| seen(unsafe { mem.grow_zeroed(16 * MIB) }.unwrap()))
            }),
            seed: Some(on_file(dir, |file| {
                let mut mem = seed(file);
                timed(|| seen(unsafe { mem.grow_zeroed(16 * MIB) }.unwrap()))
            })),
            peer: Some((
                "`fallocate`",
                on_file(dir, |file| {
                    timed(|| {
                        rustix::fs::fallocate(&file, FallocateFlags::empty(), 0, 128 << 20).unwrap()
                    })
                }),
            )),
            target: "0.15 × seed",
        },
        Contest {
            name: "20 × (`grow_filled(1)`, touch 128 MiB), file",
            ours: on_file(dir, |file| {
                let mut mem = ours(file);
                mem.grow_filled(16 * MIB, 7).unwrap();
                timed(|| {
                    for n in 0..20 {
                        mem.grow_filled(1, n).unwrap();
                        std::hint::black_box(touch(mem.allocated_mut()));
                    }
                })
            }),
            seed: Some(on_file(dir, |file| {
                let mut mem = seed(file);
                mem.grow_filled(16 * MIB, 7).unwrap();
                timed(|| {
                    for n in 0..20 {
                        mem.grow_filled(1, n).unwrap();
                        std::hint::black_box(touch(mem.allocated_mut()));
                    }
                })
            })),
            peer: Some((
                "touching alone",
                on_file(dir, |file| {
                    let mut mem = ours(file);
                    mem.grow_filled(16 * MIB, 7).unwrap();
                    touch(mem.allocated_mut());
                    timed(|| (0..20).for_each(|_| seen(&mut [touch(mem.allocated_mut())])))
                }),
            )),
            target: "0.5 × seed",
        },
        Contest {
            name: "drop of a 128 MiB `TempFile`",
            ours: {
                let dir = PathBuf::from(dir);
                Box::new(move || {
                    let mut mem = TempFile::<u64>::new_in(&dir).unwrap();
                    mem.grow_filled(16 * MIB, 7).unwrap();
                    timed(|| drop(mem))
                })
            },
            seed: Some({
                let dir = PathBuf::from(dir);
                Box::new(move || {
                    let mut mem = seed::TempFile::<u64>::new_in(&dir).unwrap();
                    mem.grow_filled(16 * MIB, 7).unwrap();
                    timed(|| drop(mem))
                })
            }),
            peer: Some((
                "`close`",
                on_file(dir, |file| {
                    let bytes = vec![7; MIB];
                    (0..128).for_each(|n| file.write_all_at(&bytes, n << 20).unwrap());
                    timed(|| drop(file))
                }),
            )),
            target: "2 × peer",
        },
        Contest {
            name: "100 k × `grow_filled(0)`, file",
            ours: on_file(dir, |file| {
                let mut mem = ours(file);
                mem.grow_filled(512, 7).unwrap();
                timed(|| (0..100_000).for_each(|n| seen(mem.grow_filled(0, n).unwrap())))
            }),
            seed: Some(on_file(dir, |file| {
                let mut mem = seed(file);
                mem.grow_filled(512, 7).unwrap();
                timed(|| (0..100_000).for_each(|n| seen(mem.grow_filled(0, n).unwrap())))
            })),
            peer: None,
            target: "0.01 × seed",
        },
    ]
}
