//! The REST endpoints.

use serde_json::{Value, json};

use super::{forbidden, manifests, refusal, user, words};
use crate::forges::{
    call::{Answer, Call},
    gate::{Caller, Gate, Read},
    world::{Forge, Kind, MAIN, Millis, Pull, PullState, Run, State, World, current, rfc3339},
};

const RUNS: [&str; 10] = [
    "actor",
    "branch",
    "event",
    "status",
    "per_page",
    "page",
    "created",
    "exclude_pull_requests",
    "check_suite_id",
    "head_sha",
];
const PULLS: [&str; 7] = ["state", "head", "base", "sort", "direction", "per_page", "page"];

pub(super) fn answer(
    world: &World,
    gate: &mut Gate,
    call: &Call,
    caller: &Caller,
    now: Millis,
) -> Result<Answer, String> {
    if call.method != "GET" {
        return Err(format!("no {} here", call.method));
    }
    let segments = call.segments();
    let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
    if parts == ["rate_limit"] {
        let budget = gate.budget(Forge::GitHub, caller, now);
        let rate = json!({
            "limit": budget.limit, "used": budget.used, "remaining": budget.remaining(),
            "reset": budget.reset / 1000, "resource": "core",
        });
        return Ok(Answer::json(200, &json!({ "resources": { "core": rate }, "rate": rate })));
    }
    if parts == ["user"] {
        let owner = json!({ "login": "mara", "name": "Mara Lind" });
        return Ok(if matches!(caller, Caller::Known { .. }) {
            Answer::json(200, &owner)
        } else {
            refusal(401, "Requires authentication")
        });
    }
    let &["repos", owner, name, ref rest @ ..] = parts.as_slice() else {
        return Err("no such path".to_owned());
    };
    if let Some((known, read)) = manifests::known_params(rest) {
        if !gate.has_known_params(call, known) {
            return Err("a parameter that is not documented".to_owned());
        }
        let Some(place) = world.place_of(Forge::GitHub, owner, name) else { return Ok(refusal(404, "Not Found")) };
        let Some(repository) = world.repository_of(place, None).filter(|_| caller.may(read)) else {
            return Ok(forbidden());
        };
        return manifests::answer(&manifests::At { world, repository, now }, call, rest);
    }
    let (known, read): (&[&str], Read) = match rest {
        [] => (&[], Read::Commits),
        ["actions", "jobs", _] => (&[], Read::Runs),
        ["actions", "runs"] => (&RUNS, Read::Runs),
        ["actions", "runs", _] => (&["exclude_pull_requests"], Read::Runs),
        ["actions", "runs", _, "pending_deployments"] => (&[], Read::Runs),
        ["actions", "runs", _, "jobs"] => (&["filter", "per_page", "page"], Read::Runs),
        ["commits", _] => (&["per_page", "page"], Read::Commits),
        ["commits", _, "pulls"] => (&["per_page", "page"], Read::PullRequests),
        ["pulls"] => (&PULLS, Read::PullRequests),
        ["pulls", _] => (&[], Read::PullRequests),
        _ => return Err("no such path".to_owned()),
    };
    if !gate.has_known_params(call, known) {
        return Err("a parameter that is not documented".to_owned());
    }
    let missing = || refusal(404, "Not Found");
    let Some(place) = world.place_of(Forge::GitHub, owner, name) else { return Ok(missing()) };
    if !caller.may(read) {
        return Ok(forbidden());
    }
    let repository = world.repository_of(place, None);
    let run_of = |kind, id: &str| world.run_of(place, kind, id.parse().ok()?, now);
    let found = match rest {
        [] => Some(repository_json(world, place)),
        ["actions", "jobs", id] => run_of(Kind::Job, id).map(|(n, run)| job_json(world, n, run, now)),
        ["actions", "runs"] => Some(runs_json(world, place, call, now)),
        ["actions", "runs", id] => run_of(Kind::Workflow, id).map(|(n, run)| run_json(world, n, run, now)),
        ["actions", "runs", id, "jobs"] => run_of(Kind::Workflow, id).map(|(n, _)| jobs_json(world, n, now)),
        ["actions", "runs", id, "pending_deployments"] => {
            run_of(Kind::Workflow, id).map(|(n, _)| pending_json(world, n, now))
        }
        ["commits", id] => {
            let Some(n) = repository.and_then(|r| world.resolve(r, id, now)) else {
                return Ok(refusal(422, &format!("No commit found for SHA: {id}")));
            };
            let mut json = commit_json(world, n);
            json["files"] = json!([]);
            json["stats"] = json!({ "additions": 1, "deletions": 1, "total": 2 });
            Some(json)
        }
        ["commits", id, "pulls"] => repository.and_then(|r| world.commit_of(r, id, now)).map(|(n, _)| {
            let of = |pull: &&Pull| pull.commit == n && pull.opened <= now;
            json!(world.pulls.iter().filter(of).map(|pull| pull_json(world, pull, now, true)).collect::<Vec<_>>())
        }),
        ["pulls"] => Some(pulls_json(world, place, call, now)?),
        ["pulls", number] => {
            let pull = number.parse().ok().and_then(|number| world.pull_of(place, number, now));
            pull.map(|pull| pull_json(world, pull, now, false))
        }
        _ => None,
    };
    Ok(found.map_or_else(missing, |json| Answer::json(200, &json)))
}

