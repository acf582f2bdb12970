//! Every sequence of operations does to a memory what it does to a model made of two `Vec`s.

mod common;

use std::env;

use common::{
    Place, grow_found, grow_zeroed,
    items::{Aligned64, Aligned4096, Item, Odd},
    unnamed,
};
use platform_mem::{
    ErasedMem, FileMapped, FileOptions, Global, PreAlloc, RawMem, Result, System, TempFile,
};
use proptest::{prelude::*, sample::Index};

/// Slots of the buffers of fixed size.
const SLOTS: usize = 100;

/// Something to do with a memory; counts are of elements.
#[derive(Clone, Debug)]
enum Op {
    Filled(usize, usize),
    Found(usize),
    FromSlice(usize, usize),
    Reserve(usize),
    Shrink(Index),
    With(usize, usize),
    Within(Index, Index),
    Write(Index, usize),
    Zeroed(usize),
    /// Only memories that a file outlives do these.
    Flush,
    FlushRange(Index, Index),
    Open(bool),
    FromPath(bool),
}

fn op() -> impl Strategy<Value = Op> {
    let count = || prop_oneof![4 => 0..6_usize, 1 => 0..60_usize];
    let at = any::<Index>;
    prop_oneof![
        (count(), any::<usize>()).prop_map(|(n, seed)| Op::Filled(n, seed)),
        (count(), any::<usize>()).prop_map(|(n, seed)| Op::FromSlice(n, seed)),
        (count(), any::<usize>()).prop_map(|(n, seed)| Op::With(n, seed)),
        (at(), at()).prop_map(|(from, to)| Op::Within(from, to)),
        count().prop_map(Op::Zeroed),
        count().prop_map(Op::Found),
        count().prop_map(Op::Reserve),
        at().prop_map(Op::Shrink),
        at().prop_map(Op::Shrink),
        (at(), any::<usize>()).prop_map(|(at, seed)| Op::Write(at, seed)),
        Just(Op::Flush),
        (at(), at()).prop_map(|(from, to)| Op::FlushRange(from, to)),
        any::<bool>().prop_map(Op::Open),
        any::<bool>().prop_map(Op::FromPath),
    ]
}

/// What a memory should be like: elements that are shown, and stored ones that are not.
#[derive(Debug)]
struct Model<T> {
    shown: Vec<T>,
    hidden: Vec<T>,
    /// Whether new space is found as zeroes.
    zeroed: bool,
}

impl<T: Item> Model<T> {
    const fn new(zeroed: bool) -> Self {
        Self { shown: Vec::new(), hidden: Vec::new(), zeroed }
    }

    /// Grows by `new`; the hidden elements are kept, or overwritten.
    fn grow(&mut self, new: Vec<T>, keep: bool) {
        let known = self.hidden.len().min(new.len());
        let mut new = new;
        for (new, hidden) in new.iter_mut().zip(self.hidden.drain(..known)) {
            if keep {
                *new = hidden;
            }
        }
        self.shown.append(&mut new);
    }

    fn shrink(&mut self, count: usize) {
        let gone = self.shown.split_off(self.shown.len() - count);
        if !self.hidden.is_empty() {
            self.hidden.splice(..0, gone);
        }
    }

    fn hide(&mut self) {
        self.hidden.splice(..0, self.shown.drain(..));
    }
}

/// The indices that two random ones enclose in `len` elements.
fn range(from: Index, to: Index, len: usize) -> std::ops::Range<usize> {
    let (from, to) = (from.index(len + 1), to.index(len + 1));
    from.min(to)..from.max(to)
}

/// Does `op` to a memory and to its model, and compares what is returned and what is there.
fn step<T: Item, M: RawMem<Item = T>>(mem: &mut M, model: &mut Model<T>, op: &Op) -> Result<()> {
    let before = model.shown.len();
    let grown = match *op {
        Op::Filled(n, seed) => {
            model.grow(vec![T::nth(seed); n], true);
            mem.grow_filled(n, T::nth(seed))?
        }
        Op::Zeroed(n) => {
            model.grow(vec![T::zeroed(); n], true);
            grow_zeroed(mem, n)?
        }
        Op::Found(n) if model.zeroed => {
            model.grow(vec![T::zeroed(); n], true);
            grow_found(mem, n)?
        }
        Op::With(n, seed) => {
            let first = model.hidden.len().min(n);
            model.grow((0..n).map(|at| T::nth(seed ^ at.saturating_sub(first))).collect(), true);
            let mut at = 0..;
            mem.grow_with(n, || T::nth(seed ^ at.next().expect("endless")))?
        }
        Op::FromSlice(n, seed) => {
            let new: Vec<T> = (0..n).map(|at| T::nth(seed ^ at)).collect();
            model.grow(new.clone(), false);
            mem.grow_from_slice(&new)?
        }
        Op::Within(from, to) => {
            let range = range(from, to, before);
            model.grow(model.shown[range.clone()].to_vec(), false);
            mem.grow_within(range)?
        }
        Op::Shrink(count) => {
            let count = count.index(before + 1);
            model.shrink(count);
            mem.shrink(count)?;
            return Ok(());
        }
        Op::Write(at, seed) if before > 0 => {
            model.shown[at.index(before)] = T::nth(seed);
            mem.allocated_mut()[at.index(before)] = T::nth(seed);
            return Ok(());
        }
        Op::Reserve(n) => return mem.reserve(n),
        _ => return Ok(()),
    };
    assert_eq!(grown, &model.shown[before..]);
    Ok(())
}

