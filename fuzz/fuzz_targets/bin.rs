//! Reads bytes as the header of a bin file.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| platform_mem_fuzz::read("bin", "a.fbin", bytes));
