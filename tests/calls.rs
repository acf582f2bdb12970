//! Which system calls a memory in a file makes, and which it spares, at the edges of its rules.

mod common;

use common::{Place, child, child_work, grow_found, grow_zeroed, items::Item, unnamed};
use platform_mem::{
    FileMapped, FileOptions, RawMem, TempFile,
    fault::{Call, Plan, watch},
};

/// Elements of eight bytes that fit the buffer of a growth.
const BUFFERED: usize = 256 * 1024 / 8;

/// The growth from which on the length of a file is set before its blocks are reserved.
const LARGE: usize = (1 << 20) / 8;

/// The calls that `work` makes, but for those that only look.
fn calls(work: impl FnOnce()) -> Vec<Call> {
    let mut made = watch(work).made;
    made.retain(|call| ![Call::Available, Call::Length].contains(call));
    made
}

fn spare(place: &Place) -> FileMapped<u64> {
    FileOptions::new().spare_capacity(true).sync_on_drop(false).from_path(&place.path).unwrap()
}

#[test]
fn spare_capacity_takes_what_fits_a_buffer() {
    let place = Place::in_memory();
    let mut mem = spare(&place);
    mem.grow_filled(8 * BUFFERED, 1).unwrap();
    mem.grow_filled(1, 1).unwrap();
    let made = watch(|| mem.grow_filled(BUFFERED, 2).map(|_| ()).unwrap()).made;
    assert_eq!(made, [], "a full buffer");
    let made = watch(|| mem.grow_filled(BUFFERED + 1, 3).map(|_| ()).unwrap()).made;
    assert!(made.contains(&Call::Write), "more than a buffer: {made:?}");
    assert!(mem.allocated()[8 * BUFFERED + 1..][..BUFFERED].iter().all(|n| *n == 2));
}

#[test]
fn spare_capacity_is_used_up_to_its_last_slot() {
    let place = Place::in_memory();
    let mut mem = spare(&place);
    mem.grow_filled(1, 1).unwrap();
    let free = place.len() as usize / 8 - 1;
    let made = watch(|| mem.grow_filled(free, 2).map(|_| ()).unwrap()).made;
    assert_eq!(made, []);
    let made = watch(|| mem.grow_filled(1, 3).map(|_| ()).unwrap()).made;
    assert!(!made.is_empty(), "there was no slot left");
}

#[test]
fn spare_capacity_overwrites_no_stored_element() {
    let place = Place::in_memory().with(&u64::run(0..3));
    let mut mem = spare(&place);
    assert_eq!(mem.grow_filled(2, 99).unwrap(), u64::run(0..2));
    assert_eq!(mem.grow_filled(2, 99).unwrap(), [u64::nth(2), 99]);
    assert_eq!(grow_found(&mut mem, 1).unwrap(), [0]);
}

#[test]
fn a_spare_file_is_cut_by_large_shrinks_only() {
    let place = Place::in_memory();
    let mut mem = spare(&place);
    mem.grow_filled(8 * BUFFERED, 1).unwrap();
    let full = place.len();
    mem.shrink(BUFFERED).unwrap();
    assert_eq!(place.len(), full, "a buffer of elements stays as spare capacity");
    mem.shrink(BUFFERED + 1).unwrap();
    assert_eq!(place.len(), (6 * BUFFERED as u64 - 1) * 8, "more than a buffer is cut");
}

#[test]
fn a_spare_file_is_cut_when_a_quarter_is_left() {
    let place = Place::in_memory();
    let mut mem = spare(&place);
    mem.grow_filled(400, 1).unwrap();
    let slots = place.len() as usize / 8;
    let quarter = slots / 4;
    mem.grow_filled(quarter + 1 - 400, 1).unwrap();
    mem.grow_filled(1, 1).unwrap();
    mem.shrink(1).unwrap();
    assert_eq!(place.len() as usize, slots * 8, "more than a quarter is left");
    mem.shrink(1).unwrap();
    assert_eq!(place.len() as usize, quarter * 8, "a quarter is left");
}

