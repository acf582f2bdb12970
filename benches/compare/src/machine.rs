//! What the numbers were measured on.

use std::{fs, path::Path};

/// Names the kernel, the processor and the file system of `dir`.
pub fn describe(dir: &Path) -> String {
    let system = rustix::system::uname();
    let processor = fs::read_to_string("/proc/cpuinfo")
        .ok()
        .and_then(|text| {
            let line = text.lines().find(|line| line.starts_with("model name"))?;
            Some(line.split_once(':')?.1.trim().to_owned())
        })
        .unwrap_or_else(|| "unknown processor".into());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let filesystem = match rustix::fs::statfs(dir).map(|statfs| statfs.f_type) {
        Ok(0xEF53) => "ext4".into(),
        Ok(0x5846_5342) => "xfs".into(),
        Ok(0x9123_683E) => "btrfs".into(),
        Ok(0x0102_1994) => "tmpfs".into(),
        Ok(other) => format!("file system {other:#x}"),
        Err(error) => format!("unknown file system ({error})"),
    };
    format!(
        "{} {}, {processor}, {cores} cores, {filesystem}",
        system.sysname().to_string_lossy(),
        system.release().to_string_lossy(),
    )
}
