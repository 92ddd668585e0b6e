#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| openbanking_tests::decode(data));
