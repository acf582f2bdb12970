//! Elements of a Parquet file, also of one that others wrote.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail, ensure};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::schema::types::SchemaDescriptor;

use super::parquet_types::kind;
use super::stored::{Leaf, find, needs_file, root, stored};
use super::{TYPE_KEY, VALUE};
use crate::convert::cast::{Cast, Wishes};
use crate::convert::feed::{Feed, Part};
use crate::element::{Element, Field, Form, Kind, Order, Packing};
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
    open_rows(path, wanted, column).at(path)
}

fn open_rows(
    path: &Path,
    wanted: Option<&Element>,
    column: Option<&str>,
) -> anyhow::Result<(Box<dyn Feed>, Element)> {
    needs_file(path, "Parquet")?;
    let reader = SerializedFileReader::new(File::open(path)?)?;
    let metadata = reader.metadata().file_metadata();
    let schema = metadata.schema_descr();
    let said = metadata.key_value_metadata().into_iter().flatten();
    let said = said.filter(|pair| pair.key == TYPE_KEY).find_map(|pair| pair.value.as_deref());
    // A column of a file may be taken by itself, and what the file says is about all of them.
    let said = said.filter(|_| column.is_none()).and_then(|text| text.parse().ok());
    let element = match wanted.cloned().or(said) {
        Some(element) => element,
        None => natural(schema, column)?,
    };
    let roots = roots(schema, &element, column)?;
    let mut fields = Vec::new();
    for (field, root) in stored(&element)?.fields().iter().zip(&roots) {
        fields.push(field_of(schema, field, root)?);
    }
    let there = Element::new(fields, element.form(), Packing::Packed)?;
    let exact = Wishes { exact: true, ..Wishes::default() };
    let cast = Cast::new(&there, &element, &exact)?;
    let leaves: Vec<Leaf> = there.fields().iter().flat_map(Leaf::of).collect();
    let columns: Vec<usize> = roots.into_iter().flatten().collect();
    let group = 0;
    let path = path.to_owned();
    let rows = Rows {
        path,
        reader,
        there,
        cast,
        leaves,
        columns,
        group,
        open: Vec::new(),
        left: 0,
        row: 0,
    };
    Ok((Box::new(rows), element))
}

/// Returns the element that the columns of a file make by themselves.
fn natural(schema: &SchemaDescriptor, column: Option<&str>) -> anyhow::Result<Element> {
    let names = names(schema);
    let chosen = match column {
        Some(column) => vec![find(&names, column)?],
        None => (0..names.len()).collect(),
    };
    let plain = column.is_some() || names == [VALUE];
    let mut fields = Vec::new();
    for root in chosen {
        let leaves = leaves_of(schema, root);
        let [leaf] = *leaves else { bail!("column {} is nested", names[root]) };
        let leaf = schema.column(leaf);
        ensure!(
            leaf.max_rep_level() == 0,
            "column {} is a list; -t says how many items it has, as f32x3 does",
            names[root]
        );
        fields.push(Field {
            name: if plain { String::new() } else { names[root].clone() },
            kind: kind(&leaf, None)?,
            order: Order::Little,
            complex: false,
            dimensions: Default::default(),
            offset: 0,
        });
    }
    let form = if plain { Form::Plain } else { Form::Record };
    Element::new(fields, form, Packing::Packed)
}

/// Returns the names of the columns.
fn names(schema: &SchemaDescriptor) -> Vec<String> {
    schema.root_schema().get_fields().iter().map(|field| field.name().to_owned()).collect()
}

/// Returns the leaves of a column.
fn leaves_of(schema: &SchemaDescriptor, root: usize) -> Vec<usize> {
    (0..schema.num_columns()).filter(|leaf| schema.get_column_root_idx(*leaf) == root).collect()
}

/// Returns the leaves of the columns that the fields of an element are.
fn roots(
    schema: &SchemaDescriptor,
    element: &Element,
    column: Option<&str>,
) -> anyhow::Result<Vec<Vec<usize>>> {
    let names = names(schema);
    let fields = element.fields().iter().filter(|field| !field.is_padding());
    let leaves = |field: &Field| {
        let root = root(&names, field, column)?;
        let leaves = leaves_of(schema, root);
        let expected = Leaf::of(field);
        let deep = |leaf: &usize| {
            usize::from(schema.column(*leaf).max_rep_level().unsigned_abs())
                == expected[0].sizes.len()
        };
        ensure!(
            leaves.len() == expected.len() && leaves.iter().all(deep),
            "column {} is no {element}",
            names[root]
        );
        Ok(leaves)
    };
    fields.map(leaves).collect()
}

/// Returns a field with the type that its column has in the file.
fn field_of(schema: &SchemaDescriptor, field: &Field, leaves: &[usize]) -> anyhow::Result<Field> {
    let kind = kind(&schema.column(leaves[0]), Some(field.kind))?;
    Ok(Field { kind, ..field.clone() })
}

/// The rows of a file.
struct Rows {
    path: PathBuf,
    reader: SerializedFileReader<File>,
    /// What a row is in the file.
    there: Element,
    /// Makes elements of it.
    cast: Cast,
    leaves: Vec<Leaf>,
    /// Which column of the file each leaf is.
    columns: Vec<usize>,
    /// The next row group.
    group: usize,
    /// The columns of this one.
    open: Vec<ColumnReader>,
    /// Rows of this row group that are left.
    left: usize,
    /// Index of the next row.
    row: u64,
}

