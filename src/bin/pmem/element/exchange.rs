//! Scalars on their way to another type, through a carrier that has all their values.
//!
//! There are five carriers: `i64`, `i128` and `u128` for integers, `f32` and `f64` for floats. So
//! integers never pass through a float, no value is rounded twice, and a new scalar type needs one
//! way into a carrier and one out of each.

use half::{bf16, f16};

use super::boolean::Boolean;
use super::eight::{F8E4M3, F8E5M2};
use super::float::Float as Aim;
use super::integer::{I24, U24};
use super::number::Number as _;
use super::scalar::Scalar;
use super::series::Serial;

/// What to do about values that the new type does not have.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules {
    /// What becomes of values that are out of range.
    pub(crate) overflow: Overflow,
    /// How floats become whole; `None` if they have to be.
    pub(crate) round: Option<Round>,
    /// The little-endian bytes of what NaN becomes in integers.
    pub(crate) nan: Option<[u8; 16]>,
    /// Is any change of a value refused, that of the last digit of a float included?
    pub(crate) exact: bool,
}

/// What becomes of values that are out of range.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum Overflow {
    /// They are an error
    #[default]
    Error,
    /// They become the least or the greatest value
    Saturate,
    /// Integers keep their low bits; floats become infinite
    Wrap,
}

/// How floats become whole.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum Round {
    /// To the nearest, of two that are equally near to the even one
    Even,
    /// Towards zero
    Zero,
    /// Down
    Floor,
    /// Up
    Ceil,
}

impl Round {
    /// Returns a whole number.
    fn apply(self, value: f64) -> f64 {
        match self {
            Self::Even => value.round_ties_even(),
            Self::Zero => value.trunc(),
            Self::Floor => value.floor(),
            Self::Ceil => value.ceil(),
        }
    }
}

/// Why a value has no counterpart in another type.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Fault {
    /// It is out of range.
    Overflow,
    /// It is not whole.
    Fraction,
    /// It is not a number.
    Nan,
    /// It would be rounded.
    Inexact,
}

/// A scalar that can be exchanged for one of another type.
pub(crate) trait Exchange: Scalar {
    /// A type that has all values of this one.
    type Carrier: Carrier;

    /// Returns the value in its carrier.
    fn lift(self) -> Self::Carrier;

    /// Returns the value nearest to one in a carrier, and whether it needs no rule.
    fn quick<C: Carrier>(value: C) -> (Self, bool);

    /// Returns what a value in a carrier becomes by the rules.
    ///
    /// # Errors
    ///
    /// The rules do not allow it.
    fn lower<C: Carrier>(value: C, rules: &Rules) -> Result<Self, Fault>;

    /// Returns the range of finite values, for messages.
    fn range() -> String;
}

/// A type that has all values of others.
pub(crate) trait Carrier: Copy + Default + Send + Sync + 'static {
    /// Does [`Exchange::quick`] for integers.
    fn quick_integer<T: Integer>(self) -> (T, bool);

    /// Does [`Exchange::lower`] for integers.
    ///
    /// # Errors
    ///
    /// The rules do not allow it.
    fn integer<T: Integer>(self, rules: &Rules) -> Result<T, Fault>;

    /// Returns the nearest float.
    fn nearest<T: Float>(self) -> T;

    /// Is this value not a number, and is it finite?
    fn tests(self) -> (bool, bool);

    /// Is the value negative?
    fn is_negative(self) -> bool;

    /// Is `float` exactly this value?
    fn equals<T: Float>(self, float: T) -> bool;
}

/// An integer type as the aim of an exchange.
pub(crate) trait Integer: Scalar {
    /// Least value.
    const LEAST: i128;

    /// Greatest value.
    const GREATEST: u128;

    /// Returns the value that the low bits are.
    fn wrap(bits: u128) -> Self;

    /// Returns a whole number that is in range.
    fn of_whole(value: f64) -> Self;

    /// Returns the least or the greatest value.
    fn limit(least: bool) -> Self {
        Self::wrap(if least { Self::LEAST as u128 } else { Self::GREATEST })
    }
}

