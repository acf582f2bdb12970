//! The results as comma-separated values: first the columns of hyperfine, then more.

use anyhow::Context as _;
use serde_json::Value;

use super::record::Record;

/// The columns, which are keys of the JSON.
const COLUMNS: [&str; 21] = [
    "command",
    "mean",
    "stddev",
    "median",
    "user",
    "system",
    "min",
    "max",
    "operation",
    "backend",
    "type",
    "count",
    "elements",
    "bytes",
    "runs",
    "spread",
    "p95",
    "bytes_per_second",
    "elements_per_second",
    "minor_faults",
    "major_faults",
];

/// Returns the results, one a line below the names of the columns. What is not known is empty.
///
/// # Errors
///
/// They cannot be written, which does not happen in memory.
pub(super) fn csv(records: &[Record]) -> anyhow::Result<String> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for record in records {
        let record = serde_json::to_value(record)?;
        writer.write_record(COLUMNS.map(|column| match &record[column] {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            number => number.to_string(),
        }))?;
    }
    String::from_utf8(writer.into_inner()?).context("CSV that is not UTF-8")
}

#[cfg(test)]
mod tests {
    use super::super::record::tests::several;
    use super::*;

    #[test]
    fn every_line_has_every_column() {
        let mut records = several().records;
        records[0].sample.element = "x:f32,y:u32".into();
        let text = csv(&records).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("command,mean,stddev,median,user,system,min,max,"));
        assert!(lines[1].contains(",grow,global,\"x:f32,y:u32\",1000000,"), "{text}");
        let sync =
            "sync file,1.5,,1.5,0.0,0.0,1.5,1.5,sync,file,u64,1000000,1000000,8000000,1,0.0,,";
        assert!(lines[4].starts_with(sync), "{text}");
        assert_eq!(lines.len(), 5);
        assert!(records[2].summary.p95.is_some() && !lines[3].contains(",,"), "{text}");
    }
}
