//! The adapter for GitLab against answers that are in its documentation, where those are at hand. They lie beside the
//! repository and not in it; without them there is nothing to check here.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test fails by a panic")]

use std::path::PathBuf;

use ringside::{
    domain::deployment::Status,
    forge::gitlab::{parse_commit, parse_jobs, parse_pipeline},
    http::Response,
};
use serde_json::Value;

fn folder() -> PathBuf {
    let named = std::env::var_os("RINGSIDE_SAMPLES").map(PathBuf::from);
    named.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/samples")).join("gitlab")
}

/// The answer of that name, or nothing where there are no samples.
fn sample(name: &str) -> Option<Value> {
    if !folder().is_dir() {
        println!("skipped: no samples at {}", folder().display());
        return None;
    }
    let text = std::fs::read_to_string(folder().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    Some(serde_json::from_str(&text).unwrap())
}

fn response(body: &Value) -> Response {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Response { status: 200, headers, body: body.to_string().into_bytes() }
}

#[test]
fn pipelines() {
    for name in ["docs-pipeline.json", "spektate-gitlab-pipeline-1.json"] {
        let Some(body) = sample(name) else { return };
        let run = parse_pipeline(&response(&body)).unwrap();
        assert_eq!(run.status, Status::Succeeded, "{name}");
        assert_eq!(run.commit.map(|c| c.to_string()).as_deref(), body.get("sha").and_then(Value::as_str), "{name}");
        assert_eq!(run.link.map(|l| l.as_str().to_owned()).as_deref(), body.get("web_url").and_then(Value::as_str));
        assert!(run.started <= run.ended, "{name}");
    }
}

#[test]
fn jobs() {
    let Some(body) = sample("docs-job.json") else { return };
    let jobs = if body.is_array() { body } else { Value::Array(vec![body]) };
    let parts = parse_jobs(&response(&jobs)).unwrap();
    let stage = jobs.pointer("/0/stage").and_then(Value::as_str);
    assert_eq!(parts.first().map(|p| &*p.name), stage);
    assert_ne!(parts.first().map(|p| p.status), Some(Status::Unknown));
}

#[test]
fn authors() {
    let Some(body) = sample("spektate-gitlab-author-response.json") else { return };
    let commit = parse_commit(&response(&body)).unwrap();
    let name = body.get("author_name").and_then(Value::as_str);
    assert_eq!(commit.author.map(|p| p.name.to_string()).as_deref(), name);
}