impl Feed for Rows {
    fn next(&mut self, buffer: &mut Vec<u8>) -> anyhow::Result<Option<Part>> {
        let path = self.path.clone();
        self.read(buffer).at(&path)
    }
}

impl Rows {
    fn read(&mut self, buffer: &mut Vec<u8>) -> anyhow::Result<Option<Part>> {
        /// Bytes of a block.
        const BLOCK: usize = 1 << 18;

        while self.left == 0 {
            if self.group == self.reader.num_row_groups() {
                return Ok(None);
            }
            let group = self.reader.get_row_group(self.group)?;
            self.left = usize::try_from(group.metadata().num_rows())?;
            let open = self.columns.iter().map(|column| group.get_column_reader(*column));
            self.open = open.collect::<Result<_, _>>()?;
            self.group += 1;
        }
        let size = self.there.bytes();
        let rows = (BLOCK / size).max(1).min(self.left);
        let mut there = vec![0; rows * size];
        for (leaf, column) in self.leaves.iter().zip(&mut self.open) {
            leaf.get((rows, size, self.row), column, &mut there)?;
        }
        if !self.cast.apply(&there, buffer).map_err(|failure| failure.at(self.row))? {
            *buffer = there;
        }
        self.left -= rows;
        self.row += rows as u64;
        Ok(Some(Part::Elements))
    }
}

/// How many rows are read, the bytes of one, and the index of the first.
type Wanted = (usize, usize, u64);

impl Leaf {
    /// Reads its values of some rows from a column.
    fn get(
        &self,
        wanted: Wanted,
        column: &mut ColumnReader,
        rows: &mut [u8],
    ) -> anyhow::Result<()> {
        use ColumnReader as C;
        let place = (self, wanted, rows);
        let narrow = self.kind.size();
        match column {
            C::BoolColumnReader(column) => get(place, column, |value, bytes| {
                bytes[0] = (*value).into();
                Ok(())
            }),
            C::Int32ColumnReader(column) => get(place, column, |value, bytes| {
                bytes.copy_from_slice(&value.to_le_bytes()[..narrow]);
                Ok(())
            }),
            C::Int64ColumnReader(column) => get(place, column, |value, bytes| {
                bytes.copy_from_slice(&value.to_le_bytes());
                Ok(())
            }),
            C::FloatColumnReader(column) => get(place, column, |value, bytes| {
                bytes.copy_from_slice(&value.to_le_bytes());
                Ok(())
            }),
            C::DoubleColumnReader(column) => get(place, column, |value, bytes| {
                bytes.copy_from_slice(&value.to_le_bytes());
                Ok(())
            }),
            C::FixedLenByteArrayColumnReader(column) => {
                let reversed = self.kind == Kind::I128;
                get(place, column, |value, bytes| {
                    bytes.copy_from_slice(value.data());
                    if reversed {
                        bytes.reverse();
                    }
                    Ok(())
                })
            }
            C::ByteArrayColumnReader(column) => get(place, column, |value, bytes| {
                let value = value.data();
                ensure!(
                    value.len() <= bytes.len() && !value.contains(&0),
                    "'{}' is no str{}",
                    value.escape_ascii(),
                    bytes.len()
                );
                bytes[..value.len()].copy_from_slice(value);
                Ok(())
            }),
            C::Int96ColumnReader(_) => bail!("no type has 96 bits"),
        }
    }
}

/// Reads the values of a leaf from a column.
fn get<T: DataType>(
    (leaf, (rows, size, first), bytes): (&Leaf, Wanted, &mut [u8]),
    column: &mut ColumnReaderImpl<T>,
    store: impl Fn(&T::T, &mut [u8]) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let (mut values, mut definitions, mut repetitions) = (Vec::new(), Vec::new(), Vec::new());
    let mut done = 0;
    while done < rows {
        let (defined, repeated) = (Some(&mut definitions), Some(&mut repetitions));
        let (records, ..) = column.read_records(rows - done, defined, repeated, &mut values)?;
        ensure!(records > 0, "row {} is missing", first + done as u64);
        done += records;
    }
    let items = leaf.items();
    let row_of = |value: usize| first + (value / items) as u64;
    let most = definitions.iter().max().copied().unwrap_or(0);
    if values.len() < definitions.len() {
        let null = definitions.iter().position(|level| *level < most).unwrap_or(0);
        bail!("row {} has a null, which numbers have not", row_of(null));
    }
    if !leaf.sizes.is_empty() {
        let pattern = leaf.repetitions();
        let right = |(index, level): (usize, &i16)| *level == pattern[index % items];
        let wrong = repetitions.iter().enumerate().position(|pair| !right(pair));
        let short = values.len() != rows * items;
        if let Some(wrong) = wrong.or_else(|| short.then_some(values.len())) {
            bail!("row {} does not have {items} items", row_of(wrong.saturating_sub(1)));
        }
    }
    ensure!(values.len() == rows * items, "row {} has a null, which numbers have not", first);
    let mut values = values.iter();
    for (row, element) in bytes.chunks_exact_mut(size).enumerate() {
        for (item, value) in values.by_ref().take(items).enumerate() {
            let place = &mut element[leaf.offset + item * leaf.stride..][..leaf.kind.size()];
            store(value, place).map_err(|error| anyhow!("row {}: {error}", first + row as u64))?;
        }
    }
    Ok(())
}
