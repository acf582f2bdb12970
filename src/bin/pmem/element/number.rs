//! The types in which the program computes.

use std::fmt::Debug;

/// A type in which the program computes with values: what narrower and packed types widen to.
pub(crate) trait Number:
    Copy + Debug + Default + PartialOrd + PartialEq + Send + Sync + 'static
{
    /// Whether the type is a float.
    const FLOAT: bool;

    /// Returns whether the value is not a number.
    fn is_nan(self) -> bool;

    /// Returns the value as a 64-bit float, rounded to the nearest.
    fn to_f64(self) -> f64;

    /// Returns the value as an integer of 128 bits, which the largest of `u128` wrap around in;
    /// a float is cut.
    fn to_i128(self) -> i128;

    /// Returns an unsigned integer with the same order: integers by their value, floats by the
    /// total order in which minus zero comes before zero, and NaN comes last on either side.
    fn key(self) -> u128;
}

/// Makes integers into numbers: the type, and the unsigned one of its width.
macro_rules! integers {
    ($($T:ident as $Unsigned:ident),*) => {$(
        impl Number for $T {
            const FLOAT: bool = false;

            #[inline(always)]
            fn is_nan(self) -> bool {
                false
            }

            #[inline(always)]
            fn to_f64(self) -> f64 {
                self as f64
            }

            #[inline(always)]
            fn to_i128(self) -> i128 {
                self as i128
            }

            #[inline(always)]
            fn key(self) -> u128 {
                // For a signed type the sign bit is flipped, so that negative values come first.
                u128::from((self as $Unsigned) ^ ($T::MIN as $Unsigned))
            }
        }
    )*};
}

integers! {
    u8 as u8, u16 as u16, u32 as u32, u64 as u64, u128 as u128,
    i8 as u8, i16 as u16, i32 as u32, i64 as u64, i128 as u128
}

/// Makes floats into numbers: the type, and the integers of its bits.
macro_rules! floats {
    ($($T:ident as $Bits:ident),*) => {$(
        impl Number for $T {
            const FLOAT: bool = true;

            #[inline(always)]
            fn is_nan(self) -> bool {
                self.is_nan()
            }

            #[inline(always)]
            fn to_f64(self) -> f64 {
                self.into()
            }

            #[inline(always)]
            fn to_i128(self) -> i128 {
                self as i128
            }

            #[inline(always)]
            fn key(self) -> u128 {
                let bits = self.to_bits();
                let sign = 1 << ($Bits::BITS - 1);
                u128::from(if bits & sign == 0 { bits | sign } else { !bits })
            }
        }
    )*};
}

floats!(f32 as u32, f64 as u64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_ordered_like_values() {
        fn check<N: Number>(values: &[N]) {
            assert!(values.is_sorted_by(|a, b| a.key() < b.key()), "{values:?}");
        }
        check(&[0_u8, 1, 128, 255]);
        check(&[i64::MIN, -1, 0, 1, i64::MAX]);
        check(&[i128::MIN, -1, 0, i128::MAX]);
        check(&[f32::NEG_INFINITY, -1.0, -0.0, 0.0, f32::MIN_POSITIVE, 1.0, f32::INFINITY]);
        check(&[-f64::NAN, f64::MIN, -5e-324, -0.0, 0.0, 5e-324, f64::NAN]);
        assert_eq!(1.0_f64.key() + 1, (1.0 + f64::EPSILON).key());
    }
}
