//! Bars made of characters.

/// Parts of a character cell, in eighths from the left.
const EIGHTHS: [char; 8] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

/// Returns a bar that fills `part` of `columns`. A part above zero shows at least an eighth of a column.
pub(crate) fn bar(part: f64, columns: usize) -> String {
    if columns == 0 || part.is_nan() || part <= 0.0 {
        return String::new();
    }
    let eighths = ((part.min(1.0) * columns as f64 * 8.0).round() as usize).max(1);
    let mut bar = "█".repeat(eighths / 8);
    if !eighths.is_multiple_of(8) {
        bar.push(EIGHTHS[eighths % 8 - 1]);
    }
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars() {
        for (part, columns, expected) in [
            (1.0, 3, "███"),
            (7.0, 3, "███"),
            (0.5, 3, "█▌"),
            (0.0001, 3, "▏"),
            (0.0, 3, ""),
            (f64::NAN, 3, ""),
            (1.0, 0, ""),
        ] {
            assert_eq!(bar(part, columns), expected, "{part} of {columns}");
        }
    }
}
