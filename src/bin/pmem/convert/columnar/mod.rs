//! Files in which the values of a column lie together: Parquet and Arrow.

mod arrow_in;
mod arrow_out;
mod dataset;
mod parquet_in;
mod parquet_out;
mod parquet_types;
mod stored;

pub(super) use self::arrow_in::open as open_arrow;
pub(super) use self::arrow_out::Batches;
pub(crate) use self::dataset::Dataset;
pub(super) use self::parquet_in::open as open_parquet;
pub(super) use self::parquet_out::Table;
pub(super) use self::stored::Stored;

/// The key of the type of the elements, in the metadata of a file.
const TYPE_KEY: &str = "pmem.type";

/// Name of the column of elements without names.
const VALUE: &str = "value";
