//! The cases that a fuzzer found and that are kept in `fuzz/corpus`, and bytes out of a hat, through every parser.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    dead_code,
    reason = "a test fails by a panic; clippy knows tests by their attribute, and here is what they share"
)]

#[path = "../support"]
mod support {
    pub(crate) mod rng;
}
mod targets;

use std::{fs, path::Path};

use targets::TARGETS;

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.map(|file| fs::read(file).unwrap()).collect()
}

#[test]
fn the_cases_that_are_kept() {
    for (name, target) in TARGETS {
        let corpus = corpus(name);
        assert!(!corpus.is_empty(), "{name} has no cases");
        corpus.iter().for_each(|case| target(case));
    }
}

#[test]
fn cases_cut_and_damaged() {
    let mut rng = support::rng::Rng::new(12);
    for (name, target) in TARGETS {
        for mut case in corpus(name) {
            let cut = rng.below(case.len() as u64 + 1) as usize;
            target(&case[..cut]);
            for _ in 0..3 {
                if !case.is_empty() {
                    let at = rng.below(case.len() as u64) as usize;
                    case[at] = rng.below(256) as u8;
                }
                target(&case);
            }
        }
    }
}
