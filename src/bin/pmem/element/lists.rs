//! The one list of integer types, for all that is written once for each of them.

/// Hands all integer types, each with the unsigned one of its width, to a macro.
macro_rules! with_integers {
    ($macro:ident) => {
        $macro! {
            u8 as u8,
            u16 as u16,
            u32 as u32,
            u64 as u64,
            u128 as u128,
            i8 as u8,
            i16 as u16,
            i32 as u32,
            i64 as u64,
            i128 as u128,
        }
    };
}

pub(super) use with_integers;
