//! What forges know of manifest repositories: where clusters are, and in which order commits came. And of the
//! repositories of sources: which branches have ended, and how many commits lie between two versions.
//!
//! Asked only while a deployment of the project is in sight. Where the branch is, its tags and the statuses of its
//! newest commits are asked anew with every refresh; the order of commits is asked once, page by page, as far back as
//! what is in sight needs it and [`PAGES`] allow, and kept by commit, since it never changes. With a token one question
//! of GraphQL tells all that clusters say of a repository of GitHub.
//!
//! [`tell`] hands to [`Syncs`] what was learnt; nothing here says what a cluster runs.

mod ask;
mod tell;

use std::time::Duration;

use super::{
    Forges, RUNNING_EVERY, Rank, Sight, Want,
    needs::Known as _,
    places::{Git, Key, PlaceId, Thing},
};
use crate::{
    config::{Config, Forge},
    domain::{cluster::SignalState, id::CommitId, manifests::Tag, time::minutes},
    engine::cache::{Fact, Moving},
    model::{
        history::{Found, History},
        store::{Slot, Store},
        sync::{Syncs, names},
    },
    storage::row::Field,
};

/// Pages of a hundred commits each that are read of one branch, besides the newest.
const PAGES: u32 = 10;
/// The same without a token for GitHub, which allows sixty questions an hour.
const FEW_PAGES: u32 = 1;
/// Without a token for GitHub clusters are asked for no more often.
const SCARCE: Duration = minutes(5);
/// Deployments to environments, which few clusters speak by, still more rarely.
const RARELY: Duration = minutes(30);
/// Soon, however, when somebody has spoken of a commit that is newer than the branch was known to be.
const SOON: Duration = minutes(1);
/// How often it is looked whether a branch has ended.
const BRANCHES_EVERY: Duration = minutes(10);
/// Of so many of the newest commits the statuses may yet change.
const LIVE: usize = 3;
/// Statuses are looked for so far back.
const DEPTH: usize = 20;
/// The same without a token for GitHub.
const FEW: usize = 5;
/// Commits of deployments in sight that lie further back than the history is read, and are compared one by one.
const COMPARED: usize = 10;
/// Environments whose deployments are looked at, and how many of each.
const ENVIRONMENTS: usize = 12;
const OF_ENVIRONMENT: usize = 5;

/// The manifest repository of a project.
#[derive(Clone, Debug)]
pub(super) struct Manifests {
    place: PlaceId,
    branch: Option<Box<str>>,
}

/// Whether something is asked again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Again {
    /// It does not change, or not so that anybody must know.
    Never,
    /// When so long has passed.
    After(Duration),
}

impl Forges {
    /// The manifest repositories of a configuration, and lines to them.
    pub(super) fn add_manifests(&mut self, config: &Config) {
        for project in &config.projects {
            let manifests = project.manifests.as_ref().map(|forge| {
                self.line(forge.api().origin(), forge);
                let branch = match forge {
                    Forge::AzureDevOps(at) => &at.branch,
                    Forge::GitHub(at) => &at.branch,
                    Forge::GitLab(at) => &at.branch,
                };
                let branch = branch.as_ref().map(|branch| branch.as_str().into());
                Manifests { place: self.places.intern(forge.clone()), branch }
            });
            self.manifests.push(manifests);
        }
        self.rules.clone_from(&config.clusters);
    }

    /// Wants what clusters say of the projects in sight, and what the rings show besides. Returns whether what the
    /// browser kept told anything.
    pub(super) fn want_manifests(&mut self, sight: &Sight, store: &Store, syncs: &mut Syncs) -> bool {
        let mut changed = false;
        let in_sight: Vec<Slot> =
            sight.screen.iter().chain(&sight.board).copied().filter(|&slot| store.is_live(slot)).collect();
        for project in 0..self.manifests.len() {
            let slots: Vec<Slot> =
                in_sight.iter().copied().filter(|&slot| store.at(slot).project() == project).collect();
            // What a filter by cluster lets through is seen only when it is known what that has.
            let is_in_sight = !slots.is_empty() || sight.by_cluster && has_any(project, store);
            if is_in_sight && let Some(manifests) = self.manifests.get(project).cloned().flatten() {
                changed |= self.want_project(project, &manifests, &slots, store, syncs);
            }
        }
        for &slot in sight.branches.iter().filter(|&&slot| store.is_live(slot)) {
            self.want_branch(slot, store);
        }
        for &(old, new) in sight.spans.iter().filter(|span| store.is_live(span.0) && store.is_live(span.1)) {
            self.want_span(old, new, store);
        }
        changed
    }

