use expect_test::expect;
use serde_json::{Value, json};

use super::{super::manifests, fixtures, *};
use crate::domain::{
    cluster::SignalState,
    id::CommitId,
    manifests::{CommitStatus, Listed, Log, Rest, Tag},
};

const NEW: &str = "5f0c8a1e9b7d4c3f2a1b0c9d8e7f6a5b4c3d2e1f";
const OLD: &str = "77aa8a1e9b7d4c3f2a1b0c9d8e7f6a5b4c3d2e1f";

fn commit(id: &str) -> CommitId {
    CommitId::new(id).unwrap()
}

fn moment(text: &str) -> Option<Timestamp> {
    Some(Timestamp::parse(text).unwrap())
}

#[test]
fn requests() {
    let (at, secret) = (service(), token("https://dev.azure.com"));
    let (secret, id) = (Some(&secret), commit("5f0c8a1"));
    let mut text = String::new();
    text += &shown(&request_log(&at, "quiz hld", None, None, secret));
    text += &shown(&request_log(&at, "quiz hld", None, Some("release/2 & more"), secret));
    text += &shown(&request_log(&at, "quiz hld", Some(&id), Some("main"), secret));
    text += &shown(&request_parents(&at, "quiz hld", &id, secret));
    text += &shown(&request_tags(&at, "quiz hld", "flux-&x", secret));
    text += &shown(&request_tag(&at, "quiz hld", "0396/d", secret));
    text += &shown(&request_statuses(&at, "quiz hld", &[id, commit("77\"aa")], secret));
    text += &shown(&request_log(&server(), "quiz-hld", None, None, secret));
    expect![[r#"
        GET https://dev.azure.com/contoso/trivia%20night/_apis/git/repositories/quiz%20hld/commits?searchCriteria.itemPath=/&searchCriteria.historyMode=firstParent&searchCriteria.$top=100&api-version=7.1 +secret
        Accept: application/json
        GET https://dev.azure.com/contoso/trivia%20night/_apis/git/repositories/quiz%20hld/commits?searchCriteria.itemVersion.version=release%2F2%20%26%20more&searchCriteria.itemVersion.versionType=branch&searchCriteria.itemPath=/&searchCriteria.historyMode=firstParent&searchCriteria.$top=100&api-version=7.1 +secret
        Accept: application/json
        GET https://dev.azure.com/contoso/trivia%20night/_apis/git/repositories/quiz%20hld/commits?searchCriteria.itemVersion.version=5f0c8a1&searchCriteria.itemVersion.versionType=commit&searchCriteria.itemPath=/&searchCriteria.historyMode=firstParent&searchCriteria.$top=100&api-version=7.1 +secret
        Accept: application/json
        GET https://dev.azure.com/contoso/trivia%20night/_apis/git/repositories/quiz%20hld/commits/5f0c8a1?api-version=7.1 +secret
        Accept: application/json
        GET https://dev.azure.com/contoso/trivia%20night/_apis/git/repositories/quiz%20hld/refs?filter=tags%2Fflux-%26x&peelTags=true&api-version=7.1 +secret
        Accept: application/json
        GET https://dev.azure.com/contoso/trivia%20night/_apis/git/repositories/quiz%20hld/annotatedtags/0396%2Fd?api-version=7.1 +secret
        Accept: application/json
        POST https://dev.azure.com/contoso/trivia%20night/_apis/git/repositories/quiz%20hld/commitsbatch?includeStatuses=true&api-version=7.1 +secret
        Content-Type: application/json
        Accept: application/json

        {"ids":["5f0c8a1","77\"aa"]}
        GET https://git.contoso.example:8443/tfs/contoso/trivia%20night/_apis/git/repositories/quiz-hld/commits?searchCriteria.itemPath=/&searchCriteria.historyMode=firstParent&searchCriteria.$top=100&api-version=7.1
        Accept: application/json
    "#]].assert_eq(&text);
}

/// The log of a list: the newest, those with their parents, and those whose parents are to be asked for.
type ExpectedLog<'a> = (Option<&'a str>, &'a [(&'a str, &'a [&'a str])], &'a [&'a str]);

