//! What the tests of the library share.
#![allow(dead_code, reason = "each test binary uses its part of this")]

pub(crate) mod allocator;
pub(crate) mod counted;
pub(crate) mod items;

use std::{
    env,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use bytemuck::{Pod, Zeroable};
use platform_mem::{FileMapped, RawMem, Result};
use tempfile::TempDir;

/// A directory of its own, and a file in it that need not exist.
pub(crate) struct Place {
    pub(crate) dir: TempDir,
    pub(crate) path: PathBuf,
}

impl Place {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory for temporary files");
        let path = dir.path().join("data.bin");
        Self { dir, path }
    }

    /// A place where the file holds `items`.
    pub(crate) fn holding<T: Pod>(items: &[T]) -> Self {
        let place = Self::new();
        fs::write(&place.path, bytemuck::cast_slice::<T, u8>(items)).expect("a writable directory");
        place
    }

    pub(crate) fn len(&self) -> u64 {
        fs::metadata(&self.path).expect("the file is there").len()
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        fs::read(&self.path).expect("the file is there")
    }

    /// The file as items; the test fails if it is no whole number of them.
    pub(crate) fn items<T: Pod>(&self) -> Vec<T> {
        let bytes = self.bytes();
        assert!(bytes.len().is_multiple_of(size_of::<T>()), "{} bytes", bytes.len());
        bytes.chunks_exact(size_of::<T>()).map(bytemuck::pod_read_unaligned).collect()
    }

    /// A handle as the library opens it.
    pub(crate) fn handle(&self) -> File {
        File::options().read(true).write(true).open(&self.path).expect("the file is there")
    }

    pub(crate) fn open<T: Pod>(&self) -> FileMapped<T> {
        FileMapped::open(&self.path).expect("nobody else holds the file")
    }

    /// A memory that shows nothing yet of what the file holds.
    pub(crate) fn hidden<T: Pod>(&self) -> FileMapped<T> {
        FileMapped::from_path(&self.path).expect("nobody else holds the file")
    }
}

/// An empty file without a name.
pub(crate) fn unnamed() -> File {
    tempfile::tempfile().expect("a directory for temporary files")
}

/// The safe face of [`RawMem::grow_zeroed`].
pub(crate) fn grow_zeroed<M: RawMem<Item: Zeroable>>(
    mem: &mut M,
    n: usize,
) -> Result<&mut [M::Item]> {
    // SAFETY: zero bytes are a value of a `Zeroable` type.
    unsafe { mem.grow_zeroed(n) }
}

/// The face of [`RawMem::grow_assumed`] that is safe for memories in files and given buffers.
pub(crate) fn grow_found<M: RawMem<Item: Pod>>(mem: &mut M, n: usize) -> Result<&mut [M::Item]> {
    // SAFETY: the callers keep to memories whose new slots are never without bytes, and any bytes
    // are a value of a `Pod` type.
    unsafe { mem.grow_assumed(n) }
}

/// [`RawMem::grow`] for a `fill` that only ever writes values.
pub(crate) fn grow_by<M: RawMem>(
    mem: &mut M,
    n: usize,
    mut value: impl FnMut(usize) -> M::Item,
) -> Result<&mut [M::Item]> {
    // SAFETY: all slots that do not hold a value get one.
    unsafe {
        mem.grow(n, |inited, (_, new)| {
            for (index, slot) in new.iter_mut().enumerate().skip(inited) {
                slot.write(value(index));
            }
        })
    }
}

/// The variable that tells a test binary that it is a child, and what to do.
const CHILD: &str = "PLATFORM_MEM_TEST_CHILD";

/// The work that this process was started for, if it is a child.
pub(crate) fn child_work() -> Option<String> {
    env::var(CHILD).ok()
}

/// This test binary again, to run only the test `name` and to find `work` there.
pub(crate) fn child(name: &str, work: &str) -> Command {
    let mut command = Command::new(env::current_exe().expect("the path of this test"));
    command.args(["--exact", name, "--nocapture", "--test-threads=1"]).env(CHILD, work);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    command
}

/// A child that is killed and waited for, whatever becomes of the test.
pub(crate) struct Killed(pub(crate) Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Says why a test has not tested anything.
pub(crate) fn skip(test: &str, reason: impl std::fmt::Display) {
    #[expect(clippy::print_stderr, reason = "a test that is skipped must not look passed")]
    {
        eprintln!("SKIPPED {test}: {reason}");
    }
}

/// How many descriptors of this process lead to files below `dir`.
pub(crate) fn descriptors_below(dir: &Path) -> usize {
    fs::read_dir("/proc/self/fd")
        .expect("proc is mounted")
        .filter_map(|entry| fs::read_link(entry.ok()?.path()).ok())
        .filter(|target| target.starts_with(dir))
        .count()
}

/// How many mappings of this process are of files below `dir`.
pub(crate) fn mappings_below(dir: &Path) -> usize {
    let maps = fs::read_to_string("/proc/self/maps").expect("proc is mounted");
    let dir = dir.to_str().expect("a plain path");
    maps.lines().filter(|line| line.contains(dir)).count()
}
