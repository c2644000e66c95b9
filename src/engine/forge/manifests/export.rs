//! What was learnt of manifest repositories, exported to where the views look.

use super::{
    agent::{ManifestAgent, ManifestRepo, branch_of},
    demands::fact_of,
    lists::{DEPLOYMENT_PAGES, LIST_PAGES, deployments, is_cut, pages},
};
use crate::{
    domain::{
        cluster::{Signal, SignalState},
        fact::Fact,
        manifests::{BranchEnd, CommitStatus, Listed, Tag, Unread},
        project::ProjectId,
        pull_request::PullState,
    },
    engine::forge::{facts::FactTable, tracked::TrackedRows},
    forge::{KnownFacts as _, RepoId, RepoResource, Resource, ResourceKey},
    model::{
        order::sorted_by,
        store::{Slot, Store},
        sync::{Syncs, names},
    },
};

impl ManifestAgent {
    /// Hands what is new to where the views look. Returns whether that changed anything there.
    #[must_use]
    pub(in crate::engine::forge) fn export_signals(&self, facts: &mut FactTable, syncs: &mut Syncs) -> bool {
        let news = facts.take_news();
        if news.is_empty() {
            return false;
        }
        let facts: &FactTable = facts;
        let mut changed = false;
        for key in &news {
            let Resource::Repo(git) = &key.resource else { continue };
            if let (RepoResource::Between(old, new), Some(Fact::Compared { ahead: Some(ahead), .. })) =
                (git, facts.fact(key))
            {
                for &project in self.counting.get(key).into_iter().flatten() {
                    syncs.set_commit_count(ProjectId::at(project.index()), old, new, *ahead);
                }
                changed = true;
            }
            // Branches are read from the facts themselves, so only the change counts.
            changed |= matches!(git, RepoResource::Branch(_) | RepoResource::BranchPullRequest(_));
        }
        for (project, manifests) in self.projects.iter().enumerate() {
            let project = ProjectId::at(project);
            let Some(manifests) = manifests else { continue };
            let here: Vec<&ResourceKey> = news.iter().filter(|key| key.repo == manifests.repo).collect();
            if !here.is_empty() {
                changed |= self.export_project(project, manifests, &here, facts, syncs);
            }
        }
        changed
    }

    fn export_project(
        &self,
        project: ProjectId,
        manifests: &ManifestRepo,
        news: &[&ResourceKey],
        facts: &FactTable,
        syncs: &mut Syncs,
    ) -> bool {
        let listed: Vec<Listed> = news
            .iter()
            .filter_map(|key| match facts.fact(key) {
                Some(Fact::Listed(listed)) => Some(listed.clone()),
                _ => None,
            })
            .collect();
        let mut changed = !listed.is_empty();
        syncs.history_mut(project).add_all(&listed);
        for key in news {
            match (&key.resource, facts.fact(key)) {
                (
                    Resource::Repo(RepoResource::Contains(old, new)),
                    Some(Fact::Compared { is_ancestor: Some(true), .. }),
                ) => {
                    syncs.history_mut(project).add_ancestor(old, new);
                    changed = true;
                }
                (Resource::Repo(RepoResource::Head(branch)), Some(Fact::Log(log))) if *branch == manifests.branch => {
                    if let Some(tip) = &log.tip {
                        syncs.history_mut(project).set_head(tip);
                        changed = true;
                    }
                }
                _ => {}
            }
        }
        let (signals, unread) = self.signals(manifests.repo, facts);
        changed | syncs.set_unread(project, unread) | syncs.set_signals(project, signals)
    }