#[track_caller]
fn check_log(items: &Value, is_first_parent: bool, (tip, commits, unclear): ExpectedLog<'_>) {
    let body = json!({"count": 0, "value": items}).to_string();
    let log = parse_log(&answer(200, &body), is_first_parent).unwrap();
    let ids = |ids: &[&str]| ids.iter().map(|id| commit(id)).collect::<Vec<_>>();
    let listed = |(id, parents): &(&str, &[&str])| Listed { id: commit(id), parents: ids(parents), at: None };
    let expect = Log { tip: tip.map(commit), commits: commits.iter().map(listed).collect(), unclear: ids(unclear) };
    assert_eq!(log, expect, "{items}");
}

fn item(id: &str, comment: &str) -> Value {
    json!({"commitId": id, "comment": comment})
}

#[test]
fn a_line_of_first_parents() {
    let [a, b, c, d] = ["aaaaaaa", "bbbbbbb", "ccccccc", "ddddddd"];
    let line = json!([item(a, "one"), item(b, "two"), item(c, "three")]);
    // The last one of a list that ends by itself may be the first of all.
    check_log(&line, true, (Some(a), &[(a, &[b]), (b, &[c])], &[c]));
    check_log(&line, false, (Some(a), &[(a, &[b]), (b, &[c])], &[c]));
    check_log(&json!([]), true, (None, &[], &[]));
    check_log(&json!([item(a, "one")]), true, (Some(a), &[], &[a]));
    // What may be a merge is somebody's only parent all the same.
    for comment in ["Merged PR 7: quiz", "Merge branch 'x'", " merge pull request #7"] {
        let merged = json!([item(a, "one"), item(b, comment), item(c, "three"), item(d, "four")]);
        check_log(&merged, true, (Some(a), &[(a, &[b]), (c, &[d])], &[b, d]));
        // In any other order nothing follows from it.
        check_log(&merged, false, (Some(a), &[(a, &[b])], &[b, c, d]));
    }
    // What is listed counts, but for a list that has an empty one for everybody.
    let items = json!([
        {"commitId": a, "comment": "Merged PR 7", "parents": [c, b]},
        {"commitId": b, "comment": "two", "parents": []},
        {"commitId": c, "parents": [d]},
        {"commitId": d, "parents": [""]},
    ]);
    check_log(&items, true, (Some(a), &[(a, &[c, b]), (b, &[c]), (c, &[d])], &[d]));
    // Across one that cannot be read there is no line.
    let broken = json!([item(a, "one"), {"comment": "two"}, item(c, "three"), 7, item(d, "four")]);
    check_log(&broken, true, (Some(a), &[], &[a, c, d]));
    check_log(&json!([null, item(b, "two"), item(c, "three")]), true, (None, &[(b, &[c])], &[c]));
}

#[test]
fn a_full_list() {
    let ids: Vec<String> = (0..AT_ONCE).map(|n| format!("{n:07}")).collect();
    let log = |last: &str| {
        let mut items: Vec<Value> = ids.iter().map(|id| item(id, "quiz")).collect();
        items[AT_ONCE - 1]["comment"] = last.into();
        parse_log(&answer(200, &json!({ "value": items }).to_string()), true).unwrap()
    };
    let full = log("quiz");
    // The parent of the last one is on the next page, which begins with it.
    assert_eq!((full.commits.len(), full.unclear), (AT_ONCE - 1, vec![]));
    assert_eq!(full.commits[98].parents, [commit("0000099")]);
    assert_eq!(log("Merged PR 7").unclear, [commit("0000099")]);
}

