//! What is read of the answers.

use super::*;
use crate::domain::{run::Run, time::Timestamp};

const ANSWER: &str = r#"{"data": {
  "r0": {
    "c0": {
      "sha": "0a12da8c991f5b0e5e1ab4a0e31d43ffbbb3a1c2", "message": "Ask twice\n\nOnce was not enough.",
      "html_url": "https://github.com/contoso/trivia/commit/0a12da8c991f5b0e5e1ab4a0e31d43ffbbb3a1c2",
      "committed_at": "2026-11-20T08:59:00Z",
      "author": {"name": "Mara Lind", "email": "mara.lind@contoso.example", "avatar_url": "https://avatars.example/u/1?v=4",
                 "user": {"login": "mara-lind", "avatar_url": "https://avatars.example/u/1", "html_url": "https://github.com/mara-lind"}},
      "checkSuites": {"nodes": [
        {"status": "COMPLETED", "conclusion": "SUCCESS", "branch": null, "creator": null, "workflowRun": null,
         "checkRuns": {"nodes": [{"id": 61234567890, "name": "somebody else's", "status": "COMPLETED", "conclusion": "FAILURE",
           "html_url": "https://checks.example/61234567890", "started_at": null, "completed_at": null}]}},
        null,
        {"status": "COMPLETED", "conclusion": "FAILURE", "branch": {"name": "main"},
         "creator": {"login": "mara-lind", "avatar_url": "https://avatars.example/u/1", "html_url": "https://github.com/mara-lind"},
         "workflowRun": {"id": 21234567890, "html_url": "https://github.com/contoso/trivia/actions/runs/21234567890",
           "run_number": 562, "created_at": "2026-11-20T09:00:00Z", "updated_at": "2026-11-20T09:05:00Z", "workflow": {"name": "CI"}},
         "checkRuns": {"nodes": [
           {"id": 61234567891, "name": "lint", "status": "COMPLETED", "conclusion": "FAILURE",
            "html_url": "https://github.com/contoso/trivia/actions/runs/21234567890/job/61234567891",
            "started_at": "2026-11-20T09:00:30Z", "completed_at": "2026-11-20T09:01:00Z"},
           {"id": 61234567890, "name": "build", "status": "COMPLETED", "conclusion": "SUCCESS",
            "html_url": "https://github.com/contoso/trivia/actions/runs/21234567890/job/61234567890",
            "started_at": "2026-11-20T09:00:20Z", "completed_at": "2026-11-20T09:04:00Z"}]}}
      ]}
    },
    "p1": {
      "number": 12, "title": "Trivia 1.4 to prod", "html_url": "https://github.com/contoso/trivia/pull/12",
      "state": "OPEN", "draft": true, "head_ref": "deploy/trivia-1.4",
      "created_at": "2026-11-20T09:10:00Z", "closed_at": null, "merged_at": null,
      "user": {"login": "contoso-bot", "avatar_url": "https://avatars.example/in/2", "html_url": "https://github.com/apps/contoso-bot"},
      "merged_by": null, "merge_commit": null,
      "review_requests": {"nodes": [
        {"reviewer": {"login": "jon-abara", "avatar_url": "https://avatars.example/u/3", "html_url": "https://github.com/jon-abara"}},
        {"reviewer": {"name": "Release desk", "html_url": "https://github.com/orgs/contoso/teams/release-desk"}},
        {"reviewer": null}]}
    }
  },
  "r1": {"c0": null},
  "rateLimit": {"remaining": 4989, "resetAt": "2026-11-20T10:00:00Z"}
}}"#;

/// What is found is what the REST API's answers about the same things are read as, but for what either lacks.
#[test]
fn both_ways_to_ask_have_the_same_result() {
    let (found, limits) = parse_many(&ok(ANSWER), &lookups()).unwrap();
    let commit = parse_commit(&ok(super::super::rest::commits::COMMIT)).unwrap();
    let at = Timestamp::parse;
    let run = parse_run(&ok(super::super::rest::RUN)).unwrap().1;
    let job = parse_job(&ok(super::super::rest::JOB)).unwrap().1;
    // The job went well here, and its suite has who started it; the run began anew there.
    let (status, starter, parts) = (Status::Succeeded, run.starter.clone(), Vec::new());
    let job = Run { status, starter, parts, queued: None, ..job };
    let (started, ended) = (at("2026-11-20T09:00:20Z"), at("2026-11-20T09:05:00Z"));
    let run = Run { status: Status::Failed, started, ended, ..run };
    let mut pull = parse_pull_request(&ok(super::super::rest::pull_requests::PULL)).unwrap();
    pull.waits_for[0].url = Link::new("https://github.com/jon-abara");
    let expect = [Found::Commit(commit), Found::Run(job), Found::Run(run), Found::PullRequest(pull), Found::Nothing];
    assert_eq!(found, expect);
    assert_eq!((limits.remaining, limits.reset), (Some(4989), at("2026-11-20T10:00:00Z")));
}

