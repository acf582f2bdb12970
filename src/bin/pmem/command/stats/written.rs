//! Figures for programs: JSON and CSV.

use std::io::Write as _;

use super::values::{Texts, float, quantiles};
use crate::column::{Figures, Percent};
use crate::element::Notation;
use crate::env::Output;

/// Writes one object: the figures of a single column, or those of each field by its name.
///
/// # Errors
///
/// Writing fails.
pub(super) fn json(columns: &[Figures], out: &mut Output) -> anyhow::Result<()> {
    if let [column] = columns {
        return Ok(writeln!(out, "{}", object(column)?)?);
    }
    out.write_all(b"{\"fields\":{")?;
    for (at, column) in columns.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        write!(out, "{comma}{}:{}", serde_json::to_string(&column.name)?, object(column)?)?;
    }
    Ok(out.write_all(b"}}\n")?)
}

/// Returns the figures of a column as an object. Numbers have all their digits.
fn object(column: &Figures) -> anyhow::Result<String> {
    let null = || String::from("null");
    let texts = Texts::of(column, Notation::Json).figures;
    let mut members: Vec<(String, String)> =
        texts.into_iter().map(|(name, text)| (name, text.unwrap_or_else(null))).collect();
    let values = quantiles(column, Notation::Json);
    let named = column.percents.iter().zip(values);
    let named: Vec<String> = named
        .map(|(percent, value)| format!("\"{percent}\":{}", value.unwrap_or_else(null)))
        .collect();
    let asked = !column.percents.is_empty() && column.is_number;
    let list = if asked { format!("{{{}}}", named.join(",")) } else { null() };
    members.push(("quantiles".into(), list));
    members.push(("quantiles_exact".into(), column.exact.to_string()));
    members.push(("distinct".into(), column.distinct.to_string()));
    members.push(("distinct_exact".into(), column.distinct_exact.to_string()));
    let bins = column.histogram.as_ref().map(|histogram| {
        let bins = histogram.bins().into_iter().map(|(from, to, count)| {
            let (from, to) = (float(from, Notation::Json), float(to, Notation::Json));
            format!("{{\"from\":{from},\"to\":{to},\"count\":{count}}}")
        });
        format!("[{}]", bins.collect::<Vec<_>>().join(","))
    });
    members.push(("histogram".into(), bins.unwrap_or_else(null)));
    let members = members.iter().map(|(name, text)| format!("\"{name}\":{text}"));
    Ok(format!("{{{}}}", members.collect::<Vec<_>>().join(",")))
}

/// Writes a row for each column, with a header.
///
/// # Errors
///
/// Writing fails.
pub(super) fn csv(
    columns: &[Figures],
    percents: &[Percent],
    out: &mut Output,
) -> anyhow::Result<()> {
    for (at, column) in columns.iter().enumerate() {
        let texts = Texts::of(column, Notation::Csv).figures;
        if at == 0 {
            let names: Vec<_> = texts.iter().map(|(name, _)| name.clone()).collect();
            let quantiles: String = percents.iter().map(|percent| format!(",q{percent}")).collect();
            writeln!(out, "field,{}{quantiles},distinct,distinct_exact", names.join(","))?;
        }
        let cells = texts.into_iter().map(|(_, text)| text);
        let cells = cells.chain(quantiles(column, Notation::Csv));
        let cells: Vec<String> = cells.map(Option::unwrap_or_default).collect();
        let (name, distinct, exact) = (&column.name, column.distinct, column.distinct_exact);
        writeln!(out, "{},{},{distinct},{exact}", quoted(name), cells.join(","))?;
    }
    Ok(())
}

/// Returns the name of a column, in quotes where it needs them.
fn quoted(name: &str) -> String {
    match name {
        "" => String::from("value"),
        _ if name.contains([',', '"', '\n', '\r']) => format!("\"{}\"", name.replace('"', "\"\"")),
        _ => name.to_owned(),
    }
}
