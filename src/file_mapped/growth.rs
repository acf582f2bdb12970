#![forbid(unsafe_code)]
//! How much to ask the system for, so that most growths need not ask. All figures are in bytes.

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;

/// Returns how far to map a file of which `mapped` bytes are mapped and `needed` are wanted.
///
/// Doubling costs nothing but addresses: pages behind the end of the file are never touched.
pub(super) fn mapping(mapped: usize, needed: usize) -> usize {
    needed.max(mapped.saturating_mul(2)).max(64 * KIB as usize).min(isize::MAX as usize)
}

/// Tells whether a growth is so large that one more system call hardly counts beside its pages.
pub(super) fn is_large(length: u64, wanted: u64) -> bool {
    wanted.saturating_sub(length) >= MIB
}

/// Returns up to where to reserve blocks of a file that grows from `length` to `wanted`.
///
/// A large growth asks for what it needs. Small
/// ones reserve ahead in steps of half the file, at most 16 MiB, since the disk is shared; what is
/// not used is given back when the memory is dropped.
pub(super) fn blocks(length: u64, wanted: u64) -> u64 {
    if is_large(length, wanted) {
        return wanted;
    }
    wanted.saturating_add((length / 2).clamp(64 * KIB, 16 * MIB))
}

/// Returns where the next step ends of reserving blocks from `reserved` to `wanted`.
///
/// Between two steps the file system is asked whether it still has room for the rest.
pub(super) fn step(reserved: u64, wanted: u64) -> u64 {
    wanted.min(reserved.saturating_add(1024 * MIB))
}

/// Returns how many elements of `size` bytes to make room for where `len` are wanted.
///
/// Half as much again, so that the cost of lengthening the file spreads over the elements.
pub(super) fn elements(len: usize, size: usize) -> usize {
    let ahead = (len / 2).max(64 * KIB as usize / size.max(1)).max(1);
    len.saturating_add(ahead)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mappings_double() {
        for (mapped, needed, expected) in [
            (0, 1, 65_536),
            (65_536, 65_537, 131_072),
            (65_536, 1 << 30, 1 << 30),
            (1 << 62, (1 << 62) + 1, isize::MAX as usize),
        ] {
            assert_eq!(mapping(mapped, needed), expected, "{needed} of {mapped}");
        }
    }

    #[test]
    fn blocks_are_reserved_by_the_gibibyte() {
        for (reserved, wanted, expected) in [
            (0, 8, 8),
            (8, 1 << 30, 1 << 30),
            (8, (1 << 30) + 8, (1 << 30) + 8),
            (8, (1 << 30) + 9, (1 << 30) + 8),
            (u64::MAX - 8, u64::MAX, u64::MAX),
        ] {
            assert_eq!(step(reserved, wanted), expected, "{reserved} to {wanted}");
        }
    }

    #[test]
    fn spare_capacity_is_half_as_much_again() {
        for (len, size, expected) in [
            (1, 8, 1 + 8192),
            (1 << 20, 8, (1 << 20) + (1 << 19)),
            (1, 1 << 20, 2),
            (usize::MAX, 8, usize::MAX),
        ] {
            assert_eq!(elements(len, size), expected, "{len} of {size}");
        }
    }

    #[test]
    fn small_growths_reserve_ahead() {
        for (length, wanted, expected) in [
            (0, 8, 8 + 64 * KIB),
            (MIB, MIB + 8, MIB + 8 + 512 * KIB),
            (1 << 40, (1 << 40) + 8, (1 << 40) + 8 + 16 * MIB),
            (0, MIB, MIB),
            (u64::MAX - 9, u64::MAX - 8, u64::MAX),
        ] {
            assert_eq!(blocks(length, wanted), expected, "{length} to {wanted}");
        }
    }
}