fn words(found: &[Found]) -> Vec<&'static str> {
    let word = |found: &Found| match found {
        Found::Commit(_) => "commit",
        Found::PullRequest(_) => "pull",
        Found::Run(_) => "run",
        Found::Nothing => "nothing",
        Found::Unanswered => "unsaid",
    };
    found.iter().map(word).collect()
}

#[test]
fn an_answer_about_another_is_not_taken_for_this_one() {
    let found = |old: &str, new: &str| words(&parse_many(&ok(&ANSWER.replace(old, new)), &lookups()).unwrap().0);
    let all = ["commit", "run", "run", "pull", "nothing"];
    assert_eq!(found("", ""), all);
    assert_eq!(found("\"number\": 12", "\"number\": 13"), ["commit", "run", "run", "unsaid", "nothing"]);
    assert_eq!(found("\"sha\": \"0a12", "\"sha\": \"0b12"), ["nothing", "run", "run", "pull", "nothing"]);
    assert_eq!(found("\"id\": 21234567890", "\"id\": 7"), ["commit", "run", "unsaid", "pull", "nothing"]);
    assert_eq!(found("\"id\": 61234567890", "\"id\": 7"), ["commit", "unsaid", "run", "pull", "nothing"]);
}

#[test]
fn an_answer_in_part() {
    #[track_caller]
    fn check(change: impl Fn(&mut serde_json::Value), expect: [&str; 5]) {
        let mut answer: serde_json::Value = serde_json::from_str(ANSWER).unwrap();
        change(&mut answer);
        let (found, _) = parse_many(&ok(&answer.to_string()), &lookups()).unwrap();
        assert_eq!(words(&found), expect);
    }
    fn error(kind: &str, path: &[&str]) -> serde_json::Value {
        serde_json::json!([{"type": kind, "path": path, "locations": [], "message": "Could not."}])
    }
    use serde_json::Value::Null;
    check(|_| (), ["commit", "run", "run", "pull", "nothing"]);
    let not_found = |answer: &mut serde_json::Value| {
        answer["data"]["r0"]["p1"] = Null;
        answer["errors"] = error("NOT_FOUND", &["r0", "p1"]);
    };
    check(not_found, ["commit", "run", "run", "nothing", "nothing"]);
    let timed_out = |answer: &mut serde_json::Value| {
        answer["data"]["r0"]["p1"] = Null;
        answer["errors"] = error("RESOURCE_LIMITS_EXCEEDED", &["r0", "p1"]);
    };
    check(timed_out, ["commit", "run", "run", "unsaid", "nothing"]);
    // A fine-grained token cannot have the permission to read the checks of a private repository.
    let no_checks = |answer: &mut serde_json::Value| {
        answer["data"]["r0"]["c0"]["checkSuites"] = Null;
        answer["errors"] = error("FORBIDDEN", &["r0", "c0", "checkSuites"]);
    };
    check(no_checks, ["commit", "unsaid", "unsaid", "pull", "nothing"]);
    let no_repository = |answer: &mut serde_json::Value| {
        answer["data"]["r1"] = Null;
        answer["errors"] = error("NOT_FOUND", &["r1"]);
    };
    check(no_repository, ["commit", "run", "run", "pull", "nothing"]);
    let forbidden = |answer: &mut serde_json::Value| {
        answer["data"]["r0"] = Null;
        answer["errors"] = error("FORBIDDEN", &["r0"]);
    };
    check(forbidden, ["unsaid", "unsaid", "unsaid", "unsaid", "nothing"]);
    let left_out = |answer: &mut serde_json::Value| {
        answer["data"]["r0"].as_object_mut().unwrap().remove("c0");
    };
    check(left_out, ["unsaid", "unsaid", "unsaid", "pull", "nothing"]);
    let no_commit = |answer: &mut serde_json::Value| answer["data"]["r0"]["c0"] = serde_json::json!({});
    check(no_commit, ["unsaid", "unsaid", "unsaid", "pull", "nothing"]);
    let other_commit = |answer: &mut serde_json::Value| answer["data"]["r0"]["c0"]["sha"] = "beef".into();
    check(other_commit, ["nothing", "run", "run", "pull", "nothing"]);
    let strange = |answer: &mut serde_json::Value| answer["data"]["r0"]["p1"]["number"] = "twelve".into();
    check(strange, ["commit", "run", "run", "unsaid", "nothing"]);
    let no_run = |answer: &mut serde_json::Value| answer["data"]["r0"]["c0"]["checkSuites"]["nodes"] = Null;
    check(no_run, ["commit", "unsaid", "unsaid", "pull", "nothing"]);
    // `Int` holds 32 bits: should the ids be kept back for it, the pages still show them.
    let no_ids = |answer: &mut serde_json::Value| {
        let suite = &mut answer["data"]["r0"]["c0"]["checkSuites"]["nodes"][2];
        suite["workflowRun"]["id"] = Null;
        suite["checkRuns"]["nodes"][1]["id"] = Null;
    };
    check(no_ids, ["commit", "run", "run", "pull", "nothing"]);
}

