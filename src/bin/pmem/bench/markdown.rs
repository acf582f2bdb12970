//! The results as a table in Markdown.

use super::measured::{Measured, fastest};
use super::table::{in_order, is_fastest};
use super::units::{gib, number, percent, time, times};

/// The columns, and to which side they go.
const HEADER: &str = "\
| Operation | Backend | Median | Spread | Mean ± σ | Min … Max | p95 | GiB/s | Elements/s | Slower |
|:---|:---|---:|---:|---:|---:|---:|---:|---:|---:|
";

/// Returns the table.
pub(super) fn markdown(all: &[Measured]) -> String {
    HEADER.to_owned() + &in_order(all).map(|measured| row(all, measured)).collect::<String>()
}

fn row(all: &[Measured], measured: &Measured) -> String {
    let summary = measured.summary();
    let mean = time(summary.mean);
    let cells = [
        format!("`{}`", measured.operation),
        format!("`{}`", measured.backend),
        time(summary.median),
        format!("±{}", percent(summary.relative_spread())),
        summary.stddev.map_or_else(|| mean.clone(), |stddev| format!("{mean} ± {}", time(stddev))),
        format!("{} … {}", time(summary.min), time(summary.max)),
        summary.p95.map_or_else(|| "-".to_owned(), time),
        gib(measured.per_second(measured.bytes())),
        number(measured.per_second(measured.handled)),
        match is_fastest(all, measured) {
            true => "**fastest**".to_owned(),
            false => times(summary.median / fastest(all, measured.operation)),
        },
    ];
    format!("| {} |\n", cells.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::super::measured::tests::several;
    use super::*;

    #[test]
    fn rows() {
        let text = markdown(&several());
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[2],
            "| `grow` | `global` | 10.0 ms | ±30% | 10.0 ms ± 2.00 ms | 8.00 ms … 12.0 ms | - \
             | 0.75 | 100 M | **fastest** |"
        );
        assert!(lines[3].ends_with("| 2.50× |"), "{}", lines[3]);
        let columns = |line: &str| line.matches('|').count();
        assert!(lines.iter().all(|line| columns(line) == columns(lines[0])));
    }
}