/// A float type as the aim of an exchange: the nearest value to one of each carrier, infinite or
/// NaN if that is too large.
pub(crate) trait Float: Serial {
    /// Significant bits.
    const SIGNIFICANT: u32;

    fn of_i64(value: i64) -> Self;
    fn of_i128(value: i128) -> Self;
    fn of_u128(value: u128) -> Self;
    fn of_f32(value: f32) -> Self;
    fn of_f64(value: f64) -> Self;

    /// Returns the greatest finite value, or the one on the other side of zero.
    fn limit(least: bool) -> Self {
        let greatest = Self::GREATEST.to_f64();
        Self::of_f64(if least { -greatest } else { greatest })
    }

    /// Is this not a number, and is it finite?
    #[inline(always)]
    fn tests(self) -> (bool, bool) {
        let value = self.wide().to_f64();
        (value.is_nan(), value.is_finite())
    }
}

/// Exchanges a value for a float.
#[inline(always)]
fn quick_float<C: Carrier, T: Float>(value: C) -> (T, bool) {
    let float: T = value.nearest();
    (float, value.tests() == float.tests())
}

/// Exchanges a value for a float by the rules.
fn lower_float<C: Carrier, T: Float>(value: C, rules: &Rules) -> Result<T, Fault> {
    let (float, fine) = quick_float::<C, T>(value);
    match rules.overflow {
        _ if fine && rules.exact && !value.equals(float) => Err(Fault::Inexact),
        _ if fine => Ok(float),
        Overflow::Error => Err(Fault::Overflow),
        Overflow::Saturate => Ok(T::limit(value.is_negative())),
        Overflow::Wrap => Ok(float),
    }
}

/// Makes integers into carriers.
macro_rules! integer_carriers {
    ($($C:ident $of:ident;)*) => {$(
        #[allow(unused_comparisons, reason = "one of the types has no sign")]
        impl Carrier for $C {
            #[inline(always)]
            fn quick_integer<T: Integer>(self) -> (T, bool) {
                let least = const {
                    let least = $C::MIN as i128;
                    if T::LEAST > least { T::LEAST as $C } else { $C::MIN }
                };
                let greatest = const {
                    let greatest = $C::MAX as u128;
                    if T::GREATEST < greatest { T::GREATEST as $C } else { $C::MAX }
                };
                (T::wrap(self as u128), least <= self && self <= greatest)
            }

            fn integer<T: Integer>(self, rules: &Rules) -> Result<T, Fault> {
                match (self.quick_integer(), rules.overflow) {
                    ((value, true), _) | ((value, false), Overflow::Wrap) => Ok(value),
                    (_, Overflow::Saturate) => Ok(T::limit(self < 0)),
                    (_, Overflow::Error) => Err(Fault::Overflow),
                }
            }

            #[inline(always)]
            fn nearest<T: Float>(self) -> T {
                T::$of(self)
            }

            #[inline(always)]
            fn tests(self) -> (bool, bool) {
                (false, true)
            }

            fn is_negative(self) -> bool {
                self < 0
            }

            fn equals<T: Float>(self, _: T) -> bool {
                let magnitude = (self as i128).unsigned_abs();
                let magnitude = if $C::MIN < 0 { magnitude } else { self as u128 };
                let unused = magnitude.leading_zeros() + magnitude.trailing_zeros();
                u128::BITS.saturating_sub(unused) <= T::SIGNIFICANT
            }
        }
    )*};
}

integer_carriers! {
    i64 of_i64;
    i128 of_i128;
    u128 of_u128;
}

