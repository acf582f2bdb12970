//! Decimal digits of integers, eight at a time and without branches on them.
//!
//! They go to a small buffer in which there is always room for one number more, so that a fixed
//! number of bytes can be written wherever a number begins; those too many are overwritten by what
//! comes next. That takes less time than to find out first how many bytes to write.

/// Bytes that a number may write: a field with spaces in front of it, and bytes too many.
const ROOM: usize = FIELD + 8;

/// The widest field that is filled at once; twenty digits, a sign and a gap are narrower.
const FIELD: usize = 32;

/// Bytes that wait until there are many.
const SIZE: usize = 2048;

/// Text of numbers on its way to a vector.
pub(crate) struct Lines<'a> {
    text: &'a mut Vec<u8>,
    buffer: [u8; SIZE],
    at: usize,
}

impl<'a> Lines<'a> {
    /// Returns an empty buffer in front of `text`.
    pub(crate) fn new(text: &'a mut Vec<u8>) -> Self {
        Self { text, buffer: [0; SIZE], at: 0 }
    }

    /// Appends a number and a byte after it.
    #[inline(always)]
    pub(crate) fn number(&mut self, value: u64, end: u8) {
        let room = self.room();
        let mut length;
        if let Some(small) = SMALL.get(value as usize) {
            room[..4].copy_from_slice(small);
            length = usize::from(small[3]) & 3;
        } else if value < EIGHT {
            length = put_first(value, room);
        } else if value < SIXTEEN {
            length = put_first(value / EIGHT, room);
            put(eight_digits(value % EIGHT) + ZEROES, length, room);
            length += 8;
        } else {
            length = put_first(value / SIXTEEN, room);
            put(eight_digits(value / EIGHT % EIGHT) + ZEROES, length, room);
            put(eight_digits(value % EIGHT) + ZEROES, length + 8, room);
            length += 16;
        }
        room[length] = end;
        self.at += length + 1;
    }

    /// Appends a number, after spaces that make it `width` characters long.
    ///
    /// Its digits are put where they belong from the right, and the zeroes before the first one
    /// made spaces: so that no byte is moved once it is known how long the number is.
    #[inline]
    pub(crate) fn aligned(&mut self, value: u64, negative: bool, width: usize) {
        self.spaces(width.saturating_sub(FIELD));
        let width = width.min(FIELD);
        let (first, groups) = match value {
            ..EIGHT => (value, 1),
            EIGHT..SIXTEEN => (value / EIGHT, 2),
            SIXTEEN.. => (value / SIXTEEN, 3),
        };
        let (digits, zeroes) = first_digits(first);
        let length = 8 * groups - zeroes + usize::from(negative);
        let Some(start) = width.checked_sub(length) else {
            self.unaligned(value, negative);
            return;
        };
        let room = self.room();
        room[..FIELD].fill(b' ');
        let blank = ((1 << (8 * zeroes)) - 1) & 0x1010_1010_1010_1010;
        let text = digits + ZEROES - blank;
        match width.checked_sub(8 * groups) {
            Some(at) => put(text, at, room),
            None => put(text >> (8 * (8 * groups - width)), 0, room),
        }
        if groups > 2 {
            put(eight_digits(value / EIGHT % EIGHT) + ZEROES, width - 16, room);
        }
        if groups > 1 {
            put(eight_digits(value % EIGHT) + ZEROES, width - 8, room);
        }
        if negative {
            room[start] = b'-';
        }
        self.at += width;
    }

    /// Appends a number that is longer than its field.
    #[cold]
    fn unaligned(&mut self, value: u64, negative: bool) {
        let sign = if negative { "-" } else { "" };
        self.text().extend_from_slice(format!("{sign}{value}").as_bytes());
    }

    /// Appends what `append` makes, after spaces that make it `width` characters long.
    pub(crate) fn right(&mut self, width: usize, append: impl FnOnce(&mut Vec<u8>)) {
        let text = self.text();
        let start = text.len();
        append(text);
        let length = text.len() - start;
        if let Some(missing) = width.checked_sub(length) {
            text.resize(start + width, b' ');
            text.copy_within(start..start + length, start + missing);
            text[start..start + missing].fill(b' ');
        }
    }

    /// Appends a byte.
    #[inline]
    pub(crate) fn byte(&mut self, byte: u8) {
        self.room()[0] = byte;
        self.at += 1;
    }

    /// Appends so many spaces.
    #[inline]
    pub(crate) fn spaces(&mut self, count: usize) {
        if count > 0 {
            let text = self.text();
            text.resize(text.len() + count, b' ');
        }
    }

