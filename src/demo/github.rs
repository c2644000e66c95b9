//! What GitHub reports of the hand-tuned sample's deployments, beyond their rows: steps of jobs, whole commits,
//! reviewers of pull requests. Its word for the runs of vague rows is an unknown one.

use std::fmt::{Display, Write as _};

use super::{
    clock::Clock,
    json::Put,
    manifests::{found, not_found},
    mix::Sha,
    row::{Plan, SOURCES, Style},
    timeline::{Ending, Run, Step},
};
use crate::http::{Request, Response};

/// The repository of the high-level definition.
const DEFINITION: &str = "trivia-hld";

/// Steps of a job; a job that fails does so in the last.
const fn steps(step: Step) -> [&'static str; 3] {
    match step {
        Step::Build => ["Check out", "Restore packages", "Test"],
        Step::Release => ["Check out", "Set image tag", "Lint"],
        Step::Manifest => ["Check out", "Generate manifests", "Push"],
    }
}

/// Answers a question about one of the shop's repositories.
pub(super) fn answer(request: &Request, clock: Clock, plans: &[Plan]) -> Response {
    let path = request.address().split(['?', '#']).next().unwrap_or_default();
    let below = path.strip_prefix("https://api.github.com/repos/contoso/").and_then(|path| path.split_once('/'));
    let Some((repository, below)) = below else { return not_found() };
    if let Some(branch) = below.strip_prefix("git/matching-refs/") {
        return found(format!("[{{\"ref\":\"refs/{branch}\"}}]"));
    }
    let Some((kind, id)) = below.rsplit_once('/') else {
        return if below == "pulls" { found("[]".to_owned()) } else { not_found() };
    };
    let body = match kind {
        "actions/jobs" => plans.iter().find_map(|plan| job(plan, repository, id, clock)),
        "compare" => compare(plans, repository, id),
        "commits" => plans.iter().find_map(|plan| commit(plan, repository, id, clock)),
        "pulls" if repository == DEFINITION => plans.iter().find_map(|plan| pull_request(plan, id, clock)),
        _ => None,
    };
    body.map_or_else(not_found, found)
}

/// An object of texts, and behind it what is no text.
fn object(texts: impl FnOnce(&mut Put<'_>), rest: &str) -> String {
    let mut body = super::json::object(texts);
    body.pop();
    body + rest + "}"
}

fn job(plan: &Plan, repository: &str, id: &str, clock: Clock) -> Option<String> {
    let number: u32 = id.parse().ok()?;
    let timeline = &plan.timeline;
    let (step, run, name): (Step, Run, String) = match repository {
        DEFINITION if number == plan.release() => (Step::Release, timeline.release?, format!("Release-{id}")),
        DEFINITION if number == plan.manifest_build() => {
            (Step::Manifest, timeline.manifest?, clock.at(timeline.manifest?.queued).run_name().to_string())
        }
        _ if number == plan.build && repository == plan.repository() => {
            (Step::Build, timeline.build?, clock.at(timeline.build?.queued).run_name().to_string())
        }
        _ => return None,
    };
    let (status, conclusion) = match run.word(clock.second)? {
        "queued" => ("queued", None),
        "running" => ("in_progress", None),
        "failed" => ("completed", Some("failure")),
        "canceled" => ("completed", Some("cancelled")),
        _ if step != Step::Build && plan.style == (Style::Bare { vague: true }) => ("completed", Some("lost")),
        _ => ("completed", Some("success")),
    };
    let mut rest = format!(",\"id\":{id}");
    if run.ended <= clock.second && run.ending == Ending::Failed {
        let job_step = |(place, name): (usize, &str)| {
            let conclusion = if place == 2 { "failure" } else { "success" };
            format!("{{\"name\":\"{name}\",\"status\":\"completed\",\"conclusion\":\"{conclusion}\"}}")
        };
        let steps: Vec<String> = steps(step).into_iter().enumerate().map(job_step).collect();
        let _ = write!(rest, ",\"steps\":[{}]", steps.join(","));
    }
    let texts = |put: &mut Put<'_>| {
        put("name", &name);
        put("html_url", &format_args!("{SOURCES}{repository}/actions/runs/{id}"));
        put("status", &status);
        conclusion.iter().for_each(|conclusion| put("conclusion", conclusion));
        at(put, clock, "created_at", run.queued);
        at(put, clock, "started_at", run.begun);
        at(put, clock, "completed_at", run.ended);
        match step {
            Step::Build => {
                put("head_sha", &Sha::whole(plan.source));
                put("head_branch", &plan.branch);
            }
            _ => put("head_branch", &"main"),
        }
    };
    Some(object(texts, &rest))
}

