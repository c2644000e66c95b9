mod manifests;
mod recordings;
mod samples;
mod shapes;

use super::{answers::*, branch::*, manifests::*, requests::*, *};
use crate::{
    config::GitLab,
    domain::{
        deployment::Status,
        id::{CommitId, PullRequestId, RunId},
        problem::ProblemKind,
        time::Timestamp,
    },
    forge::capabilities::Reads,
    http::{ApiError, Origin, Response, address::Address, secret::Secret},
};

fn at(project: &str) -> GitLab {
    let api = Address::new("https://gitlab.com/api/v4").unwrap();
    GitLab { project: project.into(), branch: None, api }
}

fn secret() -> Secret {
    Secret::new(Origin::of("https://gitlab.com").unwrap(), "glpat-topsecret")
}

fn answer(status: u16, body: &str) -> Response {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Response { status, headers, body: body.as_bytes().to_vec() }
}

fn id(text: &str) -> RunId {
    RunId::new(text).unwrap()
}

#[test]
fn requests() {
    let (project, secret) = (at("1042"), secret());
    let commit = CommitId::new("0a12da8").unwrap();
    let merge = PullRequestId::new("17").unwrap();
    let all = [
        request_pipeline(&project, &id("7001"), Some(&secret), Some("W/\"1\"")),
        request_jobs(&project, &id("7001"), None),
        request_merge_request(&at("shop/trivia hld"), &merge, None, None),
        request_commit(&project, &commit, None),
        request_test(&project, None),
    ];
    let all: Vec<String> = all.iter().map(|r| format!("{r:?}")).collect();
    expect_test::expect![[r#"
        GET https://gitlab.com/api/v4/projects/1042/pipelines/7001 +secret
        If-None-Match: W/"1"
        GET https://gitlab.com/api/v4/projects/1042/pipelines/7001/jobs?include_retried=true&per_page=100
        GET https://gitlab.com/api/v4/projects/shop%2Ftrivia%20hld/merge_requests/17
        GET https://gitlab.com/api/v4/projects/1042/repository/commits/0a12da8
        GET https://gitlab.com/api/v4/projects/1042"#]]
    .assert_eq(&all.join("\n"));
    let header = request_pipeline(&project, &id("1"), Some(&secret), None).secret_header();
    assert_eq!(header, Some(("PRIVATE-TOKEN", "glpat-topsecret".to_owned())));
}

const PIPELINE: &str = r#"{
  "id": 7001, "iid": 31, "project_id": 1042, "name": null, "sha": "0a12da8c9914f3a1b2c3d4e5f60718293a4b5c6d",
  "ref": "main", "status": "success", "source": "push",
  "created_at": "2026-11-20T10:00:00.123Z", "updated_at": "2026-11-20T10:06:30.000Z",
  "started_at": "2026-11-20T10:00:05.000+00:00", "finished_at": "2026-11-20T10:06:00.000Z", "duration": 355,
  "web_url": "https://gitlab.com/shop/api/-/pipelines/7001",
  "user": { "name": "Mara Lind", "username": "mara.lind", "avatar_url": "https://gitlab.com/a/1.png", "web_url": "https://gitlab.com/mara.lind" },
  "detailed_status": { "icon": "status_warning", "group": "success-with-warnings", "text": "Warning" }
}"#;

#[test]
fn a_pipeline() {
    expect_test::expect![[r##"
        Run {
            status: Succeeded,
            warned: true,
            name: Some(
                "#31",
            ),
            link: Some(
                Link(
                    "https://gitlab.com/shop/api/-/pipelines/7001",
                ),
            ),
            queued: Some(
                Timestamp(
                    1795168800123,
                ),
            ),
            started: Some(
                Timestamp(
                    1795168805000,
                ),
            ),
            ended: Some(
                Timestamp(
                    1795169160000,
                ),
            ),
            commit: Some(
                "0a12da8c9914f3a1b2c3d4e5f60718293a4b5c6d",
            ),
            branch: Some(
                "main",
            ),
            repository: Some(
                "1042",
            ),
            starter: Some(
                Person {
                    name: "Mara Lind",
                    email: None,
                    image: Some(
                        Link(
                            "https://gitlab.com/a/1.png",
                        ),
                    ),
                    url: Some(
                        Link(
                            "https://gitlab.com/mara.lind",
                        ),
                    ),
                },
            ),
            image: None,
            parts: [],
            approvals: None,
        }
    "##]]
    .assert_debug_eq(&parse_pipeline(&answer(200, PIPELINE)).unwrap().1);
}

#[test]
fn states_of_pipelines() {
    #[track_caller]
    fn check(word: &str, status: Status, ended: Option<&str>) {
        let body =
            PIPELINE.replace("\"success\"", &format!("\"{word}\"")).replace("\"2026-11-20T10:06:00.000Z\"", "null");
        let run = parse_pipeline(&answer(200, &body)).unwrap().1;
        assert_eq!((run.status, run.ended.map(Timestamp::to_rfc3339).as_deref()), (status, ended), "{word}");
        assert_eq!(run.warned, status == Status::Succeeded);
    }
    let changed = Some("2026-11-20T10:06:30Z");
    for word in ["created", "waiting_for_resource", "preparing", "waiting_for_callback", "pending", "scheduled"] {
        check(word, Status::Queued, None);
    }
    check("running", Status::Running, None);
    check("canceling", Status::Running, None);
    check("success", Status::Succeeded, changed);
    check("failed", Status::Failed, changed);
    check("canceled", Status::Canceled, changed);
    check("skipped", Status::Skipped, changed);
    check("manual", Status::Waiting, None);
    check("exploded", Status::Unknown, None);
    check("", Status::Unknown, None);
}

#[test]
fn stages_are_as_their_worst_job() {
    #[track_caller]
    fn check(jobs: &[(&str, &str, bool)], expect: &str) {
        // The newest first, as GitLab lists them.
        let job = |(n, (stage, status, allowed)): (usize, &(&str, &str, bool))| {
            format!(
                r#"{{"id":{n},"name":"job {n}","stage":"{stage}","status":"{status}","allow_failure":{allowed},
                   "started_at":"2026-11-20T10:0{n}:00Z","finished_at":"2026-11-20T10:0{n}:30Z"}}"#
            )
        };
        let jobs: Vec<String> = jobs.iter().enumerate().map(job).rev().collect();
        let parts = parse_jobs(&answer(200, &format!("[{}]", jobs.join(",")))).unwrap();
        let expected = |p: &crate::domain::run::RunPart| {
            let warned = if p.warned { "!" } else { "" };
            let minute = |t: Option<Timestamp>| t.map(|t| t.millis() / 60_000 % 60);
            format!("{} {}{warned} {:?}-{:?}", p.name, p.status.as_str(), minute(p.started), minute(p.ended))
        };
        assert_eq!(parts.iter().map(expected).collect::<Vec<_>>().join(", "), expect);
    }
    check(&[], "");
    check(
        &[
            ("build", "success", false),
            ("test", "failed", false),
            ("test", "success", false),
            ("deploy", "skipped", false),
        ],
        "build succeeded Some(0)-Some(0), test failed Some(1)-Some(2), deploy skipped Some(3)-None",
    );
    check(&[("test", "failed", true), ("test", "success", false)], "test succeeded! Some(0)-Some(1)");
    check(&[("deploy", "manual", true)], "deploy incomplete Some(0)-None");
    check(&[("deploy", "manual", false)], "deploy waiting Some(0)-None");
    check(&[("build", "success", false), ("build", "running", false)], "build running Some(0)-None");
}

#[test]
fn a_job_that_is_run_again_stays_in_its_stage() {
    // The newest first; the image was built again, so its job is newer than those of the stages behind it.
    let body = r#"[
        {"id":9,"name":"image","stage":"build","status":"success","started_at":"2026-11-20T10:04:00Z"},
        {"id":8,"name":"ask","stage":"deploy","status":"manual","allow_failure":true},
        {"id":7,"name":"apply","stage":"deploy","status":"failed","allow_failure":false},
        {"id":6,"name":"slow","stage":"test","status":"canceled","allow_failure":true},
        {"id":5,"name":"unit","stage":"test","status":"success","allow_failure":null},
        {"id":4,"name":"image","stage":"build","status":"failed","started_at":"2026-11-20T10:01:00Z"}
    ]"#;
    let parts = parse_jobs(&answer(200, body)).unwrap();
    let expected = |p: &crate::domain::run::RunPart| format!("{} {} {}", p.name, p.status.as_str(), p.warned);
    let found: Vec<String> = parts.iter().map(expected).collect();
    assert_eq!(found, ["build succeeded false", "test succeeded true", "deploy failed false"]);
    assert_eq!(parts.first().and_then(|p| p.started), Timestamp::parse("2026-11-20T10:04:00Z"));
}

