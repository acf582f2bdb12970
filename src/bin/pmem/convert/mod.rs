//! From one type, byte order, format or set of fields to another.
//!
//! A [feed] yields elements or text, a [cast] makes other elements of them, and a [sink] writes
//! those. The [mod@line] between them works on all cores.

mod cast;
#[cfg(feature = "columnar")]
mod columnar;
mod feed;
mod file_format;
mod kernel;
mod line;
mod npy;
mod opened;
mod shape;
mod sink;
mod text;
mod vectors;
mod written;

pub(crate) use self::cast::{Cast, Wishes};
#[cfg(feature = "columnar")]
pub(crate) use self::columnar::Dataset;
pub(crate) use self::file_format::{Codec, FileFormat};
pub(crate) use self::line::Conversion;
pub(crate) use self::npy::header as npy_header;
pub(crate) use self::opened::Opened;
pub(crate) use self::shape::{outcome, type_of};
#[cfg(feature = "columnar")]
pub(crate) use self::sink::make_parts;
pub(crate) use self::sink::{Ends, Out, append, make};
