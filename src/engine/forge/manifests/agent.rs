//! What is asked of manifest repositories, and how far that got.

use std::time::Duration;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    demands::demand,
    lists::{LIST_PAGES, add_pages, add_tags},
};
use crate::{
    config::{ClusterRule, Config, Project},
    domain::{fact::Fact, id::CommitId, project::ProjectId, time::minutes},
    engine::{
        forge::{
            demand::{Again, DemandBuilder, RUNNING_EVERY, Rank},
            facts::FactTable,
            tracked::TrackedRows,
        },
        visible_set::VisibleSet,
    },
    forge::{
        self, Anonymous, Capabilities, KnownFacts as _, RepoId, RepoResource, Repositories, Resource, ResourceKey,
    },
    model::{
        history::{Found, History},
        store::{Slot, Store},
        sync::{Syncs, names},
    },
};

/// Pages of a hundred commits each that are read of one branch, besides the newest.
const PAGES: u32 = 10;
/// The same where little is reported without a token.
const FEW_PAGES: u32 = 1;
/// Where little is reported without a token, clusters are asked for no more often.
const SCARCE: Duration = minutes(5);
/// Deployments to environments, which few clusters report by, still more rarely.
const RARELY: Duration = minutes(30);
/// Soon, however, when a report names a commit that is newer than the branch was known to be.
const SOON: Duration = minutes(1);
/// How often it is looked whether a branch has ended.
const BRANCHES_EVERY: Duration = minutes(10);
/// Of so many of the newest commits the statuses may yet change.
const LIVE: usize = 3;
/// Statuses are looked for so far back.
const DEPTH: usize = 20;
/// The same where little is reported without a token.
const FEW: usize = 5;
/// Commits of visible deployments that lie further back than the history is read, and are compared one by one.
const COMPARED: usize = 10;
/// Environments whose deployments are looked at.
const ENVIRONMENTS: usize = 100;
const FEW_ENVIRONMENTS: usize = 12;

#[derive(Clone, Debug)]
pub(super) struct ManifestRepo {
    pub(super) repo: RepoId,
    pub(super) branch: Option<Box<str>>,
}

#[derive(Debug)]
pub(in crate::engine::forge) struct ManifestAgent {
    /// By project.
    pub(super) projects: Vec<Option<ManifestRepo>>,
    pub(super) rules: Vec<ClusterRule>,
    /// Environments that the configuration names.
    pub(super) environments: Vec<Box<str>>,
    /// Pages of history that were read besides the newest, and commits whose parents no list has.
    pages: FxHashMap<RepoId, u32>,
    unclear: FxHashMap<RepoId, Vec<CommitId>>,
    /// For which projects commits between two are counted.
    pub(super) counting: FxHashMap<ResourceKey, Vec<ProjectId>>,
}

impl ManifestAgent {
    pub(in crate::engine::forge) fn new(config: &Config, repositories: &mut Repositories) -> Self {
        let of_project = |project: &Project| {
            let forge = project.manifests.as_ref()?;
            Some(ManifestRepo {
                repo: repositories.intern(forge.clone()),
                branch: forge::branch(forge).map(Into::into),
            })
        };
        Self {
            projects: config.projects.iter().map(of_project).collect(),
            rules: config.clusters.clone(),
            environments: names::environments(&config.clusters, &config.rings),
            pages: FxHashMap::default(),
            unclear: FxHashMap::default(),
            counting: FxHashMap::default(),
        }
    }

    /// Where a project's manifests are.
    pub(in crate::engine::forge) fn repo(&self, project: ProjectId) -> Option<RepoId> {
        Some(project.of(&self.projects)?.as_ref()?.repo)
    }

    /// Forgets what was to be counted and is not known any more.
    pub(in crate::engine::forge) fn forget_counts(&mut self, facts: &FactTable, syncs: &mut Syncs) {
        self.counting.retain(|key, _| facts.get(key).is_some());
        let pair = |key: &ResourceKey| match &key.resource {
            Resource::Repo(RepoResource::Between(old, new)) => {
                Some((old.as_str().to_ascii_lowercase(), new.as_str().to_ascii_lowercase()))
            }
            _ => None,
        };
        let counted: FxHashSet<(String, String)> = self.counting.keys().filter_map(pair).collect();
        syncs.retain_commit_counts(|from, to| counted.contains(&(from.to_owned(), to.to_owned())));
    }

