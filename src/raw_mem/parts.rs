#![forbid(unsafe_code)]
//! Growth part by part, for backends that write elements to a file from a buffer.
//!
//! It is hidden from the documentation: the boxes of this crate hand it on, and nobody else
//! implements it.

use std::mem::MaybeUninit;

/// What becomes of elements that a growth finds where its new ones belong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Existing {
    /// They stay, and only the rest is made.
    Keep,
    /// They are overwritten.
    Overwrite,
}

/// Makes the elements of one part of a growth, called with `(left, old, part)`.
///
/// The parts come in order, from the first element to the last. `left` is the number of slots
/// behind this part, so it is 0 for the last one; `old` is the elements that there were; `part` is
/// the slots to fill.
///
/// # Safety
///
/// - When it returns, every slot of the part holds an element.
/// - A slot in which it has written anything before it panics holds an element, or one that has
///   been dropped.
pub type MakePart<'a, T> = dyn FnMut(usize, &mut [T], &mut [MaybeUninit<T>]) + 'a;
