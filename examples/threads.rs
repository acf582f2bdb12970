//! Many threads read one file: `threads FILE` sums the `u32` in it, each thread its part.

#![expect(clippy::print_stdout, reason = "it talks to its user")]

use std::{env, error::Error, thread};

use platform_mem::{Advice, FileView};

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args_os().nth(1).ok_or("usage: threads FILE")?;
    let view = FileView::<u32>::open(path)?;
    view.advise(Advice::Sequential)?;

    let threads = thread::available_parallelism()?.get();
    let part = view.len().div_ceil(threads).max(1);
    let sum: u128 = thread::scope(|scope| {
        // A view is shared by reference, like any slice.
        let work = |part: &'_ [u32]| part.iter().map(|n| u128::from(*n)).sum::<u128>();
        let parts: Vec<_> = view.chunks(part).map(|part| scope.spawn(move || work(part))).collect();
        parts
            .into_iter()
            .map(|part| part.join().unwrap_or_else(|e| std::panic::resume_unwind(e)))
            .sum()
    });

    println!("{sum}");
    Ok(())
}
