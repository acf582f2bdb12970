//! The contract of `RawMem`: every rule, on every backend, for items of many shapes.

mod common;

use std::panic::{self, AssertUnwindSafe};

use allocator_api2::alloc::Global as GlobalAllocator;
use common::{
    allocator::Checked,
    grow_by, grow_zeroed,
    items::{Item, for_each_item},
    unnamed,
};
use platform_mem::{
    Alloc, ErasedMem, Error, FileMapped, Global, PreAlloc, RawMem, Result, System, TempFile,
};

/// Slots of the buffers of fixed size; no rule grows further.
const SLOTS: usize = 64;

/// Runs every rule on every memory.
macro_rules! contract {
    ($($name:ident: $new:expr),* $(,)?) => {$(
        mod $name {
            use super::*;

            contract! { @rules $new;
                growth_returns_the_new_elements growth_of_nothing_is_nothing
                shrinking_drops_the_last shrinking_past_the_end_is_refused
                overflow_is_refused what_no_system_has_is_refused wrong_ranges_are_refused
                reserving_keeps_elements_in_place elements_are_aligned
                a_fill_that_panics_adds_nothing
            }

            #[test]
            fn zero_sized_elements_are_counted() {
                rules::zero_sized_elements_are_counted($new);
            }
        }
    )*};
    (@rules $new:expr; $($rule:ident)*) => {$(
        #[test]
        fn $rule() {
            for_each_item! { |T| rules::$rule::<T>(&mut $new) }
        }
    )*};
}

contract! {
    global: Global::new(),
    system: System::new(),
    alloc: Alloc::new(GlobalAllocator),
    checked_alloc: Alloc::new(Checked::default()),
    file: FileMapped::new(unnamed()).unwrap(),
    temp_file: TempFile::new().unwrap(),
    pre_alloc_vec: PreAlloc::new(slots()),
    pre_alloc_box: PreAlloc::new(slots().into_boxed_slice()),
    pre_alloc_slice: PreAlloc::new(slots().as_mut_slice()),
    reference: &mut TempFile::new().unwrap(),
    boxed: Box::new(Global::new()),
    erased_reference: &mut Global::new() as &mut dyn ErasedMem<Item = _>,
    erased: Box::new(TempFile::new().unwrap()) as Box<dyn ErasedMem<Item = _>>,
    erased_send: Box::new(FileMapped::new(unnamed()).unwrap()) as Box<dyn ErasedMem<Item = _> + Send>,
    erased_sync: Box::new(System::new()) as Box<dyn ErasedMem<Item = _> + Sync>,
    erased_send_sync:
        Box::new(PreAlloc::new(slots())) as Box<dyn ErasedMem<Item = _> + Send + Sync>,
}

/// A buffer of fixed size.
fn slots<T: Item>() -> Vec<T> {
    vec![T::zeroed(); SLOTS]
}

/// What can be asked of any memory.
mod rules {
    use super::*;

    pub(super) fn growth_returns_the_new_elements<T: Item>(mem: &mut impl RawMem<Item = T>) {
        let mut model = Vec::new();
        for round in 0..2 {
            grows(mem, &mut model, T::run(7 * round..7 * round + 3), |mem, new| {
                mem.grow_from_slice(new)
            });
            grows(mem, &mut model, vec![T::nth(round); 4], |mem, new| mem.grow_filled(4, new[0]));
            grows(mem, &mut model, vec![T::zeroed(); 2], |mem, _| grow_zeroed(mem, 2));
            grows(mem, &mut model, T::run(0..5), |mem, new| {
                let mut items = new.iter().copied();
                mem.grow_with(5, || items.next().expect("asked once for each"))
            });
            grows(mem, &mut model, T::run(20..23), |mem, new| grow_by(mem, 3, |at| new[at]));
            let within = model[1..4].to_vec();
            grows(mem, &mut model, within, |mem, _| mem.grow_within(1..4));
            exact_forms(mem, &mut model);
        }
    }

    fn exact_forms<T: Item>(mem: &mut impl RawMem<Item = T>, model: &mut Vec<T>) {
        grows(mem, model, vec![T::nth(1); 2], |mem, new| {
            // SAFETY: it asks for nothing.
            unsafe { mem.grow_filled_exact(2, new[0]) }
        });
        grows(mem, model, vec![T::zeroed(); 2], |mem, _| {
            // SAFETY: zero bytes are a value of a `Pod` type.
            unsafe { mem.grow_zeroed_exact(2) }
        });
        grows(mem, model, vec![T::nth(2); 2], |mem, new| {
            // SAFETY: it asks for nothing.
            unsafe { mem.grow_with_exact(2, || new[0]) }
        });
    }

