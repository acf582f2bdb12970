//! Dots put into characters.

/// What characters are made of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Dots {
    /// Braille: two by four dots a character.
    Braille,
    /// A mark for each curve: one dot a character.
    Marks,
}

/// Marks of curves.
pub(super) const MARKS: [char; 7] = ['*', '+', 'o', 'x', '#', '@', '%'];

impl Dots {
    /// Returns the dots of a character, across and down.
    pub(crate) const fn size(self) -> (usize, usize) {
        match self {
            Self::Braille => (2, 4),
            Self::Marks => (1, 1),
        }
    }
}

/// Dots of several curves; in a character the first curve that has a dot there gives the colour.
pub(super) struct Canvas {
    dots: Dots,
    columns: usize,
    /// For each character its dots, and its curve.
    cells: Vec<(u8, Option<usize>)>,
}

impl Canvas {
    /// Returns an empty canvas of so many characters.
    pub(super) fn new(dots: Dots, columns: usize, rows: usize) -> Self {
        Self { dots, columns, cells: vec![(0, None); columns * rows] }
    }

    /// Puts a dot of a curve into a place, counted from the left upper corner.
    pub(super) fn put(&mut self, curve: usize, x: usize, y: usize) {
        /// The bit of each dot of a braille character, by row and column.
        const BITS: [[u8; 2]; 4] = [[0, 3], [1, 4], [2, 5], [6, 7]];

        let (across, down) = self.dots.size();
        let Some((bits, owner)) = self.cells.get_mut(y / down * self.columns + x / across) else {
            return;
        };
        *bits |= 1 << BITS[y % down][x % across];
        owner.get_or_insert(curve);
    }

    /// Returns the characters of a row, each with its curve.
    pub(super) fn row(&self, row: usize) -> impl Iterator<Item = (char, Option<usize>)> + '_ {
        self.cells[row * self.columns..][..self.columns].iter().map(|(bits, owner)| {
            let character = match (self.dots, owner) {
                (_, None) => ' ',
                (Dots::Braille, _) => char::from_u32(0x2800 + u32::from(*bits)).unwrap_or(' '),
                (Dots::Marks, Some(curve)) => MARKS[curve % MARKS.len()],
            };
            (character, *owner)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braille() {
        let mut canvas = Canvas::new(Dots::Braille, 2, 1);
        (0..4).for_each(|y| canvas.put(0, 0, y));
        canvas.put(1, 3, 0);
        let row: Vec<_> = canvas.row(0).collect();
        assert_eq!(row, [('⡇', Some(0)), ('⠈', Some(1))]);
    }

    #[test]
    fn marks() {
        let mut canvas = Canvas::new(Dots::Marks, 3, 1);
        canvas.put(1, 1, 0);
        canvas.put(0, 1, 0);
        assert_eq!(canvas.row(0).map(|(c, _)| c).collect::<String>(), " + ");
    }
}
