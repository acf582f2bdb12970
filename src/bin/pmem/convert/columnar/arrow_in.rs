//! Elements of an Arrow IPC file, also of one that others wrote.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail, ensure};
use arrow_array::cast::AsArray as _;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_ipc::reader::FileReader;
use arrow_schema::{DataType, Schema};

use super::stored::{Leaf, find, name, needs_file, root, stored};
use super::{TYPE_KEY, VALUE};
use crate::convert::cast::{Cast, Wishes};
use crate::convert::feed::{Feed, Part};
use crate::element::{Dimensions, Element, Field, Form, Kind, Order, Packing};
use crate::error::At as _;

/// Opens a file; `wanted` is what its elements are, and `column` the only column that is taken.
/// Returns its elements, and what they are.
///
/// # Errors
///
/// It cannot be read, or its columns are no such elements.
pub(in crate::convert) fn open(
    path: &Path,
    wanted: Option<&Element>,
    column: Option<&str>,
) -> anyhow::Result<(Box<dyn Feed>, Element)> {
    open_batches(path, wanted, column).at(path)
}

fn open_batches(
    path: &Path,
    wanted: Option<&Element>,
    column: Option<&str>,
) -> anyhow::Result<(Box<dyn Feed>, Element)> {
    needs_file(path, "an Arrow file")?;
    let reader = FileReader::try_new_buffered(File::open(path)?, None)?;
    let schema = reader.schema();
    let said = schema.metadata().get(TYPE_KEY).filter(|_| column.is_none());
    let element = match wanted.cloned().or_else(|| said?.parse().ok()) {
        Some(element) => element,
        None => natural(&schema, column)?,
    };
    let names = names(&schema);
    let (mut fields, mut columns) = (Vec::new(), Vec::new());
    for field in stored(&element)?.fields() {
        let root = root(&names, field, column)?;
        let there = field_of(schema.field(root).data_type(), name(field), Some(field))?;
        let same = there.complex == field.complex && there.dimensions == field.dimensions;
        ensure!(same, "column {} is no {element}", names[root]);
        fields.push(Field { name: field.name.clone(), ..there });
        columns.push(root);
    }
    let there = Element::new(fields, element.form(), Packing::Packed)?;
    let exact = Wishes { exact: true, ..Wishes::default() };
    let cast = Cast::new(&there, &element, &exact)?;
    let rows = Batches { path: path.to_owned(), reader, there, cast, columns, row: 0 };
    Ok((Box::new(rows), element))
}

/// Returns the names of the columns.
fn names(schema: &Schema) -> Vec<String> {
    schema.fields().iter().map(|field| field.name().clone()).collect()
}

/// Returns the element that the columns of a file make by themselves.
fn natural(schema: &Schema, column: Option<&str>) -> anyhow::Result<Element> {
    let names = names(schema);
    let chosen = match column {
        Some(column) => vec![find(&names, column)?],
        None => (0..names.len()).collect(),
    };
    let plain = column.is_some() || names == [VALUE];
    let field = |root: usize| {
        let field = field_of(schema.field(root).data_type(), &names[root], None)?;
        Ok(Field { name: if plain { String::new() } else { names[root].clone() }, ..field })
    };
    let fields = chosen.into_iter().map(field).collect::<anyhow::Result<Vec<_>>>()?;
    Element::new(fields, if plain { Form::Plain } else { Form::Record }, Packing::Packed)
}

/// Returns the field that a column is. `wanted` says how long text may be, and how many items a
/// list has that does not say so itself.
fn field_of(data_type: &DataType, column: &str, wanted: Option<&Field>) -> anyhow::Result<Field> {
    let mut dimensions = Dimensions::default();
    let mut inner = data_type;
    let mut sizes = wanted.map(|field| field.dimensions.sizes()).unwrap_or_default().iter();
    loop {
        let (item, size) = match (inner, sizes.next()) {
            (DataType::FixedSizeList(item, size), _) => (item, u32::try_from(*size)?),
            (DataType::List(item) | DataType::LargeList(item), Some(size)) => (item, *size),
            (DataType::List(_) | DataType::LargeList(_), None) => {
                bail!("column {column} is a list; -t says how many items it has, as f32x3 does")
            }
            _ => break,
        };
        let more = dimensions.with(size);
        dimensions = more.ok_or_else(|| anyhow!("column {column} has too many dimensions"))?;
        inner = item.data_type();
    }
    let (scalar, complex) = match inner {
        DataType::Struct(parts) if parts.len() == 2 && parts[0].name() == "re" => {
            (parts[0].data_type(), true)
        }
        inner => (inner, false),
    };
    let kind = kind(scalar, column, wanted.map(|field| field.kind))?;
    let (order, offset) = (Order::Little, 0);
    Ok(Field { name: column.to_owned(), kind, order, complex, dimensions, offset })
}

/// Returns the scalar type of a column.
fn kind(data_type: &DataType, column: &str, wanted: Option<Kind>) -> anyhow::Result<Kind> {
    Ok(match data_type {
        DataType::Boolean => Kind::Bool,
        DataType::UInt8 => Kind::U8,
        DataType::UInt16 => Kind::U16,
        DataType::UInt32 => Kind::U32,
        DataType::UInt64 => Kind::U64,
        DataType::Int8 => Kind::I8,
        DataType::Int16 => Kind::I16,
        DataType::Int32 => Kind::I32,
        DataType::Int64 => Kind::I64,
        DataType::Float16 => Kind::F16,
        DataType::Float32 => Kind::F32,
        DataType::Float64 => Kind::F64,
        DataType::Decimal128(_, 0) => Kind::I128,
        DataType::FixedSizeBinary(size) => Kind::Hex(u32::try_from(*size)?),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => match wanted {
            Some(Kind::Str(size)) => Kind::Str(size),
            _ => bail!("column {column} has text; -t says how long it may be, as str16 does"),
        },
        other => bail!("column {column} has values of type {other}"),
    })
}

