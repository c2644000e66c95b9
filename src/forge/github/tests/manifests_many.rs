use expect_test::expect;
use serde_json::{Value, json};

use super::*;
use crate::domain::{manifests::Log, problem::ProblemKind};

#[test]
fn the_question() {
    let question = |branch: Option<&str>| {
        let request = request_manifests(&here(), branch, Some(&token()));
        assert!(request.has_secret());
        let body: Value = serde_json::from_str(request.question().unwrap()).unwrap();
        (request.address().to_owned(), body["query"].as_str().unwrap().to_owned())
    };
    let (address, query) = question(None);
    assert_eq!(address, "https://api.github.com/graphql");
    expect![[r#"
        query {
          repository(owner: "contoso", name: "trivia") {
            is_empty: isEmpty
            head: defaultBranchRef { target { ... on Commit {
              sha: oid
              history(first: 100) { nodes {
                sha: oid committed_at: committedDate parents(first: 10) { total: totalCount nodes { sha: oid } }
              } }
              newest: history(first: 30) { nodes {
                sha: oid status { contexts { context state description created_at: createdAt } }
              } }
            } } }
            tags: refs(refPrefix: "refs/tags/", query: "flux-", first: 100) { page: pageInfo { more: hasNextPage } nodes {
              name target {
                kind: __typename sha: oid
                ... on Commit { committed_at: committedDate }
                ... on Tag { tagger { date } target { kind: __typename sha: oid } }
              }
            } }
          }
          environments: repository(owner: "contoso", name: "trivia") {
            deployments(first: 100, orderBy: {field: CREATED_AT, direction: DESC}) { page: pageInfo { more: hasNextPage } nodes {
              id: databaseId environment sha: commitOid created_at: createdAt
              latest: latestStatus { state description created_at: createdAt log_url: logUrl }
            } }
          }
          rateLimit { remaining resetAt }
        }
    "#]]
    .assert_eq(&query);
    let (_, named) = question(Some("release\") { x"));
    assert_eq!(named, query.replace("defaultBranchRef", r#"ref(qualifiedName: "refs/heads/release\") { x")"#));
}

/// An answer in which everything is reported.
fn whole() -> Value {
    let mut statuses = json!({"nodes": [
        {"sha": "aaaaaaa", "status": {"contexts": [
            {"context": "kustomization/apps/0c9c2e41", "state": "SUCCESS", "description": "reconciliation succeeded",
             "created_at": "2026-11-20T10:00:00Z"},
            {"context": "ci/build", "state": "EXPECTED", "description": null, "created_at": "2026-11-20T09:00:00Z"},
            {"state": "SUCCESS"},
        ]}},
        {"sha": "bbbbbbb", "status": null},
        {"sha": "ccccccc", "status": {"contexts": [{"context": "Status", "state": "FAILURE"}]}},
    ]});
    json!({
        "data": {
            "repository": {
                "is_empty": false,
                "head": {"target": {
                    "sha": "aaaaaaa",
                    "history": {"nodes": [
                        {"sha": "aaaaaaa", "committed_at": "2026-11-20T09:00:00Z",
                         "parents": {"total": 2, "nodes": [{"sha": "bbbbbbb"}, {"sha": "ccccccc"}]}},
                        {"sha": "bbbbbbb", "parents": {"total": 11, "nodes": [{"sha": "ddddddd"}]}},
                        null,
                        {"sha": 7},
                        {"sha": "ccccccc", "parents": {"total": 0, "nodes": []}},
                    ]},
                    "newest": statuses.take(),
                }},
                "tags": {"nodes": [
                    {"name": "flux-east", "target": {"kind": "Tag", "sha": "940bd33", "tagger": {"date": "2026-11-20T12:00:00+02:00"},
                     "target": {"kind": "Commit", "sha": "bbbbbbb"}}},
                    {"name": "flux-west", "target": {"kind": "Commit", "sha": "ccccccc", "committed_at": "2026-11-19T09:00:00Z"}},
                    {"name": "flux-far", "target": {"kind": "Tag", "sha": "940bd34", "tagger": null,
                     "target": {"kind": "Tag", "sha": "beef000"}}},
                    {"name": "flux-tree", "target": {"kind": "Tree", "sha": "4b825dc"}},
                    {"name": "not-flux-east", "target": {"kind": "Commit", "sha": "ccccccc"}},
                ]},
            },
            "environments": {"deployments": {"page": {"more": true}, "nodes": [
                {"id": 42, "environment": "prod-eu", "sha": "aaaaaaa", "created_at": "2026-11-20T10:00:00Z",
                 "latest": {"state": "INACTIVE", "description": "", "created_at": "2026-11-20T10:05:00Z"}},
                {"id": 41, "environment": "lab", "latest": null},
                {"id": 40, "environment": "lab", "sha": "aaaaaaa", "latest": {"state": "SUCCESS",
                 "log_url": "https://github.com/contoso/trivia/actions/runs/71/job/72"}},
                {"id": null, "environment": "lab"},
            ]}},
            "rateLimit": {"remaining": 4990, "resetAt": "2026-11-20T11:00:00Z"},
        }
    })
}

#[test]
fn the_answer() {
    let manifests = parse_manifests(&ok(&whole().to_string())).unwrap();
    expect![[r#"
        Manifests {
            log: Log {
                tip: Some(
                    "aaaaaaa",
                ),
                commits: [
                    Listed {
                        id: "aaaaaaa",
                        parents: [
                            "bbbbbbb",
                            "ccccccc",
                        ],
                        at: Some(
                            Timestamp(
                                1795165200000,
                            ),
                        ),
                    },
                    Listed {
                        id: "ccccccc",
                        parents: [],
                        at: None,
                    },
                ],
                unclear: [
                    "bbbbbbb",
                ],
            },
            tags: ListPage {
                items: [
                    Tag {
                        name: "flux-east",
                        object: Some(
                            "940bd33",
                        ),
                        commit: Some(
                            "bbbbbbb",
                        ),
                        at: Some(
                            Timestamp(
                                1795168800000,
                            ),
                        ),
                        is_approximate: false,
                    },
                    Tag {
                        name: "flux-west",
                        object: None,
                        commit: Some(
                            "ccccccc",
                        ),
                        at: Some(
                            Timestamp(
                                1795078800000,
                            ),
                        ),
                        is_approximate: true,
                    },
                    Tag {
                        name: "flux-far",
                        object: Some(
                            "beef000",
                        ),
                        commit: None,
                        at: None,
                        is_approximate: false,
                    },
                ],
                rest: None,
            },
            statuses: [
                CommitStatus {
                    commit: "aaaaaaa",
                    context: "kustomization/apps/0c9c2e41",
                    genre: None,
                    state: Applied,
                    at: Some(
                        Timestamp(
                            1795168800000,
                        ),
                    ),
                    message: Some(
                        "reconciliation succeeded",
                    ),
                },
                CommitStatus {
                    commit: "aaaaaaa",
                    context: "ci/build",
                    genre: None,
                    state: Unknown,
                    at: Some(
                        Timestamp(
                            1795165200000,
                        ),
                    ),
                    message: None,
                },
                CommitStatus {
                    commit: "ccccccc",
                    context: "Status",
                    genre: None,
                    state: Failed,
                    at: None,
                    message: None,
                },
            ],
            deployments: ListPage {
                items: [
                    EnvironmentDeployment {
                        id: "42",
                        environment: "prod-eu",
                        commit: Some(
                            "aaaaaaa",
                        ),
                        outcome: Some(
                            Outcome {
                                state: None,
                                at: Some(
                                    Timestamp(
                                        1795169100000,
                                    ),
                                ),
                                message: None,
                                is_by_workflow: false,
                            },
                        ),
                        at: Some(
                            Timestamp(
                                1795168800000,
                            ),
                        ),
                        is_by_workflow: false,
                    },
                    EnvironmentDeployment {
                        id: "41",
                        environment: "lab",
                        commit: None,
                        outcome: None,
                        at: None,
                        is_by_workflow: false,
                    },
                    EnvironmentDeployment {
                        id: "40",
                        environment: "lab",
                        commit: Some(
                            "aaaaaaa",
                        ),
                        outcome: Some(
                            Outcome {
                                state: Some(
                                    Applied,
                                ),
                                at: None,
                                message: None,
                                is_by_workflow: true,
                            },
                        ),
                        at: None,
                        is_by_workflow: false,
                    },
                ],
                rest: NextPage,
            },
            refused: [],
            limits: Limits {
                remaining: Some(
                    4990,
                ),
                reset: Some(
                    Timestamp(
                        1795172400000,
                    ),
                ),
                retry_after: None,
            },
        }
    "#]]
    .assert_debug_eq(&manifests);
}

/// How much is left of the answer after a change: commits, tags, statuses, deployments, and what is refused.
fn counts(change: impl Fn(&mut Value)) -> Result<([usize; 4], Vec<Reads>), ProblemKind> {
    let mut answer = whole();
    change(&mut answer);
    let found = parse_manifests(&ok(&answer.to_string())).map_err(|error| error.kind)?;
    let counts = [found.log.commits.len(), found.tags.items.len(), found.statuses.len(), found.deployments.items.len()];
    Ok((counts, found.refused))
}

fn fault(kind: &str, path: Value) -> Value {
    json!([{"type": kind, "path": path, "message": "Resource not accessible by personal access token"}])
}

#[test]
fn an_answer_in_part() {
    #[track_caller]
    fn check(change: impl Fn(&mut Value), expect: Result<([usize; 4], Vec<Reads>), ProblemKind>) {
        assert_eq!(counts(change), expect);
    }
    use Reads::{Environments, Manifests, Statuses};
    check(|_| {}, Ok(([2, 3, 3, 3], vec![])));
    // What may not be read is null where the schema allows that, else what holds it is.
    check(
        |answer| {
            answer["errors"] = fault("FORBIDDEN", json!(["environments", "deployments"]));
            answer["data"]["environments"] = Value::Null;
        },
        Ok(([2, 3, 3, 0], vec![Environments])),
    );
    check(
        |answer| {
            answer["errors"] = fault("INSUFFICIENT_SCOPES", json!(["environments", "deployments"]));
            answer["data"]["environments"]["deployments"] = Value::Null;
        },
        Ok(([2, 3, 3, 0], vec![Environments])),
    );
    check(
        |answer| {
            let path = |at: usize| json!(["repository", "head", "target", "newest", "nodes", at, "status"]);
            let mut faults = fault("FORBIDDEN", path(0));
            faults.as_array_mut().unwrap().extend(fault("FORBIDDEN", path(2)).as_array().cloned().unwrap());
            answer["errors"] = faults;
            for at in [0, 2] {
                answer["data"]["repository"]["head"]["target"]["newest"]["nodes"][at]["status"] = Value::Null;
            }
        },
        Ok(([2, 3, 0, 3], vec![Statuses])),
    );
    check(
        |answer| {
            answer["errors"] = fault("FORBIDDEN", json!(["repository", "head", "target"]));
            answer["data"]["repository"]["head"] = Value::Null;
        },
        Ok(([0, 3, 0, 3], vec![Manifests])),
    );
    check(
        |answer| {
            answer["errors"] = fault("FORBIDDEN", json!(["repository", "tags"]));
            answer["data"]["repository"]["tags"] = Value::Null;
        },
        Ok(([2, 0, 3, 3], vec![Manifests])),
    );
    // A list that is missing for no reason that is known is not an empty one.
    for path in ["/data/environments/deployments", "/data/repository/head/target/history", "/data/environments"] {
        check(|answer| *answer.pointer_mut(path).unwrap() = Value::Null, Err(ProblemKind::Unreadable));
        check(|answer| *answer.pointer_mut(path).unwrap() = json!(7), Err(ProblemKind::Unreadable));
    }
    check(|answer| answer["errors"] = fault("STRANGE", json!(["repository", "tags"])), Err(ProblemKind::Unreadable));
    check(
        |answer| answer["errors"] = json!([{"message": "Something went wrong while executing your query."}]),
        Err(ProblemKind::Server),
    );
}

#[test]
fn branches_that_are_not_there() {
    let without = |is_empty: bool| {
        counts(|answer| {
            answer["data"]["repository"] = json!({"is_empty": is_empty, "head": null, "tags": null});
        })
    };
    assert_eq!(without(true), Ok(([0, 0, 0, 3], vec![])));
    assert_eq!(without(false), Err(ProblemKind::NotFound));
    let mut answer = whole();
    answer["data"]["repository"]["head"] = json!({"target": null});
    assert_eq!(parse_manifests(&ok(&answer.to_string())).unwrap_err().kind, ProblemKind::NotFound);
    answer["data"]["repository"]["is_empty"] = json!(true);
    assert_eq!(parse_manifests(&ok(&answer.to_string())).unwrap().log, Log::default());
}

#[test]
fn the_whole_is_refused() {
    #[track_caller]
    fn check(response: &Response, expect: ProblemKind) {
        assert_eq!(parse_manifests(response).unwrap_err().kind, expect, "{response:?}");
    }
    let errors = |kind: &str| {
        let null = json!({"repository": null, "environments": null});
        ok(&json!({"data": null, "errors": fault(kind, json!(["repository"]))})
            .to_string()
            .replace("null", &null.to_string()))
    };
    check(&errors("NOT_FOUND"), ProblemKind::NotFound);
    check(&errors("FORBIDDEN"), ProblemKind::Forbidden);
    check(&errors("RATE_LIMITED"), ProblemKind::RateLimited);
    check(&ok(r#"{"errors": [{"message": "Field 'x' doesn't exist on type 'Deployment'"}]}"#), ProblemKind::Unreadable);
    check(&ok("{}"), ProblemKind::Unreadable);
    check(&ok(r#"{"data": {"rep"#), ProblemKind::Truncated);
    check(&answer(401, &[], r#"{"message": "Bad credentials"}"#), ProblemKind::Unauthorized);
    check(&answer(403, &[("x-ratelimit-remaining", "0")], "{}"), ProblemKind::RateLimited);
}
