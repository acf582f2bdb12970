//! Where something was measured: what others need to know to judge the numbers.

use std::fs::{self, File};
use std::path::Path;

use serde::{Deserialize, Serialize};

#[cfg(not(unix))]
use super::other::{names, page_size};
#[cfg(unix)]
use super::unix::{names, page_size};
use super::{filesystem, proc};
use crate::text::Name;

/// The machine and a directory. What is not known is null.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Machine {
    pub(crate) host: Option<String>,
    pub(crate) processor: Option<String>,
    pub(crate) processors: Option<usize>,
    pub(crate) largest_cache_bytes: Option<u64>,
    pub(crate) memory_bytes: Option<u64>,
    pub(crate) memory_available_bytes: Option<u64>,
    pub(crate) architecture: String,
    pub(crate) kernel: Option<String>,
    pub(crate) page_bytes: Option<u64>,
    pub(crate) huge_pages: Option<String>,
    /// Processes that wanted to run in the last minute, on average.
    pub(crate) load: Option<f64>,
    pub(crate) directory: String,
    pub(crate) filesystem: Option<String>,
}

impl Machine {
    /// Looks at this machine, with files in `dir`.
    pub(crate) fn of(dir: &Path) -> Self {
        let (kernel, host) = names();
        let whole = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
        Self {
            host,
            processor: proc::processor(),
            processors: std::thread::available_parallelism().ok().map(usize::from),
            largest_cache_bytes: proc::largest_cache(),
            memory_bytes: proc::memory_total(),
            memory_available_bytes: proc::memory_available(),
            architecture: std::env::consts::ARCH.to_owned(),
            kernel,
            page_bytes: page_size(),
            huge_pages: proc::huge_pages(),
            load: proc::load(),
            directory: Name(&whole).to_string(),
            filesystem: filesystem_of(dir),
        }
    }
}

/// Returns the file system of a directory. Nothing else is opened: opening a pipe would wait for
/// its other end.
fn filesystem_of(dir: &Path) -> Option<String> {
    let metadata = fs::metadata(dir).ok().filter(fs::Metadata::is_dir)?;
    filesystem(&File::open(dir).ok()?, &metadata)
}
