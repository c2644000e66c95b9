//! GitLab, REST v4: pipelines and their jobs, merge requests, commits, projects, and what it has of [manifests].

mod manifests;
mod statuses;

use serde_json::{Value, json};

use super::{
    call::{Answer, Call, not_understood},
    gate::{Caller, Gate, Read},
    world::{Forge, Kind, MAIN, Millis, Outcome, Person, Pull, PullState, Run, State, World, digits, rfc3339},
};

const PIPELINES: [&str; 14] = [
    "scope",
    "status",
    "source",
    "ref",
    "sha",
    "username",
    "updated_after",
    "updated_before",
    "created_after",
    "created_before",
    "order_by",
    "sort",
    "page",
    "per_page",
];
const REQUESTS: [&str; 14] = [
    "iids[]",
    "state",
    "scope",
    "source_branch",
    "target_branch",
    "order_by",
    "sort",
    "created_after",
    "created_before",
    "updated_after",
    "updated_before",
    "view",
    "page",
    "per_page",
];

/// The answer, whose like the caller may have already.
pub(crate) fn answer(world: &World, gate: &mut Gate, call: &Call, now: Millis) -> Answer {
    let caller = gate.caller(Forge::GitLab, call);
    if caller == Caller::Stranger {
        return Answer::json(401, &json!({ "message": "401 Unauthorized" }));
    }
    let answer = route(world, gate, call, &caller, now).unwrap_or_else(|why| {
        gate.violation(call, &why);
        not_understood(&why)
    });
    let limit = if caller == Caller::Nobody { "500" } else { "2000" };
    answer.tagged(call).header("ratelimit-limit", limit).header("ratelimit-name", "throttle_authenticated_api")
}

fn route(world: &World, gate: &mut Gate, call: &Call, caller: &Caller, now: Millis) -> Result<Answer, String> {
    if call.method != "GET" {
        return Err(format!("no {} here", call.method));
    }
    let segments = call.segments();
    let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
    let &["api", "v4", ref parts @ ..] = parts.as_slice() else {
        return Err("no such path".to_owned());
    };
    if parts == ["avatar"] {
        return if gate.has_known_params(call, &["email", "size"]) {
            Ok(avatar(world, call))
        } else {
            Err("a parameter that is not documented".to_owned())
        };
    }
    if parts == ["user"] {
        return Ok(Answer::json(200, &json!({ "username": "mara", "name": "Mara Lind" })));
    }
    let &["projects", project, ref rest @ ..] = parts else {
        return Err("no such path".to_owned());
    };
    if let ["repository", rest @ ..] = rest
        && let Some(known) = manifests::known_params(rest)
    {
        if !gate.has_known_params(call, known) {
            return Err("a parameter that is not documented".to_owned());
        }
        let Some(place) = find(world, project) else { return Ok(missing("Project")) };
        if !caller.may(Read::Commits) {
            return Ok(not_in_scope());
        }
        return At { world, place, now }.manifests(call, rest);
    }
    let (known, read): (&[&str], Read) = match rest {
        [] => (&["statistics", "license", "with_custom_attributes"], Read::Commits),
        ["pipelines"] => (&PIPELINES, Read::Runs),
        ["pipelines", _] => (&[], Read::Runs),
        ["pipelines", _, "jobs"] => (&["include_retried", "scope[]", "scope", "page", "per_page"], Read::Runs),
        ["merge_requests"] => (&REQUESTS, Read::PullRequests),
        ["merge_requests", _] => {
            (&["render_html", "include_diverged_commits_count", "include_rebase_in_progress"], Read::PullRequests)
        }
        ["repository", "commits", _] => (&["stats"], Read::Commits),
        ["repository", "commits", _, "merge_requests"] => (&["state", "page", "per_page"], Read::PullRequests),
        _ => return Err("no such path".to_owned()),
    };
    if !gate.has_known_params(call, known) {
        return Err("a parameter that is not documented".to_owned());
    }
    let gone = || Answer::json(404, &json!({ "message": "404 Not found" }));
    let Some(place) = find(world, project) else { return Ok(missing("Project")) };
    if !caller.may(read) {
        return Ok(not_in_scope());
    }
    let asks = At { world, place, now };
    Ok(match rest {
        [] => Answer::json(200, &asks.project()),
        ["pipelines"] => asks.pipelines(call),
        ["pipelines", id] => match asks.run(id) {
            Some((n, run)) => Answer::json(200, &asks.pipeline(n, run, true)),
            None => gone(),
        },
        ["pipelines", id, "jobs"] => match asks.run(id) {
            Some((_, run)) => pages(call, asks.jobs(run)),
            None => gone(),
        },
        ["merge_requests"] => asks.requests(call),
        ["merge_requests", iid] => {
            let pull = iid.parse().ok().and_then(|iid| world.pull_of(place, iid, now));
            pull.map_or_else(gone, |pull| Answer::json(200, &asks.request(pull)))
        }
        ["repository", "commits", sha] => {
            asks.find(sha).map_or_else(|| missing("Commit"), |n| Answer::json(200, &asks.commit(n)))
        }
        ["repository", "commits", sha, "merge_requests"] => {
            let n = asks.find(sha);
            let of = |pull: &&Pull| Some(pull.commit) == n && pull.opened <= now;
            pages(call, world.pulls.iter().filter(of).map(|pull| asks.request(pull)).collect())
        }
        _ => gone(),
    })
}

