//! What Linux tells in its files. Other systems do not have these files.

use std::fs;

/// Returns how many bytes of memory programs may still take, in this group of processes.
pub(crate) fn memory_available() -> Option<u64> {
    let machine = memory("MemAvailable:");
    let group = || {
        let limit: u64 = first_line("/sys/fs/cgroup/memory.max")?.parse().ok()?;
        let used: u64 = first_line("/sys/fs/cgroup/memory.current")?.parse().ok()?;
        Some(limit.saturating_sub(used))
    };
    machine.into_iter().chain(group()).min()
}

/// Returns the bytes of memory of the machine.
pub(super) fn memory_total() -> Option<u64> {
    memory("MemTotal:")
}

fn memory(key: &str) -> Option<u64> {
    kibibytes(&fs::read_to_string("/proc/meminfo").ok()?, key)
}

/// Returns the name of the processor.
pub(super) fn processor() -> Option<String> {
    value(&fs::read_to_string("/proc/cpuinfo").ok()?, "model name")
}

/// Returns the bytes of the largest cache of the first processor.
pub(super) fn largest_cache() -> Option<u64> {
    let size = |index: u8| {
        let name = format!("/sys/devices/system/cpu/cpu0/cache/index{index}/size");
        first_line(&name)?.strip_suffix('K')?.parse::<u64>().ok().map(|size| size * 1024)
    };
    (0..8).filter_map(size).max()
}

/// Returns how many processes wanted to run in the last minute, on average.
pub(super) fn load() -> Option<f64> {
    first_line("/proc/loadavg")?.split(' ').next()?.parse().ok()
}

/// Returns when the kernel gives huge pages to memory: always, madvise or never.
pub(super) fn huge_pages() -> Option<String> {
    let modes = first_line("/sys/kernel/mm/transparent_hugepage/enabled")?;
    chosen(&modes).map(str::to_owned)
}

/// Returns the first line of a file.
fn first_line(path: &str) -> Option<String> {
    fs::read_to_string(path).ok()?.lines().next().map(str::to_owned)
}

/// Returns the number of bytes behind `key`. The unit is called kB and has 1024 bytes.
fn kibibytes(text: &str, key: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(key))?;
    let number: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    number.checked_mul(1024)
}

/// Returns what follows `key` and a colon.
fn value(text: &str, key: &str) -> Option<String> {
    let line = text.lines().find_map(|line| line.strip_prefix(key))?;
    line.trim_start().strip_prefix(':').map(|value| value.trim().to_owned())
}

/// Returns the word in brackets.
fn chosen(words: &str) -> Option<&str> {
    words.split(' ').find_map(|word| word.strip_prefix('[')?.strip_suffix(']'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_the_kernel() {
        let memory = "MemTotal:       24684096 kB\nMemAvailable:   2 kB\nHugePages_Total:  0\n";
        assert_eq!(kibibytes(memory, "MemTotal:"), Some(24_684_096 * 1024));
        assert_eq!(kibibytes(memory, "MemAvailable:"), Some(2048));
        assert_eq!(kibibytes(memory, "HugePages_Total:"), None);
        assert_eq!(kibibytes(memory, "Nothing:"), None);
        let processor = "processor\t: 0\nmodel name\t: AMD EPYC 7763\n";
        assert_eq!(value(processor, "model name").as_deref(), Some("AMD EPYC 7763"));
        assert_eq!(chosen("always [madvise] never"), Some("madvise"));
        assert_eq!(chosen("always"), None);
    }
}
