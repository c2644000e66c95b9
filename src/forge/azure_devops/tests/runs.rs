use expect_test::expect;

use super::{super::build, fixtures, *};
use crate::domain::deployment::Status;

#[test]
fn requests() {
    let secret = token("https://dev.azure.com");
    let released = release_secret(&service(), &secret).unwrap();
    let mut text = String::new();
    for at in [service(), server(), legacy()] {
        text += &shown(&request_builds(&at, &ids(&["6101", "6102"]), Some(&secret)));
        text += &shown(&request_stages(&at, &ids(&["6101"])[0], Some(&secret)));
        text += &shown(&request_releases(&at, &ids(&["246"]), Some(&released)));
    }
    expect![[r#"
        GET https://dev.azure.com/contoso/trivia%20night/_apis/build/builds?buildIds=6101,6102&api-version=7.1 +secret
        Accept: application/json
        GET https://dev.azure.com/contoso/trivia%20night/_apis/build/builds/6101/timeline?api-version=7.1 +secret
        Accept: application/json
        GET https://vsrm.dev.azure.com/contoso/trivia%20night/_apis/release/releases?releaseIdFilter=246&$expand=environments,artifacts&$top=100&api-version=7.1 +secret
        Accept: application/json
        GET https://git.contoso.example:8443/tfs/contoso/trivia%20night/_apis/build/builds?buildIds=6101,6102&api-version=7.1
        Accept: application/json
        GET https://git.contoso.example:8443/tfs/contoso/trivia%20night/_apis/build/builds/6101/timeline?api-version=7.1
        Accept: application/json
        GET https://git.contoso.example:8443/tfs/contoso/trivia%20night/_apis/release/releases?releaseIdFilter=246&$expand=environments,artifacts&$top=100&api-version=7.1
        Accept: application/json
        GET https://contoso.visualstudio.com/trivia%20night/_apis/build/builds?buildIds=6101,6102&api-version=7.1
        Accept: application/json
        GET https://contoso.visualstudio.com/trivia%20night/_apis/build/builds/6101/timeline?api-version=7.1
        Accept: application/json
        GET https://contoso.vsrm.visualstudio.com/trivia%20night/_apis/release/releases?releaseIdFilter=246&$expand=environments,artifacts&$top=100&api-version=7.1
        Accept: application/json
    "#]].assert_eq(&text);
}

#[test]
fn only_numbers_are_asked_for() {
    #[track_caller]
    fn check(texts: &[&str], expect: &str) {
        let request = request_builds(&service(), &ids(texts), None);
        assert_eq!(request.query("buildIds").as_deref(), Some(expect), "{texts:?}");
        let request = request_releases(&service(), &ids(texts), None);
        assert_eq!(request.query("releaseIdFilter").as_deref(), Some(expect), "{texts:?}");
    }
    check(&["7", "8"], "7,8");
    check(&["7", "main", "8&$top=1", "-3", "99999999999"], "7");
    check(&["unknown"], "0");
    check(&[], "0");
}

#[test]
fn builds() {
    let page = parse_builds(&answer(200, fixtures::BUILDS)).unwrap();
    expect![[r#"
        Page {
            items: [
                (
                    "6101",
                    Run {
                        status: Succeeded,
                        warned: true,
                        name: Some(
                            "20261120.3",
                        ),
                        link: Some(
                            Link(
                                "https://dev.azure.com/contoso/9d1c/_build/results?buildId=6101",
                            ),
                        ),
                        queued: Some(
                            Timestamp(
                                1795165921123,
                            ),
                        ),
                        started: Some(
                            Timestamp(
                                1795165931500,
                            ),
                        ),
                        ended: Some(
                            Timestamp(
                                1795166200000,
                            ),
                        ),
                        commit: Some(
                            "5f0c8a1e9b7d4c3f2a1b0c9d8e7f6a5b4c3d2e1f",
                        ),
                        branch: Some(
                            "main",
                        ),
                        repository: Some(
                            "https://github.com/contoso/quiz-api",
                        ),
                        starter: Some(
                            Person {
                                name: "Mara Lind",
                                email: Some(
                                    "mara.lind@contoso.example",
                                ),
                                image: Some(
                                    Link(
                                        "https://dev.azure.com/contoso/_apis/GraphProfile/MemberAvatars/aad.bWFyYQ",
                                    ),
                                ),
                                url: None,
                            },
                        ),
                        image: None,
                        parts: [],
                        approvals: None,
                    },
                ),
                (
                    "6102",
                    Run {
                        status: Running,
                        warned: false,
                        name: Some(
                            "20261120.4",
                        ),
                        link: Some(
                            Link(
                                "https://dev.azure.com/contoso/9d1c/_build/results?buildId=6102",
                            ),
                        ),
                        queued: Some(
                            Timestamp(
                                1795166400000,
                            ),
                        ),
                        started: Some(
                            Timestamp(
                                1795166409000,
                            ),
                        ),
                        ended: None,
                        commit: Some(
                            "aa0c8a1e9b7d4c3f2a1b0c9d8e7f6a5b4c3d2e1f",
                        ),
                        branch: Some(
                            "pull/88",
                        ),
                        repository: Some(
                            "https://dev.azure.com/contoso/trivia%20night/_git/quiz-hld",
                        ),
                        starter: Some(
                            Person {
                                name: "Microsoft.VisualStudio.Services.TFS",
                                email: None,
                                image: Some(
                                    Link(
                                        "https://dev.azure.com/contoso/_apis/GraphProfile/MemberAvatars/s2s",
                                    ),
                                ),
                                url: None,
                            },
                        ),
                        image: None,
                        parts: [],
                        approvals: None,
                    },
                ),
                (
                    "6103",
                    Run {
                        status: Queued,
                        warned: false,
                        name: None,
                        link: None,
                        queued: None,
                        started: None,
                        ended: None,
                        commit: None,
                        branch: None,
                        repository: None,
                        starter: None,
                        image: None,
                        parts: [],
                        approvals: None,
                    },
                ),
            ],
            bad: [],
            next: (),
        }"#]]
    .assert_eq(&format!("{page:#?}"));
}

#[test]
fn words_of_builds() {
    #[track_caller]
    fn check(status: &str, result: Option<&str>, expect: Status, warned: bool) {
        assert_eq!(build::status(Some(status), result), (expect, warned), "{status} {result:?}");
    }
    check("notStarted", None, Status::Queued, false);
    check("postponed", None, Status::Queued, false);
    check("inProgress", None, Status::Running, false);
    check("cancelling", None, Status::Running, false);
    check("completed", Some("succeeded"), Status::Succeeded, false);
    check("Completed", Some("Succeeded"), Status::Succeeded, false);
    check("completed", Some("partiallySucceeded"), Status::Succeeded, true);
    check("completed", Some("failed"), Status::Failed, false);
    check("completed", Some("canceled"), Status::Canceled, false);
    check("completed", Some("none"), Status::Unknown, false);
    check("completed", Some("splendid"), Status::Unknown, false);
    check("completed", None, Status::Unknown, false);
    check("inProgress", Some("succeeded"), Status::Running, false);
    check("none", Some("succeeded"), Status::Unknown, false);
    check("all", None, Status::Unknown, false);
    check("paused", None, Status::Unknown, false);
    assert_eq!(build::status(None, Some("succeeded")), (Status::Unknown, false));
}

#[test]
fn repositories_of_builds() {
    #[track_caller]
    fn check(repository: &str, expect: Option<&str>) {
        let body = format!(r#"{{"value":[{{"id":1,"repository":{repository}}}]}}"#);
        let page = parse_builds(&answer(200, &body)).unwrap();
        assert_eq!(page.items[0].1.repository.as_ref().map(|r| r.as_str()), expect, "{repository}");
    }
    check(r#"{"id":"contoso/quiz","type":"GitHub"}"#, Some("https://github.com/contoso/quiz"));
    check(
        r#"{"id":"contoso/quiz","type":"github","url":"https://x.example"}"#,
        Some("https://github.com/contoso/quiz"),
    );
    check(
        r#"{"id":"81","type":"GitHub","url":"https://github.com/contoso/quiz.git"}"#,
        Some("https://github.com/contoso/quiz.git"),
    );
    check(r#"{"id":"81","type":"GitHub"}"#, None);
    check(
        r#"{"id":"3d0a","type":"TfsGit","url":"https://u@dev.azure.com/o/p/_git/r"}"#,
        Some("https://dev.azure.com/o/p/_git/r"),
    );
    check(r#"{"id":"3d0a","type":"TfsGit"}"#, Some("3d0a"));
    check(r#"{"id":"contoso/quiz","type":"Bitbucket"}"#, None);
    check(
        r#"{"id":"x","type":"GitHubEnterprise","url":"https://github.contoso.example/o/r"}"#,
        Some("https://github.contoso.example/o/r"),
    );
    check(r#"{"id":null,"type":null,"url":" "}"#, None);
    check("null", None);
}
