//! The types of NumPy, as they stand in the header of a `.npy` file.

use anyhow::{Context as _, anyhow, bail, ensure};

use super::literal::Literal;
use crate::element::{Element, Field, Form, Kind, Order, Packing};
use crate::layout::axes::dimensions;

/// Returns the element that a type of NumPy is. Records in records become fields with a dot in
/// their names.
///
/// # Errors
///
/// There is no such element.
pub(super) fn element(descr: &Literal) -> anyhow::Result<Element> {
    let fields = match descr {
        Literal::Text(name) => return scalar(name),
        Literal::Items(fields) => fields,
        _ => bail!("its type is neither text nor a list of fields"),
    };
    let mut found = Vec::new();
    record(fields, "", &mut found)?;
    let element = Element::new(found, Form::Record, Packing::Packed)?;
    Ok(aligned(&element).unwrap_or(element))
}

/// Returns the same element with padding that is not named, if that is the padding of C.
fn aligned(packed: &Element) -> Option<Element> {
    let shown: Vec<Field> =
        packed.fields().iter().filter(|field| !field.is_padding()).cloned().collect();
    let aligned = Element::new(shown, Form::Record, Packing::Aligned).ok()?;
    let same = aligned.columns() == packed.columns() && aligned.size() == packed.size();
    same.then_some(aligned)
}

/// Parses the name of a type that is no record. The bytes of a date or a time are a whole number.
fn scalar(name: &str) -> anyhow::Result<Element> {
    let (sign, rest) = name.split_at_checked(1).unwrap_or(("", ""));
    ensure!(matches!(sign, "<" | ">" | "|" | "="), "the type '{name}' has no byte order");
    let is_time = rest.starts_with(['M', 'm']) && rest[1..].starts_with('8');
    if is_time && matches!(sign, "<" | ">") {
        let order = if sign == ">" { Order::Big } else { Order::Little };
        return Ok(Element::scalar(Kind::I64, order));
    }
    let element: Element = name.parse().with_context(|| format!("its type '{name}'"))?;
    ensure!(element.form() == Form::Plain, "the type '{name}' is no type of NumPy");
    Ok(element)
}

/// Adds the fields of a record, with `prefix` in front of their names.
fn record(list: &[Literal], prefix: &str, fields: &mut Vec<Field>) -> anyhow::Result<()> {
    for entry in list {
        let Literal::Items(parts) = entry else { bail!("one of its fields is no tuple") };
        let (name, descr, sizes) = match &**parts {
            [name, descr] => (name, descr, Vec::new()),
            [name, descr, shape] => (name, descr, sizes(shape)?),
            _ => bail!("one of its fields has {} parts", parts.len()),
        };
        field(name_of(name)?, descr, &sizes, prefix, fields)?;
    }
    Ok(())
}

/// Adds a field, or the fields of a record in the record.
fn field(
    name: &str,
    descr: &Literal,
    sizes: &[u64],
    prefix: &str,
    fields: &mut Vec<Field>,
) -> anyhow::Result<()> {
    ensure!(
        fields.len() as u64 <= Element::MOST_ITEMS,
        "it has too many fields: at most {}",
        Element::MOST_ITEMS
    );
    let padding = name.is_empty() && matches!(descr, Literal::Text(name) if name.contains('V'));
    let own = match name {
        "" if padding => String::from("_"),
        "" => format!("{prefix}f{}", fields.len()),
        name => format!("{prefix}{name}"),
    };
    match descr {
        Literal::Items(inner) => match sizes {
            [] => record(inner, &format!("{own}."), fields),
            [size, rest @ ..] => {
                // The limit above ends this long before a hostile size does.
                for index in 0..*size {
                    field(&format!("{own}.{index}"), descr, rest, "", fields)?;
                    ensure!(!inner.is_empty(), "the record '{own}' has no fields");
                }
                Ok(())
            }
        },
        Literal::Text(spelling) => {
            let element = scalar(spelling)?;
            let [found] = element.fields() else { bail!("'{spelling}' is no type of NumPy") };
            let sizes = dimensions(sizes).ok_or_else(|| anyhow!("the size of '{own}' is wrong"))?;
            let mut field = Field { name: own, dimensions: sizes, ..found.clone() };
            if let (true, Kind::Hex(size)) = (padding && sizes.sizes().is_empty(), field.kind) {
                let size =
                    dimensions(&[size.into()]).ok_or_else(|| anyhow!("padding of no size"))?;
                field = Field { kind: Kind::U8, dimensions: size, ..field };
            }
            fields.push(field);
            Ok(())
        }
        _ => bail!("the type of the field '{own}' is neither text nor a list of fields"),
    }
}

