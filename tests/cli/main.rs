//! The program, run as its users run it: standard output, standard error and exit code are always
//! checked together.

mod bench;
mod common;
mod completions;
mod dump;
#[cfg(target_os = "linux")]
mod fill;
mod formats;
#[cfg(target_os = "linux")]
mod grow;
mod info;
mod inputs;
#[cfg(target_os = "linux")]
mod interrupt;
mod pmem;
mod readme;
#[cfg(target_os = "linux")]
mod scratch;
#[cfg(target_os = "linux")]
mod shrink;
mod values;
