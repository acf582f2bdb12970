//! Disks that are really full. Needs root, to mount file systems of its own.

mod common;

use std::{
    fs::{self, File},
    io::{ErrorKind, Write},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    process::Command,
};

use common::{grow_found, grow_zeroed, items::Item, skip};
use platform_mem::{Error, FileMapped, FileView, RawMem, TempFile};
use tempfile::TempDir;

/// A file system of its own, unmounted at the end.
struct Disk {
    dir: TempDir,
    at: PathBuf,
    is_ext4: bool,
}

impl Disk {
    fn tmpfs(size: &str) -> Result<Self, String> {
        Self::mount(&["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"], |_| Ok(()))
    }

    /// Formats an image of `mib` MiB with `mkfs`, and mounts it.
    fn image(mkfs: &[&str], mib: u64) -> Result<Self, String> {
        let mut disk = Self::mount(&["-o", "loop", "image"], |dir| {
            let image = File::create(dir.join("image")).map_err(|error| error.to_string())?;
            image.set_len(mib << 20).map_err(|error| error.to_string())?;
            run(Command::new(mkfs[0]).args(&mkfs[1..]).arg("image").current_dir(dir))
        })?;
        disk.is_ext4 = mkfs[0] == "mkfs.ext4";
        Ok(disk)
    }

    /// A file system of two directories, as containers have.
    fn overlay() -> Result<Self, String> {
        const PARTS: &str = "lowerdir=lower,upperdir=upper,workdir=work";
        Self::mount(&["-t", "overlay", "-o", PARTS, "overlay"], |dir| {
            // The upper directory of an overlay cannot lie on another one.
            run(Command::new("mount").args(["-t", "tmpfs", "-o", "size=8m", "parts"]).arg(dir))?;
            for part in ["lower", "upper", "work", "mounted"] {
                fs::create_dir(dir.join(part)).map_err(|error| error.to_string())?;
            }
            Ok(())
        })
    }

    fn mount(
        options: &[&str],
        prepare: impl FnOnce(&Path) -> Result<(), String>,
    ) -> Result<Self, String> {
        // What is mounted is seen by this thread only, and gone when it is, even by a signal.
        // SAFETY: the call takes a number and touches no memory of ours.
        if unsafe { libc::unshare(libc::CLONE_NEWNS) } != 0 {
            return Err(format!("no mounts of our own: {}", std::io::Error::last_os_error()));
        }
        run(Command::new("mount").args(["--make-rprivate", "/"]))?;
        let dir = tempfile::tempdir().map_err(|error| error.to_string())?;
        let at = dir.path().join("mounted");
        fs::create_dir(&at).map_err(|error| error.to_string())?;
        prepare(dir.path())?;
        run(Command::new("mount").args(options).arg(&at).current_dir(dir.path()))?;
        Ok(Self { dir, at, is_ext4: false })
    }

    fn path(&self) -> PathBuf {
        self.at.join("data.bin")
    }

    fn bytes(&self) -> Vec<u8> {
        fs::read(self.path()).unwrap()
    }

    /// Leaves no free block.
    fn fill(&self) -> File {
        let mut file = File::create(self.at.join("filler")).unwrap();
        let mut chunk = vec![1; 1 << 16];
        while !chunk.is_empty() {
            match file.write(&chunk) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => {
                    chunk.truncate(chunk.len() / 2);
                }
                Err(error) => panic!("{error}"),
            }
        }
        file.sync_all().unwrap();
        file
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let at = self.dir.path().join("mounted");
        if run(Command::new("umount").arg(&at)).is_err() {
            let _ = run(Command::new("umount").arg("--lazy").arg(&at));
        }
    }
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    let error = || format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr).trim());
    output.status.success().then_some(()).ok_or_else(error)
}

macro_rules! on_disks {
    ($($name:ident: $disk:expr),* $(,)?; $rules:tt) => {
        $(on_disks! { @disk $name: $disk; $rules })*
    };
    (@disk $name:ident: $disk:expr; { $($rule:ident)* }) => {
        on_disks! { @disk $name: $disk; $($rule)* }
    };
    (@disk $name:ident: $disk:expr; $($rule:ident)*) => {
        mod $name {
            use super::*;

            $(#[test]
            fn $rule() {
                match $disk {
                    Ok(disk) => rules::$rule(&disk),
                    Err(reason) => skip(concat!(stringify!($name), "::", stringify!($rule)), reason),
                }
            })*
        }
    };
}

