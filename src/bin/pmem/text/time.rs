//! Times, as RFC 3339 writes them.

use std::time::{SystemTime, UNIX_EPOCH};

/// The day before the first of March of the year 0, in days after the first of January 1970.
const EPOCH: i64 = -719_468;

/// Returns the time in UTC, to the second: `2026-11-23T01:35:00Z`. Nothing before the year 0.
pub(crate) fn rfc3339(time: SystemTime) -> Option<String> {
    let seconds = match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()).ok()?,
        Err(before) => {
            let before = before.duration();
            let begun = i64::from(before.subsec_nanos() > 0);
            -i64::try_from(before.as_secs()).ok()?.checked_add(begun)?
        }
    };
    let (days, seconds) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = date(u64::try_from(days.checked_sub(EPOCH)?).ok()?);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))
}

/// Returns year, month and day of a day after [`EPOCH`].
///
/// Years begin in March here, so that the leap day is the last day of one; 400 of them always have
/// 146097 days.
fn date(days: u64) -> (u64, u64, u64) {
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    // Five months have 153 days, wherever one begins to count in such a year.
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn times() {
        for (seconds, text) in [
            (-1_i64, "1969-12-31T23:59:59Z"),
            (-2_208_988_800, "1900-01-01T00:00:00Z"),
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_800, "2000-03-01T00:00:00Z"),
            (1_709_164_800, "2024-02-29T00:00:00Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (1_000_000_000, "2001-09-09T01:46:40Z"),
        ] {
            let distance = Duration::from_secs(seconds.unsigned_abs());
            let time = if seconds < 0 { UNIX_EPOCH - distance } else { UNIX_EPOCH + distance };
            assert_eq!(rfc3339(time).as_deref(), Some(text));
        }
        let moment = UNIX_EPOCH - Duration::from_millis(1);
        assert_eq!(rfc3339(moment).as_deref(), Some("1969-12-31T23:59:59Z"));
    }
}
