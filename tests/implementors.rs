//! Memories that others implement: what they replace is used, and those that break the rules are
//! stopped.

use std::{cell::Cell, mem::MaybeUninit, panic, panic::AssertUnwindSafe};

use platform_mem::{ErasedMem, FileMapped, Global, RawMem, Result, raw_mem::Existing};

/// A memory that counts how often it is grown by a slice, and splits growth by parts in two.
#[derive(Default)]
struct Odd {
    mem: Global<String>,
    slices: Cell<usize>,
}

impl RawMem for Odd {
    type Item = String;

    fn allocated(&self) -> &[String] {
        self.mem.allocated()
    }

    fn allocated_mut(&mut self) -> &mut [String] {
        self.mem.allocated_mut()
    }

    unsafe fn grow(
        &mut self,
        addition: usize,
        fill: impl FnOnce(usize, (&mut [String], &mut [MaybeUninit<String>])),
    ) -> Result<&mut [String]> {
        // SAFETY: the caller promises the same.
        unsafe { self.mem.grow(addition, fill) }
    }

    unsafe fn grow_in_parts(
        &mut self,
        addition: usize,
        _: Existing,
        mut make: impl FnMut(usize, &mut [String], &mut [MaybeUninit<String>]),
    ) -> Result<&mut [String]> {
        let fill = |_, (old, new): (&mut [String], &mut [MaybeUninit<String>])| {
            let (first, second) = new.split_at_mut(addition / 2);
            make(0, old, first);
            // Wrong: the part before was not the last one, although it was called so.
            make(0, old, second);
        };
        // SAFETY: the caller promises the same.
        unsafe { self.mem.grow(addition, fill) }
    }

    fn shrink(&mut self, count: usize) -> Result<()> {
        self.mem.shrink(count)
    }

    fn grow_from_slice(&mut self, source: &[String]) -> Result<&mut [String]> {
        self.slices.set(self.slices.get() + 1);
        self.mem.grow_from_slice(source)
    }
}

#[test]
fn what_is_replaced_is_used_behind_references_and_boxes() {
    let mut mem = Odd::default();
    let slice = ["a".to_owned()];
    mem.grow_from_slice(&slice).unwrap();
    (&mut &mut mem).grow_from_slice(&slice).unwrap();
    let mut boxed = Box::new(mem);
    RawMem::grow_from_slice(&mut boxed, &slice).unwrap();
    assert_eq!(boxed.slices.get(), 3);
}

#[test]
fn parts_in_the_wrong_order_are_stopped() {
    let mut mem: Box<dyn ErasedMem<Item = String>> = Box::new(Odd::default());
    // What the first part was filled with is forgotten, so it owns nothing.
    let growth = || mem.grow_filled(4, String::new()).map(|_| ());
    assert!(panic::catch_unwind(AssertUnwindSafe(growth)).is_err());
    assert_eq!(mem.allocated().len(), 0);
}

#[test]
fn elements_that_take_no_room_are_counted_without_overflow() {
    let mut mem = Global::<()>::new();
    // SAFETY: there are no bytes.
    let zeroed =
        |mem: &mut Global<()>, count| unsafe { mem.grow_zeroed(count) }.map(|new| new.len());
    assert_eq!(zeroed(&mut mem, usize::MAX).unwrap(), usize::MAX);
    assert!(zeroed(&mut mem, 2).is_err());
    assert_eq!(mem.allocated().len(), usize::MAX);
}

/// A memory with nothing but what it must have.
struct Bare<M>(M);

impl<M: RawMem> RawMem for Bare<M> {
    type Item = M::Item;

    fn allocated(&self) -> &[M::Item] {
        self.0.allocated()
    }

    fn allocated_mut(&mut self) -> &mut [M::Item] {
        self.0.allocated_mut()
    }

    unsafe fn grow(
        &mut self,
        addition: usize,
        fill: impl FnOnce(usize, (&mut [M::Item], &mut [MaybeUninit<M::Item>])),
    ) -> Result<&mut [M::Item]> {
        // SAFETY: the caller promises the same.
        unsafe { self.0.grow(addition, fill) }
    }

    fn shrink(&mut self, count: usize) -> Result<()> {
        self.0.shrink(count)
    }
}

#[test]
fn what_is_not_found_is_zero_in_any_memory() {
    // What was on the heap before must not come up again.
    drop(vec![0x005e_c2e7_u64; 100]);
    let mut global = Bare(Global::<u64>::new());
    // SAFETY: zero is a number.
    assert_eq!(unsafe { global.grow_assumed(100) }.unwrap(), [0; 100]);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("data");
    let mut mem = Bare(FileMapped::<u64>::from_path(&path).unwrap());
    mem.grow_from_slice(&[7, 8]).unwrap();
    // SAFETY: zero is a number.
    assert_eq!(unsafe { mem.grow_assumed(100) }.unwrap(), [0; 100]);
    drop(mem);
    let mut mem = Bare(FileMapped::<u64>::from_path(&path).unwrap());
    // SAFETY: zero is a number.
    let found = unsafe { mem.grow_assumed(200) }.unwrap();
    assert_eq!((&found[..2], &found[2..]), (&[7, 8][..], &[0; 198][..]));
}
