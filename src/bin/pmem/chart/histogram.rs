//! Histograms made of characters.

use super::bar::bar;
use super::label::labels;
use crate::text::grouped;

/// A bin: where it begins, where it ends, and how many values it has.
pub(crate) type Bin = (f64, f64, u64);

/// Returns a line for each bin: where it begins, and a bar in proportion to its values; as far as
/// there is room, their number. A line has at most `width` columns.
pub(crate) fn lines(bins: &[Bin], width: usize, unicode: bool) -> Vec<String> {
    let edges: Vec<f64> = bins.iter().map(|bin| bin.0).collect();
    let labels = labels(&edges);
    let longest = labels.iter().map(String::len).max().unwrap_or(0);
    let most = bins.iter().map(|bin| bin.2).max().unwrap_or(0);
    let digits = grouped(most).len() + 1;
    let room = width.saturating_sub(longest + 2);
    // A number may be as long as half of the bars.
    let numbers = room >= 3 * digits;
    let columns = if numbers { room - digits } else { room };
    let line = |(bin, label): (&Bin, &String)| {
        let part = bin.2 as f64 / most.max(1) as f64;
        let bar = if unicode { bar(part, columns) } else { plain_bar(part, columns) };
        let number = if numbers { format!(" {}", grouped(bin.2)) } else { String::new() };
        format!("{label:>longest$} {}{bar}{number}", if unicode { '▕' } else { '|' })
    };
    bins.iter().zip(&labels).map(line).collect()
}

/// Returns a bar of characters that every terminal has.
fn plain_bar(part: f64, columns: usize) -> String {
    let length = (part * columns as f64).round() as usize;
    "#".repeat(if part > 0.0 { length.max(1) } else { 0 })
}

/// Returns bins as one short word: the height of each character is in proportion to its values.
pub(crate) fn spark(bins: &[Bin], unicode: bool) -> String {
    const UNICODE: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    const PLAIN: [char; 9] = [' ', '.', '.', ':', '-', '=', '+', '*', '#'];
    let most = bins.iter().map(|bin| bin.2).max().unwrap_or(0).max(1);
    let heights = if unicode { UNICODE } else { PLAIN };
    let height = |bin: &Bin| (u128::from(bin.2) * 8).div_ceil(u128::from(most)) as usize;
    bins.iter().map(|bin| heights[height(bin)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BINS: [Bin; 3] = [(-1.0, 0.0, 1), (0.0, 1.0, 4000), (1.0, 2.0, 0)];

    #[test]
    fn bars_and_numbers() {
        assert_eq!(lines(&BINS, 30, true), ["-1 ▕▏ 1", " 0 ▕████████████████████ 4,000", " 1 ▕ 0"]);
        assert_eq!(lines(&BINS, 12, false), ["-1 |#", " 0 |########", " 1 |"]);
        assert!(lines(&[], 12, true).is_empty());
    }

    #[test]
    fn sparks() {
        assert_eq!(spark(&BINS, true), "▁█ ");
        assert_eq!(spark(&BINS, false), ".# ");
    }
}
