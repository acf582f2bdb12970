//! The program, run as its users run it: standard output, standard error and exit code are always
//! checked together.

mod bench;
mod common;
mod completions;
mod dump;
mod formats;
mod info;
mod inputs;
mod pmem;
mod readme;
mod values;
