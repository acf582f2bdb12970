//! Floats of 8 bits, as the Open Compute Project defines them.
//!
//! OCP 8-bit Floating Point Specification (OFP8), revision 1.0, table 1: E4M3 has no infinity, one
//! NaN for each sign, and 448 as its greatest value; E5M2 is as IEEE 754 would have it.

/// Makes a float of 8 bits: the bits of its mantissa, the bias of its exponent, its greatest finite
/// value, its infinity where it has one, and the NaN that is written for `NaN`.
macro_rules! eight {
    ($($(#[$doc:meta])* $T:ident: $mantissa:literal, $bias:literal, $greatest:literal,
       $infinity:expr, $nan:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub(crate) struct $T(u8);

        impl $T {
            /// Greatest finite value.
            pub(super) const MAX: Self = Self($greatest);

            /// Infinity, if the type has one.
            pub(super) const INFINITE: Option<Self> = $infinity;

            /// Not a number.
            pub(super) const NAN: Self = Self($nan);

            pub(super) const fn from_bits(bits: u8) -> Self {
                Self(bits)
            }

            pub(super) const fn to_bits(self) -> u8 {
                self.0
            }

            pub(super) const fn is_nan(self) -> bool {
                self.0 & 0x7f > $greatest && !self.is_infinite()
            }

            pub(super) const fn is_infinite(self) -> bool {
                matches!(Self::INFINITE, Some(infinite) if infinite.0 == self.0 & 0x7f)
            }

            pub(super) const fn is_sign_negative(self) -> bool {
                self.0 >> 7 == 1
            }

            /// Returns the value, which `f32` has exactly.
            pub(super) const fn to_f32(self) -> f32 {
                let sign = (self.0 as u32 >> 7) << 31;
                let magnitude = self.0 as u32 & 0x7f;
                if self.is_nan() {
                    return f32::from_bits(sign | 0x7fc0_0000);
                }
                if self.is_infinite() {
                    return f32::from_bits(sign | 0x7f80_0000);
                }
                let (exponent, mantissa) =
                    (magnitude >> $mantissa, magnitude & ((1 << $mantissa) - 1));
                if exponent == 0 {
                    // Subnormal: a multiple of the least value, which is a power of two.
                    let least = f32::from_bits((127 + 1 - $bias - $mantissa) << 23);
                    let value = mantissa as f32 * least;
                    return f32::from_bits(value.to_bits() | sign);
                }
                let exponent = exponent + 127 - $bias;
                f32::from_bits(sign | exponent << 23 | mantissa << (23 - $mantissa))
            }
        }

        impl PartialEq for $T {
            fn eq(&self, other: &Self) -> bool {
                self.to_f32() == other.to_f32()
            }
        }

        impl std::ops::Neg for $T {
            type Output = Self;

            fn neg(self) -> Self {
                Self(self.0 ^ 0x80)
            }
        }
    )*};
}

eight! {
    /// A float with 4 bits of exponent and 3 of mantissa.
    F8E4M3: 3, 7, 0x7e, None, 0x7f;
    /// A float with 5 bits of exponent and 2 of mantissa.
    F8E5M2: 2, 15, 0x7b, Some(Self(0x7c)), 0x7e;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values of table 2 and table 3 of the specification.
    #[test]
    fn values_of_the_specification() {
        let e4m3 = |bits| F8E4M3::from_bits(bits).to_f32();
        let e5m2 = |bits| F8E5M2::from_bits(bits).to_f32();
        assert_eq!(e4m3(0x7e), 448.0);
        assert_eq!(e4m3(0x08), 2.0_f32.powi(-6));
        assert_eq!(e4m3(0x07), 0.875 * 2.0_f32.powi(-6));
        assert_eq!(e4m3(0x01), 2.0_f32.powi(-9));
        assert!(e4m3(0x7f).is_nan() && e4m3(0xff).is_nan());
        assert_eq!((0..=255).filter(|bits| e4m3(*bits).is_infinite()).count(), 0);
        assert_eq!((0..=255).filter(|bits| e4m3(*bits).is_nan()).count(), 2);
        assert_eq!(e5m2(0x7b), 57_344.0);
        assert_eq!(e5m2(0x04), 2.0_f32.powi(-14));
        assert_eq!(e5m2(0x03), 0.75 * 2.0_f32.powi(-14));
        assert_eq!(e5m2(0x01), 2.0_f32.powi(-16));
        assert_eq!(e5m2(0xfc), f32::NEG_INFINITY);
        assert_eq!((0..=255).filter(|bits| e5m2(*bits).is_nan()).count(), 6);
        assert!(e5m2(0x80).is_sign_negative() && e5m2(0x80) == 0.0);
    }
}
