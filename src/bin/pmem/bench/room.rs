//! The memory and the disk that there are, and whether they suffice for what is to be measured.

use std::path::Path;

use anyhow::bail;

use super::case::Backend;
use super::plan::Plan;
use crate::error::At as _;
use crate::system::{disk_available, memory_available};
use crate::text::{Name, Size};

/// The largest size of a memory that nobody asked for.
const DEFAULT: u64 = 64 << 20;

/// File systems that keep their files in memory.
const IN_MEMORY: [&str; 2] = ["tmpfs", "ramfs"];

/// What there is, in bytes; what is not known is not limited.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    memory: u64,
    disk: u64,
    /// Do files take memory, too?
    files_in_memory: bool,
}

impl Room {
    /// Looks up what there is, with files, if there are any, in `dir`.
    ///
    /// # Errors
    ///
    /// There is no such directory.
    pub(crate) fn of(dir: &Path, files: bool, filesystem: Option<&str>) -> anyhow::Result<Self> {
        if files {
            // The backends create theirs in the same way.
            tempfile::tempfile_in(dir).at(dir)?;
        }
        Ok(Self {
            memory: memory_available().unwrap_or(u64::MAX),
            disk: if files { disk_available(dir).at(dir)? } else { u64::MAX },
            files_in_memory: filesystem.is_some_and(|name| IN_MEMORY.contains(&name)),
        })
    }

    /// Returns how many bytes a memory takes without --count: an eighth of what there is, at most 64 MiB.
    pub(crate) fn default_bytes(self, backends: &[Backend]) -> u64 {
        1 << (self.least(backends) / 8).clamp(1 << 12, DEFAULT).ilog2()
    }

    /// Returns how many bytes several memories may take together: a quarter of what there is, at most
    /// 64 MiB.
    pub(crate) fn together(self, backends: &[Backend]) -> u64 {
        (self.least(backends) / 4).min(DEFAULT)
    }

    /// Returns the smaller of the two, or the memory if there are no files.
    fn least(self, backends: &[Backend]) -> u64 {
        let files = backends.iter().any(|backend| backend.is_file());
        if files { self.memory.min(self.disk) } else { self.memory }
    }

    /// Makes sure that there is enough for `plan`.
    ///
    /// # Errors
    ///
    /// There is not enough; the message has the numbers.
    pub(crate) fn suffice(self, plan: &Plan) -> anyhow::Result<()> {
        let (memory, disk) = self.needs(plan);
        let Plan { count, element, dir, .. } = plan;
        let size = |bytes: u128| Size(u64::try_from(bytes).unwrap_or(u64::MAX));
        if memory > self.memory.into() {
            bail!(
                "not enough memory: {count} {element} elements need {}, {} are available; \
                 choose a smaller --count",
                size(memory),
                Size(self.memory)
            );
        }
        if disk > self.disk.into() {
            bail!(
                "{}: not enough room: {count} {element} elements need {}, {} are available; \
                 choose a smaller --count or another --dir",
                Name(dir),
                size(disk),
                Size(self.disk)
            );
        }
        Ok(())
    }

    /// Returns the bytes of memory and of disk that `plan` takes at most.
    fn needs(self, plan: &Plan) -> (u128, u128) {
        // Some operations keep a memory of each backend, the others make one when it is their turn.
        let keeps = plan.operations.iter().any(|operation| operation.repeats());
        let makes = plan.operations.iter().any(|operation| !operation.repeats());
        let most = |is_file: bool| {
            let of = plan.backends.iter().filter(|backend| backend.is_file() == is_file);
            let one = of.clone().map(|backend| plan.most_bytes(*backend)).max().unwrap_or(0);
            let kept = plan.bytes() * of.count() as u128;
            u128::from(keeps) * kept + u128::from(makes) * one
        };
        let (memory, disk) = (most(false), most(true));
        (if self.files_in_memory { memory + disk } else { memory }, disk)
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::super::plan::tests::plan;
    use super::*;

    const GIB: u64 = 1 << 30;

    #[test]
    fn messages_have_the_numbers() {
        let have = Room { memory: 2 * GIB, disk: 3 * GIB, files_in_memory: false };
        for (backend, count, size, expected) in [
            (Backend::Global, GIB, 1, ""),
            (
                Backend::Global,
                GIB,
                8,
                "not enough memory: 1073741824 u64 elements need 16.0 GiB, 2.0",
            ),
            (Backend::Temp, GIB, 1, ""),
            (
                Backend::File,
                2 * GIB,
                1,
                "dir: not enough room: 2147483648 u8 elements need 4.0 GiB, ",
            ),
            (
                Backend::System,
                u64::MAX,
                16,
                "18446744073709551615 u128 elements need 16.0 EiB, 2.0",
            ),
        ] {
            let result = have.suffice(&plan(&[backend], count, size));
            let said = result.map_or_else(|error| error.to_string(), |()| String::new());
            assert!(said.contains(expected) && said.is_empty() == expected.is_empty(), "{said}");
        }
    }

    #[test]
    fn files_in_memory_take_memory() {
        let have = Room { memory: 3 * GIB, disk: 8 * GIB, files_in_memory: true };
        let suffices = |backends: &[Backend]| have.suffice(&plan(backends, GIB, 1)).is_ok();
        assert!(suffices(&[Backend::File]) && suffices(&[Backend::Global]));
        // The memories of both backends are there at the same time.
        assert!(!suffices(&[Backend::Global, Backend::File]));
    }

    #[test]
    fn defaults_fit() {
        for (memory, disk, backends, expected) in [
            (u64::MAX, u64::MAX, Backend::value_variants(), DEFAULT),
            (GIB, 9 << 20, Backend::value_variants(), 1 << 20),
            (GIB, 9 << 20, &[Backend::Global], DEFAULT),
            (0, 0, Backend::value_variants(), 1 << 12),
        ] {
            let have = Room { memory, disk, files_in_memory: false };
            assert_eq!(have.default_bytes(backends), expected, "{memory} {disk}");
        }
    }
}
