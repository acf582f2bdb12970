//! The program `pmem`.
#![forbid(unsafe_code)]
fn main() {}
