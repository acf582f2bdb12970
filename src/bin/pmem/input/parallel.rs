//! Work on blocks on all cores, with results in order.
//!
//! Every thread does all of the work for a block: it takes the block while holding the entry, works
//! on it, and hands on what came out when it is this block's turn. So blocks are taken one after
//! another, results are handed on in the same order, and only the work happens at the same time.
//! Memory does not depend on the number of blocks: each thread has one.

use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

/// Threads that take part, at most.
const THREADS: usize = 4;

/// Blocks that are not worth a second thread.
const FEW: usize = 4;

/// Work that is done block by block.
pub(crate) trait Line: Sync {
    /// What blocks are taken from.
    type Entry: Send;

    /// What results go to.
    type Exit: Send;

    /// What one thread works on.
    type Block: Send;

    /// Returns an empty block.
    fn block(&self) -> Self::Block;

    /// Takes the next block. Returns whether another one follows.
    fn enter(&self, entry: &mut Self::Entry, block: &mut Self::Block) -> bool;

    /// Works on a block.
    fn work(&self, block: &mut Self::Block);

    /// Hands on what came out. Returns whether more is wanted.
    ///
    /// # Errors
    ///
    /// The work for this block failed, or its result cannot be handed on.
    fn leave(&self, exit: &mut Self::Exit, block: &mut Self::Block) -> anyhow::Result<bool>;
}

/// Does the work of a line, until there are no more blocks or no more is wanted.
///
/// # Errors
///
/// That of the first block, in order, that has one.
pub(crate) fn run<L: Line>(line: &L, entry: L::Entry, exit: L::Exit) -> anyhow::Result<()> {
    let entry = Mutex::new(Entry { entry, ticket: Some(0) });
    let exit = Mutex::new(Exit { exit, turn: 0, open: true, result: Ok(()) });
    let hall = Hall { line, entry, exit, turned: Condvar::new() };
    let mut block = line.block();
    if (0..FEW).all(|_| hall.step(&mut block)) {
        let threads = thread::available_parallelism().map_or(1, usize::from).min(THREADS);
        thread::scope(|scope| {
            for _ in 1..threads {
                // Where there can be no thread, the others do its work.
                let work = || hall.work(line.block());
                let _ = thread::Builder::new().spawn_scoped(scope, work);
            }
            hall.work(block);
        });
    }
    hall.exit.into_inner().unwrap_or_else(PoisonError::into_inner).result
}

/// Where blocks come in.
struct Entry<E> {
    entry: E,
    /// The number of the next block; `None` after the last.
    ticket: Option<u64>,
}

/// Where results go out.
struct Exit<X> {
    exit: X,
    /// The number of the block whose turn it is.
    turn: u64,
    /// Whether more is wanted.
    open: bool,
    result: anyhow::Result<()>,
}

/// What the threads share.
struct Hall<'a, L: Line> {
    line: &'a L,
    entry: Mutex<Entry<L::Entry>>,
    exit: Mutex<Exit<L::Exit>>,
    turned: Condvar,
}

impl<L: Line> Hall<'_, L> {
    /// Does the work of one thread.
    fn work(&self, mut block: L::Block) {
        while self.step(&mut block) {}
    }

    /// Does the work for the next block. Returns whether there is more to do.
    fn step(&self, block: &mut L::Block) -> bool {
        let Some(ticket) = self.enter(block) else { return false };
        self.line.work(block);
        self.leave(ticket, block)
    }

    /// Takes the next block, with a ticket for its turn.
    fn enter(&self, block: &mut L::Block) -> Option<u64> {
        let mut entry = self.entry.lock().unwrap_or_else(PoisonError::into_inner);
        let ticket = entry.ticket?;
        let follows = self.line.enter(&mut entry.entry, block);
        entry.ticket = follows.then_some(ticket + 1);
        Some(ticket)
    }

    /// Hands on the result of a block when it is its turn. Returns whether there is more to do.
    fn leave(&self, ticket: u64, block: &mut L::Block) -> bool {
        let exit = self.exit.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = |exit: &mut Exit<L::Exit>| exit.turn != ticket && exit.open;
        let turned = self.turned.wait_while(exit, waiting);
        let mut exit = turned.unwrap_or_else(PoisonError::into_inner);
        if exit.open {
            match self.line.leave(&mut exit.exit, block) {
                Ok(more) => exit.open = more,
                Err(error) => (exit.open, exit.result) = (false, Err(error)),
            }
        }
        exit.turn += 1;
        self.turned.notify_all();
        exit.open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Squares numbers, and stops at one that is too large.
    struct Squares {
        last: u64,
        limit: u64,
    }

    impl Line for Squares {
        type Entry = u64;
        type Exit = Vec<u64>;
        type Block = u64;

        fn block(&self) -> u64 {
            0
        }

        fn enter(&self, next: &mut u64, block: &mut u64) -> bool {
            *block = *next;
            *next += 1;
            *block < self.last
        }

        fn work(&self, block: &mut u64) {
            // The later ones are done first, if nobody waits.
            thread::sleep(std::time::Duration::from_micros(200 - (*block % 200)));
            *block *= *block;
        }

        fn leave(&self, squares: &mut Vec<u64>, block: &mut u64) -> anyhow::Result<bool> {
            anyhow::ensure!(*block != self.limit, "{block} after {}", squares.len());
            squares.push(*block);
            assert!(squares.is_sorted());
            Ok(true)
        }
    }

    #[test]
    fn results_are_in_order() {
        run(&Squares { last: 500, limit: u64::MAX }, 0, Vec::new()).unwrap();
    }

    #[test]
    fn first_error_counts() {
        let error = run(&Squares { last: 500, limit: 10_000 }, 0, Vec::new()).unwrap_err();
        assert_eq!(error.to_string(), "10000 after 100");
    }
}
