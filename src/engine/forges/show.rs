//! What is shown of all that: where each fact comes from, links, and what is wrong.

use super::{
    Forges, Line, Seen, Tested,
    line::Refusal,
    needs::Known,
    overlay::Said,
    places::{Key, PlaceId, Thing},
};
use crate::{
    config::Forge,
    domain::{
        deployment::Deployment,
        id::CommitId,
        link::Link,
        problem::{Area, Problem, ProblemKind, Severity},
        stage::{Service, Stage, StageKind, StagePart, Told},
        time::Timestamp,
    },
    forge::{Reads, azure_devops, github, gitlab},
    http::{ApiError, Origin},
    model::{
        journey::RUNS,
        store::{Slot, Store},
    },
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
    /// Adds to a deployment what its row has no column for.
    pub(in crate::engine) fn show(&self, slot: Slot, store: &Store, d: &mut Deployment) {
        let Some(seen) = self.seen.get(&slot) else { return };
        let said = self.said(seen);
        let row = store.at(slot);
        let env = row.text(crate::storage::row::Field::Env);
        let ring = [env, d.ring.as_ref().map_or("", |r| r.as_str()), d.ring_title.as_deref().unwrap_or_default()];
        for (index, fields) in RUNS.iter().enumerate() {
            if let Some(stage) = d.stages.iter_mut().find(|s| s.kind == fields.kind) {
                self.show_run(index, seen, &said, &ring, stage);
            }
        }
        if let Some(key) = &seen.needs.pull {
            let told = self.told(key, |at| match said.pull {
                Some(pull) if said.is_pull_older(pull.fact.state, &seen.raw) => Told::Older(self.service(key), at),
                _ => Told::By(self.service(key), at),
            });
            let stage = d.stages.iter_mut().find(|s| s.kind == StageKind::PullRequest);
            if let Some(stage) = stage {
                stage.told = told;
            }
            if let (Some(shown), Some(pull)) = (&mut d.pull_request, said.pull) {
                shown.draft = pull.fact.draft;
                shown.waits_for.clone_from(&pull.fact.waits_for);
                shown.author.clone_from(&pull.fact.author);
                shown.merge_commit.clone_from(&pull.fact.merge_commit);
            }
        }
        let needs = &seen.needs;
        if let Some((key, _)) = &needs.commit
            && let Some(stage) = d.stages.iter_mut().find(|s| s.kind == StageKind::Commit)
        {
            stage.told = self.told(key, |at| Told::By(self.service(key), at));
        }
        let link = |place: Option<PlaceId>, id: Option<&CommitId>| self.commit_link(place?, id?);
        let of_fact = said.commit.and_then(|commit| commit.link.clone());
        d.source.link = of_fact.or_else(|| link(needs.source, d.source.commit.as_ref()));
        d.hld_link = link(needs.definition, d.hld_commit.as_ref());
        d.manifest_link = link(needs.manifests, d.manifest_commit.as_ref());
        if let Some(stage) = d.stages.iter_mut().find(|s| s.kind == StageKind::Commit) {
            stage.link.clone_from(&d.source.link);
        }
    }

    fn show_run(&self, index: usize, seen: &Seen, said: &Said<'_>, ring: &[&str], stage: &mut Stage) {
        let Some(Some(key)) = seen.needs.runs.get(index) else { return };
        let of_run = said.stage(index, ring);
        let is_older = of_run.as_ref().is_some_and(|run| said.is_older(index, run, &seen.raw));
        let by = self.service(key);
        let told = self.told(key, |at| if is_older { Told::Older(by, at) } else { Told::By(by, at) });
        // Nothing has been said of this stage while the stages of its run are still to come.
        stage.told = told.filter(|told| of_run.is_some() || matches!(told, Told::Gone(..)));
        if let Some(run) = of_run.filter(|_| !is_older) {
            stage.warned = run.warned;
            let is_environment = matches!(key.thing, Thing::Release(_));
            stage.part = run.part.map(|(name, status)| StagePart { name, status, is_environment });
        }
    }

    /// What the forge said of a thing, if it was asked and has answered.
    fn told(&self, key: &Key, told: impl Fn(Timestamp) -> Told) -> Option<Told> {
        let at = self.facts.learnt(key)?;
        Some(if self.facts.is_gone(key) { Told::Gone(self.service(key), at) } else { told(at) })
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
