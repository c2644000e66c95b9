//! Any text as this reads JSON and as serde does. What is compared is private, so this target is no part of
//! `tests/fuzz/targets.rs`; its cases are read by the tests of `src/json`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ringside::json::against_serde::check(&String::from_utf8_lossy(data)));
