mod branch;
mod manifests;
mod manifests_many;
mod many;
mod recordings;
mod refused;
mod rest;
mod samples;
mod shapes;

use super::{
    branch::*, deployments::*, found::*, lookup::*, manifests::*, manifests_many::*, requests::web, rest::*, tags::*, *,
};
use crate::{
    config::GitHub,
    domain::{
        cluster::SignalState,
        deployment::Status,
        id::{CommitId, PullRequestId},
        link::Link,
    },
    forge::{capabilities::Reads, limits::Limits},
    http::{Origin, Response, address::Address, secret::Secret},
};

fn at(api: &str) -> GitHub {
    GitHub { repository: "contoso/trivia".into(), branch: None, api: Address::new(api).unwrap() }
}

fn here() -> GitHub {
    at("https://api.github.com")
}

fn token() -> Secret {
    Secret::new(Origin::of("https://api.github.com").unwrap(), "github_pat_made_up")
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
    let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    Response { status, headers, body: body.into() }
}

fn ok(body: &str) -> Response {
    answer(200, &[("content-type", "application/json; charset=utf-8")], body)
}

#[test]
fn statuses() {
    #[track_caller]
    fn check(phase: &str, conclusion: Option<&str>, expect: Status) {
        assert_eq!(words::status(Some(phase), conclusion), expect, "{phase} {conclusion:?}");
        let capitals = conclusion.map(str::to_uppercase);
        assert_eq!(words::status(Some(&phase.to_uppercase()), capitals.as_deref()), expect, "{phase} {conclusion:?}");
    }
    check("queued", None, Status::Queued);
    check("requested", None, Status::Queued);
    check("pending", None, Status::Queued);
    check("waiting", None, Status::Waiting);
    check("in_progress", None, Status::Running);
    check("in_progress", Some("failure"), Status::Running); // not over yet
    check("completed", Some("success"), Status::Succeeded);
    check("completed", Some("neutral"), Status::Succeeded);
    check("completed", Some("failure"), Status::Failed);
    check("completed", Some("timed_out"), Status::Failed);
    check("completed", Some("startup_failure"), Status::Failed);
    check("completed", Some("cancelled"), Status::Canceled);
    check("completed", Some("skipped"), Status::Skipped);
    check("completed", Some("action_required"), Status::Waiting);
    check("completed", Some("stale"), Status::Unknown);
    check("completed", Some("splendid"), Status::Unknown);
    check("completed", Some(""), Status::Unknown);
    check("completed", None, Status::Unknown);
    check("success", Some("success"), Status::Unknown); // a conclusion is no phase
    check("", None, Status::Unknown);
    assert_eq!(words::status(None, Some("success")), Status::Unknown);
    assert_eq!(words::step(Some("completed"), Some("skipped")), Status::Incomplete);
    assert_eq!(words::step(Some("completed"), Some("failure")), Status::Failed);
}

#[test]
fn pull_states() {
    use crate::domain::pull_request::PullState;
    #[track_caller]
    fn check(state: &str, merged: bool, expect: PullState) {
        assert_eq!(words::pull_state(Some(state), merged), expect, "{state} {merged}");
    }
    check("open", false, PullState::Open);
    check("OPEN", false, PullState::Open);
    check("closed", true, PullState::Merged);
    check("CLOSED", false, PullState::Abandoned);
    check("MERGED", false, PullState::Merged);
    check("locked", false, PullState::Unknown);
    assert_eq!(words::pull_state(None, false), PullState::Unknown);
}

#[test]
fn signals() {
    use crate::domain::cluster::SignalState::{Applied, Failed, Pending, Unknown};
    #[track_caller]
    fn check(state: &str, status: SignalState, deployment: Option<SignalState>) {
        for state in [state.to_owned(), state.to_uppercase()] {
            assert_eq!((words::signal(Some(&state)), words::outcome(Some(&state))), (status, deployment), "{state}");
        }
    }
    check("success", Applied, Some(Applied));
    check("pending", Pending, Some(Pending));
    check("failure", Failed, Some(Failed));
    check("error", Failed, Some(Failed));
    // Only of deployments.
    check("queued", Unknown, Some(Pending));
    check("in_progress", Unknown, Some(Pending));
    check("waiting", Unknown, Some(Pending));
    check("inactive", Unknown, None);
    // Only of GraphQL's statuses.
    check("expected", Unknown, Some(Unknown));
    check("splendid", Unknown, Some(Unknown));
    check("", Unknown, Some(Unknown));
    assert_eq!((words::signal(None), words::outcome(None)), (Unknown, Some(Unknown)));
}

#[test]
fn names() {
    #[track_caller]
    fn check(workflow: Option<&str>, job: Option<&str>, expect: Option<&str>) {
        assert_eq!(words::job_name(workflow, job).as_deref(), expect, "{workflow:?} {job:?}");
    }
    check(Some("CI"), Some("build"), Some("CI / build"));
    check(Some("build"), Some("build"), Some("build"));
    check(None, Some("build"), Some("build"));
    check(Some("CI"), Some("  "), Some("CI"));
    check(None, None, None);
    assert_eq!(words::run_name(Some("CI"), Some(562)).as_deref(), Some("CI #562"));
    assert_eq!(words::run_name(Some(""), Some(562)).as_deref(), Some("#562"));
    assert_eq!(words::run_name(Some("CI"), None).as_deref(), Some("CI"));
    assert_eq!(words::run_name(None, None), None);
}

