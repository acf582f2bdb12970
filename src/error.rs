#![forbid(unsafe_code)]

use std::{alloc::Layout, io};

/// What can go wrong when memory grows, shrinks or is written to disk.
///
/// A call that returns an error has changed nothing, unless the variant says otherwise.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The memory would span more than `isize::MAX` bytes, or more elements than `usize` counts.
    #[error("exceeding the maximum capacity: a memory spans at most {} bytes", isize::MAX)]
    CapacityOverflow,

    /// A memory of fixed size has no room for the growth.
    #[error("cannot grow by {to_grow} elements, only {available} are available")]
    OverGrow {
        /// Elements asked for.
        to_grow: usize,
        /// Elements that can still be had.
        available: usize,
    },

    /// There are fewer elements than the memory was asked to shrink by.
    #[error("cannot shrink by {to_shrink} elements, there are only {available}")]
    OverShrink {
        /// Elements to remove.
        to_shrink: usize,
        /// Elements that there are.
        available: usize,
    },

    /// A range of elements reaches outside of the memory, or ends before it starts.
    #[error("the range {start}..{end} does not lie within the {len} elements of the memory")]
    OutOfRange {
        /// First element of the range.
        start: usize,
        /// Element behind the last one of the range.
        end: usize,
        /// Elements that there are.
        len: usize,
    },

    /// The allocator refused a block of memory.
    #[error("memory allocation of {} bytes, aligned to {}, failed", layout.size(), layout.align())]
    AllocError {
        /// Layout of the block that was refused.
        layout: Layout,

        #[doc(hidden)]
        non_exhaustive: (),
    },

    /// The length of a file is no whole number of elements.
    #[error(
        "{bytes} bytes is not a whole number of elements ({element_size} bytes each); \
         {} bytes are left over", bytes.checked_rem(*element_size as u64).unwrap_or(0)
    )]
    LeftOver {
        /// Length of the file in bytes.
        bytes: u64,
        /// Size of one element in bytes, never zero.
        element_size: usize,
    },

    /// Another memory, of this process or of another one, holds the file.
    #[error("the file is in use by another memory; a file has one writer at a time")]
    Locked,

    /// The system refuses to lock the file: its file system may have no locks.
    #[error("the file cannot be locked ({0}); `FileOptions::lock(Lock::None)` does without")]
    Unlockable(#[source] io::Error),

    /// The file no longer has the length that this memory left it with.
    #[error(
        "the length of the file was changed by somebody else: \
         it has {found} bytes and should have {expected}"
    )]
    LengthChanged {
        /// Length in bytes that the file should have.
        expected: u64,
        /// Length in bytes that it has.
        found: u64,
    },

    /// The call failed, and restoring the length of the file failed as well.
    ///
    /// The memory is as before the call. The file may be longer, never shorter; the next call that
    /// grows, shrinks or reserves restores it first, and so does dropping or closing the memory.
    #[error("{cause}; the file may be longer than before, because restoring it failed: {undo}")]
    Undo {
        /// What the call failed of.
        cause: Box<Self>,
        /// What restoring the length failed of.
        undo: io::Error,
    },

    /// An earlier flush failed, so that data may be lost although this flush found nothing to do.
    ///
    /// The kernel reports a failed write once; the memory remembers it.
    #[error("an earlier flush failed, data may be lost: {first}")]
    FlushFailed {
        /// Kind of the first failure.
        kind: io::ErrorKind,
        /// Text of the first failure.
        first: String,
    },

    /// The operating system refused.
    #[error(transparent)]
    System(#[from] io::Error),
}

/// The result of an operation on memory.
pub type Result<T> = std::result::Result<T, Error>;

impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        let kind = match error {
            Error::System(error) => return error,
            Error::AllocError { .. } | Error::CapacityOverflow => io::ErrorKind::OutOfMemory,
            Error::FlushFailed { kind, .. } => kind,
            Error::LeftOver { .. } => io::ErrorKind::InvalidData,
            Error::Locked => io::ErrorKind::WouldBlock,
            Error::Unlockable(ref error) => error.kind(),
            Error::OutOfRange { .. } | Error::OverGrow { .. } | Error::OverShrink { .. } => {
                io::ErrorKind::InvalidInput
            }
            Error::LengthChanged { .. } | Error::Undo { .. } => io::ErrorKind::Other,
        };
        Self::new(kind, error)
    }
}
