//! What one set of figures is about: some scalars of every element, one after another.

use crate::element::{Element, Form, Job, Kind, Order, Scalar};

/// Scalars of one type, the same ones of every element.
#[derive(Clone, Debug)]
pub(crate) struct Track {
    /// Name, as of a column: `x`, `pos.1`; empty for all of a plain element.
    pub(crate) name: String,
    /// Type of the values.
    pub(crate) kind: Kind,
    /// Type of the scalars that the values are made of.
    source: Kind,
    order: Order,
    /// Bytes of an element.
    size: usize,
    /// Where the scalars are in an element.
    offsets: Vec<usize>,
    shape: Shape,
}

/// How scalars become values.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Shape {
    /// Elements are nothing but the values.
    Dense,
    /// Values lie between other bytes, or their bytes are in the other order.
    Scattered,
    /// The values of an element make one: the length of their vector.
    Norm,
}

/// How the scalars of an element are put together.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Grouping {
    /// Each by itself.
    Apart,
    /// All items of an array as one column.
    Flat,
    /// The Euclidean length of each array.
    Norms,
}

impl Track {
    /// Returns what is to be looked at in the elements.
    pub(crate) fn all(element: &Element, grouping: Grouping) -> Vec<Self> {
        if grouping == Grouping::Apart {
            let columns = element.columns().iter();
            return columns
                .map(|column| {
                    let offsets = vec![column.offset];
                    Self::new(&column.name, column.kind, column.order, element, offsets)
                })
                .collect();
        }
        let mut tracks = Vec::new();
        for field in element.fields().iter().filter(|field| !field.is_padding()) {
            let (kind, scalars) = (field.kind, field.scalars());
            let place = |scalar: usize| field.offset + scalar * kind.size();
            let offsets: Vec<usize> = (0..scalars).map(place).collect();
            // The items of a plain element have no field whose name could be shown.
            let name = if element.form() == Form::Plain && element.fields().len() == 1 {
                ""
            } else {
                &*field.name
            };
            let track = Self::new(name, kind, field.order, element, offsets);
            match grouping {
                Grouping::Norms if scalars > 1 && kind.size() > 0 => tracks.extend(track.norm()),
                Grouping::Norms => {}
                _ => tracks.push(track),
            }
        }
        tracks
    }

    fn new(name: &str, kind: Kind, order: Order, element: &Element, offsets: Vec<usize>) -> Self {
        let dense = (0..offsets.len()).all(|item| offsets[item] == item * kind.size())
            && offsets.len() * kind.size() == element.bytes()
            && (order == Order::Little || kind.size() == 1);
        let shape = if dense { Shape::Dense } else { Shape::Scattered };
        let (name, size) = (name.to_owned(), element.bytes());
        Self { name, kind, source: kind, order, size, offsets, shape }
    }

    /// Returns the track of the length of the vectors, if their items are numbers.
    fn norm(self) -> Option<Self> {
        self.kind.run(Loader)?;
        Some(Self { kind: Kind::F64, shape: Shape::Norm, ..self })
    }

    /// Returns whether the values are numbers, and not text or plain bytes.
    pub(crate) fn is_number(&self) -> bool {
        self.kind.run(Loader).is_some()
    }

    /// Returns how many values an element has.
    pub(crate) fn items(&self) -> usize {
        if self.shape == Shape::Norm { 1 } else { self.offsets.len() }
    }

    /// Returns the values of whole elements, little-endian and one after another. `scratch` holds
    /// them where the elements do not.
    pub(crate) fn values<'a>(&self, elements: &'a [u8], scratch: &'a mut Vec<u8>) -> &'a [u8] {
        if self.shape == Shape::Dense {
            return elements;
        }
        scratch.clear();
        match self.source.size() {
            1 => self.copy::<1>(elements, scratch),
            2 => self.copy::<2>(elements, scratch),
            3 => self.copy::<3>(elements, scratch),
            4 => self.copy::<4>(elements, scratch),
            8 => self.copy::<8>(elements, scratch),
            16 => self.copy::<16>(elements, scratch),
            size => {
                for element in elements.chunks_exact(self.size) {
                    for offset in &self.offsets {
                        scratch.extend_from_slice(&element[*offset..offset + size]);
                    }
                }
            }
        }
        if self.shape == Shape::Norm {
            self.lengths(scratch);
        }
        scratch
    }

