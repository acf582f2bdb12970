//! Guarded initialisation of `MaybeUninit` slices.
//!
//! Growth hands out slots without values. These functions fill them so that a panic half-way drops
//! what was made so far, and nothing else.

use std::{mem, mem::MaybeUninit, ptr, slice};

/// Fills every slot with a clone of `value`; the last slot gets `value` itself.
///
/// # Panics
///
/// Only if `Clone` does. The clones made until then are dropped.
///
/// # Examples
///
/// ```
/// use platform_mem::raw_mem::uninit;
/// use std::mem::MaybeUninit;
///
/// let mut slots = [MaybeUninit::uninit(); 3];
/// uninit::fill(&mut slots, 7_u8);
/// // SAFETY: `fill` has written all three.
/// assert_eq!(unsafe { uninit::assume_init_mut(&mut slots) }, [7, 7, 7]);
/// ```
pub fn fill<T: Clone>(slots: &mut [MaybeUninit<T>], value: T) {
    if let Some((last, rest)) = slots.split_last_mut() {
        write_each(rest, |_| value.clone());
        last.write(value);
    }
}

/// Fills every slot, from first to last, with what `make` returns.
///
/// # Panics
///
/// Only if `make` does. The values made until then are dropped.
pub fn fill_with<T>(slots: &mut [MaybeUninit<T>], mut make: impl FnMut() -> T) {
    write_each(slots, |_| make());
}

/// Fills every slot with a clone of the value at the same place in `values`.
///
/// # Panics
///
/// If the slices differ in length, or if `Clone` does. The clones made until then are dropped.
pub fn write_clone_of_slice<T: Clone>(slots: &mut [MaybeUninit<T>], values: &[T]) {
    assert_eq!(slots.len(), values.len(), "as many slots as values");
    write_each(slots, |index| values[index].clone());
}

/// Fills every slot with zero bytes.
///
/// That gives no values by itself: whether zero bytes are a value depends on `T`.
pub(crate) fn fill_zeroes<T>(slots: &mut [MaybeUninit<T>]) {
    // SAFETY: the slice is valid for writes over its whole length, and a `MaybeUninit` may hold
    // any bytes.
    unsafe { slots.as_mut_ptr().write_bytes(0, slots.len()) };
}

/// Returns the slots as values.
///
/// # Safety
///
/// - Every slot holds a value.
pub const unsafe fn assume_init_mut<T>(slots: &mut [MaybeUninit<T>]) -> &mut [T] {
    // SAFETY: a `MaybeUninit<T>` is laid out like a `T`, the caller vouches for the values, and the
    // borrow is handed on.
    unsafe { slice::from_raw_parts_mut(slots.as_mut_ptr().cast(), slots.len()) }
}

/// Writes `make(index)` into each slot in turn.
fn write_each<T>(slots: &mut [MaybeUninit<T>], mut make: impl FnMut(usize) -> T) {
    let mut written = Written { slots, count: 0 };
    while written.count < written.slots.len() {
        written.slots[written.count].write(make(written.count));
        written.count += 1;
    }
    mem::forget(written);
}

/// Values that nobody owns yet; they are dropped if the filling unwinds.
struct Written<'a, T> {
    slots: &'a mut [MaybeUninit<T>],
    /// # Invariant
    ///
    /// The first `count` slots hold values that [`write_each`] made.
    count: usize,
}

impl<T> Drop for Written<'_, T> {
    fn drop(&mut self) {
        // SAFETY: the invariant on `count`.
        let made = unsafe { assume_init_mut(&mut self.slots[..self.count]) };
        // SAFETY: the borrow is exclusive, and the slots are not looked at as values again.
        unsafe { ptr::drop_in_place(made) };
    }
}
