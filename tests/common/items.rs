//! Items of many sizes and alignments.

use bytemuck::{Pod, Zeroable};

/// An item that any bytes are a value of.
pub(crate) trait Item: Pod + PartialEq + std::fmt::Debug {
    /// The item number `n`: different from its neighbours in every byte.
    fn nth(n: usize) -> Self {
        let mut item = Self::zeroed();
        for (at, byte) in bytemuck::bytes_of_mut(&mut item).iter_mut().enumerate() {
            *byte = (n.wrapping_mul(7).wrapping_add(at * 3) % 251) as u8;
        }
        item
    }

    /// The items whose numbers are in `range`.
    fn run(range: std::ops::Range<usize>) -> Vec<Self> {
        range.map(Self::nth).collect()
    }
}

impl<T: Pod + PartialEq + std::fmt::Debug> Item for T {}

macro_rules! array {
    ($(#[$repr:meta] $Name:ident = $size:literal),* $(,)?) => {$(
        #[$repr]
        #[derive(Clone, Copy, PartialEq)]
        pub(crate) struct $Name([u8; $size]);

        // SAFETY: an array of bytes, of which zeroes are a value.
        unsafe impl Zeroable for $Name {}
        // SAFETY: an array of bytes that is as long as its alignment asks for, so without padding.
        unsafe impl Pod for $Name {}

        const _: () = assert!(size_of::<$Name>() == $size, "no padding");

        impl std::fmt::Debug for $Name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({}…)", stringify!($Name), self.0[0])
            }
        }
    )*};
}

array! {
    #[repr(C)] Odd = 5000,
    #[repr(C, align(64))] Aligned64 = 64,
    #[repr(C, align(4096))] Aligned4096 = 4096,
}

/// Calls a generic function, or makes a generic call, once for each type of item that takes room.
#[allow(unused_macros, reason = "each test binary uses its part of this")]
macro_rules! for_each_item {
    (|$T:ident| $body:expr) => {
        for_each_item! { |$T| $body; u8, u16, [u8; 3], u64, [u64; 2],
            crate::common::items::Odd,
            crate::common::items::Aligned64,
            crate::common::items::Aligned4096
        }
    };
    (|$T:ident| $body:expr; $($Item:ty),*) => {$({
        type $T = $Item;
        $body;
    })*};
}

#[allow(unused_imports, reason = "each test binary uses its part of this")]
pub(crate) use for_each_item;