    /// Copies scalars of a size that the compiler knows.
    fn copy<const N: usize>(&self, elements: &[u8], scratch: &mut Vec<u8>) {
        let big = self.order == Order::Big;
        let mut put = |bytes: &[u8]| {
            if let Some(mut scalar) = bytes.first_chunk::<N>().copied() {
                if big {
                    scalar.reverse();
                }
                scratch.extend_from_slice(&scalar);
            }
        };
        match *self.offsets {
            [offset] => {
                elements.chunks_exact(self.size).for_each(|element| put(&element[offset..]));
            }
            _ => {
                for element in elements.chunks_exact(self.size) {
                    self.offsets.iter().for_each(|offset| put(&element[*offset..]));
                }
            }
        }
    }

    /// Replaces vectors by their lengths.
    fn lengths(&self, scratch: &mut Vec<u8>) {
        let Some(load) = self.source.run(Loader) else { return };
        let (size, mut vector) = (self.source.size(), Vec::with_capacity(self.offsets.len()));
        let mut lengths = Vec::with_capacity(scratch.len() / (size * self.offsets.len()) * 8);
        for items in scratch.chunks_exact(size * self.offsets.len()) {
            vector.clear();
            vector.extend(items.chunks_exact(size).map(load));
            lengths.extend_from_slice(&length(&vector).to_le_bytes());
        }
        *scratch = lengths;
    }
}

/// Returns the Euclidean length of a vector.
fn length(vector: &[f64]) -> f64 {
    let squares = |scale: f64| vector.iter().map(|item| (item / scale).powi(2)).sum::<f64>();
    let plain = squares(1.0);
    if (1e-280..1e280).contains(&plain) || plain.is_nan() {
        return plain.sqrt();
    }
    // The squares may be no floats, though the length is one. A power of two takes no bits away.
    let greatest = vector.iter().fold(0.0_f64, |greatest, item| greatest.max(item.abs()));
    if greatest == 0.0 || greatest.is_infinite() {
        return greatest;
    }
    let power = f64::from_bits(greatest.to_bits() >> 52 << 52).max(f64::MIN_POSITIVE);
    squares(power).sqrt() * power
}

/// Loads a number as a 64-bit float.
struct Loader;

impl Job for Loader {
    type Output = fn(&[u8]) -> f64;

    fn run<T: Scalar>(self) -> Self::Output {
        use crate::element::Number as _;
        |bytes| T::load(bytes).wide().to_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(element: &str, grouping: Grouping, bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
        let element: Element = element.parse().unwrap();
        let tracks = Track::all(&element, grouping);
        let values = |track: &Track| track.values(bytes, &mut Vec::new()).to_vec();
        tracks.iter().map(|track| (track.name.clone(), values(track))).collect()
    }

    #[test]
    fn groupings() {
        let bytes = [1, 0, 2, 3, 4, 10, 0, 20, 30, 40];
        let record = "a:u8,b:u16be,c:u8x2";
        let track = |name: &str, bytes: &[u8]| (name.to_owned(), bytes.to_vec());
        assert_eq!(
            values(record, Grouping::Apart, &bytes),
            [
                track("a", &[1, 10]),
                track("b", &[2, 0, 20, 0]),
                track("c.0", &[3, 30]),
                track("c.1", &[4, 40])
            ]
        );
        assert_eq!(values(record, Grouping::Flat, &bytes)[2], track("c", &[3, 4, 30, 40]));
        let lengths: Vec<u8> = [5.0_f64, 50.0].iter().flat_map(|l| l.to_le_bytes()).collect();
        assert_eq!(values(record, Grouping::Norms, &bytes), [track("c", &lengths)]);
        assert_eq!(values("u8x5", Grouping::Flat, &bytes), [track("", &bytes)]);
    }

    #[test]
    fn lengths() {
        assert_eq!(length(&[3e200, 4e200]), 5e200);
        assert_eq!(length(&[3e-200, -4e-200]), 5e-200);
        assert_eq!(length(&[0.0, -0.0]), 0.0);
        assert_eq!(length(&[f64::NEG_INFINITY, 1.0]), f64::INFINITY);
        assert!(length(&[f64::NAN, 1.0]).is_nan());
    }
}
