//! What is wrong, and what is left.

use super::{Forges, Line, Tested, line::Refusal, places::PlaceId};
use crate::{
    config::Forge,
    domain::{
        problem::{Area, Problem, ProblemKind, Severity},
        stage::Service,
        time::Timestamp,
    },
    forge::{Reads, azure_devops, github, gitlab},
    http::{ApiError, Origin},
};

/// How many requests are left, and when there are more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Left {
    /// Requests left.
    pub remaining: u32,
    /// When there are more again.
    pub reset: Option<Timestamp>,
}

impl Forges {
    /// What is wrong with each origin that something in sight has to do with: with its pipelines, and with what it tells
    /// of clusters.
    pub(in crate::engine) fn problems(&self, now: Timestamp) -> Vec<Problem> {
        let wanted = self.lines.iter().enumerate().filter(|(_, line)| !line.wanted.is_empty());
        wanted.flat_map(|(at, line)| self.problems_of(at, line, now)).collect()
    }

    /// What is wrong with an origin.
    pub(in crate::engine) fn origin_problems(&self, origin: &Origin, now: Timestamp) -> Vec<Problem> {
        let lines = self.lines.iter().enumerate().filter(|(_, line)| line.origin == *origin);
        lines.flat_map(|(at, line)| self.problems_of(at, line, now)).collect()
    }

    fn problems_of(&self, at: usize, line: &Line, now: Timestamp) -> Vec<Problem> {
        let name = line.service.name();
        let has_token = self.token(at).is_some();
        // What all of it has to do with is said once.
        let area = main_area(line);
        if !has_token && line.service == Service::AzureDevOps {
            let what = format!("{name} tells nothing without a token for {}.", line.origin);
            let hint = "Enter one in the connections view. Until then the page shows what the table alone tells.";
            let problem = Problem::error(area, ProblemKind::Unauthorized, what, hint);
            return vec![problem.severity(Severity::Warning)];
        }
        let refused =
            [Area::Pipelines, Area::Manifests].into_iter().filter_map(|area| self.refused(line, area, has_token, now));
        let refused: Vec<Problem> = refused.collect();
        if !refused.is_empty() {
            return refused;
        }
        if let Some(until) = line.budget.out_until(now) {
            let what = format!("{name} has answered as many questions as it allows for now.");
            let hint = if has_token {
                "What is on screen stays, and grows no fresher until then."
            } else {
                "What is on screen stays, and grows no fresher until then. With a token in the connections view it allows many more."
            };
            let mut problem = Problem::error(area, ProblemKind::RateLimited, what, hint).severity(Severity::Warning);
            problem.retry_at = Some(until);
            return vec![problem];
        }
        self.hidden(line, has_token).into_iter().collect()
    }

    /// What an origin refuses of one area: the worst of it, and the rest as details.
    fn refused(&self, line: &Line, area: Area, has_token: bool, now: Timestamp) -> Option<Problem> {
        let name = line.service.name();
        let is_here = |reads: Option<Reads>| match reads {
            Some(reads) => area_of(reads) == area,
            None => main_area(line) == area,
        };
        let here = || line.refusals.iter().filter(|refusal| is_here(refusal.reads));
        // What somebody has to mend comes before what time mends.
        let worst = here().min_by_key(|refusal| (refusal.error.is_passing(), refusal.reads))?;
        let of = |refusal: &Refusal| {
            let forge = refusal.place.and_then(|place| self.places.get(place)).unwrap_or(&line.forge);
            explain(&refusal.error, forge, refusal.reads.unwrap_or(Reads::Runs), has_token)
        };
        let (what, hint) = of(worst);
        let mut problem = Problem::error(area, worst.error.kind, what, hint);
        // Clusters may speak by other means.
        if matches!(worst.reads, Some(Reads::Statuses | Reads::Environments)) {
            problem = problem.severity(Severity::Warning);
        }
        problem.retry_at = Some(worst.until).filter(|&until| until > now);
        problem.details.extend(here().filter(|other| !std::ptr::eq(*other, worst)).map(|other| of(other).0));
        let said = [worst.error.code.as_str(), worst.error.detail.as_str()];
        let said: Vec<&str> = said.into_iter().filter(|s| !s.is_empty()).collect();
        if !said.is_empty() {
            problem.details.push(format!("{name} said: {}", said.join(": ")));
        }
        Some(problem)
    }

    /// Repositories of which nothing at all is to be seen: private ones look like ones that are not there.
    fn hidden(&self, line: &Line, has_token: bool) -> Option<Problem> {
        if line.service == Service::AzureDevOps {
            return None;
        }
        let is_here =
            |place: &PlaceId| self.places.get(*place).is_some_and(|forge| *forge.api().origin() == line.origin);
        let hidden: Vec<PlaceId> = self.facts.hidden().into_iter().filter(is_here).collect();
        let forge = self.places.get(*hidden.first()?)?;
        let (what, hint) = explain(&ApiError::new(ProblemKind::NotFound, ""), forge, Reads::Commits, has_token);
        let problem = Problem::error(Area::Pipelines, ProblemKind::NotFound, what, hint).severity(Severity::Warning);
        let names = hidden.iter().filter_map(|&place| self.places.get(place)).map(repository_name);
        Some(if hidden.len() > 1 { problem.details(names.collect()) } else { problem })
    }

    /// How many requests an origin has left, as far as it says.
    pub(in crate::engine) fn left(&self, origin: &Origin) -> Option<Left> {
        let (remaining, reset) = self.find_line(origin)?.budget.left()?;
        Some(Left { remaining, reset })
    }

    /// What the last test of an origin's credential came to.
    pub(in crate::engine) fn test_of(&self, origin: &Origin) -> Option<Tested> {
        self.find_line(origin)?.tested.clone()
    }
}

/// Where trouble with all of an origin belongs: to clusters if it is asked for nothing else.
fn main_area(line: &Line) -> Area {
    let is_for_clusters = |reads: &Reads| area_of(*reads) == Area::Manifests;
    let is_only_for_clusters = !line.wanted.is_empty() && line.wanted.iter().all(is_for_clusters);
    if is_only_for_clusters { Area::Manifests } else { Area::Pipelines }
}

const fn area_of(reads: Reads) -> Area {
    match reads {
        Reads::Runs | Reads::Releases | Reads::Commits | Reads::PullRequests => Area::Pipelines,
        Reads::Manifests | Reads::Statuses | Reads::Environments => Area::Manifests,
    }
}

fn repository_name(forge: &Forge) -> String {
    match forge {
        Forge::AzureDevOps(at) => format!("{}/{}", at.organization, at.project),
        Forge::GitHub(at) => at.repository.to_string(),
        Forge::GitLab(at) => format!("project {}", at.project),
    }
}

/// What people read when a forge does not tell: what is wrong, and what to do.
pub(super) fn explain(error: &ApiError, forge: &Forge, reads: Reads, has_token: bool) -> (String, String) {
    match forge {
        Forge::AzureDevOps(at) => azure_devops::explain(error, at, reads),
        Forge::GitHub(at) => github::explain(error, at, reads, has_token),
        Forge::GitLab(at) => gitlab::explain(error, at, reads, has_token),
    }
}
