//! What is read from: files by position, everything else from front to back.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;

use crate::error::At as _;

/// Something to read bytes from. Never a mapping: a file that is cut short is no signal.
pub(crate) enum Source {
    /// A file whose length is known and that can be read at any place.
    File {
        /// The open file.
        file: File,
        /// Its bytes.
        len: u64,
        /// May it have holes?
        sparse: bool,
    },
    /// A pipe, a device, or a file whose length is not what it says, as in /proc.
    Stream(Box<dyn Read + Send>),
}

impl Source {
    /// Opens a file, or standard input for `-`.
    ///
    /// # Errors
    ///
    /// The file cannot be opened, or is a directory.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        if path.as_os_str() == "-" {
            return Ok(Self::standard_input());
        }
        let file = File::open(path).at(path)?;
        let metadata = file.metadata().at(path)?;
        if metadata.is_dir() {
            return Err(anyhow::anyhow!("is a directory, not a file of elements")).at(path);
        }
        match length(&file, &metadata).at(path)? {
            Some(len) => Ok(Self::File { file, len, sparse: may_have_holes(&metadata) }),
            None => Ok(Self::Stream(Box::new(file))),
        }
    }

    /// Returns the number of bytes, if it is known.
    pub(crate) fn len(&self) -> Option<u64> {
        match self {
            Self::File { len, .. } => Some(*len),
            Self::Stream(_) => None,
        }
    }

    /// Standard input is a file where it was redirected from one and nothing has been read yet.
    fn standard_input() -> Self {
        #[cfg(unix)]
        {
            use std::io::Seek as _;
            use std::os::fd::AsFd as _;
            if let Ok(descriptor) = io::stdin().as_fd().try_clone_to_owned() {
                let mut file = File::from(descriptor);
                let whole = file.metadata().ok().filter(|metadata| {
                    metadata.is_file() && file.stream_position().is_ok_and(|position| position == 0)
                });
                let len =
                    whole.as_ref().and_then(|metadata| length(&file, metadata).ok().flatten());
                return match (whole, len) {
                    (Some(metadata), Some(len)) => {
                        Self::File { file, len, sparse: may_have_holes(&metadata) }
                    }
                    _ => Self::Stream(Box::new(file)),
                };
            }
        }
        Self::Stream(Box::new(io::stdin()))
    }
}

/// Returns the length of a file that has one.
fn length(file: &File, metadata: &Metadata) -> io::Result<Option<u64>> {
    #[cfg(unix)]
    {
        use std::io::Seek as _;
        use std::os::unix::fs::FileTypeExt as _;
        if metadata.file_type().is_block_device() {
            let mut device = file;
            return device.seek(io::SeekFrom::End(0)).map(Some);
        }
    }
    if !metadata.is_file() {
        return Ok(None);
    }
    let len = metadata.len();
    // Files of the kernel say that they are empty, or as large as a page, and are not. Where they
    // end is known only after reading.
    let honest = match len {
        0 => read_at(file, &mut [0], 0)? == 0,
        _ if disk_bytes(metadata) == Some(0) => read_at(file, &mut [0], len - 1)? == 1,
        _ => true,
    };
    Ok(honest.then_some(len))
}

/// Does the file occupy less room than its length?
fn may_have_holes(metadata: &Metadata) -> bool {
    disk_bytes(metadata).is_some_and(|bytes| bytes < metadata.len())
}

/// Returns the room that a file occupies, where the system tells.
pub(crate) fn disk_bytes(metadata: &Metadata) -> Option<u64> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        Some(metadata.blocks().saturating_mul(512))
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        None
    }
}

/// Reads at a place of a file, as often as it takes to fill the buffer or to meet the end.
///
/// # Errors
///
/// Reading fails.
pub(crate) fn read_at(file: &File, mut buffer: &mut [u8], mut offset: u64) -> io::Result<usize> {
    let mut done = 0;
    while !buffer.is_empty() {
        match read_once(file, buffer, offset) {
            Ok(0) => break,
            Ok(read) => {
                buffer = &mut buffer[read..];
                offset += read as u64;
                done += read;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

/// Reads once at a place of a file.
#[cfg(unix)]
fn read_once(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

/// Reads once at a place of a file.
#[cfg(not(unix))]
fn read_once(mut file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    use std::io::Seek as _;
    file.seek(io::SeekFrom::Start(offset))?;
    file.read(buffer)
}
