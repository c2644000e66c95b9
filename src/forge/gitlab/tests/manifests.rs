use expect_test::expect;
use proptest::prelude::*;

use super::{super::manifests, *};
use crate::domain::{
    cluster::SignalState,
    manifests::{BranchEnd, CommitStatus, ListPage, Listed, Log, Tag},
};

const NEW: &str = "0a12da8c9914f3a1b2c3d4e5f60718293a4b5c6d";
const OLD: &str = "77aa8a1e9b7d4c3f2a1b0c9d8e7f6a5b4c3d2e1f";

fn commit(id: &str) -> CommitId {
    CommitId::new(id).unwrap()
}

fn moment(text: &str) -> Option<Timestamp> {
    Some(Timestamp::parse(text).unwrap())
}

fn ok(body: &str) -> Response {
    answer(200, body)
}

#[test]
fn what_is_asked() {
    let (project, secret, old, new) = (at("shop/trivia hld"), secret(), commit("77aa8a1"), commit("0a12&8"));
    let all = [
        request_log(&project, None, None, Some(&secret), Some("W/\"1\"")),
        request_log(&project, None, Some("release/2 & more"), None, None),
        request_log(&project, Some(&new), Some("main"), None, None),
        request_tags(&project, "flux-", 1, None, Some("W/\"1\"")),
        request_tags(&project, "flux-", 2, None, None),
        request_statuses(&project, &old, 1, None),
        request_statuses(&project, &old, 3, None),
        request_is_ancestor(&project, &old, &new, None),
        request_compare(&project, &old, &new, None),
        request_branch(&project, "feature/a&b", Some(&secret)),
    ];
    let all: Vec<String> = all.iter().map(|r| format!("{r:?}")).collect();
    expect![[r#"
        GET https://gitlab.com/api/v4/projects/shop%2Ftrivia%20hld/repository/commits?per_page=100 +secret
        If-None-Match: W/"1"
        GET https://gitlab.com/api/v4/projects/shop%2Ftrivia%20hld/repository/commits?ref_name=release%2F2%20%26%20more&per_page=100
        GET https://gitlab.com/api/v4/projects/shop%2Ftrivia%20hld/repository/commits?ref_name=0a12%268&per_page=100
        GET https://gitlab.com/api/v4/projects/shop%2Ftrivia%20hld/repository/tags?search=%5Eflux-&per_page=100
        If-None-Match: W/"1"
        GET https://gitlab.com/api/v4/projects/shop%2Ftrivia%20hld/repository/tags?search=%5Eflux-&per_page=100&page=2
        GET https://gitlab.com/api/v4/projects/shop%2Ftrivia%20hld/repository/commits/77aa8a1/statuses?order_by=id&sort=desc&per_page=100
        GET https://gitlab.com/api/v4/projects/shop%2Ftrivia%20hld/repository/commits/77aa8a1/statuses?order_by=id&sort=desc&per_page=100&page=3
        GET https://gitlab.com/api/v4/projects/shop%2Ftrivia%20hld/repository/merge_base?refs[]=77aa8a1&refs[]=0a12%268
        GET https://gitlab.com/api/v4/projects/shop%2Ftrivia%20hld/repository/compare?from=77aa8a1&to=0a12%268
        GET https://gitlab.com/api/v4/projects/shop%2Ftrivia%20hld/repository/branches?search=%5Efeature%2Fa%26b%24&per_page=100 +secret"#]]
    .assert_eq(&all.join("\n"));
}

#[test]
fn a_log() {
    let body = format!(
        r#"[
            {{"id": "{NEW}", "parent_ids": ["{OLD}", "bbbbbbb"], "committed_date": "2026-11-20T11:00:00.000+01:00"}},
            {{"id": "bbbbbbb"}},
            {{"id": "{OLD}", "parent_ids": [], "created_at": "2026-11-19T10:00:00Z"}}
        ]"#
    );
    let listed = |id, parents: &[&str], at| Listed {
        id: commit(id),
        parents: parents.iter().map(|id| commit(id)).collect(),
        at: moment(at),
    };
    let expect = Log {
        tip: Some(commit(NEW)),
        commits: vec![listed(NEW, &[OLD, "bbbbbbb"], "2026-11-20T10:00:00Z"), listed(OLD, &[], "2026-11-19T10:00:00Z")],
        unclear: vec![commit("bbbbbbb")],
    };
    assert_eq!(parse_log(&ok(&body)), Ok(expect));
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
    check(r#"[{"id": "aaaaaaa", "parent_ids": ["bbbbbbb", ""]}]"#, Some("aaaaaaa"), &[], &["aaaaaaa"]);
    check(r#"[{"id": "aaaaaaa", "parent_ids": null}]"#, Some("aaaaaaa"), &[], &["aaaaaaa"]);
    check(r#"[{"id": 7}, {"id": "bbbbbbb", "parent_ids": []}]"#, None, &["bbbbbbb"], &[]);
    check(r#"[null, {}, {"id": " "}, "x"]"#, None, &[], &[]);
}

#[test]
fn tags() {
    #[track_caller]
    fn check(tag: &str, expect: Option<(&str, Option<Timestamp>, bool)>) {
        let expect = expect.map(|(id, at, is_approximate)| Tag {
            name: "flux-east".into(),
            object: None,
            commit: Some(commit(id)),
            at,
            is_approximate,
        });
        assert_eq!(parse_tags(&ok(&format!("[{tag}]"))), Ok(ListPage::whole(Vec::from_iter(expect))), "{tag}");
    }
    let (made, committed) = (moment("2026-11-20T10:00:00Z"), moment("2026-11-19T10:00:00Z"));
    check(
        r#"{"name": "flux-east", "target": "0396d996", "created_at": "2026-11-20T10:00:00.000Z",
            "commit": {"id": "aaaaaaa", "committed_date": "2026-11-19T10:00:00.000+00:00"}}"#,
        Some(("aaaaaaa", made, false)),
    );
    // A lightweight one, and an annotated one of a server that does not report when.
    check(
        r#"{"name": "flux-east", "target": "aaaaaaa", "created_at": null,
            "commit": {"id": "aaaaaaa", "committed_date": "2026-11-19T10:00:00Z"}}"#,
        Some(("aaaaaaa", committed, true)),
    );
    check(
        r#"{"name": "flux-east", "target": "0396d996", "commit": {"id": "aaaaaaa", "created_at": "2026-11-19T10:00:00Z"}}"#,
        Some(("aaaaaaa", committed, true)),
    );
    check(r#"{"name": "flux-east", "commit": {"id": "aaaaaaa"}}"#, Some(("aaaaaaa", None, true)));
    check(r#"{"name": "flux-east", "target": "aaaaaaa", "commit": null}"#, None);
    check(r#"{"name": "flux-east", "commit": {}}"#, None);
    check(r#"{"commit": {"id": "aaaaaaa"}}"#, None);
    check("7", None);
}

#[test]
fn statuses() {
    #[track_caller]
    fn check(items: &str, expect: &[(&str, SignalState, Option<Timestamp>, Option<&str>)]) {
        let expect: Vec<CommitStatus> = expect
            .iter()
            .map(|&(context, state, at, message)| CommitStatus {
                commit: commit(NEW),
                context: context.into(),
                genre: None,
                state,
                at,
                message: message.map(Into::into),
            })
            .collect();
        assert_eq!(parse_statuses(&ok(&format!("[{items}]")), &commit(NEW)), Ok(ListPage::whole(expect)), "{items}");
    }
    use SignalState::{Applied, Failed, Pending};
    let minute = |n: u32| moment(&format!("2026-11-20T10:{n:02}:00Z"));
    let old = r#"{"id": 91, "name": "kustomization/apps/east", "status": "success", "description": "reconciliation succeeded",
        "created_at": "2026-11-20T10:01:00.000Z", "started_at": null, "finished_at": "2026-11-20T10:02:00.000Z"}"#;
    let new = r#"{"id": 93, "name": "kustomization/apps/east", "status": "failed", "description": "health check failed",
        "created_at": "2026-11-20T10:05:00.000Z"}"#;
    let applied = ("kustomization/apps/east", Applied, minute(2), Some("reconciliation succeeded"));
    let failed = ("kustomization/apps/east", Failed, minute(5), Some("health check failed"));
    check(old, &[applied]);
    // In whichever order they come.
    check(&format!("{old},{new}"), &[failed]);
    check(&format!("{new},{old}"), &[failed]);
    let job = r#"{"id": 95, "name": "build", "status": "running", "description": null,
        "created_at": "2026-11-20T10:01:00Z", "started_at": "2026-11-20T10:03:00Z", "finished_at": null}"#;
    check(&format!("{job},{old}"), &[("build", Pending, minute(3), None), applied]);
    check(r#"{"id": 96, "status": "success"}, {"id": 97, "name": 7}, null"#, &[]);
    check("", &[]);
}

#[test]
fn states() {
    #[track_caller]
    fn check(word: &str, expect: SignalState) {
        assert_eq!(manifests::state(Some(word)), expect, "{word}");
    }
    check("success", SignalState::Applied);
    check("failed", SignalState::Failed);
    check("canceled", SignalState::Failed);
    for word in ["created", "waiting_for_resource", "preparing", "waiting_for_callback", "pending", "scheduled"] {
        check(word, SignalState::Pending);
    }
    check("running", SignalState::Pending);
    check("canceling", SignalState::Pending);
    check("skipped", SignalState::Unknown);
    check("manual", SignalState::Unknown);
    check("splendid", SignalState::Unknown);
    assert_eq!(manifests::state(None), SignalState::Unknown);
}

#[test]
fn ancestry() {
    #[track_caller]
    fn check(status: u16, body: &str, expect: Result<bool, ProblemKind>) {
        let found = parse_is_ancestor(&answer(status, body), &commit("77aa8a1"));
        assert_eq!(found.map_err(|error| error.kind), expect, "{status} {body}");
    }
    check(200, &format!(r#"{{"id": "{OLD}"}}"#), Ok(true));
    check(200, &format!(r#"{{"id": "{NEW}"}}"#), Ok(false));
    check(200, "{}", Err(ProblemKind::Unreadable));
    check(200, "[]", Err(ProblemKind::Unreadable));
    check(404, r#"{"message": "404 Merge Base Not Found"}"#, Ok(false));
    check(404, r#"{"message": "404 Project Not Found"}"#, Err(ProblemKind::NotFound));
    check(400, r#"{"message": "Could not find ref: 77aa8a1"}"#, Err(ProblemKind::Unreadable));
    check(401, r#"{"message": "401 Unauthorized"}"#, Err(ProblemKind::Unauthorized));
}

#[test]
fn comparisons() {
    assert_eq!(parse_compare(&ok(r#"{"commits": [], "compare_same_ref": true}"#)), Ok(0));
    assert_eq!(parse_compare(&ok(r#"{"commits": [{"id": "aaaaaaa"}, {}], "diffs": []}"#)), Ok(2));
    for body in ["{}", r#"{"commits": null}"#, "[]"] {
        assert_eq!(parse_compare(&ok(body)).unwrap_err().kind, ProblemKind::Unreadable, "{body}");
    }
}

#[test]
fn branches() {
    #[track_caller]
    fn check(body: &str, expect: Result<Option<BranchEnd>, ProblemKind>) {
        assert_eq!(parse_branch(&ok(body), "feature/a").map_err(|error| error.kind), expect, "{body}");
    }
    check(r#"[{"name": "feature/a", "merged": false}]"#, Ok(None));
    check(r#"[{"name": "feature/a"}]"#, Ok(None));
    check(r#"[{"name": "feature/a", "merged": true}]"#, Ok(Some(BranchEnd::Merged)));
    check(r#"[{"name": "Feature/A", "merged": true}]"#, Ok(Some(BranchEnd::Gone)));
    check("[]", Ok(Some(BranchEnd::Gone)));
    check(r#"[{"merged": true}, {"name": "feature/a", "merged": true}]"#, Ok(Some(BranchEnd::Merged)));
    check(r#"[{"merged": true}]"#, Err(ProblemKind::Unreadable));
    check("{}", Err(ProblemKind::Unreadable));
    // A server that does not mind the end of a search.
    let many = |n: usize| format!("[{}]", vec![r#"{"name": "feature/ab"}"#; n].join(","));
    check(&many(answers::PAGE - 1), Ok(Some(BranchEnd::Gone)));
    check(&many(answers::PAGE), Err(ProblemKind::Unreadable));
}

#[test]
fn refusals_are_reported() {
    for (status, kind) in
        [(401, ProblemKind::Unauthorized), (403, ProblemKind::Forbidden), (404, ProblemKind::NotFound)]
    {
        let refusal = answer(status, r#"{"message": "no"}"#);
        let kinds = [
            parse_log(&refusal).unwrap_err().kind,
            parse_tags(&refusal).unwrap_err().kind,
            parse_statuses(&refusal, &commit(NEW)).unwrap_err().kind,
            parse_is_ancestor(&refusal, &commit(NEW)).unwrap_err().kind,
            parse_compare(&refusal).unwrap_err().kind,
            parse_branch(&refusal, "main").unwrap_err().kind,
        ];
        assert_eq!(kinds, [kind; 6]);
    }
}

#[test]
fn refusals_name_what_is_missing() {
    #[track_caller]
    fn check(reads: Reads, things: &str) {
        let error = ApiError::new(ProblemKind::Forbidden, "");
        let (what, hint) = explain(&error, &at("1042"), reads, true);
        assert!(what.contains(things) && hint.contains("read_api"), "{what} {hint}");
    }
    check(Reads::Manifests, "the commits and tags of project 1042");
    check(Reads::Statuses, "the commit statuses of project 1042");
    check(Reads::Environments, "the deployments of project 1042");
}

proptest! {
    #[test]
    fn nothing_panics(body in "[\\[\\]{}\":,a-z0-9 ]{0,60}", status in prop::sample::select(vec![200_u16, 204, 404])) {
        let response = answer(status, &body);
        let _ = (parse_log(&response), parse_tags(&response), parse_statuses(&response, &commit(NEW)));
        let _ = (parse_is_ancestor(&response, &commit(NEW)), parse_compare(&response));
        let _ = parse_branch(&response, "main");
    }
}
