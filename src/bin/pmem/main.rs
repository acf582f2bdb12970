//! `pmem`, the tool for files that hold nothing but an array of numbers.
#![forbid(unsafe_code)]

mod argument;
mod bench;
mod chart;
mod cli;
mod column;
mod command;
mod convert;
mod edit;
mod element;
mod env;
mod error;
mod format;
mod input;
mod layout;
mod pattern;
mod system;
mod text;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut env = env::Env::from_process();
    let result = cli::run(std::env::args_os(), &mut env);
    env.finish(result)
}
