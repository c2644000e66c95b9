use expect_test::expect;
use proptest::prelude::*;

use super::*;
use crate::domain::{
    cluster::SignalState,
    manifests::{CommitStatus, EnvironmentDeployment, ListPage, Listed, Log, Outcome, Tag},
    problem::ProblemKind,
    time::Timestamp,
};

const NEW: &str = "0a12da8c991f5b0e5e1ab4a0e31d43ffbbb3a1c2";
const MERGED: &str = "b7714f00d1e2f3a4b5c6d7e8f90a1b2c3d4e5f60";
const OLD: &str = "77aa8a1e9b7d4c3f2a1b0c9d8e7f6a5b4c3d2e1f";

fn commit(id: &str) -> CommitId {
    CommitId::new(id).unwrap()
}

fn time(text: &str) -> Option<Timestamp> {
    Some(Timestamp::parse(text).unwrap())
}

#[test]
fn requests() {
    let (token, id) = (token(), commit("0a12da8"));
    let all = |secret: Option<&Secret>, etag: Option<&str>| {
        let at = here();
        let requests = [
            request_log(&at, None, None, secret, etag),
            request_log(&at, None, Some("release/2 & more"), secret, etag),
            request_log(&at, Some(&id), Some("main"), secret, etag),
            request_tags(&at, "flux-", secret, etag),
            request_tag(&at, "940bd33", secret),
            request_statuses(&at, &id, 1, secret, etag),
            request_statuses(&at, &id, 2, secret, etag),
            request_deployments(&at, 1, secret, etag),
            request_deployments(&at, 3, secret, etag),
            request_deployments_to(&at, "prod/eu", secret, etag),
            request_outcome(&at, "42", secret),
        ];
        requests.map(|request| format!("{request:?}")).join("\n")
    };
    expect![[r#"
        GET https://api.github.com/repos/contoso/trivia/commits?per_page=100
        Accept: application/vnd.github+json
        GET https://api.github.com/repos/contoso/trivia/commits?sha=release%2F2%20%26%20more&per_page=100
        Accept: application/vnd.github+json
        GET https://api.github.com/repos/contoso/trivia/commits?sha=0a12da8&per_page=100
        Accept: application/vnd.github+json
        GET https://api.github.com/repos/contoso/trivia/git/matching-refs/tags/flux-
        Accept: application/vnd.github+json
        GET https://api.github.com/repos/contoso/trivia/git/tags/940bd33
        Accept: application/vnd.github+json
        GET https://api.github.com/repos/contoso/trivia/commits/0a12da8/status?per_page=100
        Accept: application/vnd.github+json
        GET https://api.github.com/repos/contoso/trivia/commits/0a12da8/status?per_page=100&page=2
        Accept: application/vnd.github+json
        GET https://api.github.com/repos/contoso/trivia/deployments?per_page=100
        Accept: application/vnd.github+json
        GET https://api.github.com/repos/contoso/trivia/deployments?per_page=100&page=3
        Accept: application/vnd.github+json
        GET https://api.github.com/repos/contoso/trivia/deployments?environment=prod%2Feu&per_page=10
        Accept: application/vnd.github+json
        GET https://api.github.com/repos/contoso/trivia/deployments/42/statuses?per_page=1
        Accept: application/vnd.github+json"#]]
    .assert_eq(&all(None, Some("W/\"7\"")));
    let with = all(Some(&token), Some("W/\"7\""));
    assert_eq!((with.matches(" +secret").count(), with.matches("If-None-Match: W/\"7\"").count()), (11, 9));
}

#[test]
fn prefixes_stay_in_their_place() {
    #[track_caller]
    fn check(prefix: &str, expect: &str) {
        let address = request_tags(&here(), prefix, None, None).address().to_owned();
        let below = address.strip_prefix("https://api.github.com/repos/contoso/trivia/git/matching-refs/");
        assert_eq!(below, Some(expect), "{prefix}");
    }
    check("flux/prod-", "tags/flux/prod-");
    check("fl?x#", "tags/fl%3Fx%23");
    check("../../../../user", "tags%2F..%2F..%2F..%2F..%2Fuser");
    check("x/./y", "tags%2Fx%2F.%2Fy");
    check("", "tags/");
}

#[test]
fn a_log() {
    let body = serde_json::json!([
        {"sha": NEW, "commit": {"committer": {"date": "2026-11-20T09:00:00Z"}, "author": {"date": "2026-11-01T09:00:00Z"}},
         "parents": [{"sha": OLD}, {"sha": MERGED}]},
        {"sha": MERGED, "commit": null},
        {"sha": OLD, "parents": []},
    ]);
    let log = parse_log(&ok(&body.to_string())).unwrap();
    let listed = |id: &str, parents: &[&str], at| Listed {
        id: commit(id),
        parents: parents.iter().map(|id| commit(id)).collect(),
        at,
    };
    assert_eq!(
        log,
        Log {
            tip: Some(commit(NEW)),
            commits: vec![listed(NEW, &[OLD, MERGED], time("2026-11-20T09:00:00Z")), listed(OLD, &[], None)],
            unclear: vec![commit(MERGED)],
        }
    );
}

#[test]
fn logs_in_part() {
    #[track_caller]
    fn check(body: &str, tip: Option<&str>, commits: &[&str], unclear: &[&str]) {
        let log = parse_log(&ok(body)).unwrap();
        let ids: Vec<&str> = log.commits.iter().map(|listed| listed.id.as_str()).collect();
        let open: Vec<&str> = log.unclear.iter().map(CommitId::as_str).collect();
        assert_eq!((log.tip.as_ref().map(CommitId::as_str), &*ids, &*open), (tip, commits, unclear), "{body}");
    }
    check("[]", None, &[], &[]);
    check(r#"[{"sha": "aaaaaaa", "parents": [{"sha": "bbbbbbb"}]}]"#, Some("aaaaaaa"), &["aaaaaaa"], &[]);
    // A parent that is not reported makes all of them unclear.
    check(r#"[{"sha": "aaaaaaa", "parents": [{"sha": "bbbbbbb"}, {}]}]"#, Some("aaaaaaa"), &[], &["aaaaaaa"]);
    check(r#"[{"sha": "aaaaaaa", "parents": null}]"#, Some("aaaaaaa"), &[], &["aaaaaaa"]);
    // What comes after one that cannot be read is not the newest.
    check(r#"[{"sha": 7}, {"sha": "bbbbbbb", "parents": []}]"#, None, &["bbbbbbb"], &[]);
    check(r#"[null, {"sha": " "}, {}, "x", {"sha": "bbbbbbb", "parents": 3}]"#, None, &[], &[]);
}

#[test]
fn a_repository_without_a_commit() {
    let empty = answer(409, &[], r#"{"message": "Git Repository is empty.", "status": "409"}"#);
    assert_eq!(parse_log(&empty), Ok(Log::default()));
    assert_eq!(parse_tags(&empty), Ok(ListPage::default()));
    assert_eq!(parse_deployments(&empty).unwrap_err().status, 409);
}

#[test]
fn tags() {
    let body = serde_json::json!([
        {"ref": "refs/tags/flux-east", "object": {"type": "tag", "sha": "940bd33"}},
        {"ref": "refs/tags/flux-west", "object": {"type": "commit", "sha": NEW}},
        {"ref": "refs/tags/flux-tree", "object": {"type": "tree", "sha": "4b825dc"}},
        {"ref": "refs/heads/flux-x", "object": {"type": "commit", "sha": NEW}},
        {"ref": "refs/tags/flux-none"},
        {"ref": "refs/tags/flux-blank", "object": {"type": "tag", "sha": ""}},
        {"ref": 7, "object": {"type": "commit", "sha": NEW}},
    ]);
    assert_eq!(
        parse_tags(&ok(&body.to_string())).unwrap().items,
        [
            Tag {
                name: "flux-east".into(),
                object: Some("940bd33".into()),
                commit: None,
                at: None,
                is_approximate: false
            },
            Tag { name: "flux-west".into(), object: None, commit: Some(commit(NEW)), at: None, is_approximate: true },
        ]
    );
}

#[test]
fn a_tag() {
    #[track_caller]
    fn check(kind: &str, sha: &str, expect: Option<(Option<&str>, Option<&str>)>) {
        let body = serde_json::json!({
            "tag": "flux-east", "sha": "940bd33", "message": "Here is the cluster\n",
            "tagger": {"name": "Flux", "date": "2026-11-20T10:00:00Z"}, "object": {"type": kind, "sha": sha},
        });
        let tag = parse_tag(&ok(&body.to_string()));
        let found = tag.as_ref().ok().map(|tag| {
            assert_eq!((&*tag.name, tag.at, tag.is_approximate), ("flux-east", time("2026-11-20T10:00:00Z"), false));
            (tag.object.as_deref(), tag.commit.as_ref().map(CommitId::as_str))
        });
        assert_eq!(found, expect, "{tag:?}");
    }
    check("commit", NEW, Some((Some("940bd33"), Some(NEW))));
    check("tag", "beef000", Some((Some("beef000"), None)));
    check("tree", "4b825dc", Some((None, None)));
    check("commit", "", None);
    for body in ["{}", r#"{"tag": "flux-east"}"#, r#"{"object": {"type": "commit", "sha": "0a12da8"}}"#] {
        assert_eq!(parse_tag(&ok(body)).unwrap_err().kind, ProblemKind::Unreadable, "{body}");
    }
    let bare = parse_tag(&ok(r#"{"tag": "x", "object": {"type": "commit", "sha": "0a12da8"}}"#)).unwrap();
    assert_eq!((bare.object, bare.at), (None, None));
}

#[test]
fn statuses() {
    #[track_caller]
    fn check(status: &str, expect: Option<(&str, SignalState, Option<Timestamp>, Option<&str>)>) {
        let body = format!(r#"{{"state": "pending", "total_count": 1, "statuses": [{status}]}}"#);
        let found = parse_statuses(&ok(&body), &commit(NEW)).unwrap().items;
        let expect = expect.map(|(context, state, at, message)| CommitStatus {
            commit: commit(NEW),
            context: context.into(),
            genre: None,
            state,
            at,
            message: message.map(Into::into),
        });
        assert_eq!(found, Vec::from_iter(expect), "{status}");
    }
    let made = time("2026-11-20T10:00:00Z");
    check(
        r#"{"context": "kustomization/apps/0c9c2e41", "state": "success", "description": "reconciliation succeeded",
            "created_at": "2026-11-20T10:00:00Z", "updated_at": "2026-11-20T10:00:05Z"}"#,
        Some(("kustomization/apps/0c9c2e41", SignalState::Applied, made, Some("reconciliation succeeded"))),
    );
    check(
        r#"{"context": "a", "state": "error", "description": null, "updated_at": "2026-11-20T10:00:00Z"}"#,
        Some(("a", SignalState::Failed, made, None)),
    );
    check(r#"{"context": "a", "state": "failure"}"#, Some(("a", SignalState::Failed, None, None)));
    check(r#"{"context": "a", "state": "pending"}"#, Some(("a", SignalState::Pending, None, None)));
    check(r#"{"context": "a", "state": "splendid"}"#, Some(("a", SignalState::Unknown, None, None)));
    check(r#"{"context": "a"}"#, Some(("a", SignalState::Unknown, None, None)));
    check(r#"{"state": "success"}"#, None);
    check(r#"{"context": 7, "state": "success"}"#, None);
    check("null", None);
    // GitHub reports a commit without a status as pending.
    let nothing = ok(r#"{"state": "pending", "total_count": 0, "statuses": []}"#);
    assert_eq!(parse_statuses(&nothing, &commit(NEW)), Ok(ListPage::default()));
    assert_eq!(parse_statuses(&ok("{}"), &commit(NEW)).unwrap_err().kind, ProblemKind::Unreadable);
}

#[test]
fn deployments() {
    let body = serde_json::json!([
        {"id": 4_200_000_000_u64, "environment": "prod-eu", "sha": NEW, "created_at": "2026-11-20T10:00:00Z"},
        {"id": 41, "environment": "lab", "creator": {"login": "github-actions[bot]"}},
        {"id": 40, "environment": ""},
        {"environment": "lab"},
        {"id": "x", "environment": "lab"},
    ]);
    let deployment = |id: &str, environment: &str, commit, at, is_by_workflow| EnvironmentDeployment {
        id: id.into(),
        environment: environment.into(),
        commit,
        outcome: None,
        at,
        is_by_workflow,
    };
    assert_eq!(
        parse_deployments(&ok(&body.to_string())).unwrap().items,
        [
            deployment("4200000000", "prod-eu", Some(commit(NEW)), time("2026-11-20T10:00:00Z"), false),
            deployment("41", "lab", None, None, true),
        ]
    );
}

#[test]
fn outcomes() {
    #[track_caller]
    fn check(body: &str, expect: Option<(Option<SignalState>, Option<Timestamp>, Option<&str>)>) {
        let expect = expect.map(|(state, at, message)| Outcome {
            state,
            at,
            message: message.map(Into::into),
            is_by_workflow: false,
        });
        assert_eq!(parse_outcome(&ok(body)), Ok(expect), "{body}");
    }
    check("[]", None);
    check(
        r#"[{"state": "success", "description": "synced", "created_at": "2026-11-20T10:00:00Z"}]"#,
        Some((Some(SignalState::Applied), time("2026-11-20T10:00:00Z"), Some("synced"))),
    );
    check(r#"[{"state": "failure", "description": ""}]"#, Some((Some(SignalState::Failed), None, None)));
    check(r#"[{"state": "in_progress"}]"#, Some((Some(SignalState::Pending), None, None)));
    check(r#"[{"state": "inactive"}]"#, Some((None, None, None)));
    check(r#"[{}]"#, Some((Some(SignalState::Unknown), None, None)));
    assert_eq!(parse_outcome(&ok("[7]")).unwrap_err().kind, ProblemKind::Unreadable);
}

#[test]
fn refusals_are_reported() {
    for (status, kind) in
        [(401, ProblemKind::Unauthorized), (404, ProblemKind::NotFound), (403, ProblemKind::Forbidden)]
    {
        let refusal = answer(status, &[], r#"{"message": "no"}"#);
        let kinds = [
            parse_log(&refusal).unwrap_err().kind,
            parse_tags(&refusal).unwrap_err().kind,
            parse_tag(&refusal).unwrap_err().kind,
            parse_statuses(&refusal, &commit(NEW)).unwrap_err().kind,
            parse_deployments(&refusal).unwrap_err().kind,
            parse_outcome(&refusal).unwrap_err().kind,
            parse_compare(&refusal).unwrap_err().kind,
            parse_branch(&refusal, "main").unwrap_err().kind,
            parse_branch_pull(&refusal).unwrap_err().kind,
            parse_manifests(&refusal).unwrap_err().kind,
        ];
        assert_eq!(kinds, [kind; 10]);
    }
}

proptest! {
    #[test]
    fn nothing_panics(body in "[\\[\\]{}\":,a-z0-9 ]{0,60}", status in prop::sample::select(vec![200_u16, 204, 409, 422])) {
        let response = answer(status, &[], &body);
        let _ = (parse_log(&response), parse_tags(&response), parse_tag(&response));
        let _ = (parse_statuses(&response, &commit(NEW)), parse_deployments(&response), parse_outcome(&response));
        let _ = (parse_compare(&response), parse_branch(&response, "main"), parse_branch_pull(&response));
        let _ = parse_manifests(&response);
    }
}
