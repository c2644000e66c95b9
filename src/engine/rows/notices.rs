//! Rows that could not be read, or not as they were: counted once, however often they come.

use std::hash::BuildHasher;

use rustc_hash::{FxBuildHasher, FxHashSet};

use crate::storage::rows::{Remarks, RowsRead};

/// How many are kept to look at.
const LISTED: usize = 50;
/// How many different ones are distinguished.
const COUNTED: usize = 10_000;

/// Words about rows, without those that were there before.
#[derive(Clone, Debug, Default)]
pub(super) struct Notices {
    /// Some of them, to look at.
    pub listed: Vec<String>,
    seen: FxHashSet<u64>,
    /// The most that one answer had of them, some of which may be described by the same words.
    most: usize,
}

impl Notices {
    fn add(&mut self, remarks: &Remarks) {
        self.most = self.most.max(remarks.count);
        for words in &remarks.words {
            if self.seen.len() < COUNTED
                && self.seen.insert(FxBuildHasher.hash_one(words))
                && self.listed.len() < LISTED
            {
                self.listed.push(words.clone());
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.seen.len().max(self.most)
    }
}

/// Warnings about single rows.
#[derive(Clone, Debug, Default)]
pub(super) struct RowNotices {
    /// No rows at all.
    pub bad: Notices,
    /// Rows whose texts were cut or mended.
    pub flawed: Notices,
}

impl RowNotices {
    pub(super) fn add(&mut self, read: &RowsRead) {
        self.bad.add(&read.bad);
        self.flawed.add(&read.flawed);
    }
}