fn repository_json(world: &World, place: usize) -> Value {
    let at = &world.places[place];
    json!({
        "id": at.number, "name": at.name, "full_name": format!("{}/{}", at.owner, at.name), "private": false,
        "html_url": at.web(), "default_branch": "main", "owner": { "login": at.owner },
    })
}

fn runs_json(world: &World, place: usize, call: &Call, now: Millis) -> Value {
    let is_asked = |run: &Run| {
        call.param("head_sha").is_none_or(|sha| world.commits[run.commit].id == sha)
            && call.param("branch").is_none_or(|branch| run.branch == branch)
    };
    let is_here = |run: &Run| run.place == place && run.kind == Kind::Workflow && run.is_there(now);
    let all = world.runs.iter().enumerate().rev().filter(|(_, run)| is_here(run) && is_asked(run));
    let all: Vec<Value> = all.map(|(n, run)| run_json(world, n, run, now)).collect();
    json!({ "total_count": all.len(), "workflow_runs": page(call, all) })
}

pub(super) fn page(call: &Call, all: Vec<Value>) -> Vec<Value> {
    let (size, page) = (call.number("per_page", 30, 100), call.number("page", 1, usize::MAX).max(1));
    all.into_iter().skip((page - 1) * size).take(size).collect()
}

fn run_json(world: &World, n: usize, run: &Run, now: Millis) -> Value {
    let (attempt, span) = current(&run.tries, now);
    let (status, conclusion) = words(span.state(now));
    let commit = &world.commits[run.commit];
    let (author, starter) = (&world.people[commit.author], user(world, &world.people[run.starter]));
    // A run's own address is that of the repository it ran in; nothing shows when it ended but its last change.
    let updated = span.finished(now).or(span.began(now)).unwrap_or(span.queued);
    json!({
        "id": run.id, "name": run.name, "display_title": commit.message.lines().next(), "run_number": n + 1,
        "run_attempt": attempt, "event": "push", "status": status, "conclusion": conclusion,
        "head_branch": run.branch, "head_sha": head_sha(world, run), "workflow_id": 77, "check_suite_id": run.id + 1,
        "head_commit": { "id": commit.id, "message": commit.message, "timestamp": rfc3339(commit.at),
            "author": { "name": author.name, "email": author.email() } },
        "created_at": rfc3339(run.tries[0].queued), "run_started_at": rfc3339(span.queued),
        "updated_at": rfc3339(updated), "html_url": world.run_web(n), "pull_requests": [],
        "actor": starter, "triggering_actor": starter,
        "repository": repository_json(world, run.place), "head_repository": repository_json(world, run.place),
    })
}

fn head_sha(world: &World, run: &Run) -> String {
    world.commits[run.commit].id.clone()
}

fn jobs_json(world: &World, workflow: usize, now: Millis) -> Value {
    let all = world
        .runs
        .iter()
        .enumerate()
        .filter(|(_, run)| run.kind == Kind::Job && run.workflow == Some(workflow) && run.is_there(now));
    let jobs: Vec<Value> = all.map(|(n, run)| job_json(world, n, run, now)).collect();
    json!({ "total_count": jobs.len(), "jobs": jobs })
}

/// The environments that a workflow, or one of its jobs, waits for.
fn pending_json(world: &World, workflow: usize, now: Millis) -> Value {
    let is_its = |n: usize, run: &Run| n == workflow || run.workflow == Some(workflow);
    let held = world.runs.iter().enumerate().filter(|(n, run)| {
        is_its(*n, run)
            && run.now(now).state(now) == State::Waiting
            && (run.kind == Kind::Job || !has_job(world, workflow, now))
    });
    let pending = held.map(|(n, run)| {
        let reviewer = |person: &usize| json!({ "type": "User", "reviewer": user(world, &world.people[*person]) });
        json!({
            "environment": { "id": 161_171_700 + n, "node_id": "", "name": run.environment, "url": "", "html_url": "" },
            "wait_timer": 0, "wait_timer_started_at": null, "current_user_can_approve": false,
            "reviewers": run.approvers.iter().map(reviewer).collect::<Vec<_>>(),
        })
    });
    json!(pending.collect::<Vec<_>>())
}

/// Whether one of its jobs is held, which the workflow is with it.
fn has_job(world: &World, workflow: usize, now: Millis) -> bool {
    world.runs.iter().any(|run| run.workflow == Some(workflow) && run.now(now).state(now) == State::Waiting)
}

