//! Deployments that have been looked at: what each row names, and so which rows a fact is about.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    demand::{DemandBuilder, Place, RowKnowledge},
    facts::FactTable,
    slot_facts::slot_facts,
};
use crate::{
    config::Config,
    domain::{deployment::Status, fact::Fact, id::CommitId, pull_request::PullState},
    forge::{self, KnownFacts as _, ProjectForges, Repositories, ResourceKey, RowNames, RowReferences},
    model::{
        overlay::is_over,
        store::{RunKind, Slot, Store},
    },
};

/// So many rows off screen are brought up to date with what is known at a time.
const SLICE: usize = 200;

#[derive(Debug)]
pub(super) struct TrackedRow {
    pub(super) references: RowReferences,
}

#[derive(Debug)]
pub(super) struct TrackedRows {
    projects: Vec<Option<ProjectForges>>,
    rows: FxHashMap<Slot, TrackedRow>,
    watchers: FxHashMap<ResourceKey, Vec<Slot>>,
    /// Commits on which runs ran, to find them by.
    ran_on: FxHashMap<ResourceKey, CommitId>,
    /// The repository in which a pull request is, where its key names a project.
    pull_repositories: FxHashMap<ResourceKey, Box<str>>,
    /// Rows off screen that have yet to be brought up to date.
    behind: VecDeque<Slot>,
}

impl TrackedRows {
    pub(super) fn new(config: &Config) -> Self {
        Self {
            projects: ProjectForges::all(config),
            rows: FxHashMap::default(),
            watchers: FxHashMap::default(),
            ran_on: FxHashMap::default(),
            pull_repositories: FxHashMap::default(),
            behind: VecDeque::new(),
        }
    }

    pub(super) fn get(&self, slot: Slot) -> Option<&TrackedRow> {
        self.rows.get(&slot)
    }

    /// Whether rows off screen have yet to be brought up to date.
    pub(super) fn is_behind(&self) -> bool {
        !self.behind.is_empty()
    }

    /// A row is new, or another than it was.
    pub(super) fn forget(&mut self, slot: Slot) {
        self.rows.remove(&slot);
        self.behind.push_back(slot);
    }

    /// Every row has to be looked at anew: also one that was visible before and is not now, or what is known of it
    /// would never be brought to hand.
    pub(super) fn track_all(&mut self, store: &Store) {
        self.rows.clear();
        self.behind = store.all_slots().collect();
    }

    /// Forgets rows that are gone, and what only they named. Returns all that rows name.
    #[must_use]
    pub(super) fn forget_gone(&mut self, store: &Store) -> FxHashSet<ResourceKey> {
        self.rows.retain(|&slot, _| store.is_live(slot));
        self.watchers = FxHashMap::default();
        for (&slot, row) in &self.rows {
            for key in row.references.keys() {
                self.watchers.entry(key.clone()).or_default().push(slot);
            }
        }
        let watchers = &self.watchers;
        self.ran_on.retain(|key, _| watchers.contains_key(key));
        self.pull_repositories.retain(|key, _| watchers.contains_key(key));
        watchers.keys().cloned().collect()
    }

    /// How many resources rows name, or named since what is gone was last forgotten.
    pub(super) fn count_named(&self) -> usize {
        self.watchers.len()
    }

    /// Brings some rows off screen up to date. Returns whether any has changed.
    #[must_use]
    pub(super) fn catch_up(
        &mut self,
        store: &mut Store,
        repositories: &mut Repositories,
        facts: &mut FactTable,
    ) -> bool {
        let mut changed = false;
        if facts.is_empty() {
            self.behind.clear();
        }
        for _ in 0..SLICE {
            let Some(slot) = self.behind.pop_front() else { break };
            if store.is_live(slot) && !self.rows.contains_key(&slot) {
                changed |= self.track(slot, store, repositories, facts);
            }
        }
        changed
    }