    /// Appends the minus of a number that follows, if it has one.
    #[inline]
    pub(crate) fn sign(&mut self, value: i64) {
        self.room()[0] = b'-';
        self.at += usize::from(value < 0);
    }

    /// Empties the buffer, and returns the vector for other text.
    #[inline]
    pub(crate) fn text(&mut self) -> &mut Vec<u8> {
        if self.at > 0 {
            self.flush();
        }
        self.text
    }

    /// Empties the buffer.
    #[inline(never)]
    fn flush(&mut self) {
        self.text.extend_from_slice(&self.buffer[..self.at]);
        self.at = 0;
    }

    /// Returns the place for the next number.
    #[inline]
    fn room(&mut self) -> &mut [u8; ROOM] {
        if self.at > SIZE - ROOM {
            self.flush();
        }
        let (_, rest) = self.buffer.split_at_mut(self.at.min(SIZE - ROOM));
        let (room, _) = rest.split_first_chunk_mut().unwrap_or_else(|| unreachable!());
        room
    }
}

impl Drop for Lines<'_> {
    fn drop(&mut self) {
        self.flush();
    }
}

/// The digits of small numbers, and how many there are.
const SMALL: [[u8; 4]; 256] = {
    let mut small = [[0; 4]; 256];
    let mut value = 0;
    while value < 256 {
        let (hundreds, tens) = (b'0' + (value / 100) as u8, b'0' + (value / 10 % 10) as u8);
        let ones = b'0' + (value % 10) as u8;
        small[value] = match value {
            0..10 => [ones, 0, 0, 1],
            10..100 => [tens, ones, 0, 2],
            _ => [hundreds, tens, ones, 3],
        };
        value += 1;
    }
    small
};

/// Ten to the eighth.
const EIGHT: u64 = 100_000_000;

/// Ten to the sixteenth.
const SIXTEEN: u64 = EIGHT * EIGHT;

/// Eight digits 0.
const ZEROES: u64 = 0x3030_3030_3030_3030;

/// Puts a number below ten to the eighth at the start, without its leading zeroes, and returns how
/// many digits it has.
#[inline]
fn put_first(value: u64, room: &mut [u8; ROOM]) -> usize {
    let (digits, zeroes) = first_digits(value);
    put((digits >> (8 * zeroes)) + ZEROES, 0, room);
    8 - zeroes
}

/// Returns the eight digits of a number, and how many of them are zeroes in front of it.
#[inline]
fn first_digits(value: u64) -> (u64, usize) {
    let digits = eight_digits(value);
    // The last digit is shown even if it is zero.
    (digits, (digits.trailing_zeros() / 8).min(7) as usize)
}

/// Puts eight characters at some place.
#[inline]
fn put(text: u64, at: usize, room: &mut [u8; ROOM]) {
    room[at..at + 8].copy_from_slice(&text.to_le_bytes());
}

/// Returns the eight digits of a number below ten to the eighth, one a byte, the first of them in
/// the lowest byte.
///
/// The number is halved three times: into two numbers of four digits, four of two, eight of one.
/// To divide by 100 and by 10 it multiplies and shifts, in all parts at once.
#[inline]
fn eight_digits(value: u64) -> u64 {
    let fours = (value / 10_000) | ((value % 10_000) << 32);
    let hundreds = ((fours * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let twos = hundreds | ((fours - 100 * hundreds) << 16);
    let tens = ((twos * 103) >> 10) & 0x000f_000f_000f_000f;
    tens | ((twos - 10 * tens) << 8)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(value: u64) -> String {
        let mut text = b"before ".to_vec();
        Lines::new(&mut text).number(value, b'\n');
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn every_length() {
        for power in 0..20 {
            let ten = 10_u64.pow(power);
            for value in [0, 1, ten - 1, ten, ten + 1, ten.saturating_mul(9), u64::MAX] {
                assert_eq!(text(value), format!("before {value}\n"));
            }
        }
    }

    #[test]
    fn many() {
        let mut text = Vec::new();
        let mut lines = Lines::new(&mut text);
        for value in 0..100_000 {
            lines.sign(-1);
            lines.number(value, b' ');
        }
        drop(lines);
        let expected: String = (0..100_000).map(|value| format!("-{value} ")).collect();
        assert_eq!(String::from_utf8(text).unwrap(), expected);
    }

    proptest! {
        #[test]
        fn as_the_standard_library(value: u64, shift in 0..64) {
            prop_assert_eq!(text(value >> shift), format!("before {}\n", value >> shift));
        }
    }
}
