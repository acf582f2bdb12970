//! An allocator that checks how it is used, and that can refuse.

use std::{
    alloc::Layout,
    cell::{Cell, RefCell},
    collections::BTreeMap,
    ptr::NonNull,
};

use allocator_api2::alloc::{AllocError, Allocator, Global};

/// How many bytes more than asked for each block is said to have.
const SURPLUS: usize = 24;

/// Hands out larger blocks than asked for, and knows the layout of each.
///
/// It fails the test if a block comes back with another layout than it was asked for with, or not
/// at all, or if a block without bytes is asked for.
#[derive(Default)]
pub(crate) struct Checked {
    blocks: RefCell<BTreeMap<usize, Layout>>,
    /// Calls to let pass before all are refused, if any are to be.
    refuse_after: Cell<Option<usize>>,
    /// The largest block that is not refused, if there is a limit.
    largest: Cell<Option<usize>>,
    pub(crate) calls: Cell<usize>,
}

impl Checked {
    /// Refuses all calls but the next `passing` ones.
    pub(crate) fn refuse_after(&self, passing: usize) {
        self.refuse_after.set(Some(passing));
    }

    /// Refuses all blocks of more than `bytes`.
    pub(crate) fn refuse_larger_than(&self, bytes: usize) {
        self.largest.set(Some(bytes));
    }

    /// Refuses no more.
    pub(crate) fn comply(&self) {
        self.refuse_after.set(None);
        self.largest.set(None);
    }

    /// How many blocks are out.
    pub(crate) fn blocks(&self) -> usize {
        self.blocks.borrow().len()
    }

    /// How many bytes are out.
    pub(crate) fn bytes(&self) -> usize {
        self.blocks.borrow().values().map(Layout::size).sum()
    }

    fn turn(&self, layout: Layout) -> Result<(), AllocError> {
        self.calls.set(self.calls.get() + 1);
        if self.largest.get().is_some_and(|largest| layout.size() > largest) {
            return Err(AllocError);
        }
        match self.refuse_after.get() {
            None => Ok(()),
            Some(0) => Err(AllocError),
            Some(passing) => {
                self.refuse_after.set(Some(passing - 1));
                Ok(())
            }
        }
    }

    fn real(layout: Layout) -> Result<Layout, AllocError> {
        let size = layout.size().checked_add(SURPLUS).ok_or(AllocError)?;
        Layout::from_size_align(size, layout.align()).map_err(|_| AllocError)
    }

    fn forget(&self, ptr: NonNull<u8>, layout: Layout) {
        let known = self.blocks.borrow_mut().remove(&ptr.as_ptr().addr());
        assert_eq!(known, Some(layout), "a block comes back as it was asked for");
    }
}

// SAFETY: every block is one of the global allocator, with some bytes more than asked for, and
// stays as it is until it is given back.
unsafe impl Allocator for Checked {
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        assert_ne!(layout.size(), 0, "a block without bytes");
        self.turn(layout)?;
        let block = Global.allocate(Self::real(layout)?)?;
        self.blocks.borrow_mut().insert(block.cast::<u8>().as_ptr().addr(), layout);
        Ok(block)
    }

    unsafe fn deallocate(&self, ptr: NonNull<u8>, layout: Layout) {
        self.forget(ptr, layout);
        let real = Self::real(layout).expect("it could be asked for");
        // SAFETY: the block is known, so it came from the global allocator with this layout.
        unsafe { Global.deallocate(ptr, real) };
    }

    // `grow` and `shrink` are the provided ones: they always move, by `allocate` and `deallocate`.
}

impl Drop for Checked {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.blocks(), 0, "blocks that were never given back");
        }
    }
}
