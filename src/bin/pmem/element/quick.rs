//! Values in their usual spelling, parsed in a few nanoseconds: text files have many of them.

use super::exchange::Exchange;
use super::scalar::Class;

/// Parses a decimal number into its bytes. Returns false for what is not spelled in the usual way,
/// and for errors: [`Scalar::parse`](super::Scalar::parse) knows everything.
#[inline]
pub(super) fn quick<T: Exchange>(text: &[u8], place: &mut [u8]) -> bool {
    let found = match T::CLASS {
        Class::Unsigned | Class::Signed => integer(text).map(T::quick),
        // Half of the other floats lie between two of 32 bits.
        Class::Float if T::SIZE == 8 => float::<f64>(text).map(T::quick),
        Class::Float if T::SIZE == 4 => float::<f32>(text).map(T::quick),
        _ => None,
    };
    match found {
        Some((value, true)) => {
            value.store(place);
            true
        }
        _ => false,
    }
}

/// Parses digits that fit 64 bits whatever they are.
#[inline]
fn integer(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        _ => (false, text),
    };
    if !(1..=18).contains(&digits.len()) {
        return None;
    }
    let mut value = 0;
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + i64::from(digit);
    }
    Some(if negative { -value } else { value })
}

/// Parses a finite number.
#[inline]
fn float<F: std::str::FromStr + Into<f64> + Copy>(text: &[u8]) -> Option<F> {
    let is_number = matches!(text, [b'0'..=b'9', ..] | [b'-', b'0'..=b'9', ..]);
    let text = std::str::from_utf8(text).ok().filter(|_| is_number)?;
    text.parse().ok().filter(|value: &F| (*value).into().is_finite())
}

#[cfg(test)]
mod tests {
    use super::super::scalar::Scalar;
    use super::*;

    fn check<T: Exchange>(text: &str, is_quick: bool) {
        let (mut place, mut slow) = ([0; 16], [0; 16]);
        assert_eq!(quick::<T>(text.as_bytes(), &mut place[..T::SIZE]), is_quick, "{text}");
        if is_quick {
            <T as Scalar>::parse(text).unwrap().store(&mut slow[..T::SIZE]);
            assert_eq!(place, slow, "{text}");
        }
    }

    #[test]
    fn quick_values_are_those_of_the_slow_way() {
        for text in ["0", "-0", "1", "-1.5", "1e20", "0.1", "123456789.123456789", "5e-324"] {
            check::<f64>(text, true);
            check::<f32>(text, true);
            check::<half::f16>(text, false);
        }
        for text in ["NaN", "-inf", "1_0", "0x10", "+1", "", "-", "1e999", "infinity", "1 "] {
            check::<f64>(text, false);
        }
        for text in ["0", "-0", "127", "-128"] {
            check::<i8>(text, true);
            check::<i128>(text, true);
        }
        for text in ["128", "-129", "", "-", "1.0", "1_0", "0x1", "9999999999999999999"] {
            check::<i8>(text, false);
        }
    }
}