#[test]
fn parents() {
    let body = format!(
        r#"{{"commitId": "{NEW}", "parents": ["{OLD}", "bbbbbbb"], "committer": {{"date": "2026-11-20T10:00:00Z"}}}}"#
    );
    let expect =
        Listed { id: commit(NEW), parents: vec![commit(OLD), commit("bbbbbbb")], at: moment("2026-11-20T10:00:00Z") };
    assert_eq!(parse_parents(&answer(200, &body)), Ok(expect));
    let first = parse_parents(&answer(200, r#"{"commitId": "aaaaaaa", "parents": []}"#)).unwrap();
    assert_eq!((first.parents, first.at), (vec![], None));
    for body in [r#"{"commitId": "aaaaaaa"}"#, r#"{"parents": []}"#, r#"{"commitId": "aaaaaaa", "parents": [""]}"#] {
        assert_eq!(failed(parse_parents(&answer(200, body))).kind, ProblemKind::Unreadable, "{body}");
    }
}

/// What is reported of all commits of a batch.
fn all_of(batch: &Response) -> Vec<CommitStatus> {
    parse_statuses(batch).unwrap().into_iter().flat_map(|(_, list)| list.items).collect()
}

#[test]
fn a_list_that_may_have_been_cut_is_read_in_pages() {
    #[track_caller]
    fn check(count: usize, expect: bool) {
        let status = |n: usize| format!(r#"{{"id":{n},"state":"succeeded","context":{{"name":"check-{n}"}}}}"#);
        let statuses = (0..count).map(status).collect::<Vec<_>>().join(",");
        let batch = answer(200, &format!(r#"{{"value":[{{"commitId":"{NEW}","statuses":[{statuses}]}}]}}"#));
        let list = &parse_statuses(&batch).unwrap()[0].1;
        assert_eq!((list.items.len(), list.rest == Rest::NextPage), (count, expect));
        let page = parse_status_page(&answer(200, &format!(r#"{{"value":[{statuses}]}}"#)), &commit(NEW)).unwrap();
        assert_eq!((page.items.len(), page.rest == Rest::NextPage), (count, expect));
    }
    check(0, false);
    check(99, false);
    check(100, true);
    let path = |page| request_status_page(&service(), "manifests", &commit(NEW), page, None).address().to_owned();
    assert!(path(1).contains("/statuses?latestOnly=true&top=100&skip=0&"), "{}", path(1));
    assert!(path(3).contains("&skip=200&"), "{}", path(3));
}

#[test]
fn statuses() {
    let status = |genre: Option<&str>, context: &str, state, at: Option<&str>, message: Option<&str>| CommitStatus {
        commit: commit(NEW),
        context: context.into(),
        genre: genre.map(Into::into),
        state,
        at: at.and_then(Timestamp::parse),
        message: message.map(Into::into),
    };
    let apps = "kustomization/apps/0c9c2e41";
    assert_eq!(
        all_of(&answer(200, fixtures::STATUSES)),
        [
            status(None, "bare", SignalState::Unknown, None, None),
            // The newest of two words.
            status(Some("Kustomization"), "Status", SignalState::Failed, Some("2026-11-20T10:02:00Z"), None),
            // The same context in two genres.
            status(
                Some("fluxcd:east"),
                apps,
                SignalState::Applied,
                Some("2026-11-20T10:00:01Z"),
                Some("reconciliation succeeded")
            ),
            status(
                Some("fluxcd:west"),
                apps,
                SignalState::Failed,
                Some("2026-11-20T10:03:00Z"),
                Some("health check failed")
            ),
        ]
    );
}

#[test]
fn the_newest_word_wins() {
    #[track_caller]
    fn check(statuses: &str, expect: &[SignalState]) {
        let body = format!(r#"{{"value": [{{"commitId": "aaaaaaa", "statuses": [{statuses}]}}]}}"#);
        let found: Vec<SignalState> = all_of(&answer(200, &body)).iter().map(|status| status.state).collect();
        assert_eq!(found, expect, "{statuses}");
    }
    let word = |id: u32, state: &str, minute: u32| {
        format!(
            r#"{{"id": {id}, "state": "{state}", "context": {{"name": "a"}}, "creationDate": "2026-11-20T10:{minute:02}:00Z"}}"#
        )
    };
    let (early, late) = (word(1, "succeeded", 1), word(2, "failed", 2));
    check(&format!("{early},{late}"), &[SignalState::Failed]);
    check(&format!("{late},{early}"), &[SignalState::Failed]);
    // At the same moment the later number.
    check(&format!("{},{}", word(4, "pending", 2), late), &[SignalState::Pending]);
    // What no longer applies hides what was reported before.
    check(&format!("{late},{}", word(3, "notApplicable", 3)), &[]);
    check(&format!("7,{{}},{late}"), &[SignalState::Failed]);
    check("", &[]);
}

#[test]
fn states() {
    #[track_caller]
    fn check(word: &str, expect: Option<SignalState>) {
        assert_eq!(manifests::state(Some(word)), expect, "{word}");
        assert_eq!(manifests::state(Some(&word.to_uppercase())), expect, "{word}");
    }
    check("succeeded", Some(SignalState::Applied));
    check("pending", Some(SignalState::Pending));
    check("failed", Some(SignalState::Failed));
    check("error", Some(SignalState::Failed));
    check("notApplicable", None);
    check("notSet", Some(SignalState::Unknown));
    check("splendid", Some(SignalState::Unknown));
    check("", Some(SignalState::Unknown));
    assert_eq!(manifests::state(None), Some(SignalState::Unknown));
}

#[test]
fn tags() {
    let tag = |name: &str, object: Option<&str>, id: &str| Tag {
        name: name.into(),
        object: object.map(Into::into),
        commit: Some(commit(id)),
        at: None,
        is_approximate: object.is_none(),
    };
    assert_eq!(
        parse_tags(&answer(200, fixtures::TAGS)).unwrap().items,
        [tag("flux-east", Some("0396d996"), NEW), tag("flux-west", None, OLD)]
    );
}

#[test]
fn a_tag() {
    #[track_caller]
    fn check(change: impl Fn(&mut Value), expect: Option<(&str, Option<&str>, Option<&str>)>) {
        let mut body: Value = serde_json::from_str(fixtures::TAG).unwrap();
        change(&mut body);
        let found = parse_tag(&answer(200, &body.to_string()));
        let tag = found.as_ref().ok().map(|tag| {
            // Zone-less, which is UTC.
            assert_eq!((tag.at, tag.is_approximate), (moment("2026-11-20T10:00:00Z"), false));
            (&*tag.name, tag.object.as_deref(), tag.commit.as_ref().map(CommitId::as_str))
        });
        assert_eq!(tag, expect, "{found:?}");
    }
    check(|_| {}, Some(("flux-east", Some("0396d996"), Some(NEW))));
    check(|tag| tag["name"] = "refs/tags/flux-east".into(), Some(("flux-east", Some("0396d996"), Some(NEW))));
    check(|tag| tag["taggedObject"]["objectType"] = "Tag".into(), Some(("flux-east", Some(NEW), None)));
    check(|tag| tag["taggedObject"]["objectType"] = "tree".into(), Some(("flux-east", None, None)));
    check(|tag| tag["taggedObject"]["objectId"] = Value::Null, None);
    check(|tag| tag["name"] = Value::Null, None);
    let mut body: Value = serde_json::from_str(fixtures::TAG).unwrap();
    body["taggedBy"]["date"] = "0001-01-01T00:00:00".into();
    assert_eq!(parse_tag(&answer(200, &body.to_string())).unwrap().at, None);
}

#[test]
fn refusals_are_reported() {
    for (status, kind) in
        [(401, ProblemKind::Unauthorized), (403, ProblemKind::Forbidden), (404, ProblemKind::NotFound)]
    {
        let refusal = answer(status, r#"{"message": "no", "typeKey": "X"}"#);
        let kinds = [
            failed(parse_log(&refusal, true)).kind,
            failed(parse_parents(&refusal)).kind,
            failed(parse_statuses(&refusal)).kind,
            failed(parse_tags(&refusal)).kind,
            failed(parse_tag(&refusal)).kind,
            failed(parse_compare(&refusal)).kind,
            failed(parse_branch(&refusal, "main")).kind,
            failed(parse_branch_pull(&refusal)).kind,
        ];
        assert_eq!(kinds, [kind; 8]);
    }
}
