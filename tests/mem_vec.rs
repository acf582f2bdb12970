//! `MemVec` does what `Vec` does, over every memory.

mod common;

use std::{
    env,
    io::Write,
    panic::{self, AssertUnwindSafe},
    rc::Rc,
};

use common::{
    Place,
    allocator::Checked,
    counted::{Ledger, labels},
    items::{Item, Odd},
    unnamed,
};
use platform_mem::{
    Alloc, ErasedMem, Error, FileMapped, FileOptions, Global, MemVec, PreAlloc, RawMem, System,
    TempFile,
};
use proptest::{prelude::*, sample::Index};

/// Something to do with a vector; counts are of elements.
#[derive(Clone, Debug)]
enum Op {
    Push(usize),
    Pop,
    Extend(usize, usize),
    FromSlice(usize, usize),
    Insert(Index, usize),
    InsertSlice(Index, usize, usize),
    Remove(Index),
    RemoveRange(Index, Index),
    Resize(usize, usize),
    Truncate(Index),
    Drain(Index),
    Clear,
    Write(Index, usize),
}

fn op() -> impl Strategy<Value = Op> {
    let (at, seed) = (any::<Index>, any::<usize>);
    let count = || prop_oneof![4 => 0..6_usize, 1 => 0..3000_usize];
    prop_oneof![
        3 => seed().prop_map(Op::Push),
        2 => Just(Op::Pop),
        1 => (count(), seed()).prop_map(|(n, seed)| Op::Extend(n, seed)),
        1 => (count(), seed()).prop_map(|(n, seed)| Op::FromSlice(n, seed)),
        1 => (at(), seed()).prop_map(|(at, seed)| Op::Insert(at, seed)),
        1 => (at(), 0..9_usize, seed()).prop_map(|(at, n, seed)| Op::InsertSlice(at, n, seed)),
        1 => at().prop_map(Op::Remove),
        1 => (at(), at()).prop_map(|(from, to)| Op::RemoveRange(from, to)),
        1 => (count(), seed()).prop_map(|(n, seed)| Op::Resize(n, seed)),
        1 => at().prop_map(Op::Truncate),
        1 => at().prop_map(Op::Drain),
        1 => Just(Op::Clear),
        1 => (at(), seed()).prop_map(|(at, seed)| Op::Write(at, seed)),
    ]
}

/// Does `op` to a `Vec` and to a vector over a memory, and compares what they return.
fn step<T: Item>(vec: &mut MemVec<impl RawMem<Item = T>>, model: &mut Vec<T>, op: &Op) {
    let run = |n: usize, seed: usize| (0..n).map(move |at| T::nth(seed ^ at));
    let len = model.len();
    match *op {
        Op::Push(seed) => {
            model.push(T::nth(seed));
            vec.push(T::nth(seed));
        }
        Op::Pop => assert_eq!(vec.pop(), model.pop()),
        Op::Extend(n, seed) => {
            model.extend(run(n, seed));
            // An iterator that does not know how long it is.
            vec.extend(run(n, seed).filter(|_| true));
        }
        Op::FromSlice(n, seed) => {
            let new: Vec<T> = run(n, seed).collect();
            model.extend_from_slice(&new);
            vec.extend_from_slice(&new);
        }
        Op::Insert(at, seed) => {
            let at = at.index(len + 1);
            model.insert(at, T::nth(seed));
            vec.insert(at, T::nth(seed));
        }
        Op::InsertSlice(at, n, seed) => {
            let (at, new) = (at.index(len + 1), run(n, seed).collect::<Vec<_>>());
            model.splice(at..at, new.iter().copied());
            vec.insert_from_slice(at, &new);
        }
        Op::Remove(at) if len > 0 => {
            let at = at.index(len);
            assert_eq!(vec.remove(at), model.remove(at));
        }
        Op::RemoveRange(from, to) => {
            let (from, to) = (from.index(len + 1), to.index(len + 1));
            let range = from.min(to)..from.max(to);
            model.drain(range.clone());
            vec.remove_range(range);
        }
        Op::Resize(n, seed) => {
            model.resize(n, T::nth(seed));
            vec.resize(n, T::nth(seed));
        }
        Op::Truncate(at) => {
            model.truncate(at.index(len + 5));
            vec.truncate(at.index(len + 5));
        }
        Op::Drain(at) => {
            let at = at.index(len + 1);
            assert!(vec.drain(at..).eq(model.drain(at..)));
        }
        Op::Clear => {
            model.clear();
            vec.clear();
        }
        Op::Write(at, seed) if len > 0 => {
            model[at.index(len)] = T::nth(seed);
            vec[at.index(len)] = T::nth(seed);
        }
        Op::Remove(_) | Op::Write(..) => {}
    }
}

