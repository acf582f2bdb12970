//! Where was it measured? What others need to know to judge the numbers.

use std::fs::File;
use std::path::Path;

use serde::Serialize;

use super::{proc, system};
use crate::system::filesystem as filesystem_of;
use crate::text::Name;

/// The machine and the directory. What is not known is null.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Machine {
    pub(crate) host: Option<String>,
    pub(crate) processor: Option<String>,
    pub(crate) processors: Option<usize>,
    pub(crate) largest_cache_bytes: Option<u64>,
    pub(crate) memory_bytes: Option<u64>,
    pub(crate) memory_available_bytes: Option<u64>,
    pub(crate) architecture: &'static str,
    pub(crate) kernel: Option<String>,
    pub(crate) page_bytes: Option<u64>,
    pub(crate) huge_pages: Option<String>,
    /// As it was before the measuring.
    pub(crate) load: Option<f64>,
    pub(crate) directory: String,
    pub(crate) filesystem: Option<String>,
}

impl Machine {
    /// Looks at this machine, with files in `dir`.
    pub(crate) fn of(dir: &Path) -> Self {
        let system::Kernel { name, host } = system::kernel();
        let whole = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
        Self {
            host,
            processor: proc::processor(),
            processors: std::thread::available_parallelism().ok().map(usize::from),
            largest_cache_bytes: proc::largest_cache(),
            memory_bytes: proc::memory_total(),
            memory_available_bytes: proc::memory_available(),
            architecture: std::env::consts::ARCH,
            kernel: name,
            page_bytes: system::page_size(),
            huge_pages: proc::huge_pages(),
            load: proc::load(),
            directory: Name(&whole).to_string(),
            filesystem: filesystem(dir),
        }
    }
}

/// The file system of a directory.
fn filesystem(dir: &Path) -> Option<String> {
    let dir = File::open(dir).ok()?;
    let metadata = dir.metadata().ok()?;
    filesystem_of(&dir, &metadata)
}
