//! What the program needs of a scalar type.

use std::fmt::Debug;

use super::digits::Lines;
use super::number::Number;
use super::radix::Radix;

/// A scalar type. In files its values are little-endian unless the field says otherwise.
pub(crate) trait Scalar: Copy + Debug + PartialEq + Send + Sync + 'static {
    /// Name of the type, as `--type` takes it.
    const NAME: &'static str;

    /// Bytes of a value in a file.
    const SIZE: usize;

    /// Kind of numbers that the type holds.
    const CLASS: Class;

    /// Type in which the program computes with the values: `u24` as `u32`, `bf16` as `f32`.
    type Wide: Number;

    /// Reads a value from [`Scalar::SIZE`] little-endian bytes.
    fn load(bytes: &[u8]) -> Self;

    /// Writes the value as [`Scalar::SIZE`] little-endian bytes.
    fn store(self, bytes: &mut [u8]);

    /// Returns the value in the type that the program computes with.
    fn wide(self) -> Self::Wide;

    /// Parses a value, as people write it.
    ///
    /// # Errors
    ///
    /// The text is not a value, or not one that the type has.
    fn parse(text: &str) -> anyhow::Result<Self>;

    /// Appends the value in decimal: integers in full, floats as the shortest text that reads
    /// back as the same bits, also `NaN`, `-NaN`, `inf`, `-inf` and `-0`.
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

    /// Appends the value with so many digits behind the point, if it is a finite float, and
    /// otherwise as [`Scalar::append`] does.
    fn append_fixed(self, digits: usize, text: &mut Vec<u8>) {
        let _ = digits;
        self.append(text);
    }

    /// Returns the characters of the longest text that [`Scalar::append_radix`] makes.
    fn width(radix: Radix) -> usize;

    /// Returns what is special about the value.
    fn tone(self) -> Tone;

    /// Returns the value that these random bits stand for: integers are equally likely, floats
    /// are multiples of a power of two from 0 to below 1.
    #[must_use]
    fn uniform(self) -> Self;
}

/// The kind of values that a type holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Class {
    /// Integers from zero on.
    Unsigned,
    /// Integers on both sides of zero.
    Signed,
    /// Floating-point numbers.
    Float,
    /// `false` and `true`.
    Bool,
    /// Text.
    Text,
    /// Bytes without a meaning of their own.
    Bytes,
}

/// What is special about a value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Tone {
    /// Nothing.
    Plain,
    /// All bits are zero.
    Zero,
    /// Minus zero.
    MinusZero,
    /// Less than zero.
    Negative,
    /// Plus or minus infinity.
    Infinite,
    /// Not a number.
    Nan,
}

impl Tone {
    /// Number of tones, for tables that have one entry for each.
    pub(crate) const COUNT: usize = 6;

    /// Returns whether JSON has no number for the value.
    pub(crate) const fn is_text_in_json(self) -> bool {
        matches!(self, Self::Infinite | Self::Nan)
    }
}
