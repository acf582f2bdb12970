//! Reads bytes as the header of a vecs file.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| platform_mem_fuzz::read("vecs", "a.fvecs", bytes));
