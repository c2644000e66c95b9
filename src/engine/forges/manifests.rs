//! What forges know of manifest repositories: where clusters are, and in which order commits came.

use super::Forges;
use crate::{
    domain::{id::CommitId, link::Link, manifests::BranchEnd},
    model::store::{Slot, Store},
};

impl Forges {
    /// What became of the branch that a deployment was built from, where that is known.
    pub(in crate::engine) fn branch_end(&self, _slot: Slot) -> Option<BranchEnd> {
        None
    }

    /// Where to see a commit of a project's manifests.
    pub(in crate::engine) fn manifest_link(&self, _project: usize, _id: &CommitId) -> Option<Link> {
        None
    }

    /// The forge's page with what lies between the sources of two deployments, the older first.
    pub(in crate::engine) fn compare_link(&self, _store: &Store, _old: Slot, _new: Slot) -> Option<Link> {
        None
    }
}