fn missing(what: &str) -> Answer {
    Answer::json(404, &json!({ "message": format!("404 {what} Not Found") }))
}

fn not_in_scope() -> Answer {
    let why = "The request requires higher privileges than provided by the access token.";
    Answer::json(403, &json!({ "error": "insufficient_scope", "error_description": why, "scope": "api read_api" }))
}

/// By number or by path; the path's slashes are encoded, so that it is one part of the address.
fn find(world: &World, project: &str) -> Option<usize> {
    if let Ok(number) = project.parse::<u64>() {
        return world.places.iter().position(|p| p.forge == Forge::GitLab && p.number == number);
    }
    let (group, name) = project.rsplit_once('/')?;
    world.place_of(Forge::GitLab, group, name)
}

fn avatar(world: &World, call: &Call) -> Answer {
    let email = call.param("email").unwrap_or_default();
    let known = world.people.iter().find(|person| person.email() == email && person.is_known);
    Answer::json(200, &json!({ "avatar_url": known.map(|person| world.picture(person)) }))
}

fn pages(call: &Call, all: Vec<Value>) -> Answer {
    let (size, page) = (call.number("per_page", 20, 100).max(1), call.number("page", 1, usize::MAX).max(1));
    let total = all.len();
    let shown: Vec<Value> = all.into_iter().skip((page - 1) * size).take(size).collect();
    let next = if page * size < total { (page + 1).to_string() } else { String::new() };
    Answer::json(200, &json!(shown))
        .header("x-page", page.to_string())
        .header("x-per-page", size.to_string())
        .header("x-next-page", next)
        .header("x-total", total.to_string())
}

/// With milliseconds that mean nothing.
fn moment(at: Millis) -> String {
    format!("{}.{:03}Z", rfc3339(at).trim_end_matches('Z'), (at / 1000).rem_euclid(1000))
}

/// The same moment in the time of a place an hour ahead.
fn moment_there(at: Millis) -> String {
    format!("{}.000+01:00", rfc3339(at + 3_600_000).trim_end_matches('Z'))
}

const fn word(state: State) -> &'static str {
    match state {
        State::Absent => "created",
        State::Queued => "pending",
        State::Waiting => "manual",
        State::Running => "running",
        // Warnings stand only in the detailed status.
        State::Ended(Outcome::Succeeded | Outcome::Warned) => "success",
        State::Ended(Outcome::Failed) => "failed",
        State::Ended(Outcome::Canceled) => "canceled",
        State::Ended(Outcome::Strange) => "teleported",
    }
}

/// A project at a moment.
struct At<'w> {
    world: &'w World,
    place: usize,
    now: Millis,
}