fn play<T: Item>(mem: impl RawMem<Item = T>, ops: &[Op]) {
    let (mut vec, mut model) = (MemVec::new(mem), Vec::new());
    for op in ops {
        step(&mut vec, &mut model, op);
        assert_eq!(vec[..], model, "after {op:?}");
        assert_eq!((vec.len(), vec.is_empty()), (model.len(), model.is_empty()), "after {op:?}");
    }
}

/// Plays operations in a file, behind a header of `header` bytes and over elements that are there.
fn play_in_file<T: Item>(options: FileOptions, header: usize, ops: &[Op]) {
    let mut bytes = vec![7_u8; header];
    bytes.extend_from_slice(bytemuck::cast_slice(&T::run(100..110)));
    let place = Place::in_memory().with(&bytes);
    let options = options.sync_on_drop(false).offset(header as u64);
    play(options.from_path::<T>(&place.path).unwrap(), ops);
    let mut vec = MemVec::new(options.open::<T>(&place.path).unwrap());
    vec.clear();
    let mut model = Vec::new();
    for op in ops {
        step(&mut vec, &mut model, op);
    }
    vec.into_inner().close().unwrap();
    bytes.truncate(header);
    bytes.extend_from_slice(bytemuck::cast_slice(&model));
    assert_eq!(place.bytes(), bytes);
}

fn play_everywhere<T: Item>(ops: &[Op]) {
    play(Global::<T>::new(), ops);
    play(System::<T>::new(), ops);
    play(Alloc::<T, _>::new(Checked::default()), ops);
    play(TempFile::<T>::new().unwrap(), ops);
    play(FileMapped::<T>::new(unnamed()).unwrap(), ops);
    play(FileOptions::new().spare_capacity(true).from_file::<T>(unnamed()).unwrap(), ops);
    play(Box::new(Global::<T>::new()) as Box<dyn ErasedMem<Item = T>>, ops);
    play_in_file::<T>(FileOptions::new(), 0, ops);
    play_in_file::<T>(FileOptions::new().spare_capacity(true), 4096, ops);
}

proptest! {
    #![proptest_config({
        let told = ProptestConfig { failure_persistence: None, ..Default::default() };
        let cases = if env::var_os("PROPTEST_CASES").is_some() { told.cases } else { 40 };
        ProptestConfig { cases, ..told }
    })]

    #[test]
    fn numbers(ops in prop::collection::vec(op(), 0..30)) {
        play_everywhere::<u64>(&ops);
    }

    #[test]
    fn odd_sizes(ops in prop::collection::vec(op(), 0..30)) {
        play_everywhere::<Odd>(&ops);
    }
}

#[test]
fn a_full_buffer_refuses_and_keeps_what_it_has() {
    let mut vec = MemVec::new(PreAlloc::new(vec![0_u64; 4]));
    vec.extend([1, 2, 3]);
    let refused = [
        vec.try_extend_from_slice(&[4, 5]),
        vec.try_extend([4, 5]),
        vec.try_extend((4..).filter(|n| n % 2 == 0)),
        vec.try_insert_from_slice(0, &[4, 5]),
        vec.try_resize(5, 9),
        vec.try_reserve(2),
    ];
    for refused in refused {
        assert!(matches!(refused, Err(Error::OverGrow { .. })), "{refused:?}");
    }
    assert_eq!(vec[..], [1, 2, 3]);
    vec.push(4);
    assert!(vec.try_push(5).is_err() && vec.try_insert(0, 5).is_err());
    assert_eq!(vec[..], [1, 2, 3, 4]);
    assert_eq!(vec.into_inner().into_inner(), [1, 2, 3, 4]);
}