    fn want_project(
        &mut self,
        project: usize,
        manifests: &Manifests,
        slots: &[Slot],
        store: &Store,
        syncs: &mut Syncs,
    ) -> bool {
        let Manifests { place, branch } = manifests;
        let place = *place;
        let Some(forge) = self.places.get(place).cloned() else { return false };
        let line = self.line(&forge.api().origin().clone(), &forge);
        let has_token = self.token(line).is_some();
        let is_github = matches!(forge, Forge::GitHub(_));
        let is_scarce = is_github && !has_token;
        let head = Key { place, thing: Thing::Git(Git::Head(branch.clone())) };
        let at_once = is_github && has_token && !self.facts.get(&head).is_some_and(|entry| entry.alone);
        let every = self.every.unwrap_or(RUNNING_EVERY).max(if is_scarce { SCARCE } else { RUNNING_EVERY });
        let again = Again::After(every);
        let is_outdated = self.is_outdated(project, &head, slots, store, syncs);
        let soon = if is_scarce { SOON } else { RUNNING_EVERY };
        self.want_git(
            place,
            Git::Head(branch.clone()),
            if is_outdated { Again::After(soon.min(every)) } else { again },
        );
        if matches!(forge, Forge::GitLab(_)) {
            // Its address, for links.
            self.want_key(Key { place, thing: Thing::Project }, Rank::Board, Again::Never);
        }
        for prefix in names::tag_prefixes(&self.rules) {
            if !at_once || prefix != names::FLUX_TAGS {
                self.want_tags(place, &prefix, again);
            }
        }
        let changed = self.want_history(project, place, slots, if is_scarce { FEW_PAGES } else { PAGES }, store, syncs);
        if !at_once {
            if let Some(history) = syncs.history(project) {
                let (live, depth) = if is_scarce { (1, FEW) } else { (LIVE, DEPTH) };
                // What was well may fail later: those that clusters spoke of last stay in view.
                let spoken = syncs.standings().iter().filter(|standing| standing.project == project);
                let whole = |id: CommitId| match history.find(id.as_str()) {
                    Found::One(node) if history.is_read(node) => history.id(node),
                    _ => None,
                };
                let spoken: Vec<CommitId> = spoken.filter_map(|s| s.latest.commit.clone().and_then(whole)).collect();
                let newest = history.newest(depth);
                // Older ones once each: a cluster that has stopped speaks of one of those.
                for (nth, commit) in newest.into_iter().enumerate() {
                    self.want_git(place, Git::Statuses(commit), if nth < live { again } else { Again::Never });
                }
                if !is_scarce {
                    spoken.into_iter().for_each(|commit| self.want_git(place, Git::Statuses(commit), again));
                }
            }
            if is_github {
                let rarely = if is_scarce { Again::After(RARELY) } else { again };
                self.want_git(place, Git::Environments, rarely);
                self.want_outcomes(place, rarely);
            }
        }
        changed
    }

    /// Whether a row or a cluster has spoken of a commit that is not known, since the branch was last looked at.
    fn is_outdated(&self, project: usize, head: &Key, slots: &[Slot], store: &Store, syncs: &Syncs) -> bool {
        let Some((learnt, history)) = self.facts.learnt(head).zip(syncs.history(project)) else { return false };
        let by_row = |&slot: &Slot| {
            let row = store.at(slot);
            let id = row.text(Field::ManifestCommitId);
            row.updated() > learnt && !id.is_empty() && history.lacks(id)
        };
        let by_cluster = || {
            syncs.standings().iter().filter(|standing| standing.project == project).any(|standing| {
                let said = &standing.latest;
                said.at.is_some_and(|at| at > learnt)
                    && said.commit.as_ref().is_some_and(|id| history.lacks(id.as_str()))
            })
        };
        slots.iter().any(by_row) || by_cluster()
    }

    fn want_tags(&mut self, place: PlaceId, prefix: &str, again: Again) {
        self.want_git(place, Git::Tags(prefix.into()), again);
        for tag in self.tags(place, prefix) {
            if let Some(object) = tag.object.filter(|_| tag.commit.is_none() || tag.at.is_none()) {
                self.want_git(place, Git::TagObject(object), Again::Never);
            }
        }
    }

    fn tags(&self, place: PlaceId, prefix: &str) -> Vec<Tag> {
        match self.moving(place, Git::Tags(prefix.into())) {
            Some(Moving::Tags(tags)) => tags.clone(),
            _ => Vec::new(),
        }
    }

