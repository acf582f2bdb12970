//! Plays operations, under system calls that fail, on memories and on `Vec`s, and compares.
//!
//! The input is read in steps of four bytes: the operation, its count, the call that fails, and
//! how.
#![no_main]

use std::{fs, panic, path::Path};

use libfuzzer_sys::fuzz_target;
use platform_mem::{
    FileMapped, FileOptions, FileView, Global, MemVec, RawMem, Result, TempFile, ViewOptions,
    fault::Plan,
};

/// An odd size, so that elements lie across pages.
type Element = [u8; 7];

/// Steps of one run, and elements of one memory, at most.
const STEPS: usize = 64;
const MOST: usize = 20_000;

/// What the file begins with, before its elements.
const HEADER: &[u8] = b"five!";

/// Kinds of operations.
const KINDS: u8 = 10;

const ERRNOS: [i32; 6] = [28, 27, 12, 5, 1, 95];

#[derive(Clone, Copy)]
struct Step {
    operation: u8,
    count: usize,
    seed: u8,
    skip: usize,
    errno: i32,
    repeat: bool,
}

impl Step {
    fn new(bytes: &[u8; 4]) -> Self {
        let [operation, count, fault, how] = *bytes;
        Self {
            operation,
            count: if count < 200 { count.into() } else { usize::from(count - 199) * 150 },
            seed: fault ^ how,
            // Most steps are without a fault.
            skip: if fault < 160 { usize::MAX } else { usize::from(fault % 8) },
            errno: ERRNOS[usize::from(how) % ERRNOS.len()],
            repeat: how >= 128,
        }
    }

    fn plan(&self) -> Plan<'static> {
        Plan { calls: &[], skip: self.skip, errno: self.errno, repeat: self.repeat }
    }

    fn element(&self, at: usize) -> Element {
        [self.seed, at as u8, (at >> 8) as u8, self.operation, 1, 2, 3]
    }
}

/// What is shown, and what is stored behind it.
#[derive(Default)]
struct Model {
    shown: Vec<Element>,
    hidden: Vec<Element>,
}

