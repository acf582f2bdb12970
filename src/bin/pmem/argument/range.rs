//! Ranges of elements, as people write them.

use std::mem::discriminant;
use std::ops::Range;
use std::str::FromStr;

use anyhow::{anyhow, bail};

use super::Count;
use super::minus::MINUS;
use crate::element::Element;
use crate::text::plural;

/// A place in a file, counted from either end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Position {
    /// So many after the first element.
    Start(Count),
    /// So many before the end.
    End(Count),
}

impl Position {
    /// Returns the index, which may lie outside of the file; nothing, if it is counted from an end
    /// that is not known.
    fn index(self, element: &Element, len: Option<u64>) -> anyhow::Result<i128> {
        match self {
            Self::Start(count) => Ok(count.elements(element)?.into()),
            Self::End(count) => {
                let len = len.ok_or_else(|| anyhow!("negative positions need a file"))?;
                Ok(i128::from(len) - i128::from(count.elements(element)?))
            }
        }
    }
}

impl FromStr for Position {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        match text.strip_prefix(MINUS) {
            Some(text) => Ok(Self::End(text.parse()?)),
            None => Ok(Self::Start(text.parse()?)),
        }
    }
}

/// Where a range ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum End {
    /// Before this element.
    Before(Position),
    /// After this element.
    After(Position),
    /// So many after the start.
    Length(Count),
    /// So many after the start, or with the file.
    AtMost(Count),
    /// With the file.
    Open,
}

/// A range of elements.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Span {
    start: Position,
    end: End,
}

impl Span {
    /// All elements.
    pub(crate) const ALL: Self =
        Self { start: Position::Start(Count::Elements(0)), end: End::Open };

    /// Returns at most `count` elements, or all, from `start` on.
    pub(crate) fn from(start: Position, count: Option<Count>) -> Self {
        Self { start, end: count.map_or(End::Open, End::AtMost) }
    }

    /// Returns the indices in a file of `len` elements, or one of unknown length.
    ///
    /// # Errors
    ///
    /// Bytes that are no whole number of elements; an end before the start; a negative position
    /// where the length is not known.
    pub(crate) fn resolve(self, element: &Element, len: Option<u64>) -> anyhow::Result<Resolved> {
        let start = self.start.index(element, len)?;
        let end = match self.end {
            End::Before(position) => Some(position.index(element, len)?),
            End::After(position) => Some(position.index(element, len)? + 1),
            End::Length(count) => Some(start + i128::from(count.elements(element)?)),
            End::AtMost(count) => {
                let end = start + i128::from(count.elements(element)?);
                return Ok(Resolved { start, end: Some(end), at_most: true, len });
            }
            End::Open => None,
        };
        // Where both count from one end, or are inside, the file is not too short: it is a mistake.
        let (End::Before(position) | End::After(position)) = self.end else {
            return Ok(Resolved { start, end, at_most: false, len });
        };
        let one_end = discriminant(&self.start) == discriminant(&position);
        let inside = len.is_some_and(|len| start <= len.into());
        if let Some(end) = end
            && end < start
            && (one_end || (inside && end >= 0))
        {
            bail!("the range ends before it starts");
        }
        Ok(Resolved { start, end, at_most: false, len })
    }
}

impl FromStr for Span {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let Some((start, end)) = text.split_once("..") else {
            let position = text.parse().map_err(|error| hint(text).unwrap_or(error))?;
            return Ok(Self { start: position, end: End::After(position) });
        };
        if end.starts_with('.') {
            bail!(A_RANGE);
        }
        let start = match start {
            "" => Self::ALL.start,
            start => start.parse()?,
        };
        let end = match (end.strip_prefix('='), end.strip_prefix('+'), end) {
            (_, _, "") => End::Open,
            (Some(end), _, _) => End::After(end.parse()?),
            (_, Some(length), _) => End::Length(length.parse()?),
            (_, _, end) => End::Before(end.parse()?),
        };
        Ok(Self { start, end })
    }
}

/// What to say about a text that looks like a range of another language.
const A_RANGE: &str = "a range is written A..B (see 'pmem help ranges')";

/// Says how a range is written, if a text looks like one: `5:7`, `5-7`.
fn hint(text: &str) -> Option<anyhow::Error> {
    let (start, end) = text.split_once(':').or_else(|| text.split_once('-'))?;
    let is_count = |text: &str| text.is_empty() || text.parse::<Position>().is_ok();
    let both = start.len() + end.len() > 0 && is_count(start) && is_count(end);
    both.then(|| anyhow!("{A_RANGE}: {start}..{end}"))
}

/// A range of indices, which may reach beyond the file on either side.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Resolved {
    start: i128,
    end: Option<i128>,
    /// Whether the file may end before the range does.
    at_most: bool,
    len: Option<u64>,
}

impl Resolved {
    /// Returns whether the range reaches what is behind the last element.
    pub(crate) fn reaches_end(self) -> bool {
        let len = self.len.unwrap_or(u64::MAX);
        self.end.is_none_or(|end| end > len.into())
    }