#[test]
fn reserving_what_is_reserved_asks_nobody() {
    let place = Place::in_memory();
    let mut mem = place.hidden::<u64>();
    mem.reserve(1000).unwrap();
    assert_eq!(watch(|| mem.reserve(1000).unwrap()).made, []);
    assert_eq!(watch(|| mem.reserve(0).unwrap()).made, []);
    assert!(calls(|| mem.reserve(1001).unwrap()).contains(&Call::Allocate));
}

#[test]
fn a_mapping_that_suffices_is_not_made_anew() {
    let place = Place::in_memory();
    let mut mem = place.hidden::<u64>();
    mem.grow_filled(1, 1).unwrap();
    // The first mapping is of 64 KiB.
    let made = calls(|| mem.grow_filled(8191, 1).map(|_| ()).unwrap());
    assert!(!made.contains(&Call::Map) && !made.contains(&Call::Remap), "{made:?}");
    let made = calls(|| mem.grow_filled(1, 1).map(|_| ()).unwrap());
    assert!(made.contains(&Call::Map) && made.contains(&Call::Remap), "{made:?}");
}

#[test]
fn the_length_is_set_first_if_a_growth_is_large() {
    let place = Place::in_memory();
    let mut mem = place.hidden::<u64>();
    let small = calls(|| grow_zeroed(&mut mem, LARGE - 1).map(|_| ()).unwrap());
    assert_eq!(small, [Call::Map, Call::Allocate, Call::Extend]);
    let large = calls(|| grow_zeroed(&mut mem, LARGE).map(|_| ()).unwrap());
    assert_eq!(large, [Call::Map, Call::SetLength, Call::Allocate, Call::Remap]);
}

/// A file system in memory would use up all of it before it refuses.
#[test]
#[cfg(all(target_os = "linux", not(platform_mem_portable)))]
fn what_cannot_fit_is_refused_before_a_block_is_reserved() {
    use rustix::fs::{MemfdFlags, memfd_create};

    const TOO_MUCH: usize = 1 << 43;

    // One that tells its size, and one without a limit of its own.
    let limited = Place::in_memory();
    let unlimited = std::fs::File::from(memfd_create("unlimited", MemfdFlags::CLOEXEC).unwrap());
    for file in [limited.hidden::<u8>(), FileMapped::new(unlimited).unwrap()] {
        let mut mem = file;
        mem.grow_filled(5, 1).unwrap();
        // Should the library reserve blocks after all, it does not get them.
        let full = Plan { calls: &[Call::Allocate], skip: 0, errno: libc::ENOSPC, repeat: true };
        type Way = fn(&mut FileMapped<u8>) -> platform_mem::Result<()>;
        let ways: [Way; 4] = [
            |mem| mem.grow_filled(TOO_MUCH, 1).map(|_| ()),
            |mem| grow_zeroed(mem, TOO_MUCH).map(|_| ()),
            |mem| mem.reserve(TOO_MUCH),
            |mem| mem.set_stored(TOO_MUCH),
        ];
        for way in ways {
            let outcome = full.observe(|| way(&mut mem));
            let refused = std::io::Error::from(outcome.result.unwrap_err());
            assert_eq!(refused.kind(), std::io::ErrorKind::StorageFull);
            assert!(outcome.made.contains(&Call::Available), "{:?}", outcome.made);
            let tried = outcome.made.windows(2).any(|w| w == [Call::Available, Call::Allocate]);
            assert!(!tried, "{:?}", outcome.made);
            assert_eq!((mem.allocated(), mem.stored()), (&[1; 5][..], 5));
        }
    }
}

#[test]
fn a_sparse_file_gets_its_length_and_no_blocks() {
    let place = Place::in_memory();
    let options = FileOptions::new().sparse(true).sync_on_drop(false);
    let mut mem = options.from_path::<u64>(&place.path).unwrap();
    let made = calls(|| grow_zeroed(&mut mem, 10).map(|_| ()).unwrap());
    assert_eq!(made, [Call::Map, Call::SetLength]);
}

