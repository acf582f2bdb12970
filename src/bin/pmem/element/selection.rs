//! `--field`: which fields of a record, or items of an array, and in which order.

use std::str::FromStr;

use super::field::{Dimensions, Field};
use super::grammar::{split, unquote};
use super::shape::{Element, Form, Packing, no_such};

/// Names of fields and items, as they were written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct FieldList {
    names: Vec<String>,
}

impl FromStr for FieldList {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let name = |part: &str| match part.starts_with('"') {
            true => match unquote(part)? {
                (name, "") => Ok(name),
                (_, rest) => anyhow::bail!("'{rest}' follows a quoted name"),
            },
            false => Ok(part.to_owned()),
        };
        let names = split(text)?.into_iter().map(name).collect::<anyhow::Result<Vec<_>>>()?;
        anyhow::ensure!(
            names.iter().all(|name| !name.is_empty()),
            "the name of a field is missing"
        );
        Ok(Self { names })
    }
}

/// Some fields of an element, put together as an element of their own; or all of it.
#[derive(Clone, Debug)]
pub(crate) struct Selection {
    whole: Element,
    part: Element,
    /// Where bytes of the part come from: their offset in the whole, and how many there are.
    /// `None` if the part is the whole.
    moves: Option<Vec<(usize, usize)>>,
}

impl Selection {
    /// Selects the fields that a list names, or all if there is no list.
    ///
    /// # Errors
    ///
    /// As [`Selection::new`].
    pub(crate) fn of(whole: &Element, list: Option<&FieldList>) -> anyhow::Result<Self> {
        match list {
            Some(list) => Self::new(whole, list),
            None => Ok(Self { whole: whole.clone(), part: whole.clone(), moves: None }),
        }
    }

    /// Selects fields of `whole`, in the order of the list.
    ///
    /// # Errors
    ///
    /// There is no such field, or one is named twice.
    fn new(whole: &Element, list: &FieldList) -> anyhow::Result<Self> {
        let found =
            list.names.iter().map(|name| find(whole, name).ok_or_else(|| no_such(whole, name)));
        Self::of_fields(whole, found.collect::<anyhow::Result<Vec<Field>>>()?)
    }

    /// Selects fields, whose offsets are those in `whole`.
    fn of_fields(whole: &Element, fields: Vec<Field>) -> anyhow::Result<Self> {
        let mut moves: Vec<(usize, usize)> = Vec::new();
        for field in &fields {
            match moves.last_mut() {
                Some((offset, size)) if *offset + *size == field.offset => *size += field.size(),
                _ => moves.push((field.offset, field.size())),
            }
        }
        let part = Element::new(fields, whole.form(), Packing::Packed)?;
        Ok(Self { whole: whole.clone(), part, moves: Some(moves) })
    }

    /// Selects everything but padding.
    ///
    /// # Errors
    ///
    /// None: an element has something to show.
    pub(crate) fn without_padding(whole: &Element) -> anyhow::Result<Self> {
        let shown: usize = whole.runs().iter().map(|run| run.size()).sum();
        if shown == whole.bytes() {
            return Self::of(whole, None);
        }
        let shown = whole.fields().iter().filter(|field| !field.is_padding());
        Self::of_fields(whole, shown.cloned().collect())
    }

    /// Returns the element that the fields are part of.
    pub(crate) fn whole(&self) -> &Element {
        &self.whole
    }

    /// Returns the element that the fields make.
    pub(crate) fn part(&self) -> &Element {
        &self.part
    }

    /// Returns whether all of the element is selected.
    pub(crate) fn is_whole(&self) -> bool {
        self.moves.is_none()
    }

    /// Returns the selected bytes of whole elements, as they lie in the file. `scratch` holds them
    /// if they are not all.
    pub(crate) fn gather<'a>(&self, whole: &'a mut [u8], scratch: &'a mut Vec<u8>) -> &'a mut [u8] {
        let Some(moves) = &self.moves else { return whole };
        scratch.clear();
        if let [(offset, size)] = **moves {
            for element in whole.chunks_exact(self.whole.bytes()) {
                scratch.extend_from_slice(&element[offset..offset + size]);
            }
            return scratch;
        }
        for element in whole.chunks_exact(self.whole.bytes()) {
            for (offset, size) in moves {
                scratch.extend_from_slice(&element[*offset..offset + size]);
            }
        }
        scratch
    }

    /// Returns the selected scalars of whole elements from a file, in little-endian order.
    pub(crate) fn read<'a>(&self, whole: &'a mut [u8], scratch: &'a mut Vec<u8>) -> &'a [u8] {
        let part = self.gather(whole, scratch);
        self.part.swap(part);
        part
    }