    /// What is so now of something of a repository.
    fn moving(&self, place: PlaceId, git: Git) -> Option<&Moving> {
        match self.facts.get(&Key { place, thing: Thing::Git(git) })?.fact.as_ref()? {
            Fact::Moving(moving) => Some(moving),
            _ => None,
        }
    }

    /// Wants the order of commits as far back as what is in sight needs it.
    fn want_history(
        &mut self,
        project: usize,
        place: PlaceId,
        slots: &[Slot],
        pages: u32,
        store: &Store,
        syncs: &mut Syncs,
    ) -> bool {
        let mut changed = false;
        // What the browser kept of earlier visits goes on where the newest page ends.
        while let Some((from, _)) = syncs.history(project).and_then(History::reaches) {
            let key = Key { place, thing: Thing::Git(Git::Parents(from)) };
            self.facts.recall(&key, &self.places);
            let Some(Fact::Listed(listed)) = self.facts.get(&key).and_then(|entry| entry.fact.as_ref()) else { break };
            let before = syncs.history(project).map_or(0, History::len);
            syncs.history_mut(project).learn(std::slice::from_ref(listed));
            changed = true;
            let is_read = syncs.history(project).and_then(History::reaches).is_none_or(|(at, _)| at != listed.id);
            if !is_read && syncs.history(project).map_or(0, History::len) == before {
                break;
            }
        }
        let unclear = self.unclear.get(&place).cloned().unwrap_or_default();
        for commit in &unclear {
            self.want_git(place, Git::Parents(commit.clone()), Again::Never);
        }
        let Some(history) = syncs.history(project) else { return changed };
        let missing: Vec<&str> = slots
            .iter()
            .map(|&slot| store.at(slot).text(Field::ManifestCommitId))
            .filter(|id| !id.is_empty() && history.lacks(id))
            .collect();
        let applied = syncs.standings().iter().filter(|standing| standing.project == project);
        let applied: Vec<CommitId> = applied.filter_map(|s| s.applied.as_ref()?.commit.clone()).collect();
        let needs_more = !missing.is_empty() || applied.iter().any(|id| history.lacks(id.as_str()));
        let reaches = history.reaches().map(|(from, _)| from);
        let read = self.pages.get(&place).copied().unwrap_or(0);
        let is_there = |from: &CommitId| {
            let log = Key { place, thing: Thing::Git(Git::Log(from.clone())) };
            !self.facts.is_gone(&log)
        };
        let goes_on = reaches.filter(|from| needs_more && read < pages && is_there(from));
        // Of that one the parents are asked for by themselves.
        if goes_on.as_ref().is_some_and(|from| unclear.contains(from)) {
            return changed;
        }
        if let Some(from) = goes_on {
            self.want_git(place, Git::Log(from), Again::Never);
        } else if history.head().is_some() {
            // Azure DevOps compares commits by their whole ids alone, which no row holds.
            let is_azure = matches!(self.places.get(place), Some(Forge::AzureDevOps(_)));
            let older = missing.iter().filter_map(|id| CommitId::new(id)).filter(|id| !is_azure || is_whole(id));
            for id in older.take(COMPARED) {
                for applied in applied.iter().filter(|applied| !history.lacks(applied.as_str())) {
                    self.want_git(place, Git::Contains(id.clone(), applied.clone()), Again::Never);
                }
            }
        }
        changed
    }

    /// Wants what became of the newest deployments to each environment, back to one that the cluster applied.
    fn want_outcomes(&mut self, place: PlaceId, again: Again) {
        let Some(Moving::Deployments(deployments)) = self.moving(place, Git::Environments) else { return };
        let mut environments: Vec<(Box<str>, usize, bool)> = Vec::new();
        for deployment in deployments.clone() {
            let known = environments.iter().position(|(of, ..)| *of == deployment.environment).unwrap_or_else(|| {
                environments.push((deployment.environment.clone(), 0, false));
                environments.len() - 1
            });
            let outcome = match self.moving(place, Git::Outcome(deployment.id.clone())) {
                Some(Moving::Outcome(outcome)) => outcome.as_ref().and_then(|outcome| outcome.state),
                _ => None,
            };
            let Some((_, count, is_applied)) = environments.get_mut(known) else { continue };
            if known >= ENVIRONMENTS || *count >= OF_ENVIRONMENT || *is_applied {
                continue;
            }
            *count += 1;
            *is_applied |= outcome == Some(SignalState::Applied);
            let is_over = matches!(outcome, Some(SignalState::Applied | SignalState::Failed));
            // Of an older one nothing changes but that a newer one took its place.
            let again = if is_over || *count > 1 { Again::Never } else { again };
            self.want_git(place, Git::Outcome(deployment.id), again);
        }
    }