/// Returns the name of a field, which may have a title in front.
fn name_of(name: &Literal) -> anyhow::Result<&str> {
    match name {
        Literal::Text(name) => Ok(name),
        Literal::Items(pair) => match &**pair {
            [_, Literal::Text(name)] => Ok(name),
            _ => bail!("the name of a field is no text"),
        },
        _ => bail!("the name of a field is no text"),
    }
}

/// Returns the sizes of the array that a field is.
fn sizes(shape: &Literal) -> anyhow::Result<Vec<u64>> {
    let size = |literal: &Literal| match literal {
        Literal::Number(size, _) => Ok(*size),
        _ => bail!("the size of a field is no number"),
    };
    match shape {
        Literal::Items(sizes) => sizes.iter().map(size).collect(),
        number => Ok(vec![size(number)?]),
    }
}

#[cfg(test)]
mod tests {
    use super::super::literal::{Encoding, parse};
    use super::*;

    fn read(descr: &str) -> anyhow::Result<String> {
        element(&parse(descr.as_bytes(), Encoding::Utf8)?.0).map(|element| element.to_string())
    }

    #[test]
    fn types() {
        for (descr, shown) in [
            ("'<f4'", "f32"),
            ("'>f8'", "f64be"),
            ("'|b1'", "bool"),
            ("'|S16'", "str16"),
            ("'<M8[ns]'", "i64"),
            ("'>m8[D]'", "i64be"),
            ("'<c16'", "cf64"),
            ("[('x', '<f4'), ('y', '>u2')]", "x:f32,y:u16be"),
            ("[('x', '<f4')]", "x:f32"),
            ("[('x', '<f4', (3,))]", "x:f32x3"),
            ("[('x', '<f4', 3)]", "x:f32x3"),
            ("[('x', '<f4', (2, 3, 4, 5))]", "x:f32x2x3x20"),
            ("[(('title', 'x'), '<f4')]", "x:f32"),
            ("[('', '<f4'), ('', '<u2')]", "f32,u16"),
            ("[('i', '|u1'), ('', '|V3'), ('x', '<f4')]", "@i:u8,x:f32"),
            ("[('i', '|u1'), ('', '|V7'), ('x', '<f4')]", "i:u8,_:u8x7,x:f32"),
            ("[('i', '<f4'), ('j', '|u1'), ('', '|V3')]", "@i:f32,j:u8"),
            ("[('p', [('x', '<f4'), ('y', '<f4')]), ('i', '|u1')]", "p.x:f32,p.y:f32,i:u8"),
            (
                "[('p', [('x', '<f4'), ('y', '<f4')], (2,))]",
                "p.0.x:f32,p.0.y:f32,p.1.x:f32,p.1.y:f32",
            ),
            ("[('a b', '<f4'), ('c', '|V2')]", "\"a b\":f32,c:hex2"),
        ] {
            assert_eq!(read(descr).unwrap(), shown, "{descr}");
        }
    }

    #[test]
    fn refused() {
        for descr in [
            "'|O'",
            "'<U5'",
            "'f4'",
            "'u8'",
            "'<f16'",
            "'<q3'",
            "''",
            "'|S0'",
            "7",
            "[]",
            "[7]",
            "[('x',)]",
            "[('x', '<f4', (0,))]",
            "[(7, '<f4')]",
            "[('x', 7)]",
            "[('', '|V4')]",
            "[('x', '<f4'), ('x', '<f4')]",
            "[('x', '|u1', (9999999,))]",
            "'<f4,<f4'",
            "[('x', [], (99999999999,))]",
            "[('x', [('y', '|u1')], (99999999999,))]",
            "[('x', '<f4', ('a',))]",
            "'\u{e9}'",
        ] {
            assert!(read(descr).is_err(), "{descr}");
        }
    }
}