fn job_json(world: &World, n: usize, run: &Run, now: Millis) -> Value {
    let (attempt, span) = current(&run.tries, now);
    let (status, conclusion) = words(span.state(now));
    let workflow = run.workflow.map_or(run.id, |w| world.runs[w].id);
    let root =
        format!("https://api.github.com/repos/{}/{}", world.places[run.place].owner, world.places[run.place].name);
    // It gives a begin even to what waits, and to what never began.
    let started = span.began(now).unwrap_or(span.queued);
    json!({
        "id": run.id, "run_id": workflow, "run_url": format!("{root}/actions/runs/{workflow}"),
        "run_attempt": attempt, "head_sha": head_sha(world, run), "head_branch": run.branch,
        "workflow_name": "Deploy", "name": run.name, "status": status, "conclusion": conclusion,
        "created_at": rfc3339(span.queued), "started_at": rfc3339(started),
        "completed_at": span.finished(now).map(rfc3339), "html_url": world.run_web(n),
        "url": format!("{root}/actions/jobs/{}", run.id), "steps": [], "labels": ["ubuntu-latest"],
        "check_run_url": format!("{root}/check-runs/{}", run.id),
    })
}

pub(super) fn commit_json(world: &World, n: usize) -> Value {
    let commit = &world.commits[n];
    let person = &world.people[commit.author];
    let author = json!({ "name": person.name, "email": person.email(), "date": rfc3339(commit.at) });
    let account = if person.is_known { user(world, person) } else { Value::Null };
    let parents = world.parents(n).into_iter().map(|sha| json!({ "sha": sha }));
    json!({
        "sha": commit.id, "html_url": world.commit_web(n), "author": account, "committer": account,
        "commit": { "author": author, "committer": author, "message": commit.message, "comment_count": 0 },
        "parents": parents.collect::<Vec<_>>(),
    })
}

fn pulls_json(world: &World, place: usize, call: &Call, now: Millis) -> Result<Value, String> {
    let state = call.param("state").unwrap_or("open");
    if !["open", "closed", "all"].contains(&state) {
        return Err(format!("no state of pull requests is called {state}"));
    }
    // A branch without whose it is filters nothing.
    let head = match call.param("head") {
        Some(head) => Some(head.split_once(':').ok_or("head wants owner:branch")?),
        None => None,
    };
    let owner = &world.places[place].owner;
    let is_asked = |pull: &&Pull| {
        let is_open = pull.state(now) == PullState::Open;
        let is_here = world.repositories[pull.repository].place == place && pull.opened <= now;
        is_here
            && (state == "all" || (state == "open") == is_open)
            && head.is_none_or(|(user, branch)| user.eq_ignore_ascii_case(owner) && branch == pull.branch)
            && call.param("base").is_none_or(|base| base == MAIN)
    };
    let mut all: Vec<&Pull> = world.pulls.iter().filter(is_asked).collect();
    let sort = call.param("sort").unwrap_or("created");
    match sort {
        // As they are numbered.
        "created" => {}
        "updated" => all.sort_by_key(|pull| pull.ended.min(now)),
        _ => return Err(format!("pull requests are not sorted by {sort} here")),
    }
    let direction = call.param("direction").unwrap_or(if sort == "created" { "desc" } else { "asc" });
    match direction {
        "asc" => {}
        "desc" => all.reverse(),
        _ => return Err(format!("there is no direction {direction}")),
    }
    Ok(json!(page(call, all.into_iter().map(|pull| pull_json(world, pull, now, true)).collect())))
}

fn pull_json(world: &World, pull: &Pull, now: Millis, is_listed: bool) -> Value {
    let place = world.repositories[pull.repository].place;
    let state = pull.state(now);
    let is_merged = state == PullState::Merged;
    let ended = (state != PullState::Open).then(|| rfc3339(pull.ended));
    let author = user(world, &world.people[pull.author]);
    let waits = pull.waits_for(now).into_iter().map(|person| user(world, &world.people[person]));
    let (head, owner) = (&world.commits[world.head(pull, now)].id, &world.places[place].owner);
    let mut json = json!({
        "id": 9_000_000 + pull.number, "number": pull.number, "title": pull.title, "body": null,
        "state": if state == PullState::Open { "open" } else { "closed" }, "draft": pull.is_draft, "locked": false,
        "user": author, "html_url": world.pull_web(pull), "created_at": rfc3339(pull.opened),
        "updated_at": rfc3339(pull.ended.min(now)), "closed_at": ended,
        "merged_at": ended.as_ref().filter(|_| is_merged),
        "merge_commit_sha": if is_merged { json!(world.commits[pull.commit].id) } else { Value::Null },
        "head": { "ref": pull.branch, "sha": head, "label": format!("{owner}:{}", pull.branch) },
        "base": { "ref": MAIN, "label": format!("{owner}:{MAIN}") },
        "requested_reviewers": waits.collect::<Vec<_>>(), "requested_teams": [],
    });
    // A list has nothing of the merge but for its time.
    if !is_listed {
        json["merged"] = json!(is_merged);
        json["merged_by"] = if is_merged { user(world, &world.people[pull.closer]) } else { Value::Null };
    }
    json
}
