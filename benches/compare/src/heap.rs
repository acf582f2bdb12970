//! The rows about memory on the heap.

use platform_mem::{Global, RawMem, System};
use seed::RawMem as _;

use crate::contest::{Contest, seen, timed};

const MIB: usize = 1 << 20;

pub fn contests() -> Vec<Contest> {
    vec![
        Contest {
            name: "1 M × `grow_filled(1)`, `Global<u64>`",
            ours: Box::new(|| {
                let mut mem = Global::<u64>::new();
                timed(|| (0..1_000_000).for_each(|n| seen(mem.grow_filled(1, n).unwrap())))
            }),
            seed: Some(Box::new(|| {
                let mut mem = seed::Global::<u64>::new();
                timed(|| (0..1_000_000).for_each(|n| seen(mem.grow_filled(1, n).unwrap())))
            })),
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
            target: "1.5 × peer",
        },
        Contest {
            name: "100 k × `grow_from_slice(64)`, `System<u64>`",
            ours: Box::new(|| {
                let (mut mem, slice) = (System::<u64>::new(), [7; 64]);
                timed(|| (0..100_000).for_each(|_| seen(mem.grow_from_slice(&slice).unwrap())))
            }),
            seed: Some(Box::new(|| {
                let (mut mem, slice) = (seed::System::<u64>::new(), [7; 64]);
                timed(|| (0..100_000).for_each(|_| seen(mem.grow_from_slice(&slice).unwrap())))
            })),
            peer: Some((
                "`Vec::extend_from_slice`",
                Box::new(|| {
                    let (mut vec, slice) = (Vec::<u64>::new(), [7; 64]);
                    timed(|| {
                        (0..100_000)
                            .for_each(|_| vec.extend_from_slice(std::hint::black_box(&slice)))
                    })
                }),
            )),
            target: "1.3 × peer",
        },
        Contest {
            name: "`grow_filled(16 Mi)`, `Global<u64>`",
            ours: Box::new(|| {
                let mut mem = Global::<u64>::new();
                timed(|| seen(mem.grow_filled(16 * MIB, 7).unwrap()))
            }),
            seed: Some(Box::new(|| {
                let mut mem = seed::Global::<u64>::new();
                timed(|| seen(mem.grow_filled(16 * MIB, 7).unwrap()))
            })),
            peer: Some((
                "`Vec::resize`",
                Box::new(|| {
                    let mut vec = Vec::<u64>::new();
                    timed(|| {
                        vec.resize(16 * MIB, 7);
                        seen(&mut vec);
                    })
                }),
            )),
            target: "1.2 × peer",
        },
        Contest {
            name: "`grow_zeroed(16 Mi)`, `Global<u64>`",
            ours: Box::new(|| {
                let mut mem = Global::<u64>::new();
                timed(|| seen(unsafe { mem.grow_zeroed(16 * MIB) }.unwrap()))
            }),
            seed: Some(Box::new(|| {
                let mut mem = seed::Global::<u64>::new();
                timed(|| seen(unsafe { mem.grow_zeroed(16 * MIB) }.unwrap()))
            })),
            peer: Some(("`vec![0; n]`", Box::new(|| timed(|| vec![0_u64; 16 * MIB])))),
            target: "–",
        },
    ]
}