    /// What a deployment's row names, and with it what is known of that by now.
    fn references(
        &self,
        slot: Slot,
        store: &Store,
        repositories: &mut Repositories,
        facts: &mut FactTable,
    ) -> Option<RowReferences> {
        let row = store.at(slot);
        let forges = row.project().of(&self.projects)?.as_ref()?;
        let [source, definition, manifests] = row.row_repositories();
        let names = RowNames {
            runs: RunKind::ALL.map(|run| row.run_id(run)),
            commit: row.row_commit(),
            definition_commit: row.hld_commit(),
            pull_request: row.pull_request(),
            source,
            definition,
            manifests,
        };
        let mut references = RowReferences::of(&names, forges, repositories, facts);
        if references.runs.iter().any(Option::is_some) {
            references.runs.iter().flatten().for_each(|key| facts.recall(key, repositories));
            // Where the rest is may be known now from the runs.
            references = RowReferences::of(&names, forges, repositories, facts);
        }
        references.keys().for_each(|key| facts.recall(key, repositories));
        Some(references)
    }

    /// Looks at a deployment: hands the store what is known of it, and notes to do so again when more is. Returns
    /// whether that changed it.
    #[must_use]
    pub(super) fn track(
        &mut self,
        slot: Slot,
        store: &mut Store,
        repositories: &mut Repositories,
        facts: &mut FactTable,
    ) -> bool {
        let Some(references) = self.references(slot, store, repositories, facts) else { return false };
        for key in references.keys() {
            let watchers = self.watchers.entry(key.clone()).or_default();
            if !watchers.contains(&slot) {
                watchers.push(slot);
            }
        }
        for (key, commit) in references.runs.iter().zip(&references.ran_on) {
            if let (Some(key), Some(commit)) = (key, commit) {
                self.ran_on.entry(key.clone()).or_insert_with(|| commit.clone());
            }
        }
        if let (Some(pull), Some(repository)) = (&references.pull, &references.pull_repository) {
            self.pull_repositories.entry(pull.clone()).or_insert_with(|| repository.clone());
        }
        self.rows.insert(slot, TrackedRow { references });
        self.export(slot, store, repositories, facts)
    }

    /// Looks anew at every row that has to do with what was learnt. Returns whether that changed any.
    pub(super) fn apply(
        &mut self,
        keys: &[ResourceKey],
        store: &mut Store,
        repositories: &mut Repositories,
        facts: &mut FactTable,
    ) -> bool {
        let mut slots: Vec<Slot> = keys.iter().filter_map(|key| self.watchers.get(key)).flatten().copied().collect();
        slots.sort_unstable();
        slots.dedup();
        let mut changed = false;
        for &slot in &slots {
            if store.is_live(slot) && self.rows.contains_key(&slot) {
                changed |= self.track(slot, store, repositories, facts);
            }
        }
        changed
    }

    /// What was known has been confirmed: a row that was written meanwhile may no longer be newer. Returns whether
    /// that changed any.
    #[must_use]
    pub(super) fn confirm(
        &self,
        keys: &[ResourceKey],
        store: &mut Store,
        repositories: &Repositories,
        facts: &FactTable,
    ) -> bool {
        let mut changed = false;
        for &slot in keys.iter().filter_map(|key| self.watchers.get(key)).flatten() {
            changed |= self.export(slot, store, repositories, facts);
        }
        changed
    }

    /// Hands the store what is known of a deployment. Returns whether that changed anything that is shown.
    #[must_use]
    fn export(&self, slot: Slot, store: &mut Store, repositories: &Repositories, facts: &FactTable) -> bool {
        let Some(TrackedRow { references }) = self.rows.get(&slot) else { return false };
        let facts = slot_facts(references, slot, store, repositories, facts);
        store.set_facts(slot, facts)
    }

