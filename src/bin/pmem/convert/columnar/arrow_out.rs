//! Elements into an Arrow IPC file, a record batch at a time.

use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;

use arrow_array::builder::FixedSizeBinaryBuilder;
use arrow_array::types::{
    Decimal128Type, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, BooleanArray, FixedSizeListArray, PrimitiveArray,
    RecordBatch, StringArray, StructArray,
};
use arrow_ipc::writer::FileWriter;
use arrow_schema::{DataType, Field as Column, Fields, Schema, SchemaRef};
use half::f16;

use super::TYPE_KEY;
use super::stored::{Leaf, name, stored, text};
use crate::convert::sink::Sink;
use crate::element::{Element, Field, Kind};

/// Rows of a record batch.
const ROWS: usize = 1 << 16;

/// Bytes of elements that a record batch has at most.
const BYTES: usize = 1 << 24;

/// An Arrow file that is written.
pub(in crate::convert) struct Batches<W: Write> {
    writer: FileWriter<W>,
    schema: SchemaRef,
    /// What an element is, as it is stored.
    element: Element,
    /// Elements of the next record batch.
    pending: Vec<u8>,
    /// Bytes of a record batch.
    batch: usize,
}

impl<W: Write> Batches<W> {
    /// Begins a file.
    ///
    /// # Errors
    ///
    /// Its elements cannot be columns, or writing fails.
    pub(in crate::convert) fn new(out: W, element: &Element) -> anyhow::Result<Self> {
        let stored = stored(element)?;
        let columns: Vec<Column> = stored
            .fields()
            .iter()
            .map(|field| {
                Column::new(name(field), data_type(field, field.dimensions.sizes()), false)
            })
            .collect();
        let said = HashMap::from([(TYPE_KEY.to_owned(), element.to_string())]);
        let schema = Arc::new(Schema::new_with_metadata(columns, said));
        let writer = FileWriter::try_new(out, &schema)?;
        let batch = ROWS.min(BYTES / stored.bytes()).max(1) * stored.bytes();
        Ok(Self { writer, schema, element: stored, pending: Vec::new(), batch })
    }

    /// Writes the elements that are there as a record batch.
    fn flush(&mut self) -> anyhow::Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let columns = self.element.fields().iter();
        let columns = columns.map(|field| array(field, &self.pending, self.element.bytes()));
        let columns = columns.collect::<anyhow::Result<Vec<_>>>()?;
        self.writer.write(&RecordBatch::try_new(Arc::clone(&self.schema), columns)?)?;
        self.pending.clear();
        Ok(())
    }
}

