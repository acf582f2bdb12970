//! Byte order.

/// The order of the bytes of a value in a file.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Order {
    /// The least significant byte comes first.
    #[default]
    Little,
    /// The most significant byte comes first.
    Big,
}

/// Reverses the bytes of every value of `size` bytes.
pub(super) fn reverse(bytes: &mut [u8], size: usize) {
    /// Reverses values of a width that the processor has an instruction for.
    fn fixed<const N: usize>(bytes: &mut [u8]) {
        let (values, _) = bytes.as_chunks_mut::<N>();
        for value in values {
            value.reverse();
        }
    }
    match size {
        0 | 1 => {}
        2 => fixed::<2>(bytes),
        3 => fixed::<3>(bytes),
        4 => fixed::<4>(bytes),
        8 => fixed::<8>(bytes),
        16 => fixed::<16>(bytes),
        _ => bytes.chunks_exact_mut(size).for_each(<[u8]>::reverse),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_width() {
        for size in 1..=17_usize {
            let mut bytes: Vec<u8> = (0..3 * size as u8).collect();
            let expected: Vec<u8> =
                bytes.chunks(size).flat_map(|value| value.iter().rev().copied()).collect();
            reverse(&mut bytes, size);
            assert_eq!(bytes, expected, "{size}");
        }
    }
}
