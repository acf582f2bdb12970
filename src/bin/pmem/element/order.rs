//! Byte order.

use super::scalar::Scalar;

/// The order of the bytes of an element in a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Order {
    /// The least significant byte comes first.
    Little,
    /// The most significant byte comes first.
    Big,
}

impl Order {
    /// Turns elements as they lie in a file into values, and values into what belongs in the file.
    pub(crate) fn fix<T: Scalar>(self, elements: &mut [T]) {
        if self != Self::NATIVE {
            for element in elements {
                *element = element.swap();
            }
        }
    }

    /// The order of this machine.
    const NATIVE: Self = if cfg!(target_endian = "big") { Self::Big } else { Self::Little };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_orders() {
        let bytes = [1, 2, 3, 4];
        for (order, value) in [(Order::Little, 0x0403_0201_u32), (Order::Big, 0x0102_0304)] {
            let mut elements = [u32::from_ne_bytes(bytes)];
            order.fix(&mut elements);
            assert_eq!(elements, [value]);
            order.fix(&mut elements);
            assert_eq!(elements[0].to_ne_bytes(), bytes);
        }
    }
}