/// The rows of a file.
struct Batches {
    path: PathBuf,
    reader: FileReader<BufReader<File>>,
    /// What a row is in the file.
    there: Element,
    /// Makes elements of it.
    cast: Cast,
    /// Which column of the file each field is.
    columns: Vec<usize>,
    /// Index of the next row.
    row: u64,
}

impl Feed for Batches {
    fn next(&mut self, buffer: &mut Vec<u8>) -> anyhow::Result<Option<Part>> {
        let path = self.path.clone();
        self.read(buffer).at(&path)
    }
}

impl Batches {
    fn read(&mut self, buffer: &mut Vec<u8>) -> anyhow::Result<Option<Part>> {
        let batch: RecordBatch = loop {
            match self.reader.next().transpose()? {
                None => return Ok(None),
                Some(batch) if batch.num_rows() > 0 => break batch,
                Some(_) => {}
            }
        };
        let size = self.there.bytes();
        let mut there = vec![0; batch.num_rows() * size];
        for (field, column) in self.there.fields().iter().zip(&self.columns) {
            for (part, leaf) in Leaf::of(field).iter().enumerate() {
                let values = leaf.flatten(batch.column(*column), self.row, part)?;
                leaf.unpack(&values, self.row, size, &mut there)?;
            }
        }
        if !self.cast.apply(&there, buffer).map_err(|failure| failure.at(self.row))? {
            *buffer = there;
        }
        self.row += batch.num_rows() as u64;
        Ok(Some(Part::Elements))
    }
}

impl Leaf {
    /// Returns the scalars in lists, or one part of complex ones.
    fn flatten(&self, array: &ArrayRef, first: u64, part: usize) -> anyhow::Result<ArrayRef> {
        let mut array = ArrayRef::clone(array);
        let mut outer = 1;
        for size in &self.sizes {
            no_nulls(&array, first, outer)?;
            outer *= size;
            array = match array.data_type() {
                DataType::FixedSizeList(..) => ArrayRef::clone(array.as_fixed_size_list().values()),
                DataType::List(_) => {
                    let list = array.as_list::<i32>();
                    let offsets = list.offsets().iter().map(|offset| *offset as usize);
                    even(list.values(), offsets, *size, first)?
                }
                _ => {
                    let list = array.as_list::<i64>();
                    let offsets = list.offsets().iter().map(|offset| *offset as usize);
                    even(list.values(), offsets, *size, first)?
                }
            };
        }
        no_nulls(&array, first, outer)?;
        if let DataType::Struct(_) = array.data_type() {
            array = ArrayRef::clone(array.as_struct().column(part));
            no_nulls(&array, first, outer)?;
        }
        Ok(array)
    }

    /// Puts scalars where they belong in the rows.
    fn unpack(
        &self,
        values: &ArrayRef,
        first: u64,
        size: usize,
        rows: &mut [u8],
    ) -> anyhow::Result<()> {
        let width = self.kind.size();
        let data = values.to_data();
        let texts: Option<Vec<&str>> = match values.data_type() {
            DataType::Utf8 => Some(values.as_string::<i32>().iter().flatten().collect()),
            DataType::LargeUtf8 => Some(values.as_string::<i64>().iter().flatten().collect()),
            DataType::Utf8View => Some(values.as_string_view().iter().flatten().collect()),
            _ => None,
        };
        let bits = values.as_boolean_opt();
        let mut index = 0;
        for element in rows.chunks_exact_mut(size) {
            for item in 0..self.items() {
                let place = &mut element[self.offset + item * self.stride..][..width];
                match (&texts, bits) {
                    (Some(texts), _) => {
                        let text = texts[index].as_bytes();
                        ensure!(
                            text.len() <= width && !text.contains(&0),
                            "row {}: '{}' is no str{width}",
                            first + (index / self.items()) as u64,
                            text.escape_ascii()
                        );
                        place[..text.len()].copy_from_slice(text);
                    }
                    (None, Some(bits)) => place[0] = bits.value(index).into(),
                    (None, None) => {
                        let bytes = &data.buffers()[0].as_slice()[data.offset() * width..];
                        place.copy_from_slice(&bytes[index * width..][..width]);
                    }
                }
                index += 1;
            }
        }
        Ok(())
    }
}

/// Refuses an array with a null; each row has `items` of its values.
fn no_nulls(array: &ArrayRef, first: u64, items: usize) -> anyhow::Result<()> {
    let null = (0..array.len()).find(|index| array.null_count() > 0 && array.is_null(*index));
    match null {
        Some(index) => {
            bail!("row {} has a null, which numbers have not", first + (index / items) as u64)
        }
        None => Ok(()),
    }
}

/// Returns the values of lists that all have `size` items.
fn even(
    values: &ArrayRef,
    mut offsets: impl Iterator<Item = usize>,
    size: usize,
    first: u64,
) -> anyhow::Result<ArrayRef> {
    let start = offsets.next().unwrap_or(0);
    let mut rows = 0;
    for (row, offset) in offsets.enumerate() {
        rows = row + 1;
        ensure!(
            offset == start + rows * size,
            "row {} does not have {size} items",
            first + row as u64
        );
    }
    Ok(values.slice(start, rows * size))
}