    /// Notes how far a list of commits reaches, and of which commits it does not show the parents.
    pub(in crate::engine::forge) fn note_log(&mut self, key: &ResourceKey, fact: &Fact) {
        let Fact::Log(log) = fact else { return };
        if matches!(key.resource, Resource::Repo(RepoResource::History(_))) {
            *self.pages.entry(key.repo).or_insert(0) += 1;
        }
        let known = self.unclear.entry(key.repo).or_default();
        for id in &log.unclear {
            if !known.contains(id) {
                known.push(id.clone());
            }
        }
    }

    /// Demands what clusters report of the visible projects, and what the rings show besides. Returns whether what the
    /// browser kept changed anything.
    #[must_use]
    pub(in crate::engine::forge) fn demand(
        &mut self,
        visible: &VisibleSet,
        tracked: &TrackedRows,
        store: &Store,
        syncs: &mut Syncs,
        demands: &mut DemandBuilder<'_>,
    ) -> bool {
        let mut changed = false;
        let live: Vec<Slot> =
            visible.screen.iter().chain(&visible.board).copied().filter(|&slot| store.is_live(slot)).collect();
        for (project, manifests) in self.projects.iter().enumerate() {
            let project = ProjectId::at(project);
            let slots: Vec<Slot> = live.iter().copied().filter(|&slot| store.at(slot).project() == project).collect();
            // What a filter by cluster lets through is seen only when it is known what that has.
            let is_visible = !slots.is_empty() || visible.by_cluster && has_any(project, store);
            if is_visible && let Some(manifests) = manifests {
                changed |= self.add_project(project, manifests, &slots, store, syncs, demands);
            }
        }
        for &slot in visible.branches.iter().filter(|&&slot| store.is_live(slot)) {
            add_branch(slot, tracked, store, demands);
        }
        for &(old, new) in visible.spans.iter().filter(|span| store.is_live(span.0) && store.is_live(span.1)) {
            self.add_span(old, new, tracked, store, demands);
        }
        changed
    }

    fn add_project(
        &self,
        project: ProjectId,
        manifests: &ManifestRepo,
        slots: &[Slot],
        store: &Store,
        syncs: &mut Syncs,
        demands: &mut DemandBuilder<'_>,
    ) -> bool {
        let ManifestRepo { repo, branch } = manifests;
        let repo = *repo;
        let Some(forge) = demands.repositories.get(repo) else { return false };
        let origin = demands.origins.intern(forge.api().origin(), forge);
        let has_token = demands.origins.token(origin).is_some();
        let capabilities = forge::capabilities(forge.service());
        let is_scarce = capabilities.anonymous == Anonymous::Little && !has_token;
        let head = ResourceKey::of_repo(repo, RepoResource::Head(branch.clone()));
        let is_alone = demands.facts.get(&head).is_some_and(|state| state.individually);
        let at_once = capabilities.summarized_commits > 0 && has_token && !is_alone;
        let every = demands.policy.every.unwrap_or(RUNNING_EVERY).max(if is_scarce { SCARCE } else { RUNNING_EVERY });
        let again = Again::After(every);
        let is_outdated = is_outdated(project, &head, slots, store, syncs, demands.facts);
        let soon = if is_scarce { SOON } else { RUNNING_EVERY };
        demands.add_of_repo(head, Rank::Board, if is_outdated { Again::After(soon.min(every)) } else { again });
        if capabilities.numbers_projects {
            // Its address, for links.
            let project = ResourceKey { repo, resource: Resource::Project };
            demands.add_of_repo(project, Rank::Board, Again::Never);
        }
        for prefix in names::tag_prefixes(&self.rules) {
            let first = ResourceKey::of_repo(repo, RepoResource::Tags((&*prefix).into(), 1));
            let is_long = demands.facts.get(&first).is_some_and(|state| state.individually);
            if !at_once || prefix != names::FLUX_TAGS || is_long {
                add_tags(repo, &prefix, again, demands);
            }
        }
        let pages = if is_scarce { FEW_PAGES } else { PAGES };
        let changed = self.add_history(project, repo, slots, pages, store, syncs, demands);
        if let Some(history) = syncs.history(project) {
            let (live, depth) = if is_scarce { (1, FEW) } else { (LIVE, DEPTH) };
            // What was well may fail later: those that clusters reported last stay in view.
            let reported = syncs.positions().iter().filter(|position| position.project == project);
            let whole = |id: CommitId| match history.find(id.as_str()) {
                Found::One(node) if history.is_read(node) => history.id(node),
                _ => None,
            };
            let reported = reported.filter_map(|s| s.latest.commit.clone().and_then(whole)).filter(|_| !is_scarce);
            // Older ones once each: a cluster that has stopped reports one of those.
            let newest = history.newest(depth).into_iter().enumerate();
            let newest = newest.map(|(nth, commit)| (commit, if nth < live { again } else { Again::Never }));
            // The one call describes the newest commits, as far as it has room for their statuses.
            let newest_ids = if at_once { history.newest(capabilities.summarized_commits) } else { Vec::new() };
            let all: Vec<(CommitId, Again)> = newest.chain(reported.map(|commit| (commit, again))).collect();
            for (commit, again) in all {
                let first = ResourceKey::of_repo(repo, RepoResource::Statuses(commit.clone(), 1));
                let is_long = demands.facts.get(&first).is_some_and(|state| state.individually);
                if is_long || !newest_ids.contains(&commit) {
                    add_pages(repo, again, LIST_PAGES, demands, |page| RepoResource::Statuses(commit.clone(), page));
                }
            }
        }
        if capabilities.has_environments {
            let rarely = if is_scarce { Again::After(RARELY) } else { again };
            if !at_once {
                demand(demands, repo, RepoResource::Environments(1), rarely);
            }
            self.add_environments(
                repo,
                rarely,
                if is_scarce { FEW_ENVIRONMENTS } else { ENVIRONMENTS },
                at_once,
                demands,
            );
        }
        changed
    }