#[test]
fn jobs_that_are_not_listed_are_reported() {
    #[track_caller]
    fn check(body: &str, next: Option<&str>, expect: &[&str]) {
        let mut response = answer(200, body);
        response.headers.extend(next.map(|n| ("x-next-page".to_owned(), n.to_owned())));
        let parts = parse_jobs(&response).unwrap();
        let names: Vec<&str> = parts.iter().map(|p| &*p.name).collect();
        assert_eq!(names, expect);
        assert!(parts.iter().skip(1).all(|p| p.status == Status::Unknown));
    }
    let job = r#"{"id":1,"name":"a","stage":"s","status":"success"}"#;
    let full = format!("[{}]", vec![job; 100].join(","));
    check(&format!("[{job}]"), None, &["s"]);
    check(&format!("[{job}]"), Some(""), &["s"]);
    check(&format!("[{job}]"), Some("2"), &["s", "jobs not listed"]);
    check(&full, None, &["s", "jobs not listed"]); // the header may be hidden
    check(&full, Some(" "), &["s"]);
    check(&format!(r#"[{job},{{"id":"x"}}]"#), None, &["s", "jobs not listed"]);
    check(&format!(r#"[{job},{{"id":2,"name":"b"}}]"#), None, &["s", "jobs not listed"]);
}

#[test]
fn what_is_no_branch() {
    #[track_caller]
    fn check(more: &str, expect: Option<&str>) {
        let run = parse_pipeline(&answer(200, &format!(r#"{{"id":7,{more}}}"#))).unwrap().1;
        assert_eq!(run.branch.as_ref().map(|b| b.as_str()), expect, "{more}");
    }
    check(r#""ref":"main","tag":false"#, Some("main"));
    check(r#""ref":"refs/heads/main""#, Some("main"));
    check(r#""ref":"v1.2","tag":true"#, None);
    check(r#""ref":"refs/merge-requests/3/head","tag":null"#, None);
    check(r#""ref":"refs/merge-requests/3/merge""#, None);
}

const MERGE_REQUEST: &str = r#"{
  "id": 99001, "iid": 17, "title": "Promote api 1.4", "state": "opened", "draft": false,
  "web_url": "https://gitlab.com/shop/hld/-/merge_requests/17", "source_branch": "deploy/api-1.4",
  "created_at": "2026-11-20T10:10:00Z", "merged_at": null, "closed_at": null,
  "author": { "name": "release bot" }, "merge_user": null, "merged_by": { "name": "Ken Abe" },
  "reviewers": [{ "name": "Ana Ruiz" }, { "name": " " }], "sha": "5555555555", "merge_commit_sha": null, "squash_commit_sha": null
}"#;

#[test]
fn merge_requests() {
    #[track_caller]
    fn check(changes: &[(&str, &str)], expect: &str) {
        let mut body = MERGE_REQUEST.to_owned();
        for (from, to) in changes {
            assert!(body.contains(from), "{from}");
            body = body.replace(from, to);
        }
        let pull = parse_merge_request(&answer(200, &body)).unwrap();
        let waits: Vec<&str> = pull.waits_for.iter().map(|p| &*p.name).collect();
        let ended = pull.ended.map(Timestamp::to_rfc3339).unwrap_or_default();
        let by = pull.merged_by.map(|p| p.name).unwrap_or_default();
        let commit = pull.merge_commit.map(|c| c.to_string()).unwrap_or_default();
        let expected =
            format!("{:?} waits={waits:?} ended={ended} by={by} commit={commit} draft={}", pull.state, pull.draft);
        assert_eq!(expected, expect);
    }
    let merged = [("\"opened\"", "\"merged\""), ("\"merged_at\": null", "\"merged_at\": \"2026-11-20T11:00:00Z\"")];
    check(&[], "Open waits=[\"Ana Ruiz\"] ended= by= commit= draft=false");
    check(&[("\"draft\": false", "\"draft\": true")], "Open waits=[\"Ana Ruiz\"] ended= by= commit= draft=true");
    check(&merged, "Merged waits=[] ended=2026-11-20T11:00:00Z by=Ken Abe commit=5555555555 draft=false");
    check(
        &[
            merged[0],
            merged[1],
            ("\"merge_commit_sha\": null", "\"merge_commit_sha\": \"6666666666\""),
            ("\"merge_user\": null", "\"merge_user\": {\"name\": \"Jo Okafor\"}"),
        ],
        "Merged waits=[] ended=2026-11-20T11:00:00Z by=Jo Okafor commit=6666666666 draft=false",
    );
    // Closed is not merged, whoever closed it.
    check(
        &[("\"opened\"", "\"closed\""), ("\"closed_at\": null", "\"closed_at\": \"2026-11-21T00:00:00Z\"")],
        "Abandoned waits=[] ended=2026-11-21T00:00:00Z by= commit= draft=false",
    );
    check(&[("\"opened\"", "\"locked\"")], "Open waits=[\"Ana Ruiz\"] ended= by= commit= draft=false");
    check(&[("\"opened\"", "\"odd\"")], "Unknown waits=[] ended= by= commit= draft=false");
}

#[test]
fn commits_and_projects() {
    let commit = r#"{"id":"0a12da8c9914f3a1b2c3d4e5f60718293a4b5c6d","message":"Fix the quiz\n\nMore.","author_name":"Mara Lind",
        "author_email":"mara@contoso.example","committed_date":"2026-11-20T11:00:00.000+01:00","web_url":"https://gitlab.com/shop/api/-/commit/0a12da8"}"#;
    let commit = parse_commit(&answer(200, commit)).unwrap();
    assert_eq!(commit.author.map(|p| (p.name, p.image)), Some(("Mara Lind".into(), None)));
    assert_eq!(commit.at.map(Timestamp::to_rfc3339).as_deref(), Some("2026-11-20T10:00:00Z"));
    let project = r#"{"id":1042,"path_with_namespace":"shop/api","web_url":"https://gitlab.com/shop/api","default_branch":"main"}"#;
    let project = parse_project(&answer(200, project)).unwrap();
    assert_eq!((&*project.path, project.web.as_str()), ("shop/api", "https://gitlab.com/shop/api"));
    let old = CommitId::new("beef/00").unwrap();
    let links = [commit_link(&project.web, &commit.id), compare_link(&project.web, &old, &commit.id)];
    let links: Vec<String> = links.into_iter().flatten().map(|l| l.as_str().to_owned()).collect();
    assert_eq!(
        links,
        [
            "https://gitlab.com/shop/api/-/commit/0a12da8c9914f3a1b2c3d4e5f60718293a4b5c6d",
            "https://gitlab.com/shop/api/-/compare/beef%2F00...0a12da8c9914f3a1b2c3d4e5f60718293a4b5c6d"
        ]
    );
    for body in ["{}", r#"{"web_url":"javascript:alert(1)","path_with_namespace":"x"}"#] {
        assert_eq!(parse_project(&answer(200, body)).unwrap_err().kind, ProblemKind::Unreadable);
    }
}

#[test]
fn repositories() {
    #[track_caller]
    fn check(text: &str, expect: Option<&str>) {
        assert_eq!(repository(text, "git.contoso.example").as_deref(), expect, "{text}");
    }
    check("1042", Some("1042"));
    check("https://gitlab.com/shop/sub/api.git", Some("shop/sub/api"));
    check("gitlab.com/shop/api/", Some("shop/api"));
    check("git@gitlab.com:shop/api.git", Some("shop/api"));
    check("ssh://git@git.contoso.example:2222/shop/api.git", Some("shop/api"));
    check("https://oauth2@gitlab.contoso.example/shop/api", Some("shop/api"));
    check("https://gitlab.com/shop/api/-/tree/main", Some("shop/api"));
    check("https://github.com/contoso/api", None);
    check("https://dev.azure.com/contoso/p/_git/api", None);
    check("https://gitlab.com/shop", None);
    check("https://gitlab.com/../api", None);
    check("git@gitlab.com:1042/api.git", Some("1042/api"));
    check("gitlab.contoso.example:8443/shop/api", Some("shop/api"));
    check("gitlab-org/shop/api", None); // a group, not a host
    check("https://gitlab.com/shop/a b", None);
    check("shop/api", None); // no host, so it is anybody's
    check("", None);
}

#[test]
fn refusals() {
    #[track_caller]
    fn check(status: u16, body: &str, has_token: bool, kind: ProblemKind, part: &str) {
        let error: ApiError = parse_pipeline(&answer(status, body)).unwrap_err();
        let (what, hint) = explain(&error, &at("1042"), Reads::Runs, has_token);
        assert_eq!(error.kind, kind, "{status} {body}");
        assert!([&*what, &*hint].concat().contains(part), "{status} {body}: {what} {hint}");
        assert!(!what.is_empty() && !hint.is_empty());
    }
    let scope = r#"{"error":"insufficient_scope","error_description":"The request requires higher privileges.","scope":"api read_api"}"#;
    let expired = r#"{"error":"invalid_token","error_description":"Token is expired. You can either do re-authorization or token refresh."}"#;
    check(401, r#"{"message":"401 Unauthorized"}"#, true, ProblemKind::Unauthorized, "refuses the token");
    check(401, r#"{"message":"401 Unauthorized"}"#, false, ProblemKind::Unauthorized, "needs a token");
    check(401, expired, true, ProblemKind::Expired, "has expired");
    check(403, scope, true, ProblemKind::Forbidden, "lacks the scope read_api");
    check(403, r#"{"message":"403 Forbidden"}"#, true, ProblemKind::Forbidden, "Reporter");
    check(404, r#"{"message":"404 Project Not Found"}"#, false, ProblemKind::NotFound, "private");
    check(404, r#"{"message":{"base":["odd"]}}"#, true, ProblemKind::NotFound, "not a member");
    check(429, "Retry later", true, ProblemKind::RateLimited, "limiting requests");
    check(500, "{}", true, ProblemKind::Server, "500");
    check(301, "", true, ProblemKind::NotFound, "moved");
    check(200, "[]", true, ProblemKind::Unreadable, "api/v4");
    check(200, "{", true, ProblemKind::Truncated, "cut off");
}

#[test]
fn what_is_left() {
    let mut response = answer(200, "{}");
    for (name, value) in [("RateLimit-Remaining", "12"), ("RateLimit-Reset", "1795168800"), ("Retry-After", "30")] {
        response.headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let limits = limits(&response);
    assert_eq!((limits.remaining, limits.reset.map(Timestamp::millis)), (Some(12), Some(1_795_168_800_000)));
    assert_eq!(limits.retry_after.map(|d| d.as_secs()), Some(30));
}

proptest::proptest! {
    #[test]
    fn nothing_panics(at_byte in 0..900_usize, with: u8, cut: bool) {
        for body in [PIPELINE, MERGE_REQUEST, "[{\"id\":1,\"stage\":\"x\",\"status\":\"success\"}]"] {
            let mut bytes = body.as_bytes().to_vec();
            let place = at_byte % bytes.len();
            bytes[place] = with;
            if cut {
                bytes.truncate(place);
            }
            let response = Response { body: bytes, ..answer(200, "") };
            let _ = (parse_pipeline(&response), parse_jobs(&response), parse_merge_request(&response));
            let _ = (parse_commit(&response), parse_project(&response));
        }
    }
}