    /// Wants to know whether the branch that a deployment was built from has ended.
    fn want_branch(&mut self, slot: Slot, store: &Store) {
        if let Some((place, name)) = self.branch_of(slot, store) {
            self.want_git(place, Git::Branch(name.clone()), Again::After(BRANCHES_EVERY));
            if !matches!(self.places.get(place), Some(Forge::GitLab(_))) {
                self.want_git(place, Git::BranchPull(name), Again::After(BRANCHES_EVERY));
            }
        }
    }

    /// Where a deployment was built from: the repository, and the branch's name in it.
    fn branch_of(&self, slot: Slot, store: &Store) -> Option<(PlaceId, Box<str>)> {
        let place = self.seen.get(&slot)?.needs.source?;
        let branch = store.at(slot).branch();
        let name = branch.strip_prefix("refs/heads/").unwrap_or(branch);
        // A pull request's or a tag's own name is no branch.
        (!name.is_empty() && !name.starts_with("refs/")).then(|| (place, name.into()))
    }

    /// Wants to know how many commits lie between the sources of two deployments.
    fn want_span(&mut self, old: Slot, new: Slot, store: &Store) {
        let Some(place) = self.seen.get(&new).and_then(|seen| seen.needs.source) else { return };
        // Azure DevOps compares commits by their whole ids alone.
        let is_azure = matches!(self.places.get(place), Some(Forge::AzureDevOps(_)));
        let commit = |slot: Slot| {
            let of_row = || CommitId::new(store.at(slot).commit());
            if is_azure { self.source_commit(slot, store) } else { of_row() }
        };
        let (Some(old), Some(new_id)) = (commit(old), commit(new)) else { return };
        if old.is_same_as(&new_id) || is_azure && !(is_whole(&old) && is_whole(&new_id)) {
            return;
        }
        let key = Key { place, thing: Thing::Git(Git::Between(old, new_id)) };
        let project = store.at(new).project();
        let counting = self.counting.entry(key.clone()).or_default();
        if !counting.contains(&project) {
            counting.push(project);
            // What is known already is told to this project too.
            self.news.push(key.clone());
        }
        self.want_key(key, Rank::Told, Again::Never);
    }

    /// The commit of the source that a deployment was built from, by the longest id that is known.
    pub(super) fn source_commit(&self, slot: Slot, store: &Store) -> Option<CommitId> {
        let of_row = CommitId::new(store.at(slot).commit())?;
        let needs = &self.seen.get(&slot)?.needs;
        let known = needs.commit.as_ref().filter(|(_, id)| id.is_same_as(&of_row));
        let whole = known.and_then(|(key, id)| self.facts.commit(key, id)).map(|commit| commit.id.clone());
        Some(whole.or_else(|| known.map(|(_, id)| id.clone())).unwrap_or(of_row))
    }

    fn want_git(&mut self, place: PlaceId, git: Git, again: Again) {
        self.want_key(Key { place, thing: Thing::Git(git) }, Rank::Board, again);
    }

    fn want_key(&mut self, key: Key, rank: Rank, again: Again) {
        let Some(forge) = self.places.get(key.place).cloned() else { return };
        let Some(origin) = self.places.origin(&key).cloned() else { return };
        let line = self.line(&origin, &forge);
        if let Some(line) = self.lines.get_mut(line) {
            line.is_wanted_for(key.reads());
        }
        if self.facts.recall(&key, &self.places) {
            self.news.push(key.clone());
        }
        let (is_refreshed, by_hand) = (self.every.is_some(), self.by_hand);
        let entry = self.facts.entry(&key);
        entry.is_stale |= by_hand;
        if by_hand {
            entry.again_at = entry.again_at.min(entry.learnt);
            entry.failures = 0;
        }
        let due = match (&entry.fact, again) {
            (None, _) => entry.again_at,
            (Some(_), Again::Never) => return,
            (Some(_), Again::After(_)) if entry.is_stale => entry.again_at,
            (Some(_), Again::After(_)) if !is_refreshed => return,
            (Some(_), Again::After(every)) => (entry.learnt + every).max(entry.again_at),
        };
        let is_repeat = entry.fact.is_some();
        self.push(Want { rank, key, parts: false, due, is_repeat });
    }
}

/// Whether an id has all its digits.
fn is_whole(id: &CommitId) -> bool {
    id.as_str().len() >= 40
}

/// Whether a project has any deployment.
fn has_any(project: usize, store: &Store) -> bool {
    // The order by time is brought up to date only when the views look.
    (0..store.slots() as Slot).any(|slot| store.is_live(slot) && store.at(slot).project() == project)
}
