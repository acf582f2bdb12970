//! Memories go to other threads exactly when what they hold may.

mod common;

use std::{cell::Cell, marker::PhantomData, rc::Rc, sync::MutexGuard};

use allocator_api2::alloc::Global as GlobalAllocator;
use common::allocator::Checked;
use platform_mem::{Alloc, FileMapped, Global, PreAlloc, System, TempFile};

/// Whether a type is `Send` and `Sync`: an inherent constant hides one of a trait, if it applies.
struct Threads<T>(PhantomData<T>);

#[allow(dead_code, reason = "the compiler does not see them used where both apply")]
trait No {
    const SEND: bool = false;
    const SYNC: bool = false;
}

impl<T> No for Threads<T> {}

macro_rules! threads {
    ($T:ty) => {
        (<Threads<$T>>::SEND, <Threads<$T>>::SYNC)
    };
}

impl<T: Send> Threads<T> {
    const SEND: bool = true;
}

impl<T: Sync> Threads<T> {
    const SYNC: bool = true;
}

#[test]
fn memories_are_send_and_sync_exactly_when_their_items_are() {
    macro_rules! check {
        ($($Memory:ident),*) => {$(
            assert_eq!(threads!($Memory<u64>), (true, true), "{}", stringify!($Memory));
            assert_eq!(threads!($Memory<Rc<u8>>), (false, false), "{}", stringify!($Memory));
            assert_eq!(threads!($Memory<Cell<u8>>), (true, false), "{}", stringify!($Memory));
            assert_eq!(threads!($Memory<Guard>), (false, true), "{}", stringify!($Memory));
        )*};
    }

    type Guard = MutexGuard<'static, u8>;
    type Boxed<T> = PreAlloc<Box<[T]>>;
    type Foreign<T> = Alloc<T, GlobalAllocator>;
    check!(Global, System, FileMapped, TempFile, Boxed, Foreign);
    assert_eq!(threads!(Alloc<u8, Checked>), (true, false));
    assert_eq!(threads!(Alloc<u8, &Checked>), (false, false));
}