    /// Copies the selected bytes into whole elements, and leaves all their other bytes as they are.
    pub(crate) fn scatter(&self, part: &[u8], whole: &mut [u8]) {
        let Some(moves) = &self.moves else { return whole.copy_from_slice(part) };
        let elements = whole.chunks_exact_mut(self.whole.bytes());
        for (element, mut part) in elements.zip(part.chunks_exact(self.part.bytes())) {
            for (offset, size) in moves {
                let (bytes, rest) = part.split_at(*size);
                element[*offset..offset + size].copy_from_slice(bytes);
                part = rest;
            }
        }
    }
}

/// Finds a field, or an item of one: `x`, `pos.1`, `3`, `z.re`. Its name is what it was found by.
fn find(element: &Element, name: &str) -> Option<Field> {
    let fields = || element.fields().iter().filter(|field| !field.is_padding());
    let whole = fields().find(|field| field.name == name && element.form() == Form::Record);
    let found = whole.cloned().or_else(|| {
        fields().find_map(|field| {
            let path = match &*field.name {
                "" => name,
                field => name.strip_prefix(field)?.strip_prefix('.')?,
            };
            item(field, path)
        })
    })?;
    Some(Field { name: name.to_owned(), ..found })
}

/// Follows a path of indices into a field, and `re` or `im` at its end.
fn item(field: &Field, path: &str) -> Option<Field> {
    let mut field = field.clone();
    for step in path.split('.') {
        if let Some((size, rest)) = field.dimensions.sizes().split_first() {
            let plain = step == "0" || step.starts_with(|c: char| matches!(c, '1'..='9'));
            let index: usize =
                step.parse().ok().filter(|index| plain && *index < *size as usize)?;
            let inner =
                rest.iter().try_fold(Dimensions::default(), |sizes, size| sizes.with(*size))?;
            field.dimensions = inner;
            field.offset += index * field.size();
        } else {
            let part = ["re", "im"].iter().position(|part| field.complex && *part == step)?;
            field.complex = false;
            field.offset += part * field.kind.size();
        }
    }
    Some(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn select(element: &str, list: &str) -> anyhow::Result<Selection> {
        Selection::new(&element.parse().unwrap(), &list.parse()?)
    }

    #[test]
    fn parts() {
        for (whole, list, part, moves) in [
            ("x:f32,y:f32,i:u8", "x", "x:f32", &[(0, 4)][..]),
            ("x:f32,y:f32,i:u8", "i,x", "i:u8,x:f32", &[(8, 1), (0, 4)]),
            ("x:f32,y:f32,i:u8", "y,i", "y:f32,i:u8", &[(4, 5)]),
            ("x:u8,pos:f32bex3", "pos", "pos:f32bex3", &[(1, 12)]),
            ("x:u8,pos:f32x3", "pos.1", "pos.1:f32", &[(5, 4)]),
            ("m:u16x2x3", "m.1", "m.1:u16x3", &[(6, 6)]),
            ("m:u16x2x3", "m.1.2", "m.1.2:u16", &[(10, 2)]),
            ("z:cf32x2", "z.1.im", "z.1.im:f32", &[(12, 4)]),
            ("a.b:u8,a:u8", "a.b", "a.b:u8", &[(0, 1)]),
            ("\"a,b\":u8,c:u8", "\"a,b\"", "\"a,b\":u8", &[(0, 1)]),
        ] {
            let selection = select(whole, list).unwrap();
            assert_eq!(selection.part().to_string(), part, "{whole} {list}");
            assert_eq!(selection.moves.unwrap(), moves);
        }
        let items = select("f32x4", "3,0").unwrap();
        assert_eq!(items.part().form(), Form::Plain);
        assert_eq!(items.moves.clone().unwrap(), [(12, 4), (0, 4)]);
        let names: Vec<_> = items.part().columns().iter().map(|c| &*c.name).collect();
        assert_eq!(names, ["3", "0"]);
    }

    #[test]
    fn refused() {
        for (element, list, message) in [
            ("x:f32,y:f32", "z", "no field 'z'; there are x, y"),
            ("f32x4", "4", "no item '4'; the items of f32x4 are 0 to 3"),
            ("f32", "x", "'x': the elements have no fields; they are single f32 values"),
            ("x:f32,y:f32", "x,x", "two fields are called 'x'"),
            ("x:f32", "x,", "the name of a field is missing"),
            ("a:u8,_:u8", "_", "no field '_'; there are a"),
        ] {
            assert_eq!(select(element, list).unwrap_err().to_string(), message);
        }
        for list in ["01", "+1", "0.0", "re", "1.re"] {
            assert!(select("f32x4", list).is_err(), "{list}");
        }
    }

    #[test]
    fn gathered_and_scattered() {
        let selection = select("a:u8,b:u16,c:u8", "c,a").unwrap();
        let mut whole = vec![1, 2, 3, 4, 5, 6, 7, 8];
        assert_eq!(selection.gather(&mut whole, &mut Vec::new()), [4, 1, 8, 5]);
        selection.scatter(&[40, 10, 80, 50], &mut whole);
        assert_eq!(whole, [10, 2, 3, 40, 50, 6, 7, 80]);
    }
}