/// Plays operations on a memory that nothing outlives.
fn play<T: Item>(mut mem: impl RawMem<Item = T>, zeroed: bool, ops: &[Op]) {
    let mut model = Model::new(zeroed);
    for op in ops {
        step(&mut mem, &mut model, op).expect("there is room");
        assert_eq!(mem.allocated(), model.shown, "after {op:?}");
    }
}

/// Plays operations on a buffer, and skips growth that it has no room for.
fn play_in_buffer<T: Item>(ops: &[Op]) {
    let mut buffer = vec![T::zeroed(); SLOTS];
    let mut mem = PreAlloc::new(buffer.as_mut_slice());
    let mut model = Model::new(false);
    for op in ops {
        let room = SLOTS - model.shown.len();
        let addition = match *op {
            Op::Filled(n, _) | Op::FromSlice(n, _) | Op::Reserve(n) | Op::With(n, _) => n,
            Op::Zeroed(n) => n,
            Op::Within(from, to) => range(from, to, model.shown.len()).len(),
            _ => 0,
        };
        if addition <= room {
            step(&mut mem, &mut model, op).expect("there is room");
        }
        assert_eq!(mem.allocated(), model.shown, "after {op:?}");
    }
    let shown = model.shown;
    assert_eq!(buffer[..shown.len()], shown);
}

/// Plays operations on a file that is opened anew now and then, behind a header of `header` bytes.
fn play_in_file<T: Item>(
    options: FileOptions,
    header: usize,
    exact: bool,
    ops: &[Op],
) -> Result<()> {
    let options = options.sync_on_drop(false).offset(header as u64);
    let place = Place::in_memory().with(&vec![7_u8; header]);
    let expect = |stored: &[T], when: &str| {
        let (found, bytes) = (place.bytes(), bytemuck::cast_slice::<T, u8>(stored));
        assert!(found[..header].iter().all(|byte| *byte == 7), "the header, {when}");
        assert_eq!(&found[header..], bytes, "{when}");
    };
    let mut mem: FileMapped<T> = options.from_path(&place.path)?;
    let mut model = Model::new(true);
    for op in ops {
        match *op {
            Op::Flush => mem.flush()?,
            Op::FlushRange(from, to) => mem.flush_range(range(from, to, model.shown.len()))?,
            Op::Open(close) | Op::FromPath(close) => {
                if close {
                    mem.close()?
                } else {
                    drop(mem)
                }
                model.hide();
                expect(&model.hidden, "closed");
                mem = if let Op::Open(_) = op {
                    model.shown.append(&mut model.hidden);
                    options.open(&place.path)?
                } else {
                    options.from_path(&place.path)?
                };
            }
            _ => step(&mut mem, &mut model, op)?,
        }
        let stored = model.shown.len() + model.hidden.len();
        assert_eq!(mem.allocated(), model.shown, "after {op:?}");
        assert_eq!(mem.stored(), stored, "after {op:?}");
        assert_eq!(mem.size_hint(), Some(stored), "after {op:?}");
        assert_eq!(mem.header(), vec![7; header], "after {op:?}");
        let length = (header + stored * size_of::<T>()) as u64;
        assert!(place.len() == length || !exact && place.len() > length, "after {op:?}");
    }
    mem.close()?;
    model.hide();
    expect(&model.hidden, "at the end");
    Ok(())
}

/// Plays the same operations everywhere.
fn play_everywhere<T: Item + Send + Sync>(ops: &[Op]) {
    play(Global::<T>::new(), false, ops);
    play(System::<T>::new(), false, ops);
    play(TempFile::<T>::new().unwrap(), true, ops);
    play(FileMapped::<T>::new(unnamed()).unwrap(), true, ops);
    let erased: Box<dyn ErasedMem<Item = T>> = Box::new(TempFile::<T>::new().unwrap());
    play(erased, true, ops);
    play_in_buffer::<T>(ops);
    play_in_file::<T>(FileOptions::new(), 0, true, ops).unwrap();
    play_in_file::<T>(FileOptions::new().sparse(true), 8192, true, ops).unwrap();
    play_in_file::<T>(FileOptions::new().spare_capacity(true), 4096, false, ops).unwrap();
}

/// Fewer cases than proptest would do by itself, unless it is told how many.
fn config() -> ProptestConfig {
    let told = ProptestConfig { failure_persistence: None, ..Default::default() };
    let cases = if env::var_os("PROPTEST_CASES").is_some() { told.cases } else { 80 };
    ProptestConfig { cases, ..told }
}

macro_rules! models {
    ($($name:ident: $T:ty),* $(,)?) => {
        proptest! {
            #![proptest_config(config())]
            $(#[test]
            fn $name(ops in prop::collection::vec(op(), 0..40)) {
                play_everywhere::<$T>(&ops);
            })*
        }
    };
}

models! {
    bytes: u8,
    triples: [u8; 3],
    numbers: u64,
    pairs: [u64; 2],
    odd_sizes: Odd,
    aligned_to_a_cache_line: Aligned64,
    aligned_to_a_page: Aligned4096,
}