    /// Demands the order of commits as far back as what is visible needs it.
    #[expect(clippy::too_many_arguments, reason = "a repository, what of it is visible, and all that is known of it")]
    fn add_history(
        &self,
        project: ProjectId,
        repo: RepoId,
        slots: &[Slot],
        pages: u32,
        store: &Store,
        syncs: &mut Syncs,
        demands: &mut DemandBuilder<'_>,
    ) -> bool {
        let mut changed = false;
        // What the browser kept of earlier visits goes on where the newest page ends.
        while let Some((from, _)) = syncs.history(project).and_then(History::reaches) {
            let key = ResourceKey::of_repo(repo, RepoResource::Parents(from));
            demands.facts.recall(&key, demands.repositories);
            let Some(Fact::Listed(listed)) = demands.facts.fact(&key) else { break };
            let before = syncs.history(project).map_or(0, History::len);
            syncs.history_mut(project).add_all(std::slice::from_ref(listed));
            changed = true;
            let is_read = syncs.history(project).and_then(History::reaches).is_none_or(|(at, _)| at != listed.id);
            if !is_read && syncs.history(project).map_or(0, History::len) == before {
                break;
            }
        }
        let unclear = self.unclear.get(&repo).map(Vec::as_slice).unwrap_or_default();
        for commit in unclear {
            demand(demands, repo, RepoResource::Parents(commit.clone()), Again::Never);
        }
        let Some(history) = syncs.history(project) else { return changed };
        let missing: Vec<&str> = slots
            .iter()
            .map(|&slot| store.at(slot).manifest_commit())
            .filter(|id| !id.is_empty() && history.lacks(id))
            .collect();
        let applied = syncs.positions().iter().filter(|position| position.project == project);
        let applied: Vec<CommitId> = applied.filter_map(|s| s.applied.as_ref()?.commit.clone()).collect();
        let needs_more = !missing.is_empty() || applied.iter().any(|id| history.lacks(id.as_str()));
        let reaches = history.reaches().map(|(from, _)| from);
        let read = self.pages.get(&repo).copied().unwrap_or(0);
        let is_there =
            |from: &CommitId| !demands.facts.is_gone(&ResourceKey::of_repo(repo, RepoResource::History(from.clone())));
        let goes_on = reaches.filter(|from| needs_more && read < pages && is_there(from));
        // Of that one the parents are asked for by themselves.
        if goes_on.as_ref().is_some_and(|from| unclear.contains(from)) {
            return changed;
        }
        if let Some(from) = goes_on {
            demand(demands, repo, RepoResource::History(from), Again::Never);
        } else if history.head().is_some() {
            // Rows hold short ids, which not every forge compares by.
            let needs_whole = capabilities(demands.repositories, repo).is_some_and(|of| of.needs_whole_commit_ids);
            let older = missing.iter().filter_map(|id| CommitId::new(id)).filter(|id| !needs_whole || is_whole(id));
            for id in older.take(COMPARED) {
                for applied in applied.iter().filter(|applied| !history.lacks(applied.as_str())) {
                    demand(demands, repo, RepoResource::Contains(id.clone(), applied.clone()), Again::Never);
                }
            }
        }
        changed
    }

