//! Lists that come in pages, each a fact of its own: commit statuses, tags, deployments to environments.

use super::demands::{demand, fact_of};
use crate::{
    domain::{
        fact::Fact,
        manifests::{EnvironmentDeployment, Rest, Tag},
    },
    engine::forge::{
        demand::{Again, DemandBuilder},
        facts::FactTable,
    },
    forge::{RepoId, RepoResource},
};

/// Pages of a hundred that are read of one commit's statuses, of tags, and of deployments to environments.
pub(super) const LIST_PAGES: u32 = 10;
pub(super) const DEPLOYMENT_PAGES: u32 = 3;
/// Of one environment's deployments what became of so many is looked at.
pub(super) const OF_ENVIRONMENT: usize = 5;

/// Demands a list page by page: another one where the last known one has a next.
pub(super) fn add_pages(
    repo: RepoId,
    again: Again,
    most: u32,
    demands: &mut DemandBuilder<'_>,
    page_of: impl Fn(u32) -> RepoResource,
) {
    for page in 1..=most {
        demand(demands, repo, page_of(page), again);
        if !fact_of(demands.facts, repo, page_of(page)).is_some_and(has_next) {
            break;
        }
    }
}

/// What comes after a page of a list.
const fn rest(fact: &Fact) -> Rest {
    match fact {
        Fact::Tags(list) => list.rest,
        Fact::Statuses(list) => list.rest,
        Fact::Deployments(list) => list.rest,
        _ => Rest::None,
    }
}

/// Whether a fact is a page after which another one can be asked for.
pub(super) fn has_next(fact: &Fact) -> bool {
    rest(fact) == Rest::NextPage
}

/// Whether so many pages of a list, of which these are known, are read to no end: there are more, or some cannot be
/// had.
pub(super) fn is_cut(pages: &[&Fact], most: u32) -> bool {
    match pages.last().map(|fact| rest(fact)) {
        None | Some(Rest::None) => false,
        Some(Rest::NextPage) => pages.len() >= most as usize,
        Some(Rest::LeftOut) => true,
    }
}

/// The facts about a list's pages, from the first on as far as they are known; and whether that is all of it.
pub(super) fn pages(facts: &FactTable, repo: RepoId, page_of: impl Fn(u32) -> RepoResource) -> (Vec<&Fact>, bool) {
    let mut pages: Vec<&Fact> = Vec::new();
    for page in 1_u32.. {
        let Some(fact) = fact_of(facts, repo, page_of(page)) else { break };
        pages.push(fact);
        if rest(fact) == Rest::None {
            return (pages, true);
        }
    }
    (pages, false)
}

pub(super) fn add_tags(repo: RepoId, prefix: &str, again: Again, demands: &mut DemandBuilder<'_>) {
    let page_of = |page: u32| RepoResource::Tags(prefix.into(), page);
    add_pages(repo, again, LIST_PAGES, demands, page_of);
    let is_vague = |tag: &&Tag| tag.commit.is_none() || tag.at.is_none();
    let (pages, _) = pages(demands.facts, repo, page_of);
    let tags = pages.into_iter().flat_map(|fact| if let Fact::Tags(list) = fact { &*list.items } else { &[] });
    let objects: Vec<Box<str>> = tags.filter(is_vague).filter_map(|tag| tag.object.clone()).collect();
    for object in objects {
        demand(demands, repo, RepoResource::TagObject(object), Again::Never);
    }
}

/// All deployments to environments that are known: page by page, then those of environments that were asked for by
/// name.
pub(super) fn deployments(facts: &FactTable, repo: RepoId, named: &[Box<str>]) -> Vec<EnvironmentDeployment> {
    let (pages, _) = pages(facts, repo, RepoResource::Environments);
    let of_name = |name: &str| fact_of(facts, repo, RepoResource::Environment(name.into()));
    let mut all: Vec<EnvironmentDeployment> = Vec::new();
    for fact in pages.into_iter().chain(named.iter().filter_map(|name| of_name(name))) {
        let Fact::Deployments(list) = fact else { continue };
        for deployment in &list.items {
            if !all.iter().any(|known| known.id == deployment.id) {
                all.push(deployment.clone());
            }
        }
    }
    all
}