/// Makes floats into carriers.
macro_rules! float_carriers {
    ($($C:ident $of:ident;)*) => {$(
        impl Carrier for $C {
            #[inline(always)]
            fn quick_integer<T: Integer>(self) -> (T, bool) {
                let value = f64::from(self);
                let fine = in_range::<T>(value) && value == value.trunc();
                (T::of_whole(value), fine)
            }

            fn integer<T: Integer>(self, rules: &Rules) -> Result<T, Fault> {
                integer_of_float(self.into(), rules)
            }

            #[inline(always)]
            fn nearest<T: Float>(self) -> T {
                T::$of(self)
            }

            #[inline(always)]
            fn tests(self) -> (bool, bool) {
                (self.is_nan(), self.is_finite())
            }

            fn is_negative(self) -> bool {
                self.is_sign_negative()
            }

            fn equals<T: Float>(self, float: T) -> bool {
                self.is_nan() || f64::from(self) == float.wide().to_f64()
            }
        }
    )*};
}

float_carriers! {
    f32 of_f32;
    f64 of_f64;
}

/// Is the integer part of a number in the range of a type?
#[inline(always)]
fn in_range<T: Integer>(value: f64) -> bool {
    // The greatest value of a wide type is rounded up, to what comes after it.
    T::LEAST as f64 <= value && value < T::GREATEST as f64 + 1.0
}

/// Exchanges a float for an integer by the rules.
fn integer_of_float<T: Integer>(value: f64, rules: &Rules) -> Result<T, Fault> {
    if value.is_nan() {
        return rules.nan.map(|bytes| T::load(&bytes[..T::SIZE])).ok_or(Fault::Nan);
    }
    let whole = match rules.round {
        Some(round) => round.apply(value),
        None if value == value.trunc() => value,
        None => return Err(Fault::Fraction),
    };
    match rules.overflow {
        _ if in_range::<T>(whole) => Ok(T::of_whole(whole)),
        Overflow::Saturate => Ok(T::limit(whole < 0.0)),
        Overflow::Wrap if whole.is_finite() => Ok(T::wrap(low_bits(whole))),
        _ => Err(Fault::Overflow),
    }
}

/// Returns the low bits of a whole number, whatever its size.
fn low_bits(whole: f64) -> u128 {
    const MANTISSA: i32 = 52;

    let bits = whole.abs().to_bits();
    let exponent = (bits >> MANTISSA) as i32 - 1023 - MANTISSA;
    let mantissa = u128::from(bits & ((1 << MANTISSA) - 1) | 1 << MANTISSA);
    let magnitude = match exponent {
        // Smaller numbers fit, and this is the way that rounds nothing.
        ..0 => whole.abs() as u128,
        shift => mantissa.checked_shl(shift as u32).unwrap_or(0),
    };
    if whole < 0.0 { magnitude.wrapping_neg() } else { magnitude }
}

/// Makes integer types exchangeable: their range, their carrier, and the ways from low bits and
/// from a whole number that is in range.
macro_rules! integers {
    ($($T:ident: $least:expr, $greatest:expr, $Carrier:ident, $wrap:expr, $of_whole:expr;)*) => {$(
        impl Integer for $T {
            const LEAST: i128 = $least as i128;
            const GREATEST: u128 = $greatest as u128;

            #[inline(always)]
            fn wrap(bits: u128) -> Self {
                ($wrap)(bits)
            }

            #[inline(always)]
            fn of_whole(value: f64) -> Self {
                ($of_whole)(value)
            }
        }

        impl Exchange for $T {
            type Carrier = $Carrier;

            #[inline(always)]
            fn lift(self) -> $Carrier {
                self.wide() as $Carrier
            }

            #[inline(always)]
            fn quick<C: Carrier>(value: C) -> (Self, bool) {
                value.quick_integer()
            }

            fn lower<C: Carrier>(value: C, rules: &Rules) -> Result<Self, Fault> {
                value.integer(rules)
            }

            fn range() -> String {
                format!("{}..={}", <Self as Integer>::LEAST, <Self as Integer>::GREATEST)
            }
        }
    )*};
}

