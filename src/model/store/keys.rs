//! Hashes of rows' keys.

use rustc_hash::FxHasher;

use crate::domain::project::ProjectId;

pub(super) fn key_hash(project: ProjectId, partition: &str, key: &str) -> u64 {
    use std::hash::{Hash, Hasher};
    let mut hasher = FxHasher::default();
    (project, partition, key).hash(&mut hasher);
    hasher.finish()
}