on_disks! {
    tmpfs: Disk::tmpfs("1m"),
    ext4: Disk::image(&["mkfs.ext4", "-qF"], 8),
    xfs: Disk::image(&["mkfs.xfs", "-qf"], 320);
    {
    growth_on_a_full_disk_is_an_error
    elements_can_be_stored_to_when_the_disk_is_full
    reserved_room_is_there_when_the_disk_is_full
    a_temporary_file_on_a_full_disk_is_an_error
    new_elements_are_zero_whatever_was_behind_the_end
    }
}

// File systems without `fallocate`, where zeroes are written.
on_disks! {
    ext2: Disk::image(&["mkfs.ext2", "-qF"], 8),
    ext3: Disk::image(&["mkfs.ext3", "-qF"], 8);
    {
        growth_is_exact_or_refused
        elements_can_be_stored_to_when_the_disk_is_full
    }
}

// File systems that cannot promise that a store to a full disk works.
on_disks! {
    btrfs: Disk::image(&["mkfs.btrfs", "-qf"], 128),
    vfat: Disk::image(&["mkfs.vfat"], 8),
    overlay: Disk::overlay();
    {
        growth_is_exact_or_refused
    }
}

#[test]
fn overlay_has_two_files_for_two_paths() {
    let disk = match Disk::overlay() {
        Ok(disk) => disk,
        Err(reason) => return skip("overlay_has_two_files_for_two_paths", reason),
    };
    let below = disk.dir.path().join("lower/below.bin");
    fs::write(&below, [0; 80]).unwrap();
    let merged = FileMapped::<u64>::open(disk.at.join("below.bin")).unwrap();
    // As the documentation says: no lock knows that these are one file.
    let mut lower = FileMapped::<u64>::open(&below).unwrap();
    lower.grow_filled(1, 7).unwrap();
    assert_eq!((merged.len(), lower.len()), (10, 11));
}

mod rules {
    use super::*;

    pub(super) fn growth_is_exact_or_refused(disk: &Disk) {
        let mut mem = FileMapped::<u64>::from_path(disk.path()).unwrap();
        let mut model = Vec::new();
        mem.reserve(1000).unwrap();
        for step in [1, 511, 300_000, 600_000, 50_000] {
            assert!(grow_zeroed(&mut mem, 1 << 27).is_err(), "more than any of these disks");
            let new = u64::run(model.len()..model.len() + step);
            match mem.grow_from_slice(&new).map(|_| ()) {
                Ok(()) => model.extend(new),
                Err(Error::System(error)) => assert_eq!(error.kind(), ErrorKind::StorageFull),
                Err(error) => panic!("{error}"),
            }
            assert_eq!(mem.allocated(), model, "{step}");
            assert_eq!(fs::metadata(disk.path()).unwrap().len() as usize, model.len() * 8);
        }
        assert!(model.len() >= 300_512, "{} elements", model.len());
        mem.shrink(300_000).unwrap();
        model.truncate(model.len() - 300_000);
        mem.flush_range(3..5).unwrap();
        assert!(matches!(FileMapped::<u64>::open(disk.path()).unwrap_err().cause(), Error::Locked));
        mem.close().unwrap();
        assert_eq!(FileView::<u64>::open(disk.path()).unwrap()[..], model);
        TempFile::new_in(&disk.at).unwrap().grow_filled(1000, 1_u64).unwrap();
    }

