//! Values in their order, as unsigned integers: how far two of them lie apart, and which is next.

use crate::element::{Class, Scalar};

/// Room for the bytes of a number.
type Bytes = [u8; 16];

/// Returns an unsigned integer with the same order: integers by their value, floats by the total
/// order in which minus zero comes before zero, and NaN comes last on either side. Neighbouring
/// values of the type have neighbouring keys.
#[inline(always)]
pub(crate) fn key<T: Scalar>(value: T) -> u128 {
    let mut bytes = Bytes::default();
    value.store(&mut bytes[..T::SIZE]);
    let (bits, sign) = (u128::from_le_bytes(bytes), sign::<T>());
    match T::CLASS {
        Class::Signed => bits ^ sign,
        Class::Float if bits & sign == 0 => bits | sign,
        Class::Float => !bits & (sign | (sign - 1)),
        _ => bits,
    }
}

/// Returns the value that has a key.
pub(crate) fn unkey<T: Scalar>(key: u128) -> T {
    let sign = sign::<T>();
    let bits = match T::CLASS {
        Class::Signed => key ^ sign,
        Class::Float if key & sign != 0 => key ^ sign,
        Class::Float => !key & (sign | (sign - 1)),
        _ => key,
    };
    T::load(&bits.to_le_bytes()[..T::SIZE])
}

/// Returns the greatest key of a type.
pub(crate) const fn greatest_key<T: Scalar>() -> u128 {
    sign::<T>() | (sign::<T>() - 1)
}

/// Returns the steps from one value to the other.
#[inline(always)]
pub(crate) fn steps<T: Scalar>(a: T, b: T) -> u128 {
    // Half of the bits are enough for most types, and take half of the time.
    match T::SIZE {
        ..=8 => (key(a) as u64).abs_diff(key(b) as u64).into(),
        _ => key(a).abs_diff(key(b)),
    }
}

/// Returns the highest bit of a type.
const fn sign<T: Scalar>() -> u128 {
    1 << (8 * T::SIZE - 1)
}

#[cfg(test)]
mod tests {
    use half::f16;
    use proptest::prelude::*;

    use super::*;
    use crate::element::{Job, Kind, Number as _};

    #[test]
    fn neighbours() {
        assert_eq!(steps(f16::from_f32(1.0), f16::from_f32(1.0009766)), 1);
        assert_eq!(steps(1.0_f32, 1.0 + f32::EPSILON), 1);
        assert_eq!(steps(-0.0_f64, 0.0), 1);
        assert_eq!(steps(i128::MIN, i128::MAX), u128::MAX);
        assert_eq!(steps(u128::MIN, u128::MAX), u128::MAX);
        assert_eq!(steps(-1_i8, 1), 2);
        assert_eq!(unkey::<f32>(key(f32::MAX) + 1), f32::INFINITY);
    }

    /// Checks two values of a type, made of bits.
    struct Check([u8; 16], [u8; 16]);

    impl Job for Check {
        type Output = ();

        fn run<T: Scalar>(self) {
            let (a, b) = (T::load(&self.0[..T::SIZE]), T::load(&self.1[..T::SIZE]));
            let mut back = [0; 16];
            unkey::<T>(key(a)).store(&mut back[..T::SIZE]);
            assert_eq!(back[..T::SIZE], self.0[..T::SIZE]);
            assert!(key(a) <= greatest_key::<T>());
            if !a.wide().is_nan() && !b.wide().is_nan() && a.wide() < b.wide() {
                assert!(key(a) < key(b), "{a:?} {b:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn keys_have_the_order_of_values(a: [u8; 16], b: [u8; 16]) {
            for kind in Kind::NUMBERS {
                kind.run(Check(a, b));
            }
        }
    }
}
