//! From the bytes of whole elements to the numbers of one column.

use crate::element::{Column, Order, Scalar};

/// Replaces what is in `values` by one scalar of each element. `elements` are whole elements of
/// `size` bytes as they lie in the file, and `T` is the type of the column.
pub(crate) fn gather<T: Scalar>(
    column: &Column,
    size: usize,
    elements: &[u8],
    values: &mut Vec<T::Wide>,
) {
    values.clear();
    let dense = T::SIZE == size;
    match column.order {
        // The compiler makes wide copies of this loop, as it knows both sizes.
        Order::Little if dense => {
            values.extend(elements.chunks_exact(T::SIZE).map(|bytes| T::load(bytes).wide()));
        }
        Order::Little => {
            let at = column.offset..column.offset + T::SIZE;
            values.extend(
                elements.chunks_exact(size).map(|element| T::load(&element[at.clone()]).wide()),
            );
        }
        Order::Big => {
            let at = column.offset..column.offset + T::SIZE;
            values.extend(elements.chunks_exact(size).map(|element| {
                let mut bytes = [0; 16];
                let bytes = &mut bytes[..T::SIZE];
                bytes.copy_from_slice(&element[at.clone()]);
                bytes.reverse();
                T::load(bytes).wide()
            }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element::Element;

    #[test]
    fn columns_of_a_record() {
        let element: Element = "a:u8,b:u16be,c:i8x2".parse().unwrap();
        let elements = [1, 0, 2, 255, 4, 10, 1, 0, 254, 40];
        let (mut bytes, mut shorts, mut signed) = (Vec::new(), Vec::new(), Vec::new());
        let columns = element.columns();
        gather::<u8>(&columns[0], element.bytes(), &elements, &mut bytes);
        gather::<u16>(&columns[1], element.bytes(), &elements, &mut shorts);
        gather::<i8>(&columns[2], element.bytes(), &elements, &mut signed);
        assert_eq!((&*bytes, &*shorts, &*signed), (&[1, 10][..], &[2, 256][..], &[-1, -2][..]));
    }

    #[test]
    fn single_scalars() {
        let element: Element = "u16".parse().unwrap();
        let mut values = Vec::new();
        gather::<u16>(&element.columns()[0], 2, &[1, 0, 0, 1], &mut values);
        assert_eq!(values, [1, 256]);
    }
}
