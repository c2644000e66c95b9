//! Forgets what no row names and nobody wants any more: a page may stay open for weeks.
//!
//! What rows name stays, whether it is visible or not, and so does what clusters report. The rest is forgotten in one
//! pass whenever enough of it has come together, so that this costs little for each thing that is learnt.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{facts::FactTable, forge_engine::ForgeEngine};
use crate::{
    domain::{
        cluster::SignalState,
        fact::Fact,
        id::{CommitId, RunId},
        time::Timestamp,
    },
    forge::{RepoId, RepoResource, Resource, ResourceKey},
    model::{order::sorted_by, store::Store, sync::Syncs},
};

/// So many things that nobody needs are kept at least: who looks at them again need not ask again.
const SPARE: usize = 1_024;
/// Of so many commits of a repository the statuses are kept, besides those that are the last word of somebody.
const STATUSES: usize = 256;

impl ForgeEngine {
    /// Forgets what nobody needs, if there may be enough of it. To be called when it has been decided what is wanted.
    pub(super) fn forget_unneeded(&mut self, store: &Store, syncs: &mut Syncs) {
        let count = |engine: &Self| engine.facts.len().max(engine.tracked.count_named());
        // What a row names is not known before it has been looked at.
        if count(self) < self.forgets_from.max(SPARE) || self.tracked.is_behind() {
            return;
        }
        let needed = Needed::of(self.tracked.forget_gone(store), &self.facts);
        self.facts.retain(|key, state| needed.has(key, state.wanted));
        self.manifests.forget_counts(&self.facts, syncs);
        let repos: FxHashSet<RepoId> = self.facts.keys().map(|key| key.repo).collect();
        self.origins.forget_refusals(|repo| repos.contains(&repo));
        self.forgets_from = count(self) + SPARE.max(count(self) / 2);
    }
}

/// What is needed.
struct Needed {
    /// By rows.
    named: FxHashSet<ResourceKey>,
    /// The numbers of their runs: that one is not where it was looked for first is known by its number there.
    runs: FxHashSet<RunId>,
    /// Tags' objects and outcomes that lists name.
    listed: FxHashSet<(RepoId, Box<str>)>,
    /// Commits whose statuses may be somebody's last word.
    statuses: FxHashSet<(RepoId, CommitId)>,
    /// When something of a repository was last wanted.
    wanted: FxHashMap<RepoId, u32>,
}

impl Needed {
    fn of(named: FxHashSet<ResourceKey>, facts: &FactTable) -> Self {
        let runs = named.iter().filter_map(run_of).cloned().collect();
        let mut needed =
            Self { named, runs, listed: FxHashSet::default(), statuses: statuses(facts), wanted: FxHashMap::default() };
        for (key, state) in facts.all() {
            if matches!(key.resource, Resource::Repo(_)) {
                let wanted = needed.wanted.entry(key.repo).or_default();
                *wanted = state.wanted.max(*wanted);
            }
            let listed: Vec<Box<str>> = match &state.fact {
                Some(Fact::Tags(list)) => list.items.iter().filter_map(|tag| tag.object.clone()).collect(),
                Some(Fact::Deployments(list)) => list.items.iter().map(|deployment| deployment.id.clone()).collect(),
                _ => Vec::new(),
            };
            needed.listed.extend(listed.into_iter().map(|id| (key.repo, id)));
        }
        needed
    }

    fn has(&self, key: &ResourceKey, wanted: u32) -> bool {
        // While nothing of a repository is visible, all that was wanted of it last stays.
        let is_wanted = self.wanted.get(&key.repo).is_some_and(|&last| wanted == last);
        match &key.resource {
            Resource::Run(_) | Resource::Release(_) => {
                self.named.contains(key) || run_of(key).is_some_and(|id| self.runs.contains(id))
            }
            Resource::Commit(_) | Resource::PullRequest(_) | Resource::Approvals(_) => self.named.contains(key),
            Resource::Project => true,
            Resource::Repo(resource) => match resource {
                // A few for each repository.
                RepoResource::Head(_)
                | RepoResource::Tags(..)
                | RepoResource::Environments(_)
                | RepoResource::Environment(_) => true,
                RepoResource::TagObject(id) | RepoResource::Outcome(id) => {
                    is_wanted || self.listed.contains(&(key.repo, id.clone()))
                }
                RepoResource::Statuses(commit, _) => is_wanted || self.statuses.contains(&(key.repo, commit.clone())),
                RepoResource::History(_)
                | RepoResource::Parents(_)
                | RepoResource::Contains(..)
                | RepoResource::Between(..)
                | RepoResource::Branch(_)
                | RepoResource::BranchPullRequest(_) => is_wanted,
            },
        }
    }
}

const fn run_of(key: &ResourceKey) -> Option<&RunId> {
    match &key.resource {
        Resource::Run(id) | Resource::Release(id) => Some(id),
        _ => None,
    }
}

/// Commits whose statuses are kept: the newest, and those that hold the last report of a cluster.
fn statuses(facts: &FactTable) -> FxHashSet<(RepoId, CommitId)> {
    type Label<'a> = (RepoId, &'a str, Option<&'a str>, SignalState);
    let mut commits: Vec<(RepoId, Option<Timestamp>, &CommitId)> = Vec::new();
    let mut last: FxHashMap<Label<'_>, (Option<Timestamp>, &CommitId)> = FxHashMap::default();
    for (key, state) in facts.all() {
        let Resource::Repo(RepoResource::Statuses(commit, _)) = &key.resource else { continue };
        let Some(Fact::Statuses(list)) = &state.fact else { continue };
        commits.push((key.repo, list.items.iter().filter_map(|status| status.at).max(), commit));
        for status in &list.items {
            let label = (key.repo, &*status.context, status.genre.as_deref(), status.state);
            let known = last.entry(label).or_insert((status.at, commit));
            if status.at > known.0 {
                *known = (status.at, commit);
            }
        }
    }
    let commits = sorted_by(&commits, |a, b| (a.0, b.1).cmp(&(b.0, a.1)));
    let of_repo = commits.chunk_by(|a, b| a.0 == b.0);
    let newest = of_repo.flat_map(|commits| commits.iter().take(STATUSES)).map(|&(repo, _, commit)| (repo, commit));
    let last = last.iter().map(|((repo, ..), (_, commit))| (*repo, *commit));
    newest.chain(last).map(|(repo, commit)| (repo, commit.clone())).collect()
}
