//! Which elements are wanted: one of several values, and each a test of one or more items.

use std::sync::Arc;

use anyhow::{anyhow, ensure};

use crate::column::{Predicate, Tolerance, predicate};
use crate::element::{Class, Column, Element, Form, Kind, Order};

/// Says of elements whether they are wanted: all tests of an alternative hold.
#[derive(Clone, Debug)]
pub(super) struct Matcher {
    alternatives: Vec<Vec<Test>>,
    /// Bytes of an element.
    size: usize,
}

/// What one item is to be.
#[derive(Clone, Debug)]
struct Test {
    column: Column,
    predicate: Arc<dyn Predicate>,
}

impl Matcher {
    /// Parses values; an element is to match one of them.
    ///
    /// # Errors
    ///
    /// One of them is neither a value of the type nor a range of values.
    pub(super) fn new(
        element: &Element,
        values: &[&str],
        tolerance: Option<&Tolerance>,
    ) -> anyhow::Result<Self> {
        let numbers =
            |column: &Column| !matches!(column.kind.codec().class, Class::Text | Class::Bytes);
        ensure!(
            tolerance.is_none() || element.columns().iter().any(numbers),
            "a tolerance is for numbers, and {element} has none"
        );
        let mut alternatives = Vec::new();
        for value in values {
            alternatives.extend(parse(element, value, tolerance)?);
        }
        Ok(Self { alternatives, size: element.bytes() })
    }

    /// Returns whether one element is wanted.
    pub(super) fn matches(&self, element: &[u8]) -> bool {
        self.alternatives.iter().any(|tests| tests.iter().all(|test| test.matches(element)))
    }

    /// Counts the elements that are wanted.
    pub(super) fn count(&self, elements: &[u8]) -> u64 {
        if let [tests] = &*self.alternatives
            && let [test] = &**tests
        {
            return test.predicate.count(&test.column, self.size, elements);
        }
        let mut hits = Vec::new();
        self.select(elements, &mut hits);
        hits.len() as u64
    }

    /// Puts the positions of the elements that are wanted into `hits`.
    pub(super) fn select(&self, elements: &[u8], hits: &mut Vec<usize>) {
        hits.clear();
        let (mut found, size) = (Vec::new(), self.size);
        for tests in &self.alternatives {
            let Some((first, others)) = tests.split_first() else { continue };
            found.clear();
            first.predicate.select(&first.column, size, elements, &mut found);
            let wanted = |position: &usize| {
                let element = &elements[position * size..][..size];
                others.iter().all(|test| test.matches(element))
            };
            hits.extend(found.iter().copied().filter(wanted));
        }
        if self.alternatives.len() > 1 {
            hits.sort_unstable();
            hits.dedup();
        }
    }
}

impl Test {
    fn new(column: &Column, predicate: Arc<dyn Predicate>) -> Self {
        // What is read is in the order of memory.
        Self { column: Column { order: Order::Little, ..column.clone() }, predicate }
    }

    fn matches(&self, element: &[u8]) -> bool {
        let Column { kind, offset, .. } = self.column;
        self.predicate.matches(&element[offset..offset + kind.size()])
    }
}

/// Parses one value. A value of all items is one alternative; a single one is an alternative for
/// each item of an array, as any of them may match.
fn parse(
    element: &Element,
    text: &str,
    tolerance: Option<&Tolerance>,
) -> anyhow::Result<Vec<Vec<Test>>> {
    let columns = element.columns();
    let items = element.split_value(text).map_err(|error| match element.form() {
        Form::Record => anyhow!("{error}; --field says which of them is meant"),
        Form::Plain => error,
    })?;
    if let ([item], true) = (&*items, columns.len() > 1) {
        return any_item(element, item, tolerance);
    }
    let tests = columns.iter().zip(&items).map(|(column, item)| {
        let predicate = column.in_context(predicate(column.kind, item, tolerance))?;
        Ok(Test::new(column, predicate))
    });
    Ok(vec![tests.collect::<anyhow::Result<_>>()?])
}

