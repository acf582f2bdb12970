//! Sizes in bytes, for people.

use std::fmt::{self, Display, Formatter};

use indicatif::HumanCount;

/// Shows a number of bytes in a unit that a person can take in: `512 B`, `8.0 KiB`, `1.5 TiB`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size(pub(crate) u64);

impl Display for Size {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
        if self.0 < 1024 {
            return write!(f, "{} B", self.0);
        }
        // Tenths of the unit, rounded to the nearest; one that rounds up to 1024 takes the next.
        let tenths = |unit: u32| (u128::from(self.0) * 10 + (1 << (10 * unit - 1))) >> (10 * unit);
        let unit = (1..6).find(|unit| tenths(*unit) < 10240).unwrap_or(6);
        let tenths = tenths(unit);
        write!(f, "{}.{} {}", tenths / 10, tenths % 10, UNITS[unit as usize - 1])
    }
}

/// Returns a number with its digits in groups of three: `4,096`.
pub(crate) fn grouped(number: u64) -> String {
    HumanCount(number).to_string()
}

/// Returns a number and its noun, in the plural unless there is one: `1 byte`, `3 bytes`.
pub(crate) fn plural(number: u64, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups() {
        for (number, shown) in [(0, "0"), (999, "999"), (4096, "4,096"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), shown);
        }
    }

    #[test]
    fn sizes() {
        for (bytes, shown) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 KiB"),
            (8192, "8.0 KiB"),
            (1536, "1.5 KiB"),
            (1024 * 1024 - 1, "1.0 MiB"),
            (1 << 40, "1.0 TiB"),
            (u64::MAX, "16.0 EiB"),
        ] {
            assert_eq!(Size(bytes).to_string(), shown, "{bytes}");
        }
    }
}