#[test]
fn repositories() {
    #[track_caller]
    fn check(text: &str, expect: Option<&str>) {
        assert_eq!(repository(text, "git.contoso.example:8443").as_deref(), expect, "{text}");
    }
    check("https://github.com/contoso/trivia", Some("contoso/trivia"));
    check("https://github.com/contoso/trivia/", Some("contoso/trivia"));
    check("https://github.com/contoso/trivia.git", Some("contoso/trivia"));
    check("https://github.com/contoso/trivia/tree/main?x=1#readme", Some("contoso/trivia"));
    check("https://www.GitHub.com/Contoso/Trivia.Web", Some("Contoso/Trivia.Web"));
    check("https://mara:pat@github.com/contoso/trivia", Some("contoso/trivia"));
    check("github.com/contoso/trivia", Some("contoso/trivia"));
    check("mara@github.com/contoso/trivia.git", Some("contoso/trivia"));
    check("git@github.com:contoso/trivia.git", Some("contoso/trivia"));
    check("ssh://git@github.com/contoso/trivia.git", Some("contoso/trivia"));
    check("ssh://git@github.com:22/contoso/trivia.git", Some("contoso/trivia"));
    check("git://github.com/contoso/trivia.git", Some("contoso/trivia"));
    check(" contoso/trivia ", Some("contoso/trivia"));
    check("contoso/trivia.git", Some("contoso/trivia"));
    check("https://github.contoso.example/shop/api", Some("shop/api"));
    check("https://git.contoso.example/shop/api", Some("shop/api"));
    check("git@git.contoso.example:shop/api.git", Some("shop/api"));
    check("git.contoso.example:8443/shop/api", Some("shop/api"));
    check("https://gitlab.com/contoso/trivia", None);
    check("gitlab.com/contoso/trivia", None);
    check("git@gitlab.com:contoso/trivia.git", None);
    check("https://dev.azure.com/contoso/trivia/_git/trivia", None);
    check("https://contoso.example/github.com/trivia", None);
    check("https://github.com@evil.example/contoso/trivia", None);
    check("github.com/contoso", None);
    check("https://github.com/contoso", None);
    check("https://contoso/trivia", None);
    check("group/sub/name", None);
    check("1042", None);
    check("contoso/", None);
    check("/contoso/trivia", None);
    check("contoso/..", None);
    check("contoso/a b", None);
    check("contoso/trivia\") { x", None);
    check("", None);
    // With data residency the API has a host of its own.
    assert_eq!(repository("https://contoso.ghe.com/shop/api", "api.contoso.ghe.com").as_deref(), Some("shop/api"));
}

#[test]
fn pages() {
    #[track_caller]
    fn check(api: &str, expect: Option<&str>) {
        let at = at(api);
        assert_eq!(web(&at).as_deref(), expect, "{api}");
        let below = |path: &str| expect.map(|web| [web, path].concat());
        let text = |link: Option<Link>| link.map(|link| link.as_str().to_owned());
        let (commit, other) = (CommitId::new("0a12da8").unwrap(), CommitId::new("beef000").unwrap());
        assert_eq!(text(commit_link(&at, &commit)), below("/contoso/trivia/commit/0a12da8"));
        assert_eq!(text(compare_link(&at, &other, &commit)), below("/contoso/trivia/compare/beef000...0a12da8"));
        assert_eq!(text(token_page(&at)), below("/settings/personal-access-tokens/new"));
    }
    check("https://api.github.com", Some("https://github.com"));
    check("https://git.contoso.example/api/v3/", Some("https://git.contoso.example"));
    check("https://git.contoso.example:8443/api/v3", Some("https://git.contoso.example:8443"));
    check("https://api.contoso.ghe.com", Some("https://contoso.ghe.com"));
    check("http://127.0.0.1:9000/github", None);
    // What rows hold is no part of a path by itself.
    let strange = CommitId::new("12/../../x?y").unwrap();
    assert_eq!(
        commit_link(&here(), &strange).unwrap().as_str(),
        "https://github.com/contoso/trivia/commit/12%2F..%2F..%2Fx%3Fy"
    );
}

#[test]
fn what_may_still_be_asked() {
    let headers =
        [("x-ratelimit-remaining", "59"), ("x-ratelimit-reset", "1795651200"), ("x-ratelimit-resource", "core")];
    let limits = limits(&answer(200, &headers, "{}"));
    assert_eq!(limits.remaining, Some(59));
    assert_eq!(limits.reset.unwrap().to_rfc3339(), "2026-11-26T00:00:00Z");
    assert_eq!(super::limits(&answer(200, &[], "{}")), Limits::default());
}