    /// Demands to know how many commits lie between the sources of two deployments.
    fn add_span(
        &mut self,
        old: Slot,
        new: Slot,
        tracked: &TrackedRows,
        store: &Store,
        demands: &mut DemandBuilder<'_>,
    ) {
        let Some(repo) = tracked.get(new).and_then(|row| row.references.source) else { return };
        let needs_whole = capabilities(demands.repositories, repo).is_some_and(|of| of.needs_whole_commit_ids);
        let commit = |slot: Slot| match needs_whole {
            true => tracked.source_commit(slot, store, demands.facts),
            false => CommitId::new(store.at(slot).commit()),
        };
        let (Some(old), Some(new_id)) = (commit(old), commit(new)) else { return };
        if old.is_same_as(&new_id) || needs_whole && !(is_whole(&old) && is_whole(&new_id)) {
            return;
        }
        let key = ResourceKey::of_repo(repo, RepoResource::Between(old, new_id));
        let project = store.at(new).project();
        let counting = self.counting.entry(key.clone()).or_default();
        if !counting.contains(&project) {
            counting.push(project);
            // What is known already is set for this project too.
            demands.facts.announce(&key);
        }
        demands.add_of_repo(key, Rank::Provenance, Again::Never);
    }
}

fn capabilities(repositories: &Repositories, repo: RepoId) -> Option<&'static Capabilities> {
    repositories.get(repo).map(|forge| forge::capabilities(forge.service()))
}

/// Whether a row or a cluster has reported a commit that is not known, since the branch was last looked at.
fn is_outdated(
    project: ProjectId,
    head: &ResourceKey,
    slots: &[Slot],
    store: &Store,
    syncs: &Syncs,
    facts: &FactTable,
) -> bool {
    let Some((fetched_at, history)) = facts.fetched_at(head).zip(syncs.history(project)) else { return false };
    let by_row = |&slot: &Slot| {
        let row = store.at(slot);
        let id = row.manifest_commit();
        row.updated() > Some(fetched_at) && !id.is_empty() && history.lacks(id)
    };
    let by_cluster = || {
        syncs.positions().iter().filter(|position| position.project == project).any(|position| {
            let latest = &position.latest;
            latest.at.is_some_and(|at| at > fetched_at)
                && latest.commit.as_ref().is_some_and(|id| history.lacks(id.as_str()))
        })
    };
    slots.iter().any(by_row) || by_cluster()
}

/// Demands to know whether the branch that a deployment was built from has ended.
fn add_branch(slot: Slot, tracked: &TrackedRows, store: &Store, demands: &mut DemandBuilder<'_>) {
    let Some((repo, name)) = branch_of(slot, tracked, store) else { return };
    demand(demands, repo, RepoResource::Branch(name.clone()), Again::After(BRANCHES_EVERY));
    if capabilities(demands.repositories, repo).is_some_and(|of| of.merges_by_pull_request) {
        demand(demands, repo, RepoResource::BranchPullRequest(name), Again::After(BRANCHES_EVERY));
    }
}

/// Where a deployment was built from: the repository, and the branch's name in it.
pub(super) fn branch_of(slot: Slot, tracked: &TrackedRows, store: &Store) -> Option<(RepoId, Box<str>)> {
    let repo = tracked.get(slot)?.references.source?;
    let branch = store.at(slot).branch();
    let name = branch.strip_prefix("refs/heads/").unwrap_or(branch);
    // A pull request's or a tag's own name is no branch.
    (!name.is_empty() && !name.starts_with("refs/")).then(|| (repo, name.into()))
}

/// Whether an id has all its digits.
fn is_whole(id: &CommitId) -> bool {
    id.as_str().len() >= 40
}

fn has_any(project: ProjectId, store: &Store) -> bool {
    // The order by time is brought up to date only when the views look.
    store.all_slots().any(|slot| store.is_live(slot) && store.at(slot).project() == project)
}
