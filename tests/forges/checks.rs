//! What requests of the simulation ask for, what answers settle, and whether a deployment is shown as it is.

use std::collections::BTreeSet;

use ringside::{
    domain::{
        deployment::{Deployment, Status},
        stage::{Provenance, StageKind},
        time::Timestamp,
    },
    http::{Request, Response},
};
use serde_json::{Value, json};

use crate::forges::world::{
    ExpectedDeployment, ExpectedPerson, ExpectedStage, Forge, Kind, Millis, Outcome, Row, SECOND, State, World,
    current, word,
};

/// The single things that a request asks for, each with a name of its own; of GraphQL nothing.
pub(crate) fn things(request: &Request) -> Vec<String> {
    let address = request.address();
    let path = address.split('?').next().unwrap_or_default();
    let many = |ids: Option<String>| {
        let ids = ids.unwrap_or_default();
        ids.split(',').filter(|id| !id.is_empty()).map(|id| format!("{path} {id}")).collect::<Vec<_>>()
    };
    if path.ends_with("/_apis/build/builds") {
        return many(request.query("buildIds"));
    }
    if path.ends_with("/_apis/release/releases") {
        return many(request.query("releaseIdFilter"));
    }
    let single = [
        "/pullrequests/",
        "/actions/jobs/",
        "/actions/runs/",
        "/pipelines/",
        "/merge_requests/",
        "/pulls/",
        "/commits/",
    ];
    // What is reported of a commit may change; the commit does not.
    let moves = ["/jobs", "/status", "/statuses"].iter().any(|end| path.ends_with(end));
    let is_single = single.iter().any(|s| path.contains(s)) && !moves;
    // What comes before a commit, and what the object of a tag is on, never changes.
    let from = request.query("sha").or_else(|| request.query("ref_name"));
    let from = from.or_else(|| request.query("searchCriteria.itemVersion.version"));
    let is_whole = |id: &String| id.len() == 40 && id.bytes().all(|b| b.is_ascii_hexdigit());
    if let Some(id) = from.filter(is_whole) {
        return vec![format!("{path} from {id}")];
    }
    let is_tag = path.contains("/git/tags/") || path.contains("/annotatedtags/");
    if is_single || is_tag { vec![path.to_owned()] } else { Vec::new() }
}

/// Those of them of which the answer shows that they are over, and whether that is for good.
pub(crate) fn over(request: &Request, response: &Response) -> Vec<(String, bool)> {
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let things = things(request);
    let path = request.address().split('?').next().unwrap_or_default();
    let is_success = |word: &Value| ["succeeded", "partiallySucceeded", "success"].iter().any(|end| word == end);
    let is_end =
        |word: &Value| is_success(word) || ["failed", "canceled", "failure", "cancelled"].iter().any(|end| word == end);
    if path.ends_with("/_apis/build/builds") {
        let builds = body["value"].as_array().into_iter().flatten();
        let ended = builds.filter(|b| is_end(&b["result"]));
        return ended.map(|b| (format!("{path} {}", b["id"]), is_success(&b["result"]))).collect();
    }
    let is_pull = body["pullRequestId"].is_u64() || body["iid"].is_u64() || body["number"].is_u64();
    let state = [&body["status"], &body["state"]];
    let is_closed =
        is_pull && ["completed", "abandoned", "closed", "merged"].iter().any(|end| state.contains(&&json!(end)));
    let is_log = things.first().is_some_and(|thing| thing.contains(" from "));
    let never_changes = is_log || ["/commits/", "/git/tags/", "/annotatedtags/"].iter().any(|of| path.contains(of));
    let is_commit = never_changes && response.status == 200;
    let is_merged = is_pull
        && (state.contains(&&json!("completed")) || state.contains(&&json!("merged")) || body["merged_at"].is_string());
    let is_final = is_success(&body["status"]) || is_success(&body["conclusion"]) || is_merged || is_commit;
    let is_over = is_end(&body["status"]) || is_end(&body["conclusion"]) || is_closed || is_commit;
    things.into_iter().filter(|_| is_over).map(|thing| (thing, is_final)).collect()
}

