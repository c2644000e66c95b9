//! The agents side by side, and their inputs.

use super::{
    demand::{DemandQueue, RefreshPolicy},
    facts::FactTable,
    in_flight::InFlight,
    manifests::{ManifestAgent, branch_end},
    origin::Origins,
    slot_facts::commit_link,
    tracked::TrackedRows,
};
use crate::{
    config::Config,
    domain::{id::CommitId, link::Link, manifests::BranchEnd, problem::Problem, project::ProjectId, time::Timestamp},
    engine::{
        backoff::Random,
        cache::{CacheWrite, FactCache},
        forges::{CredentialTest, ForgeInput, Forges, RemainingRequests},
        request_id::{RequestId, RequestIds},
        visible_set::VisibleSet,
    },
    forge::{self, Repositories},
    http::{NetError, Origin, Request, Response, secret::Secret},
    model::{
        store::{Slot, Store},
        sync::Syncs,
    },
};

/// Everything about forges.
#[derive(Debug)]
pub struct ForgeEngine {
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
    /// Until when that stays in memory for rows that have yet to come.
    pub(super) recalls_until: Option<Timestamp>,
    /// The browser has reported what it kept.
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
    /// From so many resources on what nobody needs any more is forgotten.
    pub(super) forgets_from: usize,
}

impl ForgeEngine {
    /// The part for a configuration. `seed` scatters retries.
    #[must_use]
    pub fn new(config: &Config, seed: u64) -> Self {
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
            recalls_until: None,
            is_restored: false,
            visible: VisibleSet::default(),
            moved_at: None,
            has_moved: false,
            policy: RefreshPolicy { every: config.refresh, by_hand: false },
            is_dirty: false,
            has_forgotten: false,
            wake: None,
            forgets_from: 0,
        }
    }

    /// Gives an origin a credential, or takes it away. What was refused without it is requested again.
    fn set_token(&mut self, origin: &Origin, token: Option<&Secret>) {
        let touched = self.origins.set_token(origin, token);
        let repositories = &self.repositories;
        self.facts.forget_refusals(|key| repositories.origin(key).is_some_and(|of_key| touched.contains(of_key)));
        self.has_forgotten = true;
    }

    fn set_visible(&mut self, visible: VisibleSet) {
        if self.visible != visible {
            self.visible = visible;
            self.has_moved = true;
            self.is_dirty = true;
        }
    }

    fn restore(&mut self, chunks: Vec<(String, Vec<u8>)>, store: &Store) {
        self.facts.restore(self.cache.restore(chunks));
        self.is_restored = true;
        self.recalls_until = None;
        // What is visible already may be known now.
        self.has_forgotten = true;
        self.tracked.track_all(store);
    }
}

impl Forges for ForgeEngine {
    fn handle_input(&mut self, input: ForgeInput, store: &Store) {
        match input {
            ForgeInput::VisibleSet(visible) => return self.set_visible(visible),
            ForgeInput::TestCredential(origin) => return self.origins.start_test(&origin),
            ForgeInput::ClearCache => {
                // What is known stays known while the page is open.
                self.cache_writes.extend(self.cache.clear());
                return self.facts.forget_cached();
            }
            ForgeInput::Credential(origin, token) => self.set_token(&origin, token.as_ref()),
            ForgeInput::CachedFacts(chunks) => self.restore(chunks, store),
            ForgeInput::RefreshInterval(every) => self.policy.every = every,
            ForgeInput::Refresh => self.policy.by_hand = true,
            ForgeInput::NetworkIsBack => self.origins.try_again(),
        }
        self.is_dirty = true;
    }

    fn plan(&mut self, now: Timestamp, store: &mut Store, syncs: &mut Syncs) -> bool {
        let has_changed = self.plan_demands(now, store, syncs);
        has_changed | self.manifests.export_signals(&mut self.facts, syncs)
    }

    fn poll(&mut self, now: Timestamp, is_awake: bool, ids: &mut RequestIds) -> Vec<(RequestId, Request)> {
        self.poll_requests(now, is_awake, ids)
    }

    fn is_loading(&self) -> bool {
        self.in_flight.is_loading()
    }

    fn is_in_flight(&self, id: RequestId) -> bool {
        self.in_flight.has(id)
    }

    fn apply_answer(
        &mut self,
        id: RequestId,
        result: Result<Response, NetError>,
        now: Timestamp,
        store: &mut Store,
        syncs: &mut Syncs,
        random: &mut Random,
    ) -> bool {
        let has_changed = self.apply_result(id, result, now, store, random);
        has_changed | self.manifests.export_signals(&mut self.facts, syncs)
    }

    fn wake_at(&self) -> Option<Timestamp> {
        self.wake
    }

    fn take_cache_writes(&mut self, now: Timestamp) -> Vec<CacheWrite> {
        let mut writes = std::mem::take(&mut self.cache_writes);
        writes.extend(self.cache.take(now));
        writes
    }

    fn count_cached(&self) -> usize {
        self.facts.count_cached()
    }

    fn problems(&self, now: Timestamp) -> Vec<Problem> {
        let visible = self.origins.all().filter(|(_, state)| !state.visible.is_empty());
        visible.flat_map(|(id, state)| self.problems_at(id, state, now)).collect()
    }

    fn origin_problems(&self, origin: &Origin, now: Timestamp) -> Vec<Problem> {
        let here = self.origins.all().filter(|(_, state)| state.origin == *origin);
        here.flat_map(|(id, state)| self.problems_at(id, state, now)).collect()
    }

    fn credential_test(&self, origin: &Origin) -> Option<CredentialTest> {
        self.origins.test_of(origin)
    }

    fn remaining_requests(&self, origin: &Origin) -> Option<RemainingRequests> {
        let (remaining, reset) = self.origins.get(self.origins.find(origin)?)?.bucket.left()?;
        Some(RemainingRequests { remaining, reset })
    }

    fn branch_end(&self, slot: Slot, store: &Store) -> Option<BranchEnd> {
        branch_end(slot, &self.tracked, store, &self.facts)
    }

    fn manifest_link(&self, project: ProjectId, id: &CommitId) -> Option<Link> {
        commit_link(self.manifests.repo(project)?, id, &self.repositories, &self.facts)
    }

    fn compare_link(&self, store: &Store, old: Slot, new: Slot) -> Option<Link> {
        let repo = self.tracked.get(new)?.references.source?;
        let commit = |slot: Slot| self.tracked.source_commit(slot, store, &self.facts);
        let (old, new) = (commit(old)?, commit(new)?);
        forge::compare_link(self.repositories.get(repo)?, self.facts.project_link(repo), &old, &new)
    }
}
