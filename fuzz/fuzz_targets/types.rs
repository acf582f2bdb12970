//! Parses text as the type of an element.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| platform_mem_fuzz::parse(bytes));