    /// Grows, and looks at what is returned and at what is there.
    fn grows<T: Item, M: RawMem<Item = T>>(
        mem: &mut M,
        model: &mut Vec<T>,
        mut new: Vec<T>,
        grow: impl for<'m> FnOnce(&'m mut M, &[T]) -> Result<&'m mut [T]>,
    ) {
        let grown = grow(mem, &new).expect("there is room");
        assert_eq!(grown, new);
        // What is returned can be written to, and is what is shown.
        let changed = T::nth(99);
        grown[0] = changed;
        new[0] = changed;
        model.extend(new);
        assert_eq!(mem.allocated(), *model);
        assert_eq!(mem.allocated_mut(), *model);
    }

    pub(super) fn growth_of_nothing_is_nothing<T: Item>(mem: &mut impl RawMem<Item = T>) {
        for _ in 0..2 {
            unchanged(mem, |mem| {
                assert_eq!(mem.grow_from_slice(&[])?, []);
                assert_eq!(mem.grow_filled(0, T::nth(9))?, []);
                assert_eq!(mem.grow_with(0, || unreachable!("there is nothing to make"))?, []);
                assert_eq!(mem.grow_within(0..0)?, []);
                assert_eq!(grow_zeroed(mem, 0)?, []);
                mem.reserve(0)?;
                mem.shrink(0)
            })
            .expect("nothing always works");
            mem.grow_from_slice(&T::run(0..3)).expect("there is room");
        }
    }

    pub(super) fn shrinking_drops_the_last<T: Item>(mem: &mut impl RawMem<Item = T>) {
        mem.grow_from_slice(&T::run(0..SLOTS)).expect("there is room");
        for left in [SLOTS - 1, SLOTS / 2, SLOTS / 2, 3, 0, 0] {
            let len = mem.allocated().len();
            mem.shrink(len - left).expect("there are as many");
            assert_eq!(mem.allocated(), T::run(0..left));
        }
        mem.grow_from_slice(&T::run(5..9)).expect("there is room again");
        assert_eq!(mem.allocated(), T::run(5..9));
    }

    pub(super) fn shrinking_past_the_end_is_refused<T: Item>(mem: &mut impl RawMem<Item = T>) {
        for len in [0, 3] {
            for count in [len + 1, 1000, usize::MAX] {
                let refused = unchanged(mem, |mem| mem.shrink(count));
                assert!(
                    matches!(refused, Err(Error::OverShrink { to_shrink, available })
                        if (to_shrink, available) == (count, len)),
                    "{refused:?}"
                );
            }
            mem.grow_from_slice(&T::run(0..3 - len)).expect("there is room");
        }
    }

    pub(super) fn overflow_is_refused<T: Item>(mem: &mut impl RawMem<Item = T>) {
        const MOST: usize = isize::MAX as usize;
        for len in [0, 3] {
            for count in [usize::MAX, usize::MAX - 1, MOST + 1, MOST / size_of::<T>() + 1 - len] {
                for refused in attempts(mem, count) {
                    assert!(
                        matches!(refused, Err(Error::CapacityOverflow)),
                        "{count}: {refused:?}"
                    );
                }
            }
            mem.grow_from_slice(&T::run(0..3 - len)).expect("there is room");
        }
    }

    pub(super) fn what_no_system_has_is_refused<T: Item>(mem: &mut impl RawMem<Item = T>) {
        const MOST: usize = isize::MAX as usize;
        mem.grow_from_slice(&T::run(0..3)).expect("there is room");
        for count in [MOST / size_of::<T>() - 3, MOST / size_of::<T>() - 4] {
            for refused in attempts(mem, count) {
                assert!(
                    matches!(
                        refused,
                        Err(Error::AllocError { .. } | Error::OverGrow { .. } | Error::System(_))
                    ),
                    "{count}: {refused:?}"
                );
            }
        }
    }

    /// Tries to grow by `count` in every way that could; no `fill` is ever called.
    fn attempts<T: Item>(mem: &mut impl RawMem<Item = T>, count: usize) -> [Result<()>; 5] {
        [
            unchanged(mem, |mem| mem.grow_filled(count, T::nth(0)).map(|_| ())),
            unchanged(mem, |mem| grow_zeroed(mem, count).map(|_| ())),
            unchanged(mem, |mem| mem.grow_with(count, || unreachable!("no room")).map(|_| ())),
            unchanged(mem, |mem| grow_by(mem, count, |_| unreachable!("no room")).map(|_| ())),
            unchanged(mem, |mem| mem.reserve(count)),
        ]
    }

    pub(super) fn wrong_ranges_are_refused<T: Item>(mem: &mut impl RawMem<Item = T>) {
        mem.grow_from_slice(&T::run(0..4)).expect("there is room");
        #[expect(clippy::reversed_empty_ranges, reason = "that is what is refused")]
        for range in [0..5, 5..5, 3..2, 4..3, usize::MAX..usize::MAX, 0..usize::MAX] {
            let refused = unchanged(mem, |mem| mem.grow_within(range.clone()).map(|_| ()));
            assert!(
                matches!(refused, Err(Error::OutOfRange { start, end, len: 4 })
                    if (start..end) == range),
                "{range:?}: {refused:?}"
            );
        }
        assert!(matches!(mem.grow_within(..=usize::MAX), Err(Error::OutOfRange { .. })));
        assert_eq!(mem.grow_within(4..).expect("an empty range at the end"), []);
        assert_eq!(mem.grow_within(..).expect("all of it"), T::run(0..4));
    }

    pub(super) fn reserving_keeps_elements_in_place<T: Item>(mem: &mut impl RawMem<Item = T>) {
        mem.grow_from_slice(&T::run(0..3)).expect("there is room");
        mem.reserve(SLOTS - 3).expect("there is room");
        let start = mem.allocated().as_ptr();
        assert_eq!(mem.allocated(), T::run(0..3), "reserving changes no element");
        for at in 3..SLOTS {
            mem.grow_from_slice(&[T::nth(at)]).expect("there is room");
            assert_eq!(mem.allocated().as_ptr(), start, "moved at {at}");
        }
        assert_eq!(mem.allocated(), T::run(0..SLOTS));
    }

    pub(super) fn elements_are_aligned<T: Item>(mem: &mut impl RawMem<Item = T>) {
        assert!(mem.allocated().as_ptr().is_aligned(), "without elements");
        for at in 0..SLOTS {
            mem.grow_filled(1, T::nth(at)).expect("there is room");
            assert!(mem.allocated().as_ptr().is_aligned(), "{} elements", at + 1);
        }
    }

    pub(super) fn a_fill_that_panics_adds_nothing<T: Item>(mem: &mut impl RawMem<Item = T>) {
        mem.grow_from_slice(&T::run(0..3)).expect("there is room");
        for written in 0..4 {
            let half_way = |at| match at == written {
                true => panic::resume_unwind(Box::new("on purpose")),
                false => T::nth(50 + at),
            };
            panic::catch_unwind(AssertUnwindSafe(|| grow_by(mem, 4, half_way).map(|_| ())))
                .expect_err("half-way");
            assert_eq!(mem.allocated(), T::run(0..3), "{written} slots written");
            let zeroed = grow_zeroed(mem, 2).expect("there is room");
            assert_eq!(zeroed, [T::zeroed(); 2], "{written} slots written");
            mem.shrink(2).expect("there are as many");
        }
    }

    pub(super) fn zero_sized_elements_are_counted(mut mem: impl RawMem<Item = ()>) {
        assert_eq!(mem.grow_filled(3, ()).unwrap(), [(); 3]);
        assert_eq!(mem.grow_from_slice(&[(); 4]).unwrap(), [(); 4]);
        assert_eq!(mem.grow_within(2..4).unwrap(), [(); 2]);
        assert_eq!(mem.allocated().len(), 9);
        mem.shrink(2).unwrap();
        assert!(matches!(mem.shrink(8), Err(Error::OverShrink { .. })));
        assert_eq!(mem.allocated(), [(); 7]);
        mem.reserve(5).unwrap();
        let most = usize::MAX - 7;
        // SAFETY: there is nothing in an element.
        match unsafe { mem.grow_assumed(most) } {
            Ok(grown) => {
                assert_eq!(grown.len(), most);
                let refused = mem.grow_filled(1, ()).map(|_| ());
                assert!(matches!(refused, Err(Error::CapacityOverflow)), "{refused:?}");
                mem.shrink(most).unwrap();
            }
            Err(refused) => {
                assert!(matches!(refused, Error::OverGrow { to_grow, available }
                    if (to_grow, available) == (most, SLOTS - 7)));
            }
        }
        assert_eq!(mem.allocated(), [(); 7]);
    }

    /// Does `work`, which is to leave the memory as it is.
    fn unchanged<T: Item, M: RawMem<Item = T>>(
        mem: &mut M,
        work: impl FnOnce(&mut M) -> Result<()>,
    ) -> Result<()> {
        let (start, before) = (mem.allocated().as_ptr(), mem.allocated().to_vec());
        let result = work(mem);
        assert_eq!(mem.allocated(), before);
        assert_eq!(mem.allocated().as_ptr(), start, "moved");
        result
    }
}
