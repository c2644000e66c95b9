//! What is known of the things that one deployment names, as the store keeps it.

use std::sync::Arc;

use super::{
    Forges, Seen, facts,
    needs::{Known, Needs},
    places::{Key, PlaceId, Thing},
};
use crate::{
    config::Forge,
    domain::{
        facts::{Answer, CommitLinks, SlotFacts},
        id::CommitId,
        link::Link,
        stage::Service,
    },
    forge::{azure_devops, github, gitlab},
    model::store::{Slot, Store},
    storage::row::Field,
};

impl Forges {
    /// Tells the store what is known of a deployment. Returns whether that changed anything that is shown.
    pub(super) fn lay_over(&self, slot: Slot, store: &mut Store) -> bool {
        let Some(Seen { needs }) = self.seen.get(&slot) else { return false };
        let facts = self.slot_facts(needs, slot, store);
        store.set_facts(slot, facts)
    }

    fn slot_facts(&self, needs: &Needs, slot: Slot, store: &Store) -> SlotFacts {
        let known = store.facts(slot).unwrap_or(SlotFacts::nothing());
        let runs = [0, 1, 2].map(|index| {
            let key = needs.runs.get(index).and_then(Option::as_ref)?;
            let run = self.facts.run(key);
            // Builds and releases are numbered apart: a build in place of a release is this one's only if it ran on the
            // same commit.
            let in_place = index == 1 && needs.is_build_for_release;
            let ran_on = needs.ran_on.get(index).and_then(Option::as_ref);
            let is_its = |run: &crate::domain::run::Run| {
                !in_place || run.commit.as_ref().zip(ran_on).is_some_and(|(a, b)| a.is_same_as(b))
            };
            if run.is_some_and(|run| !is_its(run)) {
                return None;
            }
            self.answer_of(key, run, known.runs.get(index).and_then(Option::as_ref))
        });
        let pull = needs.pull.as_ref();
        let pull_request = pull.and_then(|key| self.answer_of(key, self.facts.pull(key), known.pull_request.as_ref()));
        let commit = needs.commit.as_ref();
        let commit =
            commit.and_then(|(key, id)| self.answer_of(key, self.facts.commit(key, id), known.commit.as_ref()));
        let build = needs.runs.first().and_then(Option::as_ref).and_then(|key| self.facts.get(key));
        let release = needs.runs.get(1).and_then(Option::as_ref);
        let row = store.at(slot);
        let of_row = |field: Field| CommitId::new(row.text(field));
        let built = || runs.first()?.as_ref()?.value.as_ref()?.commit.clone();
        let link = |place: Option<PlaceId>, id: Option<CommitId>| self.commit_link(place?, &id?);
        let links = CommitLinks {
            source: link(needs.source, of_row(Field::CommitId).or_else(built)),
            definition: link(needs.definition, of_row(Field::HldCommitId)),
            manifests: link(needs.manifests, of_row(Field::ManifestCommitId)),
        };
        SlotFacts {
            is_staged: needs.is_staged,
            awaits_parts: build.is_some_and(|entry| entry.parts_stale && !facts::has_parts(entry)),
            has_environments: release.is_some_and(|key| matches!(key.thing, Thing::Release(_))),
            has_no_author: needs.commit.as_ref().is_none_or(|(key, _)| self.facts.is_gone(key)),
            runs,
            pull_request,
            commit,
            links,
        }
    }

    /// What a forge said of a thing, if it was asked and has answered. What is known already is shared and not copied.
    fn answer_of<T: Clone + PartialEq>(
        &self,
        key: &Key,
        value: Option<&T>,
        known: Option<&Answer<T>>,
    ) -> Option<Answer<T>> {
        let at = self.facts.learnt(key)?;
        if value.is_none() && !self.facts.is_gone(key) {
            return None;
        }
        let known = known.and_then(|answer| answer.value.as_ref());
        let value = value.map(|new| match known {
            Some(known) if **known == *new => Arc::clone(known),
            _ => Arc::new(new.clone()),
        });
        Some(Answer { by: self.service(key), at, value })
    }

    fn service(&self, key: &Key) -> Service {
        self.places.get(key.place).map_or(Service::AzureDevOps, Forge::service)
    }

    pub(super) fn commit_link(&self, place: PlaceId, id: &CommitId) -> Option<Link> {
        match self.places.get(place)? {
            Forge::AzureDevOps(at) => azure_devops::commit_link(at, at.repository.as_deref()?, id),
            Forge::GitHub(at) => github::commit_link(at, id),
            Forge::GitLab(_) => gitlab::commit_link(self.facts.web(&Key { place, thing: Thing::Project })?, id),
        }
    }
}
