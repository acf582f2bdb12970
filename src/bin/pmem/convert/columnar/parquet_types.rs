//! Which type of Parquet a scalar is, and the other way round.

use std::sync::Arc;

use anyhow::{anyhow, bail};
use parquet::basic::{ConvertedType, LogicalType, Repetition, Type as Physical};
use parquet::schema::types::{ColumnDescriptor, Type, TypePtr};

use super::stored::name;
use crate::element::{Element, Field, Kind};

/// Returns the schema of a file of elements.
pub(super) fn schema(element: &Element) -> anyhow::Result<TypePtr> {
    let fields = element.fields().iter();
    let fields = fields.map(|field| column(field, name(field), field.dimensions.sizes()));
    let fields = fields.collect::<anyhow::Result<Vec<_>>>()?;
    Ok(Arc::new(Type::group_type_builder("schema").with_fields(fields).build()?))
}

/// Returns the type of a field, or of the items of an array with the dimensions that are left.
fn column(field: &Field, name: &str, sizes: &[u32]) -> anyhow::Result<TypePtr> {
    let required = Repetition::REQUIRED;
    let group = |name, fields, kind, repetition| {
        let group = Type::group_type_builder(name).with_fields(fields);
        group.with_logical_type(kind).with_repetition(repetition).build().map(Arc::new)
    };
    if let Some((_, inner)) = sizes.split_first() {
        let items = vec![column(field, "element", inner)?];
        let list = group("list", items, None, Repetition::REPEATED)?;
        return Ok(group(name, vec![list], Some(LogicalType::List), required)?);
    }
    if field.complex {
        let parts = vec![primitive(field.kind, "re")?, primitive(field.kind, "im")?];
        return Ok(group(name, parts, None, required)?);
    }
    primitive(field.kind, name)
}

/// Returns the type of a scalar.
fn primitive(kind: Kind, name: &str) -> anyhow::Result<TypePtr> {
    let integer = |width, signed| Some(LogicalType::integer(width, signed));
    let (physical, logical, length) = match kind {
        Kind::Bool => (Physical::BOOLEAN, None, 0),
        Kind::U8 => (Physical::INT32, integer(8, false), 0),
        Kind::U16 => (Physical::INT32, integer(16, false), 0),
        Kind::U32 => (Physical::INT32, integer(32, false), 0),
        Kind::U64 => (Physical::INT64, integer(64, false), 0),
        Kind::I8 => (Physical::INT32, integer(8, true), 0),
        Kind::I16 => (Physical::INT32, integer(16, true), 0),
        Kind::I32 => (Physical::INT32, None, 0),
        Kind::I64 => (Physical::INT64, None, 0),
        Kind::I128 => (Physical::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::decimal(0, 38)), 16),
        Kind::F16 => (Physical::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::Float16), 2),
        Kind::F32 => (Physical::FLOAT, None, 0),
        Kind::F64 => (Physical::DOUBLE, None, 0),
        Kind::Str(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String), 0),
        Kind::Hex(size) => (Physical::FIXED_LEN_BYTE_ARRAY, None, size as i32),
        kind => bail!("Parquet has no {}", kind.name()),
    };
    let mut builder = Type::primitive_type_builder(name, physical)
        .with_repetition(Repetition::REQUIRED)
        .with_logical_type(logical)
        .with_length(length);
    if kind == Kind::I128 {
        builder = builder.with_precision(38).with_scale(0);
    }
    Ok(Arc::new(builder.build()?))
}

/// Returns the scalar type of a column of a file; `wanted` says how long text may be.
///
/// # Errors
///
/// There is no such type.
pub(super) fn kind(column: &ColumnDescriptor, wanted: Option<Kind>) -> anyhow::Result<Kind> {
    let refuse = |what: &str| anyhow!("column {} has {what}", column.path().string());
    let logical = column.logical_type_ref();
    let integer = match (column.converted_type(), logical) {
        (_, Some(LogicalType::Integer(integer))) => (integer.bit_width, integer.is_signed),
        (ConvertedType::UINT_8, _) => (8, false),
        (ConvertedType::UINT_16, _) => (16, false),
        (ConvertedType::UINT_32, _) => (32, false),
        (ConvertedType::UINT_64, _) => (64, false),
        (ConvertedType::INT_8, _) => (8, true),
        (ConvertedType::INT_16, _) => (16, true),
        _ => (0, true),
    };
    let decimal = column.converted_type() == ConvertedType::DECIMAL
        || matches!(logical, Some(LogicalType::Decimal(_)));
    if decimal && column.type_scale() != 0 {
        return Err(refuse("decimals with digits behind the point"));
    }
    Ok(match (column.physical_type(), integer) {
        (Physical::BOOLEAN, _) => Kind::Bool,
        (Physical::INT32, (8, false)) => Kind::U8,
        (Physical::INT32, (16, false)) => Kind::U16,
        (Physical::INT32, (32, false)) => Kind::U32,
        (Physical::INT32, (8, true)) => Kind::I8,
        (Physical::INT32, (16, true)) => Kind::I16,
        (Physical::INT32, _) => Kind::I32,
        (Physical::INT64, (64, false)) => Kind::U64,
        (Physical::INT64, _) => Kind::I64,
        (Physical::FLOAT, _) => Kind::F32,
        (Physical::DOUBLE, _) => Kind::F64,
        (Physical::FIXED_LEN_BYTE_ARRAY, _) => match (logical, column.type_length()) {
            (Some(LogicalType::Float16), 2) => Kind::F16,
            (_, 16) if decimal => Kind::I128,
            _ if decimal => return Err(refuse("decimals of another width than 16 bytes")),
            (_, length) => Kind::Hex(u32::try_from(length)?),
        },
        (Physical::BYTE_ARRAY, _) => match wanted {
            Some(Kind::Str(size)) => Kind::Str(size),
            _ => return Err(refuse("text; -t says how long it may be, as str16 does")),
        },
        (physical, _) => return Err(refuse(&format!("values of type {physical}"))),
    })
}