integers! {
    u8: 0, Self::MAX, i64, |bits| bits as u8, |value| value as u8;
    u16: 0, Self::MAX, i64, |bits| bits as u16, |value| value as u16;
    U24: 0, 0xff_ffff, i64, |bits| U24::of(bits as u32), |value| U24::of(value as u32);
    u32: 0, Self::MAX, i64, |bits| bits as u32, |value| value as u32;
    u64: 0, Self::MAX, i128, |bits| bits as u64, |value| value as u64;
    u128: 0, Self::MAX, u128, |bits| bits, |value| value as u128;
    i8: Self::MIN, Self::MAX, i64, |bits| bits as i8, |value| value as i8;
    i16: Self::MIN, Self::MAX, i64, |bits| bits as i16, |value| value as i16;
    I24: -0x80_0000, 0x7f_ffff, i64, |bits| I24::of(bits as i32), |value| I24::of(value as i32);
    i32: Self::MIN, Self::MAX, i64, |bits| bits as i32, |value| value as i32;
    i64: Self::MIN, Self::MAX, i64, |bits| bits as i64, |value| value as i64;
    i128: Self::MIN, Self::MAX, i128, |bits| bits as i128, |value| value as i128;
    Boolean: 0, 1, i64, |bits| Boolean::of(bits as u8 & 1), |value| Boolean::of(value as u8);
}

/// Makes float types exchangeable: their carrier and their significant bits.
macro_rules! floats {
    ($($T:ident: $Carrier:ident, $significant:literal,
       |$narrow:ident| $of_f32:expr, |$wide:ident| $of_f64:expr,
       $of_i64:expr, $of_i128:expr, $of_u128:expr;)*) => {$(
        impl Float for $T {
            const SIGNIFICANT: u32 = $significant;

            #[inline(always)]
            fn of_i64(value: i64) -> Self {
                ($of_i64)(value)
            }

            #[inline(always)]
            fn of_i128(value: i128) -> Self {
                ($of_i128)(value)
            }

            #[inline(always)]
            fn of_u128(value: u128) -> Self {
                ($of_u128)(value)
            }

            #[inline(always)]
            fn of_f32($narrow: f32) -> Self {
                $of_f32
            }

            #[inline(always)]
            fn of_f64($wide: f64) -> Self {
                $of_f64
            }
        }

        impl Exchange for $T {
            type Carrier = $Carrier;

            #[inline(always)]
            fn lift(self) -> $Carrier {
                self.wide()
            }

            #[inline(always)]
            fn quick<C: Carrier>(value: C) -> (Self, bool) {
                quick_float(value)
            }

            fn lower<C: Carrier>(value: C, rules: &Rules) -> Result<Self, Fault> {
                lower_float(value, rules)
            }

            fn range() -> String {
                let mut text = Vec::new();
                <Self as Float>::limit(false).append(&mut text);
                let greatest = String::from_utf8_lossy(&text);
                format!("-{greatest}..={greatest}")
            }
        }
    )*};
}

floats! {
    f64: f64, 53, |value| value.into(), |value| value,
        |value| value as f64, |value| value as f64, |value| value as f64;
    f32: f32, 24, |value| value, |value| value as f32,
        |value| value as f32, |value| value as f32, |value| value as f32;
    f16: f32, 11, |value| f16::from_f32(value), |value| Aim::round(value),
        |value| Aim::round(odd(value < 0, i64::unsigned_abs(value).into())),
        |value| Aim::round(odd(value < 0, i128::unsigned_abs(value))),
        |value| Aim::round(odd(false, value));
    bf16: f32, 8, |value| bf16::from_f32(value), |value| Aim::round(value),
        |value| Aim::round(odd(value < 0, i64::unsigned_abs(value).into())),
        |value| Aim::round(odd(value < 0, i128::unsigned_abs(value))),
        |value| Aim::round(odd(false, value));
    F8E4M3: f32, 4, |value| Aim::round(value.into()), |value| Aim::round(value),
        |value| Aim::round(odd(value < 0, i64::unsigned_abs(value).into())),
        |value| Aim::round(odd(value < 0, i128::unsigned_abs(value))),
        |value| Aim::round(odd(false, value));
    F8E5M2: f32, 3, |value| Aim::round(value.into()), |value| Aim::round(value),
        |value| Aim::round(odd(value < 0, i64::unsigned_abs(value).into())),
        |value| Aim::round(odd(value < 0, i128::unsigned_abs(value))),
        |value| Aim::round(odd(false, value));
}

