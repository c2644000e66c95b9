mod answers;

use expect_test::expect;
use proptest::prelude::*;

use super::*;
use crate::{
    domain::{id::RunId, problem::ProblemKind, pull_request::PullState},
    http::ApiError,
};

const SHA: &str = "0a12da8c991f5b0e5e1ab4a0e31d43ffbbb3a1c2";

fn commit(repository: &str, id: &str) -> Lookup {
    Lookup::Commit { repository: repository.into(), id: CommitId::new(id).unwrap() }
}

fn pull(repository: &str, id: &str) -> Lookup {
    Lookup::PullRequest { repository: repository.into(), id: PullRequestId::new(id).unwrap() }
}

fn run(repository: &str, id: &str, commit: &str) -> Lookup {
    let (id, commit) = (RunId::new(id).unwrap(), CommitId::new(commit).unwrap());
    Lookup::Run { repository: repository.into(), id, commit }
}

fn query(lookups: &[Lookup]) -> String {
    let request = request_many(&here(), lookups, Some(&token()));
    let question: serde_json::Value = serde_json::from_str(request.question().unwrap()).unwrap();
    question["query"].as_str().unwrap().to_owned()
}

fn lookups() -> Vec<Lookup> {
    vec![
        commit("contoso/trivia", "0a12da8"),
        run("contoso/trivia", "61234567890", "0a12da8"),
        run("Contoso/Trivia", "21234567890", SHA),
        pull("contoso/trivia", "12"),
        commit("contoso/manifests", "beef000"),
    ]
}

#[test]
fn the_question() {
    expect![[r#"
        query {
          r0: repository(owner: "contoso", name: "trivia") {
            c0: object(expression: "0a12da8c991f5b0e5e1ab4a0e31d43ffbbb3a1c2") { ...commit ...runs }
            p1: pullRequest(number: 12) { ...pull }
          }
          r1: repository(owner: "contoso", name: "manifests") {
            c0: object(expression: "beef000") { ...commit }
          }
          rateLimit { remaining resetAt }
        }
        fragment commit on Commit {
          sha: oid html_url: url message committed_at: committedDate
          author { name email avatar_url: avatarUrl user { ...user } }
        }
        fragment runs on Commit {
          sha: oid
          checkSuites(first: 20) { nodes {
            status conclusion branch { name } creator { ...user }
            workflowRun {
              id: databaseId html_url: url run_number: runNumber created_at: createdAt updated_at: updatedAt workflow { name }
            }
            checkRuns(first: 50, filterBy: {checkType: ALL}) { nodes {
              id: databaseId name status conclusion started_at: startedAt completed_at: completedAt html_url: detailsUrl
            } }
          } }
        }
        fragment pull on PullRequest {
          number title html_url: url state draft: isDraft head_ref: headRefName
          created_at: createdAt closed_at: closedAt merged_at: mergedAt
          user: author { ...user } merged_by: mergedBy { ...user } merge_commit: mergeCommit { sha: oid }
          review_requests: reviewRequests(first: 20) { nodes {
            reviewer: requestedReviewer { ...user ... on Team { name html_url: url } }
          } }
        }
        fragment user on Actor { login avatar_url: avatarUrl html_url: url }
    "#]].assert_eq(&query(&lookups()));
    let request = request_many(&here(), &[], Some(&token()));
    expect![[r#"
        POST https://api.github.com/graphql +secret
        Content-Type: application/json
        Accept: application/json

        {"query":"query {\n  rateLimit { remaining resetAt }\n}\n"}
    "#]]
    .assert_debug_eq(&request);
}

#[test]
fn where_it_is_asked() {
    #[track_caller]
    fn check(api: &str, expect: &str) {
        assert_eq!(request_many(&at(api), &[], None).address(), expect);
    }
    check("https://api.github.com", "https://api.github.com/graphql");
    check("https://git.contoso.example/api/v3", "https://git.contoso.example/api/graphql");
    check("https://api.contoso.ghe.com", "https://api.contoso.ghe.com/graphql");
    check("http://127.0.0.1:9000/github", "http://127.0.0.1:9000/github/graphql");
}

#[test]
fn the_same_is_asked_once() {
    #[track_caller]
    fn check(lookups: &[Lookup], expect: &[&str]) {
        let query = query(lookups);
        let objects = query.lines().map(str::trim).filter(|l| l.contains(": object(") || l.contains(": pullRequest("));
        assert_eq!(objects.collect::<Vec<_>>(), expect);
    }
    check(
        &[commit("a/b", "0a12da8"), commit("a/b", "0A12DA8"), commit("A/B", "0a12da8")],
        &[r#"c0: object(expression: "0a12da8") { ...commit }"#],
    );
    check(
        &[run("a/b", "1", "0a12da8"), run("a/b", "2", SHA), commit("a/b", "0a12da8")],
        &[r#"c0: object(expression: "0a12da8c991f5b0e5e1ab4a0e31d43ffbbb3a1c2") { ...commit ...runs }"#],
    );
    check(
        &[pull("a/b", "7"), pull("a/b", "7"), pull("a/c", "7")],
        &["p0: pullRequest(number: 7) { ...pull }", "p0: pullRequest(number: 7) { ...pull }"],
    );
    // Fewer characters than git shortens to could be anybody's.
    check(
        &[commit("a/b", "0a12d"), commit("a/b", SHA)],
        &[
            r#"c0: object(expression: "0a12d") { ...commit }"#,
            r#"c1: object(expression: "0a12da8c991f5b0e5e1ab4a0e31d43ffbbb3a1c2") { ...commit }"#,
        ],
    );
}

#[test]
fn fragments_are_there_when_they_are_used() {
    #[track_caller]
    fn check(lookups: &[Lookup], expect: &[&str]) {
        let query = query(lookups);
        let names = query.lines().filter_map(|l| l.strip_prefix("fragment ")?.split(' ').next());
        assert_eq!(names.collect::<Vec<_>>(), expect);
    }
    check(&[], &[]);
    check(&[commit("a/b", SHA)], &["commit", "user"]);
    check(&[run("a/b", "1", SHA)], &["runs", "user"]);
    check(&[pull("a/b", "1")], &["pull", "user"]);
    check(&lookups(), &["commit", "runs", "pull", "user"]);
}

#[test]
fn what_is_no_id_is_not_asked() {
    let strange = [
        commit("a/b", "main"),
        commit("a/b", "HEAD:secrets.txt"),
        commit("a/b", "abc"),
        commit("a/b", "\") { x }"),
        run("a/b", "1", "main"),
        pull("a/b", "seven"),
        pull("a/b", "-7"),
        pull("a/b", "4294967295"),
        commit("1042", SHA),
        commit("a/b/c", SHA),
        commit("/b", SHA),
    ];
    assert_eq!(query(&strange), "query {\n  rateLimit { remaining resetAt }\n}\n");
    let (found, _) = parse_many(&ok(r#"{"data": {"rateLimit": null}}"#), &strange).unwrap();
    assert_eq!(found, vec![Found::Unanswered; strange.len()]);
    // Where no repository was asked for, none refused.
    let odd = r#"{"data": {"rateLimit": null}, "errors": [{"message": "Nobody counts here."}]}"#;
    assert_eq!(parse_many(&ok(odd), &strange).unwrap().0, found);
}

#[test]
fn names_cannot_leave_their_quotes() {
    let line = query(&[commit("a\"b\\/c\n{", SHA)]).lines().nth(1).unwrap().to_owned();
    assert_eq!(line, r#"  r0: repository(owner: "a\"b\\", name: "c\n{") {"#);
}