impl Model {
    fn grow(&mut self, mut new: Vec<Element>, keep: bool) {
        let known = self.hidden.len().min(new.len());
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

    fn stored(&self) -> Vec<Element> {
        [&*self.shown, &*self.hidden].concat()
    }
}

/// Does one step to a memory, and to the model if it succeeds.
fn play(mem: &mut impl RawMem<Item = Element>, model: &mut Model, step: Step) {
    let (len, count) = (model.shown.len(), step.count);
    if len + count > MOST {
        mem.shrink(len).expect("nothing fails");
        return model.shrink(len);
    }
    let new: Vec<_> = (0..count).map(|at| step.element(at)).collect();
    let plan = step.plan();
    let done: Result<()> = match step.operation % KINDS {
        0 => plan.during(|| mem.grow_filled(count, step.element(0)).map(|_| ())).map(|()| {
            model.grow(vec![step.element(0); count], true);
        }),
        1 => plan.during(|| mem.grow_from_slice(&new).map(|_| ())).map(|()| model.grow(new, false)),
        // SAFETY: zero is a number.
        2 => plan.during(|| unsafe { mem.grow_zeroed(count) }.map(|_| ())).map(|()| {
            model.grow(vec![[0; 7]; count], true);
        }),
        3 => plan.during(|| mem.shrink(count)).map(|()| model.shrink(count)),
        4 => plan.during(|| mem.reserve(count)),
        5 => {
            let range = len / 3..len / 3 + count.min(len - len / 3);
            let within = model.shown[range.clone()].to_vec();
            plan.during(|| mem.grow_within(range).map(|_| ())).map(|()| model.grow(within, false))
        }
        6 => {
            let mut made = 0;
            let make = || {
                made += 1;
                if made > count / 2 + 1 {
                    panic::resume_unwind(Box::new(()));
                }
                step.element(0)
            };
            let mem = panic::AssertUnwindSafe(&mut *mem);
            let grown = plan.during(|| {
                panic::catch_unwind(panic::AssertUnwindSafe(|| {
                    let panic::AssertUnwindSafe(mem) = mem;
                    mem.grow_with(count, make).map(|_| ())
                }))
            });
            match grown {
                Ok(done) => done.map(|()| model.grow(vec![step.element(0); count], true)),
                Err(_) => Ok(()),
            }
        }
        7 => {
            plan.during(|| MemVec::new(&mut *mem).try_insert_from_slice(len / 2, &new)).map(|()| {
                model.grow(new, false);
                model.shown[len / 2..].rotate_right(count);
            })
        }
        8 => {
            let range = len / 3..len / 3 + count.min(len - len / 3);
            plan.during(|| MemVec::new(&mut *mem).try_remove_range(range.clone())).map(|()| {
                model.shown[range.start..].rotate_left(range.len());
                model.shrink(range.len());
            })
        }
        _ => {
            for (at, element) in model.shown.iter_mut().enumerate().take(count) {
                *element = step.element(at);
                mem.allocated_mut()[at] = step.element(at);
            }
            Ok(())
        }
    };
    assert!(done.is_ok() || step.skip != usize::MAX || step.operation % KINDS == 3, "{done:?}");
    assert_eq!(mem.allocated(), model.shown);
}

/// Opens the file anew; a close may report the fault that it met.
fn reopen(
    mem: FileMapped<Element>,
    model: &mut Model,
    step: Step,
    path: &Path,
) -> FileMapped<Element> {
    let stored = model.stored();
    let length = (HEADER.len() + size_of_val(&*stored)) as u64;
    let exact = bytes_of(path) == length;
    // A file that is too long already stays so if closing fails as well.
    let plan = if exact { step.plan() } else { Plan { skip: usize::MAX, ..step.plan() } };
    let closed = plan.observe(|| mem.close());
    assert!(closed.result.is_ok() || closed.failed > 0, "{:?}", closed.result);
    assert_eq!(bytes_of(path), length);
    let view: FileView<Element> =
        ViewOptions::new().offset(HEADER.len() as u64).open(path).expect("nothing fails");
    assert_eq!(view[..], stored);
    drop(view);
    let options = options().sparse(step.seed % 2 == 0).spare_capacity(step.seed % 8 >= 4);
    if step.seed % 4 < 2 {
        (model.shown, model.hidden) = (stored, Vec::new());
        options.open(path).expect("nothing fails")
    } else {
        (model.shown, model.hidden) = (Vec::new(), stored);
        options.from_path(path).expect("nothing fails")
    }
}

fn options() -> FileOptions {
    FileOptions::new().sync_on_drop(false).offset(HEADER.len() as u64)
}

fn bytes_of(path: &Path) -> u64 {
    fs::metadata(path).expect("the file is there").len()
}

fuzz_target!(|data: &[u8]| {
    let steps: Vec<_> = data.as_chunks().0.iter().take(STEPS).map(Step::new).collect();
    let dir =
        tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a directory");
    let path = dir.path().join("data.bin");

    let (mut heap, mut heap_model) = (Global::new(), Model::default());
    let (mut temp, mut temp_model) =
        (TempFile::new_in(dir.path()).expect("a file"), Model::default());
    fs::write(&path, HEADER).expect("a file");
    let (mut file, mut file_model) =
        (options().from_path(&path).expect("a file"), Model::default());
    let mut is_exact = true;
    for step in steps {
        play(&mut heap, &mut heap_model, step);
        play(&mut temp, &mut temp_model, step);
        if step.operation >= 224 {
            file = reopen(file, &mut file_model, step, &path);
            is_exact = step.seed % 8 < 4;
        } else {
            play(&mut file, &mut file_model, step);
        }
        // An undoing that fails leaves a file that is too long; the next growth restores its
        // length.
        let stored = HEADER.len() + file_model.stored().len() * size_of::<Element>();
        let found = bytes_of(&path);
        assert!(found >= stored as u64, "{found} bytes, {stored} stored");
        let grown = matches!(step.operation % KINDS, 0..=2) && step.count > 0;
        if step.skip == usize::MAX && grown && is_exact {
            assert_eq!(found, stored as u64);
        }
        assert_eq!(file.header(), HEADER);
    }
});
