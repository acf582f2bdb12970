//! A priority queue in any memory: the same code on the heap, in a buffer and in a file.

#![expect(clippy::print_stdout, reason = "it talks to its user")]

use platform_mem::{ErasedMem, FileMapped, Global, MemVec, PreAlloc, RawMem, System, TempFile};

/// A binary heap, the greatest element of which is at hand.
struct Heap<M>(MemVec<M>);

impl<M: RawMem<Item: Copy + Ord>> Heap<M> {
    /// Makes a heap of what a memory holds.
    fn new(mem: M) -> Self {
        let mut heap = Self(MemVec::new(mem));
        (0..heap.0.len() / 2).rev().for_each(|at| heap.sink(at));
        heap
    }

    fn push(&mut self, value: M::Item) -> platform_mem::Result<()> {
        self.0.try_push(value)?;
        let mut at = self.0.len() - 1;
        while at > 0 && self.0[(at - 1) / 2] < self.0[at] {
            self.0.swap(at, (at - 1) / 2);
            at = (at - 1) / 2;
        }
        Ok(())
    }

    fn pop(&mut self) -> platform_mem::Result<Option<M::Item>> {
        let Some(last) = self.0.len().checked_sub(1) else { return Ok(None) };
        self.0.swap(0, last);
        let greatest = self.0.try_pop()?;
        self.sink(0);
        Ok(greatest)
    }

    /// Moves an element down until none below it is greater.
    fn sink(&mut self, mut at: usize) {
        let len = self.0.len();
        while let Some(child) = (2 * at + 1..len.min(2 * at + 3)).max_by_key(|child| self.0[*child])
        {
            if self.0[child] <= self.0[at] {
                break;
            }
            self.0.swap(at, child);
            at = child;
        }
    }
}

fn main() -> platform_mem::Result<()> {
    let memories: [Box<dyn ErasedMem<Item = u64>>; 5] = [
        Box::new(Global::new()),
        Box::new(System::new()),
        Box::new(PreAlloc::new(vec![0; 1000])),
        Box::new(TempFile::new()?),
        Box::new(FileMapped::open_or_create("heap.bin")?),
    ];
    for mem in memories {
        let mut heap = Heap::new(mem);
        let before = heap.0.len() as u64;
        for n in 0..100 {
            heap.push(n * 7919 % 1000)?;
        }
        // Half of them stay: in the file until the next time.
        let mut last = u64::MAX;
        for _ in 0..50 {
            let next = heap.pop()?.unwrap_or(0);
            assert!(next <= last, "{next} after {last}");
            last = next;
        }
        println!("{before} found, {} left, the greatest is {:?}", heap.0.len(), heap.0.first());
    }
    Ok(())
}
