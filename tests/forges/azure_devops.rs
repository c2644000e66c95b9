//! Azure DevOps Services, REST 7.1: builds, classic releases, commits, pull requests, and what it has of
//! [manifests].
//!
//! Where its documentation leaves open what happens, it does the less helpful thing: it leaves out what it does not
//! find, and shows a page of another origin nothing of a refused call.

mod manifests;
mod refs;

use serde_json::{Value, json};

use super::{
    call::{Answer, Call, not_understood},
    gate::{Caller, Gate, Read},
    world::{
        Forge, Hold, Kind, MAIN, Millis, NEVER, Outcome, Part, Person, Pull, PullState, Repository, Run, Span, State,
        World, current, guid, rfc3339,
    },
};

const VERSIONS: [&str; 7] = ["5.0", "5.1", "6.0", "7.0", "7.1", "7.1-preview.1", "7.2-preview"];
const BUILDS: [&str; 14] = [
    "buildIds",
    "definitions",
    "branchName",
    "minTime",
    "maxTime",
    "resultFilter",
    "statusFilter",
    "$top",
    "continuationToken",
    "queryOrder",
    "repositoryId",
    "repositoryType",
    "deletedFilter",
    "api-version",
];
const RELEASES: [&str; 18] = [
    "definitionId",
    "definitionEnvironmentId",
    "searchText",
    "createdBy",
    "statusFilter",
    "environmentStatusFilter",
    "minCreatedTime",
    "maxCreatedTime",
    "queryOrder",
    "$top",
    "continuationToken",
    "$expand",
    "artifactTypeId",
    "sourceId",
    "artifactVersionId",
    "sourceBranchFilter",
    "releaseIdFilter",
    "api-version",
];
const PULLS: [&str; 14] = [
    "searchCriteria.status",
    "searchCriteria.creatorId",
    "searchCriteria.reviewerId",
    "searchCriteria.repositoryId",
    "searchCriteria.sourceRefName",
    "searchCriteria.targetRefName",
    "searchCriteria.sourceRepositoryId",
    "searchCriteria.includeLinks",
    "searchCriteria.minTime",
    "searchCriteria.maxTime",
    "searchCriteria.queryTimeRangeType",
    "maxCommentLength",
    "$top",
    "$skip",
];
/// What is added to a stage's number for that of its approval.
const APPROVAL: u64 = 3_000_000;
/// As many ids as fit into an address.
const MOST_IDS: usize = 200;

/// The answer. One that is not readable is one that the browser hides from the page.
pub(crate) fn answer(world: &World, gate: &mut Gate, call: &Call, now: Millis) -> Answer {
    let caller = gate.caller(Forge::AzureDevOps, call);
    if !matches!(caller, Caller::Known { .. }) {
        let page = "<!DOCTYPE html>\n<html><head><title>Azure DevOps Services | Sign In</title></head></html>";
        let answer = Answer::text(203, "text/html; charset=utf-8", page.to_owned());
        return Answer { is_readable: false, ..answer };
    }
    match route(world, gate, call, &caller, now) {
        Ok(answer) => answer.header("request-context", "appId=cid-v1:0"),
        Err(why) => {
            gate.violation(call, &why);
            not_understood(&why)
        }
    }
}

