//! What one element is: fields one after another, as data.

use std::sync::Arc;

use anyhow::{anyhow, bail, ensure};

use super::field::Field;
use super::kind::Kind;
use super::order::{Order, reverse};

/// The type of the elements of a file: one unnamed field, or a record of several. Cheap to clone.
///
/// In memory its scalars are little-endian; [`Element::swap`] turns the order of a file into that,
/// and back.
#[derive(Clone, Debug)]
pub(crate) struct Element {
    shape: Arc<Shape>,
}

/// What all clones share.
#[derive(Debug)]
struct Shape {
    fields: Vec<Field>,
    form: Form,
    aligned: bool,
    size: usize,
    columns: Vec<Column>,
    runs: Vec<Run>,
    swaps: Vec<Run>,
}

/// How the fields of an element are shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Form {
    /// As one value, or as an array of items.
    Plain,
    /// As a record: each field by its name.
    Record,
}

/// A scalar of an element that is shown: a column of a table.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Column {
    /// Name: `x`, `pos.1`, `3`; empty for the one scalar of a plain element.
    pub(crate) name: String,
    /// Type of the scalar.
    pub(crate) kind: Kind,
    /// Order of the bytes of the scalar in the file.
    pub(crate) order: Order,
    /// Bytes from the start of the element.
    pub(crate) offset: usize,
}

/// Scalars of one type that lie side by side.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Run {
    /// Type of the scalars.
    pub(crate) kind: Kind,
    /// Bytes from the start of the element.
    pub(crate) offset: usize,
    /// How many scalars there are.
    pub(crate) count: usize,
}

impl Run {
    /// Returns the bytes of the run.
    pub(crate) const fn size(&self) -> usize {
        self.kind.size() * self.count
    }
}

/// Where the fields of an element begin.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Packing {
    /// One directly after another.
    Packed,
    /// Aligned, with a padded tail, as in C.
    Aligned,
}

impl Element {
    /// Bytes that an element has at most.
    pub(crate) const MOST_BYTES: u64 = 1 << 20;

    /// Scalars that an element has at most.
    pub(crate) const MOST_ITEMS: u64 = 4096;

    /// Makes an element of fields, and computes their offsets.
    ///
    /// # Errors
    ///
    /// There is nothing to show, the element is too large, or two fields have one name.
    pub(crate) fn new(
        mut fields: Vec<Field>,
        form: Form,
        packing: Packing,
    ) -> anyhow::Result<Self> {
        let (mut size, mut items, mut most_aligned) = (0_u64, 0_u64, 1_u64);
        let align = |size: u64, align: u64| match packing {
            Packing::Packed => size,
            Packing::Aligned => size.next_multiple_of(align),
        };
        for field in &mut fields {
            let count = field.dimensions.items().unwrap_or(u64::MAX);
            let scalars = count.saturating_mul(if field.complex { 2 } else { 1 });
            ensure!(scalars > 0, "an array has at least one item");
            size = align(size, field.kind.align() as u64);
            field.offset = size as usize;
            size = size.saturating_add(scalars.saturating_mul(field.kind.size() as u64));
            ensure!(
                size <= Self::MOST_BYTES,
                "the element is too large: at most {} bytes",
                Self::MOST_BYTES
            );
            if !field.is_padding() {
                items = items.saturating_add(scalars);
            }
            most_aligned = most_aligned.max(field.kind.align() as u64);
        }
        ensure!(items > 0, "there is nothing to show: all of it is padding");
        ensure!(items <= Self::MOST_ITEMS, "too many items: at most {}", Self::MOST_ITEMS);
        check_names(&fields)?;
        let size = align(size, most_aligned) as usize;
        let packed: usize = fields.iter().map(Field::size).sum();
        let columns = columns(&fields);
        let runs = runs(columns.iter().map(|column| (column.kind, column.offset)));
        let swapped =
            fields.iter().filter(|field| field.order == Order::Big && !field.is_padding());
        let swaps = runs_of(swapped.filter(|field| field.kind.size() > 1));
        let aligned = packed < size;
        let shape = Shape { fields, form, aligned, size, columns, runs, swaps };
        Ok(Self { shape: Arc::new(shape) })
    }

    /// Makes an element of one unnamed scalar.
    pub(crate) fn scalar(kind: Kind, order: Order) -> Self {
        let field = Field {
            name: String::new(),
            kind,
            order,
            complex: false,
            dimensions: Default::default(),
            offset: 0,
        };
        let (size, columns) = (kind.size(), columns(std::slice::from_ref(&field)));
        let run = Run { kind, offset: 0, count: 1 };
        let swaps = if order == Order::Big && size > 1 { vec![run] } else { Vec::new() };
        let (fields, runs) = (vec![field], vec![run]);
        let form = Form::Plain;
        Self { shape: Arc::new(Shape { fields, form, aligned: false, size, columns, runs, swaps }) }
    }