    /// The longest id of a commit that any row or run names.
    pub(super) fn whole_id(&self, key: &ResourceKey) -> Option<&CommitId> {
        let watching = self.watchers.get(key)?.iter().filter_map(|slot| self.rows.get(slot));
        let commits = watching.filter_map(|row| row.references.commit.as_ref());
        commits.filter(|(of, _)| of == key).map(|(_, id)| id).max_by_key(|id| id.as_str().len())
    }

    /// The commit that a run ran on, by its row.
    pub(super) fn ran_on(&self, key: &ResourceKey) -> Option<&CommitId> {
        self.ran_on.get(key)
    }

    /// The repository in which a pull request is, where its key names a project.
    pub(super) fn pull_repository(&self, key: &ResourceKey) -> Option<&str> {
        self.pull_repositories.get(key).map(|repository| &**repository)
    }

    /// The commit of the source that a deployment was built from, by the longest id that is known.
    pub(super) fn source_commit(&self, slot: Slot, store: &Store, facts: &FactTable) -> Option<CommitId> {
        let of_row = CommitId::new(store.at(slot).commit())?;
        let references = &self.rows.get(&slot)?.references;
        let known = references.commit.as_ref().filter(|(_, id)| id.is_same_as(&of_row));
        let whole = known.and_then(|(key, id)| facts.commit(key, id)).map(|commit| commit.id.clone());
        Some(whole.or_else(|| known.map(|(_, id)| id.clone())).unwrap_or(of_row))
    }

    /// Demands what a visible deployment's row names.
    pub(super) fn demand(&self, slot: Slot, place: Place, store: &Store, demands: &mut DemandBuilder<'_>) {
        let Some(TrackedRow { references }) = self.rows.get(&slot) else { return };
        let row = store.at(slot);
        // Nothing shows that the release was not skipped.
        let is_unclear = references.is_staged && !row.has_released();
        for (key, run) in references.runs.iter().zip(RunKind::ALL) {
            let Some(key) = key else { continue };
            let knowledge = match row.row_run(run) {
                (Status::Queued | Status::Running, _) => RowKnowledge::Pending,
                // No row states which step failed.
                (Status::Failed, _) => RowKnowledge::Little,
                (status, true) if is_over(status) => RowKnowledge::All,
                _ => RowKnowledge::Little,
            };
            demands.add(key.clone(), knowledge, place, is_unclear && run == RunKind::Build);
        }
        if let Some(key) = &references.pull {
            let knowledge = match row.row_pull_request() {
                (PullState::Open, _) => RowKnowledge::Pending,
                (PullState::Merged | PullState::Abandoned, true) => RowKnowledge::All,
                _ => RowKnowledge::Little,
            };
            demands.add(key.clone(), knowledge, place, false);
        }
        if let Some((key, _)) = &references.commit
            && !waits_for_whole_id(references, demands)
        {
            let knowledge = if row.has_commit_details() { RowKnowledge::All } else { RowKnowledge::Little };
            demands.add(key.clone(), knowledge, place, false);
        }
        for key in &references.approvals {
            demands.add(key.clone(), RowKnowledge::Little, place, false);
        }
        for key in &references.projects {
            demands.add(key.clone(), RowKnowledge::Little, place, false);
        }
    }
}

/// Where a commit may not be known by its short id, its build has the whole one.
fn waits_for_whole_id(references: &RowReferences, demands: &DemandBuilder<'_>) -> bool {
    let Some((key, id)) = &references.commit else { return false };
    let forge = demands.repositories.get(key.repo);
    let needs_whole = forge.is_some_and(|forge| forge::capabilities(forge.service()).needs_whole_commit_ids);
    let build = references.runs.get(references.author_run).and_then(Option::as_ref);
    // One that is queued may not know yet.
    let may_name_commit = |build: &ResourceKey| match demands.facts.fact(build) {
        None => true,
        Some(Fact::Run(run)) => run.commit.is_none() && !is_over(run.status),
        Some(_) => false,
    };
    needs_whole && id.as_str().len() < 40 && build.is_some_and(may_name_commit)
}
