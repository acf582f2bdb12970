//! How many elements a file gets: arithmetic without a file.

use std::fmt::{self, Display, Formatter};

use anyhow::{anyhow, bail, ensure};

use crate::element::Element;
use crate::layout::Ragged;
use crate::text::Size;

/// What the user asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Goal {
    /// So many elements more, or fewer.
    By(u64),
    /// So many elements in all.
    To(u64),
}

/// A change of the number of elements; the larger one is not more than a file can hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Resize {
    element: Element,
    before: u64,
    after: u64,
}

impl Resize {
    /// Computes a growth of a file as it is now.
    ///
    /// # Errors
    ///
    /// Bytes are left over, there are more elements than are wanted, or too many are wanted.
    pub(crate) fn growth(now: Ragged, goal: Goal) -> anyhow::Result<Self> {
        let before = whole(now)?;
        let element = now.element;
        let after = match goal {
            Goal::By(more) => before.checked_add(more),
            Goal::To(total) if total < before => bail!(
                "there are {before} {element} elements already, more than {total}; \
                 'pmem shrink --to' removes some"
            ),
            Goal::To(total) => Some(total),
        };
        let fits = |after: &u64| i64::try_from(u128::from(*after) * u128::from(element.size()));
        let after = after.filter(|after| fits(after).is_ok()).ok_or_else(|| {
            let (Goal::By(count) | Goal::To(count)) = goal;
            anyhow!(
                "{count} {element} elements are too many: a file has at most {} bytes",
                i64::MAX
            )
        })?;
        Ok(Self { element, before, after })
    }

    /// Computes a shrinking of a file as it is now.
    ///
    /// # Errors
    ///
    /// Bytes are left over, or there are fewer elements than are to go or to stay.
    pub(crate) fn shrinking(now: Ragged, goal: Goal) -> anyhow::Result<Self> {
        let before = whole(now)?;
        let element = now.element;
        let after = match goal {
            Goal::By(fewer) => before.checked_sub(fewer).ok_or_else(|| {
                anyhow!("{fewer} {element} elements cannot be removed, there are only {before}")
            })?,
            Goal::To(total) => total,
        };
        ensure!(
            after <= before,
            "there are only {before} {element} elements, fewer than {after}; \
             'pmem grow --to' adds some"
        );
        Ok(Self { element, before, after })
    }

    /// Returns the length of the file, before and after, in bytes.
    pub(crate) fn bytes(self) -> (u64, u64) {
        let size = self.element.size();
        (self.before * size, self.after * size)
    }
}

/// Shows what is done: `512 -> 1024 u64 (8.0 KiB)`.
impl Display for Resize {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { element, before, after } = self;
        write!(f, "{before} -> {after} {element} ({})", Size(self.bytes().1))
    }
}

/// The number of elements of a file of which nothing is left over.
fn whole(now: Ragged) -> anyhow::Result<u64> {
    let (element, left_over) = (now.element, now.left_over());
    ensure!(
        left_over == 0,
        "{now}; 'pmem shrink -t u8' by {left_over} removes {}, or 'pmem grow -t u8' by {} \
         completes the last element",
        if left_over == 1 { "it" } else { "them" },
        element.size() - left_over,
    );
    Ok(now.elements())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now(bytes: u64) -> Ragged {
        Ragged { bytes, element: "u64".parse().unwrap() }
    }

    #[test]
    fn growths() {
        for (bytes, goal, shown) in [
            (0, Goal::By(0), "0 -> 0 u64 (0 B)"),
            (4096, Goal::By(512), "512 -> 1024 u64 (8.0 KiB)"),
            (4096, Goal::To(1024), "512 -> 1024 u64 (8.0 KiB)"),
            (4096, Goal::To(512), "512 -> 512 u64 (4.0 KiB)"),
            (0, Goal::By((1 << 60) - 1), "0 -> 1152921504606846975 u64 (8.0 EiB)"),
        ] {
            assert_eq!(Resize::growth(now(bytes), goal).unwrap().to_string(), shown);
        }
    }

    #[test]
    fn growths_refused() {
        for (bytes, goal, message) in [
            (
                4096,
                Goal::To(511),
                "there are 512 u64 elements already, more than 511; \
                 'pmem shrink --to' removes some",
            ),
            (
                4097,
                Goal::By(1),
                "4097 bytes is not a whole number of u64 elements (8 bytes each); 1 byte is left \
                 over; 'pmem shrink -t u8' by 1 removes it, or 'pmem grow -t u8' by 7 completes \
                 the last element",
            ),
            (
                8,
                Goal::By(u64::MAX),
                "18446744073709551615 u64 elements are too many: a file has at most \
                 9223372036854775807 bytes",
            ),
            (
                8,
                Goal::By((1 << 60) - 1),
                "1152921504606846975 u64 elements are too many: a file has at most \
                 9223372036854775807 bytes",
            ),
        ] {
            assert_eq!(Resize::growth(now(bytes), goal).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn shrinkings() {
        for (bytes, goal, shown) in [
            (4096, Goal::By(0), Ok("512 -> 512 u64 (4.0 KiB)")),
            (4096, Goal::By(512), Ok("512 -> 0 u64 (0 B)")),
            (4096, Goal::To(1), Ok("512 -> 1 u64 (8 B)")),
            (4096, Goal::By(513), Err("513 u64 elements cannot be removed, there are only 512")),
            (
                4096,
                Goal::To(513),
                Err("there are only 512 u64 elements, fewer than 513; 'pmem grow --to' adds some"),
            ),
        ] {
            let resize = Resize::shrinking(now(bytes), goal);
            let shrunk = resize.map(|r| r.to_string()).map_err(|error| error.to_string());
            assert_eq!(shrunk, shown.map(String::from).map_err(String::from));
        }
        assert!(Resize::shrinking(now(4095), Goal::By(1)).is_err());
    }
}
