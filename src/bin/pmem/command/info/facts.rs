//! Where the facts come from.

use std::io;
use std::path::{Path, PathBuf};

use platform_mem::Residency;

use crate::error::At as _;
use crate::input::{Input, Source, disk_bytes, hole_bytes};
use crate::layout::Layout;
use crate::system::filesystem;
use crate::text::rfc3339;

/// What is known about a file; `None` is what the system does not tell.
#[derive(Debug)]
pub(super) struct Facts {
    /// The name of the file.
    pub(super) path: PathBuf,
    /// Where its elements lie.
    pub(super) layout: Layout,
    /// The room that it occupies.
    pub(super) bytes_on_disk: Option<u64>,
    /// Bytes in holes.
    pub(super) hole_bytes: Option<u64>,
    /// Pages in the page cache, and those among them that are not on disk yet.
    pub(super) residency: Option<Residency>,
    /// The kind of file system.
    pub(super) filesystem: Option<String>,
    /// The time of the last change.
    pub(super) modified: Option<String>,
}

impl Facts {
    /// Gathers what is known. A pipe is read to its end, to count its bytes.
    ///
    /// # Errors
    ///
    /// Reading fails.
    pub(super) fn gather(path: &Path, input: Input) -> anyhow::Result<Self> {
        let Input { source, layout, .. } = input;
        let layout = match source.len {
            None if !is_endless(&source) => layout.with_len(count(&source).at(path)?),
            _ => layout,
        };
        // What has no length of its own has neither room nor holes.
        let file = source.len.map(|len| (&source.file, len));
        let hole_bytes = match file {
            Some((file, len)) => hole_bytes(file, len).at(path)?,
            None => None,
        };
        Ok(Self {
            path: path.to_owned(),
            layout,
            bytes_on_disk: file.and_then(|_| disk_bytes(&source.metadata)),
            hole_bytes,
            residency: file.and_then(|(file, len)| Residency::of(file, 0..len).ok()),
            filesystem: filesystem(&source.file, &source.metadata),
            modified: source.metadata.modified().ok().and_then(rfc3339),
        })
    }
}

/// Can it be that this never ends, as with a terminal or /dev/zero?
fn is_endless(source: &Source) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        source.metadata.file_type().is_char_device()
    }
    #[cfg(not(unix))]
    {
        !source.metadata.is_file()
    }
}

/// Reads to the end, and returns the number of bytes.
fn count(source: &Source) -> io::Result<u64> {
    let ahead = source.ahead.len() as u64;
    Ok(ahead + io::copy(&mut &source.file, &mut io::sink())?)
}
