//! The kind of file system that a file is on.

use std::fs::{File, Metadata};

/// Returns the name of the file system, or its number where the name is not known.
#[cfg(target_os = "linux")]
pub(crate) fn filesystem(file: &File, metadata: &Metadata) -> Option<String> {
    use std::os::linux::fs::MetadataExt as _;
    let device = metadata.st_dev();
    let number = format!("{}:{}", rustix::fs::major(device), rustix::fs::minor(device));
    // The mount table tells ext2 from ext4; it is silent about subvolumes, and about pipes.
    let mounts = std::fs::read("/proc/self/mountinfo").unwrap_or_default();
    mounted(&String::from_utf8_lossy(&mounts), &number).or_else(|| by_number(file))
}

/// Says that nobody knows.
#[cfg(not(target_os = "linux"))]
pub(crate) fn filesystem(_: &File, _: &Metadata) -> Option<String> {
    None
}

/// Returns the file system that is mounted from a device.
#[cfg(target_os = "linux")]
fn mounted(mounts: &str, device: &str) -> Option<String> {
    mounts.lines().find_map(|mount| {
        let (left, right) = mount.split_once(" - ")?;
        let same = left.split(' ').nth(2) == Some(device);
        same.then(|| right.split(' ').next().map(str::to_owned)).flatten()
    })
}

/// Returns the file system that the magic number of a file stands for.
#[cfg(target_os = "linux")]
fn by_number(file: &File) -> Option<String> {
    let magic = rustix::fs::fstatfs(file).ok()?.f_type as u64 & 0xffff_ffff;
    let name = match magic {
        0x0102_1994 => "tmpfs",
        0x2fc1_2fc1 => "zfs",
        0x5846_5342 => "xfs",
        0x5049_5045 => "pipefs",
        0x6969 => "nfs",
        0x794c_7630 => "overlay",
        0x9123_683e => "btrfs",
        0x9fa0 => "proc",
        0xef53 => "ext4",
        _ => return Some(format!("{magic:#x}")),
    };
    Some(name.to_owned())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn mount_table() {
        let mounts = "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n\
                      23 22 0:21 / /tmp rw - tmpfs tmpfs rw\n";
        assert_eq!(mounted(mounts, "8:1").as_deref(), Some("ext4"));
        assert_eq!(mounted(mounts, "0:21").as_deref(), Some("tmpfs"));
        assert_eq!(mounted(mounts, "0:2"), None);
    }
}