#[test]
fn wrong_indices_are_refused() {
    let mut vec: MemVec<Global<u64>> = (0..4).collect();
    for refused in [
        vec.try_insert(5, 0),
        vec.try_insert_from_slice(5, &[0]),
        vec.try_remove(4).map(|_| ()),
        vec.try_remove(usize::MAX).map(|_| ()),
        vec.try_remove_range(3..5),
        vec.try_drain(5..).map(|_| ()),
    ] {
        assert!(matches!(refused, Err(Error::OutOfRange { len: 4, .. })), "{refused:?}");
    }
    assert_eq!(vec[..], [0, 1, 2, 3]);
    let removed = panic::catch_unwind(AssertUnwindSafe(|| vec.remove(4)));
    let message = removed.unwrap_err().downcast::<String>().unwrap();
    assert!(message.contains("4 elements"), "{message}");
}

#[test]
fn values_are_dropped_once() {
    let ledger = Rc::new(Ledger::default());
    let mut vec = MemVec::new(TempFile::new().unwrap());
    vec.extend((0..5).map(|label| ledger.make(label)));
    vec.insert(1, ledger.make(9));
    assert_eq!(labels(&vec), [0, 9, 1, 2, 3, 4]);
    drop(vec.pop());
    drop(vec.remove(0));
    vec.remove_range(1..2);
    ledger.check(3, "after removing");
    ledger.panic_at_make(2);
    let made = AssertUnwindSafe(|| vec.extend((0..5).map(|label| ledger.make(label))));
    panic::catch_unwind(made).unwrap_err();
    assert_eq!(labels(&vec), [9, 2, 3]);
    ledger.check(3, "after an iterator that panicked");
    drop(vec.drain(1..));
    vec.resize(4, ledger.make(7));
    assert_eq!(labels(&vec), [9, 7, 7, 7]);
    drop(vec);
    ledger.check(0, "at the end");
}

#[test]
fn bytes_are_written() {
    let mut vec = MemVec::new(TempFile::<u8>::new().unwrap());
    write!(vec, "{}-{}", 1, 2).unwrap();
    assert_eq!(vec.write(b"abc").unwrap(), 3);
    vec.flush().unwrap();
    assert_eq!(vec[..], *b"1-2abc");
    let mut full = MemVec::new(PreAlloc::new(vec![0_u8; 2]));
    assert!(full.write_all(b"abc").is_err());
    assert_eq!(full[..], []);
}

#[test]
fn it_is_used_like_a_slice() {
    let mut vec: MemVec<Global<u64>> = MemVec::default();
    vec.extend([3, 1, 2]);
    vec.sort_unstable();
    assert_eq!((vec[0], &vec[1..]), (1, &[2, 3][..]));
    for value in &mut vec {
        *value *= 2;
    }
    assert_eq!((&vec).into_iter().sum::<u64>(), 12);
    assert_eq!(format!("{vec:?}"), "[2, 4, 6]");
    assert_eq!(vec.as_ref().len() + vec.as_mut().len() + vec.get_ref().len(), 9);
    vec.get_mut().shrink(1).unwrap();
    let vec = MemVec::from(vec.into_inner());
    assert_eq!(vec[..], [2, 4]);
}

#[test]
fn zero_sized_elements_are_counted() {
    let mut vec: MemVec<Global<()>> = std::iter::repeat_n((), 70_000).collect();
    assert_eq!(vec.pop(), Some(()));
    vec.insert(3, ());
    vec.remove_range(..69_999);
    assert_eq!(vec[..], [()]);
}
