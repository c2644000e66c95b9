//! Something of a repository: wanting it, and what is known of it.

use crate::{
    domain::fact::Fact,
    engine::forge::{
        demand::{Again, DemandBuilder, Rank},
        facts::FactTable,
    },
    forge::{KnownFacts as _, RepoId, RepoResource, ResourceKey},
};

pub(super) fn demand(demands: &mut DemandBuilder<'_>, repo: RepoId, resource: RepoResource, again: Again) {
    demands.add_of_repo(ResourceKey::of_repo(repo, resource), Rank::Board, again);
}

/// What is known of something of a repository.
pub(super) fn fact_of(facts: &FactTable, repo: RepoId, resource: RepoResource) -> Option<&Fact> {
    facts.fact(&ResourceKey::of_repo(repo, resource))
}