    /// All that clusters report in a repository, the newest of each kind first; and what of it has not been read to its
    /// end.
    fn signals(&self, repo: RepoId, facts: &FactTable) -> (Vec<Signal>, Unread) {
        let mut tags: Vec<Tag> = Vec::new();
        let mut statuses: Vec<&CommitStatus> = Vec::new();
        let mut unread = Unread::default();
        for key in facts.keys().filter(|key| key.repo == repo) {
            match &key.resource {
                Resource::Repo(RepoResource::Tags(prefix, 1)) => {
                    let (pages, _) = pages(facts, repo, |page| RepoResource::Tags(prefix.clone(), page));
                    unread.tags |= is_cut(&pages, LIST_PAGES);
                    let lists =
                        pages.into_iter().filter_map(|f| if let Fact::Tags(list) = f { Some(list) } else { None });
                    tags.extend(lists.flat_map(|list| &list.items).map(|tag| whole(repo, tag, facts)));
                }
                Resource::Repo(RepoResource::Statuses(commit, 1)) => {
                    let (pages, is_all) = pages(facts, repo, |page| RepoResource::Statuses(commit.clone(), page));
                    // It is known to be long as soon as one call for all could not hold it.
                    let is_long = facts.get(key).is_some_and(|state| state.individually);
                    if !is_all && (is_long || !pages.is_empty()) {
                        unread.statuses.push(commit.clone());
                        unread.is_cut |= is_cut(&pages, LIST_PAGES);
                    }
                    let lists =
                        pages.into_iter().filter_map(|f| if let Fact::Statuses(list) = f { Some(list) } else { None });
                    statuses.extend(lists.flat_map(|list| &list.items));
                }
                Resource::Repo(RepoResource::Environments(1)) => {
                    let (pages, _) = pages(facts, repo, RepoResource::Environments);
                    unread.environments |= is_cut(&pages, DEPLOYMENT_PAGES);
                }
                _ => {}
            }
        }
        unread.statuses.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        let deployments = deployments(facts, repo, &self.environments);
        let tags = sorted_by(&tags, |a, b| (b.at, &a.name).cmp(&(a.at, &b.name)));
        let statuses = sorted_by(&statuses, |a, b| (b.at, &a.context).cmp(&(a.at, &b.context)));
        let of_tags = tags.into_iter().filter_map(|tag| {
            let from = names::of_tag(&tag.name, &self.rules)?;
            let Tag { commit: Some(commit), at, is_approximate, .. } = tag else { return None };
            Some(Signal { from, commit: Some(commit), state: SignalState::Applied, at, is_approximate, message: None })
        });
        let of_statuses = statuses.into_iter().filter_map(|status| {
            let from = names::of_status(&status.context, status.genre.as_deref(), &self.rules)?;
            Some(Signal {
                from,
                commit: Some(status.commit.clone()),
                state: status.state,
                at: status.at,
                is_approximate: false,
                message: status.message.clone(),
            })
        });
        let of_deployments = deployments.into_iter().filter_map(|deployment| {
            let outcome = match fact_of(facts, repo, RepoResource::Outcome(deployment.id)) {
                Some(Fact::Outcome(Some(outcome))) => outcome.clone(),
                _ => deployment.outcome?,
            };
            let is_by_workflow = deployment.is_by_workflow || outcome.is_by_workflow;
            let from = names::of_environment(&deployment.environment, is_by_workflow, &self.rules)?;
            Some(Signal {
                from,
                commit: deployment.commit,
                state: outcome.state?,
                at: outcome.at.or(deployment.at),
                is_approximate: outcome.at.is_none(),
                message: outcome.message,
            })
        });
        (of_tags.chain(of_statuses).chain(of_deployments).collect(), unread)
    }
}

/// A tag with what its object shows.
fn whole(repo: RepoId, tag: &Tag, facts: &FactTable) -> Tag {
    match tag.object.as_ref().and_then(|object| fact_of(facts, repo, RepoResource::TagObject(object.clone()))) {
        Some(Fact::Tag(known)) => Tag {
            name: tag.name.clone(),
            commit: tag.commit.clone().or_else(|| known.commit.clone()),
            at: known.at.or(tag.at),
            is_approximate: known.at.is_none() && tag.is_approximate,
            object: tag.object.clone(),
        },
        _ => tag.clone(),
    }
}

/// What became of the branch that a deployment was built from, where that is known.
pub(in crate::engine::forge) fn branch_end(
    slot: Slot,
    tracked: &TrackedRows,
    store: &Store,
    facts: &FactTable,
) -> Option<BranchEnd> {
    let (repo, name) = branch_of(slot, tracked, store)?;
    let pull = match fact_of(facts, repo, RepoResource::BranchPullRequest(name.clone())) {
        Some(Fact::BranchPullRequest(pull)) => *pull,
        _ => None,
    };
    // A branch that was deleted after it was merged was merged.
    if pull == Some(PullState::Merged) {
        return Some(BranchEnd::Merged);
    }
    match fact_of(facts, repo, RepoResource::Branch(name)) {
        Some(Fact::Branch(end)) => *end,
        _ => None,
    }
}
