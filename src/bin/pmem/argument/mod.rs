//! What people type: the grammars of the command line, and what the parser answers by itself.

mod common;
mod count;
mod minus;
mod offset;
mod range;
mod tolerance;
pub(crate) mod usage;
mod value;

pub(crate) use self::common::{
    ChangeArg, Common, FileArgs, LockArg, PartialArg, TypeArg, input, is_pipe,
};
pub(crate) use self::count::Count;
pub(crate) use self::minus::{file, file_name, hide, show};
pub(crate) use self::offset::Offset;
pub(crate) use self::range::{Position, Span};
pub(crate) use self::tolerance::ToleranceArgs;
pub(crate) use self::value::{Value, encode};