fn route(world: &World, gate: &mut Gate, call: &Call, caller: &Caller, now: Millis) -> Result<Answer, String> {
    let version = call.param("api-version").ok_or("there is no api-version")?;
    if call.segments().get(1..).is_some_and(|path| path == ["_apis", "connectionData"]) && version == "7.1-preview" {
        return Ok(Answer::json(200, &json!({ "authenticatedUser": { "providerDisplayName": "Mara Lind" } })));
    }
    if !VERSIONS.contains(&version) {
        return Err(format!("there is no api-version {version}"));
    }
    let segments = call.segments();
    let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
    let &[organization, project, "_apis", area, ref rest @ ..] = parts.as_slice() else {
        return Err("no such path".to_owned());
    };
    let reads = match (area, rest) {
        ("build", _) | ("pipelines", ["approvals", ..]) => Read::Runs,
        ("release", _) => Read::Releases,
        ("git", [.., "pullrequests"] | [.., "pullrequests", _]) => Read::PullRequests,
        ("git", _) => Read::Commits,
        _ => return Err("no such area".to_owned()),
    };
    let on_releases = call.origin.contains("vsrm");
    if !call.origin.is_empty() && on_releases != (area == "release") && call.origin.contains("azure") {
        return Err(format!("{} has no {area}", call.origin));
    }
    if !caller.may(reads) {
        let message = "Access denied: the personal access token has not the scope for this.";
        return Ok(refusal(403, "AccessDeniedException", message));
    }
    let Some(place) = world.place_of(Forge::AzureDevOps, organization, project) else {
        let message = format!("TF200016: The following project does not exist: {project}.");
        return Ok(refusal(404, "ProjectDoesNotExistWithNameException", &message));
    };
    let asks = At { world, place, now };
    let is_post = matches!((area, rest), ("git", [.., "commitsbatch"]));
    if call.method != if is_post { "POST" } else { "GET" } {
        return Err(format!("no {} here", call.method));
    }
    let mut may_have = |known: &[&str]| {
        if gate.has_known_params(call, known) { Ok(()) } else { Err("a parameter that is not documented".to_owned()) }
    };
    if let ("git", ["repositories", repository, rest @ ..]) = (area, rest)
        && let Some(known) = manifests::known_params(rest)
    {
        may_have(known)?;
        let repository = match asks.repository(repository) {
            Ok(repository) => repository,
            Err(no) => return Ok(no),
        };
        return asks.manifests(repository, call, rest);
    }
    match (area, rest) {
        ("build", ["builds"]) => {
            may_have(&BUILDS)?;
            asks.builds(call)
        }
        ("build", ["builds", id]) => {
            may_have(&["propertyFilters", "api-version"])?;
            Ok(asks.build(number(id)?))
        }
        ("build", ["builds", id, "timeline"]) => {
            may_have(&["changeId", "planId", "api-version"])?;
            Ok(asks.timeline(number(id)?))
        }
        ("pipelines", ["approvals"]) => {
            may_have(&["approvalIds", "$expand", "userIds", "state", "top", "api-version"])?;
            asks.approvals(call)
        }
        ("release", ["releases"]) => {
            may_have(&RELEASES)?;
            asks.releases(call)
        }
        ("release", ["releases", id]) => {
            may_have(&["approvalFilters", "propertyFilters", "$expand", "$topGateRecords", "api-version"])?;
            Ok(asks.release(number(id)?))
        }
        ("git", ["pullrequests"]) => {
            may_have(&[&PULLS[..], &["api-version"]].concat())?;
            asks.pulls(call, None)
        }
        ("git", ["pullrequests", id]) => {
            may_have(&["api-version"])?;
            Ok(asks.pull(number(id)?))
        }
        ("git", ["repositories", repository, "pullrequests"]) => {
            may_have(&[&PULLS[..], &["api-version"]].concat())?;
            asks.repository(repository).map_or_else(Ok, |repository| asks.pulls(call, Some(repository)))
        }
        ("git", ["repositories", _, "pullrequests", id]) => {
            may_have(&["maxCommentLength", "$top", "$skip", "includeCommits", "includeWorkItemRefs", "api-version"])?;
            Ok(asks.pull(number(id)?))
        }
        ("git", ["repositories", repository, "commits", sha]) => {
            may_have(&["changeCount", "api-version"])?;
            Ok(asks.repository(repository).map_or_else(|no| no, |repository| asks.commit(repository, sha)))
        }
        _ => Err("no such path".to_owned()),
    }
}

fn number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("{text} is not an id"))
}

fn ids(text: &str) -> Result<Vec<u64>, String> {
    let ids: Vec<u64> = text.split(',').map(number).collect::<Result<_, _>>()?;
    if ids.len() > MOST_IDS { Err(format!("{} ids at once", ids.len())) } else { Ok(ids) }
}

fn refusal(status: u16, key: &str, message: &str) -> Answer {
    let name = format!("Microsoft.TeamFoundation.{key}, Microsoft.TeamFoundation");
    Answer::json(
        status,
        &json!({
            "$id": "1", "innerException": null, "message": message, "typeName": name, "typeKey": key,
            "errorCode": 0, "eventId": 3000,
        }),
    )
}

fn list(value: Vec<Value>) -> Answer {
    Answer::json(200, &json!({ "count": value.len(), "value": value }))
}

