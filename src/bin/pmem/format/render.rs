//! What makes text of elements, a block at a time.

/// Makes text of elements, without any I/O. Blocks come to several threads at once, so that nothing
/// is remembered from one to the next: what a block has to know of those before is handed over.
pub(super) trait Render: Sync {
    /// Are holes told from zeroes?
    const NAMES_HOLES: bool = false;

    /// Elements in a row. Blocks are whole rows, but before a hole and at the end.
    fn columns(&self) -> usize {
        1
    }

    /// Appends the text of elements, the first of which has index `first`. In front of them were
    /// the rows `before`: at most three, and none from before a hole.
    fn elements(&self, before: &[u8], first: u64, elements: &[u8], text: &mut Vec<u8>);

    /// Appends the text of a hole of `count` elements, the first of which has index `first`.
    fn hole(&self, before: &[u8], first: u64, count: u64, text: &mut Vec<u8>) {
        let _ = (before, first, count, text);
    }

    /// Appends what comes after all elements, of which there are `end`.
    fn end(&self, before: &[u8], end: u64, text: &mut Vec<u8>) {
        let _ = (before, end, text);
    }
}

/// A function is enough for a format in which each element stands for itself.
impl<F: Fn(u64, &[u8], &mut Vec<u8>) + Sync> Render for F {
    fn elements(&self, _: &[u8], first: u64, elements: &[u8], text: &mut Vec<u8>) {
        self(first, elements, text);
    }
}

/// The last rows of what has gone by.
#[derive(Clone, Debug)]
pub(super) struct Before {
    rows: Vec<u8>,
    /// Bytes of a row.
    row: usize,
}

impl Before {
    /// Nothing has gone by yet; there will be rows of so many bytes.
    pub(super) const fn new(row: usize) -> Self {
        Self { rows: Vec::new(), row }
    }

    /// The rows, at most three; the order of their bytes may be changed.
    pub(super) fn rows_mut(&mut self) -> &mut [u8] {
        &mut self.rows
    }

    /// More elements go by: whole rows, unless nothing but [a hole](Self::forget) follows.
    pub(super) fn push(&mut self, elements: &[u8]) {
        self.rows.extend_from_slice(&elements[self.last_three(elements.len())..]);
        self.rows.drain(..self.last_three(self.rows.len()));
    }

    /// What has gone by does not matter any more.
    pub(super) fn forget(&mut self) {
        self.rows.clear();
    }

    /// Where the last three rows of so many bytes begin.
    fn last_three(&self, count: usize) -> usize {
        let last = count.saturating_sub(1) / self.row;
        last.saturating_sub(2) * self.row
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_rows_are_kept() {
        let mut before = Before::new(3);
        assert_eq!(before.rows_mut(), &[] as &[u8]);
        for (values, kept) in [
            (&[1, 2, 3][..], &[1, 2, 3][..]),
            (&[4, 5, 6, 7, 8, 9], &[1, 2, 3, 4, 5, 6, 7, 8, 9]),
            (&[0, 0, 0], &[4, 5, 6, 7, 8, 9, 0, 0, 0]),
            (&[0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3], &[1, 1, 1, 2, 2, 2, 3, 3, 3]),
            (&[4, 4, 4, 5], &[3, 3, 3, 4, 4, 4, 5]),
        ] {
            before.push(values);
            assert_eq!(before.rows_mut(), kept);
        }
        before.forget();
        before.push(&[5]);
        assert_eq!(before.rows_mut(), [5]);
    }
}
