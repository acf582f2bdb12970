//! Changing files: opened with care, locked, and put back when something goes wrong.

mod access;
mod failure;
mod lock;
mod obstacle;
mod path;
mod replace;
mod resize;
mod shift;
mod space;
mod target;
mod write;

pub(crate) use self::access::{Found, PATIENCE, RESTLESS};
pub(crate) use self::failure::explain;
pub(crate) use self::lock::{LockMode, Turn};
pub(crate) use self::obstacle::Change;
pub(crate) use self::path::is_same;
pub(crate) use self::replace::{Durability, Existing, Replacement};
pub(crate) use self::resize::{Goal, Resize};
pub(crate) use self::shift::Shift;
pub(crate) use self::space::{Space, check_limit};
pub(crate) use self::target::Target;
pub(crate) use self::write::{Length, Stopped, chunk, write};