/// Compares one deployment with what is true, and returns how many stages were compared.
pub(crate) fn check_deployment(d: &Deployment, truth: &ExpectedDeployment, what: &str) -> u64 {
    let mut compared = 0;
    let kinds = [StageKind::Build, StageKind::Release, StageKind::Manifest];
    let truths = &truth.stages;
    for (kind, stage) in kinds.into_iter().zip(truths) {
        let (Some(truth), Some(shown)) = (stage, d.stage(kind)) else { continue };
        if truth.is_gone {
            // What was over before it was deleted is not asked again.
            let was_known = matches!(shown.provenance, Some(Provenance::By(..) | Provenance::Older(..)));
            let is_marked = matches!(shown.provenance, Some(Provenance::Gone(..)));
            assert!(was_known || is_marked, "{what}: {} is not said to be gone: {shown:?}", kind.as_str());
            continue;
        }
        compared += 1;
        check_stage(shown, truth, d.manifest_commit.is_some(), &format!("{what}, {}", kind.as_str()));
        // The stages of a build that went well are not asked for, so of their times only the build's are known.
        let is_staged = truths[0].as_ref().map(|t| t.id) == truths[1].as_ref().map(|t| t.id);
        if !(is_staged && truth.status == "succeeded") {
            check_end(shown.ended, truth.ended, &format!("{what}, {}: {shown:?} {truth:?}", kind.as_str()));
        }
    }
    if let (Some(truth), Some(shown)) = (&truth.pull, &d.pull_request) {
        compared += 1;
        let stage = d.stage(StageKind::PullRequest).unwrap();
        let status = match truth.state {
            "open" => Status::Waiting,
            "merged" => Status::Succeeded,
            _ => Status::Canceled,
        };
        assert_eq!(stage.status, status, "{what}: pull request {shown:?}");
        assert_eq!(shown.title.as_deref(), Some(&*truth.title), "{what}");
        assert_eq!(shown.branch.as_ref().map(ToString::to_string).as_deref(), Some(&*truth.branch), "{what}");
        assert_eq!(shown.draft, truth.is_draft, "{what}");
        let merger = |name: &str| truth.merged_by.as_ref().is_some_and(|p| name == p.name || name == p.login);
        assert_eq!(shown.merged_by.is_some(), truth.merged_by.is_some(), "{what}: {shown:?} {truth:?}");
        assert!(shown.merged_by.as_ref().is_none_or(|p| merger(&p.name)), "{what}: {shown:?}");
        let waits: BTreeSet<&str> = shown.waits_for.iter().map(|p| &*p.name).collect();
        let expect = truth.waits_for.len();
        assert_eq!(waits.len(), expect, "{what}: waits for {waits:?}, not {:?}", truth.waits_for);
    }
    let edit_is_gone = truth.stages[2].as_ref().is_none_or(|build| build.is_gone);
    let build_is_gone = truth.stages[0].as_ref().is_some_and(|build| build.is_gone);
    if let Some(truth) = &truth.commit {
        let stage = d.stages.iter().find(|s| s.kind == StageKind::Commit);
        // Azure DevOps may know a commit by its whole id alone, which only a build that is gone could show.
        let is_lost = truth.forge == Forge::AzureDevOps && (build_is_gone || stage.is_none() && edit_is_gone);
        let is_from_forge = stage.is_none_or(|s| matches!(s.provenance, Some(Provenance::By(..))));
        assert!(is_from_forge || is_lost, "{what}: nobody tells of the commit: {stage:?}");
        if !is_from_forge || is_lost {
            return compared;
        }
        compared += 1;
        let author = d.source.author.as_ref().map(|p| &*p.name);
        assert_eq!(author, Some(&*truth.author.name), "{what}: author; {stage:?}");
        let first = |message: &str| message.lines().next().unwrap_or_default().to_owned();
        assert_eq!(d.source.message.as_deref().map(first), Some(first(&truth.message)), "{what}: message");
        if let Some(stage) = stage {
            let link = stage.link.as_ref().map(|l| l.as_str().to_ascii_lowercase());
            assert_eq!(link, Some(truth.link.to_ascii_lowercase()), "{what}");
        }
    }
    compared
}

/// A classic release is, to one deployment, the one to its own ring.
pub(crate) fn own_environment(
    world: &World,
    row: &Row,
    mut truth: ExpectedDeployment,
    now: Millis,
) -> ExpectedDeployment {
    if let (Some(release), Some(stage)) = (row.stages[1], &mut truth.stages[1]) {
        let run = &world.runs[release.run];
        let own = run.parts.iter().find(|part| part.name.eq_ignore_ascii_case(&row.ring));
        if let (Kind::Release, Some(own)) = (run.kind, own) {
            let (_, span) = current(&own.tries, now);
            stage.status = word(span.state(now));
            stage.is_warned = span.state(now) == State::Ended(Outcome::Warned);
            (stage.started, stage.ended) = (span.began(now), span.finished(now));
        }
    }
    truth
}

pub(crate) fn check_stage(
    shown: &ringside::domain::stage::Stage,
    truth: &ExpectedStage,
    is_published: bool,
    what: &str,
) {
    let status = match truth.status {
        "queued" => Status::Queued,
        "waiting" => Status::Waiting,
        "running" => Status::Running,
        "succeeded" => Status::Succeeded,
        "failed" => Status::Failed,
        "canceled" => Status::Canceled,
        "incomplete" => Status::Incomplete,
        _ => Status::Unknown,
    };
    // What a stage made is there whatever its run reports.
    let is_strange = status == Status::Unknown && matches!(shown.provenance, Some(Provenance::Older(..)));
    if !(is_published && shown.kind == StageKind::Manifest || is_strange) {
        assert_eq!(shown.status, status, "{what}: {shown:?} {truth:?}");
        assert_eq!(shown.warned, truth.is_warned, "{what}: {shown:?} {truth:?}");
        // GitLab does not show who may start what waits.
        let waits: BTreeSet<&str> =
            shown.part.iter().flat_map(|part| &part.waits_for).map(|person| &*person.name).collect();
        let name = |person: &ExpectedPerson| {
            if truth.forge == Forge::GitHub { person.login.clone() } else { person.name.clone() }
        };
        let people: Vec<String> = truth.waits_for.iter().filter(|_| truth.forge != Forge::GitLab).map(name).collect();
        assert_eq!(waits, people.iter().map(String::as_str).collect(), "{what}: {shown:?} {truth:?}");
    }
    let link = shown.link.as_ref().map(|l| l.as_str().to_ascii_lowercase());
    assert_eq!(link, Some(truth.link.to_ascii_lowercase()), "{what}");
}

pub(crate) fn check_end(shown: Option<Timestamp>, truth: Option<Millis>, what: &str) {
    let is_near = match (shown, truth) {
        (Some(shown), Some(truth)) => (shown.millis() - truth).abs() <= SECOND,
        (None, _) => true,
        (Some(_), None) => false,
    };
    assert!(is_near, "{what}");
}
