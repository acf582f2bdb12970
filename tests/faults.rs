//! Every system call of every operation fails, in every way, once and from then on: the operation
//! is an error or it is done, never something between.

mod common;

use std::fmt::Debug;

use common::{Place, grow_found, grow_zeroed, items::Item};
use platform_mem::{
    Advice, Error, FileMapped, FileOptions, FileView, RawMem, Result,
    fault::{Call, Plan, watch},
};

/// What a call can fail of. The one that is made again by the library is a test of its own.
const ERRNOS: [(&str, i32); 8] = [
    ("ENOSPC", libc::ENOSPC),
    ("EFBIG", libc::EFBIG),
    ("EDQUOT", libc::EDQUOT),
    ("ENOMEM", libc::ENOMEM),
    ("EIO", libc::EIO),
    ("EPERM", libc::EPERM),
    ("EINVAL", libc::EINVAL),
    ("EOPNOTSUPP", libc::EOPNOTSUPP),
];

/// Elements in the file when a memory is opened.
const STORED: usize = 20;

type Mem = FileMapped<u64>;

/// How a memory is made and what is done with it until the operation that meets the fault.
#[derive(Clone, Copy, Debug)]
enum Before {
    Fresh,
    Open,
    Hidden,
    HalfHidden,
    Grown,
    Reserved,
}

const BEFORE: [Before; 6] = [
    Before::Fresh,
    Before::Open,
    Before::Hidden,
    Before::HalfHidden,
    Before::Grown,
    Before::Reserved,
];

impl Before {
    fn place(self) -> Place {
        match self {
            Self::Fresh => Place::in_memory().with::<u64>(&[]),
            _ => Place::in_memory().with(&u64::run(0..STORED)),
        }
    }

    fn mem(self, options: FileOptions, place: &Place) -> Result<Mem> {
        let mut mem = match self {
            Self::Fresh | Self::Hidden | Self::HalfHidden => options.from_path(&place.path)?,
            _ => options.open(&place.path)?,
        };
        match self {
            Self::Fresh | Self::Hidden | Self::Open => {}
            Self::HalfHidden => _ = grow_found(&mut mem, STORED / 2)?,
            Self::Grown => _ = mem.grow_from_slice(&u64::run(0..1000))?,
            Self::Reserved => mem.reserve(50)?,
        }
        Ok(mem)
    }
}

