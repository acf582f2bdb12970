//! Random bits as values.

use half::{bf16, f16};

use super::lists::with_integers;

/// A type of which random values are made of random bits.
pub(crate) trait Uniform {
    /// Returns the value that random bits stand for: all integers are equally likely, and floats
    /// are multiples of a power of two from 0 to below 1.
    #[must_use]
    fn uniform(self) -> Self;
}

/// Makes integers random: all their bits are.
macro_rules! integers {
    ($($T:ident as $Unsigned:ident),* $(,)?) => {$(
        impl Uniform for $T {
            #[inline]
            fn uniform(self) -> Self {
                self
            }
        }
    )*};
}

with_integers!(integers);

impl Uniform for f64 {
    #[inline]
    fn uniform(self) -> Self {
        (self.to_bits() >> 11) as Self / (1_u64 << 53) as Self
    }
}

impl Uniform for f32 {
    #[inline]
    fn uniform(self) -> Self {
        (self.to_bits() >> 8) as Self / (1_u32 << 24) as Self
    }
}

impl Uniform for f16 {
    /// As the value has 11 bits, its parts are those of the same value in 32 bits, the exponent
    /// with another bias.
    #[inline]
    fn uniform(self) -> Self {
        let value = f32::from(self.to_bits() >> 5) / 2048.0;
        let bits = (value.to_bits() >> 13).wrapping_sub((127 - 15) << 10);
        Self::from_bits(if value == 0.0 { 0 } else { bits as u16 })
    }
}

impl Uniform for bf16 {
    /// As the value has 8 bits, it is the upper half of the same value in 32 bits.
    #[inline]
    fn uniform(self) -> Self {
        let value = f32::from(self.to_bits() >> 8) / 256.0;
        Self::from_bits((value.to_bits() >> 16) as u16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_from_0_to_below_1() {
        assert_eq!(f64::from_bits(0).uniform(), 0.0);
        assert_eq!(f64::from_bits(1 << 63).uniform(), 0.5);
        assert_eq!(f64::from_bits(u64::MAX).uniform(), 1.0 - f64::EPSILON / 2.0);
        assert_eq!(f32::from_bits(1 << 31).uniform(), 0.5);
        assert_eq!(f32::from_bits(u32::MAX).uniform(), 1.0 - f32::EPSILON / 2.0);
    }

    #[test]
    fn narrow_floats_from_0_to_below_1() {
        for bits in 0..=u16::MAX {
            let value = f16::from_bits(bits).uniform().to_f64();
            assert_eq!(value, f64::from(bits >> 5) / 2048.0);
            let value = bf16::from_bits(bits).uniform().to_f64();
            assert_eq!(value, f64::from(bits >> 8) / 256.0);
        }
    }
}
