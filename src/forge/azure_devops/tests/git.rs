use expect_test::expect;

use super::{super::pull_request, fixtures, *};
use crate::domain::{
    id::{CommitId, PullRequestId},
    pull_request::PullState,
};

fn commit(id: &str) -> CommitId {
    CommitId::new(id).unwrap()
}

#[test]
fn requests() {
    let secret = token("https://dev.azure.com");
    let pull = PullRequestId::new("88").unwrap();
    let mut text = String::new();
    for at in [service(), server()] {
        let secret = Some(&secret);
        text += &shown(&request_commits(&at, "quiz hld", &[commit("5f0c8a1"), commit("77\"aa")], secret));
        text += &shown(&request_commit(&at, "quiz hld", &commit("5f0c8a1"), secret));
        text += &shown(&request_pull_request(&at, &pull, secret));
        text += &shown(&request_pull_requests(&at, None, secret));
        text += &shown(&request_pull_requests(&at, Some("quiz hld"), secret));
    }
    expect![[r#"
        POST https://dev.azure.com/contoso/trivia%20night/_apis/git/repositories/quiz%20hld/commitsbatch?api-version=7.1 +secret
        Content-Type: application/json
        Accept: application/json

        {"ids":["5f0c8a1","77\"aa"]}
        GET https://dev.azure.com/contoso/trivia%20night/_apis/git/repositories/quiz%20hld/commits/5f0c8a1?api-version=7.1 +secret
        Accept: application/json
        GET https://dev.azure.com/contoso/trivia%20night/_apis/git/pullrequests/88?api-version=7.1 +secret
        Accept: application/json
        GET https://dev.azure.com/contoso/trivia%20night/_apis/git/pullrequests?searchCriteria.status=all&$top=100&api-version=7.1 +secret
        Accept: application/json
        GET https://dev.azure.com/contoso/trivia%20night/_apis/git/repositories/quiz%20hld/pullrequests?searchCriteria.status=all&$top=100&api-version=7.1 +secret
        Accept: application/json
        POST https://git.contoso.example:8443/tfs/contoso/trivia%20night/_apis/git/repositories/quiz%20hld/commitsbatch?api-version=7.1
        Content-Type: application/json
        Accept: application/json

        {"ids":["5f0c8a1","77\"aa"]}
        GET https://git.contoso.example:8443/tfs/contoso/trivia%20night/_apis/git/repositories/quiz%20hld/commits/5f0c8a1?api-version=7.1
        Accept: application/json
        GET https://git.contoso.example:8443/tfs/contoso/trivia%20night/_apis/git/pullrequests/88?api-version=7.1
        Accept: application/json
        GET https://git.contoso.example:8443/tfs/contoso/trivia%20night/_apis/git/pullrequests?searchCriteria.status=all&$top=100&api-version=7.1
        Accept: application/json
        GET https://git.contoso.example:8443/tfs/contoso/trivia%20night/_apis/git/repositories/quiz%20hld/pullrequests?searchCriteria.status=all&$top=100&api-version=7.1
        Accept: application/json
    "#]].assert_eq(&text);
}

#[test]
fn commits() {
    let page = parse_commits(&answer(200, fixtures::COMMITS)).unwrap();
    expect![[r#"
        Page {
            items: [
                Commit {
                    id: "5f0c8a1e9b7d4c3f2a1b0c9d8e7f6a5b4c3d2e1f",
                    message: Some(
                        "Count a blank answer as wrong\n\nIt was skipped before.",
                    ),
                    author: Some(
                        Person {
                            name: "Jon Okafor",
                            email: Some(
                                "jon.okafor@contoso.example",
                            ),
                            image: Some(
                                Link(
                                    "https://dev.azure.com/contoso/_apis/GraphProfile/MemberAvatars/aad.am9u",
                                ),
                            ),
                            url: None,
                        },
                    ),
                    at: Some(
                        Timestamp(
                            1795165910000,
                        ),
                    ),
                    link: Some(
                        Link(
                            "https://dev.azure.com/contoso/trivia%20night/_git/quiz-hld/commit/5f0c8a1e9b7d4c3f2a1b0c9d8e7f6a5b4c3d2e1f",
                        ),
                    ),
                },
                Commit {
                    id: "77aa8a1e9b7d4c3f2a1b0c9d8e7f6a5b4c3d2e1f",
                    message: None,
                    author: Some(
                        Person {
                            name: "build bot",
                            email: None,
                            image: None,
                            url: None,
                        },
                    ),
                    at: Some(
                        Timestamp(
                            1795158000000,
                        ),
                    ),
                    link: Some(
                        Link(
                            "https://dev.azure.com/contoso/9d1c/_git/3d0a4bb2/commit/77aa8a1e9b7d4c3f2a1b0c9d8e7f6a5b4c3d2e1f",
                        ),
                    ),
                },
            ],
            bad: [],
            next: (),
        }"#]].assert_eq(&format!("{page:#?}"));
    let one = serde_json::from_str::<serde_json::Value>(fixtures::COMMITS).unwrap()["value"][0].to_string();
    assert_eq!(parse_commit(&answer(200, &one)).as_ref(), Ok(&page.items[0]));
    assert_eq!(failed(parse_commit(&answer(200, r#"{"commitId":" "}"#))).kind, ProblemKind::Unreadable);
}

#[test]
fn pull_requests() {
    let pull = parse_pull_request(&answer(200, fixtures::PULL_REQUEST)).unwrap();
    let page = parse_pull_requests(&answer(200, fixtures::PULL_REQUESTS)).unwrap();
    expect![[r#"
        PullRequest {
            id: "88",
            state: Open,
            draft: true,
            title: Some(
                "Update quiz-api to quiz-api-main-6101",
            ),
            link: Some(
                Link(
                    "https://dev.azure.com/contoso/trivia%20night/_git/quiz-hld/pullrequest/88",
                ),
            ),
            branch: Some(
                "DEPLOY/quiz-api-main-6101",
            ),
            created: Some(
                Timestamp(
                    1795166251665,
                ),
            ),
            ended: None,
            author: Some(
                Person {
                    name: "Mara Lind",
                    email: Some(
                        "mara.lind@contoso.example",
                    ),
                    image: None,
                    url: None,
                },
            ),
            merged_by: None,
            waits_for: [
                Person {
                    name: "Ana Ruiz",
                    email: Some(
                        "ana.ruiz@contoso.example",
                    ),
                    image: None,
                    url: None,
                },
            ],
            merge_commit: None,
        }
        Page {
            items: [
                PullRequest {
                    id: "87",
                    state: Merged,
                    draft: false,
                    title: Some(
                        "Update quiz-web",
                    ),
                    link: Some(
                        Link(
                            "https://dev.azure.com/contoso/9d1c/_git/quiz%20hld/pullrequest/87",
                        ),
                    ),
                    branch: Some(
                        "DEPLOY/quiz-web-main-6090",
                    ),
                    created: Some(
                        Timestamp(
                            1795078800000,
                        ),
                    ),
                    ended: Some(
                        Timestamp(
                            1795080600000,
                        ),
                    ),
                    author: Some(
                        Person {
                            name: "Mara Lind",
                            email: None,
                            image: None,
                            url: None,
                        },
                    ),
                    merged_by: Some(
                        Person {
                            name: "Jon Okafor",
                            email: None,
                            image: None,
                            url: None,
                        },
                    ),
                    waits_for: [],
                    merge_commit: Some(
                        "1e924c570d532d92c12e955b9f8948935f54944e",
                    ),
                },
                PullRequest {
                    id: "86",
                    state: Abandoned,
                    draft: false,
                    title: Some(
                        "Try another port",
                    ),
                    link: Some(
                        Link(
                            "https://git.contoso.example/tfs/contoso/trivia%20night/_git/quiz%20hld/pullrequest/86",
                        ),
                    ),
                    branch: None,
                    created: None,
                    ended: Some(
                        Timestamp(
                            1794994200000,
                        ),
                    ),
                    author: None,
                    merged_by: None,
                    waits_for: [],
                    merge_commit: None,
                },
            ],
            bad: [],
            next: (),
        }"#]]
    .assert_eq(&format!("{pull:#?}\n{page:#?}"));
}

#[test]
fn words_of_pull_requests() {
    #[track_caller]
    fn check(word: &str, expect: PullState) {
        assert_eq!(pull_request::state(Some(word)), expect, "{word}");
    }
    check("active", PullState::Open);
    check("completed", PullState::Merged);
    check("Completed", PullState::Merged);
    check("abandoned", PullState::Abandoned);
    check("notSet", PullState::Unknown);
    check("all", PullState::Unknown);
    check("merged", PullState::Unknown);
    assert_eq!(pull_request::state(None), PullState::Unknown);
}

#[test]
fn whom_a_pull_request_waits_for() {
    #[track_caller]
    fn check(status: &str, reviewers: &[&str], expect: &[&str]) {
        let body = format!(r#"{{"pullRequestId":1,"status":"{status}","reviewers":[{}]}}"#, reviewers.join(","));
        let pull = parse_pull_request(&answer(200, &body)).unwrap();
        let names: Vec<&str> = pull.waits_for.iter().map(|person| &*person.name).collect();
        assert_eq!(names, expect, "{body}");
    }
    let ana = r#"{"id":"1","displayName":"Ana","vote":0,"isRequired":true}"#;
    let ben = r#"{"id":"2","displayName":"Ben","vote":-5,"isRequired":true}"#;
    let cem = r#"{"id":"3","displayName":"Cem","vote":5,"isRequired":true,"votedFor":[{"id":"6"}]}"#;
    let dag = r#"{"id":"4","displayName":"Dag","vote":0}"#;
    let eve = r#"{"id":"5","displayName":"Eve","vote":-10}"#;
    let team = r#"{"id":"6","displayName":"Team","vote":0,"isRequired":true,"isContainer":true}"#;
    let gone = r#"{"id":"7","displayName":"Gil","vote":0,"hasDeclined":true}"#;
    check("active", &[], &[]);
    check("active", &[ana, ben, dag], &["Ana", "Ben"]);
    check("active", &[cem, dag], &[]); // who must has, and nobody else need
    check("active", &[dag, eve, gone], &["Dag"]);
    check("active", &[team, dag], &["Team"]);
    check("active", &[team, cem], &[]);
    check("completed", &[ana], &[]);
    check("abandoned", &[ana], &[]);
}

#[test]
fn links_of_pull_requests() {
    #[track_caller]
    fn check(repository: &str, expect: Option<&str>) {
        let body = format!(r#"{{"pullRequestId":7,"status":"active","repository":{repository}}}"#);
        let pull = parse_pull_request(&answer(200, &body)).unwrap();
        assert_eq!(pull.link.as_ref().map(Link::as_str), expect, "{repository}");
    }
    check(
        r#"{"webUrl":"https://dev.azure.com/o/p/_git/r","remoteUrl":"https://x.example"}"#,
        Some("https://dev.azure.com/o/p/_git/r/pullrequest/7"),
    );
    check(
        r#"{"webUrl":"javascript:alert(1)//","remoteUrl":"https://o@dev.azure.com/o/p/_git/r"}"#,
        Some("https://dev.azure.com/o/p/_git/r/pullrequest/7"),
    );
    check(
        r#"{"name":"r s","url":"https://dev.azure.com/o/9d1c/_apis/git/repositories/3d0a","project":{"id":"9d1c","name":"p"}}"#,
        Some("https://dev.azure.com/o/9d1c/_git/r%20s/pullrequest/7"),
    );
    check(
        r#"{"id":"3d0a","url":"https://dev.azure.com/o/_apis/git/repositories/3d0a","project":{"id":"9d1c","name":"p q"}}"#,
        Some("https://dev.azure.com/o/p%20q/_git/3d0a/pullrequest/7"),
    );
    check(r#"{"name":"r"}"#, None);
    check("null", None);
}

#[test]
fn links_of_commits() {
    #[track_caller]
    fn check(at: &AzureDevOps, expect: &str) {
        let link = commit_link(at, "quiz hld", &commit("5f0c8a1"));
        assert_eq!(link.as_ref().map(Link::as_str), Some(expect));
    }
    check(&service(), "https://dev.azure.com/contoso/trivia%20night/_git/quiz%20hld/commit/5f0c8a1");
    check(&server(), "https://git.contoso.example:8443/tfs/contoso/trivia%20night/_git/quiz%20hld/commit/5f0c8a1");
    check(&legacy(), "https://contoso.visualstudio.com/trivia%20night/_git/quiz%20hld/commit/5f0c8a1");
}

#[test]
fn repositories() {
    #[track_caller]
    fn check(text: &str, expect: Option<(&str, &str, &str)>) {
        let found = repository(text);
        assert_eq!(found.as_ref().map(|(o, p, r)| (o.as_str(), p.as_str(), r.as_str())), expect, "{text}");
    }
    let all = Some(("contoso", "trivia night", "quiz"));
    let alone = Some(("contoso", "quiz", "quiz"));
    check("https://dev.azure.com/contoso/trivia%20night/_git/quiz", all);
    check("dev.azure.com/contoso/trivia%20night/_git/quiz", all);
    check(" HTTPS://Dev.Azure.Com/contoso/trivia night/_git/quiz.git/ ", all);
    check("https://contoso@dev.azure.com/contoso/trivia%20night/_git/quiz", all);
    check("https://contoso:pat@dev.azure.com:443/contoso/trivia%20night/_git/quiz?version=GBmain#x", all);
    check("https://dev.azure.com/contoso/trivia%20night/_git/quiz/commit/5f0c8a1", all);
    check("https://dev.azure.com/contoso/_git/quiz", alone);
    check("https://contoso.visualstudio.com/trivia%20night/_git/quiz", all);
    check("https://contoso.visualstudio.com/DefaultCollection/trivia%20night/_git/quiz", all);
    check("contoso.visualstudio.com/defaultcollection/_git/quiz", alone);
    check("contoso.visualstudio.com/_git/quiz.git", alone);
    check("git@ssh.dev.azure.com:v3/contoso/trivia%20night/quiz", all);
    check("ssh.dev.azure.com:v3/contoso/trivia%20night/quiz", all);
    check("ssh://git@ssh.dev.azure.com:22/v3/contoso/trivia%20night/quiz.git", all);
    check("contoso@vs-ssh.visualstudio.com:v3/contoso/trivia%20night/quiz", all);
    check("https://dev.azure.com/contoso/trivia/quiz", None);
    check("https://dev.azure.com/contoso/trivia/_git", None);
    check("https://dev.azure.com/contoso/../_git/quiz", None);
    check("https://dev.azure.com/contoso/a%2Fb/_git/quiz", None);
    check("https://dev.azure.com", None);
    check("https://dev.azure.com@evil.example/contoso/trivia/_git/quiz", None);
    check("https://dev.azure.com.evil.example/contoso/trivia/_git/quiz", None);
    check("https://a.b.visualstudio.com/trivia/_git/quiz", None);
    check("https://git.contoso.example/tfs/contoso/trivia/_git/quiz", None);
    check("https://github.com/contoso/quiz", None);
    check("contoso/quiz", None);
    check("1042", None);
    check("", None);
}

#[test]
fn repositories_of_a_server() {
    #[track_caller]
    fn check(at: &AzureDevOps, text: &str, expect: Option<(&str, &str, &str)>) {
        let found = repository_at(at, text);
        assert_eq!(found.as_ref().map(|(o, p, r)| (o.as_str(), p.as_str(), r.as_str())), expect, "{text}");
    }
    let all = Some(("DefaultCollection", "trivia night", "quiz"));
    check(&server(), "https://git.contoso.example:8443/tfs/DefaultCollection/trivia%20night/_git/quiz", all);
    check(&server(), "git.contoso.example/TFS/DefaultCollection/trivia%20night/_git/quiz.git", all);
    check(
        &server(),
        "git.contoso.example/tfs/DefaultCollection/_git/quiz",
        Some(("DefaultCollection", "quiz", "quiz")),
    );
    check(&server(), "https://git.contoso.example/DefaultCollection/trivia/_git/quiz", None);
    check(&server(), "https://other.example/tfs/DefaultCollection/trivia/_git/quiz", None);
    check(&server(), "https://git.contoso.example/tfs", None);
    check(&server(), "https://dev.azure.com/o/p/_git/r", Some(("o", "p", "r")));
    let bare = forge("https://git.contoso.example", "https://git.contoso.example");
    check(&bare, "git.contoso.example/DefaultCollection/trivia%20night/_git/quiz", all);
}

#[test]
fn e_mail_addresses() {
    #[track_caller]
    fn check(text: &str, expect: bool) {
        assert_eq!(person::is_email(text), expect, "{text}");
    }
    check("mara.lind@contoso.example", true);
    check("CONTOSO\\mara", false);
    check("CONTOSO\\mara@contoso.example", false);
    check("00000002-0000-8888-8000-000000000000@2c895908-04e0-4952-89fd-54b0046d6288", false);
    check("@contoso.example", false);
    check("mara", false);
}
