//! What particular faults do, and which system calls there are at all.

mod common;

use std::panic::{self, AssertUnwindSafe};

use common::{Place, grow_found, grow_zeroed, items::Item};
use platform_mem::{
    Error, FileMapped, FileOptions, Global, RawMem, TempFile,
    fault::{Call, Plan, watch},
};

const ALLOCATE: &[Call] = &[Call::Allocate];

/// All calls of one kind fail.
const fn always(calls: &[Call], errno: i32) -> Plan<'_> {
    Plan { calls, skip: 0, errno, repeat: true }
}

/// Three elements, and a growth that panicked and could not cut the file to its old length.
fn left_too_long() -> (Place, FileMapped<u64>) {
    let place = Place::in_memory();
    let mut mem = place.hidden();
    mem.grow_from_slice(&u64::run(0..3)).unwrap();
    let mut values = 0..5;
    let make = || values.next().map_or_else(|| panic::resume_unwind(Box::new(())), |_| u64::MAX);
    always(&[Call::SetLength], libc::EIO).during(|| {
        panic::catch_unwind(AssertUnwindSafe(|| mem.grow_with(10, make).map(|_| ()))).unwrap_err()
    });
    assert_eq!(mem.allocated(), u64::run(0..3));
    assert!(place.len() >= 24, "never shorter");
    (place, mem)
}

#[test]
fn a_file_left_too_long_is_cut_by_the_next_call() {
    let calls: [fn(&mut FileMapped<u64>); 4] = [
        |mem| assert_eq!(grow_found(mem, 1).unwrap(), [0]),
        |mem| assert_eq!(grow_found(mem, 20).unwrap(), [0; 20]),
        |mem| mem.shrink(1).unwrap(),
        |mem| _ = mem.grow_filled(10, 1).unwrap(),
    ];
    for call in calls {
        let (place, mut mem) = left_too_long();
        call(&mut mem);
        assert_eq!(place.items::<u64>(), mem.allocated());
        drop(mem);
    }
}

#[test]
fn a_file_left_too_long_is_cut_at_the_end() {
    let ends: [fn(FileMapped<u64>); 2] = [|mem| mem.close().unwrap(), drop];
    for end in ends {
        let (place, mem) = left_too_long();
        end(mem);
        assert_eq!(place.items::<u64>(), u64::run(0..3));
    }
}

#[test]
fn restoring_that_fails_is_told() {
    let place = Place::in_memory().with(&u64::run(0..3));
    let mut mem = place.open::<u64>();
    let both = [Call::Allocate, Call::SetLength];
    // The first allocation, the one that asks for less, and each of their undoings.
    for skip in 0..2 {
        let plan = Plan { calls: &both, skip, errno: libc::ENOSPC, repeat: true };
        if let Err(error) = plan.during(|| mem.grow_filled(5, 1).map(|_| ())) {
            assert!(matches!(error, Error::Undo { .. }), "{error:?}");
            assert!(error.to_string().contains("may be longer"), "{error}");
        }
        assert_eq!(mem.allocated()[..3], u64::run(0..3));
    }
    mem.grow_filled(1, 8).unwrap();
    let refused = always(&both, libc::ENOSPC).during(|| mem.reserve(1 << 20));
    assert!(matches!(refused, Err(Error::Undo { .. })), "{refused:?}");
    mem.grow_filled(1, 9).unwrap();
    assert_eq!(place.items::<u64>(), mem.allocated());
}

