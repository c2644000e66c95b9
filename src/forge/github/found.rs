//! Many things at once, by GraphQL: the answer. It may have some and report errors of others: each is read by itself.

use super::{
    graphql::{self, Fault, Fields, part},
    lookup::{Found, Lookup, Object, Plan},
    wire::{CommitObject, Job, Named, Nodes, Pull, User, WorkflowRun},
};
use crate::{
    domain::{
        id::{CommitId, RunId},
        run::Run,
    },
    forge::limits::Limits,
    http::{ApiError, Response},
    json::{Json, wire},
};

/// Reads the answer to `request_many` for the same asks: what was found of each, in their order, and how much may
/// still be asked.
///
/// # Errors
/// When the whole is refused: a token that is none, a limit that is used up (which GraphQL reports with status 200), a
/// question that the server does not understand (an Enterprise server that is too old), and when not one of the
/// repositories may be looked into.
pub(super) fn parse_many(response: &Response, lookups: &[Lookup]) -> Result<(Vec<Found>, Limits), ApiError> {
    let (data, faults) = graphql::read(response)?;
    let plan = Plan::of(lookups);
    let repositories: Vec<Option<Fields<'_>>> =
        (0..plan.repositories.len()).map(|at| data.get(&format!("r{at}")).and_then(part)).collect();
    let refused = faults.iter().find(|fault| !fault.is_not_found());
    if let (Some(fault), false, false) = (refused, repositories.is_empty(), repositories.iter().any(Option::is_some)) {
        return Err(fault.error(response));
    }
    let found = lookups.iter().zip(&plan.places).map(|(lookup, place)| {
        let object_answer = place.and_then(|place| object_answer(&plan, place, &repositories, &faults));
        match object_answer {
            Some(ObjectAnswer::Raw(raw)) => found(lookup, &raw),
            Some(ObjectAnswer::Nothing) => Found::Nothing,
            None => Found::Unanswered,
        }
    });
    Ok((found.collect(), graphql::limits(response, &data)))
}

enum ObjectAnswer<'a> {
    Raw(Json<'a>),
    Nothing,
}

/// What the answer holds for an object; `None` when it is silent, or an error is why.
fn object_answer<'a>(
    plan: &Plan<'_>,
    (at, place): (usize, usize),
    repositories: &'a [Option<Fields<'a>>],
    faults: &[Fault],
) -> Option<ObjectAnswer<'a>> {
    let object: &Object<'_> = plan.repositories.get(at)?.objects.get(place)?;
    let (repository, alias) = (format!("r{at}"), object.alias(place));
    let Some(fields) = repositories.get(at)?.as_ref() else {
        let fault = faults.iter().find(|fault| fault.is_at(&[&repository]))?;
        return fault.is_not_found().then_some(ObjectAnswer::Nothing);
    };
    let raw = fields.get(&alias)?;
    if !raw.is_null() {
        return Some(ObjectAnswer::Raw(raw.clone()));
    }
    // An expression that names no object is no error; a number that no pull request has is.
    let fault = faults.iter().find(|fault| fault.is_at(&[&repository, &alias]));
    fault.is_none_or(Fault::is_not_found).then_some(ObjectAnswer::Nothing)
}

fn found(lookup: &Lookup, raw: &Json<'_>) -> Found {
    match lookup {
        Lookup::Commit { id, .. } => match part::<CommitObject>(raw).and_then(CommitObject::commit) {
            Some(commit) if begins(&commit.id, id) => Found::Commit(commit),
            Some(_) => Found::Nothing,
            None => Found::Unanswered,
        },
        Lookup::PullRequest { id, .. } => {
            let pull = part::<Pull>(raw).and_then(|pull| pull.pull_request()).filter(|pull| pull.id == *id);
            pull.map_or(Found::Unanswered, Found::PullRequest)
        }
        // A run that is not among these may have run on another commit, or be one too many for a list.
        Lookup::Run { id, .. } => {
            part::<Checks>(raw).and_then(|checks| checks.run(id)).map_or(Found::Unanswered, Found::Run)
        }
    }
}

fn begins(whole: &CommitId, begin: &CommitId) -> bool {
    let (whole, begin) = (whole.as_str(), begin.as_str());
    whole.get(..begin.len()).is_some_and(|start| start.eq_ignore_ascii_case(begin))
}

wire! {
    /// What ran on a commit.
    struct Checks {
        sha: Option<String>,
        check_suites: Option<Nodes<Suite>> = "checkSuites",
    }

    /// What one app ran; only a suite of GitHub Actions has a workflow run.
    struct Suite {
        status: Option<String>,
        conclusion: Option<String>,
        /// Null once the branch is gone.
        branch: Option<Named>,
        creator: Option<User>,
        workflow_run: Option<WorkflowRun> = "workflowRun",
        check_runs: Option<Nodes<Job>> = "checkRuns",
    }
}

impl Checks {
    /// The job of that id, else the run.
    fn run(self, id: &RunId) -> Option<Run> {
        let mut whole = None;
        for suite in self.check_suites?.into_iter() {
            if suite.has_job(id) {
                return suite.job(id, self.sha);
            }
            if suite.workflow_run.as_ref().is_some_and(|run| is(id, run.id, &run.html_url, "runs")) {
                whole = Some(suite);
            }
        }
        whole?.run(self.sha)
    }
}

impl Suite {
    fn has_job(&self, id: &RunId) -> bool {
        let mut jobs = self.check_runs.iter().flat_map(Nodes::iter);
        self.workflow_run.is_some() && jobs.any(|job| is(id, job.id, &job.html_url, "job"))
    }

    fn job(self, id: &RunId, sha: Option<String>) -> Option<Run> {
        let mut jobs = self.check_runs?.into_iter();
        let mut job = jobs.find(|job| is(id, job.id, &job.html_url, "job"))?;
        job.workflow_name = self.workflow_run.and_then(|run| run.workflow?.name);
        job.head_sha = sha;
        job.head_branch = self.branch.and_then(|branch| branch.name);
        Some(Run { starter: self.creator.and_then(|user| user.person()), ..job.run() })
    }

    /// Its begin is not in the answer; its first job did then, so a run that was begun anew seems longer than it was.
    fn run(self, sha: Option<String>) -> Option<Run> {
        let begins = self.check_runs.iter().flat_map(Nodes::iter).filter_map(|job| job.started_at.clone());
        let mut run = self.workflow_run?;
        run.run_started_at = begins.min();
        run.name = run.workflow.take().and_then(|workflow| workflow.name);
        run.status = self.status;
        run.conclusion = self.conclusion;
        run.head_sha = sha;
        run.head_branch = self.branch.and_then(|branch| branch.name);
        run.actor = self.creator;
        Some(run.run())
    }
}

/// Whether the id is that number, or follows `word` in the path of that page.
fn is(id: &RunId, number: Option<u64>, page: &Option<String>, word: &str) -> bool {
    match number {
        Some(number) => number.to_string() == id.as_str(),
        None => {
            let path = page.as_deref().unwrap_or_default().split(['?', '#']).next().unwrap_or_default();
            let mut parts = path.split('/');
            parts.any(|part| part == word) && parts.next() == Some(id.as_str())
        }
    }
}
