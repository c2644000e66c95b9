use expect_test::expect;

use super::*;
use crate::domain::{
    id::CommitId,
    manifests::{BranchEnd, Compared},
    pull_request::PullState,
};

#[test]
fn requests() {
    let (old, new) = (CommitId::new("77aa8a1").unwrap(), CommitId::new("5f0c&8a1").unwrap());
    let at = service();
    let mut text = shown(&request_compare(&at, "quiz hld", &old, &new, Some(&token("https://dev.azure.com"))));
    text += &shown(&request_branch(&at, "quiz hld", "feature/a&b", None));
    text += &shown(&request_branch_pull(&at, "quiz hld", "feature/a&b", None));
    expect![[r#"
        GET https://dev.azure.com/contoso/trivia%20night/_apis/git/repositories/quiz%20hld/diffs/commits?baseVersion=77aa8a1&baseVersionType=commit&targetVersion=5f0c%268a1&targetVersionType=commit&$top=1&api-version=7.1 +secret
        Accept: application/json
        GET https://dev.azure.com/contoso/trivia%20night/_apis/git/repositories/quiz%20hld/refs?filter=heads%2Ffeature%2Fa%26b&api-version=7.1
        Accept: application/json
        GET https://dev.azure.com/contoso/trivia%20night/_apis/git/repositories/quiz%20hld/pullrequests?searchCriteria.sourceRefName=refs%2Fheads%2Ffeature%2Fa%26b&searchCriteria.status=all&$top=1&api-version=7.1
        Accept: application/json
    "#]].assert_eq(&text);
    assert_eq!(
        compare_link(&at, "quiz hld", &old, &new).unwrap().as_str(),
        "https://dev.azure.com/contoso/trivia%20night/_git/quiz%20hld/branchCompare?baseVersion=GC77aa8a1&targetVersion=GC5f0c%268a1"
    );
}

#[test]
fn comparisons() {
    #[track_caller]
    fn check(body: &str, expect: Option<(u32, bool)>) {
        let expect = expect.map(|(ahead, is_ancestor)| Compared { ahead, is_ancestor });
        assert_eq!(parse_compare(&answer(200, body)).ok(), expect, "{body}");
    }
    check(r#"{"aheadCount": 17, "behindCount": 0, "changes": [{}]}"#, Some((17, true)));
    check(r#"{"aheadCount": 17, "behindCount": 1}"#, Some((17, false)));
    check(r#"{"aheadCount": 0, "behindCount": 2}"#, Some((0, false)));
    check(r#"{"aheadCount": 0, "behindCount": 0}"#, Some((0, true)));
    check(r#"{"aheadCount": 17}"#, None);
    check(r#"{"behindCount": 0}"#, None);
    check("{}", None);
}

#[test]
fn branches() {
    #[track_caller]
    fn check(items: &str, name: &str, expect: Result<Option<BranchEnd>, ProblemKind>) {
        let found = parse_branch(&answer(200, &format!(r#"{{"value": {items}}}"#)), name);
        assert_eq!(found.map_err(|error| error.kind), expect, "{items}");
    }
    let two = r#"[{"name": "refs/heads/feature/a"}, {"name": "refs/heads/feature/ab"}]"#;
    check(two, "feature/a", Ok(None));
    check(two, "feature/ab", Ok(None));
    check(two, "feature", Ok(Some(BranchEnd::Gone)));
    check("[]", "feature", Ok(Some(BranchEnd::Gone)));
    check(r#"[{"name": "refs/heads/feature"}, 7]"#, "feature", Ok(None));
    check(r#"[{"name": "refs/heads/feature2"}, 7]"#, "feature", Err(ProblemKind::Unreadable));
    check("{}", "feature", Err(ProblemKind::Unreadable));
}

#[test]
fn pulls_of_a_branch() {
    #[track_caller]
    fn check(items: &str, expect: Option<PullState>) {
        assert_eq!(parse_branch_pull(&answer(200, &format!(r#"{{"value": {items}}}"#))), Ok(expect), "{items}");
    }
    check("[]", None);
    check(r#"[{"pullRequestId": 7, "status": "active"}]"#, Some(PullState::Open));
    check(r#"[{"pullRequestId": 7, "status": "completed"}]"#, Some(PullState::Merged));
    check(r#"[{"pullRequestId": 7, "status": "abandoned"}]"#, Some(PullState::Abandoned));
    check(r#"[{"pullRequestId": 7, "status": "notSet"}]"#, Some(PullState::Unknown));
    check("[7]", Some(PullState::Unknown));
}