/// Seven digits behind the point, as it writes them.
fn moment(at: Millis) -> String {
    format!("{}.{:03}4567Z", rfc3339(at).trim_end_matches('Z'), (at / 1000).rem_euclid(1000))
}

fn ref_name(branch: &str) -> String {
    format!("refs/heads/{branch}")
}

/// A project at a moment.
struct At<'w> {
    world: &'w World,
    place: usize,
    now: Millis,
}

impl At<'_> {
    fn root(&self) -> String {
        let place = &self.world.places[self.place];
        format!("{}/{}/{}", Forge::AzureDevOps.web(), place.owner, place.guid())
    }

    fn identity(&self, person: &Person) -> Value {
        let picture = self.world.picture(person);
        json!({
            "displayName": person.name, "uniqueName": person.email(), "id": guid(person.name.len() as u64),
            "imageUrl": picture, "_links": { "avatar": { "href": picture } },
        })
    }

    fn builds(&self, call: &Call) -> Result<Answer, String> {
        let Some(wanted) = call.param("buildIds") else {
            let mut all: Vec<(usize, &Run)> = self.world.runs.iter().enumerate().collect();
            all.retain(|(_, run)| run.place == self.place && run.kind == Kind::Build && run.is_there(self.now));
            all.reverse();
            let page = all.into_iter().take(call.number("$top", 100, 5000));
            return Ok(list(page.map(|(n, run)| self.build_json(n, run)).collect()));
        };
        let mut wanted = ids(wanted)?;
        wanted.sort_unstable_by(|a, b| b.cmp(a));
        wanted.dedup();
        let found = wanted.into_iter().filter_map(|id| self.world.run_of(self.place, Kind::Build, id, self.now));
        Ok(list(found.map(|(n, run)| self.build_json(n, run)).collect()))
    }

    fn build(&self, id: u64) -> Answer {
        match self.world.run_of(self.place, Kind::Build, id, self.now) {
            Some((n, run)) => Answer::json(200, &self.build_json(n, run)),
            None => refusal(404, "BuildNotFoundException", &format!("The requested build {id} could not be found.")),
        }
    }

    fn build_json(&self, n: usize, run: &Run) -> Value {
        let span = run.now(self.now);
        let api = format!("{}/_apis/build/Builds/{}", self.root(), run.id);
        let commit = &self.world.commits[run.commit];
        let repository = &self.world.repositories[commit.repository];
        let at = &self.world.places[repository.place];
        let repository = match at.forge {
            Forge::AzureDevOps => json!({
                "id": guid(repository.number), "type": "TfsGit", "name": repository.name,
                "url": self.world.repository_web(commit.repository), "clean": null, "checkoutSubmodules": false,
            }),
            Forge::GitHub => json!({ "id": format!("{}/{}", at.owner, at.name), "type": "GitHub" }),
            Forge::GitLab => json!({ "id": self.world.repository_web(commit.repository), "type": "Git" }),
        };
        let mut build = json!({
            "id": run.id, "buildNumber": run.name, "queueTime": moment(run.tries[0].queued), "url": api,
            "uri": format!("vstfs:///Build/Build/{}", run.id), "sourceBranch": ref_name(&run.branch),
            "priority": "normal", "reason": "individualCI", "repository": repository, "tags": [], "properties": {},
            "validationResults": [],
            "requestedFor": self.identity(&self.world.people[run.starter]),
            "definition": { "id": 135, "name": "contoso.trivia", "path": "\\", "type": "build" },
            "triggerInfo": { "ci.sourceSha": commit.id, "ci.message": commit.message },
            "lastChangedDate": moment(self.now.min(span.ended)),
            "_links": {
                "self": { "href": api },
                "web": { "href": self.world.run_web(n) },
                "timeline": { "href": format!("{api}/Timeline") },
            },
        });
        let (status, result) = match span.state(self.now) {
            State::Absent | State::Queued | State::Waiting => ("notStarted", None),
            State::Running => ("inProgress", None),
            State::Ended(outcome) => ("completed", Some(build_result(outcome))),
        };
        build["status"] = json!(status);
        if let Some(result) = result {
            build["result"] = json!(result);
        }
        // Which commit it will be is settled only when it starts.
        let is_started = span.began(self.now).is_some();
        build["sourceVersion"] = json!(if is_started || result.is_some() { commit.id.as_str() } else { "" });
        if let Some(started) = span.began(self.now) {
            build["startTime"] = json!(moment(started));
        }
        if let Some(ended) = span.finished(self.now) {
            build["finishTime"] = json!(moment(ended));
        }
        build
    }

    fn timeline(&self, id: u64) -> Answer {
        let Some((_, run)) = self.world.run_of(self.place, Kind::Build, id, self.now) else {
            return refusal(404, "BuildNotFoundException", &format!("The requested build {id} could not be found."));
        };
        let whole = run.now(self.now);
        if whole.began(self.now).is_none() {
            return Answer { status: 204, headers: Vec::new(), body: String::new(), is_readable: true };
        }
        let sole = [Part {
            name: "__default".to_owned(),
            tries: run.tries.clone(),
            approvers: Vec::new(),
            hold: Hold::default(),
        }];
        let stages = if run.parts.is_empty() { &sole[..] } else { &run.parts };
        let mut records = Vec::new();
        for (n, part) in stages.iter().enumerate() {
            let (attempt, span) = current(&part.tries, self.now);
            let seed = id * 10 + n as u64;
            let state = match span.state(self.now) {
                // What does not follow any more was left out.
                State::Absent if whole.ended <= self.now => State::Ended(Outcome::Canceled),
                state => state,
            };
            let is_skipped = span.queued > self.now && whole.ended <= self.now;
            // Of a validation the stage and its job have begun.
            let is_validated = state == State::Waiting && part.hold == Hold::Validation;
            let shown = if is_validated { State::Running } else { state };
            let mut stage = record(seed, None, "Stage", &part.name, n + 1, span, shown, self.now);
            stage["identifier"] = json!(part.name.replace(' ', "_"));
            stage["attempt"] = json!(attempt);
            if is_skipped {
                stage["result"] = json!("skipped");
                stage["startTime"] = json!(null);
                stage["finishTime"] = json!(null);
            }
            if attempt > 1 {
                let before = guid(seed + 7_000_000);
                let earlier = json!({ "attempt": attempt - 1, "timelineId": before, "recordId": before });
                stage["previousAttempts"] = json!([earlier]);
            }
            if !is_skipped {
                let job = record(seed + 1_000_000, Some(seed), "Job", "Job", 1, span, shown, self.now);
                records.push(job);
            }
            if is_validated {
                let of = Some(seed + 1_000_000);
                let mut task = record(seed + APPROVAL, of, "Task", "Look at it", 1, span, State::Running, self.now);
                task["task"] = json!({ "id": guid(4), "name": "ManualValidation", "version": "0.2.5" });
                records.push(task);
            } else if state == State::Waiting {
                let kind = match part.hold {
                    Hold::Permission => "Checkpoint.Authorization",
                    Hold::Approval | Hold::Validation => "Checkpoint.Approval",
                };
                let checkpoint =
                    record(seed + 2_000_000, Some(seed), "Checkpoint", "Checkpoint", 1, span, State::Running, self.now);
                let (id, of) = (seed + APPROVAL, Some(seed + 2_000_000));
                records.push(record(id, of, kind, kind, 1, span, State::Running, self.now));
                records.push(checkpoint);
            }
            // In no order that means anything.
            records.insert(0, stage);
        }
        let timeline = json!({
            "records": records, "id": guid(id), "changeId": 12, "lastChangedBy": guid(2),
            "lastChangedOn": moment(self.now.min(whole.ended)), "url": "",
        });
        Answer::json(200, &timeline)
    }

    /// Without `$expand=steps` it does not show who may give one.
    fn approvals(&self, call: &Call) -> Result<Answer, String> {
        let wanted = call.param("approvalIds").ok_or("without approvalIds it is any approvals")?;
        let has_steps = match call.param("$expand") {
            None | Some("none") => false,
            Some("steps") => true,
            Some(other) => return Err(format!("nothing to $expand is called {other}")),
        };
        let here = self.world.runs.iter().filter(|run| run.place == self.place && run.is_there(self.now));
        let parts =
            here.flat_map(|run| run.parts.iter().enumerate().map(move |(n, part)| (run.id * 10 + n as u64, part)));
        let mut found = Vec::new();
        for (seed, part) in parts {
            let (_, span) = current(&part.tries, self.now);
            let id = guid(seed + APPROVAL);
            if part.approvers.is_empty() || !wanted.split(',').any(|wanted| wanted == id) {
                continue;
            }
            let status = if span.state(self.now) == State::Waiting { "pending" } else { "approved" };
            let steps = part.approvers.iter().enumerate().map(|(n, person)| {
                json!({ "assignedApprover": self.identity(&self.world.people[*person]), "status": status, "order": n + 1 })
            });
            found.push(json!({
                "id": id, "steps": if has_steps { steps.collect() } else { Vec::new() }, "status": status,
                "createdOn": moment(span.queued), "lastModifiedOn": moment(span.queued), "executionOrder": "anyOrder",
                "minRequiredApprovers": 1, "blockedApprovers": [], "instructions": "",
            }));
        }
        Ok(list(found))
    }

    fn releases(&self, call: &Call) -> Result<Answer, String> {
        const EXPAND: [&str; 9] = [
            "none",
            "environments",
            "artifacts",
            "approvals",
            "manualInterventions",
            "variables",
            "tags",
            "lastDeploy",
            "releaseProps",
        ];
        let expand: Vec<&str> = call.param("$expand").map(|e| e.split(',').collect()).unwrap_or_default();
        if let Some(strange) = expand.iter().find(|e| !EXPAND.contains(&e.trim())) {
            return Err(format!("nothing to $expand is called {strange}"));
        }
        let wanted = ids(call.param("releaseIdFilter").ok_or("without releaseIdFilter it is any releases")?)?;
        let most = call.number("$top", 50, 100);
        let mut releases = Vec::new();
        for id in wanted {
            let Some((n, run)) = self.world.run_of(self.place, Kind::Release, id, self.now) else { continue };
            let mut release = self.release_json(n, run);
            for part in ["environments", "artifacts"] {
                if let Some(release) = release.as_object_mut().filter(|_| !expand.contains(&part)) {
                    release.remove(part);
                }
            }
            releases.push(release);
        }
        releases.truncate(most);
        Ok(list(releases))
    }

    fn release(&self, id: u64) -> Answer {
        match self.world.run_of(self.place, Kind::Release, id, self.now) {
            Some((n, run)) => Answer::json(200, &self.release_json(n, run)),
            None => refusal(404, "ReleaseNotFoundException", &format!("VS402914: There is no release {id}.")),
        }
    }

    fn release_json(&self, n: usize, run: &Run) -> Value {
        let by = self.identity(&self.world.people[run.starter]);
        let image = run.image.clone().unwrap_or_default();
        let whole = run.now(self.now);
        let environments = run.parts.iter().enumerate().map(|(rank, part)| self.environment(run, rank, part, &by));
        let web = json!({ "href": self.world.run_web(n) });
        json!({
            "id": run.id, "name": run.name, "status": "active", "createdOn": moment(run.tries[0].queued),
            "modifiedOn": moment(self.now.min(whole.ended)), "createdBy": by, "modifiedBy": by,
            "createdFor": by, "environments": environments.collect::<Vec<_>>(),
            "artifacts": [{
                "sourceId": "contoso.azurecr.io", "type": "AzureContainerRepository", "alias": "_image",
                "isPrimary": true,
                "definitionReference": {
                    "version": { "id": image, "name": image },
                    "registryurl": { "id": "contoso.azurecr.io", "name": "contoso.azurecr.io" },
                },
            }],
            "releaseDefinition": { "id": 3, "name": "contoso.trivia to hld" }, "reason": "continuousIntegration",
            "tags": [], "keepForever": false, "description": "", "variables": {}, "_links": { "web": web },
        })
    }

    fn environment(&self, run: &Run, rank: usize, part: &Part, by: &Value) -> Value {
        let (attempt, span) = current(&part.tries, self.now);
        let id = run.id * 10 + rank as u64;
        let (status, operation) = match span.state(self.now) {
            State::Absent => ("notStarted", "undefined"),
            State::Queued | State::Waiting => ("queued", "queued"),
            State::Running => ("inProgress", "phaseInProgress"),
            State::Ended(Outcome::Succeeded) => ("succeeded", "approved"),
            State::Ended(Outcome::Warned) => ("partiallySucceeded", "PhasePartiallySucceeded"),
            State::Ended(Outcome::Failed) => ("rejected", "PhaseFailed"),
            State::Ended(Outcome::Canceled) => ("canceled", "canceled"),
            State::Ended(Outcome::Strange) => ("teleported", "teleported"),
        };
        let unset = || "0001-01-01T00:00:00".to_owned();
        let known = |at: Option<Millis>| at.map_or_else(unset, moment);
        let (began, finished) = (span.began(self.now), span.finished(self.now));
        let job = json!({
            "id": 1, "name": "Agent job", "status": status, "startTime": known(began), "finishTime": known(finished),
        });
        let step = json!({
            "id": id, "deploymentId": id, "attempt": attempt, "reason": "automated", "status": status,
            "operationStatus": operation, "requestedBy": by, "requestedFor": by, "queuedOn": moment(span.queued.min(self.now)),
            "lastModifiedOn": moment(finished.or(began).unwrap_or(span.queued).min(self.now)),
            "hasStarted": began.is_some(),
            "releaseDeployPhases": [{ "id": id, "name": "Agent job", "rank": 1, "status": status,
                "deploymentJobs": [{ "job": job, "tasks": [] }] }],
        });
        let steps = if span.state(self.now) == State::Absent { json!([]) } else { json!([step]) };
        json!({
            "id": id, "releaseId": run.id, "name": part.name, "status": status, "rank": rank + 1,
            "definitionEnvironmentId": rank + 1, "preDeployApprovals": [], "postDeployApprovals": [],
            "deploySteps": steps, "conditions": [], "schedules": [], "triggerReason": "automated",
        })
    }

    fn repository(&self, name: &str) -> Result<usize, Answer> {
        self.world.repository_of(self.place, Some(name)).ok_or_else(|| {
            let message = format!("TF401019: The Git repository with name or identifier {name} does not exist.");
            refusal(404, "GitRepositoryNotFoundException", &message)
        })
    }

    /// The place in the world's list of a commit with that id.
    fn find(&self, repository: usize, id: &str) -> Option<usize> {
        let is_enough = id.len() == 40 || self.world.azure_finds_short_ids;
        self.world.commit_of(repository, id, self.now).filter(|_| is_enough).map(|(n, _)| n)
    }

    fn commit(&self, repository: usize, id: &str) -> Answer {
        match self.find(repository, id) {
            Some(n) => Answer::json(200, &self.commit_json(n, false)),
            None => {
                let message = format!("TF401175: The version descriptor <Commit: {id}> could not be resolved.");
                refusal(404, "GitUnresolvableToCommitException", &message)
            }
        }
    }

    fn commit_json(&self, n: usize, is_listed: bool) -> Value {
        let commit = &self.world.commits[n];
        let person = &self.world.people[commit.author];
        let at = rfc3339(commit.at);
        let mut author = json!({ "name": person.name, "email": person.email(), "date": at });
        if person.is_known && !is_listed {
            author["imageUrl"] = json!(self.world.picture(person));
        }
        let title = commit.message.lines().next().unwrap_or_default();
        let is_cut = is_listed && title.len() < commit.message.len();
        let mut json = json!({
            "commitId": commit.id, "author": author, "committer": author,
            "comment": if is_listed { title } else { &commit.message },
            "url": format!("{}/_apis/git/repositories/x/commits/{}", self.root(), commit.id),
            "remoteUrl": self.world.commit_web(n),
        });
        if is_cut {
            json["commentTruncated"] = json!(true);
        }
        if !is_listed {
            json["parents"] = json!(self.world.parents(n));
        }
        json
    }

    fn pull(&self, number: u64) -> Answer {
        match self.world.pull_of(self.place, number, self.now) {
            Some(pull) => Answer::json(200, &self.pull_json(pull)),
            None => {
                let message = format!("TF401180: The requested pull request {number} was not found.");
                refusal(404, "GitPullRequestNotFoundException", &message)
            }
        }
    }

    fn pulls(&self, call: &Call, repository: Option<usize>) -> Result<Answer, String> {
        let status = call.param("searchCriteria.status").unwrap_or("active");
        let wanted = match status {
            "all" => None,
            "active" => Some(PullState::Open),
            "completed" => Some(PullState::Merged),
            "abandoned" => Some(PullState::Abandoned),
            _ => return Err(format!("no status of pull requests is called {status}")),
        };
        let (source, target) = (call.param("searchCriteria.sourceRefName"), call.param("searchCriteria.targetRefName"));
        if let Some(short) = source.into_iter().chain(target).find(|name| !name.starts_with("refs/heads/")) {
            return Err(format!("{short} is no whole name of a branch"));
        }
        let mut found: Vec<&Pull> = self.world.pulls.iter().filter(|pull| pull.opened <= self.now).collect();
        found.retain(|pull| {
            self.world.repositories[pull.repository].place == self.place
                && repository.is_none_or(|r| r == pull.repository)
                && wanted.is_none_or(|state| pull.state(self.now) == state)
                && source.is_none_or(|name| name == ref_name(&pull.branch))
                && target.is_none_or(|name| name == ref_name(MAIN))
        });
        found.sort_by_key(|pull| std::cmp::Reverse(pull.number));
        let page = found.into_iter().skip(call.number("$skip", 0, usize::MAX)).take(call.number("$top", 100, 1000));
        Ok(list(page.map(|pull| self.pull_json(pull)).collect()))
    }

    fn pull_json(&self, pull: &Pull) -> Value {
        let state = pull.state(self.now);
        let Repository { name, number, .. } = &self.world.repositories[pull.repository];
        let commit = &self.world.commits[pull.commit];
        let web = self.world.repository_web(pull.repository);
        let api = format!("{}/_apis/git/repositories/{}", self.root(), guid(*number));
        let reviewers = pull.reviewers.iter().map(|(person, votes)| {
            let mut reviewer = self.identity(&self.world.people[*person]);
            reviewer["vote"] = json!(if *votes <= self.now { 10 } else { 0 });
            reviewer["isRequired"] = json!(true);
            reviewer["hasDeclined"] = json!(false);
            reviewer
        });
        let mut json = json!({
            "repository": {
                "id": guid(*number), "name": name, "url": api, "webUrl": web, "remoteUrl": web,
                "project": { "id": self.world.places[self.place].guid(), "name": self.world.places[self.place].name },
            },
            "pullRequestId": pull.number, "codeReviewId": pull.number,
            "status": match state {
                PullState::Open => "active",
                PullState::Merged => "completed",
                PullState::Abandoned => "abandoned",
            },
            "createdBy": self.identity(&self.world.people[pull.author]), "creationDate": moment(pull.opened),
            "title": pull.title, "description": pull.title, "sourceRefName": ref_name(&pull.branch),
            "targetRefName": ref_name(MAIN), "mergeStatus": "succeeded", "isDraft": pull.is_draft,
            "lastMergeCommit": { "commitId": commit.id }, "reviewers": reviewers.collect::<Vec<_>>(),
            "url": format!("{api}/pullRequests/{}", pull.number), "supportsIterations": true,
        });
        if state != PullState::Open {
            json["closedDate"] = json!(moment(pull.ended));
            json["closedBy"] = self.identity(&self.world.people[pull.closer]);
        }
        json
    }
}

