//! The results as a table in Markdown.

use super::record::Record;
use super::table::{p95, spread};
use crate::text::units::{gib, number, time, times};

/// The names of the columns, and their alignment.
const HEADER: &str = "\
| Operation | Backend | Median | Spread | Mean ± σ | Min … Max | p95 | GiB/s | Elements/s | Slower |
|:---|:---|---:|---:|---:|---:|---:|---:|---:|---:|
";

/// Returns a table with a row for each record.
pub(super) fn markdown(records: &[Record]) -> String {
    HEADER.to_owned() + &records.iter().map(row).collect::<String>()
}

fn row(record: &Record) -> String {
    let Record { summary, sample, .. } = record;
    let deviation = summary.stddev.map(|stddev| format!(" ± {}", time(stddev)));
    let cells = [
        format!("`{}`", sample.case.operation),
        format!("`{}`", sample.case.backend),
        time(summary.median),
        spread(record),
        time(summary.mean) + &deviation.unwrap_or_default(),
        format!("{} … {}", time(summary.min), time(summary.max)),
        p95(record),
        gib(record.bytes_per_second),
        number(record.elements_per_second),
        match record.is_fastest() {
            true => "**fastest**".to_owned(),
            false => times(record.relative),
        },
    ];
    format!("| {} |\n", cells.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::super::record::tests::several;
    use super::*;

    #[test]
    fn rows() {
        let text = markdown(&several().records);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[2],
            "| `grow` | `global` | 10.0 ms | ±30% | 10.0 ms ± 2.00 ms | 8.00 ms … 12.0 ms | - \
             | 0.75 | 100 M | **fastest** |"
        );
        assert!(lines[3].ends_with("| 2.50× |"), "{}", lines[3]);
        assert!(lines[5].contains("| 1.50 s | 1.50 s … 1.50 s |"), "{}", lines[5]);
        let columns = |line: &str| line.matches('|').count();
        assert!(lines.iter().all(|line| columns(line) == columns(lines[0])));
    }
}