#[test]
fn a_reservation_survives_calls_that_fail() {
    let full = Plan { calls: ALLOCATE, skip: 0, errno: libc::ENOSPC, repeat: false };
    let fails: [fn(&Plan<'_>, &mut FileMapped<u64>) -> bool; 3] = [
        |full, mem| full.during(|| mem.reserve(1 << 20).is_err()),
        |full, mem| full.during(|| mem.grow_filled(1 << 20, 1).is_err()),
        |_, mem| {
            let make = || panic::resume_unwind(Box::new(()));
            panic::catch_unwind(AssertUnwindSafe(|| mem.grow_with(1, make).map(|_| ()))).is_err()
        },
    ];
    for fail in fails {
        let place = Place::in_memory();
        let mut mem = place.hidden::<u64>();
        mem.grow_filled(1, 1).unwrap();
        mem.reserve(50_000).unwrap();
        assert!(fail(&full, &mut mem));
        always(ALLOCATE, libc::ENOSPC).during(|| mem.grow_filled(50_000, 2).map(|_| ())).unwrap();
        assert_eq!(place.items::<u64>(), mem.allocated());
    }
}

#[test]
fn what_is_asked_for_ahead_of_need_is_not_missed() {
    for call in [Call::Allocate, Call::Map, Call::Remap] {
        let place = Place::in_memory();
        let mut mem = place.hidden::<u64>();
        match call {
            // Blocks are asked for ahead of need once a file has grown before.
            Call::Allocate => assert_eq!(mem.grow_filled(1, 1).unwrap(), [1]),
            Call::Remap => assert_eq!(mem.grow_filled(8_000, 1).unwrap().len(), 8_000),
            _ => {}
        }
        let once = Plan { calls: &[call], skip: 0, errno: libc::ENOMEM, repeat: false };
        let outcome = once.observe(|| mem.grow_filled(1_000, 2).map(|_| ()));
        assert_eq!(outcome.failed, 1, "{call:?}");
        outcome.result.unwrap_or_else(|error| panic!("{call:?}: {error}"));
        assert_eq!(place.items::<u64>(), mem.allocated());
    }
}

#[test]
fn without_fallocate_zeroes_are_written() {
    for errno in [libc::EOPNOTSUPP, libc::ENOSYS] {
        let place = Place::in_memory().with(&u64::run(0..3));
        let mut mem = place.open::<u64>();
        let outcome = always(ALLOCATE, errno).observe(|| mem.grow_filled(1000, 7).map(|_| ()));
        outcome.result.unwrap();
        assert!(outcome.made.contains(&Call::WriteZeroes), "{:?}", outcome.made);
        let failing = [Call::Allocate, Call::WriteZeroes];
        always(&failing, errno).during(|| mem.grow_filled(1000, 7).map(|_| ())).unwrap_err();
        assert_eq!(mem.allocated().len(), 1003);
        assert_eq!(place.items::<u64>(), mem.allocated());
    }
}

#[test]
fn a_lock_that_the_file_system_does_not_have_names_the_way_out() {
    let place = Place::in_memory().with(&[1_u64]);
    let plan = always(&[Call::Lock], libc::ENOLCK);
    let refused = plan.during(|| FileMapped::<u64>::open(&place.path).map(|_| ()));
    assert!(refused.unwrap_err().to_string().contains("Lock::None"));
    let options = FileOptions::new().locked(false);
    plan.during(|| options.open::<u64>(&place.path).map(|_| ())).unwrap();
}

#[test]
fn calls_that_have_nothing_to_do_make_no_system_call() {
    let place = Place::in_memory().with(&u64::run(0..3));
    for options in [FileOptions::new(), FileOptions::new().sparse(true)] {
        let mut mem = options.open::<u64>(&place.path).unwrap();
        mem.reserve(1000).unwrap();
        let made = watch(|| {
            mem.grow_filled(0, 1).unwrap();
            mem.grow_from_slice(&[]).unwrap();
            grow_zeroed(&mut mem, 0).unwrap();
            mem.shrink(0).unwrap();
            mem.reserve(0).unwrap();
            mem.reserve(1000).unwrap();
            mem.flush_range(1..1).unwrap();
            for count in [usize::MAX, usize::MAX / 8, isize::MAX as usize / 8 - 2] {
                assert!(matches!(mem.grow_filled(count, 1), Err(Error::CapacityOverflow)));
                assert!(matches!(mem.reserve(count), Err(Error::CapacityOverflow)));
            }
            assert!(matches!(mem.shrink(4), Err(Error::OverShrink { .. })));
            assert!(matches!(mem.grow_within(2..9), Err(Error::OutOfRange { .. })));
        })
        .made;
        assert_eq!(made, []);
    }
    let made = watch(|| Global::new().grow_filled(1, 1).map(|_| ()).unwrap()).made;
    assert_eq!(made, [], "the heap");
}

/// The calls that make a file longer, and the rarer ones, of many small growths.
fn growth_calls(mut mem: impl RawMem<Item = u64>) -> (usize, usize) {
    let grow = || (0..10_000).for_each(|n| mem.grow_filled(1, n).map(|_| ()).unwrap());
    let made = watch(grow).made;
    let count = |calls: &[Call]| made.iter().filter(|made| calls.contains(made)).count();
    (
        count(&[Call::Extend, Call::SetLength, Call::Write]),
        count(&[Call::Map, Call::Remap, Call::Allocate]),
    )
}

#[test]
fn growth_is_amortised() {
    let (longer, rare) = growth_calls(FileMapped::new(common::unnamed()).unwrap());
    assert_eq!(longer, 10_000, "once each, as the length is exact");
    assert!(rare < 20, "{rare} calls that need not be made each time");
    let (longer, rare) = growth_calls(TempFile::new().unwrap());
    assert!(longer + rare < 20, "{longer} and {rare} calls where nobody sees the length");
}

#[test]
fn dropping_syncs_what_is_to_stay() {
    let place = Place::in_memory();
    let synced = |mem: FileMapped<u64>| watch(|| drop(mem)).made.contains(&Call::Sync);
    let grown = |options: FileOptions| {
        let mut mem = options.from_path::<u64>(&place.path).unwrap();
        mem.grow_filled(3, 1).unwrap();
        mem
    };
    assert!(synced(grown(FileOptions::new())));
    assert!(!synced(grown(FileOptions::new().sync_on_drop(false))));
    let mut temporary = TempFile::<u64>::new().unwrap();
    temporary.grow_filled(3, 1).unwrap();
    assert!(!watch(|| drop(temporary)).made.contains(&Call::Sync));
    // One that could not be opened has nothing to sync.
    let refused = always(&[Call::Map], libc::ENOMEM)
        .observe(|| FileMapped::<u64>::open(&place.path).map(|_| ()));
    assert!(refused.result.is_err());
    assert!(!refused.made.contains(&Call::Sync), "{:?}", refused.made);
}

#[test]
fn addresses_are_made_sure_of_before_blocks_are() {
    let place = Place::in_memory();
    let mut mem = place.hidden::<u64>();
    mem.grow_filled(1, 1).unwrap();
    let made = watch(|| mem.grow_filled(1 << 20, 1).map(|_| ()).unwrap()).made;
    let at = |call| made.iter().position(|made| *made == call);
    assert!(at(Call::Map).is_some() && at(Call::Map) < at(Call::Allocate), "{made:?}");
}

#[test]
fn blocks_of_a_reservation_that_cannot_be_had_again_are_given_back() {
    let place = Place::in_memory();
    let mut mem = place.hidden::<u64>();
    mem.grow_filled(1, 1).unwrap();
    mem.reserve(50_000).unwrap();
    let outcome =
        always(ALLOCATE, libc::ENOSPC).observe(|| mem.grow_filled(1 << 20, 1).map(|_| ()));
    assert!(outcome.result.is_err());
    // ext4 keeps what it had found before it refused, behind the end, until the file is cut.
    assert_eq!(outcome.made.last(), Some(&Call::SetLength), "{:?}", outcome.made);
}

#[test]
fn a_failed_flush_is_remembered() {
    let place = Place::in_memory();
    for (call, errno) in [(Call::Sync, libc::EIO), (Call::Flush, libc::ENOSPC)] {
        let mut mem = place.hidden::<u64>();
        mem.grow_filled(3, 1).unwrap();
        let once = Plan { calls: &[call], skip: 0, errno, repeat: false };
        let first = once.during(|| mem.flush_range(..).and_then(|()| mem.flush())).unwrap_err();
        assert!(matches!(&first, Error::System(error) if error.raw_os_error() == Some(errno)));
        let told = first.to_string();
        for again in [mem.flush(), mem.flush_range(..), mem.flush_range(0..0)] {
            match again {
                Err(Error::FlushFailed { first, .. }) => assert_eq!(first, told),
                other => panic!("{other:?}"),
            }
        }
        mem.grow_filled(1, 2).unwrap();
        assert!(matches!(mem.close(), Err(Error::FlushFailed { .. })));
    }
}

#[test]
fn a_file_that_is_refused_is_left_alone() {
    let place = Place::in_memory();
    std::fs::write(&place.path, [1, 2, 3]).unwrap();
    let outcome = watch(|| FileMapped::<u64>::open(&place.path));
    assert!(matches!(outcome.result.unwrap_err().cause(), Error::LeftOver { bytes: 3, .. }));
    let harmless = [Call::CheckAccess, Call::Identity, Call::Length, Call::Lock];
    assert!(outcome.made.iter().all(|call| harmless.contains(call)), "{:?}", outcome.made);
}

#[test]
fn a_reservation_refused_ahead_of_need_does_not_excuse_a_foreign_change() {
    let place = Place::in_memory();
    let mut mem = place.hidden::<u64>();
    grow_zeroed(&mut mem, 1000).unwrap();
    grow_zeroed(&mut mem, 1000).unwrap();
    let once = Plan { calls: ALLOCATE, skip: 0, errno: libc::ENOSPC, repeat: false };
    let outcome = once.observe(|| grow_zeroed(&mut mem, 20_000).map(|_| ()));
    outcome.result.unwrap();
    assert_eq!(outcome.failed, 1);
    let length = place.len() + 80;
    std::fs::File::options().write(true).open(&place.path).unwrap().set_len(length).unwrap();
    assert!(matches!(grow_zeroed(&mut mem, 1), Err(Error::LengthChanged { .. })));
    assert!(matches!(mem.close(), Err(Error::LengthChanged { .. })));
    assert_eq!(place.len(), length);
}

#[test]
fn a_mapping_that_cannot_become_longer_is_undone_or_told() {
    let place = Place::in_memory();
    let options = FileOptions::new().spare_capacity(true);
    let mut mem = options.from_path::<u64>(&place.path).unwrap();
    mem.grow_filled(1, 1).unwrap();
    let spare = place.len() as usize / 8 - 1;
    mem.grow_filled(spare, 2).unwrap();
    let length = place.len();
    let plan =
        Plan { calls: &[Call::Remap, Call::SetLength], skip: 0, errno: libc::ENOMEM, repeat: true };
    let error = plan.during(|| mem.grow_filled(20_000, 3).map(|_| ())).unwrap_err();
    assert!(matches!(error, Error::Undo { .. }), "{error}");
    assert!(place.len() >= length);
    assert_eq!(mem.grow_filled(1, 4).unwrap(), [4]);
}

#[test]
fn where_blocks_cannot_be_reserved_addresses_are() {
    for spare in [false, true] {
        let place = Place::in_memory();
        let options = FileOptions::new().spare_capacity(spare).sync_on_drop(false);
        let mut mem = options.from_path::<u64>(&place.path).unwrap();
        mem.grow_filled(3, 1).unwrap();
        let (never, length) = (always(ALLOCATE, libc::EOPNOTSUPP), place.len());
        never.during(|| mem.reserve(100_000)).unwrap();
        assert_eq!(place.len(), length);
        let first = mem.allocated().as_ptr();
        let outcome = never.observe(|| {
            for n in 0..10 {
                mem.grow_filled(10_000, n).unwrap();
                assert_eq!(mem.allocated().as_ptr(), first, "moved at {n}, spare {spare}");
            }
        });
        assert!(!outcome.made.contains(&Call::Remap), "{:?}", outcome.made);
        assert_eq!(mem.allocated()[..4], [1, 1, 1, 0]);
        assert_eq!(mem.len(), 100_003);
    }
}
