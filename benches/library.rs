//! The operations of the library by themselves: `cargo bench --no-default-features`.
//!
//! How they compare with others is measured by the crate in `benches/compare`.

use divan::{Bencher, black_box, counter::ItemsCount};
use platform_mem::{ErasedMem, FileMapped, FileOptions, Global, RawMem, System, TempFile};

fn main() {
    divan::main();
}

/// The memories, as they are chosen at run time.
const BACKENDS: [&str; 5] = ["global", "system", "file", "spare file", "temp"];

fn memory(backend: &str) -> Box<dyn ErasedMem<Item = u64>> {
    let file = || tempfile::tempfile().expect("a temporary file");
    let options = FileOptions::new().sync_on_drop(false);
    match backend {
        "global" => Box::new(Global::new()),
        "system" => Box::new(System::new()),
        "file" => Box::new(options.from_file(file()).expect("a file memory")),
        "spare file" => {
            let options = options.spare_capacity(true);
            Box::new(options.from_file(file()).expect("a file memory"))
        }
        "temp" => Box::new(TempFile::new().expect("a temporary memory")),
        other => unreachable!("{other} is not in the list"),
    }
}

/// Appends single elements, as `Vec::push` would.
#[divan::bench(args = BACKENDS)]
fn append_one_by_one(bencher: Bencher<'_, '_>, backend: &str) {
    const COUNT: u64 = 10_000;
    bencher.counter(ItemsCount::new(COUNT)).with_inputs(|| memory(backend)).bench_local_refs(
        |mem| {
            for n in 0..COUNT {
                black_box(mem.grow_filled(1, n).expect("room").len());
            }
        },
    );
}

/// Appends pages.
#[divan::bench(args = BACKENDS)]
fn append_pages(bencher: Bencher<'_, '_>, backend: &str) {
    let page = [7; 512];
    bencher
        .counter(ItemsCount::new(512_usize * 1000))
        .with_inputs(|| memory(backend))
        .bench_local_refs(|mem| {
            for _ in 0..1000 {
                black_box(mem.grow_from_slice(&page).expect("room").len());
            }
        });
}

/// Grows once, by a million elements.
#[divan::bench(args = BACKENDS)]
fn grow_filled(bencher: Bencher<'_, '_>, backend: &str) {
    bencher
        .counter(ItemsCount::new(1_usize << 20))
        .with_inputs(|| memory(backend))
        .bench_local_refs(|mem| black_box(mem.grow_filled(1 << 20, 7).expect("room").len()));
}

/// Grows once by a million zeroes.
#[divan::bench(args = BACKENDS)]
fn grow_zeroed(bencher: Bencher<'_, '_>, backend: &str) {
    bencher
        .counter(ItemsCount::new(1_usize << 20))
        .with_inputs(|| memory(backend))
        .bench_local_refs(
            // SAFETY: zero is a number.
            |mem| black_box(unsafe { mem.grow_zeroed(1 << 20) }.expect("room").len()),
        );
}

/// Shrinks by single elements.
#[divan::bench(args = BACKENDS)]
fn shrink_one_by_one(bencher: Bencher<'_, '_>, backend: &str) {
    const COUNT: usize = 1000;
    let grown = || {
        let mut mem = memory(backend);
        mem.grow_filled(COUNT, 7).expect("room");
        mem
    };
    bencher.counter(ItemsCount::new(COUNT)).with_inputs(grown).bench_local_refs(|mem| {
        for _ in 0..COUNT {
            mem.shrink(1).expect("an element");
        }
    });
}

/// Opens a file of a million elements and looks at the first.
#[divan::bench]
fn open(bencher: Bencher<'_, '_>) {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("data");
    let mut mem = FileMapped::from_path(&path).expect("a file memory");
    mem.grow_filled(1 << 20, 7_u64).expect("room");
    mem.close().expect("a flush");
    let options = FileOptions::new().sync_on_drop(false);
    bencher.bench_local(|| {
        let mem: FileMapped<u64> = options.open(&path).expect("a file memory");
        black_box(mem.allocated()[0])
    });
}
