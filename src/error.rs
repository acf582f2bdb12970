#![forbid(unsafe_code)]

use std::{
    alloc::Layout,
    fmt, io,
    path::{Path, PathBuf},
};

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

    /// The file is shorter than the header that [`FileOptions::offset`](crate::FileOptions::offset)
    /// tells of, and not empty.
    #[error("the file has {bytes} bytes; the header before its elements has {header}")]
    HeaderCut {
        /// Length of the file in bytes.
        bytes: u64,
        /// Length of the header in bytes.
        header: u64,
    },

    /// Elements cannot begin at an offset, as they would not be aligned.
    #[error("elements aligned to {align} bytes cannot begin at byte {offset} of a file")]
    Misaligned {
        /// Where the elements were to begin, in bytes.
        offset: u64,
        /// Alignment of an element in bytes.
        align: usize,
    },

    /// Another memory, of this process or of another one, uses the file.
    #[error("the file is in use by another memory; it has one writer or several readers at a time")]
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

    /// A constructor refused the file at a path for any reason but that of the system.
    ///
    /// What the system refuses stays [`System`](Self::System), with the path in its message.
    #[error("{}: {cause}", path.display())]
    At {
        /// The path that the constructor was given.
        path: PathBuf,
        /// Why it was refused.
        cause: Box<Self>,
    },

    /// The operating system refused.
    #[error(transparent)]
    System(#[from] io::Error),
}

impl Error {
    /// Returns the error without the path that a constructor has added, see [`At`](Self::At).
    ///
    /// # Examples
    ///
    /// ```
    /// use platform_mem::{Error, FileMapped};
    ///
    /// let dir = tempfile::tempdir()?;
    /// let path = dir.path().join("data.bin");
    /// let mem = FileMapped::<u64>::from_path(&path)?;
    /// let error = FileMapped::<u64>::from_path(&path).unwrap_err();
    /// assert!(matches!(error.cause(), Error::Locked));
    /// assert!(error.to_string().starts_with(&path.display().to_string()));
    /// # platform_mem::Result::Ok(())
    /// ```
    pub fn cause(&self) -> &Self {
        match self {
            Self::At { cause, .. } => cause.cause(),
            error => error,
        }
    }

    /// Names the file that a constructor was to open.
    pub(crate) fn at(self, path: &Path) -> Self {
        let path = path.to_path_buf();
        match self {
            Self::System(error) => {
                Self::System(io::Error::new(error.kind(), SystemAt { path, error }))
            }
            cause => Self::At { path, cause: Box::new(cause) },
        }
    }
}

/// What the system refused, and for which path.
#[derive(Debug)]
struct SystemAt {
    path: PathBuf,
    error: io::Error,
}

impl fmt::Display for SystemAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.error)
    }
}

impl std::error::Error for SystemAt {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // The message has the error itself.
        self.error.source()
    }
}

/// The result of an operation on memory.
pub type Result<T> = std::result::Result<T, Error>;

impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::System(error) => error,
            error => Self::new(kind(&error), error),
        }
    }
}

/// Returns the kind that stands for an error among those of the system.
fn kind(error: &Error) -> io::ErrorKind {
    match error {
        Error::System(error) | Error::Unlockable(error) => error.kind(),
        Error::At { cause, .. } => kind(cause),
        Error::AllocError { .. } | Error::CapacityOverflow => io::ErrorKind::OutOfMemory,
        Error::FlushFailed { kind, .. } => *kind,
        Error::HeaderCut { .. } | Error::LeftOver { .. } => io::ErrorKind::InvalidData,
        Error::Locked => io::ErrorKind::WouldBlock,
        Error::Misaligned { .. }
        | Error::OutOfRange { .. }
        | Error::OverGrow { .. }
        | Error::OverShrink { .. } => io::ErrorKind::InvalidInput,
        Error::LengthChanged { .. } | Error::Undo { .. } => io::ErrorKind::Other,
    }
}