/// Parses a value that any item of an array may have. The imaginary part of a complex number is
/// zero, unless NaN is wanted, which either part may be.
fn any_item(
    element: &Element,
    text: &str,
    tolerance: Option<&Tolerance>,
) -> anyhow::Result<Vec<Vec<Test>>> {
    let (mut alternatives, mut rest) = (Vec::new(), element.columns());
    let is_nan = text.trim_start_matches(['-', '+']).eq_ignore_ascii_case("nan");
    let parsed = |kind: Kind, text: &str| predicate(kind, text, tolerance);
    for field in element.fields().iter().filter(|field| !field.is_padding()) {
        let (columns, others) = rest.split_at(field.scalars());
        rest = others;
        let wanted = parsed(field.kind, text)?;
        if !field.complex || is_nan {
            let tests = columns.iter().map(|column| vec![Test::new(column, Arc::clone(&wanted))]);
            alternatives.extend(tests);
            continue;
        }
        ensure!(
            !text.contains(".."),
            "complex numbers have no order; --field re and --field im have"
        );
        let zero = parsed(field.kind, "0")?;
        alternatives.extend(columns.chunks_exact(2).map(|parts| {
            vec![Test::new(&parts[0], Arc::clone(&wanted)), Test::new(&parts[1], Arc::clone(&zero))]
        }));
    }
    Ok(alternatives)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The elements of a list that match one of the values.
    fn wanted(element: &str, values: &[&str], elements: &[&str]) -> anyhow::Result<Vec<usize>> {
        let element: Element = element.parse().unwrap();
        let mut bytes = Vec::new();
        for value in elements {
            element.parse_value(value, &mut bytes).unwrap();
        }
        let matcher = Matcher::new(&element, values, None)?;
        let mut hits = vec![77];
        matcher.select(&bytes, &mut hits);
        assert_eq!(matcher.count(&bytes), hits.len() as u64);
        let each = bytes.chunks(element.bytes()).enumerate();
        let each = each.filter(|(_, value)| matcher.matches(value)).map(|(position, _)| position);
        assert_eq!(each.collect::<Vec<_>>(), hits);
        Ok(hits)
    }

    #[test]
    fn elements() {
        for (element, values, elements, hits) in [
            ("u8", &["3", "1", "3"][..], &["1", "2", "3"][..], &[0, 2][..]),
            ("u8x2", &["1,2"], &["1,2", "2,1", "1,1"], &[0]),
            ("u8x2", &["2"], &["1,2", "2,2", "1,1"], &[0, 1]),
            ("u8x2", &["2.."], &["1,2", "2,2", "1,1"], &[0, 1]),
            ("u8x2", &["1..,..2"], &["1,2", "2,1", "0,1"], &[1]),
            ("f32x3", &["nan"], &["1,2,NaN", "1,2,3"], &[0]),
            ("x:u8,s:str2", &["1,a"], &["1,a", "1,b", "2,a"], &[0]),
            ("x:u8,s:str3", &["1,\"a,b\""], &["1,\"a,b\"", "1,a"], &[0]),
            ("x:u16be,y:i8", &["258,-1"], &["258,-1", "513,-1"], &[0]),
            ("cf32", &["1,2", "7"], &["1,2", "7,0", "7,1", "2,1"], &[0, 1]),
            ("cf32", &["nan"], &["NaN,0", "0,-NaN", "0,0"], &[0, 1]),
            ("cf32x2", &["5"], &["5,0,1,1", "1,5,0,5", "1,1,5,0"], &[0, 2]),
            ("hex2", &["00ff"], &["00ff", "ff00"], &[0]),
        ] {
            assert_eq!(wanted(element, values, elements).unwrap(), hits, "{element} {values:?}");
        }
    }

    #[test]
    fn refused() {
        for (element, value, message) in [
            (
                "x:u8,y:u8",
                "1",
                "'1' has 1 item, and a x:u8,y:u8 has 2: x,y; --field says which of them is meant",
            ),
            ("x:u8,y:u8", "1,300", "y: 300 is out of range: u8 is 0..=255"),
            ("u8x3", "1,2", "'1,2' has 2 items, and a u8x3 has 3: 0,1,2"),
            ("cf32", "1..2", "complex numbers have no order; --field re and --field im have"),
            ("str2", "abc", "'abc' is too long: it has 3 bytes, and str2 has 2"),
        ] {
            let error = wanted(element, &[value], &[]).unwrap_err();
            assert_eq!(format!("{error:#}"), message, "{element} {value}");
        }
        let tolerance = Tolerance::new(None, None, Some(1));
        let text: Element = "str2".parse().unwrap();
        let error = Matcher::new(&text, &["a"], Some(&tolerance)).unwrap_err();
        assert_eq!(error.to_string(), "a tolerance is for numbers, and str2 has none");
    }
}
