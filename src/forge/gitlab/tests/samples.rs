//! The adapter for GitLab against answers that are in its documentation, where those are at hand. They lie beside the
//! repository and not in it; without them these tests are ignored.

use std::path::PathBuf;

use super::*;
use crate::{
    domain::{cluster::SignalState, deployment::Status, id::CommitId, time::Timestamp},
    http::Response,
};
use serde_json::Value;

fn folder() -> PathBuf {
    let named = std::env::var_os("RINGSIDE_SAMPLES").map(PathBuf::from);
    named.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/samples")).join("gitlab")
}

/// The answer of that name.
fn sample(name: &str) -> Value {
    let text = std::fs::read_to_string(folder().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    serde_json::from_str(&text).unwrap()
}

fn response(body: &Value) -> Response {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Response { status: 200, headers, body: body.to_string().into_bytes() }
}

#[test]
#[ignore = "reads recorded answers, which lie beside the repository"]
fn pipelines() {
    for name in ["docs-pipeline.json", "spektate-gitlab-pipeline-1.json"] {
        let body = sample(name);
        let run = parse_pipeline(&response(&body)).unwrap().1;
        assert_eq!(run.status, Status::Succeeded, "{name}");
        assert_eq!(run.commit.map(|c| c.to_string()).as_deref(), body.get("sha").and_then(Value::as_str), "{name}");
        assert_eq!(run.link.map(|l| l.as_str().to_owned()).as_deref(), body.get("web_url").and_then(Value::as_str));
        assert!(run.started <= run.ended, "{name}");
    }
}

#[test]
#[ignore = "reads recorded answers, which lie beside the repository"]
fn jobs() {
    let body = sample("docs-job.json");
    let jobs = if body.is_array() { body } else { Value::Array(vec![body]) };
    let parts = parse_jobs(&response(&jobs)).unwrap();
    let stage = jobs.pointer("/0/stage").and_then(Value::as_str);
    assert_eq!(parts.first().map(|p| &*p.name), stage);
    assert_ne!(parts.first().map(|p| p.status), Some(Status::Unknown));
}

#[test]
#[ignore = "reads recorded answers, which lie beside the repository"]
fn authors() {
    let body = sample("spektate-gitlab-author-response.json");
    let commit = parse_commit(&response(&body)).unwrap();
    let name = body.get("author_name").and_then(Value::as_str);
    assert_eq!(commit.author.map(|p| p.name.to_string()).as_deref(), name);
}

#[test]
#[ignore = "reads recorded answers, which lie beside the repository"]
fn tags() {
    #[track_caller]
    fn check(name: &str, expect: (&str, &str, Option<&str>, bool)) {
        let body = sample(name);
        let tags = parse_tags(&response(&body)).unwrap().items;
        let [tag] = tags.as_slice() else { panic!("{tags:?}") };
        let commit = tag.commit.as_ref().map(CommitId::short).unwrap_or_default();
        let at = tag.at.map(Timestamp::to_rfc3339);
        assert_eq!((&*tag.name, commit, at.as_deref(), tag.is_approximate), expect, "{name}");
        assert_eq!(tag.object, None);
    }
    check("docs-tags.json", ("v1.0.0", "2695eff", Some("2017-07-26T09:08:53Z"), false));
    // Of a server that does not report yet when a tag was made.
    check("spektate-gitlab-tags-response.json", ("flux-east-us", "a41c826", Some("2020-10-27T23:19:29Z"), true));
}

#[test]
#[ignore = "reads recorded answers, which lie beside the repository"]
fn parents() {
    let body = sample("spektate-gitlab-author-response.json");
    let log = parse_log(&response(&Value::Array(vec![body.clone()]))).unwrap();
    let parents: Vec<&str> =
        body.get("parent_ids").unwrap().as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let [commit] = log.commits.as_slice() else { panic!("{log:?}") };
    assert_eq!(commit.parents.iter().map(CommitId::as_str).collect::<Vec<_>>(), parents);
    assert!(log.tip.as_ref() == Some(&commit.id) && commit.at.is_some());
}

#[test]
#[ignore = "reads recorded answers, which lie beside the repository"]
fn statuses() {
    #[track_caller]
    fn check(name: &str, expect: (&str, SignalState, &str, Option<&str>)) {
        let body = sample(name);
        let commit = CommitId::new("40d6b21b888db0ca794876cf7bdd399e3da2137e").unwrap();
        let statuses = parse_statuses(&response(&body), &commit).unwrap().items;
        let [status] = statuses.as_slice() else { panic!("{statuses:?}") };
        let at = status.at.map(Timestamp::to_rfc3339);
        let message = status.message.as_deref();
        assert_eq!((&*status.context, status.state, at.as_deref().unwrap_or_default(), message), expect, "{name}");
        assert_eq!((&status.commit, &status.genre), (&commit, &None));
    }
    check("docs-commit-statuses.json", ("bundler:audit", SignalState::Pending, "2016-01-19T08:40:25.934Z", None));
    check(
        "../cluster-sync/gitlab-statuses-flux2.json",
        ("kustomization/apps/0c9c2e41", SignalState::Failed, "2026-01-02T03:04:05Z", Some("health check failed")),
    );
}
