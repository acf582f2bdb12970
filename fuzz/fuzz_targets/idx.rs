//! Reads bytes as the header of a idx file.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| platform_mem_fuzz::read("idx", "a.idx", bytes));
