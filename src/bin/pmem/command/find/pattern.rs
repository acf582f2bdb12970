//! What is searched for: one element of several kinds, or several elements in a row.

use super::matcher::Matcher;

/// Elements that match, each or in a row.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    /// What each element of the row is to be; at least one.
    row: Vec<Matcher>,
    /// Are the other elements wanted?
    inverted: bool,
    /// Bytes of an element.
    size: usize,
}

impl Pattern {
    /// Returns the pattern of single elements that match, or of those that do not.
    pub(super) fn single(matcher: Matcher, inverted: bool, size: usize) -> Self {
        Self { row: vec![matcher], inverted, size }
    }

    /// Returns the pattern of elements one after the other.
    pub(super) fn row(row: Vec<Matcher>, size: usize) -> Self {
        Self { row, inverted: false, size }
    }

    /// Returns the bytes of the elements that follow the first of a row.
    pub(super) fn rest(&self) -> usize {
        (self.row.len() - 1) * self.size
    }

    /// Returns whether elements of zeroes match, as many as it takes.
    pub(super) fn matches_zero(&self) -> bool {
        let zero = vec![0; self.size];
        self.row.iter().all(|matcher| matcher.matches(&zero)) != self.inverted
    }

    /// Counts the places at which a match begins that ends among these elements.
    pub(super) fn count(&self, elements: &[u8]) -> u64 {
        match &*self.row {
            [matcher] if self.inverted => {
                (elements.len() / self.size) as u64 - matcher.count(elements)
            }
            [matcher] => matcher.count(elements),
            _ => {
                let mut hits = Vec::new();
                self.select(elements, &mut hits);
                hits.len() as u64
            }
        }
    }

    /// Puts the places at which a match begins that ends among these elements into `hits`.
    pub(super) fn select(&self, elements: &[u8], hits: &mut Vec<usize>) {
        let Some((first, others)) = self.row.split_first() else { return };
        let starts = elements.len().saturating_sub(self.rest());
        first.select(&elements[..starts], hits);
        if self.inverted {
            invert(hits, starts / self.size);
        }
        if !others.is_empty() {
            hits.retain(|start| {
                let following = elements[(start + 1) * self.size..].chunks_exact(self.size);
                others.iter().zip(following).all(|(matcher, element)| matcher.matches(element))
            });
        }
    }
}

/// Replaces sorted positions by all others below `count`.
fn invert(hits: &mut Vec<usize>, count: usize) {
    let mut others = Vec::with_capacity(count - hits.len());
    let mut next = 0;
    for hit in &*hits {
        others.extend(next..*hit);
        next = hit + 1;
    }
    others.extend(next..count);
    *hits = others;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::element::Element;

    fn pattern(values: &[&str], inverted: bool) -> Pattern {
        let element: Element = "u8".parse().unwrap();
        let matcher = |values: &[&str]| Matcher::new(&element, values, None).unwrap();
        match inverted {
            true => Pattern::single(matcher(values), true, 1),
            false => Pattern::row(values.iter().map(|value| matcher(&[value])).collect(), 1),
        }
    }

    fn hits(pattern: &Pattern, elements: &[u8]) -> Vec<usize> {
        let mut hits = Vec::new();
        pattern.select(elements, &mut hits);
        assert_eq!(pattern.count(elements), hits.len() as u64);
        hits
    }

    #[test]
    fn rows_may_overlap() {
        let row = pattern(&["1", "1"], false);
        assert_eq!(hits(&row, &[1, 1, 1, 0, 1]), [0, 1]);
        assert!(hits(&row, &[1]).is_empty());
        assert!(hits(&row, &[]).is_empty());
        assert_eq!(hits(&pattern(&["0..5", "5.."], false), &[4, 5, 4, 3, 9]), [0, 3]);
        assert!(pattern(&["0", "..5"], false).matches_zero() && !row.matches_zero());
    }

    proptest! {
        #[test]
        fn others(elements in prop::collection::vec(0..4_u8, 0..300)) {
            let expected: Vec<usize> =
                (0..elements.len()).filter(|at| ![1, 3].contains(&elements[*at])).collect();
            prop_assert_eq!(hits(&pattern(&["1", "3"], true), &elements), expected);
        }
    }
}
