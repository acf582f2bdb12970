//! Which file a path names.

use std::fs::{self, Metadata};
use std::path::Path;

/// Is this the file at `path`?
pub(super) fn is_at(metadata: &Metadata, path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| is_same(metadata, &found).unwrap_or(true))
}

/// Are these the same file, under whatever names? Nothing where the system does not tell.
pub(crate) fn is_same(a: &Metadata, b: &Metadata) -> Option<bool> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        Some((a.dev(), a.ino()) == (b.dev(), b.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = (a, b);
        None
    }
}

/// Has this file no name any more? False where the system does not tell.
pub(super) fn is_removed(metadata: &Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        metadata.nlink() == 0
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        false
    }
}

/// The directory that a name is in.
pub(super) fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}
