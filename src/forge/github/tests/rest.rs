pub(super) mod commits;
pub(super) mod pull_requests;

use expect_test::expect;
use proptest::prelude::*;

use self::{commits::COMMIT, pull_requests::PULL};
use super::*;
use crate::domain::{
    id::RunId,
    problem::ProblemKind,
    pull_request::{PullRequest, PullState},
};

#[test]
fn requests() {
    let (run, commit) = (RunId::new("1115488431").unwrap(), CommitId::new("0a12da8").unwrap());
    let (pull, token) = (PullRequestId::new("12").unwrap(), token());
    let all = |at: &GitHub, secret: Option<&Secret>, etag: Option<&str>| {
        let requests = [
            request_job(at, &run, secret, etag),
            request_run(at, &run, secret, etag),
            request_commit(at, &commit, secret),
            request_pull_request(at, &pull, secret, etag),
            request_test(at, secret),
        ];
        requests.map(|request| format!("{request:?}")).join("\n\n")
    };
    expect![[r#"
        GET https://api.github.com/repos/contoso/trivia/actions/jobs/1115488431 +secret
        Accept: application/vnd.github+json
        X-GitHub-Api-Version: 2022-11-28
        If-None-Match: W/"7"

        GET https://api.github.com/repos/contoso/trivia/actions/runs/1115488431?exclude_pull_requests=true +secret
        Accept: application/vnd.github+json
        X-GitHub-Api-Version: 2022-11-28
        If-None-Match: W/"7"

        GET https://api.github.com/repos/contoso/trivia/commits/0a12da8?per_page=1 +secret
        Accept: application/vnd.github+json
        X-GitHub-Api-Version: 2022-11-28

        GET https://api.github.com/repos/contoso/trivia/pulls/12 +secret
        Accept: application/vnd.github+json
        X-GitHub-Api-Version: 2022-11-28
        If-None-Match: W/"7"

        GET https://api.github.com/repos/contoso/trivia +secret
        Accept: application/vnd.github+json
        X-GitHub-Api-Version: 2022-11-28"#]]
    .assert_eq(&all(&here(), Some(&token), Some("W/\"7\"")));

    // Without a token: nothing but what needs no preflight.
    let bare = all(&at("https://git.contoso.example/api/v3"), None, Some("W/\"7\""));
    expect![[r#"
        GET https://git.contoso.example/api/v3/repos/contoso/trivia/actions/jobs/1115488431
        Accept: application/vnd.github+json

        GET https://git.contoso.example/api/v3/repos/contoso/trivia/actions/runs/1115488431?exclude_pull_requests=true
        Accept: application/vnd.github+json

        GET https://git.contoso.example/api/v3/repos/contoso/trivia/commits/0a12da8?per_page=1
        Accept: application/vnd.github+json

        GET https://git.contoso.example/api/v3/repos/contoso/trivia/pulls/12
        Accept: application/vnd.github+json

        GET https://git.contoso.example/api/v3/repos/contoso/trivia
        Accept: application/vnd.github+json"#]]
    .assert_eq(&bare);
    // A token for elsewhere is as good as none.
    assert_eq!(all(&at("https://git.contoso.example/api/v3"), Some(&token), Some("W/\"7\"")), bare);
}

#[test]
fn ids_from_rows_stay_in_their_place() {
    let id = RunId::new("7/../../../user?x=1#").unwrap();
    let address = request_job(&here(), &id, None, None).address().to_owned();
    assert_eq!(address, "https://api.github.com/repos/contoso/trivia/actions/jobs/7%2F..%2F..%2F..%2Fuser%3Fx%3D1%23");
}

pub(super) const JOB: &str = r#"{
  "id": 61234567890, "run_id": 21234567890, "workflow_name": "CI", "name": "build",
  "run_url": "https://api.github.com/repos/contoso/trivia/actions/runs/21234567890",
  "html_url": "https://github.com/contoso/trivia/actions/runs/21234567890/job/61234567890",
  "head_sha": "0a12da8c991f5b0e5e1ab4a0e31d43ffbbb3a1c2", "head_branch": "main", "run_attempt": 1,
  "status": "completed", "conclusion": "failure",
  "created_at": "2026-11-20T09:00:00Z", "started_at": "2026-11-20T09:00:20Z", "completed_at": "2026-11-20T09:04:00Z",
  "steps": [
    {"name": "Set up job", "status": "completed", "conclusion": "success", "number": 1,
     "started_at": "2026-11-20T01:00:20.000-08:00", "completed_at": "2026-11-20T01:00:25.000-08:00"},
    {"name": "Push image", "status": "completed", "conclusion": "failure", "number": 2,
     "started_at": "2026-11-20T01:00:25.000-08:00", "completed_at": "2026-11-20T01:03:59.000-08:00"},
    {"name": "Write row", "status": "completed", "conclusion": "skipped", "number": 3,
     "started_at": "2026-11-20T01:03:59.000-08:00", "completed_at": "2026-11-20T01:03:59.000-08:00"}
  ]
}"#;

#[test]
fn a_job() {
    let run = parse_job(&ok(JOB)).unwrap().1;
    expect![[r#"
        Run {
            status: Failed,
            warned: false,
            name: Some(
                "CI / build",
            ),
            link: Some(
                Link(
                    "https://github.com/contoso/trivia/actions/runs/21234567890/job/61234567890",
                ),
            ),
            queued: Some(
                Timestamp(
                    1795165200000,
                ),
            ),
            started: Some(
                Timestamp(
                    1795165220000,
                ),
            ),
            ended: Some(
                Timestamp(
                    1795165440000,
                ),
            ),
            commit: Some(
                "0a12da8c991f5b0e5e1ab4a0e31d43ffbbb3a1c2",
            ),
            branch: Some(
                "main",
            ),
            repository: Some(
                "https://github.com/contoso/trivia",
            ),
            starter: None,
            image: None,
            parts: [
                RunPart {
                    name: "Set up job",
                    status: Succeeded,
                    warned: false,
                    started: Some(
                        Timestamp(
                            1795165220000,
                        ),
                    ),
                    ended: Some(
                        Timestamp(
                            1795165225000,
                        ),
                    ),
                    waits_for: [],
                    approvals: [],
                },
                RunPart {
                    name: "Push image",
                    status: Failed,
                    warned: false,
                    started: Some(
                        Timestamp(
                            1795165225000,
                        ),
                    ),
                    ended: Some(
                        Timestamp(
                            1795165439000,
                        ),
                    ),
                    waits_for: [],
                    approvals: [],
                },
                RunPart {
                    name: "Write row",
                    status: Incomplete,
                    warned: false,
                    started: Some(
                        Timestamp(
                            1795165439000,
                        ),
                    ),
                    ended: Some(
                        Timestamp(
                            1795165439000,
                        ),
                    ),
                    waits_for: [],
                    approvals: [],
                },
            ],
            approvals: None,
        }
    "#]]
    .assert_debug_eq(&run);
    assert_eq!(run.deciding_part().map(|part| &*part.name), Some("Push image"));
}

#[test]
fn steps_matter_only_when_one_failed() {
    let parts = |body: &str| parse_job(&ok(body)).unwrap().1.parts.len();
    assert_eq!(parts(JOB), 3);
    assert_eq!(parts(&JOB.replace("\"failure\",\n  \"created_at", "\"success\",\n  \"created_at")), 0);
    assert_eq!(parts(&JOB.replace("\"conclusion\": \"failure\", \"number\": 2", "\"conclusion\": \"cancelled\"")), 0);
}

#[test]
fn a_job_that_is_not_over() {
    let body = |status: &str| {
        format!(
            r#"{{"id": 1, "name": "build", "status": "{status}", "conclusion": null, "completed_at": null, "steps": [],
            "workflow_name": null, "created_at": "2026-11-20T09:00:00Z", "started_at": "2026-11-20T09:00:20Z"}}"#
        )
    };
    let queued = parse_job(&ok(&body("queued"))).unwrap().1;
    assert_eq!((queued.status, queued.started, queued.ended), (Status::Queued, None, None));
    let running = parse_job(&ok(&body("in_progress"))).unwrap().1;
    assert_eq!((running.status, running.started.is_some(), running.ended), (Status::Running, true, None));
    assert_eq!(running.name.as_deref(), Some("build"));
}

pub(super) const RUN: &str = r#"{
  "id": 21234567890, "name": "CI", "run_number": 562, "run_attempt": 2, "event": "push", "display_title": "Ask twice",
  "head_branch": "main", "head_sha": "0a12da8c991f5b0e5e1ab4a0e31d43ffbbb3a1c2",
  "status": "completed", "conclusion": "success",
  "html_url": "https://github.com/contoso/trivia/actions/runs/21234567890",
  "url": "https://api.github.com/repos/contoso/trivia/actions/runs/21234567890",
  "created_at": "2026-11-20T09:00:00Z", "run_started_at": "2026-11-20T10:00:00Z", "updated_at": "2026-11-20T10:05:00Z",
  "actor": {"login": "mara-lind", "avatar_url": "https://avatars.example/u/1", "html_url": "https://github.com/mara-lind",
            "url": "https://api.github.com/users/mara-lind"},
  "triggering_actor": {"login": "contoso-bot"}, "pull_requests": []
}"#;

#[test]
fn a_run() {
    expect![[r#"
        Run {
            status: Succeeded,
            warned: false,
            name: Some(
                "CI #562",
            ),
            link: Some(
                Link(
                    "https://github.com/contoso/trivia/actions/runs/21234567890",
                ),
            ),
            queued: Some(
                Timestamp(
                    1795165200000,
                ),
            ),
            started: Some(
                Timestamp(
                    1795168800000,
                ),
            ),
            ended: Some(
                Timestamp(
                    1795169100000,
                ),
            ),
            commit: Some(
                "0a12da8c991f5b0e5e1ab4a0e31d43ffbbb3a1c2",
            ),
            branch: Some(
                "main",
            ),
            repository: Some(
                "https://github.com/contoso/trivia",
            ),
            starter: Some(
                Person {
                    name: "mara-lind",
                    email: None,
                    image: Some(
                        Link(
                            "https://avatars.example/u/1",
                        ),
                    ),
                    url: Some(
                        Link(
                            "https://github.com/mara-lind",
                        ),
                    ),
                },
            ),
            image: None,
            parts: [],
            approvals: None,
        }
    "#]]
    .assert_debug_eq(&parse_run(&ok(RUN)).unwrap().1);
    let running =
        parse_run(&ok(&RUN.replace("\"completed\", \"conclusion\": \"success\"", "\"in_progress\""))).unwrap().1;
    assert_eq!((running.status, running.ended), (Status::Running, None)); // it was updated, and goes on
    let held = parse_run(&ok(&RUN.replace("\"success\"", "\"action_required\""))).unwrap().1;
    assert_eq!((held.status, held.ended), (Status::Waiting, None));
    let orphan = parse_run(&ok(&RUN.replace("\"actor\"", "\"was_actor\""))).unwrap().1;
    assert_eq!(&*orphan.starter.unwrap().name, "contoso-bot");
}

#[test]
fn a_test() {
    assert_eq!(parse_test(&ok(r#"{"id": 1, "full_name": "contoso/trivia", "private": true}"#)), Ok(()));
    assert_eq!(parse_test(&ok(r#"{"current_user_url": "x"}"#)).unwrap_err().kind, ProblemKind::Unreadable);
    assert_eq!(parse_test(&answer(401, &[], "{}")).unwrap_err().kind, ProblemKind::Unauthorized);
}

#[test]
fn what_is_not_what_was_asked_for() {
    #[track_caller]
    fn check(body: &str, expect: ProblemKind) {
        let response = ok(body);
        let kinds = [
            parse_job(&response).map(|_| ()),
            parse_run(&response).map(|_| ()),
            parse_commit(&response).map(|_| ()),
            parse_pull_request(&response).map(|_| ()),
            parse_test(&response),
        ];
        for kind in kinds {
            let error = kind.unwrap_err();
            assert_eq!((error.kind, error.status), (expect, 200), "{body}");
        }
    }
    check("{}", ProblemKind::Unreadable);
    check("[]", ProblemKind::Unreadable);
    check("null", ProblemKind::Unreadable);
    check("", ProblemKind::Truncated);
    check("{\"id\": 1", ProblemKind::Truncated);
    check("<!doctype html>", ProblemKind::Unreadable);
}

proptest! {
    #[test]
    fn no_body_is_read_with_a_panic(which in 0..4_usize, at in 0..2000_usize, with in "\\PC{0,4}", cut in 0..9_usize) {
        let mut body = [JOB, RUN, COMMIT, PULL][which].to_owned();
        let at = (0..=at.min(body.len())).rev().find(|at| body.is_char_boundary(*at)).unwrap();
        let end = (at + cut..=body.len()).find(|end| body.is_char_boundary(*end)).unwrap_or(body.len());
        body.replace_range(at.min(end)..end, &with);
        let response = ok(&body);
        let _ = (parse_job(&response), parse_run(&response), parse_commit(&response));
        let _ = (parse_pull_request(&response), parse_test(&response));
    }
}