#[test]
fn the_whole_is_refused() {
    #[track_caller]
    fn check(response: &Response, expect: ProblemKind) -> ApiError {
        let error = parse_many(response, &lookups()).unwrap_err();
        assert_eq!(error.kind, expect, "{error:?}");
        error
    }
    let limit = r#"{"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 1."}]}"#;
    let error = check(&answer(200, &[("retry-after", "30")], limit), ProblemKind::RateLimited);
    assert_eq!((error.code.as_str(), error.retry_after), ("RATE_LIMITED", Some(std::time::Duration::from_secs(30))));
    check(&ok(&limit.replace("RATE_LIMITED", "RATE_LIMIT")), ProblemKind::RateLimited);
    check(
        &ok(r#"{"data": null, "errors": [{"message": "You have exceeded a secondary rate limit."}]}"#),
        ProblemKind::RateLimited,
    );
    check(&answer(403, &[("x-ratelimit-remaining", "0")], "{}"), ProblemKind::RateLimited);
    check(&answer(401, &[], r#"{"message": "Bad credentials"}"#), ProblemKind::Unauthorized);
    let slow = r#"{"data": null, "errors": [{"message": "Something went wrong while executing your query."}]}"#;
    assert!(check(&answer(502, &[], slow), ProblemKind::Server).detail.starts_with("Something went wrong"));
    check(&ok(slow), ProblemKind::Server);
    let old = r#"{"errors": [{"path": ["fragment runs", "checkSuites"], "message": "Field 'x' doesn't exist on type 'CheckSuite'"}]}"#;
    check(&ok(old), ProblemKind::Unreadable);
    check(&ok("{}"), ProblemKind::Unreadable);
    check(&ok("[]"), ProblemKind::Unreadable);
    check(&ok(r#"{"data": {"r0"#), ProblemKind::Truncated);
    let forbidden = r#"{"data": {"r0": null, "r1": null}, "errors": [
        {"type": "FORBIDDEN", "path": ["r0"], "extensions": {"saml_failure": true}, "message": "Resource protected by organization SAML enforcement."},
        {"type": "NOT_FOUND", "path": ["r1"], "message": "Could not resolve to a Repository"}]}"#;
    let error = check(&ok(forbidden), ProblemKind::Forbidden);
    assert!(explain(&error, &here(), Reads::Commits, true).0.contains("single sign-on"));
}

#[test]
fn nothing_at_all_is_there() {
    let gone = r#"{"data": {"r0": null, "r1": null}, "errors": [
        {"type": "NOT_FOUND", "path": ["r0"], "message": "Could not resolve to a Repository"},
        {"type": "NOT_FOUND", "path": ["r1"], "message": "Could not resolve to a Repository"}]}"#;
    let (found, limits) = parse_many(&ok(gone), &lookups()).unwrap();
    assert_eq!((found, limits), (vec![Found::Nothing; 5], Limits::default()));
}

#[test]
fn a_merged_pull_request() {
    let body = r#"{"data": {"r0": {"p0": {"number": 12, "state": "MERGED", "head_ref": "deploy",
        "merged_at": "2026-11-20T10:00:00Z", "closed_at": "2026-11-20T10:00:00Z",
        "merged_by": {"login": "jon-abara"}, "merge_commit": {"sha": "9f00000"},
        "review_requests": {"nodes": [{"reviewer": {"login": "late"}}]}}}}}"#;
    let (found, _) = parse_many(&ok(body), &[pull("a/b", "12")]).unwrap();
    let [Found::PullRequest(pull)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((pull.state, pull.waits_for.len()), (PullState::Merged, 0));
    assert_eq!(pull.merge_commit.as_ref().map(CommitId::as_str), Some("9f00000"));
    assert_eq!(pull.merged_by.as_ref().map(|p| &*p.name), Some("jon-abara"));
}

proptest! {
    #[test]
    fn no_body_is_read_with_a_panic(at in 0..4500_usize, with in "\\PC{0,4}", cut in 0..9_usize) {
        let mut body = ANSWER.to_owned();
        let at = (0..=at.min(body.len())).rev().find(|at| body.is_char_boundary(*at)).unwrap();
        let end = (at + cut..=body.len()).find(|end| body.is_char_boundary(*end)).unwrap_or(body.len());
        body.replace_range(at.min(end)..end, &with);
        if let Ok((found, _)) = parse_many(&ok(&body), &lookups()) {
            prop_assert_eq!(found.len(), 5);
        }
    }

    #[test]
    fn any_lookup_makes_a_query(text in "\\PC{1,12}", other in "\\PC{1,12}") {
        let (Some(id), Some(run)) = (CommitId::new(&text), RunId::new(&other)) else { return Ok(()) };
        let lookups = [
            Lookup::Commit { repository: other.as_str().into(), id: id.clone() },
            Lookup::Run { repository: [&*text, "/", &*other].concat().into(), id: run, commit: id },
        ];
        let question = query(&lookups);
        prop_assert_eq!(question.matches("repository(").count(), question.matches("  r").count() - 1);
        prop_assert_eq!(parse_many(&ok(r#"{"data": {}}"#), &lookups).unwrap().0.len(), 2);
    }
}