    /// Returns what of the range is inside the file; the end of one of unknown length is open.
    pub(crate) fn clamped(self) -> Range<u64> {
        let len = self.len.unwrap_or(u64::MAX);
        let clamp = |index: i128| index.clamp(0, len.into()) as u64;
        let start = clamp(self.start);
        start..self.end.map_or(len, clamp).max(start)
    }

    /// Returns the range, if all of it is inside the file.
    ///
    /// # Errors
    ///
    /// The range reaches beyond the file; the message says how far, and how much there is.
    pub(crate) fn inside(self) -> anyhow::Result<Range<u64>> {
        let inside = self.clamped();
        let same = i128::from(inside.start) == self.start
            && (self.at_most || self.end.is_none_or(|end| i128::from(inside.end) == end));
        if same {
            return Ok(inside);
        }
        let end = self.end.map(|end| end.to_string()).unwrap_or_default();
        let len = self.len.unwrap_or(u64::MAX);
        let there = format!("there {} {len}", if len == 1 { "is" } else { "are" });
        let before = |place: i128| {
            let by = u64::try_from(-place).unwrap_or(u64::MAX);
            format!("{} before the first one ({there})", plural(by, "element"))
        };
        if self.start < 0 {
            bail!("the range begins {}", before(self.start));
        }
        if let Some(end) = self.end
            && end < 0
        {
            bail!("the range ends {}", before(end));
        }
        match u64::try_from(self.start).is_ok_and(|start| start >= len) {
            true => {
                bail!("the range {}..{end} begins after the last element ({there})", self.start)
            }
            false => bail!("the range {}..{end} ends after the last element ({there})", self.start),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn resolve(text: &str, len: u64) -> anyhow::Result<Resolved> {
        text.parse::<Span>()?.resolve(&"u64".parse().unwrap(), Some(len))
    }

    #[test]
    fn ranges_inside() {
        for (text, range) in [
            ("10..20", 10..20),
            ("10..=20", 10..21),
            ("10..+20", 10..30),
            ("10..", 10..100),
            ("..10", 0..10),
            ("..=10", 0..11),
            ("..+10", 0..10),
            ("..", 0..100),
            ("7", 7..8),
            ("-1", 99..100),
            ("-8..", 92..100),
            ("-8..-4", 92..96),
            ("-8..=-1", 92..100),
            ("-8..+2", 92..94),
            ("90..-4", 90..96),
            ("..-4", 0..96),
            ("-100..", 0..100),
            ("64B..128B", 8..16),
            ("0x10..0x20", 16..32),
            ("0.03125K..1_0_0", 32..100),
            ("5..5", 5..5),
            ("100..", 100..100),
        ] {
            assert_eq!(resolve(text, 100).unwrap().inside().unwrap(), range, "{text}");
        }
    }

    #[test]
    fn ranges_beyond() {
        for (text, clamped, message) in [
            ("90..110", 90..100, "the range 90..110 ends after the last element (there are 100)"),
            ("100", 100..100, "the range 100..101 begins after the last element (there are 100)"),
            (
                "-200..10",
                0..10,
                "the range begins 100 elements before the first one (there are 100)",
            ),
            ("101..", 100..100, "the range 101.. begins after the last element (there are 100)"),
            (
                "200..-90",
                100..100,
                "the range 200..10 begins after the last element (there are 100)",
            ),
            ("..-104", 0..0, "the range ends 4 elements before the first one (there are 100)"),
            (
                "0..=18446744073709551615",
                0..100,
                "the range 0..18446744073709551616 ends after the last element (there are 100)",
            ),
        ] {
            let resolved = resolve(text, 100).unwrap();
            assert_eq!(resolved.clamped(), clamped, "{text}");
            assert_eq!(resolved.inside().unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn refused() {
        for text in [
            "", "a", "1...2", "1..=", "1..+", "1..+-2", "--8", "20..10", "60..-90", "-1..-5",
            "1B..",
        ] {
            assert!(resolve(text, 100).is_err(), "{text}");
        }
        let span = "-8..".parse::<Span>().unwrap();
        let error = span.resolve(&"u8".parse().unwrap(), None).unwrap_err();
        assert_eq!(error.to_string(), "negative positions need a file");
    }

    #[test]
    fn ranges_of_other_languages() {
        for text in ["5:7", "5-7", "1...2", ":7", "5:"] {
            let error = text.parse::<Span>().unwrap_err().to_string();
            assert!(error.starts_with("a range is written A..B"), "{text}: {error}");
        }
        assert_eq!(
            "5:7".parse::<Span>().unwrap_err().to_string(),
            "a range is written A..B (see 'pmem help ranges'): 5..7"
        );
    }

    proptest! {
        #[test]
        fn clamped_is_inside(text in "-?[0-9]{1,20}\\.\\.[=+]?-?[0-9]{1,20}", len: u64) {
            if let Ok(resolved) = resolve(&text, len) {
                let range = resolved.clamped();
                prop_assert!(range.start <= range.end && range.end <= len);
            }
        }

        #[test]
        fn no_text_panics(text: String) {
            let _ = text.parse::<Span>();
        }
    }
}