impl<W: Write + Send> Sink for Batches<W> {
    fn write(&mut self, mut bytes: &[u8], _: u64) -> anyhow::Result<()> {
        while !bytes.is_empty() {
            let room = bytes.len().min(self.batch - self.pending.len());
            self.pending.extend_from_slice(&bytes[..room]);
            bytes = &bytes[room..];
            if self.pending.len() == self.batch {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn finish(&mut self, _: u64) -> anyhow::Result<()> {
        self.flush()?;
        Ok(self.writer.finish()?)
    }
}

/// Returns the type of a field, or of the items of an array with the dimensions that are left.
fn data_type(field: &Field, sizes: &[u32]) -> DataType {
    if let Some((size, inner)) = sizes.split_first() {
        return DataType::FixedSizeList(Arc::new(item(data_type(field, inner))), *size as i32);
    }
    let scalar = match field.kind {
        Kind::Bool => DataType::Boolean,
        Kind::U8 => DataType::UInt8,
        Kind::U16 => DataType::UInt16,
        Kind::U32 => DataType::UInt32,
        Kind::U64 => DataType::UInt64,
        Kind::I8 => DataType::Int8,
        Kind::I16 => DataType::Int16,
        Kind::I32 => DataType::Int32,
        Kind::I64 => DataType::Int64,
        Kind::F16 => DataType::Float16,
        Kind::F64 => DataType::Float64,
        Kind::Str(_) => DataType::Utf8,
        Kind::Hex(size) => DataType::FixedSizeBinary(size as i32),
        Kind::I128 | Kind::U128 => DataType::Decimal128(38, 0),
        // The other types widen to it or to those above.
        _ => DataType::Float32,
    };
    if field.complex { DataType::Struct(parts(scalar)) } else { scalar }
}

/// The items of a list.
fn item(data_type: DataType) -> Column {
    Column::new("item", data_type, false)
}

/// The parts of complex numbers.
fn parts(scalar: DataType) -> Fields {
    let part = |name| Column::new(name, scalar.clone(), false);
    vec![part("re"), part("im")].into()
}

/// Returns the values of a field.
fn array(field: &Field, elements: &[u8], size: usize) -> anyhow::Result<ArrayRef> {
    let leaves = Leaf::of(field);
    let values = leaves.iter().map(|leaf| leaf.array(elements, size));
    let mut values = values.collect::<anyhow::Result<Vec<_>>>()?;
    let mut array = match values.len() {
        1 => values.remove(0),
        _ => {
            let fields = parts(values[0].data_type().clone());
            Arc::new(StructArray::try_new(fields, values, None)?)
        }
    };
    for size in field.dimensions.sizes().iter().rev() {
        let item = Arc::new(item(array.data_type().clone()));
        array = Arc::new(FixedSizeListArray::try_new(item, *size as i32, array, None)?);
    }
    Ok(array)
}

impl Leaf {
    /// Returns its values in some elements.
    fn array(&self, elements: &[u8], size: usize) -> anyhow::Result<ArrayRef> {
        /// Makes an array of numbers.
        macro_rules! numbers {
            ($Type:ident, $T:ident) => {
                primitive::<$Type>(self, elements, size, |bytes| {
                    $T::from_le_bytes(bytes.try_into().unwrap_or_default())
                })
            };
        }
        let values = || self.values(elements, size);
        Ok(match self.kind {
            Kind::Bool => {
                Arc::new(values().map(|value| Some(value[0] == 1)).collect::<BooleanArray>())
            }
            Kind::U8 => numbers!(UInt8Type, u8),
            Kind::U16 => numbers!(UInt16Type, u16),
            Kind::U32 => numbers!(UInt32Type, u32),
            Kind::U64 => numbers!(UInt64Type, u64),
            Kind::I8 => numbers!(Int8Type, i8),
            Kind::I16 => numbers!(Int16Type, i16),
            Kind::I32 => numbers!(Int32Type, i32),
            Kind::I64 => numbers!(Int64Type, i64),
            Kind::F16 => numbers!(Float16Type, f16),
            Kind::F64 => numbers!(Float64Type, f64),
            Kind::I128 | Kind::U128 => {
                let array = PrimitiveArray::<Decimal128Type>::from_iter_values(
                    values().map(|value| i128::from_le_bytes(value.try_into().unwrap_or_default())),
                );
                Arc::new(array.with_precision_and_scale(38, 0)?)
            }
            Kind::Str(_) => {
                let texts = values().map(|value| std::str::from_utf8(text(value)));
                Arc::new(StringArray::from(texts.collect::<Result<Vec<_>, _>>()?))
            }
            Kind::Hex(width) => {
                let mut builder = FixedSizeBinaryBuilder::new(width as i32);
                values().try_for_each(|value| builder.append_value(value))?;
                Arc::new(builder.finish())
            }
            _ => numbers!(Float32Type, f32),
        })
    }
}

/// Makes an array of numbers.
fn primitive<T: ArrowPrimitiveType>(
    leaf: &Leaf,
    elements: &[u8],
    size: usize,
    load: impl Fn(&[u8]) -> T::Native,
) -> ArrayRef {
    Arc::new(PrimitiveArray::<T>::from_iter_values(leaf.values(elements, size).map(load)))
}
