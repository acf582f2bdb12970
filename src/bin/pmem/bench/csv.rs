//! The results as comma-separated values: first the columns of hyperfine, then more.

use anyhow::Context as _;

use super::record::Record;

/// Returns the results, one a line below the names of the columns.
///
/// # Errors
///
/// They cannot be written, which does not happen in memory.
pub(super) fn csv(records: &[Record]) -> anyhow::Result<String> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    if let Some(record) = records.first() {
        writer.write_record(columns(record).map(|(name, _)| name))?;
    }
    for record in records {
        writer.write_record(columns(record).map(|(_, value)| value))?;
    }
    String::from_utf8(writer.into_inner()?).context("CSV that is not UTF-8")
}

/// Returns the name and the value of each column.
fn columns(record: &Record) -> [(&'static str, String); 21] {
    let Record { summary, sample, .. } = record;
    let optional = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    [
        ("command", record.command.clone()),
        ("mean", summary.mean.to_string()),
        ("stddev", optional(summary.stddev)),
        ("median", summary.median.to_string()),
        ("user", sample.usage.user.to_string()),
        ("system", sample.usage.system.to_string()),
        ("min", summary.min.to_string()),
        ("max", summary.max.to_string()),
        ("operation", sample.case.operation.to_string()),
        ("backend", sample.case.backend.to_string()),
        ("type", sample.element.clone()),
        ("count", sample.count.to_string()),
        ("elements", sample.elements.to_string()),
        ("bytes", sample.bytes.to_string()),
        ("runs", record.runs.to_string()),
        ("spread", summary.spread.to_string()),
        ("p95", optional(summary.p95)),
        ("bytes_per_second", record.bytes_per_second.to_string()),
        ("elements_per_second", record.elements_per_second.to_string()),
        ("minor_faults", sample.usage.minor_faults.to_string()),
        ("major_faults", sample.usage.major_faults.to_string()),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::record::tests::several;
    use super::*;

    #[test]
    fn every_line_has_every_column() {
        let mut records = several().records;
        let text = csv(&records).unwrap();
        let mut lines = text.lines();
        let columns = lines.next().unwrap().split(',').count();
        assert!(lines.clone().all(|line| line.split(',').count() == columns), "{text}");
        assert_eq!(lines.count(), 4);
        assert!(text.starts_with("command,mean,stddev,median,user,system,min,max,"));
        assert!(text.contains("\nsync file,1.5,,1.5,0,0,1.5,1.5,sync,file,u64,1000000,"), "{text}");
        records[0].sample.element = "x:f32,y:u32".into();
        assert!(csv(&records).unwrap().contains(",grow,global,\"x:f32,y:u32\",1000000,"));
    }
}
