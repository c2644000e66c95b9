//! How it goes, and what is known, as of the last input.

use super::{
    coordinator::Engine,
    forge::{CredentialTest, RemainingRequests},
    rows::Reader,
};
use crate::{
    domain::{
        deployment::Deployment, id::CommitId, link::Link, manifests::BranchEnd, problem::Problem, project::ProjectId,
        time::Timestamp,
    },
    http::Origin,
    model::{
        assemble::assemble,
        store::{Slot, Store},
        sync::Syncs,
    },
};

/// What is being read, for the progress bar.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Progress {
    /// Rows known.
    pub rows: usize,
    /// How much of the way, from 0 to 1.
    pub part: f32,
}

impl Engine {
    /// What is known.
    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// What clusters reported.
    #[must_use]
    pub const fn syncs(&self) -> &Syncs {
        &self.syncs
    }

    /// Who reads what.
    #[must_use]
    pub fn readers(&self) -> &[Reader] {
        &self.readers
    }

    /// One deployment, with all that is known of it.
    #[must_use]
    pub fn deployment(&self, slot: Slot) -> Option<Deployment> {
        assemble(&self.store, slot, self.syncs.of_slot(&self.store, slot))
    }

    /// What became of the branch that a deployment was built from, where that is known.
    #[must_use]
    pub fn branch_end(&self, slot: Slot) -> Option<BranchEnd> {
        self.forges.get()?.branch_end(slot, &self.store)
    }

    /// Where to see a commit of a project's manifests.
    #[must_use]
    pub fn manifest_link(&self, project: ProjectId, id: &CommitId) -> Option<Link> {
        self.forges.get()?.manifest_link(project, id)
    }

    /// The forge's page with what lies between the sources of two deployments, the older first.
    #[must_use]
    pub fn compare_link(&self, old: Slot, new: Slot) -> Option<Link> {
        self.forges.get()?.compare_link(&self.store, old, new)
    }

    /// Whether every project's recent rows, or its failure, are known: there is something to show.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        let has_answered = |r: &Reader| self.clock.last().is_some_and(|now| r.has_answered(now));
        !self.store.is_empty() || self.readers.iter().all(has_answered)
    }

    /// What is being read, if anything is besides a refresh.
    #[must_use]
    pub fn progress(&self) -> Option<Progress> {
        // Those that have all their rows count too, or the bar would fall back whenever one has.
        let parts: Vec<f32> = self.readers.iter().filter(|r| r.is_active()).map(Reader::part).collect();
        let part = parts.iter().sum::<f32>() / parts.len().max(1) as f32;
        self.readers.iter().any(Reader::is_loading).then_some(Progress { rows: self.store.len(), part })
    }

    /// When the oldest of the projects was last known to be up to date, by the wall clock.
    #[must_use]
    pub fn fresh_at(&self) -> Option<Timestamp> {
        let active = self.readers.iter().filter(|r| r.is_active());
        active.map(Reader::fresh_at).min().flatten().map(|at| self.clock.to_wall(at))
    }

    /// What is wrong.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let Some(now) = self.clock.last() else { return Vec::new() };
        let active = self.readers.iter().filter(|r| r.is_active());
        let of_rows = active.flat_map(|r| r.problems(&self.page, self.online, now));
        let of_forges = self.forges.get().map(|forges| forges.problems(now.steady)).unwrap_or_default();
        self.dated(of_rows.chain(of_forges).collect())
    }

    /// What is wrong with one origin of forges.
    #[must_use]
    pub fn origin_problems(&self, origin: &Origin) -> Vec<Problem> {
        let Some(now) = self.clock.last() else { return Vec::new() };
        let problems = self.forges.get().map(|forges| forges.origin_problems(origin, now.steady));
        self.dated(problems.unwrap_or_default())
    }

    /// The same with times by the wall clock.
    fn dated(&self, mut problems: Vec<Problem>) -> Vec<Problem> {
        for problem in &mut problems {
            problem.retry_at = problem.retry_at.map(|at| self.clock.to_wall(at));
        }
        problems
    }

    /// What the last test of an origin's credential came to.
    #[must_use]
    pub fn credential_test(&self, origin: &Origin) -> Option<CredentialTest> {
        self.forges.get()?.credential_test(origin)
    }

    /// How many requests an origin has left, as far as that is known.
    #[must_use]
    pub fn remaining_requests(&self, origin: &Origin) -> Option<RemainingRequests> {
        self.forges.get()?.remaining_requests(origin)
    }

    /// How many facts about finished work the browser keeps.
    #[must_use]
    pub fn cached_count(&self) -> usize {
        self.forges.get().map_or(0, |forges| forges.count_cached())
    }
}
