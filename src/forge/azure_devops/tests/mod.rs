mod access;
mod branch;
mod fixtures;
mod git;
mod manifests;
mod recordings;
mod releases;
mod runs;
mod samples;
mod shapes;
mod stages;

use std::fmt::Debug;

use proptest::prelude::*;

use super::{
    answers,
    branch::{parse_branch, parse_branch_pull, parse_compare, request_branch, request_branch_pull, request_compare},
    build::{parse_builds, request_builds},
    commit::{parse_commit, parse_commits, request_commit, request_commits},
    manifests::{
        parse_log, parse_parents, parse_status_page, parse_statuses, request_log, request_parents, request_status_page,
        request_statuses,
    },
    pull_request::{parse_pull_request, parse_pull_requests, request_pull_request, request_pull_requests},
    release::{parse_releases, request_releases},
    repository::repository,
    requests::AT_ONCE,
    tags::{parse_tag, parse_tags, request_tag, request_tags},
    timeline::{parse_stages, request_stages},
    *,
};
use crate::{
    config::AzureDevOps,
    domain::{
        id::{Branch, RunId},
        link::Link,
        problem::ProblemKind,
        time::Timestamp,
    },
    http::{ApiError, Origin, Request, address::Address, secret::Secret},
};

fn forge(api: &str, release_api: &str) -> AzureDevOps {
    AzureDevOps {
        organization: "contoso".into(),
        project: "trivia night".into(),
        repository: None,
        branch: None,
        api: Address::new(api).unwrap(),
        release_api: Address::new(release_api).unwrap(),
    }
}

fn service() -> AzureDevOps {
    forge("https://dev.azure.com", "https://vsrm.dev.azure.com")
}

fn server() -> AzureDevOps {
    forge("https://git.contoso.example:8443/tfs", "https://git.contoso.example:8443/tfs")
}

fn legacy() -> AzureDevOps {
    forge("https://contoso.visualstudio.com", "https://contoso.vsrm.visualstudio.com")
}

fn token(origin: &str) -> Secret {
    Secret::new(Origin::of(origin).unwrap(), "not-a-real-token")
}

fn answer(status: u16, body: &str) -> Response {
    let headers = vec![("content-type".to_owned(), "application/json; charset=utf-8; api-version=7.1".to_owned())];
    Response { status, headers, body: body.into() }
}

fn ids(ids: &[&str]) -> Vec<RunId> {
    ids.iter().filter_map(|id| RunId::new(id)).collect()
}

/// A whole request in one text.
fn shown(request: &Request) -> String {
    format!("{request:?}\n")
}

#[track_caller]
fn failed<T: Debug>(result: Result<T, ApiError>) -> ApiError {
    result.unwrap_err()
}

#[test]
fn branches() {
    #[track_caller]
    fn check(name: &str, expect: Option<&str>) {
        assert_eq!(answers::branch(Some(name)).as_ref().map(Branch::as_str), expect, "{name}");
    }
    check("refs/heads/main", Some("main"));
    check("refs/heads/feature/refs/heads/x", Some("feature/refs/heads/x"));
    check("refs/pull/1108/merge", Some("pull/1108"));
    check("refs/pull/1108/head", Some("pull/1108/head"));
    check("refs/tags/v1.2", Some("tags/v1.2"));
    check("main", Some("main"));
    check("refs/heads/", None);
    check("", None);
}

#[test]
fn a_bad_item_spoils_no_other() {
    let body = r#"{"count":5,"value":[{"id":"7"},{"id":8},{"status":"completed"},null,{"id":9,"requestedFor":3}]}"#;
    let page = parse_builds(&answer(200, body)).unwrap();
    let read: Vec<&str> = page.items.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(read, ["8"]);
    let names: Vec<&str> = page.bad.iter().map(|bad| bad.split(": ").next().unwrap()).collect();
    assert_eq!(names, ["Build 7", "Build without an id", "Build without an id", "Build 9"]);
    assert!(page.bad[0].contains("invalid type"), "{:?}", page.bad);
}

/// Every reader, on one answer. What they make of it is of no interest here, only that they come back.
fn read_all(response: &Response) {
    let _ = parse_builds(response);
    let _ = parse_stages(response);
    let _ = parse_releases(response);
    let _ = parse_commits(response);
    let _ = parse_commit(response);
    let _ = parse_pull_request(response);
    let _ = parse_pull_requests(response);
    let _ = (parse_log(response, true), parse_log(response, false), parse_parents(response), parse_statuses(response));
    let _ = (parse_tags(response), parse_tag(response));
    let _ = (parse_compare(response), parse_branch(response, "main"), parse_branch_pull(response));
    let _ = parse_test(response);
    let _ = limits(response);
}

fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let edits = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 0..12);
    (prop::sample::select(fixtures::ALL.to_vec()), edits).prop_map(|(body, edits)| {
        let mut body = body.as_bytes().to_vec();
        for (index, byte, how) in edits {
            if body.is_empty() {
                break;
            }
            let at = index.index(body.len());
            match how {
                0 => body[at] = byte,
                1 => body.insert(at, byte),
                2 => drop(body.remove(at)),
                _ => body.truncate(at),
            }
        }
        body
    })
}

proptest! {
    #[test]
    fn nothing_panics_on_a_mutated_answer(body in mutated(), status in prop::sample::select(vec![200_u16, 204, 400, 401])) {
        read_all(&Response { status, headers: Vec::new(), body });
    }

    #[test]
    fn nothing_panics_on_any_address_of_a_repository(text in "[a-zA-Z0-9%:/@.?#_ \u{e4}-]{0,60}") {
        let _ = (repository(&text), repository_at(&server(), &text));
        let _ = repository(&format!("https://dev.azure.com/{text}"));
        let _ = repository_at(&server(), &format!("git.contoso.example/tfs/{text}"));
    }
}
