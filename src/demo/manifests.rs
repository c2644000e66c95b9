//! The sample's repository of manifests, as GitHub describes it: its branch, commit by commit.
//!
//! Clusters report in rows of the table, so there are no tags, no statuses and no deployments; the order of the commits
//! is what a row cannot hold. Whatever else GitHub is asked for is not there.

use std::fmt::Write as _;

use super::{clock::Clock, mix::Sha, row::Plan};
use crate::http::{Request, Response};

/// Where it is asked.
pub(super) const REPOSITORY: &str = "https://api.github.com/repos/contoso/trivia-manifests";

/// Commits of one page, as GitHub has it at most.
const PAGE: usize = 100;

/// Answers a question about the repository. `published` are the plans whose manifests are there, each with its second,
/// in any order; there may be older ones that are not among them.
pub(super) fn answer(
    request: &Request,
    clock: Clock,
    published: impl Iterator<Item = (i64, Plan)>,
    has_older: bool,
) -> Response {
    let path = request.address().split(['?', '#']).next().unwrap_or_default();
    let Some(below) = path.strip_prefix(REPOSITORY) else { return not_found() };
    match below {
        "" => found("{\"full_name\":\"contoso/trivia-manifests\"}".to_owned()),
        "/commits" => commits(request, clock, published, has_older),
        "/deployments" => found("[]".to_owned()),
        _ if below.starts_with("/git/matching-refs/") => found("[]".to_owned()),
        _ if below.ends_with("/status") => {
            found("{\"state\":\"pending\",\"total_count\":0,\"statuses\":[]}".to_owned())
        }
        _ => not_found(),
    }
}

fn commits(request: &Request, clock: Clock, published: impl Iterator<Item = (i64, Plan)>, has_older: bool) -> Response {
    let mut log: Vec<(i64, Plan)> = published.filter(|(at, _)| *at <= clock.second).collect();
    log.sort_by_key(|(at, plan)| (-at, -i64::from(plan.number)));
    let ids: Vec<String> = log.iter().map(|(_, plan)| Sha::whole(plan.manifest()).to_string()).collect();
    let first = match request.query("sha").filter(|sha| sha != "main") {
        None => Some(0),
        Some(sha) => ids.iter().position(|id| id.starts_with(&sha)),
    };
    let Some(first) = first else { return not_found() };
    let mut body = String::from("[");
    for (place, ((at, _), id)) in log.iter().zip(&ids).enumerate().skip(first).take(PAGE) {
        let comma = if place == first { "" } else { "," };
        let parent = match ids.get(place + 1) {
            Some(parent) => format!("{{\"sha\":\"{parent}\"}}"),
            // Older than what is made up: there is one, and nobody can ask for it.
            None if has_older => format!("{{\"sha\":\"{}\"}}", Sha::whole(0)),
            None => String::new(),
        };
        let date = clock.at(*at);
        let _ = write!(
            body,
            "{comma}{{\"sha\":\"{id}\",\"parents\":[{parent}],\"commit\":{{\"committer\":{{\"date\":\"{date}\"}}}}}}"
        );
    }
    body.push(']');
    found(body)
}

pub(super) fn found(body: String) -> Response {
    json(200, body)
}

pub(super) fn not_found() -> Response {
    json(404, "{\"message\":\"Not Found\"}".to_owned())
}

fn json(status: u16, body: String) -> Response {
    let headers = vec![("content-type".to_owned(), "application/json; charset=utf-8".to_owned())];
    Response { status, headers, body: body.into_bytes() }
}
