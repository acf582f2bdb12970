//! What one element is: its shape, the names of types, and the operations on bytes of each scalar.

mod boolean;
mod codec;
mod decimal;
mod digits;
mod eight;
mod exchange;
mod field;
mod float;
mod grammar;
mod integer;
mod kind;
mod narrow;
mod number;
mod order;
mod quick;
mod radix;
mod scalar;
mod selection;
mod series;
mod shape;
mod spelling;
mod text;
mod value;

pub(crate) use self::codec::{Cells, Codec, Notation, Rows, Style};
pub(crate) use self::digits::Lines;
pub(crate) use self::exchange::{Carrier, Exchange, Fault, Overflow, Round, Rules};
pub(crate) use self::field::{Dimensions, Field};
pub(crate) use self::integer::append_bits;
pub(crate) use self::kind::{Job, Kind};
pub(crate) use self::number::Number;
pub(crate) use self::order::Order;
pub(crate) use self::radix::Radix;
pub(crate) use self::scalar::{Class, Scalar, Tone};
pub(crate) use self::selection::{FieldList, Selection};
pub(crate) use self::series::Series;
pub(crate) use self::shape::{Column, Element, Form, Packing};
