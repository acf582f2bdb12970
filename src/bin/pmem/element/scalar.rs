//! What the program needs of an element type.

use bytemuck::Pod;

use super::digits::Lines;
use super::radix::Radix;
use super::series::Series;
use super::uniform::Uniform;

/// A type of elements. All values are in the byte order of this machine.
pub(crate) trait Scalar: Pod + PartialEq + Send + Sync + Series + Uniform {
    /// The name of the type.
    const NAME: &'static str;

    /// Is every text a number in JSON? Floats that are not finite, and minus zero, are not.
    const INTEGER: bool;

    /// Returns the value with its bytes in the opposite order.
    #[must_use]
    fn swap(self) -> Self;

    /// Parses a value, as people write it.
    ///
    /// # Errors
    ///
    /// The text is no number, or a number that the type does not have.
    fn parse(text: &str) -> anyhow::Result<Self>;

    /// Appends the value in decimal: integers in full, floats as the shortest text that reads
    /// back as the same bits; also `NaN`, `inf`, `-inf`, `-0`.
    fn append(self, text: &mut Vec<u8>);

    /// Appends the value as [`Scalar::append`] does, and a byte after it.
    #[inline]
    fn append_then(self, end: u8, lines: &mut Lines<'_>) {
        let text = lines.text();
        self.append(text);
        text.push(end);
    }

    /// Appends the value as [`Scalar::append_radix`] does, after spaces that make it `width`
    /// characters long.
    #[inline]
    fn append_aligned(self, radix: Radix, width: usize, lines: &mut Lines<'_>) {
        lines.right(width, |text| self.append_radix(radix, text));
    }

    /// Appends the value in `radix`: the bits of an integer, with all their digits and without a
    /// sign. Floats, and all numbers in decimal, are as in [`Scalar::append`].
    fn append_radix(self, radix: Radix, text: &mut Vec<u8>);

    /// Characters of the longest text that [`Scalar::append_radix`] makes.
    fn width(radix: Radix) -> usize;

    /// What is special about the value.
    fn tone(self) -> Tone;
}

/// What is special about a value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Tone {
    /// Nothing.
    Plain,
    /// All bits are zero.
    Zero,
    /// It is minus zero.
    MinusZero,
    /// It is less than zero.
    Negative,
    /// It is plus or minus infinity.
    Infinite,
    /// It is not a number.
    Nan,
}

impl Tone {
    /// Does JSON lack a number for it that keeps its identity?
    pub(crate) const fn is_text_in_json(self) -> bool {
        matches!(self, Self::MinusZero | Self::Infinite | Self::Nan)
    }
}