impl At<'_> {
    fn find(&self, sha: &str) -> Option<usize> {
        self.world.resolve(self.world.repository_of(self.place, None)?, sha, self.now)
    }

    fn run(&self, id: &str) -> Option<(usize, &Run)> {
        self.world.run_of(self.place, Kind::Pipeline, id.parse().ok()?, self.now)
    }

    fn project(&self) -> Value {
        let at = &self.world.places[self.place];
        json!({
            "id": at.number, "name": at.name, "path": at.name, "web_url": at.web(), "default_branch": "main",
            "path_with_namespace": format!("{}/{}", at.owner, at.name), "visibility": "public",
        })
    }

    fn user(&self, person: &Person) -> Value {
        let picture = if person.is_known { json!(self.world.picture(person)) } else { Value::Null };
        json!({
            "id": 40 + person.login.len(), "username": person.login, "name": person.name, "state": "active",
            "avatar_url": picture, "web_url": format!("https://gitlab.com/{}", person.login),
        })
    }

    fn pipelines(&self, call: &Call) -> Answer {
        let is_asked = |run: &Run| {
            call.param("sha").is_none_or(|sha| self.world.commits[run.commit].id == sha)
                && call.param("ref").is_none_or(|name| run.branch == name)
        };
        let is_here = |run: &Run| run.place == self.place && run.kind == Kind::Pipeline && run.is_there(self.now);
        let all = self.world.runs.iter().enumerate().rev().filter(|(_, run)| is_here(run) && is_asked(run));
        pages(call, all.map(|(n, run)| self.pipeline(n, run, false)).collect())
    }

    /// A list has less of each.
    fn pipeline(&self, n: usize, run: &Run, is_whole: bool) -> Value {
        let span = run.now(self.now);
        let state = span.state(self.now);
        let commit = &self.world.commits[run.commit];
        let changed = span.finished(self.now).or(span.began(self.now)).unwrap_or(span.queued);
        let mut json = json!({
            "id": run.id, "iid": n + 1, "project_id": self.world.places[self.place].number, "sha": commit.id,
            "ref": run.branch, "status": word(state), "source": "push", "created_at": moment(span.queued),
            "updated_at": moment(changed), "web_url": self.world.run_web(n), "name": null,
        });
        if is_whole {
            let (group, text, label) = match state {
                State::Ended(Outcome::Warned) => ("success-with-warnings", "Warning", "passed with warnings"),
                State::Ended(Outcome::Succeeded) => ("success", "Passed", "passed"),
                _ => (word(state), word(state), word(state)),
            };
            let began = span.began(self.now);
            json["started_at"] = json!(began.map(moment));
            json["finished_at"] = json!(span.finished(self.now).map(moment));
            json["duration"] = json!(span.finished(self.now).zip(began).map(|(end, start)| (end - start) / 1000));
            json["queued_duration"] = json!(began.map(|at| (at - span.queued) / 1000));
            json["user"] = self.user(&self.world.people[run.starter]);
            json["before_sha"] = json!(digits(n as u64 + 5_000_000, 40));
            json["tag"] = json!(false);
            json["detailed_status"] = json!({
                "icon": format!("status_{group}"), "text": text, "label": label, "group": group, "tooltip": label,
                "has_details": true, "details_path": format!("/pipelines/{}", run.id),
            });
        }
        json
    }

    fn jobs(&self, run: &Run) -> Vec<Value> {
        let span = run.now(self.now);
        let state = span.state(self.now);
        let commit = &self.world.commits[run.commit];
        let job = |n: u64, name: &str, stage: &str, status: &str, may_fail: bool| {
            json!({
                "id": run.id * 10 + n, "name": name, "stage": stage, "status": status, "allow_failure": may_fail,
                "created_at": moment(span.queued), "started_at": span.began(self.now).map(moment),
                "finished_at": span.finished(self.now).map(moment), "ref": run.branch, "tag": false,
                "web_url": format!("{}/-/jobs/{}", self.world.places[self.place].web(), run.id * 10 + n),
                "pipeline": { "id": run.id, "ref": run.branch, "sha": commit.id, "status": word(state) },
                "commit": { "id": commit.id, "short_id": &commit.id[..8], "title": commit.message.lines().next() },
                "user": self.user(&self.world.people[run.starter]), "failure_reason": null,
            })
        };
        let mut jobs = vec![job(1, "build", "build", word(state), false)];
        // What may fail and did makes a pipeline pass with warnings.
        if state == State::Ended(Outcome::Warned) {
            jobs.insert(0, job(2, "lint", "test", "failed", true));
        }
        jobs
    }

    fn requests(&self, call: &Call) -> Answer {
        let wanted: Vec<u64> =
            call.query.iter().filter(|(name, _)| name == "iids[]").filter_map(|(_, iid)| iid.parse().ok()).collect();
        let state = call.param("state").unwrap_or("all");
        let is_of = |param: &str, branch: &str| call.param(param).is_none_or(|wanted| wanted == branch);
        let is_asked = |pull: &&Pull| {
            let is_here = self.world.repositories[pull.repository].place == self.place && pull.opened <= self.now;
            let is_wanted = wanted.is_empty() || wanted.contains(&pull.number);
            let is_wanted = is_wanted && is_of("source_branch", &pull.branch) && is_of("target_branch", MAIN);
            is_here && is_wanted && (state == "all" || state == request_state(pull.state(self.now)))
        };
        let all = self.world.pulls.iter().rev().filter(is_asked);
        pages(call, all.map(|pull| self.request(pull)).collect())
    }

    fn request(&self, pull: &Pull) -> Value {
        let state = pull.state(self.now);
        let ended = (state != PullState::Open).then(|| moment(pull.ended));
        let merged = state == PullState::Merged;
        let closer = self.user(&self.world.people[pull.closer]);
        let waits = pull.waits_for(self.now).into_iter().map(|person| self.user(&self.world.people[person]));
        let reviewers: Vec<Value> = waits.collect();
        let commit = &self.world.commits[pull.commit];
        json!({
            "id": 800_000 + pull.number, "iid": pull.number, "title": pull.title, "description": "",
            "project_id": self.world.places[self.place].number, "state": request_state(state),
            "created_at": moment(pull.opened), "updated_at": moment(pull.ended.min(self.now)),
            "merged_at": ended.as_ref().filter(|_| merged), "closed_at": ended.as_ref().filter(|_| !merged),
            "merged_by": if merged { &closer } else { &Value::Null },
            "merge_user": if merged { &closer } else { &Value::Null },
            "closed_by": if state == PullState::Abandoned { &closer } else { &Value::Null },
            "author": self.user(&self.world.people[pull.author]), "assignees": [], "reviewers": reviewers,
            "source_branch": pull.branch, "target_branch": MAIN, "draft": pull.is_draft,
            "work_in_progress": pull.is_draft, "web_url": self.world.pull_web(pull),
            "sha": self.world.commits[self.world.head(pull, self.now)].id, "squash_commit_sha": null,
            "merge_commit_sha": if merged { json!(commit.id) } else { Value::Null },
        })
    }

    fn commit(&self, n: usize) -> Value {
        let commit = &self.world.commits[n];
        let person = &self.world.people[commit.author];
        let at = moment_there(commit.at);
        json!({
            "id": commit.id, "short_id": &commit.id[..8], "title": commit.message.lines().next(),
            "message": commit.message, "author_name": person.name, "author_email": person.email(),
            "authored_date": at, "committer_name": person.name, "committer_email": person.email(),
            "committed_date": at, "created_at": at, "parent_ids": self.world.parents(n),
            "web_url": self.world.commit_web(n), "status": null, "last_pipeline": null,
            "project_id": self.world.places[self.place].number,
        })
    }
}

const fn request_state(state: PullState) -> &'static str {
    match state {
        PullState::Open => "opened",
        PullState::Merged => "merged",
        PullState::Abandoned => "closed",
    }
}
