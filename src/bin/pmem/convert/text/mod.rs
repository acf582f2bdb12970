//! Text as a source of elements: `plain`, `csv`, `ndjson` and `json`.

mod csv;
mod cursor;
mod json;
mod plain;
mod value;

pub(super) use self::csv::{Csv, columns, record};
pub(super) use self::json::{Array, Json};
pub(super) use self::plain::Plain;
