//! Reads bytes as the header of a safetensors file.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| platform_mem_fuzz::read("safetensors", "a.safetensors", bytes));
