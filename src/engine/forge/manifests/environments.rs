//! What deployments to environments are wanted.

use super::{
    agent::ManifestAgent,
    demands::{demand, fact_of},
    lists::{DEPLOYMENT_PAGES, OF_ENVIRONMENT, deployments, has_next, pages},
};
use crate::{
    domain::{cluster::SignalState, fact::Fact, manifests::EnvironmentDeployment},
    engine::forge::demand::{Again, DemandBuilder},
    forge::{RepoId, RepoResource},
    model::sync::names,
};

impl ManifestAgent {
    /// Demands deployments to environments beyond the newest, and what became of the newest to each, back to one that
    /// the cluster applied. `is_first_listed` states that the first page comes with what became of each.
    pub(super) fn add_environments(
        &self,
        repo: RepoId,
        again: Again,
        most: usize,
        is_first_listed: bool,
        demands: &mut DemandBuilder<'_>,
    ) {
        for page in 2..=DEPLOYMENT_PAGES {
            if !fact_of(demands.facts, repo, RepoResource::Environments(page - 1)).is_some_and(has_next) {
                break;
            }
            demand(demands, repo, RepoResource::Environments(page), again);
        }
        let (read, is_all) = pages(demands.facts, repo, RepoResource::Environments);
        let is_read = |name: &str| {
            let is_to = |deployment: &EnvironmentDeployment| deployment.environment.eq_ignore_ascii_case(name);
            read.iter().any(|fact| matches!(fact, Fact::Deployments(list) if list.items.iter().any(is_to)))
        };
        let older: Vec<Box<str>> =
            self.environments.iter().filter(|name| !is_all && !read.is_empty() && !is_read(name)).cloned().collect();
        for name in older {
            demand(demands, repo, RepoResource::Environment(name), again);
        }
        let first = match fact_of(demands.facts, repo, RepoResource::Environments(1)) {
            Some(Fact::Deployments(list)) if is_first_listed => list.items.len(),
            _ => 0,
        };
        let mut environments: Vec<(Box<str>, usize, bool)> = Vec::new();
        for (nth, deployment) in deployments(demands.facts, repo, &self.environments).into_iter().enumerate() {
            // Only a cluster's deployments are followed to their end.
            if names::of_environment(&deployment.environment, deployment.is_by_workflow, &self.rules).is_none() {
                continue;
            }
            let known = environments.iter().position(|(of, ..)| *of == deployment.environment).unwrap_or_else(|| {
                environments.push((deployment.environment.clone(), 0, false));
                environments.len() - 1
            });
            let outcome = match fact_of(demands.facts, repo, RepoResource::Outcome(deployment.id.clone())) {
                Some(Fact::Outcome(outcome)) => outcome.as_ref().and_then(|outcome| outcome.state),
                _ => None,
            };
            let Some((_, count, is_applied)) = environments.get_mut(known) else { continue };
            if known >= most || *count >= OF_ENVIRONMENT || *is_applied {
                continue;
            }
            *count += 1;
            *is_applied |= outcome == Some(SignalState::Applied);
            if nth < first {
                continue;
            }
            let is_over = matches!(outcome, Some(SignalState::Applied | SignalState::Failed));
            // Of an older one nothing changes but that a newer one took its place.
            let again = if is_over || *count > 1 { Again::Never } else { again };
            demand(demands, repo, RepoResource::Outcome(deployment.id), again);
        }
    }
}
