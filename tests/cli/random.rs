//! `pmem fill --random`.

use crate::fill::{ordered, unhex};
use crate::scratch::{Scratch, outcome};

/// The generator as its authors describe it.
pub(crate) fn words(mut seed: u64) -> impl Iterator<Item = u64> {
    let mut state = [0; 4].map(|_: u64| {
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    });
    std::iter::repeat_with(move || {
        let [s0, s1, s2, s3] = state;
        let (mut s2, mut s3) = (s2 ^ s0, s3 ^ s1);
        let (s1, s0) = (s1 ^ s2, s0 ^ s3);
        s2 ^= state[1] << 17;
        s3 = s3.rotate_left(45);
        let word = state[0].wrapping_add(state[3]).rotate_left(23).wrapping_add(state[0]);
        state = [s0, s1, s2, s3];
        word
    })
}

#[test]
fn random_bytes_are_the_same_everywhere() {
    let scratch = Scratch::new().file("a", [9; 16]);
    scratch.does(&["fill", "a", "--random", "42"]);
    let fixed = "9f6876444f4d76d0";
    let first: Vec<u8> = words(42).take(2).flat_map(u64::to_le_bytes).collect();
    assert_eq!(scratch.bytes("a"), first);
    assert_eq!(first[..8], unhex(fixed)[..], "{:02x?}", first);
    // Across chunks, and from an odd place on, the stream goes on where it was.
    let scratch = Scratch::new().file("a", vec![9; 3_000_000]);
    scratch.does(&["fill", "a", "--random=42", "-r", "3.."]);
    let expected: Vec<u8> = words(42).take(375_000).flat_map(u64::to_le_bytes).collect();
    assert!(scratch.bytes("a")[3..] == expected[..3_000_000 - 3]);
}

#[test]
fn random_elements_of_every_type() {
    let bytes: Vec<u8> = words(7).take(8).flat_map(u64::to_le_bytes).collect();
    let element = |size: usize, at: usize| {
        let mut wide = [0; 8];
        wide[..size].copy_from_slice(&bytes[at * size..][..size]);
        u64::from_le_bytes(wide)
    };
    for (kind, size) in [("u16", 2), ("i32", 4), ("u64", 8), ("u128", 16), ("i8", 1)] {
        for order in ["le", "be"] {
            let scratch = Scratch::new().file("a", [9; 64]);
            scratch.does(&["fill", "a", "--random", "7", "-t", &format!("{kind}{order}")]);
            let expected: Vec<u8> =
                bytes.chunks(size).flat_map(|chunk| ordered(order, chunk.to_vec())).collect();
            assert_eq!(scratch.bytes("a"), expected, "{kind}{order}");
        }
    }
    let filled = |kind: &str| {
        let scratch = Scratch::new().file("a", [9; 64]);
        scratch.does(&["fill", "a", "--random", "7", "-t", kind]);
        scratch.bytes("a")
    };
    for (at, value) in filled("f64be").as_chunks().0.iter().enumerate() {
        let expected = (element(8, at) >> 11) as f64 / 2_f64.powi(53);
        assert_eq!(f64::from_be_bytes(*value), expected);
    }
    for (at, value) in filled("f32").as_chunks().0.iter().enumerate() {
        let expected = (element(4, at) >> 8) as f32 / 2_f32.powi(24);
        assert_eq!(f32::from_le_bytes(*value), expected);
    }
    for (at, value) in filled("f16").as_chunks().0.iter().enumerate() {
        let expected = (element(2, at) >> 5) as f32 / 2048.0;
        assert_eq!(half::f16::from_le_bytes(*value).to_f32(), expected);
    }
    for (at, value) in filled("bf16").as_chunks().0.iter().enumerate() {
        let expected = (element(2, at) >> 8) as f32 / 256.0;
        assert_eq!(half::bf16::from_le_bytes(*value).to_f32(), expected);
    }
}

#[test]
fn a_seed_that_was_picked_is_told() {
    let scratch = Scratch::new().file("a", [9; 100]).file("b", [9; 100]);
    let (code, said) = outcome(&mut scratch.pmem(["fill", "a", "--random", "--verbose"]));
    assert_eq!(code, 0);
    let start = "a: filled 0..100 of 100 u8 (100 B), seed ";
    let seed = said.strip_prefix(start).unwrap_or_else(|| panic!("{said}")).trim();
    scratch.does(&["fill", "b", "--random", seed]);
    assert_eq!(scratch.bytes("a"), scratch.bytes("b"));
    scratch.does(&["fill", "b", "--random"]);
    assert_ne!(scratch.bytes("a"), scratch.bytes("b"), "two seeds are the same");
}
