use expect_test::expect;

use super::*;
use crate::domain::{
    manifests::{BranchEnd, Compared},
    problem::ProblemKind,
    pull_request::PullState,
};

#[test]
fn requests() {
    let (old, new) = (CommitId::new("beef000").unwrap(), CommitId::new("0a12/8").unwrap());
    let at = here();
    let requests = [
        request_compare(&at, &old, &new, Some(&token())),
        request_branch(&at, "feature/a b", None),
        request_branch(&at, "../../x", None),
        request_branch_pull(&at, "feature/a&b", None),
    ];
    expect![[r#"
        GET https://api.github.com/repos/contoso/trivia/compare/beef000...0a12%2F8?per_page=1 +secret
        Accept: application/vnd.github+json
        X-GitHub-Api-Version: 2022-11-28
        GET https://api.github.com/repos/contoso/trivia/git/matching-refs/heads/feature/a%20b
        Accept: application/vnd.github+json
        GET https://api.github.com/repos/contoso/trivia/git/matching-refs/heads%2F..%2F..%2Fx
        Accept: application/vnd.github+json
        GET https://api.github.com/repos/contoso/trivia/pulls?head=contoso%3Afeature%2Fa%26b&state=all&sort=created&direction=desc&per_page=1
        Accept: application/vnd.github+json"#]]
    .assert_eq(&requests.map(|request| format!("{request:?}")).join("\n"));
}

#[test]
fn comparisons() {
    #[track_caller]
    fn check(body: &str, expect: Option<(u32, bool)>) {
        let expect = expect.map(|(ahead, is_ancestor)| Compared { ahead, is_ancestor });
        let found = parse_compare(&ok(body));
        assert_eq!(found.as_ref().ok(), expect.as_ref(), "{body} {found:?}");
    }
    check(r#"{"status": "ahead", "ahead_by": 3, "behind_by": 0}"#, Some((3, true)));
    check(r#"{"status": "identical", "ahead_by": 0, "behind_by": 0}"#, Some((0, true)));
    check(r#"{"status": "behind", "ahead_by": 0, "behind_by": 2}"#, Some((0, false)));
    check(r#"{"status": "diverged", "ahead_by": 3, "behind_by": 2}"#, Some((3, false)));
    check(r#"{"status": "ahead", "ahead_by": 3}"#, Some((3, true)));
    check(r#"{"status": "diverged", "ahead_by": 3}"#, Some((3, false)));
    check(r#"{"ahead_by": 3, "behind_by": 0}"#, Some((3, true)));
    check(r#"{"status": "splendid", "ahead_by": 3}"#, None);
    check(r#"{"status": "ahead"}"#, None);
    check("{}", None);
}

#[test]
fn branches() {
    #[track_caller]
    fn check(body: &str, name: &str, expect: Result<Option<BranchEnd>, ProblemKind>) {
        assert_eq!(parse_branch(&ok(body), name).map_err(|error| error.kind), expect, "{body}");
    }
    let two = r#"[{"ref": "refs/heads/feature"}, {"ref": "refs/heads/feature/b"}]"#;
    check(two, "feature", Ok(None));
    check(two, "feature/b", Ok(None));
    check(two, "feat", Ok(Some(BranchEnd::Gone)));
    check(two, "Feature", Ok(Some(BranchEnd::Gone)));
    check("[]", "feature", Ok(Some(BranchEnd::Gone)));
    check(r#"[{"ref": "refs/heads/feature"}, {}]"#, "feature", Ok(None));
    check(r#"[{"ref": "refs/heads/feature/b"}, {}]"#, "feature", Err(ProblemKind::Unreadable));
    check("{}", "feature", Err(ProblemKind::Unreadable));
    let empty = answer(409, &[], r#"{"message": "Git Repository is empty."}"#);
    assert_eq!(parse_branch(&empty, "main"), Ok(Some(BranchEnd::Gone)));
}

#[test]
fn pulls_of_a_branch() {
    #[track_caller]
    fn check(body: &str, expect: Option<PullState>) {
        assert_eq!(parse_branch_pull(&ok(body)), Ok(expect), "{body}");
    }
    check("[]", None);
    check(r#"[{"number": 12, "state": "open", "merged_at": null}]"#, Some(PullState::Open));
    check(r#"[{"number": 12, "state": "closed", "merged_at": null}]"#, Some(PullState::Abandoned));
    check(r#"[{"number": 12, "state": "closed", "merged_at": "2026-11-20T10:00:00Z"}]"#, Some(PullState::Merged));
    // There is one, whatever it is.
    check(r#"[{"state": "open"}]"#, Some(PullState::Unknown));
    check("[null]", Some(PullState::Unknown));
}