    /// Returns the bytes of one element, padding included.
    pub(crate) fn size(&self) -> u64 {
        self.shape.size as u64
    }

    /// Returns the bytes of one element, padding included, for indexing buffers.
    pub(crate) fn bytes(&self) -> usize {
        self.shape.size
    }

    /// Returns the fields, padding included.
    pub(crate) fn fields(&self) -> &[Field] {
        &self.shape.fields
    }

    /// Returns how the fields are shown.
    pub(crate) fn form(&self) -> Form {
        self.shape.form
    }

    /// Returns whether there is padding between the fields or behind them that no field names.
    pub(crate) fn is_aligned(&self) -> bool {
        self.shape.aligned
    }

    /// Returns the scalars that are shown, in their order.
    pub(crate) fn columns(&self) -> &[Column] {
        &self.shape.columns
    }

    /// Returns the scalars that are shown, those of one type that lie side by side together.
    pub(crate) fn runs(&self) -> &[Run] {
        &self.shape.runs
    }

    /// Returns the run that all of the element is, if its scalars are of one type and there is no
    /// padding.
    pub(crate) fn uniform(&self) -> Option<Run> {
        match *self.runs() {
            [run] if run.size() == self.bytes() => Some(run),
            _ => None,
        }
    }

    /// Returns the one scalar that an element is, if it is no array and no record.
    pub(crate) fn single(&self) -> Option<&Column> {
        match self.columns() {
            [column] if self.form() == Form::Plain && column.kind.size() == self.bytes() => {
                Some(column)
            }
            _ => None,
        }
    }

    /// Turns whole elements as they lie in a file into little-endian ones, or these into what
    /// belongs into the file.
    pub(crate) fn swap(&self, bytes: &mut [u8]) {
        for run in &self.shape.swaps {
            if run.size() == self.bytes() {
                reverse(bytes, run.kind.size());
                continue;
            }
            for element in bytes.chunks_exact_mut(self.bytes()) {
                reverse(&mut element[run.offset..][..run.size()], run.kind.size());
            }
        }
    }
}

impl PartialEq for Element {
    fn eq(&self, other: &Self) -> bool {
        self.fields() == other.fields()
            && self.form() == other.form()
            && self.size() == other.size()
    }
}

impl Eq for Element {}

/// Makes sure that no two fields have one name.
fn check_names(fields: &[Field]) -> anyhow::Result<()> {
    let mut names: Vec<&str> =
        fields.iter().filter(|field| !field.is_padding()).map(|field| &*field.name).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => bail!("two fields are called '{}'", pair[0]),
        None => Ok(()),
    }
}

/// Returns the scalars of fields that are not padding.
fn columns(fields: &[Field]) -> Vec<Column> {
    let mut columns = Vec::new();
    for field in fields.iter().filter(|field| !field.is_padding()) {
        let (kind, order) = (field.kind, field.order);
        for (scalar, name) in field.columns().enumerate() {
            let offset = field.offset + scalar * kind.size();
            columns.push(Column { name, kind, order, offset });
        }
    }
    columns
}

/// Puts scalars of one type that lie side by side together.
fn runs(scalars: impl Iterator<Item = (Kind, usize)>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (kind, offset) in scalars {
        match runs.last_mut() {
            Some(run) if run.kind == kind && run.offset + run.size() == offset => run.count += 1,
            _ => runs.push(Run { kind, offset, count: 1 }),
        }
    }
    runs
}

/// Returns the runs of whole fields.
fn runs_of<'a>(fields: impl Iterator<Item = &'a Field>) -> Vec<Run> {
    let scalars = |field: &'a Field| {
        (0..field.scalars()).map(|scalar| (field.kind, field.offset + scalar * field.kind.size()))
    };
    runs(fields.flat_map(scalars))
}

/// Says that an element has no such field or item.
pub(super) fn no_such(element: &Element, name: &str) -> anyhow::Error {
    let names: Vec<_> = match element.form() {
        Form::Record => element
            .fields()
            .iter()
            .filter(|field| !field.is_padding())
            .map(|field| field.name.clone())
            .collect(),
        Form::Plain => Vec::new(),
    };
    match (element.form(), element.columns().len()) {
        (Form::Record, _) => anyhow!("no field '{name}'; there are {}", names.join(", ")),
        (Form::Plain, 1) => {
            anyhow!("'{name}': the elements have no fields; they are single {element} values")
        }
        (Form::Plain, items) => {
            anyhow!("no item '{name}'; the items of {element} are 0 to {}", items - 1)
        }
    }
}
