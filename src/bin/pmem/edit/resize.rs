//! How many elements a file gets: arithmetic without a file.

use std::fmt::{self, Display, Formatter};
use std::path::Path;

use anyhow::{anyhow, bail, ensure};

use crate::layout::Layout;
use crate::text::{Quoted, Size};

/// What the user asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Goal {
    /// So many elements more, or fewer.
    By(u64),
    /// So many elements in all.
    To(u64),
}

/// A change of the number of elements; the larger one is not more than a file can hold.
#[derive(Clone, Debug)]
pub(crate) struct Resize {
    layout: Layout,
    before: u64,
    after: u64,
}

impl Resize {
    /// Computes a growth of the file at `path` as it is now.
    ///
    /// # Errors
    ///
    /// Bytes are left over, there are more elements than asked for, or more than fit a file.
    pub(crate) fn growth(now: &Layout, goal: Goal, path: &Path) -> anyhow::Result<Self> {
        let (before, element) = (whole(now, path)?, now.element());
        let after = match goal {
            Goal::By(more) => before.checked_add(more),
            Goal::To(total) if total < before => bail!(
                "there are {before} {element} elements already, more than {total}; \
                 'pmem shrink --to' removes some"
            ),
            Goal::To(total) => Some(total),
        };
        let fits = |after: &u64| {
            let bytes = u128::from(*after) * u128::from(element.size());
            i64::try_from(bytes + u128::from(now.start())).is_ok()
        };
        let after = after.filter(fits).ok_or_else(|| {
            let (Goal::By(count) | Goal::To(count)) = goal;
            anyhow!(
                "{count} {element} elements are too many: a file has at most {} bytes",
                i64::MAX
            )
        })?;
        Ok(Self { layout: now.clone(), before, after })
    }

    /// Computes a shrinking of the file at `path` as it is now.
    ///
    /// # Errors
    ///
    /// Bytes are left over, or there are fewer elements than should be removed or kept.
    pub(crate) fn shrinking(now: &Layout, goal: Goal, path: &Path) -> anyhow::Result<Self> {
        let (before, element) = (whole(now, path)?, now.element());
        let after = match goal {
            Goal::By(fewer) => before.checked_sub(fewer).ok_or_else(|| {
                anyhow!(
                    "{fewer} {element} elements cannot be removed: there {} only {before}",
                    if before == 1 { "is" } else { "are" }
                )
            })?,
            Goal::To(total) => total,
        };
        ensure!(
            after <= before,
            "there {} only {before} {element} elements, fewer than {after}; \
             'pmem grow --to' adds some",
            if before == 1 { "is" } else { "are" }
        );
        Ok(Self { layout: now.clone(), before, after })
    }

    /// Returns the number of elements afterwards.
    pub(crate) fn after(&self) -> u64 {
        self.after
    }

    /// Returns where the elements lie.
    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Returns the length of the file, before and after, in bytes.
    pub(crate) fn bytes(&self) -> (u64, u64) {
        (self.layout.offset(self.before), self.layout.offset(self.after))
    }
}

/// Shows what is done: `512 -> 1024 u64 (8.0 KiB)`.
impl Display for Resize {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { layout, before, after } = self;
        write!(f, "{before} -> {after} {} ({})", layout.element(), Size(self.bytes().1))
    }
}

/// Returns the number of elements of a file in which nothing is left over.
fn whole(now: &Layout, path: &Path) -> anyhow::Result<u64> {
    let (Some(count), Some(left_over)) = (now.count(), now.left_over()) else {
        bail!("its length is not known");
    };
    if left_over.is_none() {
        return Ok(count);
    }
    let (bytes, element, file) = (left_over.bytes, now.element(), Quoted(path));
    match now.header() {
        Some(header) => {
            let end = header.count().map_or(now.offset(count), |counted| now.offset(counted));
            let len = now.len().unwrap_or(0);
            match end.checked_sub(len) {
                Some(missing @ 1..) => bail!(
                    "{left_over}; 'pmem grow {file} {missing} -t u8 --as raw' adds the missing \
                     bytes, as zeroes"
                ),
                _ => bail!("{left_over}; 'pmem shrink {file} {bytes} -t u8 --as raw' removes them"),
            }
        }
        None if bytes == 0 => bail!("{left_over}"),
        None => bail!(
            "{left_over}; 'pmem shrink {file} {bytes} -t u8' removes {}, and 'pmem grow {file} {} \
             -t u8' completes the last element with zeroes",
            if bytes == 1 { "it" } else { "them" },
            element.size() - bytes,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now(bytes: u64) -> Layout {
        Layout::raw("u64".parse().unwrap(), 0, Some(bytes))
    }

    fn path() -> &'static Path {
        Path::new("a b")
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
            assert_eq!(Resize::growth(&now(bytes), goal, path()).unwrap().to_string(), shown);
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
                "4097 bytes are not a whole number of u64 elements (8 bytes each); 1 byte is left \
                 over; 'pmem shrink 'a b' 1 -t u8' removes it, and 'pmem grow 'a b' 7 -t u8' \
                 completes the last element with zeroes",
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
            assert_eq!(Resize::growth(&now(bytes), goal, path()).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn shrinkings() {
        for (bytes, goal, shown) in [
            (4096, Goal::By(0), Ok("512 -> 512 u64 (4.0 KiB)")),
            (4096, Goal::By(512), Ok("512 -> 0 u64 (0 B)")),
            (4096, Goal::To(1), Ok("512 -> 1 u64 (8 B)")),
            (4096, Goal::By(513), Err("513 u64 elements cannot be removed: there are only 512")),
            (
                4096,
                Goal::To(513),
                Err("there are only 512 u64 elements, fewer than 513; 'pmem grow --to' adds some"),
            ),
        ] {
            let resize = Resize::shrinking(&now(bytes), goal, path());
            let shrunk = resize.map(|r| r.to_string()).map_err(|error| error.to_string());
            assert_eq!(shrunk, shown.map(String::from).map_err(String::from));
        }
        assert!(Resize::shrinking(&now(4095), Goal::By(1), path()).is_err());
    }
}
