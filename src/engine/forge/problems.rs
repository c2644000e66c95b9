//! What is wrong with origins, and how much they may still be asked: for people.

use super::{
    forge_engine::ForgeEngine,
    origin::{OriginId, OriginState, Refusal},
};
use crate::{
    domain::{
        problem::{Area, Problem, ProblemKind, Severity},
        time::Timestamp,
    },
    forge::{self, Anonymous, Reads, RepoId},
    http::ApiError,
};

impl ForgeEngine {
    pub(super) fn problems_at(&self, id: OriginId, state: &OriginState, now: Timestamp) -> Vec<Problem> {
        let origin = Some(state.origin.as_str().into());
        let mut problems = self.problems_of(id, state, now);
        problems.iter_mut().for_each(|problem| problem.origin.clone_from(&origin));
        problems
    }

    fn problems_of(&self, id: OriginId, state: &OriginState, now: Timestamp) -> Vec<Problem> {
        let name = state.service.name();
        let has_token = self.origins.token(id).is_some();
        // What all of it has to do with is shown once.
        let area = main_area(state);
        if !has_token && state.capabilities().anonymous == Anonymous::Nothing {
            let what = format!("{name} needs a token for {}.", state.origin);
            let hint = "Until then only table data is shown.";
            let problem = Problem::error(area, ProblemKind::Unauthorized, what, hint);
            return vec![problem.severity(Severity::Warning)];
        }
        let refused =
            [Area::Pipelines, Area::Manifests].into_iter().filter_map(|area| self.refused(state, area, has_token, now));
        let refused: Vec<Problem> = refused.collect();
        if !refused.is_empty() {
            return refused;
        }
        if let Some(until) = state.bucket.out_until(now) {
            let what = format!("{name} allows no more requests for now.");
            let hint = if has_token {
                "What is on screen stays as it is until then."
            } else {
                "What is on screen stays as it is until then. With a token, entered under Connections, it allows many more."
            };
            let mut problem = Problem::error(area, ProblemKind::RateLimited, what, hint).severity(Severity::Warning);
            problem.retry_at = Some(until);
            return vec![problem];
        }
        self.hidden(state, has_token).into_iter().collect()
    }

    /// What an origin refuses of one area: the worst of it, and the rest as details.
    fn refused(&self, state: &OriginState, area: Area, has_token: bool, now: Timestamp) -> Option<Problem> {
        let name = state.service.name();
        let is_here = |reads: Option<Reads>| match reads {
            Some(reads) => area_of(reads) == area,
            None => main_area(state) == area,
        };
        let here = || state.refusals.iter().filter(|refusal| is_here(refusal.reads));
        // What somebody has to mend comes before what time mends.
        let worst = here().min_by_key(|refusal| (refusal.error.is_passing(), refusal.reads))?;
        let of = |refusal: &Refusal| {
            let forge = refusal.repo.and_then(|repo| self.repositories.get(repo)).unwrap_or(&state.forge);
            forge::explain(&refusal.error, forge, refusal.reads.unwrap_or(Reads::Runs), has_token)
        };
        let (what, hint) = of(worst);
        let mut problem = Problem::error(area, worst.error.kind, what, hint);
        // Clusters may report by other means, and what waits is shown as waiting without a name too.
        if matches!(worst.reads, Some(Reads::Statuses | Reads::Environments | Reads::Approvals)) {
            problem = problem.severity(Severity::Warning);
        }
        problem.retry_at = worst.until.filter(|&until| until > now);
        problem.details.extend(here().filter(|other| !std::ptr::eq(*other, worst)).map(|other| of(other).0));
        let parts = [worst.error.code.as_str(), worst.error.detail.as_str()];
        let parts: Vec<&str> = parts.into_iter().filter(|s| !s.is_empty()).collect();
        if !parts.is_empty() {
            problem.details.push(format!("{name} answered: {}", parts.join(": ")));
        }
        Some(problem)
    }

    /// Repositories of which nothing at all is to be seen: private ones look like ones that are not there.
    fn hidden(&self, state: &OriginState, has_token: bool) -> Option<Problem> {
        if state.capabilities().is_sure_of_absence {
            return None;
        }
        let is_here =
            |repo: &RepoId| self.repositories.get(*repo).is_some_and(|forge| *forge.api().origin() == state.origin);
        let hidden: Vec<RepoId> = self.facts.hidden().into_iter().filter(is_here).collect();
        let forge = self.repositories.get(*hidden.first()?)?;
        let (what, hint) = forge::explain(&ApiError::new(ProblemKind::NotFound, ""), forge, Reads::Commits, has_token);
        let problem = Problem::error(Area::Pipelines, ProblemKind::NotFound, what, hint).severity(Severity::Warning);
        let names = hidden.iter().filter_map(|&repo| self.repositories.get(repo)).map(forge::repository_name);
        Some(if hidden.len() > 1 { problem.details(names.collect()) } else { problem })
    }
}

/// Where trouble with all of an origin belongs: to clusters if it is asked for nothing else.
fn main_area(state: &OriginState) -> Area {
    let is_for_clusters = |reads: &Reads| area_of(*reads) == Area::Manifests;
    let is_only_for_clusters = !state.visible.is_empty() && state.visible.iter().all(is_for_clusters);
    if is_only_for_clusters { Area::Manifests } else { Area::Pipelines }
}

const fn area_of(reads: Reads) -> Area {
    match reads {
        Reads::Runs | Reads::Releases | Reads::Commits | Reads::PullRequests | Reads::Approvals => Area::Pipelines,
        Reads::Manifests | Reads::Statuses | Reads::Environments => Area::Manifests,
    }
}