#[test]
fn undoing_asks_for_no_blocks_that_were_not_there() {
    let place = Place::in_memory();
    let mut mem = place.hidden::<u64>();
    let plan = Plan { calls: &[Call::Write], skip: 0, errno: libc::EIO, repeat: true };
    let made = plan.observe(|| mem.grow_filled(10, 1).map(|_| ()).unwrap_err()).made;
    assert_eq!(made.iter().filter(|call| **call == Call::SetLength).count(), 1, "{made:?}");
    assert_eq!(made.last(), Some(&Call::SetLength), "{made:?}");
}

#[test]
fn an_empty_file_is_not_mapped() {
    let place = Place::in_memory();
    let made = watch(|| drop(place.hidden::<u64>())).made;
    assert!(!made.contains(&Call::Map), "{made:?}");
}

#[test]
fn a_length_that_the_file_has_is_not_set() {
    let place = Place::in_memory();
    let mut mem = spare(&place);
    mem.grow_filled(1, 1).unwrap();
    let slots = place.len() as usize / 8;
    assert_eq!(calls(|| mem.set_stored(slots).unwrap()), []);
    assert_eq!(mem.stored(), slots);
}

/// A growth asks for as many addresses as its mapping becomes longer by, not for more.
#[test]
#[cfg(target_os = "linux")]
fn a_growth_needs_addresses_for_the_difference_only() {
    const NAME: &str = "a_growth_needs_addresses_for_the_difference_only";
    const MIB: u64 = 1 << 20;
    if child_work().is_none() {
        let output = child(NAME, "limited").output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        return;
    }
    let options = FileOptions::new().sparse(true).sync_on_drop(false);
    let mut mem = options.from_file::<u8>(unnamed()).unwrap();
    let mut grow = |mib: u64| {
        // SAFETY: any bytes are numbers.
        unsafe { mem.grow_zeroed((mib * MIB) as usize) }.map(|_| ())
    };
    grow(2048).unwrap();
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    let used = pages.split(' ').next().unwrap().parse::<u64>().unwrap() * 4096;
    let most = used + 1024 * MIB;
    let limit = libc::rlimit { rlim_cur: most, rlim_max: most };
    // SAFETY: the structure is ours, and lives until the call returns.
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_AS, &raw const limit) }, 0);
    let made = calls(|| grow(1100).unwrap_err().to_string().clear());
    assert_eq!(made, [Call::Map], "it was refused before anything was done");
    grow(800).unwrap();
}

#[test]
fn a_temporary_file_appends_with_calls_that_grow_as_the_logarithm() {
    let mut mem = TempFile::<u64>::new().unwrap();
    let mut append = |count: u64| {
        watch(|| (0..count).for_each(|_| mem.grow_filled(1, 7).map(|_| ()).unwrap())).made.len()
    };
    append(100_000);
    // Half as much again each time: a tenfold length takes six steps of a few calls.
    let made = append(900_000);
    assert!((1..60).contains(&made), "{made} calls for 900,000 elements");
    let made = watch(|| (0..1000).for_each(|_| mem.shrink(1).unwrap())).made;
    assert_eq!(made, [], "to remove them one by one");
    assert_eq!(mem.len(), 999_000);
    assert!(mem.allocated().iter().all(|n| *n == 7));
    let made = watch(|| drop(mem)).made;
    assert_eq!(made, [], "nobody needs what is gone");
}

#[test]
fn a_temporary_file_gives_back_what_it_does_not_need() {
    let place = Place::new();
    let mut mem = TempFile::<u64>::new_in(place.dir.path()).unwrap();
    mem.grow_filled(1 << 20, 1).unwrap();
    let made = calls(|| mem.shrink((1 << 20) - 10).unwrap());
    assert_eq!(made, [Call::SetLength]);
    // SAFETY: zero is a number.
    assert_eq!(unsafe { mem.grow_zeroed(1000) }.unwrap(), [0; 1000]);
}
