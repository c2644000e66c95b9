//! What is known of the resources that one deployment names, as the store keeps it.

use std::sync::Arc;

use super::facts::FactTable;
use crate::{
    config::Forge,
    domain::{
        deployment::Status,
        fact::Fact,
        facts::{Answer, CommitLinks, SlotFacts},
        id::CommitId,
        link::Link,
        run::{Run, RunPart},
    },
    forge::{self, KnownFacts as _, RepoId, Repositories, Resource, ResourceKey, RowReferences},
    model::store::{Slot, Store},
};

/// What is known of what a deployment's row names.
pub(super) fn slot_facts(
    references: &RowReferences,
    slot: Slot,
    store: &Store,
    repositories: &Repositories,
    facts: &FactTable,
) -> SlotFacts {
    let runs = [0, 1, 2].map(|index| {
        let key = references.runs.get(index).and_then(Option::as_ref)?;
        let run = match facts.fact(key) {
            Some(Fact::Run(run)) => Some(with_approvals(key, run, repositories, facts)),
            _ => None,
        };
        let run = run.as_ref();
        // Builds and releases are numbered apart: a build in place of a release is this one's only if it ran on the
        // same commit.
        let in_place = index == 1 && references.is_build_for_release;
        let ran_on = references.ran_on.get(index).and_then(Option::as_ref);
        let is_another =
            run.is_some_and(|run| in_place && !run.commit.as_ref().zip(ran_on).is_some_and(|(a, b)| a.is_same_as(b)));
        if is_another { None } else { answer_of(key, run, repositories, facts) }
    });
    let pull_request = references.pull.as_ref().and_then(|key| {
        let pull = match facts.fact(key) {
            Some(Fact::PullRequest(pull)) => Some(pull),
            _ => None,
        };
        answer_of(key, pull, repositories, facts)
    });
    let commit = references.commit.as_ref().and_then(|(key, id)| {
        let commit = match facts.fact(key) {
            Some(Fact::Commit(commit)) if commit.id.is_same_as(id) => Some(commit),
            _ => None,
        };
        answer_of(key, commit, repositories, facts)
    });
    let build = references.runs.first().and_then(Option::as_ref).and_then(|key| facts.get(key));
    let release = references.runs.get(1).and_then(Option::as_ref);
    let row = store.at(slot);
    let built = || runs.first()?.as_ref()?.value.as_ref()?.commit.clone();
    let link = |repo: Option<RepoId>, id: Option<CommitId>| commit_link(repo?, &id?, repositories, facts);
    let links = CommitLinks {
        source: link(references.source, CommitId::new(row.row_commit()).or_else(built)),
        definition: link(references.definition, CommitId::new(row.hld_commit())),
        manifests: link(references.manifests, CommitId::new(row.manifest_commit())),
    };
    SlotFacts {
        is_staged: references.is_staged,
        awaits_parts: build.is_some_and(|state| state.parts_stale && !state.has_parts()),
        has_environments: release.is_some_and(|key| matches!(key.resource, Resource::Release(_))),
        has_no_author: references.commit.as_ref().is_none_or(|(key, _)| facts.is_gone(key)),
        runs,
        pull_request,
        commit,
        links,
    }
}

/// A run with who may give the approvals that it waits for, as far as that is known.
fn with_approvals(key: &ResourceKey, run: &Arc<Run>, repositories: &Repositories, facts: &FactTable) -> Arc<Run> {
    let approvals_of = |id: &str| match facts.fact(&key.approvals(id)) {
        Some(Fact::Approvals(approvals)) => approvals.as_slice(),
        _ => &[],
    };
    let mut whole = Arc::clone(run);
    if run.approvals().all(|id| approvals_of(id).is_empty()) {
        return whole;
    }
    let with = Arc::make_mut(&mut whole);
    for part in &mut with.parts {
        let people = part.approvals.iter().flat_map(|id| approvals_of(id)).flat_map(|approval| &approval.waits_for);
        part.waits_for.extend(people.cloned());
    }
    let Some((id, forge)) = run.approvals.as_deref().zip(repositories.get(key.repo)) else { return whole };
    let of_all = forge::approvals_of_run(forge, key, run, approvals_of(id));
    if !of_all.is_empty() && of_all.iter().all(|approval| approval.is_timer) {
        with.status = Status::Queued;
        return whole;
    }
    let waiting = of_all.into_iter().filter(|approval| !approval.is_timer).filter_map(|approval| {
        let waits_for = approval.waits_for.clone();
        Some(RunPart { waits_for, ..RunPart::new(approval.environment.as_deref()?, Status::Waiting) })
    });
    with.parts.splice(..0, waiting);
    whole
}

/// What a forge reported of a resource, if it was asked and has answered.
fn answer_of<T>(
    key: &ResourceKey,
    value: Option<&Arc<T>>,
    repositories: &Repositories,
    facts: &FactTable,
) -> Option<Answer<T>> {
    let at = facts.fetched_at(key)?;
    if value.is_none() && !facts.is_gone(key) {
        return None;
    }
    let by = repositories.get(key.repo).map(Forge::service)?;
    Some(Answer { by, at, value: value.cloned() })
}

/// Where to see a commit.
pub(super) fn commit_link(repo: RepoId, id: &CommitId, repositories: &Repositories, facts: &FactTable) -> Option<Link> {
    forge::commit_link(repositories.get(repo)?, facts.project_link(repo), id)
}
