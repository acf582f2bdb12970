//! Queries: DuckDB and ClickHouse.

use super::subject::Subject;
use crate::element::{Field, Kind, Order};
use crate::layout::Format;

/// Returns a text as a literal of SQL.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Returns the comment that says what is to be done before, and the name of what that makes.
fn first(subject: &Subject<'_>) -> (String, String) {
    let command = subject.convert("parquet", false);
    (format!("-- First: {command}\n"), subject.converted("parquet"))
}

/// Returns the query of DuckDB, which reads Parquet.
pub(super) fn duckdb(subject: &Subject<'_>) -> String {
    let (comment, out) = first(subject);
    format!("{comment}SELECT * FROM {};\n", literal(&out))
}

/// Returns the query of ClickHouse, which reads packed records and arrays of NumPy.
pub(super) fn clickhouse(subject: &Subject<'_>) -> String {
    let escaped = |path: &str| literal(&path.replace('\\', "\\\\"));
    let path = escaped(subject.path);
    if is_known_npy(subject) {
        return format!("SELECT * FROM file({path}, 'Npy');\n");
    }
    let len = subject.layout.len();
    let whole = subject.layout.start() == 0 && len == Some(subject.layout.offset(subject.count));
    let columns: Option<Vec<_>> =
        subject.element().fields().iter().enumerate().map(column).collect();
    match columns.filter(|_| whole && !subject.element().is_aligned() && subject.count > 0) {
        Some(columns) => {
            let columns = escaped(&columns.join(", "));
            format!("SELECT * FROM file({path}, 'RowBinary', {columns});\n")
        }
        None => {
            let (comment, out) = first(subject);
            format!("{comment}SELECT * FROM file({}, 'Parquet');\n", escaped(&out))
        }
    }
}

/// Is this an array of NumPy with numbers that ClickHouse reads from there?
fn is_known_npy(subject: &Subject<'_>) -> bool {
    let known = |field: &Field| {
        let number = matches!(
            field.kind,
            Kind::U8
                | Kind::U16
                | Kind::U32
                | Kind::U64
                | Kind::I8
                | Kind::I16
                | Kind::I32
                | Kind::I64
                | Kind::F32
                | Kind::F64
        );
        number && !field.complex && field.order == Order::Little
    };
    let shape = subject.shape();
    subject.format() == Format::Npy
        && !subject.is_record()
        && !subject.is_transposed()
        && !shape.is_empty()
        && subject.count > 0
        && subject.fields().all(known)
}

/// Returns the column that a field is, if ClickHouse has its type. An array is a tuple, as arrays
/// have no fixed length there.
fn column((index, field): (usize, &Field)) -> Option<String> {
    let name = match &*field.name {
        "" => String::from("value"),
        "_" => format!("_{index}"),
        name => name.replace('\\', "\\\\").replace('`', "\\`"),
    };
    if field.order == Order::Big {
        return None;
    }
    let scalar = match field.kind {
        Kind::U8 => "UInt8".into(),
        Kind::U16 => "UInt16".into(),
        Kind::U32 => "UInt32".into(),
        Kind::U64 => "UInt64".into(),
        Kind::U128 => "UInt128".into(),
        Kind::I8 => "Int8".into(),
        Kind::I16 => "Int16".into(),
        Kind::I32 => "Int32".into(),
        Kind::I64 => "Int64".into(),
        Kind::I128 => "Int128".into(),
        Kind::F32 => "Float32".into(),
        Kind::F64 => "Float64".into(),
        Kind::Bf16 => "BFloat16".into(),
        Kind::Str(size) | Kind::Hex(size) => format!("FixedString({size})"),
        Kind::Bool | Kind::U24 | Kind::I24 | Kind::F16 | Kind::F8E4M3 | Kind::F8E5M2 => {
            return None;
        }
    };
    let scalar = match field.scalars() {
        1 => scalar,
        many => format!("Tuple({})", vec![scalar; many].join(", ")),
    };
    Some(format!("`{name}` {scalar}"))
}
