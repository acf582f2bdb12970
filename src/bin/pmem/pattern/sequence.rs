//! Numbers in equal steps.

use anyhow::bail;

use super::{Part, Pattern};
use crate::element::{Element, Form, Series};

/// Parses `START[:STEP]`, and returns the numbers that it names. Items of an array are numbered one
/// after another.
///
/// # Errors
///
/// The text does not name numbers of the type, or the elements are not of one type.
pub(crate) fn sequence(element: &Element, text: &str) -> anyhow::Result<Box<dyn Pattern>> {
    let (start, step) = text.split_once(':').unwrap_or((text, "1"));
    let one = element.columns().len() == 1 || element.form() == Form::Plain;
    let Some(run) = element.uniform().filter(|_| one) else {
        bail!("a series needs one number for each element; choose one with --field");
    };
    let series = (run.kind.codec().series)(start, step)?;
    let element = element.clone();
    Ok(Box::new(Sequence { series, element, items: run.count as u64, next: 0, buffer: Vec::new() }))
}

/// Numbers of one type.
#[derive(Debug)]
struct Sequence {
    series: Box<dyn Series>,
    element: Element,
    /// Numbers in an element.
    items: u64,
    /// The index of the next number.
    next: u64,
    buffer: Vec<u8>,
}

impl Pattern for Sequence {
    fn check(&self, count: u64) -> anyhow::Result<()> {
        self.series.check(count.saturating_mul(self.items))
    }

    fn next(&mut self, most: usize) -> anyhow::Result<Part<'_>> {
        self.buffer.resize(most, 0);
        self.series.write(self.next, &mut self.buffer);
        self.next += (most / self.element.bytes()) as u64 * self.items;
        self.element.swap(&mut self.buffer);
        Ok(Part::from(&*self.buffer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(element: &str, text: &str, count: usize) -> anyhow::Result<Vec<u8>> {
        let element: Element = element.parse().unwrap();
        let mut pattern = sequence(&element, text)?;
        pattern.check(count as u64)?;
        let first = pattern.next(element.bytes())?.bytes.to_vec();
        let rest = pattern.next((count - 1) * element.bytes())?.bytes.to_vec();
        Ok([first, rest].concat())
    }

    #[test]
    fn series() {
        for (element, text, count, expected) in [
            ("u8", "250", 6, &[250, 251, 252, 253, 254, 255][..]),
            ("u8", "4:-2", 3, &[4, 2, 0]),
            ("i8", "-128:85", 4, &[128, 213, 42, 127]),
            ("u16be", "1:256", 2, &[0, 1, 1, 1]),
            ("i24", "-1:2", 2, &[255, 255, 255, 1, 0, 0]),
            ("u8x2", "1", 3, &[1, 2, 3, 4, 5, 6]),
            ("x:u8", "1", 3, &[1, 2, 3]),
            ("f8e4m3", "0:0.5", 3, &[0, 0x30, 0x38]),
        ] {
            assert_eq!(bytes(element, text, count).unwrap(), expected, "{element} {text}");
        }
    }

    #[test]
    fn refused() {
        for (element, text, count, message) in [
            (
                "u8",
                "250:1",
                7,
                "the series from 250 by 1 leaves the range 0..=255 of u8 after 6 values, and 7 are \
                 needed",
            ),
            (
                "i24",
                "8388606",
                3,
                "the series from 8388606 by 1 leaves the range -8388608..=8388607 of i24 after 2 \
                 values, and 3 are needed",
            ),
            (
                "f16",
                "65504:32",
                2,
                "the last of 2 values, 6.5536e4, is out of range: f16 is -65504..=65504",
            ),
            (
                "f8e4m3",
                "448:64",
                2,
                "the last of 2 values, 5.12e2, is out of range: f8e4m3 is -448..=448",
            ),
            ("u8", "0:0.5", 1, "step 0.5: expected a whole number"),
            ("f64", "inf", 1, "the series inf:1 is not finite"),
            ("bool", "0", 1, "bool has no series"),
            (
                "x:u8,y:u8",
                "0",
                1,
                "a series needs one number for each element; choose one with --field",
            ),
        ] {
            assert_eq!(bytes(element, text, count).unwrap_err().to_string(), message, "{element}");
        }
    }
}
