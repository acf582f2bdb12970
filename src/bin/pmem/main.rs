//! `pmem`, the tool for files that hold nothing but an array of numbers.
#![forbid(unsafe_code)]

mod args;
mod bench;
mod cli;
mod command;
mod count;
mod edit;
mod element;
mod env;
mod error;
mod facts;
mod format;
mod holes;
mod interrupt;
mod name;
mod output;
mod partial;
mod pattern;
mod progress;
mod range;
mod reader;
mod size;
mod source;
mod usage;
mod value;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut env = env::Env::from_process();
    let result = cli::run(std::env::args_os(), &mut env);
    env.finish(result)
}
