//! The one list of scalar types.

use half::{bf16, f16};

use super::scalar::Scalar;

/// Work that is written once for every element type.
pub(crate) trait Job {
    /// What the work results in.
    type Output;

    /// Does the work for elements of type `T`.
    fn run<T: Scalar>(self) -> Self::Output;
}

/// Makes the enum of scalar types out of their list.
macro_rules! kinds {
    ($($Variant:ident = $T:ident),* $(,)?) => {
        /// A scalar type, without a byte order.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub(crate) enum Kind {
            $(
                #[doc = concat!("`", stringify!($T), "`")]
                $Variant,
            )*
        }

        impl Kind {
            /// All of them, in the order in which help lists them.
            pub(crate) const ALL: &[Self] = &[$(Self::$Variant,)*];

            /// The name of the type, as in Rust.
            pub(crate) const fn name(self) -> &'static str {
                match self {
                    $(Self::$Variant => stringify!($T),)*
                }
            }

            /// Bytes of one element.
            pub(crate) const fn size(self) -> usize {
                match self {
                    $(Self::$Variant => size_of::<$T>(),)*
                }
            }

            /// Does `job` with the type that `self` names.
            pub(crate) fn run<J: Job>(self, job: J) -> J::Output {
                match self {
                    $(Self::$Variant => job.run::<$T>(),)*
                }
            }
        }
    };
}

kinds! {
    U8 = u8,
    U16 = u16,
    U32 = u32,
    U64 = u64,
    U128 = u128,
    I8 = i8,
    I16 = i16,
    I32 = i32,
    I64 = i64,
    I128 = i128,
    F16 = f16,
    Bf16 = bf16,
    F32 = f32,
    F64 = f64,
}
