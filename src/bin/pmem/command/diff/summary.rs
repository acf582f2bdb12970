//! How far two files lie apart, in a few figures.

use std::fmt::Write as _;

use crate::column::{Extremes, Gap};
use crate::element::Notation;
use crate::text::grouped;

/// What can be said about differences.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum Measures {
    /// Nothing: text and bytes have none.
    #[default]
    None,
    /// Their size.
    Size,
    /// Their size, and the steps from value to value.
    Steps,
}

/// How far two files lie apart.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Summary {
    /// Elements that were compared.
    pub(super) compared: u64,
    /// Elements that differ.
    pub(super) differing: u64,
    /// Index of the first that does.
    pub(super) first_index: Option<u64>,
    /// The greatest differences.
    pub(super) extremes: Extremes,
    /// Elements of the files, as far as that is known.
    pub(super) elements: [Option<u64>; 2],
    /// What can be said about differences.
    pub(super) measures: Measures,
}

impl Summary {
    /// Takes the summary of elements that come later.
    pub(super) fn merge(&mut self, later: &Self) {
        self.compared += later.compared;
        self.differing += later.differing;
        self.first_index = self.first_index.or(later.first_index);
        self.extremes.merge(&later.extremes);
    }

    /// Returns the summary as a JSON object.
    pub(super) fn json(&self) -> String {
        let Extremes { absolute, relative, ulps, nan_only_a, nan_only_b } = self.extremes;
        let number = |number: u64| Some(number.to_string());
        let index = |index: Option<u64>| index.map(|index| index.to_string());
        let gap = |gap: Gap| (self.measures != Measures::None).then(|| gap.text(Notation::Json));
        let max_ulp = (self.measures == Measures::Steps).then(|| ulps.0.to_string());
        let members = [
            ("compared", number(self.compared)),
            ("differing", number(self.differing)),
            ("first_index", index(self.first_index)),
            ("max_abs", gap(absolute.0)),
            ("max_abs_index", index(absolute.1)),
            ("max_rel", gap(Gap::Float(relative.0))),
            ("max_rel_index", index(relative.1)),
            ("max_ulp", max_ulp),
            ("max_ulp_index", index(ulps.1)),
            ("nan_only_a", number(nan_only_a)),
            ("nan_only_b", number(nan_only_b)),
            ("elements_a", index(self.elements[0])),
            ("elements_b", index(self.elements[1])),
        ];
        let members = members.map(|(name, value)| {
            let value = value.unwrap_or_else(|| "null".to_owned());
            format!("\"{name}\":{value}")
        });
        format!("{{{}}}", members.join(","))
    }

    /// Returns the summary as lines for people; `names` are those of the files.
    pub(super) fn lines(&self, names: [&str; 2]) -> String {
        let Extremes { absolute, relative, ulps, nan_only_a, nan_only_b } = self.extremes;
        let mut text = format!("compared   {}\n", grouped(self.compared));
        let mut line = |name: &str, value: String, index: Option<u64>| {
            let index = index.map(|index| format!(" at index {index}")).unwrap_or_default();
            // Writing to a string does not fail.
            let _ = writeln!(text, "{name:<9}  {value}{index}");
        };
        let first = self.first_index.map(|index| format!(", the first at index {index}"));
        line("differing", grouped(self.differing) + &first.unwrap_or_default(), None);
        if absolute.1.is_some() {
            line("absolute", absolute.0.text(Notation::Plain), absolute.1);
        }
        if relative.1.is_some() {
            line("relative", Gap::Float(relative.0).text(Notation::Plain), relative.1);
        }
        if ulps.1.is_some() {
            line("ulps", ulps.0.to_string(), ulps.1);
        }
        let [a, b] = names;
        if nan_only_a + nan_only_b > 0 {
            let (only_a, only_b) = (grouped(nan_only_a), grouped(nan_only_b));
            line("NaN", format!("{only_a} only in {a}, {only_b} only in {b}"), None);
        }
        text
    }
}
