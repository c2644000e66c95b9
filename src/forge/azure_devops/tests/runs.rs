use expect_test::expect;

use super::{super::build, super::release, super::timeline, fixtures, *};
use crate::domain::{deployment::Status, run::RunPart};

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

#[test]
fn stages() {
    let stages = parse_stages(&answer(200, fixtures::TIMELINE)).unwrap();
    expect![[r#"
        [
            RunPart {
                name: "Build",
                status: Succeeded,
                warned: true,
                started: Some(
                    Timestamp(
                        1795165931000,
                    ),
                ),
                ended: Some(
                    Timestamp(
                        1795166099980,
                    ),
                ),
                waits_for: [],
                approvals: [],
            },
            RunPart {
                name: "Update HLD",
                status: Running,
                warned: false,
                started: Some(
                    Timestamp(
                        1795166100000,
                    ),
                ),
                ended: None,
                waits_for: [],
                approvals: [],
            },
            RunPart {
                name: "Production",
                status: Waiting,
                warned: false,
                started: None,
                ended: None,
                waits_for: [],
                approvals: [
                    "a3",
                ],
            },
            RunPart {
                name: "Smoke",
                status: Skipped,
                warned: false,
                started: None,
                ended: None,
                waits_for: [],
                approvals: [],
            },
        ]"#]]
    .assert_eq(&format!("{stages:#?}"));
}

#[test]
fn a_timeline_may_hold_nothing() {
    #[track_caller]
    fn check(status: u16, body: &str) {
        assert_eq!(parse_stages(&answer(status, body)), Ok(Vec::new()), "{status} {body}");
    }
    check(204, "");
    check(200, "");
    check(200, "null");
    check(200, r#"{"records":null}"#);
    check(200, r#"{"records":[],"id":"7"}"#);
    check(200, r#"{"records":[{"type":"Stage","name":"__default","identifier":"__default","state":"inProgress"}]}"#);
    assert_eq!(failed(parse_stages(&answer(200, r#"{"records":[{"type":"#))).kind, ProblemKind::Truncated);
    assert_eq!(failed(parse_stages(&answer(200, r#"{"records":[7]}"#))).kind, ProblemKind::Unreadable);
}

#[test]
fn a_stage_waits_for_whoever_has_to_say_yes() {
    #[track_caller]
    fn check(below: &str, expect: (Status, &[&str])) {
        let body = format!(
            r#"{{"records":[{{"id":"s","type":"Stage","name":"prod","state":"inProgress"}},
               {{"id":"p","parentId":"s","type":"Phase","state":"inProgress"}},
               {{"id":"j","parentId":"p","type":"Job","state":"inProgress"}},{below}]}}"#
        );
        let stages = parse_stages(&answer(200, &body)).unwrap();
        let approvals: Vec<&str> = stages[0].approvals.iter().map(|id| &**id).collect();
        assert_eq!((stages[0].status, approvals.as_slice()), expect, "{below}");
    }
    let task = |name: &str, state: &str| {
        format!(
            r#"{{"id":"t","parentId":"j","type":"Task","name":"Check it","state":"{state}","task":{{"id":"1","name":"{name}","version":"0.2"}}}}"#
        )
    };
    check(&task("ManualValidation", "inProgress"), (Status::Waiting, &[]));
    check(&task("ManualValidation", "completed"), (Status::Running, &[]));
    check(&task("CmdLine", "inProgress"), (Status::Running, &[]));
    check(r#"{"id":"t","parentId":"j","type":"Task","state":"inProgress","task":null}"#, (Status::Running, &[]));
    let check_of = |kind: &str| {
        format!(
            r#"{{"id":"c","parentId":"s","type":"Checkpoint"}},{{"id":"a","parentId":"c","type":"{kind}","state":"inProgress"}}"#
        )
    };
    check(&check_of("Checkpoint.Approval"), (Status::Waiting, &["a"]));
    check(&check_of("Checkpoint.Authorization"), (Status::Waiting, &[]));
    // These go on by themselves.
    check(&check_of("Checkpoint.ExclusiveLock"), (Status::Running, &[]));
    check(&check_of("Checkpoint.TaskCheck"), (Status::Running, &[]));
}

#[test]
fn a_stage_waits_only_while_somebody_must_approve_it() {
    #[track_caller]
    fn check(stage: &str, approval: &str, parent: &str, expect: Status) {
        let body = format!(
            r#"{{"records":[{{"id":"s","type":"Stage","name":"prod","state":{stage}}},
               {{"id":"c","parentId":"{parent}","type":"Checkpoint"}},
               {{"id":"a","parentId":"c","type":"checkpoint.approval","state":"{approval}"}}]}}"#
        );
        let stages = parse_stages(&answer(200, &body)).unwrap();
        assert_eq!(stages[0].status, expect, "{body}");
    }
    check(r#""pending""#, "inProgress", "s", Status::Waiting);
    check(r#""inProgress""#, "inProgress", "s", Status::Waiting);
    check(r#""pending""#, "completed", "s", Status::Incomplete);
    check(r#""pending""#, "inProgress", "other", Status::Incomplete);
    check(r#""completed","result":"skipped""#, "inProgress", "s", Status::Skipped);
    check(r#""completed","result":"failed""#, "inProgress", "s", Status::Failed);
    // Two records that name each other as parents end the search all the same.
    check(r#""pending""#, "inProgress", "a", Status::Incomplete);
}

#[test]
fn words_of_timelines() {
    #[track_caller]
    fn check(state: &str, result: Option<&str>, expect: Status, warned: bool) {
        assert_eq!(timeline::status(Some(state), result), (expect, warned), "{state} {result:?}");
    }
    check("pending", None, Status::Incomplete, false);
    check("inProgress", None, Status::Running, false);
    check("completed", Some("succeeded"), Status::Succeeded, false);
    check("completed", Some("succeededWithIssues"), Status::Succeeded, true);
    check("completed", Some("failed"), Status::Failed, false);
    check("completed", Some("canceled"), Status::Canceled, false);
    check("completed", Some("abandoned"), Status::Canceled, false);
    check("completed", Some("skipped"), Status::Skipped, false);
    check("completed", None, Status::Unknown, false);
    check("completed", Some("fine"), Status::Unknown, false);
    check("resting", None, Status::Unknown, false);
    assert_eq!(timeline::status(None, None), (Status::Unknown, false));
}

#[test]
fn releases() {
    let page = parse_releases(&answer(200, fixtures::RELEASES)).unwrap();
    expect![[r#"
        Page {
            items: [
                (
                    "246",
                    Run {
                        status: Running,
                        warned: false,
                        name: Some(
                            "Release-246",
                        ),
                        link: Some(
                            Link(
                                "https://dev.azure.com/contoso/9d1c/_release?releaseId=246&_a=release-summary",
                            ),
                        ),
                        queued: Some(
                            Timestamp(
                                1795166205100,
                            ),
                        ),
                        started: Some(
                            Timestamp(
                                1795166720000,
                            ),
                        ),
                        ended: None,
                        commit: None,
                        branch: None,
                        repository: None,
                        starter: Some(
                            Person {
                                name: "Mara Lind",
                                email: None,
                                image: Some(
                                    Link(
                                        "https://dev.azure.com/contoso/_api/_common/identityImage?id=1",
                                    ),
                                ),
                                url: None,
                            },
                        ),
                        image: Some(
                            "quiz-api-main-6101",
                        ),
                        parts: [
                            RunPart {
                                name: "Dev",
                                status: Succeeded,
                                warned: false,
                                started: Some(
                                    Timestamp(
                                        1795166720000,
                                    ),
                                ),
                                ended: Some(
                                    Timestamp(
                                        1795166850000,
                                    ),
                                ),
                                waits_for: [],
                                approvals: [],
                            },
                            RunPart {
                                name: "Production",
                                status: Waiting,
                                warned: false,
                                started: None,
                                ended: None,
                                waits_for: [],
                                approvals: [],
                            },
                        ],
                        approvals: None,
                    },
                ),
                (
                    "245",
                    Run {
                        status: Failed,
                        warned: false,
                        name: Some(
                            "Release-245",
                        ),
                        link: None,
                        queued: Some(
                            Timestamp(
                                1795082400000,
                            ),
                        ),
                        started: Some(
                            Timestamp(
                                1795082400000,
                            ),
                        ),
                        ended: Some(
                            Timestamp(
                                1795082940000,
                            ),
                        ),
                        commit: None,
                        branch: None,
                        repository: None,
                        starter: None,
                        image: None,
                        parts: [
                            RunPart {
                                name: "Dev",
                                status: Failed,
                                warned: false,
                                started: None,
                                ended: None,
                                waits_for: [],
                                approvals: [],
                            },
                            RunPart {
                                name: "Production",
                                status: Incomplete,
                                warned: false,
                                started: None,
                                ended: None,
                                waits_for: [],
                                approvals: [],
                            },
                        ],
                        approvals: None,
                    },
                ),
                (
                    "244",
                    Run {
                        status: Canceled,
                        warned: false,
                        name: Some(
                            "Release-244",
                        ),
                        link: None,
                        queued: None,
                        started: None,
                        ended: Some(
                            Timestamp(
                                1794996000000,
                            ),
                        ),
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
fn words_of_environments() {
    #[track_caller]
    fn check(word: &str, expect: Status, warned: bool) {
        assert_eq!(release::status(Some(word)), (expect, warned), "{word}");
    }
    check("undefined", Status::Unknown, false);
    check("notStarted", Status::Incomplete, false);
    check("inProgress", Status::Running, false);
    check("InProgress", Status::Running, false);
    check("succeeded", Status::Succeeded, false);
    check("partiallySucceeded", Status::Succeeded, true);
    check("canceled", Status::Canceled, false);
    check("rejected", Status::Failed, false);
    check("failed", Status::Failed, false);
    check("queued", Status::Queued, false);
    check("scheduled", Status::Queued, false);
    check("thriving", Status::Unknown, false);
    assert_eq!(release::status(None), (Status::Unknown, false));
}

#[test]
fn what_environments_make_of_a_release() {
    use Status::{Canceled, Failed, Incomplete, Queued, Running, Succeeded, Unknown, Waiting};
    #[track_caller]
    fn check(word: &str, parts: &[Status], expect: Status) {
        let part = |&status: &Status| RunPart {
            waits_for: Vec::new(),
            approvals: Vec::new(),
            name: "x".into(),
            status,
            warned: false,
            started: None,
            ended: None,
        };
        let parts: Vec<RunPart> = parts.iter().map(part).collect();
        assert_eq!(release::overall(Some(word), &parts), expect, "{word} {parts:?}");
    }
    check("active", &[Succeeded, Succeeded], Succeeded);
    check("active", &[Succeeded, Failed, Running], Failed);
    check("active", &[Succeeded, Running], Running);
    check("active", &[Succeeded, Waiting, Incomplete], Running);
    check("active", &[Queued, Incomplete], Queued);
    check("active", &[Succeeded, Queued], Running);
    check("active", &[Succeeded, Canceled, Incomplete], Canceled);
    check("active", &[Succeeded, Unknown], Unknown);
    check("active", &[Succeeded, Incomplete], Incomplete);
    check("active", &[Incomplete, Incomplete], Queued);
    check("active", &[], Unknown);
    check("undefined", &[], Unknown);
    check("draft", &[Incomplete], Queued);
    check("abandoned", &[], Canceled);
    check("abandoned", &[Incomplete, Incomplete], Canceled);
    check("abandoned", &[Succeeded, Incomplete], Canceled);
    check("Abandoned", &[Succeeded, Succeeded], Succeeded);
    check("abandoned", &[Failed, Incomplete], Failed);
}

#[test]
fn environments_wait_for_people_alone() {
    #[track_caller]
    fn check(environment: &str, expect: Status) {
        let body = format!(r#"{{"value":[{{"id":1,"status":"active","environments":[{environment}]}}]}}"#);
        let page = parse_releases(&answer(200, &body)).unwrap();
        assert_eq!(page.items[0].1.parts[0].status, expect, "{environment}");
    }
    check(r#"{"status":"inProgress","preDeployApprovals":[{"status":"pending"}]}"#, Status::Waiting);
    check(
        r#"{"status":"inProgress","postDeployApprovals":[{"status":"Pending","isAutomated":false}]}"#,
        Status::Waiting,
    );
    check(r#"{"status":"inProgress","preDeployApprovals":[{"status":"pending","isAutomated":true}]}"#, Status::Running);
    check(r#"{"status":"inProgress","preDeployApprovals":[{"status":"approved"}]}"#, Status::Running);
    check(
        r#"{"status":"inProgress","deploySteps":[{"operationStatus":"manualInterventionPending"}]}"#,
        Status::Waiting,
    );
    check(r#"{"status":"canceled","preDeployApprovals":[{"status":"pending"}]}"#, Status::Canceled);
}

#[test]
fn who_may_approve_a_release() {
    #[track_caller]
    fn check(status: &str, approvals: &str, expect: &[&str]) {
        let body = format!(
            r#"{{"value":[{{"id":1,"status":"active","environments":[{{"status":"{status}","preDeployApprovals":[{approvals}]}}]}}]}}"#
        );
        let page = parse_releases(&answer(200, &body)).unwrap();
        let names: Vec<&str> = page.items[0].1.parts[0].waits_for.iter().map(|person| &*person.name).collect();
        assert_eq!(names, expect, "{approvals}");
    }
    let ana = r#"{"status":"pending","isAutomated":false,"approver":{"displayName":"Ana Ruiz"}}"#;
    let done = r#"{"status":"approved","approver":{"displayName":"Ken Abe"}}"#;
    check("inProgress", &format!("{done},{ana}"), &["Ana Ruiz"]);
    check("inProgress", r#"{"status":"pending"}"#, &[]);
    check("inProgress", r#"{"status":"pending","isAutomated":true,"approver":{"displayName":"Service"}}"#, &[]);
    check("succeeded", ana, &[]);
}

#[test]
fn images_of_releases() {
    #[track_caller]
    fn check(artifacts: &str, expect: Option<&str>) {
        let body = format!(r#"{{"value":[{{"id":1,"artifacts":[{artifacts}]}}]}}"#);
        let page = parse_releases(&answer(200, &body)).unwrap();
        assert_eq!(page.items[0].1.image.as_ref().map(|image| image.as_str()), expect, "{artifacts}");
    }
    let hub = |primary: bool, tag: &str| {
        format!(r#"{{"type":"DockerHub","isPrimary":{primary},"definitionReference":{{"version":{{"id":"{tag}"}}}}}}"#)
    };
    check(&hub(true, "v7"), Some("v7"));
    check(&format!("{},{}", hub(false, "v7"), hub(true, "v8")), Some("v8"));
    check(&format!("{},{}", hub(true, ""), hub(false, "v7")), Some("v7"));
    check(r#"{"type":"Build","definitionReference":{"version":{"id":"6101"}}}"#, None);
    check(r#"{"type":"New","definitionReference":{"registryurl":{"id":"r"},"version":{"name":"v7"}}}"#, Some("v7"));
    check(r#"{"type":"AzureContainerRepository","definitionReference":null}"#, None);
}
