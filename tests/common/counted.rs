//! Values that know whether each of them was dropped exactly once.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
    panic::{self, AssertUnwindSafe},
    rc::Rc,
};

/// Counts values, and panics on demand.
#[derive(Default)]
pub(crate) struct Ledger {
    alive: RefCell<BTreeSet<u64>>,
    next: Cell<u64>,
    faults: RefCell<Vec<String>>,
    until_make: Cell<Option<usize>>,
    until_drop: Cell<Option<usize>>,
}

/// A value that is entered in a [`Ledger`].
pub(crate) struct Counted {
    id: u64,
    label: u32,
    ledger: Rc<Ledger>,
    /// Makes a value that is used after its drop visible to memory checkers.
    heap: Box<u32>,
}

impl Ledger {
    /// Makes a value; this is also how values are cloned.
    pub(crate) fn make(self: &Rc<Self>, label: u32) -> Counted {
        Self::tick(&self.until_make, "make");
        let id = self.next.get();
        self.next.set(id + 1);
        self.alive.borrow_mut().insert(id);
        Counted { id, label, ledger: Rc::clone(self), heap: Box::new(label) }
    }

    /// Lets the `n`-th value that is made from now on, counted from 0, panic instead.
    pub(crate) fn panic_at_make(&self, n: usize) {
        self.until_make.set(Some(n));
    }

    /// Lets the `n`-th value that is dropped from now on, counted from 0, panic in its `Drop`.
    pub(crate) fn panic_at_drop(&self, n: usize) {
        self.until_drop.set(Some(n));
    }

    /// Calls off panics that have not come.
    pub(crate) fn calm(&self) {
        self.until_make.set(None);
        self.until_drop.set(None);
    }

    /// How many values there are.
    pub(crate) fn alive(&self) -> usize {
        self.alive.borrow().len()
    }

    /// Fails the test if a value was dropped twice, or if there are other than `alive` of them.
    pub(crate) fn check(&self, alive: usize, when: &str) {
        assert_eq!(*self.faults.borrow(), Vec::<String>::new(), "{when}");
        assert_eq!(self.alive(), alive, "values alive {when}");
    }

    fn tick(counter: &Cell<Option<usize>>, what: &str) {
        match counter.get() {
            Some(0) => {
                counter.set(None);
                panic::resume_unwind(Box::new(format!("{what} on purpose")));
            }
            Some(left) => counter.set(Some(left - 1)),
            None => {}
        }
    }
}

impl Clone for Counted {
    fn clone(&self) -> Self {
        self.ledger.make(*self.heap)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        if !self.ledger.alive.borrow_mut().remove(&self.id) {
            self.ledger.faults.borrow_mut().push(format!("{} dropped twice", self.id));
            // The box was freed the first time: leave it alone, so that the test can report.
            std::mem::forget(std::mem::take(&mut self.heap));
        }
        Ledger::tick(&self.ledger.until_drop, "drop");
    }
}

/// The labels of some values, each checked to be alive.
pub(crate) fn labels(values: &[Counted]) -> Vec<u32> {
    for value in values {
        assert!(value.ledger.alive.borrow().contains(&value.id), "a dropped value is shown");
        assert_eq!(value.label, *value.heap);
    }
    values.iter().map(|value| value.label).collect()
}

/// Runs `work`, which may panic on purpose, and tells whether it did.
pub(crate) fn panics(work: impl FnOnce()) -> bool {
    match panic::catch_unwind(AssertUnwindSafe(work)) {
        Ok(()) => false,
        Err(reason) if reason.is::<String>() => {
            let reason = reason.downcast::<String>().expect("just looked");
            assert!(reason.ends_with("on purpose"), "{reason}");
            true
        }
        Err(reason) => panic::resume_unwind(reason),
    }
}
