//! The agents side by side, and what they are told.

use std::time::Duration;

use super::{
    demand::{DemandQueue, RefreshPolicy},
    facts::FactTable,
    in_flight::InFlight,
    manifests::{ManifestAgent, branch_end},
    origin::{CredentialTest, Origins},
    slot_facts::commit_link,
    tracked::TrackedRows,
};
use crate::{
    config::Config,
    domain::{id::CommitId, link::Link, manifests::BranchEnd, time::Timestamp},
    engine::{
        cache::{CacheWrite, FactCache},
        visible_set::VisibleSet,
    },
    forge::{self, Repositories},
    http::{Origin, secret::Secret},
    model::{
        store::{Slot, Store},
        sync::Syncs,
    },
};

/// Everything about forges.
#[derive(Debug)]
pub(in crate::engine) struct ForgeEngine {
    pub(super) repositories: Repositories,
    pub(super) facts: FactTable,
    pub(super) origins: Origins,
    pub(super) demands: DemandQueue,
    pub(super) tracked: TrackedRows,
    pub(super) manifests: ManifestAgent,
    pub(super) in_flight: InFlight,
    pub(super) cache: FactCache,
    /// What the browser is to do besides what `cache` decides.
    pub(super) cache_writes: Vec<CacheWrite>,
    /// The browser has said what it kept.
    pub(super) is_restored: bool,
    pub(super) visible: VisibleSet,
    /// When what is visible last changed, until it has settled.
    pub(super) moved_at: Option<Timestamp>,
    pub(super) has_moved: bool,
    pub(super) policy: RefreshPolicy,
    /// What is wanted has to be decided anew.
    pub(super) is_dirty: bool,
    /// Something that was known is no more, so that what deployments name may have to be looked for elsewhere.
    pub(super) has_forgotten: bool,
    pub(super) wake: Option<Timestamp>,
}

impl ForgeEngine {
    pub(in crate::engine) fn new(config: &Config, seed: u64) -> Self {
        let mut origins = Origins::default();
        let pipelines = config.projects.iter().filter_map(|project| project.pipelines.as_ref());
        let pipelines = pipelines.flat_map(|pipelines| [&pipelines.build, &pipelines.release, &pipelines.manifest]);
        for forge in pipelines {
            for origin in forge::origins(forge) {
                origins.intern(origin, forge);
            }
        }
        for forge in config.projects.iter().filter_map(|project| project.manifests.as_ref()) {
            origins.intern(forge.api().origin(), forge);
        }
        let mut repositories = Repositories::default();
        Self {
            manifests: ManifestAgent::new(config, &mut repositories),
            repositories,
            facts: FactTable::default(),
            origins,
            demands: DemandQueue::default(),
            tracked: TrackedRows::new(config),
            in_flight: InFlight::default(),
            cache: FactCache::new(seed),
            cache_writes: Vec::new(),
            is_restored: false,
            visible: VisibleSet::default(),
            moved_at: None,
            has_moved: false,
            policy: RefreshPolicy { every: config.refresh, by_hand: false },
            is_dirty: false,
            has_forgotten: false,
            wake: None,
        }
    }

    /// Whether any project has forges to ask.
    pub(in crate::engine) fn is_used(&self) -> bool {
        self.tracked.has_pipelines() || self.manifests.is_used()
    }

    /// Gives an origin a credential, or takes it away. What was refused without it is asked again.
    pub(in crate::engine) fn set_token(&mut self, origin: &Origin, token: Option<&Secret>) {
        let touched = self.origins.set_token(origin, token);
        let repositories = &self.repositories;
        self.facts.forget_refusals(|key| repositories.origin(key).is_some_and(|of_key| touched.contains(of_key)));
        self.has_forgotten = true;
        self.is_dirty = true;
    }

    /// What somebody sees now.
    pub(in crate::engine) fn set_visible(&mut self, visible: VisibleSet) {
        if self.visible != visible {
            self.visible = visible;
            self.has_moved = true;
            self.is_dirty = true;
        }
    }

    pub(in crate::engine) fn set_refresh(&mut self, every: Option<Duration>) {
        self.policy.every = every;
        self.is_dirty = true;
    }

    /// Asks anew, now, for all that is visible and may have changed.
    pub(in crate::engine) fn refresh(&mut self) {
        self.policy.by_hand = true;
        self.is_dirty = true;
    }

    /// What failed for want of a network need wait no longer.
    pub(in crate::engine) fn network_is_back(&mut self) {
        self.origins.try_again();
        self.is_dirty = true;
    }

    /// What the browser kept from earlier visits. Nothing is asked before.
    pub(in crate::engine) fn restore(&mut self, chunks: Vec<(String, Vec<u8>)>, store: &Store) {
        self.facts.restore(self.cache.restore(chunks));
        self.is_restored = true;
        self.is_dirty = true;
        // What is visible already may be known now.
        self.has_forgotten = true;
        self.tracked.look_at_all(store);
    }

    /// What the browser is to keep, and to throw away.
    pub(in crate::engine) fn take_cache_writes(&mut self, now: Timestamp) -> Vec<CacheWrite> {
        let mut writes = std::mem::take(&mut self.cache_writes);
        writes.extend(self.cache.take(now));
        writes
    }

    pub(in crate::engine) fn count_cached(&self) -> usize {
        self.facts.count_cached()
    }

    /// Throws away what the browser keeps. What is known stays known while the page is open.
    pub(in crate::engine) fn forget_cached(&mut self) {
        self.cache_writes.extend(self.cache.clear());
        self.facts.forget_cached();
    }

    /// Asks an origin whether its credential is good.
    pub(in crate::engine) fn test(&mut self, origin: &Origin) {
        self.origins.start_test(origin);
    }

    /// What the last such test came to.
    pub(in crate::engine) fn test_of(&self, origin: &Origin) -> Option<CredentialTest> {
        self.origins.test_of(origin)
    }

    /// Hands what is new to where the views look. Returns whether that changed anything there.
    pub(in crate::engine) fn export_signals(&mut self, syncs: &mut Syncs) -> bool {
        self.manifests.export_signals(&mut self.facts, syncs)
    }

    /// What became of the branch that a deployment was built from, where that is known.
    pub(in crate::engine) fn branch_end(&self, slot: Slot, store: &Store) -> Option<BranchEnd> {
        branch_end(slot, &self.tracked, store, &self.facts)
    }

    /// Where to see a commit of a project's manifests.
    pub(in crate::engine) fn manifest_link(&self, project: usize, id: &CommitId) -> Option<Link> {
        commit_link(self.manifests.repo(project)?, id, &self.repositories, &self.facts)
    }

    /// The forge's page with what lies between the sources of two deployments, the older first.
    pub(in crate::engine) fn compare_link(&self, store: &Store, old: Slot, new: Slot) -> Option<Link> {
        let repo = self.tracked.get(new)?.references.source?;
        let commit = |slot: Slot| self.tracked.source_commit(slot, store, &self.facts);
        let (old, new) = (commit(old)?, commit(new)?);
        forge::compare_link(self.repositories.get(repo)?, self.facts.project_link(repo), &old, &new)
    }
}
