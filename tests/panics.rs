//! A panic at every place where foreign code runs: each value is dropped exactly once, none is
//! invented, the memory is as the call found it, and the next call works.

mod common;

use std::{cell::Cell, rc::Rc};

use common::{
    allocator::Checked,
    counted::{Counted, Ledger, labels, panics},
    unnamed,
};
use platform_mem::{Alloc, ErasedMem, FileMapped, Global, PreAlloc, RawMem, System, TempFile};

/// Slots of the buffers of fixed size; no rule grows further.
const SLOTS: u32 = 24;

/// How many elements there are before the call that panics.
const OLD: usize = 6;

/// How many elements the call that panics would add.
const NEW: usize = 5;

macro_rules! on_every_memory {
    ($($name:ident: |$ledger:ident| $new:expr),* $(,)?) => {$(
        mod $name {
            use super::*;

            on_every_memory! { @rules |$ledger| $new;
                making_panics dropping_panics_in_growth dropping_panics_in_shrinking
                dropping_panics_in_drop
            }
        }
    )*};
    (@rules |$ledger:ident| $new:expr; $($rule:ident)*) => {$(
        #[test]
        fn $rule() {
            rules::$rule(|$ledger| $new);
        }
    )*};
}

on_every_memory! {
    global: |_ledger| Global::new(),
    system: |_ledger| System::new(),
    checked_alloc: |_ledger| Alloc::new(Checked::default()),
    temp_file: |_ledger| TempFile::new().unwrap(),
    file: |_ledger| file(),
    pre_alloc: |ledger| PreAlloc::new(slots(ledger)),
    boxed: |_ledger| Box::new(file()),
    erased: |_ledger| Box::new(TempFile::new().unwrap()) as Box<dyn ErasedMem<Item = _>>,
    erased_pre_alloc:
        |ledger| Box::new(PreAlloc::new(slots(ledger))) as Box<dyn ErasedMem<Item = _>>,
}

fn file<T>() -> FileMapped<T> {
    // SAFETY: the file is empty, so it holds nothing but values.
    unsafe { FileMapped::new_unchecked(unnamed()) }.unwrap()
}

fn slots(ledger: &Rc<Ledger>) -> Vec<Counted> {
    (0..SLOTS).map(|_| ledger.make(0)).collect()
}

mod rules {
    use super::*;

    /// Grows by [`NEW`] elements, from a slice if it takes one, and returns how many it were.
    type Grow<M> = fn(&mut M, &Rc<Ledger>, &[Counted]) -> usize;

