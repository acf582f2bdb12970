//! Decimal texts, compared exactly.

use std::cmp::Ordering;

/// A positive decimal number: `0.digits` times ten to the power of `exponent`.
///
/// The digits neither begin nor end with zeroes, so that equal numbers are equal values.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Decimal {
    digits: Vec<u8>,
    exponent: i64,
}

impl Decimal {
    /// Reads the magnitude of a text that is known to be a finite number.
    pub(super) fn new(text: &str) -> Self {
        let text = text.trim_start_matches(['+', '-']);
        let (mantissa, power) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = [whole, fraction].concat();
        let significant = digits.trim_start_matches('0');
        let zeroes = digits.len() - significant.len();
        // A power beyond 64 bits is beyond all types, whatever the digits are.
        let far = if power.starts_with('-') { i64::MIN / 2 } else { i64::MAX / 2 };
        let power = power.parse().unwrap_or(far);
        let exponent = power.saturating_add(whole.len() as i64 - zeroes as i64);
        Self { digits: significant.trim_end_matches('0').into(), exponent }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let zero = other.digits.is_empty().cmp(&self.digits.is_empty());
        let magnitude = self.exponent.cmp(&other.exponent);
        zero.then(magnitude).then_with(|| self.digits.cmp(&other.digits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons() {
        for (a, b, order) in [
            ("1", "1.0e0", Ordering::Equal),
            ("0010", "1e1", Ordering::Equal),
            ("0.00125", "1.25e-3", Ordering::Equal),
            ("0.1", "0.10000000000000000000001", Ordering::Less),
            ("9", "10", Ordering::Less),
            ("0", "1e-400", Ordering::Less),
            ("1e99999999999999999999", "1", Ordering::Greater),
        ] {
            assert_eq!(Decimal::new(a).cmp(&Decimal::new(b)), order, "{a} {b}");
        }
    }
}
