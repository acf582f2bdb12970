//! Elements into a Parquet file, a row group at a time.

use std::io::Write;
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::column::writer::{ColumnWriter, ColumnWriterImpl};
use parquet::data_type::{ByteArray, DataType, FixedLenByteArray};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;

use super::parquet_types::schema;
use super::stored::{Leaf, name, stored, text};
use super::{TYPE_KEY, VALUE};
use crate::convert::file_format::Codec;
use crate::convert::sink::Sink;
use crate::element::{Element, Field, Kind};

/// Rows of a row group: enough for engines to read many at once.
const ROWS: usize = 1 << 20;

/// Bytes of elements that a row group has at most, as they are kept until it is whole.
const BYTES: usize = 1 << 26;

/// Values that are handed to a column at once.
const BATCH: usize = 1 << 16;

/// A Parquet file that is written.
pub(in crate::convert) struct Table<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    /// What an element is, as it is stored.
    element: Element,
    /// Elements of the next row group.
    pending: Vec<u8>,
    /// Bytes of a row group.
    group: usize,
}

impl<W: Write + Send> Table<W> {
    /// Begins a file.
    ///
    /// # Errors
    ///
    /// Its elements cannot be columns, or writing fails.
    pub(in crate::convert) fn new(out: W, element: &Element, codec: Codec) -> anyhow::Result<Self> {
        let stored = stored(element)?;
        let properties = properties(element, &stored, codec);
        let writer = SerializedFileWriter::new(out, schema(&stored)?, Arc::new(properties))?;
        let rows = ROWS.min(BYTES / stored.bytes()).max(1);
        let group = rows * stored.bytes();
        Ok(Self { writer, element: stored, pending: Vec::new(), group })
    }

    /// Writes the elements that are there as a row group.
    fn flush(&mut self) -> anyhow::Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for leaf in self.element.fields().iter().flat_map(Leaf::of) {
            if let Some(mut column) = group.next_column()? {
                leaf.put(&self.pending, self.element.bytes(), column.untyped())?;
                column.close()?;
            }
        }
        group.close()?;
        self.pending.clear();
        Ok(())
    }
}

