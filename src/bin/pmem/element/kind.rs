//! The one list of scalar types.

use half::{bf16, f16};

use super::boolean::Boolean;
use super::codec::Codec;
use super::eight::{F8E4M3, F8E5M2};
use super::exchange::Exchange;
use super::integer::{I24, U24};
use super::scalar::Scalar;

/// Work that is written once for every number type.
pub(crate) trait Job {
    /// What the work results in.
    type Output;

    /// Does the work for values of type `T`.
    fn run<T: Exchange>(self) -> Self::Output;
}

/// Makes the enum of scalar types out of their list: the type behind each, its alignment in C, and
/// its table.
macro_rules! kinds {
    ($($Variant:ident = $T:ident, $align:literal, $codec:expr;)*) => {
        /// A scalar type, without a byte order.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        pub(crate) enum Kind {
            $(
                #[doc = concat!("`", stringify!($T), "`")]
                $Variant,
            )*
            /// So many bytes of text, which ends at the first NUL.
            Str(u32),
            /// So many bytes, shown in hexadecimal.
            Hex(u32),
        }

        impl Kind {
            /// The number types, in the order in which help lists them.
            pub(crate) const NUMBERS: &[Self] = &[$(Self::$Variant,)*];

            /// Returns the name of the type, without the length of text and bytes.
            pub(crate) const fn name(self) -> &'static str {
                match self {
                    $(Self::$Variant => <$T as Scalar>::NAME,)*
                    Self::Str(_) => "str",
                    Self::Hex(_) => "hex",
                }
            }

            /// Returns the bytes of one value.
            pub(crate) const fn size(self) -> usize {
                match self {
                    $(Self::$Variant => <$T as Scalar>::SIZE,)*
                    Self::Str(size) | Self::Hex(size) => size as usize,
                }
            }

            /// Returns the alignment that C gives the type.
            pub(crate) const fn align(self) -> usize {
                match self {
                    $(Self::$Variant => $align,)*
                    Self::Str(_) | Self::Hex(_) => 1,
                }
            }

            /// Returns the operations on the bytes of the type.
            pub(crate) fn codec(self) -> &'static Codec {
                match self {
                    $(Self::$Variant => {
                        static CODEC: Codec = $codec;
                        &CODEC
                    })*
                    Self::Str(_) => {
                        static CODEC: Codec = Codec::TEXT;
                        &CODEC
                    }
                    Self::Hex(_) => {
                        static CODEC: Codec = Codec::BYTES;
                        &CODEC
                    }
                }
            }

            /// Does `job` with the number type that `self` names; `None` for text and bytes.
            pub(crate) fn run<J: Job>(self, job: J) -> Option<J::Output> {
                match self {
                    $(Self::$Variant => Some(job.run::<$T>()),)*
                    Self::Str(_) | Self::Hex(_) => None,
                }
            }
        }
    };
}

kinds! {
    U8 = u8, 1, Codec::of::<u8>();
    U16 = u16, 2, Codec::of::<u16>();
    U24 = U24, 1, Codec::of::<U24>();
    U32 = u32, 4, Codec::of::<u32>();
    U64 = u64, 8, Codec::of::<u64>();
    U128 = u128, 16, Codec::of::<u128>();
    I8 = i8, 1, Codec::of::<i8>();
    I16 = i16, 2, Codec::of::<i16>();
    I24 = I24, 1, Codec::of::<I24>();
    I32 = i32, 4, Codec::of::<i32>();
    I64 = i64, 8, Codec::of::<i64>();
    I128 = i128, 16, Codec::of::<i128>();
    F16 = f16, 2, Codec::of::<f16>();
    Bf16 = bf16, 2, Codec::of::<bf16>();
    F32 = f32, 4, Codec::of::<f32>();
    F64 = f64, 8, Codec::of::<f64>();
    F8E4M3 = F8E4M3, 1, Codec::of::<F8E4M3>();
    F8E5M2 = F8E5M2, 1, Codec::of::<F8E5M2>();
    Bool = Boolean, 1, Codec::without_series::<Boolean>();
}
