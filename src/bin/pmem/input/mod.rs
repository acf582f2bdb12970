//! Bytes of files, pipes and devices, a block at a time.

mod holes;
mod open;
mod pair;
pub(crate) mod parallel;
mod reader;
mod scan;
mod source;
mod stream;

pub(crate) use self::holes::hole_bytes;
pub(crate) use self::open::Input;
pub(crate) use self::pair::{Both, Longer, scan_both};
pub(crate) use self::reader::{Claim, Piece, Reader};
pub(crate) use self::scan::{Block, scan};
pub(crate) use self::source::{Source, disk_bytes, read_at};