/// Returns an integer as a float that is odd if digits were cut off, so that rounding it again
/// goes where rounding the integer would have gone.
fn odd(negative: bool, magnitude: u128) -> f64 {
    let excess = (u128::BITS - magnitude.leading_zeros()).saturating_sub(f64::MANTISSA_DIGITS);
    let kept = magnitude >> excess;
    let sticky = u128::from(kept << excess != magnitude);
    // Of what has 53 bits, no bit is lost.
    let value = ((kept | sticky) << excess) as f64;
    if negative { -value } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lower<A: Exchange, B: Exchange>(value: A, rules: &Rules) -> Result<B, Fault> {
        let (quick, fine) = B::quick(value.lift());
        let slow = B::lower(value.lift(), rules);
        if fine && !rules.exact {
            let (mut a, mut b) = ([0; 16], [0; 16]);
            quick.store(&mut a[..B::SIZE]);
            slow.unwrap().store(&mut b[..B::SIZE]);
            assert_eq!(a, b, "{value:?}");
        }
        slow
    }

    #[test]
    fn integers_stay_what_they_are() {
        let strict = Rules::default();
        assert_eq!(lower::<_, u8>(255_i32, &strict), Ok(255));
        assert_eq!(lower::<_, u8>(256_i32, &strict), Err(Fault::Overflow));
        assert_eq!(lower::<_, u64>(-1_i64, &strict), Err(Fault::Overflow));
        assert_eq!(lower::<_, u64>(i128::from(u64::MAX), &strict), Ok(u64::MAX));
        assert_eq!(lower::<_, i128>(u128::MAX, &strict), Err(Fault::Overflow));
        assert_eq!(lower::<_, u128>(u64::MAX, &strict), Ok(u64::MAX.into()));
        assert_eq!(lower::<_, i64>(u64::MAX, &strict), Err(Fault::Overflow));
        assert_eq!(lower::<_, I24>(-8_388_608_i32, &strict), Ok(I24::of(-8_388_608)));
        assert_eq!(lower::<_, I24>(8_388_608_i32, &strict), Err(Fault::Overflow));
        assert_eq!(lower::<_, Boolean>(2_u8, &strict), Err(Fault::Overflow));
    }

    #[test]
    fn overflow_saturates_or_wraps() {
        let saturate = Rules { overflow: Overflow::Saturate, ..Rules::default() };
        let wrap = Rules { overflow: Overflow::Wrap, ..Rules::default() };
        assert_eq!(lower::<_, u8>(-5_i64, &saturate), Ok(0));
        assert_eq!(lower::<_, i8>(u128::MAX, &saturate), Ok(127));
        assert_eq!(lower::<_, u64>(f64::INFINITY, &saturate), Ok(u64::MAX));
        assert_eq!(lower::<_, u128>(1e300_f64, &saturate), Ok(u128::MAX));
        assert_eq!(lower::<_, f32>(-1e300_f64, &saturate), Ok(f32::MIN));
        assert_eq!(lower::<_, f32>(f64::INFINITY, &saturate), Ok(f32::INFINITY));
        assert_eq!(lower::<_, F8E4M3>(f32::INFINITY, &saturate), Ok(F8E4M3::MAX));
        assert_eq!(lower::<_, u8>(-1_i64, &wrap), Ok(255));
        assert_eq!(lower::<_, i24_as_i32>(0x80_0000_i32, &wrap), Ok(I24::of(-0x80_0000)));
        assert_eq!(lower::<_, u16>(65_537.0_f32, &wrap), Ok(1));
        assert_eq!(lower::<_, u16>(-1.0_f32, &wrap), Ok(u16::MAX));
        let large = 2.0_f64.powi(130) + 2.0_f64.powi(100);
        assert_eq!(lower::<_, u128>(large, &wrap), Ok(1 << 100));
        assert_eq!(lower::<_, u8>(1e300_f64, &wrap), Ok(0));
        assert_eq!(lower::<_, u8>(f64::INFINITY, &wrap), Err(Fault::Overflow));
        assert_eq!(lower::<_, f32>(1e300_f64, &wrap), Ok(f32::INFINITY));
    }

    use I24 as i24_as_i32;

    #[test]
    fn floats_become_whole_as_asked() {
        let strict = Rules::default();
        assert_eq!(lower::<_, i8>(1.5_f64, &strict), Err(Fault::Fraction));
        assert_eq!(lower::<_, i8>(-0.0_f64, &strict), Ok(0));
        assert_eq!(lower::<_, i8>(f64::NAN, &strict), Err(Fault::Nan));
        assert_eq!(lower::<_, i64>(9_223_372_036_854_775_808.0_f64, &strict), Err(Fault::Overflow));
        assert_eq!(lower::<_, i64>(-9_223_372_036_854_775_808.0_f64, &strict), Ok(i64::MIN));
        for (round, results) in [
            (Round::Even, [2, 2, -2, -2, 127]),
            (Round::Zero, [1, 2, -1, -2, 127]),
            (Round::Floor, [1, 2, -2, -3, 127]),
            (Round::Ceil, [2, 3, -1, -2, 127]),
        ] {
            let rules =
                Rules { round: Some(round), overflow: Overflow::Saturate, ..Rules::default() };
            for (value, result) in [1.5, 2.5, -1.5, -2.5, 127.5_f64].into_iter().zip(results) {
                assert_eq!(lower::<_, i8>(value, &rules), Ok(result), "{round:?} {value}");
            }
        }
        let mut nan = [0; 16];
        nan[0] = 7;
        let rules = Rules { nan: Some(nan), ..strict };
        assert_eq!(lower::<_, u32>(f32::NAN, &rules), Ok(7));
    }

    #[test]
    fn rounding_happens_once() {
        // A float of 16 bits on the way, or one of 64, would end at a tie and go to the even one.
        let above_tie = 1.0 + 2.0_f64.powi(-11) + 2.0_f64.powi(-50);
        let strict = Rules::default();
        let f16_of = |value: f64| lower::<_, f16>(value, &strict).unwrap().to_f64();
        assert_eq!(f16_of(above_tie), 1.0 + 2.0_f64.powi(-10));
        assert_eq!(f16_of(1.0 + 2.0_f64.powi(-11)), 1.0);
        let above_tie = (1_i128 << 120) + (1 << 112) + 1;
        let bf16_of = |value: i128| lower::<_, bf16>(value, &strict).unwrap().to_f64();
        assert_eq!(bf16_of(above_tie), 2.0_f64.powi(120) + 2.0_f64.powi(113));
        assert_eq!(bf16_of(above_tie - 1), 2.0_f64.powi(120));
        assert_eq!(lower::<_, f16>(65_519_i32, &strict), Ok(f16::MAX));
        assert_eq!(lower::<_, f16>(65_520_i32, &strict), Err(Fault::Overflow));
    }

    #[test]
    fn exactness() {
        let exact = Rules { exact: true, ..Rules::default() };
        assert_eq!(lower::<_, f32>(0.1_f64, &exact), Err(Fault::Inexact));
        assert_eq!(lower::<_, f32>(0.5_f64, &exact), Ok(0.5));
        assert!(lower::<_, f32>(f64::NAN, &exact).unwrap().is_nan());
        assert_eq!(lower::<_, f64>((1_i64 << 53) + 1, &exact), Err(Fault::Inexact));
        assert_eq!(lower::<_, f64>(i128::MIN, &exact), Ok(-2.0_f64.powi(127)));
        assert_eq!(lower::<_, f64>(i128::MAX, &exact), Err(Fault::Inexact));
        assert_eq!(lower::<_, f32>(0_u128, &exact), Ok(0.0));
        assert_eq!(lower::<_, F8E4M3>(17_i8, &exact), Err(Fault::Inexact));
    }
}