fn commit(plan: &Plan, repository: &str, id: &str, clock: Clock) -> Option<String> {
    let (seed, at) = match plan.timeline.build {
        Some(run) if repository == plan.repository() => (plan.source, run.queued),
        None if repository == DEFINITION => (plan.definition(), plan.timeline.approval?.opened),
        _ => return None,
    };
    let sha = Sha::whole(seed).to_string();
    if !sha.starts_with(id) {
        return None;
    }
    let person = |put: &mut Put<'_>| {
        put("name", &plan.author.name);
        put("date", &clock.at(at - 40));
        if plan.author.has_email {
            put("email", &format_args!("{}@contoso.example", plan.author.login));
        }
    };
    let author = super::json::object(person);
    let text = object(|put| put("message", &plan.message), &format!(",\"author\":{author}"));
    let texts = |put: &mut Put<'_>| {
        put("sha", &sha);
        put("html_url", &format_args!("{SOURCES}{repository}/commit/{sha}"));
    };
    Some(object(texts, &format!(",\"commit\":{text}")))
}

/// How many commits of a repository lie between two: on one branch by their order, on two by what each has of its own.
fn compare(plans: &[Plan], repository: &str, span: &str) -> Option<String> {
    let here = || plans.iter().filter(|plan| plan.repository() == repository);
    let find = |id: &str| here().find(|plan| !id.is_empty() && Sha::whole(plan.source).to_string().starts_with(id));
    let (old, new) = span.split_once("...")?;
    let (old, new) = (find(old)?, find(new)?);
    let at = |plan: &Plan| plan.timeline.build.map_or(0, |run| run.queued);
    let own = |of: &Plan, other: &Plan| {
        let mut own: Vec<u64> = here()
            .filter(|plan| plan.branch == of.branch && at(plan) <= at(of) && at(plan) > at(other))
            .map(|plan| plan.source)
            .collect();
        own.sort_unstable();
        own.dedup();
        own.len().max(usize::from(of.branch != other.branch))
    };
    Some(format!("{{\"ahead_by\":{},\"behind_by\":{}}}", own(new, old), own(old, new)))
}

fn pull_request(plan: &Plan, id: &str, clock: Clock) -> Option<String> {
    let approval = plan.timeline.approval.filter(|approval| approval.opened <= clock.second)?;
    (plan.pull_request().to_string() == id).then_some(())?;
    let closed = approval.closed_by(clock.second);
    let is_open = closed.is_none();
    let merged = !is_open && approval.merges;
    let user = |name: &dyn Display| super::json::object(|put| put("login", name));
    let mut rest = format!(",\"number\":{id},\"merged\":{merged},\"user\":{}", user(&plan.author.name));
    if merged {
        let _ = write!(rest, ",\"merged_by\":{}", user(&plan.approver.name));
    } else if is_open {
        let _ = write!(rest, ",\"requested_reviewers\":[{}]", user(&plan.approver.name));
    }
    let texts = |put: &mut Put<'_>| {
        put("title", &plan.pull_request_title());
        put("html_url", &format_args!("{SOURCES}{DEFINITION}/pull/{id}"));
        put("state", if is_open { &"open" } else { &"closed" });
        at(put, clock, "created_at", approval.opened);
        if let Some(closed) = closed {
            at(put, clock, "closed_at", closed);
            if merged {
                at(put, clock, "merged_at", closed);
            }
        }
    };
    Some(object(texts, &rest))
}

/// Puts a moment that has come.
fn at(put: &mut Put<'_>, clock: Clock, name: &str, second: i64) {
    if second <= clock.second {
        put(name, &clock.at(second));
    }
}
