//! Measures the rows of the table in `docs/performance.md` and prints it.
//!
//! `cargo run --release [DIR [ROUNDS]]`: files go to `DIR`, the directory for temporary files if
//! it is not given. All contenders of a row run in turn, round by round, so that a machine that
//! becomes slower does so for all of them; a row shows the median of each and of the ratios of
//! the rounds.

mod contest;
mod file;
mod heap;
mod machine;

use std::path::PathBuf;

fn main() {
    let mut args = std::env::args_os().skip(1);
    let dir = args.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let rounds = args.next().and_then(|text| text.to_str()?.parse().ok()).unwrap_or(7);

    println!("{}\n", machine::describe(&dir));
    println!("| work | ours | seed 0.4.0 | peer | ours / seed | ours / peer | at most |");
    println!("|---|---|---|---|---|---|---|");
    for contest in heap::contests().into_iter().chain(file::contests(&dir)) {
        println!("{}", contest.run(rounds));
    }
}