    fn growths<M: RawMem<Item = Counted>>() -> [(&'static str, Grow<M>); 4] {
        [
            ("filled", |mem, ledger, _| mem.grow_filled(NEW, ledger.make(7)).unwrap().len()),
            ("with", |mem, ledger, _| mem.grow_with(NEW, || ledger.make(7)).unwrap().len()),
            ("from a slice", |mem, _, source| mem.grow_from_slice(source).unwrap().len()),
            ("within", |mem, _, _| mem.grow_within(1..).unwrap().len()),
        ]
    }

    /// A memory with [`OLD`] elements.
    fn filled<M: RawMem<Item = Counted>>(mut mem: M, ledger: &Rc<Ledger>) -> M {
        let mut label = 0..;
        mem.grow_with(OLD, || ledger.make(label.next().unwrap())).unwrap();
        mem
    }

    /// Grows with a panic that `arm` prepares, at every place until none comes.
    fn growth_panics<M: RawMem<Item = Counted>>(
        new: impl Fn(&Rc<Ledger>) -> M,
        arm: fn(&Ledger, usize),
    ) -> usize {
        let mut all = 0;
        for (how, grow) in growths() {
            for at in 0.. {
                let when = format!("{how}, panic at {at}");
                let ledger = Rc::new(Ledger::default());
                let source: Vec<_> = (0..NEW).map(|_| ledger.make(8)).collect();
                let mut mem = filled(new(&ledger), &ledger);
                let (alive, before) = (ledger.alive(), labels(mem.allocated()));
                arm(&ledger, at);
                let panicked = panics(|| _ = grow(&mut mem, &ledger, &source));
                ledger.calm();
                if panicked {
                    all += 1;
                    assert_eq!(labels(mem.allocated()), before, "{when}");
                    ledger.check(alive, &when);
                    assert_eq!(grow(&mut mem, &ledger, &source), NEW, "{when}, after it");
                }
                assert_eq!(labels(mem.allocated())[..OLD], before, "{when}, after it");
                assert_eq!(mem.allocated().len(), OLD + NEW, "{when}, after it");
                mem.shrink(NEW + 1).unwrap();
                assert_eq!(labels(mem.allocated()), before[..OLD - 1], "{when}, shrunk");
                drop(mem);
                ledger.check(NEW, &when);
                if !panicked {
                    break;
                }
            }
        }
        all
    }

    pub(super) fn making_panics<M: RawMem<Item = Counted>>(new: impl Fn(&Rc<Ledger>) -> M) {
        assert_eq!(growth_panics(new, Ledger::panic_at_make), 4 * NEW);
    }

    /// Only a buffer has values of its own, which growth drops.
    pub(super) fn dropping_panics_in_growth<M>(new: impl Fn(&Rc<Ledger>) -> M)
    where
        M: RawMem<Item = Counted>,
    {
        let own = new(&Rc::new(Ledger::default())).size_hint() == Some(SLOTS as usize);
        let expected = if own { 4 * NEW } else { 0 };
        assert_eq!(growth_panics(new, Ledger::panic_at_drop), expected);
    }

    /// A buffer keeps what it shrinks by; all others drop it.
    pub(super) fn dropping_panics_in_shrinking<M>(new: impl Fn(&Rc<Ledger>) -> M)
    where
        M: RawMem<Item = Counted>,
    {
        for count in 1..=OLD {
            for at in 0..count {
                let when = format!("shrinking by {count}, panic at {at}");
                let ledger = Rc::new(Ledger::default());
                let mut mem = filled(new(&ledger), &ledger);
                let (alive, before) = (ledger.alive(), labels(mem.allocated()));
                ledger.panic_at_drop(at);
                let panicked = panics(|| mem.shrink(count).unwrap());
                ledger.calm();
                assert_eq!(labels(mem.allocated()), before[..OLD - count], "{when}");
                ledger.check(if panicked { alive - count } else { SLOTS as usize }, &when);
                mem.grow_filled(2, ledger.make(9)).unwrap();
                assert_eq!(labels(&mem.allocated()[OLD - count..]), [9, 9], "{when}");
                drop(mem);
                ledger.check(0, &when);
            }
        }
    }

    pub(super) fn dropping_panics_in_drop<M: RawMem<Item = Counted>>(
        new: impl Fn(&Rc<Ledger>) -> M,
    ) {
        for at in 0..OLD {
            let ledger = Rc::new(Ledger::default());
            let mem = filled(new(&ledger), &ledger);
            ledger.panic_at_drop(at);
            assert!(panics(|| drop(mem)), "panic at {at}");
            ledger.check(0, &format!("panic at {at}"));
        }
    }
}

#[test]
fn closing_panics() {
    for at in 0..OLD {
        let ledger = Rc::new(Ledger::default());
        let mut mem = file();
        mem.grow_filled(OLD, ledger.make(1)).unwrap();
        ledger.panic_at_drop(at);
        assert!(panics(|| mem.close().unwrap()), "panic at {at}");
        ledger.check(0, &format!("panic at {at}"));
    }
}

#[test]
fn zero_sized_values_are_dropped_once() {
    thread_local! {
        static ALIVE: Cell<isize> = const { Cell::new(0) };
    }

    #[derive(Debug)]
    struct Unit;

    impl Unit {
        fn new() -> Self {
            ALIVE.set(ALIVE.get() + 1);
            Self
        }
    }

    impl Clone for Unit {
        fn clone(&self) -> Self {
            Self::new()
        }
    }

    impl Drop for Unit {
        fn drop(&mut self) {
            ALIVE.set(ALIVE.get() - 1);
        }
    }

    fn check(mut mem: impl RawMem<Item = Unit>, own: isize) {
        mem.grow_filled(5, Unit::new()).unwrap();
        mem.grow_within(1..3).unwrap();
        mem.shrink(4).unwrap();
        assert_eq!(mem.allocated().len(), 3);
        assert_eq!(ALIVE.get(), own.max(3));
        drop(mem);
        assert_eq!(ALIVE.get(), 0);
    }

    check(Global::new(), 0);
    check(Alloc::new(Checked::default()), 0);
    check(TempFile::new().unwrap(), 0);
    check(file(), 0);
    check(PreAlloc::new((0..10).map(|_| Unit::new()).collect::<Vec<_>>()), 10);
}

#[test]
fn a_growth_too_large_for_a_buffer() {
    const MANY: usize = 10_000;

    let ledger = Rc::new(Ledger::default());
    let mut mem = TempFile::new().unwrap();
    mem.grow_with(OLD, || ledger.make(0)).unwrap();
    for panicking in [0, 1, MANY / 2, MANY - 1] {
        ledger.panic_at_make(panicking);
        let growth = || mem.grow_with(MANY, || ledger.make(1)).map(|_| ()).unwrap();
        assert!(panics(growth), "{panicking}");
        ledger.calm();
        assert_eq!((mem.allocated().len(), ledger.alive()), (OLD, OLD), "{panicking}");
    }
    mem.grow_with(MANY, || ledger.make(2)).unwrap();
    assert_eq!((mem.allocated().len(), ledger.alive()), (OLD + MANY, OLD + MANY));
    mem.shrink(MANY + 1).unwrap();
    assert_eq!(ledger.alive(), OLD - 1);
    drop(mem);
    assert_eq!(ledger.alive(), 0);
}
