//! How elements are shown: one format, one file. What makes text of elements does no I/O.

mod choice;
mod columns;
mod hex;
mod json;
mod lines;
mod listing;
mod pump;
mod raw;
mod render;
mod table;
mod template;
mod text;

pub(crate) use self::choice::{Format, IndexRadix};
pub(crate) use self::columns::Columns;
pub(crate) use self::hex::hex;
pub(crate) use self::json::{json, ndjson};
pub(crate) use self::lines::{csv, csv_name, plain};
pub(crate) use self::listing::{ListFormat, Listing};
pub(crate) use self::raw::raw;
pub(crate) use self::table::{Look, Sparse, header, table};
pub(crate) use self::text::Text;