impl<W: Write + Send> Sink for Table<W> {
    fn write(&mut self, mut bytes: &[u8], _: u64) -> anyhow::Result<()> {
        while !bytes.is_empty() {
            let room = bytes.len().min(self.group - self.pending.len());
            self.pending.extend_from_slice(&bytes[..room]);
            bytes = &bytes[room..];
            if self.pending.len() == self.group {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn finish(&mut self, _: u64) -> anyhow::Result<()> {
        self.flush()?;
        self.writer.finish()?;
        Ok(())
    }
}

/// How a file is written: so that engines in general read it well.
fn properties(element: &Element, stored: &Element, codec: Codec) -> WriterProperties {
    let compression = match codec {
        Codec::Snappy => Compression::SNAPPY,
        Codec::Zstd => Compression::ZSTD(ZstdLevel::default()),
        Codec::None => Compression::UNCOMPRESSED,
    };
    let key = KeyValue { key: TYPE_KEY.into(), value: Some(element.to_string()) };
    let builder = WriterProperties::builder()
        .set_created_by(concat!("pmem version ", env!("CARGO_PKG_VERSION")).into())
        .set_key_value_metadata(Some(vec![key]))
        .set_compression(compression)
        .set_max_row_group_row_count(None)
        .set_data_page_row_count_limit(ROWS)
        .set_dictionary_enabled(false);
    stored.fields().iter().fold(builder, dictionary).build()
}

/// Turns dictionaries on for a column that is likely to have few different values.
fn dictionary(builder: WriterPropertiesBuilder, field: &Field) -> WriterPropertiesBuilder {
    let few = matches!(field.kind, Kind::U8 | Kind::I8 | Kind::U16 | Kind::I16 | Kind::Str(_));
    let flat = !field.complex && field.dimensions.sizes().is_empty();
    match few && flat {
        true => {
            let path = ColumnPath::new(vec![name(field).to_owned()]);
            builder.set_column_dictionary_enabled(path, true)
        }
        false => builder,
    }
}

impl Leaf {
    /// Writes its values of some elements to a column.
    fn put(
        &self,
        elements: &[u8],
        size: usize,
        column: &mut ColumnWriter<'_>,
    ) -> anyhow::Result<()> {
        /// Reads a number of the bytes that a value has.
        macro_rules! number {
            ($T:ident) => {
                |bytes: &[u8]| $T::from_le_bytes(bytes.try_into().unwrap_or_default())
            };
        }
        use ColumnWriter as C;
        let write = (self, elements, size);
        match (column, self.kind) {
            (C::BoolColumnWriter(column), _) => put(write, column, |bytes| bytes[0] == 1),
            (C::Int32ColumnWriter(column), Kind::U8) => put(write, column, |bytes| bytes[0].into()),
            (C::Int32ColumnWriter(column), Kind::I8) => {
                put(write, column, |bytes| (bytes[0] as i8).into())
            }
            (C::Int32ColumnWriter(column), Kind::U16) => {
                let load = number!(u16);
                put(write, column, |bytes| load(bytes).into())
            }
            (C::Int32ColumnWriter(column), Kind::I16) => {
                let load = number!(i16);
                put(write, column, |bytes| load(bytes).into())
            }
            (C::Int32ColumnWriter(column), _) => put(write, column, number!(i32)),
            (C::Int64ColumnWriter(column), _) => put(write, column, number!(i64)),
            (C::FloatColumnWriter(column), _) => put(write, column, number!(f32)),
            (C::DoubleColumnWriter(column), _) => put(write, column, number!(f64)),
            (C::FixedLenByteArrayColumnWriter(column), Kind::I128) => {
                // Decimals are big-endian.
                put(write, column, |bytes| {
                    FixedLenByteArray::from(bytes.iter().rev().copied().collect::<Vec<_>>())
                })
            }
            (C::FixedLenByteArrayColumnWriter(column), _) => {
                put(write, column, |bytes| FixedLenByteArray::from(bytes.to_vec()))
            }
            (C::ByteArrayColumnWriter(column), _) => {
                put(write, column, |bytes| ByteArray::from(text(bytes).to_vec()))
            }
            (C::Int96ColumnWriter(_), _) => anyhow::bail!("{VALUE}: no type has 96 bits"),
        }
    }

    /// Returns the repetition levels of the items of one element: at which of the lists around it
    /// an item follows another.
    pub(super) fn repetitions(&self) -> Vec<i16> {
        let depth = self.sizes.len();
        let level = |item: usize| {
            let (mut level, mut inner) = (depth, 1);
            for size in self.sizes.iter().rev() {
                inner *= size;
                if item % inner != 0 {
                    break;
                }
                level -= 1;
            }
            level as i16
        };
        (0..self.items()).map(level).collect()
    }
}

/// Writes the values of a leaf to a column.
fn put<T: DataType>(
    (leaf, elements, size): (&Leaf, &[u8], usize),
    column: &mut ColumnWriterImpl<'_, T>,
    load: impl Fn(&[u8]) -> T::T,
) -> anyhow::Result<()> {
    let rows = (BATCH / leaf.items()).max(1);
    let is_list = !leaf.sizes.is_empty();
    let repetitions = if is_list { leaf.repetitions().repeat(rows) } else { Vec::new() };
    let definitions = vec![leaf.sizes.len() as i16; repetitions.len()];
    let mut values = Vec::with_capacity(rows * leaf.items());
    for elements in elements.chunks(rows * size) {
        values.clear();
        values.extend(leaf.values(elements, size).map(&load));
        let levels = |levels: &'_ [i16]| -> Option<Vec<i16>> {
            is_list.then(|| levels[..values.len()].to_vec())
        };
        let (definitions, repetitions) = (levels(&definitions), levels(&repetitions));
        column.write_batch(&values, definitions.as_deref(), repetitions.as_deref())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetition_levels() {
        for (sizes, levels) in [
            (vec![], vec![0]),
            (vec![3], vec![0, 1, 1]),
            (vec![2, 2], vec![0, 2, 1, 2]),
            (vec![2, 1, 2], vec![0, 3, 1, 3]),
        ] {
            let leaf = Leaf { kind: Kind::U8, offset: 0, stride: 1, sizes };
            assert_eq!(leaf.repetitions(), levels);
        }
    }
}