    pub(super) fn growth_on_a_full_disk_is_an_error(disk: &Disk) {
        let mut mem = FileMapped::<u64>::from_path(disk.path()).unwrap();
        let mut model = Vec::new();
        for step in [400_000, 50_000, 511, 1] {
            loop {
                let new = u64::run(model.len()..model.len() + step);
                match mem.grow_from_slice(&new) {
                    Ok(_) => model.extend(new),
                    Err(Error::System(error)) => {
                        assert_eq!(error.kind(), ErrorKind::StorageFull);
                        break;
                    }
                    Err(error) => panic!("{error}"),
                }
            }
            let zeroed = grow_zeroed(&mut mem, 1 << 27).map(|_| ());
            assert!(matches!(zeroed, Err(Error::System(_))), "more than the disk: {zeroed:?}");
            assert!(matches!(mem.reserve(1 << 27), Err(Error::System(_))));
            assert_eq!(mem.allocated(), model);
            assert_eq!(disk.bytes(), bytemuck::cast_slice::<u64, u8>(&model));
        }
        assert!(model.len() > 60_000, "{} elements on the disk", model.len());
        mem.allocated_mut().fill(7);
        mem.shrink(model.len() / 2).unwrap();
        mem.grow_filled(model.len() / 4, 7).unwrap();
        mem.close().unwrap();
        assert!(disk.bytes().chunks(8).all(|element| *element == 7_u64.to_ne_bytes()));
    }

    pub(super) fn elements_can_be_stored_to_when_the_disk_is_full(disk: &Disk) {
        let mut mem = FileMapped::<u64>::from_path(disk.path()).unwrap();
        grow_zeroed(&mut mem, 1000).unwrap();
        grow_found(&mut mem, 60_000).unwrap();
        disk.fill();
        for round in 1..4 {
            mem.allocated_mut().fill(round);
            mem.flush().unwrap();
        }
        assert_eq!(mem.allocated(), [3; 61_000]);
        mem.close().unwrap();
    }

    pub(super) fn reserved_room_is_there_when_the_disk_is_full(disk: &Disk) {
        let mut mem = FileMapped::<u64>::from_path(disk.path()).unwrap();
        mem.grow_filled(1, 1).unwrap();
        mem.reserve(60_000).unwrap();
        disk.fill();
        // What ext4 takes for a growth that fails it does not give back in full.
        if !disk.is_ext4 {
            mem.grow_filled(1 << 24, 1).map(|_| ()).unwrap_err();
            mem.reserve(1 << 24).unwrap_err();
        }
        let start = mem.allocated().as_ptr();
        for at in 0..600 {
            mem.grow_filled(100, at).unwrap();
        }
        assert_eq!(mem.allocated().as_ptr(), start);
        mem.close().unwrap();
        assert_eq!(disk.bytes().len(), 60_001 * 8);
    }

    pub(super) fn a_temporary_file_on_a_full_disk_is_an_error(disk: &Disk) {
        let mut mem = TempFile::new_in(&disk.at).unwrap();
        mem.grow_filled(10_000, 1_u64).unwrap();
        disk.fill();
        mem.grow_filled(1 << 24, 1).map(|_| ()).unwrap_err();
        mem.allocated_mut().fill(2);
        assert_eq!(mem.allocated(), [2; 10_000]);
    }

    /// tmpfs keeps what a mapping has written behind the end of a file.
    pub(super) fn new_elements_are_zero_whatever_was_behind_the_end(disk: &Disk) {
        let grows: [fn(&mut FileMapped<u64>) -> usize; 4] = [
            |mem| grow_zeroed(mem, 3).unwrap().len(),
            |mem| grow_zeroed(mem, 3000).unwrap().len(),
            |mem| grow_found(mem, 3).unwrap().len(),
            |mem| grow_found(mem, 3000).unwrap().len(),
        ];
        for grow in grows {
            let file = File::options()
                .read(true)
                .write(true)
                .create(true)
                .truncate(true)
                .open(disk.path());
            let file = file.unwrap();
            file.write_all_at(&[1; 8], 0).unwrap();
            let map = memmap2::MmapOptions::new().len(4096).map_raw(&file).unwrap();
            for at in 8..4096 {
                // SAFETY: the page is mapped, and nobody else uses it.
                let byte = unsafe { map.as_mut_ptr().add(at) };
                // SAFETY: as above.
                unsafe { byte.write_volatile(0xAA) };
            }
            drop((map, file));
            let mut mem = FileMapped::<u64>::open(disk.path()).unwrap();
            let new = grow(&mut mem);
            assert_eq!(mem.allocated()[1..], vec![0; new]);
        }
    }
}
