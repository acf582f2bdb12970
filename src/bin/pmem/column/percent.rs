//! Which quantiles are wanted.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use anyhow::{Context as _, ensure};

/// A percentage from 0 to 100, exact in decimal.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Percent {
    /// In units of 10^-[`DIGITS`].
    units: u64,
}

/// Digits behind the point, at most.
const DIGITS: usize = 12;

impl Percent {
    /// Returns a whole percentage.
    pub(crate) const fn whole(percent: u64) -> Self {
        Self { units: percent * 10_u64.pow(DIGITS as u32) }
    }

    /// Returns the rank, counted from one, of the value that so many per cent of `count` values do
    /// not exceed (nearest rank); `None` without values.
    pub(crate) fn rank(self, count: u64) -> Option<u64> {
        let all = u128::from(Self::whole(100).units);
        let rank = (u128::from(self.units) * u128::from(count)).div_ceil(all) as u64;
        (count > 0).then(|| rank.max(1))
    }
}

impl FromStr for Percent {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let wanted = || format!("'{text}' is not a percentage from 0 to 100");
        let (whole, digits) = text.split_once('.').unwrap_or((text, ""));
        ensure!(text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'), wanted());
        ensure!(whole.len() + digits.len() > 0, wanted());
        ensure!(digits.len() <= DIGITS, "'{text}' has more than {DIGITS} digits after the point");
        let whole = if whole.is_empty() { "0" } else { whole };
        let padded = format!("{whole}{digits:0<DIGITS$}");
        let units = padded.parse().with_context(wanted)?;
        ensure!(units <= Self::whole(100).units, wanted());
        Ok(Self { units })
    }
}

impl Display for Percent {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let unit = Self::whole(1).units;
        let (whole, digits) = (self.units / unit, format!("{:012}", self.units % unit));
        match digits.trim_end_matches('0') {
            "" => f.pad(&whole.to_string()),
            digits => f.pad(&format!("{whole}.{digits}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        for (text, shown) in [
            ("1", "1"),
            ("99.90", "99.9"),
            (".5", "0.5"),
            ("0", "0"),
            ("100.", "100"),
            ("007", "7"),
        ] {
            assert_eq!(text.parse::<Percent>().unwrap().to_string(), shown);
        }
        for text in ["", ".", "-1", "100.1", "1e1", "0.1234567890123", "x", "1.2.3", "99999999999"]
        {
            assert!(text.parse::<Percent>().is_err(), "{text}");
        }
    }

    #[test]
    fn nearest_ranks() {
        for (percent, count, rank) in [
            ("50", 4, Some(2)),
            ("50", 5, Some(3)),
            ("0", 5, Some(1)),
            ("100", 5, Some(5)),
            ("29", 100, Some(29)),
            ("0.1", 1000, Some(1)),
            ("0.1", 1001, Some(2)),
            ("99.999999999999", u64::MAX, Some(18_446_744_073_709_367_148)),
            ("50", 0, None),
        ] {
            assert_eq!(percent.parse::<Percent>().unwrap().rank(count), rank, "{percent}");
        }
    }
}
