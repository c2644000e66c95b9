//! What was learnt of manifest repositories, handed on to where the views look.

use super::{
    super::{
        Forges,
        places::{Git, Key, PlaceId, Thing},
    },
    Manifests,
};
use crate::{
    config::Forge,
    domain::{
        cluster::{Signal, SignalState},
        id::CommitId,
        link::Link,
        manifests::{BranchEnd, CommitStatus, EnvironmentDeployment, Listed, Tag},
        pull_request::PullState,
    },
    engine::cache::{Fact, Moving},
    forge::{azure_devops, github, gitlab},
    model::{
        order::ordered,
        store::{Slot, Store},
        sync::{Syncs, names},
    },
};

impl Forges {
    /// Hands what is new to where the views look. Returns whether that changed anything there.
    pub(in crate::engine) fn tell(&mut self, syncs: &mut Syncs) -> bool {
        let news = std::mem::take(&mut self.news);
        if news.is_empty() {
            return false;
        }
        let mut changed = false;
        for key in &news {
            let Thing::Git(git) = &key.thing else { continue };
            if let (Git::Between(old, new), Some(Fact::Compared { ahead: Some(ahead), .. })) = (git, self.fact(key)) {
                for &project in self.counting.get(key).into_iter().flatten() {
                    syncs.set_commit_count(project, old, new, *ahead);
                }
                changed = true;
            }
            // Of branches nobody keeps a copy.
            changed |= matches!(git, Git::Branch(_) | Git::BranchPull(_));
        }
        for (project, manifests) in self.manifests.iter().enumerate() {
            let Some(manifests) = manifests else { continue };
            let here: Vec<&Key> = news.iter().filter(|key| key.place == manifests.place).collect();
            if !here.is_empty() {
                changed |= self.tell_project(project, manifests, &here, syncs);
            }
        }
        changed
    }

    fn fact(&self, key: &Key) -> Option<&Fact> {
        self.facts.get(key)?.fact.as_ref()
    }

    fn tell_project(&self, project: usize, manifests: &Manifests, news: &[&Key], syncs: &mut Syncs) -> bool {
        let listed: Vec<Listed> = news
            .iter()
            .filter_map(|key| match self.fact(key) {
                Some(Fact::Listed(listed)) => Some(listed.clone()),
                _ => None,
            })
            .collect();
        let mut changed = !listed.is_empty();
        syncs.history_mut(project).learn(&listed);
        for key in news {
            match (&key.thing, self.fact(key)) {
                (Thing::Git(Git::Contains(old, new)), Some(Fact::Compared { is_ancestor: Some(true), .. })) => {
                    syncs.history_mut(project).learn_ancestor(old, new);
                    changed = true;
                }
                (Thing::Git(Git::Head(branch)), Some(Fact::Moving(Moving::Log(log))))
                    if *branch == manifests.branch =>
                {
                    if let Some(tip) = &log.tip {
                        syncs.history_mut(project).set_head(tip);
                        changed = true;
                    }
                }
                _ => {}
            }
        }
        changed | syncs.set_signals(project, self.signals(manifests.place))
    }

    /// All that clusters say in a repository, the newest of each kind first.
    fn signals(&self, place: PlaceId) -> Vec<Signal> {
        let mut tags: Vec<Tag> = Vec::new();
        let mut statuses: Vec<&CommitStatus> = Vec::new();
        let mut deployments: Vec<EnvironmentDeployment> = Vec::new();
        for (key, fact) in self.facts.all().filter(|(key, _)| key.place == place) {
            match (&key.thing, fact) {
                (Thing::Git(Git::Tags(_)), Fact::Moving(Moving::Tags(list))) => {
                    tags.extend(list.iter().map(|tag| self.whole(place, tag)));
                }
                (Thing::Git(Git::Statuses(_)), Fact::Moving(Moving::Statuses(list))) => statuses.extend(list),
                (Thing::Git(Git::Environments), Fact::Moving(Moving::Deployments(list))) => {
                    deployments.extend_from_slice(list);
                }
                _ => {}
            }
        }
        let tags = ordered(&tags, |a, b| (b.at, &a.name).cmp(&(a.at, &b.name)));
        let statuses = ordered(&statuses, |a, b| (b.at, &a.context).cmp(&(a.at, &b.context)));
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
            let from = names::of_environment(&deployment.environment)?;
            let outcome = match self.moving(place, Git::Outcome(deployment.id)) {
                Some(Moving::Outcome(Some(outcome))) => outcome.clone(),
                _ => deployment.outcome?,
            };
            Some(Signal {
                from,
                commit: deployment.commit,
                state: outcome.state?,
                at: outcome.at.or(deployment.at),
                is_approximate: outcome.at.is_none(),
                message: outcome.message,
            })
        });
        of_tags.chain(of_statuses).chain(of_deployments).collect()
    }

    /// A tag with what its object tells.
    fn whole(&self, place: PlaceId, tag: &Tag) -> Tag {
        let object = tag.object.as_ref().map(|object| Key { place, thing: Thing::Git(Git::TagObject(object.clone())) });
        match object.and_then(|key| self.fact(&key)) {
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
    pub(in crate::engine) fn branch_end(&self, slot: Slot, store: &Store) -> Option<BranchEnd> {
        let (place, name) = self.branch_of(slot, store)?;
        let pull = match self.moving(place, Git::BranchPull(name.clone())) {
            Some(Moving::BranchPull(pull)) => *pull,
            _ => None,
        };
        // A branch that was deleted after it was merged was merged.
        if pull == Some(PullState::Merged) {
            return Some(BranchEnd::Merged);
        }
        match self.moving(place, Git::Branch(name)) {
            Some(Moving::Branch(end)) => *end,
            _ => None,
        }
    }

    /// Where to see a commit of a project's manifests.
    pub(in crate::engine) fn manifest_link(&self, project: usize, id: &CommitId) -> Option<Link> {
        self.commit_link(self.manifests.get(project)?.as_ref()?.place, id)
    }

    /// The forge's page with what lies between the sources of two deployments, the older first.
    pub(in crate::engine) fn compare_link(&self, store: &Store, old: Slot, new: Slot) -> Option<Link> {
        let place = self.seen.get(&new)?.needs.source?;
        let (old, new) = (self.source_commit(old, store)?, self.source_commit(new, store)?);
        match self.places.get(place)? {
            Forge::AzureDevOps(at) => azure_devops::compare_link(at, at.repository.as_deref()?, &old, &new),
            Forge::GitHub(at) => github::compare_link(at, &old, &new),
            Forge::GitLab(_) => {
                let project = Key { place, thing: Thing::Project };
                gitlab::compare_link(self.facts.web(&project)?, &old, &new)
            }
        }
    }
}
