use super::*;

pub(in crate::forge::github::tests) const PULL: &str = r#"{
  "number": 12, "title": "Trivia 1.4 to prod", "state": "open", "draft": true, "merged": false,
  "html_url": "https://github.com/contoso/trivia/pull/12", "url": "https://api.github.com/repos/contoso/trivia/pulls/12",
  "created_at": "2026-11-20T09:10:00Z", "updated_at": "2026-11-20T09:12:00Z", "closed_at": null, "merged_at": null,
  "merge_commit_sha": "9f00000000000000000000000000000000000001",
  "user": {"login": "contoso-bot", "avatar_url": "https://avatars.example/in/2", "html_url": "https://github.com/apps/contoso-bot"},
  "merged_by": null, "head": {"ref": "deploy/trivia-1.4", "sha": "9f00"}, "base": {"ref": "main"},
  "requested_reviewers": [{"login": "jon-abara", "avatar_url": "https://avatars.example/u/3"}],
  "requested_teams": [{"name": "Release desk", "slug": "release-desk", "html_url": "https://github.com/orgs/contoso/teams/release-desk"}]
}"#;

fn merged() -> PullRequest {
    let body = PULL
        .replace("\"open\", \"draft\": true, \"merged\": false", "\"closed\", \"draft\": false, \"merged\": true")
        .replace(
            "\"closed_at\": null, \"merged_at\": null",
            "\"closed_at\": \"2026-11-20T10:00:01Z\", \"merged_at\": \"2026-11-20T10:00:00Z\"",
        )
        .replace("\"merged_by\": null", "\"merged_by\": {\"login\": \"jon-abara\"}");
    parse_pull_request(&ok(&body)).unwrap()
}

#[test]
fn a_pull_request() {
    expect![[r#"
        PullRequest {
            id: "12",
            state: Open,
            draft: true,
            title: Some(
                "Trivia 1.4 to prod",
            ),
            link: Some(
                Link(
                    "https://github.com/contoso/trivia/pull/12",
                ),
            ),
            branch: Some(
                "deploy/trivia-1.4",
            ),
            created: Some(
                Timestamp(
                    1795165800000,
                ),
            ),
            ended: None,
            author: Some(
                Person {
                    name: "contoso-bot",
                    email: None,
                    image: Some(
                        Link(
                            "https://avatars.example/in/2",
                        ),
                    ),
                    url: Some(
                        Link(
                            "https://github.com/apps/contoso-bot",
                        ),
                    ),
                },
            ),
            merged_by: None,
            waits_for: [
                Person {
                    name: "jon-abara",
                    email: None,
                    image: Some(
                        Link(
                            "https://avatars.example/u/3",
                        ),
                    ),
                    url: None,
                },
                Person {
                    name: "Release desk",
                    email: None,
                    image: None,
                    url: Some(
                        Link(
                            "https://github.com/orgs/contoso/teams/release-desk",
                        ),
                    ),
                },
            ],
            merge_commit: None,
        }
    "#]]
    .assert_debug_eq(&parse_pull_request(&ok(PULL)).unwrap());
    expect![[r#"
        PullRequest {
            id: "12",
            state: Merged,
            draft: false,
            title: Some(
                "Trivia 1.4 to prod",
            ),
            link: Some(
                Link(
                    "https://github.com/contoso/trivia/pull/12",
                ),
            ),
            branch: Some(
                "deploy/trivia-1.4",
            ),
            created: Some(
                Timestamp(
                    1795165800000,
                ),
            ),
            ended: Some(
                Timestamp(
                    1795168800000,
                ),
            ),
            author: Some(
                Person {
                    name: "contoso-bot",
                    email: None,
                    image: Some(
                        Link(
                            "https://avatars.example/in/2",
                        ),
                    ),
                    url: Some(
                        Link(
                            "https://github.com/apps/contoso-bot",
                        ),
                    ),
                },
            ),
            merged_by: Some(
                Person {
                    name: "jon-abara",
                    email: None,
                    image: None,
                    url: None,
                },
            ),
            waits_for: [],
            merge_commit: Some(
                "9f00000000000000000000000000000000000001",
            ),
        }
    "#]]
    .assert_debug_eq(&merged());
}

#[test]
fn a_pull_request_that_was_given_up() {
    let closed = PULL
        .replace("\"open\"", "\"closed\"")
        .replace("\"closed_at\": null", "\"closed_at\": \"2026-11-21T00:00:00Z\"")
        .replace("\"merged_by\": null", "\"merged_by\": {\"login\": \"nobody-did\"}");
    let pull = parse_pull_request(&ok(&closed)).unwrap();
    assert_eq!(pull.state, PullState::Abandoned);
    assert_eq!(pull.ended.unwrap().to_rfc3339(), "2026-11-21T00:00:00Z");
    assert_eq!((pull.merged_by, pull.waits_for.len(), pull.merge_commit), (None, 0, None));
    // Lists of pull requests leave `merged` out, and who merged is not always known.
    let listed = closed
        .replace("\"merged\": false,", "")
        .replace("\"merged_at\": null", "\"merged_at\": \"2026-11-21T00:00:00Z\"");
    let pull = parse_pull_request(&ok(&listed.replace("{\"login\": \"nobody-did\"}", "null"))).unwrap();
    assert_eq!((pull.state, pull.merged_by), (PullState::Merged, None));
}
