//! What people type: the grammars of the command line, and what the parser answers by itself.

mod common;
mod count;
mod range;
pub(crate) mod usage;
pub(crate) mod value;

pub(crate) use self::common::{ChangeArg, Common, PartialArg, TypeArg};
pub(crate) use self::count::Count;
pub(crate) use self::range::{Position, Span};
