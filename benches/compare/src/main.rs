//! Measures the tables of `docs/performance.md` and prints them.
//!
//! `cargo run --release [DIR [ROUNDS]]` compares with others, with `-- --vectors [DIR [ROUNDS]]`
//! only as a vector; `cargo run --release -- --scale [DIR]` shows how cost grows. Files go to
//! `DIR`, the directory for temporary files if it is not given.
//!
//! All contenders of a row run in turn, round by round, so that a machine that becomes slower does
//! so for all of them; a row shows the median of each, and the median of the ratios of the rounds.

mod contest;
mod file;
mod heap;
mod machine;
mod scale;
mod vectors;

use std::path::PathBuf;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let dir = |arg: Option<&String>| arg.map_or_else(std::env::temp_dir, PathBuf::from);
    match args.first().map(String::as_str) {
        Some(scale::ONE) => scale::one(&args[1..]).expect("it can be measured"),
        Some("--scale") => {
            let dir = dir(args.get(1));
            println!("{}\n", machine::describe(&dir));
            scale::print(&dir);
        }
        _ => {
            let vectors = args.first().is_some_and(|arg| arg == "--vectors");
            let args = &args[usize::from(vectors)..];
            let dir = dir(args.first());
            let rounds = args.get(1).and_then(|text| text.parse().ok()).unwrap_or(7);
            println!("{}\n", machine::describe(&dir));
            println!("| work | ours | seed 0.4.0 | peer | ours / seed | ours / peer | at most |");
            println!("|---|---|---|---|---|---|---|");
            let mut contests = vectors::contests(&dir);
            if !vectors {
                contests.extend(heap::contests().into_iter().chain(file::contests(&dir)));
            }
            for contest in contests {
                println!("{}", contest.run(rounds));
            }
        }
    }
}
