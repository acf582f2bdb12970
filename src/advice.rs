#![forbid(unsafe_code)]

use crate::sys::Hint;

/// How the elements of a file will be used, so that the system reads ahead as much as is of use.
///
/// It changes no result, only how fast it is there.
///
/// # Examples
///
/// ```
/// use platform_mem::{Advice, FileMapped, RawMem};
///
/// let mut mem = FileMapped::<u64>::new(tempfile::tempfile()?)?;
/// mem.advise(Advice::Random)?;
/// mem.grow_filled(1000, 42)?;
/// # platform_mem::Result::Ok(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum Advice {
    /// In no order that would matter, which is what the system assumes by itself.
    #[default]
    Normal,
    /// From the first to the last.
    Sequential,
    /// Here and there, so that reading ahead is of no use.
    Random,
    /// In huge pages where the system has them for files, in addition to any other advice.
    HugePages,
}

impl From<Advice> for Hint {
    fn from(advice: Advice) -> Self {
        match advice {
            Advice::Normal => Self::Normal,
            Advice::Sequential => Self::Sequential,
            Advice::Random => Self::Random,
            Advice::HugePages => Self::HugePages,
        }
    }
}
