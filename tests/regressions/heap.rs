//! Defects that have nothing to do with files.

use std::rc::Rc;

use platform_mem::{Alloc, ErasedMem, Error, Global, PreAlloc, RawMem, System};

use crate::common::{
    allocator::Checked,
    counted::{Ledger, labels, panics},
    items::Item,
};

#[test]
fn f03_slots_of_a_fill_that_panicked_are_never_shown() {
    let ledger = Rc::new(Ledger::default());
    let mut mem = Global::new();
    ledger.panic_at_make(2);
    assert!(panics(|| _ = mem.grow_with(4, || ledger.make(1))));
    assert_eq!(mem.grow_filled(1, ledger.make(2)).unwrap().len(), 1);
    assert_eq!(labels(mem.allocated()), [2]);
}

#[test]
fn f05_a_drop_that_panics_in_shrink_is_not_repeated() {
    let ledger = Rc::new(Ledger::default());
    let mut mem = Global::new();
    mem.grow_filled(3, ledger.make(1)).unwrap();
    ledger.panic_at_drop(0);
    assert!(panics(|| mem.shrink(1).unwrap()));
    drop(mem);
    ledger.check(0, "at the end");
}

#[test]
fn f11_an_allocator_may_refuse_to_shrink() {
    let checked = Checked::default();
    let mut mem = Alloc::new(&checked);
    mem.grow_from_slice(&u64::run(0..100)).unwrap();
    checked.refuse_after(0);
    mem.shrink(90).unwrap();
    mem.shrink(5).unwrap();
    assert!(matches!(mem.grow_filled(1000, 1), Err(Error::AllocError { .. })));
    assert_eq!(mem.allocated(), u64::run(0..5));
    checked.comply();
    mem.grow_from_slice(&u64::run(5..300)).unwrap();
    assert_eq!(mem.allocated(), u64::run(0..300));
    mem.shrink(300).unwrap();
    assert_eq!(checked.blocks(), 0);
}

#[test]
fn f12_an_allocator_may_deliver_more() {
    // `Checked` always does, and looks at the layouts that come back.
    let mut mem = Alloc::new(Checked::default());
    for n in 0..100 {
        mem.grow_filled(n, n).unwrap();
        mem.shrink(n / 2).unwrap();
    }
}

#[test]
fn f15_after_a_fill_that_panicked_shrink_counts_no_ghosts() {
    let ledger = Rc::new(Ledger::default());
    let mut mem = Global::new();
    mem.grow_filled(1, ledger.make(1)).unwrap();
    ledger.panic_at_make(1);
    assert!(panics(|| _ = mem.grow_with(9, || ledger.make(2))));
    assert!(matches!(mem.shrink(2), Err(Error::OverShrink { to_shrink: 2, available: 1 })));
    mem.shrink(1).unwrap();
    ledger.check(0, "shrunk");
}

#[test]
fn f17_clones_made_before_a_panic_are_dropped() {
    let ledger = Rc::new(Ledger::default());
    let source: Vec<_> = (0..4).map(|_| ledger.make(1)).collect();
    let mut mem = Global::new();
    mem.grow_from_slice(&source).unwrap();
    ledger.panic_at_make(2);
    assert!(panics(|| _ = mem.grow_from_slice(&source)));
    ledger.panic_at_make(2);
    assert!(panics(|| _ = mem.grow_within(..)));
    ledger.check(8, "after two panics");
}

#[test]
fn f18_no_block_is_asked_for_without_bytes() {
    // `Checked` fails the test if one is.
    let mut units = Alloc::new(Checked::default());
    units.grow_filled(5, ()).unwrap();
    units.reserve(9).unwrap();
    let mut empty = Alloc::new(Checked::default());
    empty.grow_from_slice(&[0_u8; 0]).unwrap();
    empty.grow_filled(1, 1).unwrap();
    empty.shrink(1).unwrap();
}

