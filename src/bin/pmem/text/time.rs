//! Times, as RFC 3339 writes them.

use std::time::SystemTime;

use jiff::Timestamp;

/// Returns the time in UTC, to the second: `2026-11-23T01:35:00Z`; `None` beyond the year 9999.
pub(crate) fn rfc3339(time: SystemTime) -> Option<String> {
    let time = Timestamp::try_from(time).ok()?;
    Some(time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn times() {
        for (seconds, text) in [
            (-1_i64, "1969-12-31T23:59:59Z"),
            (-2_208_988_800, "1900-01-01T00:00:00Z"),
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_000_000_000, "2001-09-09T01:46:40Z"),
        ] {
            let distance = Duration::from_secs(seconds.unsigned_abs());
            let time = if seconds < 0 { UNIX_EPOCH - distance } else { UNIX_EPOCH + distance };
            assert_eq!(rfc3339(time).as_deref(), Some(text));
        }
    }
}
