//! What is read from: files by position, everything else from front to back.

use std::fs::{File, Metadata};
use std::io::{self, Read as _, Seek as _};
use std::num::NonZeroU64;
use std::ops::Range;
use std::path::Path;

use platform_mem::Residency;

use crate::env::wait_for;
use crate::error::At as _;
use crate::layout::Look;

/// Something to read bytes from. Never a mapping: a file that is cut short is no signal.
#[derive(Debug)]
pub(crate) struct Source {
    /// The open file, pipe or device.
    pub(crate) file: File,
    /// What the system says about it.
    pub(crate) metadata: Metadata,
    /// Length of a file that can be read at any place. Pipes, devices, and files whose length is
    /// not what it says, as in /proc, are read from front to back.
    pub(crate) len: Option<u64>,
    /// Bytes of a pipe that were looked at, and are still to be read.
    pub(crate) ahead: Vec<u8>,
}

impl Source {
    /// Opens a file, or standard input for `-`.
    ///
    /// # Errors
    ///
    /// The file cannot be opened, or is a directory.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        let standard_input = path.as_os_str() == "-";
        let mut file = if standard_input { stdin() } else { File::open(path) }.at(path)?;
        let metadata = file.metadata().at(path)?;
        if metadata.is_dir() {
            return Err(anyhow::anyhow!("is a directory, not a file of elements")).at(path);
        }
        let len = match length(&file, &metadata).at(path)? {
            // If part of standard input was already consumed, continue from the current position.
            Some(_) if standard_input && !file.stream_position().is_ok_and(|at| at == 0) => None,
            len => len,
        };
        Ok(Self { file, metadata, len, ahead: Vec::new() })
    }

    /// Reads a pipe up to the byte `end`, or to its own end. A reader that goes away ends the wait.
    fn read_ahead(&mut self, end: u64) -> io::Result<()> {
        let mut buffer = [0; 4096];
        loop {
            let missing = end.saturating_sub(self.ahead.len() as u64).min(buffer.len() as u64);
            if missing == 0 {
                return Ok(());
            }
            wait_for(&self.file)?;
            match (&self.file).read(&mut buffer[..missing as usize]) {
                Ok(0) => return Ok(()),
                Ok(read) => self.ahead.extend_from_slice(&buffer[..read]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Looks at the first bytes, and takes them out of the page cache again if none of them were
    /// there, so that who asks what is cached is not told of the look.
    pub(crate) fn quietly<T>(&mut self, look: impl FnOnce(&mut Self) -> T) -> T {
        /// More than most headers have.
        const FRONT: u64 = 1 << 20;

        let front = 0..self.len.unwrap_or(0).min(FRONT);
        let cold = Residency::of(&self.file, front.clone()).is_ok_and(|pages| pages.cached == 0);
        if !cold || front.is_empty() {
            return look(self);
        }
        advise(&self.file, front.clone(), Advice::Random);
        let seen = look(self);
        advise(&self.file, front.clone(), Advice::Normal);
        advise(&self.file, front, Advice::DontNeed);
        seen
    }

    /// Returns a second handle of the same source; of a stream, one that reads what the first
    /// would.
    ///
    /// # Errors
    ///
    /// The system has no handle left.
    pub(crate) fn try_clone(&self) -> io::Result<Self> {
        let (file, ahead) = (self.file.try_clone()?, self.ahead.clone());
        Ok(Self { file, metadata: self.metadata.clone(), len: self.len, ahead })
    }

    /// Is this a file that can have holes?
    pub(crate) fn may_have_holes(&self) -> bool {
        self.len.is_some() && self.metadata.is_file()
    }
}

impl Look for Source {
    fn len(&self) -> Option<u64> {
        self.len
    }

    fn look_at(&mut self, offset: u64, bytes: &mut [u8]) -> io::Result<usize> {
        if self.len.is_some() {
            return read_at(&self.file, bytes, offset);
        }
        let end = offset.saturating_add(bytes.len() as u64);
        self.read_ahead(end)?;
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(self.ahead.len());
        let there = &self.ahead[start..];
        let count = there.len().min(bytes.len());
        bytes[..count].copy_from_slice(&there[..count]);
        Ok(count)
    }
}

/// Standard input as a file, without the buffer of the standard library.
fn stdin() -> io::Result<File> {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd as _;
        Ok(File::from(io::stdin().as_fd().try_clone_to_owned()?))
    }
    #[cfg(windows)]
    {
        use std::os::windows::io::AsHandle as _;
        Ok(File::from(io::stdin().as_handle().try_clone_to_owned()?))
    }
    #[cfg(not(any(unix, windows)))]
    Err(io::ErrorKind::Unsupported.into())
}

/// Returns the length of a file that has one.
fn length(file: &File, metadata: &Metadata) -> io::Result<Option<u64>> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if metadata.file_type().is_block_device() {
            let mut device = file;
            let at = device.stream_position()?;
            let len = device.seek(io::SeekFrom::End(0))?;
            device.seek(io::SeekFrom::Start(at))?;
            return Ok(Some(len));
        }
    }
    if !metadata.is_file() {
        return Ok(None);
    }
    let len = metadata.len();
    // Files of the kernel say that they are empty, or as large as a page, and are not. Where they
    // end is known only after reading. Some refuse to be read in parts.
    let honest = match len {
        0 => read_at(file, &mut [0], 0).is_ok_and(|read| read == 0),
        _ if disk_bytes(metadata) == Some(0) => {
            let page = (len - 1) / PAGE * PAGE..len;
            let unknown = Residency::of(file, page.clone()).is_ok_and(|pages| pages.cached == 0);
            let read = read_at(file, &mut [0], len - 1).is_ok_and(|read| read == 1);
            if unknown {
                // It was read only to see whether it is there.
                advise(file, page, Advice::DontNeed);
            }
            read
        }
        _ => true,
    };
    Ok(honest.then_some(len))
}

/// The largest page of any system.
const PAGE: u64 = 64 * 1024;

/// How a range of a file is going to be used.
#[derive(Clone, Copy, Debug)]
enum Advice {
    /// In order, as far as anybody knows.
    Normal,
    /// Nothing but what is asked for.
    Random,
    /// Not soon.
    DontNeed,
}

/// Tells the system how a range of a file is going to be used. It is no more than advice.
fn advise(file: &File, range: Range<u64>, advice: Advice) {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{Advice as System, fadvise};
        let advice = match advice {
            Advice::Normal => System::Normal,
            Advice::Random => System::Random,
            Advice::DontNeed => System::DontNeed,
        };
        let len = NonZeroU64::new(range.end.saturating_sub(range.start));
        let _ = fadvise(file, range.start, len, advice);
    }
    let _ = (file, range, advice);
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

/// Reads at a place of a file, as often as it takes to fill the buffer or to meet the end, or a place
/// that cannot be read.
///
/// # Errors
///
/// Reading fails at the first byte.
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
            Err(_) if done > 0 => break,
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
    file.seek(io::SeekFrom::Start(offset))?;
    file.read(buffer)
}