#[test]
fn f19_a_drop_that_panics_does_not_leak_the_block() {
    let (ledger, checked) = (Rc::new(Ledger::default()), Checked::default());
    let mut mem = Alloc::new(&checked);
    mem.grow_filled(3, ledger.make(1)).unwrap();
    ledger.panic_at_drop(1);
    assert!(panics(|| drop(mem)));
    assert_eq!(checked.blocks(), 0);
    ledger.check(0, "at the end");
}

#[test]
fn f23_boxes_references_and_trait_objects_are_memories() {
    fn is_raw_mem<M: RawMem<Item = u64> + ?Sized>() {}

    is_raw_mem::<Box<dyn ErasedMem<Item = u64>>>();
    is_raw_mem::<Box<dyn ErasedMem<Item = u64> + Send>>();
    is_raw_mem::<Box<dyn ErasedMem<Item = u64> + Sync>>();
    is_raw_mem::<Box<dyn ErasedMem<Item = u64> + Send + Sync>>();
    is_raw_mem::<&mut dyn ErasedMem<Item = u64>>();
    is_raw_mem::<&mut (dyn ErasedMem<Item = u64> + Send)>();
    is_raw_mem::<dyn ErasedMem<Item = u64>>();
    is_raw_mem::<Box<Global<u64>>>();
    is_raw_mem::<&mut Box<&mut System<u64>>>();
}

#[test]
fn f24_a_buffer_is_a_memory() {
    let ledger = Rc::new(Ledger::default());
    let mut mem = PreAlloc::new((0..4).map(|_| ledger.make(0)).collect::<Vec<_>>());
    mem.grow_filled(2, ledger.make(1)).unwrap();
    ledger.check(4, "two values overwrote two");
    assert_eq!(labels(mem.grow_within(..1).unwrap()), [1]);
    let refused = mem.grow_filled(3, ledger.make(2)).map(|_| ());
    assert!(matches!(refused, Err(Error::OverGrow { to_grow: 3, available: 1 })));
    ledger.panic_at_make(0);
    assert!(panics(|| _ = mem.grow_with(1, || ledger.make(3))));
    assert_eq!(labels(&mem.into_inner()), [1, 1, 1, 0]);
    ledger.check(0, "at the end");
}

#[test]
fn f25_a_memory_that_never_fills_is_no_danger() {
    /// Safe code, as anybody may write it, that gets everything wrong.
    struct Wrong([u64; 2]);

    impl RawMem for Wrong {
        type Item = u64;

        fn allocated(&self) -> &[u64] {
            &self.0[..1]
        }

        fn allocated_mut(&mut self) -> &mut [u64] {
            &mut self.0
        }

        unsafe fn grow(
            &mut self,
            _: usize,
            fill: impl FnOnce(usize, (&mut [u64], &mut [std::mem::MaybeUninit<u64>])),
        ) -> platform_mem::Result<&mut [u64]> {
            drop(fill);
            Ok(&mut self.0)
        }

        fn shrink(&mut self, _: usize) -> platform_mem::Result<()> {
            Ok(())
        }
    }

    let mut mem: Box<dyn ErasedMem<Item = u64>> = Box::new(Wrong([1, 2]));
    assert_eq!(mem.grow_filled(9, 3).unwrap(), [1, 2]);
    assert_eq!(mem.grow_within(..).unwrap(), [1, 2]);
    assert!(matches!(mem.reserve(1), Err(Error::System(_))));
}

#[test]
fn f26_growth_is_amortised() {
    let checked = Checked::default();
    let mut mem = Alloc::new(&checked);
    for n in 0..10_000 {
        mem.grow_filled(1, n).unwrap();
    }
    assert!(checked.calls.get() < 20, "{} allocations", checked.calls.get());
}

#[test]
fn f29_shrinking_past_the_end_is_an_error() {
    let mut mem = System::new();
    mem.grow_filled(1, 1).unwrap();
    assert!(matches!(mem.shrink(2), Err(Error::OverShrink { to_shrink: 2, available: 1 })));
    assert_eq!(mem.allocated(), [1]);
}
