//! Where the facts come from.

use std::io;
use std::path::{Path, PathBuf};

use platform_mem::Residency;

use crate::error::At as _;
use crate::input::{Source, disk_bytes, hole_bytes};
use crate::layout::{Format, Header, Layout, Tensors};
use crate::system::filesystem;
use crate::text::rfc3339;

/// What is known about a file; `None` is what the system does not tell.
#[derive(Debug)]
pub(super) struct Facts {
    /// The name of the file.
    pub(super) path: PathBuf,
    /// Where its elements lie; not known of tensors of which none is named.
    pub(super) layout: Option<Layout>,
    /// All its tensors, if its format has them.
    pub(super) tensors: Option<Tensors>,
    /// Its length in bytes.
    pub(super) len: Option<u64>,
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
    pub(super) fn gather(path: &Path, source: &Source, layout: Layout) -> anyhow::Result<Self> {
        let facts = Self::of(path, source)?;
        let layout = match facts.len {
            Some(len) => layout.with_len(len),
            None => layout,
        };
        Ok(Self { layout: Some(layout), ..facts })
    }

    /// Gathers what is known without a look at the elements.
    ///
    /// # Errors
    ///
    /// Reading fails.
    pub(super) fn of(path: &Path, source: &Source) -> anyhow::Result<Self> {
        let len = match source.len {
            None if !is_endless(source) => Some(count(source).at(path)?),
            len => len,
        };
        // What has no length of its own has neither room nor holes.
        let file = source.len.map(|len| (&source.file, len));
        let hole_bytes = match file {
            Some((file, len)) => hole_bytes(file, len).at(path)?,
            None => None,
        };
        Ok(Self {
            path: path.to_owned(),
            layout: None,
            tensors: None,
            len,
            bytes_on_disk: file.and_then(|_| disk_bytes(&source.metadata)),
            hole_bytes,
            residency: file.and_then(|(file, len)| Residency::of(file, 0..len).ok()),
            filesystem: filesystem(&source.file, &source.metadata),
            modified: source.metadata.modified().ok().and_then(rfc3339),
        })
    }

    /// Returns the format.
    pub(super) fn format(&self) -> Format {
        self.layout.as_ref().map_or(Format::Safetensors, Layout::format)
    }

    /// Returns the place of the first element, or of the first tensor.
    pub(super) fn start(&self) -> u64 {
        let tensors = self.tensors.as_ref().map_or(0, |tensors| tensors.start);
        self.layout.as_ref().map_or(tensors, Layout::start)
    }

    /// Returns the bytes behind the last element, or behind the last tensor.
    pub(super) fn left_over(&self) -> Option<u64> {
        match (&self.layout, &self.tensors) {
            (None, Some(tensors)) => self.len.map(|len| len.saturating_sub(tensors.end)),
            (layout, _) => Some(layout.as_ref()?.left_over()?.bytes),
        }
    }

    /// Returns the sizes of the array that the elements make, if their number is known.
    pub(super) fn shape(&self) -> Option<Vec<u64>> {
        let layout = self.layout.as_ref()?;
        if let Some(shape) = layout.header().and_then(Header::shape) {
            return Some(shape);
        }
        let mut shape = vec![layout.count()?];
        if let [field] = layout.element().fields() {
            shape.extend(field.dimensions.sizes().iter().map(|size| u64::from(*size)));
        }
        Some(shape)
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