const fn build_result(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Succeeded => "succeeded",
        Outcome::Warned => "partiallySucceeded",
        Outcome::Failed => "failed",
        Outcome::Canceled => "canceled",
        Outcome::Strange => "teleported",
    }
}

#[allow(clippy::too_many_arguments, reason = "a record is all of this")]
fn record(
    seed: u64,
    parent: Option<u64>,
    kind: &str,
    name: &str,
    order: usize,
    span: &Span,
    state: State,
    now: Millis,
) -> Value {
    let (state, result) = match state {
        State::Absent | State::Queued | State::Waiting => ("pending", None),
        State::Running => ("inProgress", None),
        State::Ended(Outcome::Warned) => ("completed", Some("succeededWithIssues")),
        State::Ended(outcome) => ("completed", Some(build_result(outcome))),
    };
    let warnings = u8::from(span.outcome == Outcome::Warned && span.ended <= now && span.ended < NEVER);
    json!({
        "id": guid(seed), "parentId": parent.map(guid), "type": kind, "name": name, "order": order, "state": state,
        "result": result, "startTime": span.began(now).map(moment), "finishTime": span.finished(now).map(moment),
        "percentComplete": null, "currentOperation": null, "attempt": 1, "errorCount": 0, "warningCount": warnings,
        "issues": [], "log": null, "workerName": null, "previousAttempts": [],
    })
}
