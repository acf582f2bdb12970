//! Figures as text.

use crate::column::{Figures, Moments};
use crate::element::{Kind, Notation};

/// Returns a value of a type.
pub(super) fn value(kind: Kind, bytes: &[u8; 16], notation: Notation) -> String {
    let mut text = Vec::new();
    (kind.codec().append)(&bytes[..kind.size()], notation, &mut text);
    String::from_utf8_lossy(&text).into_owned()
}

/// Returns a float.
pub(super) fn float(value: f64, notation: Notation) -> String {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&value.to_le_bytes());
    self::value(Kind::F64, &bytes, notation)
}

/// The figures of a column as text, by their names; what makes no sense for its type, or is not
/// known, is `None`.
pub(super) struct Texts {
    /// Name and text of each figure, in their order.
    pub(super) figures: Vec<(String, Option<String>)>,
}

impl Texts {
    /// Returns the texts of the figures but for quantiles and what follows them.
    pub(super) fn of(figures: &Figures, notation: Notation) -> Self {
        let Figures { kind, moments, is_number, has_zeros, .. } = figures;
        let Moments { count, nan, zeros, negatives, min, max, total, .. } = moments;
        let number = |number: u64| Some(number.to_string());
        let counted = |number: u64| is_number.then(|| number.to_string());
        let extreme = |extreme: &Option<crate::column::Extreme>| {
            let known = extreme.filter(|_| *is_number);
            (
                known.map(|extreme| value(*kind, &extreme.bytes, notation)),
                known.map(|extreme| extreme.index.to_string()),
            )
        };
        let (least, least_index) = extreme(min);
        let (greatest, greatest_index) = extreme(max);
        let sum = match total.value() {
            Ok(sum) => sum.to_string(),
            Err(sum) => float(sum, notation),
        };
        let known =
            |value: Option<f64>| value.filter(|_| *is_number).map(|value| float(value, notation));
        let list = [
            ("count", number(*count)),
            ("nan", counted(*nan)),
            ("inf", counted(total.infinities())),
            ("zeros", has_zeros.then(|| zeros.to_string())),
            ("negatives", counted(*negatives)),
            ("min", least),
            ("min_index", least_index),
            ("max", greatest),
            ("max_index", greatest_index),
            ("sum", is_number.then_some(sum)),
            ("mean", known(figures.mean())),
            ("std", known(figures.deviation())),
        ];
        Self { figures: list.map(|(name, text)| (name.to_owned(), text)).into() }
    }
}

/// Returns the quantiles as text.
pub(super) fn quantiles(figures: &Figures, notation: Notation) -> Vec<Option<String>> {
    let shown = |bytes: &Option<[u8; 16]>| {
        bytes.as_ref().filter(|_| figures.is_number).map(|b| value(figures.kind, b, notation))
    };
    figures.quantiles.iter().map(shown).collect()
}