/// What meets the fault.
type Operation = (&'static str, fn(&mut Mem) -> Result<()>);

const OPERATIONS: [Operation; 15] = [
    ("grow_filled(1)", |mem| mem.grow_filled(1, 7).map(|_| ())),
    ("grow_filled(30)", |mem| mem.grow_filled(30, 7).map(|_| ())),
    ("grow_filled(200_000)", |mem| mem.grow_filled(200_000, 7).map(|_| ())),
    ("grow_zeroed(30)", |mem| grow_zeroed(mem, 30).map(|_| ())),
    ("grow_found(30)", |mem| grow_found(mem, 30).map(|_| ())),
    ("grow_from_slice", |mem| mem.grow_from_slice(&[7; 30]).map(|_| ())),
    ("grow_within", |mem| mem.grow_within(..).map(|_| ())),
    ("shrink", |mem| mem.shrink(mem.allocated().len().min(3))),
    ("reserve(60)", |mem| mem.reserve(60)),
    ("reserve(200_000)", |mem| mem.reserve(200_000)),
    ("set_stored", |mem| mem.set_stored(STORED + 1000)),
    ("advise", |mem| mem.advise(Advice::Random)),
    ("flush", |mem| mem.flush()),
    ("flush_range", |mem| mem.flush_range(..)),
    ("nothing", |mem| {
        grow_zeroed(mem, 0)?;
        mem.reserve(0)?;
        mem.shrink(0)
    }),
];

/// What can be seen of a memory and of its file.
#[derive(Debug, PartialEq)]
struct Seen {
    shown: Vec<u64>,
    stored: usize,
    bytes: Vec<u8>,
}

impl Seen {
    fn of(mem: &Mem, place: &Place) -> Self {
        Self { shown: mem.allocated().to_vec(), stored: mem.stored(), bytes: place.bytes() }
    }
}

impl Seen {
    /// Nothing has changed, but that the file is longer if restoring it failed as well.
    fn assert_unchanged(mut self, before: &Self, error: &Error, name: &str) {
        if let Error::Undo { .. } = error {
            assert!(self.bytes.len() >= before.bytes.len(), "{name}: the file is shorter");
            self.bytes.truncate(before.bytes.len());
        }
        assert!(self == *before, "{name}: {error}: something has changed");
    }
}

/// Calls `case` with every start, kind of room and operation.
fn every_case(mut case: impl FnMut(Before, FileOptions, Operation, &str)) {
    for before in BEFORE {
        for sparse in [false, true] {
            let options = FileOptions::new().sparse(sparse).sync_on_drop(false);
            for operation in OPERATIONS {
                let name = format!("{}, {before:?}, sparse {sparse}", operation.0);
                case(before, options, operation, &name);
            }
        }
    }
}

/// The state after the operation without a fault, and the calls that it makes.
fn faultless(before: Before, options: FileOptions, (_, operation): Operation) -> (Seen, Vec<Call>) {
    let place = before.place();
    let mut mem = before.mem(options, &place).unwrap();
    let outcome = watch(|| operation(&mut mem));
    outcome.result.unwrap();
    (Seen::of(&mem, &place), outcome.made)
}

#[test]
fn an_operation_that_fails_has_changed_nothing() {
    let mut cases = 0;
    every_case(|before, options, operation, name| {
        let (after, _) = faultless(before, options, operation);
        for (cause, errno) in ERRNOS {
            for repeat in [false, true] {
                for skip in 0.. {
                    let name = format!("{name}: call {skip} gives {cause}, repeat {repeat}");
                    let place = before.place();
                    let mut mem = before.mem(options, &place).unwrap();
                    let seen = Seen::of(&mem, &place);
                    let at = mem.allocated().as_ptr();
                    let plan = Plan { calls: &[], skip, errno, repeat };
                    let outcome = plan.observe(|| operation.1(&mut mem));
                    cases += outcome.failed;
                    match outcome.result {
                        Ok(()) => assert_eq!(Seen::of(&mem, &place), after, "{name}"),
                        Err(error) => {
                            assert!(outcome.failed > 0, "{name}");
                            Seen::of(&mem, &place).assert_unchanged(&seen, &error, &name);
                            let moved = mem.allocated().as_ptr() != at && !seen.shown.is_empty();
                            assert!(!moved, "{name}: the elements have moved");
                            works_again(&mut mem, &place, operation, &seen, &after, &name);
                        }
                    }
                    if outcome.failed == 0 {
                        break;
                    }
                }
            }
        }
    });
    assert!(cases > 1000, "only {cases} faults");
}

/// The operation is done when it is called again, unless it is a flush, which must not be believed.
fn works_again(
    mem: &mut Mem,
    place: &Place,
    operation: Operation,
    seen: &Seen,
    after: &Seen,
    name: &str,
) {
    if operation.0.starts_with("flush") {
        for _ in 0..2 {
            assert!(matches!(operation.1(mem), Err(Error::FlushFailed { .. })), "{name}");
        }
        assert!(matches!(mem.flush(), Err(Error::FlushFailed { .. })), "{name}");
        assert_eq!(Seen::of(mem, place), *seen, "{name}, flushed again");
    } else {
        operation.1(mem).unwrap_or_else(|error| panic!("{name}, again: {error}"));
        assert_eq!(Seen::of(mem, place), *after, "{name}, again");
    }
}

#[test]
fn an_interrupted_call_is_made_again() {
    every_case(|before, options, operation, name| {
        let (after, calls) = faultless(before, options, operation);
        for skip in 0..calls.len() {
            let place = before.place();
            let mut mem = before.mem(options, &place).unwrap();
            let plan = Plan { calls: &[], skip, errno: libc::EINTR, repeat: false };
            let outcome = plan.observe(|| operation.1(&mut mem));
            assert_eq!((outcome.failed, outcome.made.len()), (1, calls.len() + 1), "{name}");
            outcome.result.unwrap_or_else(|error| panic!("{name}, call {skip}: {error}"));
            assert_eq!(Seen::of(&mem, &place), after, "{name}, call {skip}");
        }
    });
}

#[test]
fn making_a_memory_fails_without_a_trace() {
    for before in [Before::Fresh, Before::Open, Before::Hidden] {
        for (error, errno) in ERRNOS {
            for repeat in [false, true] {
                for skip in 0.. {
                    let name = format!("{before:?}, call {skip} gives {error}");
                    let place = before.place();
                    let bytes = place.bytes();
                    let plan = Plan { calls: &[], skip, errno, repeat };
                    let options = FileOptions::new().sync_on_drop(false);
                    let outcome = plan.observe(|| before.mem(options, &place));
                    assert!(outcome.result.is_err() || outcome.failed <= 1, "{name}");
                    drop(outcome.result);
                    assert_eq!(place.bytes(), bytes, "{name}");
                    assert_eq!(common::descriptors_below(place.dir.path()), 0, "{name}");
                    assert_eq!(common::mappings_below(place.dir.path()), 0, "{name}");
                    // No lock is left, and no claim.
                    before.mem(options, &place).unwrap_or_else(|error| panic!("{name}: {error}"));
                    if outcome.failed == 0 {
                        break;
                    }
                }
            }
        }
    }
}

#[test]
fn closing_reports_and_keeps_the_elements() {
    for before in [Before::Grown, Before::HalfHidden, Before::Open] {
        for (error, errno) in ERRNOS {
            for skip in 0.. {
                let name = format!("{before:?}, call {skip} gives {error}");
                let place = before.place();
                let mem = before.mem(FileOptions::new(), &place).unwrap();
                let bytes = place.bytes();
                let plan = Plan { calls: &[], skip, errno, repeat: false };
                let outcome = plan.observe(|| mem.close());
                assert_eq!(outcome.result.is_err(), outcome.failed > 0, "{name}");
                assert_eq!(place.bytes(), bytes, "{name}");
                assert_eq!(place.open::<u64>().allocated(), place.items::<u64>(), "{name}");
                if outcome.failed == 0 {
                    break;
                }
            }
        }
    }
}

#[test]
fn making_a_view_fails_without_a_trace() {
    let place = Place::in_memory().with(&u64::run(0..STORED));
    for (error, errno) in ERRNOS {
        for skip in 0.. {
            let name = format!("call {skip} gives {error}");
            let plan = Plan { calls: &[], skip, errno, repeat: false };
            let outcome = plan.observe(|| FileView::<u64>::open(&place.path)?.private());
            assert_eq!(outcome.result.is_err(), outcome.failed > 0, "{name}");
            drop(outcome.result);
            assert_eq!(common::descriptors_below(place.dir.path()), 0, "{name}");
            assert_eq!(common::mappings_below(place.dir.path()), 0, "{name}");
            // No lock is left, and no claim.
            assert_eq!(place.open::<u64>().allocated(), u64::run(0..STORED), "{name}");
            if outcome.failed == 0 {
                break;
            }
        }
    }
}
